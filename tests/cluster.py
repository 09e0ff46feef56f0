"""A Dask cluster for tests: a scheduler and hosts as processes of their own, with certificates, and what uses it."""

from __future__ import annotations

import contextlib
import json
import os
import shlex
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psutil

from grader.workflow.cluster.certificates import CERTIFICATE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

ROOT = Path(__file__).resolve().parent.parent
TIMES = ("when", "seconds")
NETWORK = "10.231.77"
PATIENCE = 90.0
"""How long anything may take on a busy machine, in seconds."""


@dataclass
class Cluster:
    """A folder for what the processes write, the scheduler's address, and the processes by their names."""

    folder: Path
    address: str = ""
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    environment: dict[str, str] = field(default_factory=dict)

    def scheduler(self, *words: str, host: str = "127.0.0.1", scheme: str = "tls") -> None:
        """Start the scheduler, and wait for it."""
        file = self.folder / "scheduler.json"
        file.unlink(missing_ok=True)
        own = ["--host", f"{scheme}://{host}", "--port", "0", "--no-dashboard", "--scheduler-file", str(file), *words]
        self._start("scheduler", "distributed.cli.dask_scheduler", own, {})
        wait_until(file.is_file)
        wait_until(lambda: file.read_text("utf-8").endswith("}"))
        self.address = json.loads(file.read_text("utf-8"))["address"]

    def host(
        self,
        name: str,
        *words: str,
        slots: int = 1,
        machine: str | None = None,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        """Start a host, on this computer or in the network of a machine, and wait until it has joined."""
        folder = self.folder / name
        folder.mkdir(exist_ok=True)
        own = ["--nthreads", str(slots), "--no-nanny", "--no-dashboard", "--memory-limit", "0", "--name", name]
        more = {"TMPDIR": str(folder), **(environment or {})}
        own += ["--local-directory", str(folder), *words]
        inside = () if machine is None else ("ip", "netns", "exec", machine)
        self._start(name, "distributed.cli.dask_worker", [self.address, *own], more, before=inside)
        log = self.folder / f"{name}.log"
        wait_until(lambda: b"Registered to:" in log.read_bytes())

    def _start(
        self, name: str, module: str, words: list[str], more: Mapping[str, str], *, before: tuple[str, ...] = ()
    ) -> None:
        environment = {**os.environ, **self.environment, **more}
        with (self.folder / f"{name}.log").open("wb") as log:
            command = [*before, sys.executable, "-m", module, *words]
            self.running[name] = subprocess.Popen(
                command, stdout=log, stderr=log, env=environment, cwd=self.folder, start_new_session=True
            )

    def kill(self, name: str) -> None:
        """End a process at once, as a machine ends that loses its power."""
        process = self.running.pop(name)
        process.kill()
        process.wait()

    def close(self) -> None:
        """End everything."""
        for name in [*self.running]:
            self.kill(name)

    def grading(self, *words: object, **more: Any) -> subprocess.Popen[str]:  # noqa: ANN401 (Popen's own)
        """Start `grade` with the cluster's certificates."""
        environment = {**os.environ, "LANG": "en_US.UTF-8", "COLUMNS": "80", **self.environment}
        for name in ("LANGUAGE", "LC_ALL", "LC_MESSAGES"):
            environment.pop(name, None)
        program = str(Path(sys.executable).with_name("grade"))
        return subprocess.Popen(
            [program, *map(str, words)],
            text=True,
            env={**environment, **more.pop("environment", {})},
            cwd=ROOT,
            **{"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **more},
        )

    def grade(self, *words: object, seconds: float = 300) -> subprocess.CompletedProcess[str]:
        """Run `grade` with the cluster's certificates."""
        with self.grading(*words) as process:
            try:
                out, err = process.communicate(timeout=seconds)
            finally:
                process.kill()
        return subprocess.CompletedProcess(process.args, process.returncode, out, err)


@contextlib.contextmanager
def machines(count: int) -> Iterator[dict[str, str]]:
    """Give networks that stand for machines, by their names, with the address of each.

    This computer has the address NETWORK.1 in their network. Raises OSError where they are not allowed.
    """
    names = [f"grade-{os.getpid()}-{number}" for number in range(count)]
    bridge = f"gb{os.getpid()}"
    with contextlib.ExitStack() as stack:
        _ip(f"link add {bridge} type bridge")
        stack.callback(_ip, f"link del {bridge}")
        _ip(f"addr add {NETWORK}.1/24 dev {bridge}")
        _ip(f"link set {bridge} up")
        for number, name in enumerate(names):
            _ip(f"netns add {name}")
            stack.callback(_ip, f"netns del {name}")
            outside = f"gv{os.getpid()}n{number}"
            _ip(f"link add {outside} type veth peer name eth0 netns {name}")
            _ip(f"link set {outside} master {bridge} up")
            _ip(f"-n {name} addr add {NETWORK}.{number + 2}/24 dev eth0")
            _ip(f"-n {name} link set eth0 up")
            _ip(f"-n {name} link set lo up")
        yield {name: f"{NETWORK}.{number + 2}" for number, name in enumerate(names)}


def _ip(words: str) -> None:
    done = subprocess.run(["ip", *words.split()], capture_output=True, text=True, check=False)  # noqa: S607 (iproute2)
    if done.returncode:
        raise OSError(f"ip {words}: {done.stderr.strip()}")


def make_certificates(folder: Path) -> dict[str, str]:
    """Make certificates as docs/cluster.md says; return the settings that name them."""
    folder.mkdir(parents=True, exist_ok=True)
    subprocess.run(shlex.split(CERTIFICATE), cwd=folder, check=True, capture_output=True)
    tls = "DASK_DISTRIBUTED__COMM__TLS__"
    roles = {
        f"{tls}{role}__{kind.upper()}": str(folder / f"grade.{ending}")
        for role in ("CLIENT", "SCHEDULER", "WORKER")
        for kind, ending in (("cert", "crt"), ("key", "key"))
    }
    return {**roles, f"{tls}CA_FILE": str(folder / "grade.crt"), "DASK_DISTRIBUTED__COMM__REQUIRE_ENCRYPTION": "true"}


def wait_until(holds: Callable[[], object], seconds: float = PATIENCE) -> None:
    """Wait until something holds; fail where it does not."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        with contextlib.suppress(OSError):
            if holds():
                return
        time.sleep(0.05)
    raise AssertionError(f"not within {seconds} s: {holds}")


def records_in(output: Path) -> dict[str, str]:
    """Return every record in a folder but for its times, as text, by its student."""
    return {path.stem: _timeless(path) for path in output.glob("*.json")}


def _timeless(path: Path) -> str:
    form = json.loads(path.read_text("utf-8"))
    return json.dumps({key: value for key, value in form.items() if key not in TIMES}, ensure_ascii=False, indent=1)


def left_of(cluster: Cluster) -> Iterator[str]:
    """Yield the processes that the hosts of a cluster have started, and the folders that they have made."""
    for process in cluster.running.values():
        for child in psutil.Process(process.pid).children(recursive=True):
            with contextlib.suppress(psutil.NoSuchProcess):
                yield " ".join(child.cmdline()) or child.name()
    yield from (str(path) for path in cluster.folder.rglob("grade-*") if "certificates" not in path.parts)
