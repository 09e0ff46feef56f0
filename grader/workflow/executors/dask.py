"""A class on a Dask cluster: at tls://SCHEDULER:PORT, or as worker processes of this computer, local:COUNT."""

from __future__ import annotations

import logging
import secrets
import shutil
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

from grader.errors import SandboxError
from grader.messages.sentences import joined, say
from grader.sandbox.folder import make_folder
from grader.workflow.cluster.connection import HERE, TCP, TLS, check_address, connected, identity, refuse_plain
from grader.workflow.cluster.versions import (
    OWN,
    PYTHON,
    SOURCE,
    difference_text,
    packages_of,
    source_digest,
    unfit_text,
    versions_here,
)
from grader.workflow.executors import Host
from grader.workflow.inputs import read_input
from grader.workflow.log import LOGGER
from grader.workflow.side_by_side import Finished

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence

    from distributed import Client

    from grader.course.folder import Course
    from grader.course.lab import Lab
    from grader.grading.key import Key
    from grader.model import Text
    from grader.records.record import Record
    from grader.submission.entries import Input
    from grader.workflow.cluster.carried import Plain
    from grader.workflow.cluster.order import Order
    from grader.workflow.options import Options

WORDS = (TLS, HERE, TCP)
SCHEDULER = "scheduler"
"""What it is called among the addresses of hosts."""


@contextmanager
def executor(options: Options, course: Course, tell: Callable[[Text], None]) -> Iterator[ClusterExecutor]:
    """Give an executor that connects when there is something to grade."""
    check_address(str(options.cluster))
    yield ClusterExecutor(options, course, tell)


def hosts(address: str, tell: Callable[[Text], None]) -> Iterator[Host]:
    """Yield every host of a cluster that can grade, as it says itself what it has."""
    from grader.workflow.cluster.dispatch import Dispatch  # noqa: PLC0415 (Dask is an extra)
    from grader.workflow.cluster.order import Order  # noqa: PLC0415 (same)

    with connected(address, None) as client:
        versions, differences = _versions(client, ())
        if SCHEDULER in differences:
            raise SandboxError(differences[SCHEDULER])
        with _ordered(client, Order(), address) as plugin:
            for host in Dispatch(client, plugin, versions, tell=tell, differences=differences).hosts():
                if host.is_fit and host.isolation is not None:
                    yield Host(name=host.name, slots=host.slots, isolation=host.isolation, remedy=host.remedy)


class ClusterExecutor:
    """Sends each submission to a host, and takes its record."""

    def __init__(self, options: Options, course: Course, tell: Callable[[Text], None]) -> None:
        self._options, self._course, self._tell = options, course, tell
        self._packages: tuple[str, ...] = ()

    def prepare(self, packages: Sequence[str], count: int) -> None:
        """Remember what the hosts are to import."""
        del count
        self._packages = tuple(packages)

    def grade(self, lab: Lab, key: Key, inputs: Sequence[Input]) -> Generator[Finished[Record | Exception]]:
        """Grade on the hosts, which speak with kernels; this process speaks with the hosts alone."""
        from grader.workflow.cluster.carried import packed, result_of  # noqa: PLC0415 (loads with what is connected)

        def read(place: int) -> Plain | Exception:
            try:
                return packed(read_input(inputs[place], handed_in=True))
            except Exception as error:  # noqa: BLE001 (that submission's own record says so)
                return error

        with connected(str(self._options.cluster), self._options.jobs) as client:
            from grader.workflow.cluster.dispatch import Dispatch  # noqa: PLC0415 (Dask is an extra)

            versions, differences = _versions(client, lab.rubric.packages)
            if differences:
                raise SandboxError(joined([*differences.values()], " "))
            with _ordered(client, self._order(lab, key), str(self._options.cluster)) as plugin:
                sent = Dispatch(client, plugin, versions, tell=self._tell)
                for place, outcome in sent.outcomes(len(inputs), read, self._options.jobs):
                    if isinstance(outcome, Exception):
                        yield Finished(place, outcome)
                        continue
                    for text in outcome["log"]:
                        logging.getLogger(LOGGER).error("%s", text)
                    yield Finished(place, result_of(outcome))

    def leave(self) -> None:
        """Nothing is left: the hosts were told when the last record came."""

    def _order(self, lab: Lab, key: Key) -> Order:
        from grader.workflow.cluster.order import order_of  # noqa: PLC0415 (loads with what is connected)

        scratch = make_folder()
        try:
            return order_of(
                lab,
                key.seed,
                course=self._course,
                options=self._options,
                packages=self._packages,
                scratch=scratch,
            )
        finally:
            shutil.rmtree(scratch, ignore_errors=True)


def _versions(client: Client, packages: Iterable[str]) -> tuple[dict[str, str], dict[str, Text]]:
    """Return the versions that all hosts need, and what differs from them where, by address or SCHEDULER.

    Needed are those of this computer; of what it lacks, those of a host.
    """
    wanted = versions_here(packages_of(packages))
    asked = [name for name in wanted if name not in {PYTHON, SOURCE}]
    found: Any = client.get_versions(packages=asked)
    there = {address: _versions_in(said, asked) for address, said in found["workers"].items()}
    for has in there.values():
        wanted |= {name: str(has[name] or "-") for name in asked if wanted[name] == "-"}
    has = _versions_in(found["scheduler"], asked)
    there[SCHEDULER] = {name: has[name] for name in has if has[name] or name == OWN}  # it needs no lab's packages
    digests: dict[str, Any] = dict(client.run(source_digest, on_error="return"))
    digests[SCHEDULER] = _digest_of_scheduler(client)
    texts = {
        where: _difference_text(wanted, there[where], where, digest=digest)
        for where, digest in digests.items()
        if where in there  # one that has joined since is asked like all that join later
    }
    return wanted, {where: text for where, text in texts.items() if text is not None}


def _digest_of_scheduler(client: Client) -> str | Exception:
    """Return the digest of the grader's files there, or why it has none."""
    try:
        return str(client.run_on_scheduler(source_digest))
    except OSError:
        raise
    except Exception as error:  # noqa: BLE001 (Dask gives no other kind where a name cannot be imported there)
        return error


def _difference_text(
    wanted: Mapping[str, str], there: Mapping[str, str | None], where: str, *, digest: str | Exception
) -> Text | None:
    """Return how a host or the scheduler differs, by its versions and the digest that it gave."""
    if isinstance(digest, Exception):
        return difference_text(wanted, there, where) or unfit_text(wanted[OWN], where)
    return difference_text(wanted, {**there, SOURCE: digest}, where)


def _versions_in(said: Mapping[str, Any], asked: Iterable[str]) -> dict[str, str | None]:
    """Return the versions in an answer of Dask's own, which has Python's with more parts than Python says."""
    packages = said["packages"]
    return {PYTHON: ".".join(packages[PYTHON].split(".")[:3]), **{name: packages.get(name) for name in asked}}


@contextmanager
def _ordered(client: Client, order: Order, address: str) -> Iterator[str]:
    """Let every host, also one that joins later, have what it needs within the context; give the plugin's name."""
    from grader.workflow.cluster.host import Forget, HostPlugin  # noqa: PLC0415 (Dask is an extra)

    refuse_plain(client, address)
    plugin = f"grade-{secrets.token_hex(8)}"
    client.register_plugin(Forget(f"{plugin}-end", plugin, client.id))
    try:
        client.register_plugin(HostPlugin(plugin, order))
    except OSError as error:
        identity(client)  # raises where it is the scheduler that has gone
        reason = str(error) or type(error).__name__
        raise SandboxError(
            say(
                "A host of the cluster does not answer ({reason}). Nothing was graded. Stop that host, or start it "
                "anew.",
                reason=reason,
            )
        ) from error
    except Exception:  # one host's: each is asked later, and says why it cannot grade
        logging.getLogger(__name__).debug("a host has not taken the plugin", exc_info=True)
    try:
        yield plugin
    finally:
        if client.status == "running":
            # OSError: the scheduler does it, when it has seen that this client has gone; KeyError: a host never had it
            with suppress(OSError, KeyError):
                client.unregister_worker_plugin(plugin)
