"""The way to a cluster: to one that runs somewhere, or to worker processes of this computer that are started for it.

Whoever can speak with a scheduler can run programs on its hosts. So nothing but this computer is spoken with
unencrypted, and the worker processes here have a certificate of their own, which ends with them.
"""

from __future__ import annotations

import contextlib
import ipaddress
import logging
import shutil
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from grader.errors import LabError, SandboxError
from grader.messages.sentences import say
from grader.sandbox.folder import make_folder
from grader.workflow.cluster.certificates import certified, refusal_in
from grader.workflow.cluster.interrupts import interrupts_wait
from grader.workflow.side_by_side import cores

if TYPE_CHECKING:
    from collections.abc import Iterator

    from distributed import Client, Security

    from grader.model import Text

HERE, TLS, TCP = "local", "tls", "tcp"
MOST_HERE = 256
"""How many worker processes this computer may start: as many as --jobs may be."""
CONNECT_SECONDS = 15
"""How long a scheduler may take to answer at first."""
ANSWER_SECONDS = 30
"""How long it may take to answer later, before it counts as lost: as long as Dask itself waits for a silent machine."""
LOGGERS = ("distributed", "distributed.client", "distributed.scheduler", "distributed.nanny", "distributed.core")


class ClusterLostError(SandboxError):
    """The scheduler cannot be spoken with any more."""


def check_address(address: str) -> None:
    """Raise LabError for an address that is none, or may not be used."""
    if address.startswith(f"{HERE}:"):
        if not address[6:].isdecimal() or not 1 <= int(address[6:]) <= MOST_HERE:
            raise LabError(
                say(
                    "{address}: after local: stands how many worker processes, from 1 to {most}, such as local:2.",
                    address=address,
                    most=MOST_HERE,
                )
            )
        return
    host, port = host_and_port(address)
    if not host or not port:
        raise LabError(
            say(
                "{address} is no address of a scheduler: write it as tls://SCHEDULER:8786, with a port from 1 to "
                "65535.",
                address=address,
            )
        )
    if urlsplit(address).scheme != TLS and not is_here(address):
        raise LabError(
            say(
                "{address} is not encrypted: answers and notebooks would travel for all to read. Nothing was sent. "
                "Start the cluster with certificates (docs/cluster.md) and name it as tls://{host}:{port}.",
                address=address,
                host=host,
                port=port,
            )
        )


def host_and_port(address: str) -> tuple[str, int | None]:
    """Return the two parts of an address of Dask's; no port where it is none."""
    parts = urlsplit(address)
    try:
        port = parts.port
    except ValueError:
        return "", None
    return parts.hostname or "", port


def is_here(address: str) -> bool:
    """Say whether an address is one that only this computer can speak with."""
    host = host_and_port(address)[0]
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


@contextlib.contextmanager
def connected(address: str, jobs: int | None) -> Iterator[Client]:
    """Give a client of the cluster at an address; `jobs` worker threads in all are started where it is started here.

    Raises LabError where Dask is not installed, or certificates are missing, and SandboxError where nobody answers.
    """
    check_address(address)
    try:
        import dask  # noqa: PLC0415 (heavy, and an extra)
        import distributed  # noqa: PLC0415 (same)

        own: Any = distributed.Security.temporary() if address.startswith(f"{HERE}:") else None
    except ImportError as error:
        raise LabError(
            say("--cluster needs Dask, which is not installed here: pip install 'labgrader[cluster]'")
        ) from error
    for name in LOGGERS:
        logging.getLogger(name).setLevel(logging.CRITICAL)  # what matters is said in sentences
    with contextlib.ExitStack() as stack:
        folder = make_folder()
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        settings: Any = {
            "temporary-directory": str(folder),
            "distributed.scheduler.http.routes": [],  # who may look is whoever reaches the port
            "distributed.worker.http.routes": [],
            "distributed.worker.profile.enabled": False,  # it would look at every thread a hundred times a second
            "distributed.admin.large-graph-warning-threshold": "1TB",  # a submission may be as large as is read
        }
        stack.enter_context(dask.config.set(settings))
        if urlsplit(address).scheme == TCP and dask.config.get("distributed.comm.require-encryption", default=False):
            raise LabError(_plain_text(address))
        security = certified() if urlsplit(address).scheme == TLS else own
        where = address if own is None else stack.enter_context(_started(int(address[6:]), jobs, own))
        try:
            client = distributed.Client(where, security=security, timeout=CONNECT_SECONDS, set_as_default=False)
        except (OSError, ValueError) as error:
            raise SandboxError(_no_answer(address, error)) from error
        stack.enter_context(client)
        try:
            yield client
        except OSError as error:
            if client.status == "running":
                raise
            raise ClusterLostError(lost_text()) from error


def refuse_plain(client: Client, address: str) -> None:
    """Raise LabError where others than this computer could speak with a scheduler unencrypted."""
    own = identity(client)["address"]
    if urlsplit(address).scheme == TCP and not is_here(own):
        raise LabError(
            say(
                "The scheduler at {address} can be reached unencrypted from other computers ({own}). Nothing was "
                "sent. Start it with --host 127.0.0.1, or with certificates as docs/cluster.md says.",
                address=address,
                own=own,
            )
        )
    from grader.workflow.cluster.host import requires_encryption  # noqa: PLC0415 (Dask is an extra)

    if urlsplit(address).scheme == TLS and not client.run_on_scheduler(requires_encryption):
        raise LabError(
            say(
                "The scheduler at {address} also speaks with what is not encrypted. Nothing was sent. Start it with "
                "DASK_DISTRIBUTED__COMM__REQUIRE_ENCRYPTION=true.",
                address=address,
            )
        )


def identity(client: Client) -> dict[str, Any]:
    """Return what the scheduler says of itself and its hosts; raise ClusterLostError where it says nothing."""
    scheduler: Any = client.scheduler
    try:
        if client.status == "running":
            return dict(client.sync(scheduler.identity, n_workers=-1, callback_timeout=ANSWER_SECONDS))
    except OSError as error:
        raise ClusterLostError(lost_text()) from error
    raise ClusterLostError(lost_text())


def lost_text() -> Text:
    """Return what is said of each submission that the loss of a scheduler costs."""
    return say(
        "The scheduler of the cluster cannot be reached any more. This is no fault of the notebook and no zero: the "
        "same command goes on where it stopped."
    )


@contextlib.contextmanager
def _started(count: int, jobs: int | None, security: Security) -> Iterator[Any]:
    """Start a scheduler in this process and worker processes beside it, which share the cores or so many jobs."""
    from distributed import LocalCluster  # noqa: PLC0415 (heavy, and an extra)

    with interrupts_wait():  # a cluster that has begun half could not be closed
        cluster = LocalCluster(
            n_workers=count,
            threads_per_worker=max(1, -(-(cores() if jobs is None else jobs) // count)),
            processes=True,
            dashboard_address=None,
            scheduler_kwargs={"dashboard_address": "127.0.0.1:0"},  # Dask's own is one for all of a machine's clusters
            silence_logs=logging.CRITICAL,
            memory_limit=0,
            security=security,
            preload=["grader.workflow.cluster.host"],
        )
    with cluster:
        yield cluster


def _plain_text(address: str) -> Text:
    host, port = host_and_port(address)
    return say(
        "{address} is not encrypted, and Dask's settings here demand encryption (require-encryption). Nothing was "
        "sent. Write tls://{host}:{port}.",
        address=address,
        host=host,
        port=port,
    )


def _no_answer(address: str, error: Exception) -> Text:
    refusal = refusal_in(error)
    if refusal is not None:
        return say(
            "The certificates of this computer and those of the scheduler at {address} do not fit ({reason}). Nothing "
            "was graded. Put the same grade.crt and grade.key on both, as docs/cluster.md says, and start the "
            "scheduler again.",
            address=address,
            reason=refusal,
        )
    return say(
        "No scheduler answers at {address} within {seconds} s ({reason}). Nothing was graded. Is it running, and does "
        "a firewall let its port through?",
        address=address,
        seconds=CONNECT_SECONDS,
        reason=str(error).splitlines()[0] if str(error) else type(error).__name__,
    )
