"""nbclient, for a notebook that is not trusted.

It differs from the stock client: outputs are dropped as they come (they are never judged, and a flood of them would
fill our memory), tags are ignored, widgets get no model, and a kernel's death is noticed at once. A reply may hold
anything: it is read here, where each part counts only if it is what it should be.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionComplete, CellTimeoutError, DeadKernelError
from nbformat import from_dict

from grader.messages.sentences import LONGEST_TEXT, clean
from grader.model import CellStopped, PassedOver, Place
from grader.sandbox.worker.kernel import UNREADABLE, KernelDiedError
from grader.sandbox.worker.untrusted import clean_refusal
from grader.wire.observations import decode_passed_over, decode_place
from grader.wire.values import WireError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from grader.model import Cell
    from grader.sandbox.worker.kernel import Kernel

LONGEST_NAME = 100
MOST_LINES = 2**31
MOST_PASSED_OVER = 200
"""Of a notebook: nobody reads more of them."""


class Engine(NotebookClient):
    """Runs cells one by one in a kernel, which it neither starts nor kills.

    `cell_seconds` gives the time limit of the next cell: it may be less than the lab's, at the end of the submission's.
    """

    def __init__(self, cells: Sequence[Cell], kernel: Kernel, *, cell_seconds: Callable[[], float]) -> None:
        form = [{"cell_type": "code", "source": cell.source, "metadata": {}, "outputs": []} for cell in cells]
        notebook = from_dict({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": form})
        super().__init__(
            notebook,
            km=kernel.manager,
            timeout_func=lambda _: cell_seconds(),
            iopub_timeout=4,
            record_timing=False,
            allow_errors=True,
            store_widget_state=False,
            coalesce_streams=False,
        )
        self.kc = kernel.client
        self._kernel = kernel
        self._counts: dict[int, int] = {}
        self._reply: Mapping[str, Any] = {}
        self.passed_over: list[PassedOver] = []
        """What the surroundings have refused in the cells so far."""
        self.on_cell_executed = self._keep

    async def run(self, index: int, cell: Cell) -> CellStopped | None:
        """Run one cell; return how it stopped, or None where it ran to its end.

        Raises KernelDiedError when the process ends, and when it cannot be listened to: then it is to be ended. A cell
        that has timed out is still running when this returns.
        """
        self._reply = {}
        self._kernel.begin()
        try:
            await self.async_execute_cell(self.nb.cells[index], index)
        except CellTimeoutError:
            return CellStopped(Place(cell.number, None), "timed_out")
        except DeadKernelError:
            _require_no_cancelling()
            raise await self._kernel.death() from None
        except Exception as error:
            raise KernelDiedError(None, UNREADABLE) from error
        finally:
            _require_no_cancelling()
        await self._kernel.require_room()
        count = self._reply.get("execution_count")
        if isinstance(count, int):
            self._counts[count] = cell.number
        self._keep_passed_over(self._reply.get("passed_over"))
        if self._reply.get("status") != "error":
            return None
        place = self.place(self._reply.get("place")) or Place(cell.number, None)
        return CellStopped(
            place=place,
            how="raised",
            kind=_text(self._reply.get("ename"), longest=LONGEST_NAME),
            message=_text(self._reply.get("evalue")),
            called_from=None if place.cell == cell.number else cell.number,
        )

    def place(self, untrusted: object) -> Place | None:
        """Turn the kernel's (execution count, line) into a place in the notebook, if it is one."""
        try:
            place = decode_place(untrusted)
        except WireError:
            return None
        if place is None or place.cell not in self._counts:
            return None
        line = place.line if place.line is not None and 0 < place.line < MOST_LINES else None
        return Place(self._counts[place.cell], line)

    def _keep_passed_over(self, untrusted: object) -> None:
        """Keep what a kernel says to have passed over, as far as it has the right form and a place in the notebook."""
        left = MOST_PASSED_OVER - len(self.passed_over)
        for form in untrusted[:left] if isinstance(untrusted, list) else []:
            try:
                said = decode_passed_over(form)
            except WireError:
                continue
            if (place := self.place([said.place.cell, said.place.line])) is not None:
                self.passed_over.append(PassedOver(place, clean_refusal(said.refusal)))

    def process_message(self, msg: dict[str, Any], cell: Any, cell_index: int) -> None:  # noqa: ANN401, ARG002
        """Drop every output; only the end of the cell matters."""
        state = msg["content"].get("execution_state")
        if msg.get("msg_type") == "status" and state == "idle":
            raise CellExecutionComplete

    async def _async_poll_kernel_alive(self) -> None:
        """Wait for the kernel's death; the stock client polls once a second."""
        await self._kernel.until_ended()
        if self.task_poll_for_reply is not None:
            self.task_poll_for_reply.cancel()

    async def _check_raise_for_error(self, *_: object) -> None:
        """Raise nothing: `run` reads how the cell ended. The stock client relies on a status, which may be missing."""

    def _keep(self, *, execute_reply: Mapping[str, Any], **_: object) -> None:
        self._reply = execute_reply["content"]


def _require_no_cancelling() -> None:
    """Raise CancelledError in a task that was cancelled: nbclient takes that for a death, or forgets it (wait_for)."""
    task = asyncio.current_task()
    if task is not None and task.cancelling():
        raise asyncio.CancelledError from None


def _text(untrusted: object, *, longest: int = LONGEST_TEXT) -> str:
    """Return a text made safe; nothing where it is none."""
    return clean(untrusted, longest=longest) if isinstance(untrusted, str) else ""
