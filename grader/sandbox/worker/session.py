"""One submission from its first cell to its last answer.

Where a question ends the kernel, the notebook is run again and the remaining questions are asked, so that each function
answers for itself alone.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import groupby, takewhile
from time import monotonic
from typing import TYPE_CHECKING, Any

from grader.model import Died, NotAsked, OverLimit, Raised, Returned, Run, Structured, TimedOut, Unreadable
from grader.networks.model import Alleged, Description
from grader.sandbox.kernel.asking import ASKING_SECONDS
from grader.sandbox.worker.kernel import KernelDiedError, NoReplyError
from grader.sandbox.worker.networks import Networks
from grader.sandbox.worker.notebook import Notebook
from grader.sandbox.worker.untrusted import read_description, read_untrusted
from grader.wire.plain import size_of
from grader.wire.questions import encode_question

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from grader.model import Observation, Question
    from grader.sandbox.protocol import Job
    from grader.sandbox.worker.engine import Engine
    from grader.sandbox.worker.networks import Described
    from grader.sandbox.worker.notebook import Start

MOST_TOGETHER = 200
"""The largest number of questions in one message."""

HIDDEN_TURN = 2

MOST_ANSWERED_BYTES = 16 * 2**20
"""All answers of a submission together; a lab of the course has some thousand."""


class KernelSession:
    """A submission being run and asked. `start` gives a fresh kernel each time that one is needed."""

    def __init__(self, job: Job, start: Start) -> None:
        self._job = job
        self._notebook = Notebook(job, start)
        self._networks = Networks(job, start, notebook=self._notebook, put=self._put_one)
        self._answered_bytes = 0
        self._knows_hidden = False
        """Whether a hidden question has been put to the present kernel."""
        self._one_by_one = 0
        """How many questions are still to be put one by one: together, one of them has ended the kernel."""

    async def run(self) -> Run:
        """Run the notebook, ask every question, and return what was seen. The kernel stays until `close`."""
        began = monotonic()
        self._networks.begin()
        await self._notebook.run()
        asked = monotonic()
        observations = await self._ask_all()
        self._notebook.require_its_folder()
        return Run(
            observations=tuple(observations),
            cells=self._notebook.stops,
            isolation=self._notebook.isolation or "none",
            shortened=self._notebook.shortened,
            passed_over=self._notebook.passed_over,
            seconds={"notebook": asked - began, "questions": monotonic() - asked},
        )

    async def ask(self, questions: Sequence[Question]) -> tuple[Observation, ...]:
        """Ask further questions, whose answers are told word for word: of a kernel that knows no hidden question.

        They are put together, as those of the job are. Where the kernel has ended or the time of a call is used up,
        the others are not asked.
        """
        observations: list[Observation] = []
        if self._notebook.kernel is not None and self._knows_hidden:
            await self._notebook.drop_kernel()
            await self._notebook.run()
            self._knows_hidden = False
        until = monotonic() + self._job.limits.call_seconds
        while (waiting := questions[len(observations) :]) and self._notebook.kernel is not None and monotonic() < until:
            observations += await self._ask_now(waiting[: 1 if self._one_by_one else MOST_TOGETHER])
        return (*observations, *[NotAsked()] * (len(questions) - len(observations)))

    async def close(self) -> None:
        """End the kernels, if there are any."""
        await self._networks.close()
        await self._notebook.drop_kernel()

    async def _ask_all(self) -> list[Observation]:
        """Ask all questions, turn by turn, and return what was observed in the order of the questions."""
        questions = self._job.questions
        places = sorted(range(len(questions)), key=lambda place: _turn(questions[place]))
        observed: dict[int, Observation] = {}
        decided: set[tuple[str, str]] = set()
        for turn, group in groupby(places, key=lambda place: _turn(questions[place])):
            together = tuple(group)
            self._knows_hidden = turn == HIDDEN_TURN
            seen = await self._ask_turn([questions[place] for place in together], decided)
            observed.update(zip(together, seen, strict=True))
        return [observed[place] for place in range(len(questions))]

    async def _ask_turn(self, questions: Sequence[Question], decided: set[tuple[str, str]]) -> list[Observation]:
        observations: list[Observation] = []
        while waiting := questions[len(observations) :]:
            some = self._next(waiting, decided)
            if not some:
                observations.append(NotAsked())
                continue
            inspection = some[0].inspection
            seen = (
                await self._ask_now(some) if inspection is None else [await self._networks.inspect(some[0], inspection)]
            )
            for question, observation in zip(some, seen, strict=False):
                observations.append(observation)
                if isinstance(observation, TimedOut | Died | OverLimit):
                    decided.add((question.task, question.check))  # the others would cost as much and change nothing
        return observations

    def _next(self, waiting: Sequence[Question], decided: set[tuple[str, str]]) -> tuple[Question, ...]:
        """Return the questions to put together; empty where the first of those that wait is not to be asked."""
        if (waiting[0].task, waiting[0].check) in decided:
            return ()
        if waiting[0].inspection is not None or self._one_by_one > 0:
            return (waiting[0],)

        def may_follow(question: Question) -> bool:
            return question.inspection is None and (question.task, question.check) not in decided

        return tuple(takewhile(may_follow, waiting[:MOST_TOGETHER]))

    async def _ask_now(self, questions: Sequence[Question]) -> list[Observation]:
        """Put questions in one message, and return what was observed, as `_put` does."""
        seen = await self._put(questions, describe=False)
        return [one for one in seen if not isinstance(one, Description | Alleged)]

    async def _put_one(self, question: Question, *, describe: bool) -> Described:
        return (await self._put([question], describe=describe))[0]

    async def _put(self, questions: Sequence[Question], *, describe: bool) -> list[Described]:
        """Put questions in one message; return what was observed of the first ones: of one at least.

        Where several were put, and the kernel ended or was stuck, nobody knows at which of them: then the result is
        empty, and they are put one by one from then on. To `describe` is to have a network described, not inspected.
        """
        if self._notebook.left() <= 0:
            return [TimedOut("submission", self._job.limits.submission_seconds)]
        if self._notebook.kernel is None:
            await self._notebook.run()
        kernel, engine = self._notebook.kernel, self._notebook.engine
        if kernel is None or engine is None or self._notebook.left() <= 0:  # running it again took what was left
            return [TimedOut("submission", self._job.limits.submission_seconds)]
        if len(questions) == 1:
            self._one_by_one = max(0, self._one_by_one - 1)
        inspections = [] if describe else [one.inspection for one in questions if one.inspection is not None]
        seconds = self._notebook.patience(sum(inspection.seconds for inspection in inspections))
        patience = seconds if len(questions) == 1 else seconds + ASKING_SECONDS
        forms = [_form(question, describe=describe) for question in questions]
        try:
            reply = await kernel.send("ask_request", {"questions": forms}, seconds=patience)
        except NoReplyError as error:
            late = await kernel.call_off(error.request)
            if late is not None:  # its last answer is that of the call that took too long
                return [*self._read(late, questions, engine)[:-1], self._notebook.timed_out(seconds)]
            await self._notebook.drop_kernel()
            return self._end_of(questions, self._notebook.timed_out(seconds))
        except KernelDiedError as death:
            await self._notebook.drop_kernel()
            return self._end_of(questions, death.over or Died(death.signal))
        seen = self._read_described(reply, engine) if describe else [*self._read(reply, questions, engine)]
        return [(isinstance(one, Raised) and kernel.refused(one.message)) or one for one in seen]

    def _end_of(self, questions: Sequence[Question], observation: Observation) -> list[Described]:
        if len(questions) == 1:
            return [observation]
        self._one_by_one = len(questions)
        return []

    def _read(self, reply: Mapping[str, Any], questions: Sequence[Question], engine: Engine) -> list[Observation]:
        """Return what a kernel answered to one question at least, and to no more questions than were put."""
        return [self._read_one(form, engine) for form in _answers_in(reply)[: len(questions)]]

    def _read_described(self, reply: Mapping[str, Any], engine: Engine) -> list[Described]:
        return [read_description(_answers_in(reply)[0], engine.place, self._job.limits)]

    def _read_one(self, form: object, engine: Engine) -> Observation:
        observation = read_untrusted(form, engine.place, self._job.limits)
        if isinstance(observation, Returned | Structured):
            self._answered_bytes += size_of(observation.value)
            return Unreadable("large", "") if self._answered_bytes > MOST_ANSWERED_BYTES else observation
        return observation


def _answers_in(reply: Mapping[str, Any]) -> list[Any]:
    untrusted = reply.get("observations")
    return untrusted if isinstance(untrusted, list) and untrusted else [None]


def _turn(question: Question) -> int:
    """Return when a question is put: the public ones first, then networks, and the hidden ones in the end.

    Of the first two more is told than whether they are right, such as an exception's message or the names of layers:
    nothing hidden can be in there that the kernel does not know yet.
    """
    return 0 if question.public else 1 if question.inspection is not None else HIDDEN_TURN


def _form(question: Question, *, describe: bool) -> dict[str, Any]:
    """Return a question as it is put. To describe a network takes no image: they are for where it is inspected."""
    inspection = question.inspection
    put = replace(question, inspection=None) if describe else question
    return {
        "question": encode_question(put),
        "describe": inspection.seed if describe and inspection is not None else None,
    }
