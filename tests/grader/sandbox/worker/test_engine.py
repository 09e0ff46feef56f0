"""Whatever a kernel replies to a cell, the cell has ended in some way, and nothing of ours with it."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.model import Cell, CellStopped, PassedOver, Place, Refusal
from grader.sandbox.worker.engine import Engine
from grader.sandbox.worker.kernel import KernelDiedError
from tests.loop import run_in_loop

if TYPE_CHECKING:
    from collections.abc import Sequence

JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.just(10**400) | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=9), inner, max_size=4),
    max_leaves=8,
)
STATUS = st.sampled_from(["ok", "error", "aborted", "abort", ""]) | JSON
CONTENT = st.fixed_dictionaries(
    {},
    optional={
        "status": STATUS,
        "execution_count": st.integers() | JSON,
        "ename": st.text() | JSON,
        "evalue": st.text() | JSON,
        "traceback": JSON,
        "place": st.tuples(st.integers(0, 3), JSON).map(list) | JSON,
        "passed_over": st.lists(
            st.tuples(
                st.tuples(st.integers(0, 3), st.integers() | JSON).map(list) | JSON,
                st.tuples(st.sampled_from(["package", "file"]) | JSON, st.text() | JSON).map(list) | JSON,
            ).map(list)
            | JSON,
            max_size=300,
        )
        | JSON,
        "payload": st.just([{"source": "set_next_input", "text": "x = 1"}]) | JSON,
        "user_expressions": JSON,
    },
)
KINDS = st.sampled_from(["execute_reply", "ask_reply", "status", "comm_open", "update_display_data", ""]) | st.text()


class Channel:
    """Gives its messages, then nothing for ever."""

    def __init__(self, *messages: dict[str, Any] | Exception) -> None:
        self._left = list(messages)

    async def get_msg(self, **_: object) -> dict[str, Any]:
        """Return the next message, or raise the next error."""
        if not self._left:
            await asyncio.Event().wait()
        message = self._left.pop(0)
        if isinstance(message, Exception):
            raise message
        return message


class Fake:
    """A kernel of which only the messages are there."""

    def __init__(self, shell: Channel, output: Channel) -> None:
        self.manager = None
        self.client: Any = self
        self.shell_channel, self.iopub_channel = shell, output

    def execute(self, *_: object, **__: object) -> str:
        """Return the number of the request."""
        return "id"

    def begin(self) -> None:
        """Count nothing."""

    async def require_room(self) -> None:
        """Have room."""

    async def until_ended(self) -> None:
        """Never end."""
        await asyncio.Event().wait()


def message(kind: str, content: object, metadata: object = None) -> dict[str, Any]:
    header = {"msg_id": "x", "msg_type": kind}
    return {
        "header": header,
        "msg_type": kind,
        "parent_header": {"msg_id": "id"},
        "content": content,
        "metadata": metadata,
    }


IDLE = message("status", {"execution_state": "idle"})


def ran(shell: Channel, output: Channel) -> CellStopped | None:
    kernel: Any = Fake(shell, output)
    cell = Cell(1, "x = 1")

    async def act() -> CellStopped | None:
        return await Engine([cell], kernel, cell_seconds=lambda: 5.0).run(0, cell)

    return run_in_loop(act())


@settings(deadline=None, max_examples=60)
@given(kind=KINDS, content=CONTENT, said=st.lists(st.tuples(KINDS, CONTENT), max_size=3))
def test_whatever_a_reply_holds_the_cell_has_ended(
    kind: str, content: dict[str, Any], said: list[tuple[str, dict[str, Any]]]
) -> None:
    stopped = ran(Channel(message(kind, content)), Channel(*(message(*one) for one in said), IDLE))
    assert (stopped is not None) is (content.get("status") == "error")
    if stopped is not None:
        assert stopped.place.cell == 1
        assert stopped.place.line is None or 0 < stopped.place.line < 2**31


def passed_over(*forms: object) -> list[PassedOver]:
    kernel: Any = Fake(Channel(reply(forms)), Channel(IDLE))
    cell = Cell(7, "x = 1")

    async def act() -> list[PassedOver]:
        engine = Engine([cell], kernel, cell_seconds=lambda: 5.0)
        await engine.run(0, cell)
        return engine.passed_over

    return run_in_loop(act())


def reply(forms: Sequence[object]) -> dict[str, Any]:
    return message("execute_reply", {"status": "ok", "execution_count": 1, "passed_over": list(forms)})


def test_what_was_passed_over_has_a_known_reason_a_place_in_the_notebook_and_a_safe_name() -> None:
    told = passed_over(
        [[1, 2], ["package", "pan\x1b[31mdas\u202e"]],
        [[1, 2], ["no_such_reason", "x"]],
        [[5, 2], ["package", "of a cell that was not run"]],
        [[1, 2], ["package"]],
        [None, ["package", "x"]],
        [[1, 2], None],
        "nonsense",
    )
    assert told == [PassedOver(Place(7, 2), Refusal("package", "pandas"))]


def test_no_more_is_kept_of_what_was_passed_over_than_anybody_reads() -> None:
    assert len(passed_over(*[[[1, line], ["program", ""]] for line in range(1, 1000)])) == 200


@pytest.mark.parametrize("error", [KeyError("status"), RecursionError(), MemoryError(), ValueError("x")])
def test_whatever_is_raised_while_a_kernel_is_listened_to_ends_that_kernel_alone(error: Exception) -> None:
    for shell, output in ((Channel(error), Channel(IDLE)), (Channel(message("x", {})), Channel(error))):
        with pytest.raises(KernelDiedError) as death:
            ran(shell, output)
        assert death.value.over is not None
        assert death.value.over.limit == "messages"


class Unmoved(Channel):
    """Gives its messages, and drops a cancellation meanwhile, as Python 3.11's wait_for does when it has its result."""

    async def get_msg(self, **_: object) -> dict[str, Any]:
        """Wait until it is cancelled, and return the next message all the same."""
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.Event().wait()
        return await super().get_msg()


def test_a_cell_that_is_called_off_ends_even_where_nbclient_forgets_that() -> None:
    kernel: Any = Fake(Unmoved(message("execute_reply", {"status": "ok"})), Channel(IDLE))
    cell = Cell(1, "x = 1")

    async def act() -> None:
        running = asyncio.ensure_future(Engine([cell], kernel, cell_seconds=lambda: 5.0).run(0, cell))
        await asyncio.sleep(0.05)
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running

    run_in_loop(act())
