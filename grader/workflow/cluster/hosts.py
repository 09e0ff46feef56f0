"""The hosts of a cluster as the client sees them: who has joined, who is fit to grade, who was lost.

A host is asked once what it has. One that has other versions, a weaker wall than is demanded, or cannot read the lab is
left out with a sentence; one that joins later, or again, is asked then.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from time import monotonic
from typing import TYPE_CHECKING

from grader.errors import SandboxError
from grader.messages.sentences import clean, joined, say
from grader.model import Isolation, Text
from grader.workflow.cluster import host as on_host
from grader.workflow.cluster.connection import TLS, ClusterLostError, host_and_port, identity, is_here
from grader.workflow.cluster.versions import PYTHON, SOURCE, difference_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from distributed import Client, Future

    from grader.workflow.cluster.carried import Plain

LOOK_SECONDS = 1.0
"""How often is asked who is there."""
HOSTS_SECONDS = 60.0
"""How long there may be no host that can grade, at the beginning and later."""
READY_SECONDS = 300.0
"""How long a host may take to say what it has: it imports the lab's packages before."""


@dataclass(slots=True, eq=False)
class Joined:
    """A host that has joined: what it said, and the places of the submissions with it, as they were sent."""

    name: str
    slots: int
    since: float
    asked: Future[Plain] | None = None
    isolation: Isolation | None = None
    remedy: Text | None = None
    problem: Text | None = None
    places: list[int] = field(default_factory=list)

    @property
    def is_fit(self) -> bool:
        """Say whether it can grade."""
        return self.asked is None and self.problem is None


class Hosts:
    """Every host that is there. `differences` is why some, by their addresses, are not even asked what they have.

    `heard` is called when a host has said what it has; it may be called in any thread.
    """

    def __init__(
        self,
        client: Client,
        plugin: str,
        versions: Mapping[str, str],
        *,
        tell: Callable[[Text], None],
        heard: Callable[[Future[Plain]], None],
        differences: Mapping[str, Text],
    ) -> None:
        self._client, self._plugin, self._versions = client, plugin, versions
        self._tell, self._heard, self._differences = tell, heard, differences
        self._next_look = 0.0
        self._fit_at = monotonic()
        self._was_fit = False
        self.joined: dict[str, Joined] = {}

    @property
    def are_waited_for(self) -> bool:
        """Say whether a host that is there has not said yet what it has."""
        return any(host.asked is not None for host in self.joined.values())

    def renew(self) -> list[Joined]:
        """Look who is there, if it is time for it; return the hosts that were lost.

        Raises ClusterLostError where the scheduler or, for too long, every host is gone, and SandboxError where there
        was none from the beginning on that can grade.
        """
        if monotonic() < self._next_look:
            return []
        there = identity(self._client)["workers"]
        self._next_look = monotonic() + LOOK_SECONDS
        lost = [self.joined.pop(address) for address in [*self.joined] if address not in there]
        for host in lost:
            if host.is_fit:
                self._tell(say("{host} is lost. What was with it waits for another host.", host=host.name))
        for address, said in there.items():
            if address not in self.joined:
                self._welcome(address, said["nthreads"], str(said["name"]))
        for host in self.joined.values():
            if host.asked is not None and monotonic() > host.since + READY_SECONDS:
                self._leave_out(host, say("it has not said within {seconds:.0f} s what it has", seconds=READY_SECONDS))
        self._need_one()
        return lost

    def hear(self, future: Future[Plain]) -> None:
        """Take what a host says it has, if this is it."""
        for address, host in self.joined.items():
            if host.asked is not None and host.asked.key == future.key:
                if future.status in {
                    "cancelled",
                    "lost",
                }:  # by a scheduler that is gone, or a host that is: who, is seen
                    del self.joined[address]
                    self._next_look = 0.0
                    return
                if future.status != "finished":
                    self._leave_out(host, say("it could not say what it has: {reason}", reason=reason_of(future)))
                    return
                facts = future.result()
                host.isolation = None if facts["isolation"] is None else Isolation(**facts["isolation"])
                host.remedy = None if facts["remedy"] is None else Text(*facts["remedy"])
                differs = difference_text(self._versions, facts["versions"], host.name)
                problem = differs or (None if facts["problem"] is None else Text(*facts["problem"]))
                if problem is None:
                    host.asked = None
                    self._was_fit = True
                else:
                    self._leave_out(host, problem)
                return

    def _welcome(self, address: str, slots: int, name: str) -> None:
        """Ask a host that has joined what it has, unless it would be spoken with unencrypted."""
        place = ":".join(map(str, host_and_port(address)))
        has_name = name != address and not name.isdecimal()  # Dask's own number says nothing
        host = Joined(f"{clean(name)} ({place})" if has_name else place, slots, monotonic())
        self.joined[address] = host
        if not address.startswith(f"{TLS}:") and not is_here(address):
            self._leave_out(host, say("it is not encrypted; docs/cluster.md says how to start it with certificates"))
            return
        if address in self._differences:  # it may end itself at what it cannot import
            self._leave_out(host, self._differences[address])
            return
        names = tuple(name for name in self._versions if name not in {PYTHON, SOURCE})
        host.asked = self._client.submit(on_host.look, self._plugin, names, workers=[address], pure=False)
        host.asked.add_done_callback(self._heard)

    def _leave_out(self, host: Joined, problem: Text) -> None:
        host.asked, host.problem = None, problem
        self._tell(say("{host} is left out: {problem}", host=host.name, problem=problem))

    def _need_one(self) -> None:
        if self.are_waited_for or any(host.is_fit for host in self.joined.values()):
            self._fit_at = monotonic()
        elif monotonic() > self._fit_at + HOSTS_SECONDS:
            if self._was_fit:
                raise ClusterLostError(
                    say(
                        "No host of the cluster has been left for {seconds:.0f} s. This is no fault of the notebook "
                        "and no zero: start hosts, and the same command goes on where it stopped.",
                        seconds=HOSTS_SECONDS,
                    )
                )
            raise SandboxError(none_text(self.joined.values()))


def none_text(hosts: Iterable[Joined]) -> Text:
    """Return that no host can grade, and why."""
    reasons = [say("{host}: {problem}", host=host.name, problem=host.problem) for host in hosts if host.problem]
    return say(
        "No host of the cluster can grade, and none has joined for {seconds:.0f} s. Nothing was graded. {reasons}",
        seconds=HOSTS_SECONDS,
        reasons=joined(reasons, " ") if reasons else say("Are there any? docs/cluster.md says how to start them."),
    )


def reason_of(future: Future[Plain]) -> str:
    """Return why something that was sent to a host failed there, in a line."""
    error = future.exception() if future.status == "error" else None
    lines = str(error).splitlines()
    return str(future.status) if error is None else f"{type(error).__name__}: {lines[0] if lines else ''}"
