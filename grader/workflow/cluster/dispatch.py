"""Which submission goes to which host: each host has as many as it has slots, one that is judged and one that waits.

What was with a host that was lost goes to another one, where it is tried alone: it may be the cause, and no other is to
be blamed for it. A submission that has been with several lost hosts, and whatever is left when nobody can
grade any more, is yielded as a failure of the machinery: it has no score, and no zero.
"""

from __future__ import annotations

from collections import Counter, deque
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING

from distributed.client import ClosedClientError

from grader.errors import SandboxError
from grader.messages.sentences import say
from grader.system import LONGEST_WAIT
from grader.workflow.cluster import host as on_host
from grader.workflow.cluster.connection import ANSWER_SECONDS, ClusterLostError, lost_text
from grader.workflow.cluster.hosts import Hosts, reason_of

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator, Mapping

    from dask.typing import Key
    from distributed import Client, Future

    from grader.model import Text
    from grader.workflow.cluster.carried import Plain
    from grader.workflow.cluster.hosts import Joined

JUDGED, AHEAD = 1, 1
"""How many submissions a host has beside those that run: one is judged, and one waits, so that the network need not."""
MOST_ATTEMPTS = 3
"""With how many hosts that are lost a submission is tried."""


class Dispatch:
    """Sends submissions to the hosts that have a plugin of this name, and takes what comes back."""

    def __init__(
        self,
        client: Client,
        plugin: str,
        versions: Mapping[str, str],
        *,
        tell: Callable[[Text], None],
        differences: Mapping[str, Text] | None = None,
    ) -> None:
        self._client, self._plugin = client, plugin
        self._finished: SimpleQueue[Future[Plain]] = SimpleQueue()
        self._hosts = Hosts(
            client, plugin, versions, tell=tell, heard=self._finished.put, differences=differences or {}
        )
        self._sent: dict[Key, tuple[Future[Plain], Joined, int]] = {}
        self._attempts: Counter[int] = Counter()

    def hosts(self) -> Iterator[Joined]:
        """Yield every host that is there now, when all have said what they have."""
        self._hosts.renew()
        while self._hosts.are_waited_for:
            for future in self._come_back():
                self._hosts.hear(future)
            self._hosts.renew()
        yield from self._hosts.joined.values()

    def outcomes(
        self, count: int, read: Callable[[int], Plain | Exception], most: int | None
    ) -> Generator[tuple[int, Plain | Exception]]:
        """Have submissions graded, `most` at once in all; yield the place of each, from 0, and its outcome or error.

        `read` gives what is sent of one. Raises SandboxError where no host can grade from the beginning on.
        """
        left = dict.fromkeys(range(count))
        try:
            for place, outcome in self._outcomes(deque(left), read, most):
                del left[place]
                yield place, outcome
        except (ClusterLostError, OSError, ClosedClientError) as error:
            lost = error if isinstance(error, ClusterLostError) else ClusterLostError(lost_text())
            for place in left:
                yield place, lost

    def _outcomes(
        self, waiting: deque[int], read: Callable[[int], Plain | Exception], most: int | None
    ) -> Iterator[tuple[int, Plain | Exception]]:
        while waiting or self._sent:
            for host in self._hosts.renew():
                yield from self._again(host, waiting)
            while waiting and (free := self._free(waiting[0], most)) is not None:
                place = waiting.popleft()
                form = read(place)
                if isinstance(form, Exception):
                    yield place, form
                else:
                    self._send(free, place, form)
            for future in self._come_back():
                yield from self._received(future, waiting)

    def _free(self, place: int, most: int | None) -> tuple[str, Joined] | None:
        """Return the host that has the fewest submissions for its slots, if one may have this one."""
        if most is not None and len(self._sent) >= most:
            return None
        free = [
            (address, host)
            for address, host in self._hosts.joined.items()
            if host.is_fit
            and len(host.places) < (1 if self._attempts[place] else host.slots + JUDGED + AHEAD)
            and not any(self._attempts[one] for one in host.places)
        ]
        return min(free, key=lambda one: len(one[1].places) / one[1].slots, default=None)

    def _send(self, free: tuple[str, Joined], place: int, form: Plain) -> None:
        address, host = free
        future = self._client.submit(on_host.grade, self._plugin, form, workers=[address], pure=False)
        self._sent[future.key] = (future, host, place)
        host.places.append(place)
        future.add_done_callback(self._finished.put)

    def _come_back(self) -> Iterator[Future[Plain]]:
        """Yield what has come back, after a moment at the latest."""
        try:
            yield self._finished.get(timeout=LONGEST_WAIT)
        except Empty:
            return

    def _received(self, future: Future[Plain], waiting: deque[int]) -> Iterator[tuple[int, Plain | Exception]]:
        """Yield the outcome of a submission; where there is none, it waits again."""
        if future.key not in self._sent:  # it was lost before; or a host has said what it has
            self._hosts.hear(future)
            return
        _, host, place = self._sent[future.key]
        try:
            outcome: Plain | None = future.result(timeout=ANSWER_SECONDS) if future.status == "finished" else None
        except OSError:  # its host was lost after it was done
            outcome = None
        if outcome is None and self._client.status != "running":
            return  # what is sent is told of when that is seen
        del self._sent[future.key]
        host.places.remove(place)
        if outcome is not None:
            yield place, outcome
        else:
            yield from self._tried(place, waiting, reason_of(future))

    def _again(self, lost: Joined, waiting: deque[int]) -> Iterator[tuple[int, Plain | Exception]]:
        """Let what was with a lost host wait again."""
        for key, (future, host, _) in [*self._sent.items()]:
            if host is lost:
                del self._sent[key]
                future.cancel()  # else it would be graded again where a host comes back under the same address
        for place in reversed(lost.places):  # which of them had begun, nobody can say
            yield from self._tried(place, waiting, lost.name)

    def _tried(self, place: int, waiting: deque[int], reason: str) -> Iterator[tuple[int, Plain | Exception]]:
        self._attempts[place] += 1
        if self._attempts[place] < MOST_ATTEMPTS:
            waiting.appendleft(place)
            return
        error = SandboxError(
            say(
                "{count} hosts of the cluster failed or were lost while they had this notebook. This is no fault of "
                "the notebook and no zero: the same command tries it again.",
                count=MOST_ATTEMPTS,
            )
        )
        error.add_note(reason)
        yield place, error
