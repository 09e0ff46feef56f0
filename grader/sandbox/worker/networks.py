"""Questions about networks: each is described where the notebook was run, and judged where it is built anew.

What of a network is not Keras' own cannot be built there: then the notebook's kernel is believed, and the observation
says so.
"""

from __future__ import annotations

import json
from dataclasses import replace
from time import monotonic
from typing import TYPE_CHECKING, Protocol, TypeAlias

from grader.model import Observation, TimedOut, Unreadable
from grader.networks.model import Alleged, Built, Description
from grader.sandbox.worker.clean_kernel import CleanKernel, needed_by
from grader.wire.plain import encode_value

if TYPE_CHECKING:
    from grader.model import Question
    from grader.networks.model import Inspection
    from grader.sandbox.protocol import Job
    from grader.sandbox.worker.notebook import Notebook, Start

Described: TypeAlias = Description | Alleged | Observation
"""A network's description, why there is none, or what came instead of a network."""


class Put(Protocol):
    """Puts one question to the notebook's kernel."""

    async def __call__(self, question: Question, *, describe: bool) -> Described:
        """Return what came of it; with `describe` the network is to be described, else inspected."""


class Networks:
    """The networks of a submission. One description and one inspection serve several checks."""

    def __init__(self, job: Job, start: Start, *, notebook: Notebook, put: Put) -> None:
        self._job = job
        self._notebook = notebook
        self._put = put
        self._clean = CleanKernel(job, start)
        self._described: dict[tuple[str, str], Described] = {}
        self._inspected: dict[tuple[str, str, int, int], Observation] = {}

    def begin(self) -> None:
        """Have the clean kernel made ready while the notebook is run, if it is likely to be needed."""
        if any(question.inspection for question in self._job.questions) and needed_by(self._job):
            self._clean.begin()

    async def inspect(self, question: Question, inspection: Inspection) -> Observation:
        """Have a network inspected, or return what an earlier inspection has seen."""
        arguments = json.dumps([encode_value(value) for value in question.arguments])
        same = (question.task, arguments, inspection.seed, inspection.epochs)
        if same not in self._inspected:
            described = self._described.get((question.task, arguments)) or await self._put(question, describe=True)
            self._described[question.task, arguments] = described
            self._inspected[same] = await self._seen(question, described, inspection)
        return self._inspected[same]

    async def close(self) -> None:
        """End the clean kernel, if there is one."""
        await self._clean.close()

    async def _seen(self, question: Question, described: Described, inspection: Inspection) -> Observation:
        """Return what is seen of a network: where it is built anew, or else where the student's code is."""
        if isinstance(described, Description):
            seen = await self._seen_anew(described, inspection)
            if seen is not None:
                return seen
            described = Alleged("library", library=described.library)
        if not isinstance(described, Alleged):
            return described
        alleged = await self._put(question, describe=False)
        if isinstance(alleged, Description | Alleged):
            return Unreadable("malformed", "")
        return replace(alleged, alleged=described) if isinstance(alleged, Built) else alleged

    async def _seen_anew(self, described: Description, inspection: Inspection) -> Observation | None:
        """Return what is seen of a network in the clean kernel; None where Keras cannot build it anew."""
        began = monotonic()
        self._notebook.require_the_wall(await self._clean.ready())
        self._notebook.give_back(monotonic() - began)
        if self._notebook.left() <= 0:
            return TimedOut("submission", self._job.limits.submission_seconds)
        seconds = self._notebook.patience(inspection.seconds)
        seen = await self._clean.inspect(described, inspection, seconds=seconds)
        return self._notebook.timed_out(seconds) if isinstance(seen, TimedOut) else seen
