"""Which mistakes each entry of questions catches, and which of them no other entry catches."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.audit.finding import Catches, Part
from grader.messages.sentences import say
from grader.model import Agrees, Returned, Structured

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from grader.audit.candidates import Candidate
    from grader.course.lab import Lab
    from grader.course.rubric import Entry
    from grader.grading.judging import Answer, Answers
    from grader.grading.key import Asked, Key


def catches(lab: Lab, key: Key, mistakes: Sequence[Candidate]) -> tuple[Catches, ...]:
    """Return what each entry of each check catches. A mistake counts for the checks that it has to lose."""
    checks = [(task, check) for task, entry in lab.rubric.tasks.items() for check in entry.checks]
    return tuple(row for place in checks for row in _of_check(lab, key, mistakes, place=place))


def questions_part(rows: Sequence[Catches]) -> Part:
    """Say how many mistakes hang on one entry, and how many entries could go: worth knowing, and no fault."""
    alone = sum(len(row.alone) for row in rows)
    idle = sum(not row.alone for row in rows if sum(row.place == other.place for other in rows) > 1)
    text = say(
        "{count} entries; {alone} mistakes are caught by one of them only, {idle} entries catch nothing alone",
        count=len(rows),
        alone=alone,
        idle=idle,
    )
    if not any(row.caught for row in rows):
        text = say(
            "{count} entries; what each of them catches is shown where there are known mistakes", count=len(rows)
        )
    return Part("questions", text)


def _of_check(lab: Lab, key: Key, mistakes: Sequence[Candidate], *, place: tuple[str, str]) -> Iterator[Catches]:
    task, check = place
    entries = lab.rubric.tasks[task].checks[check].questions
    asked = [one for one in key.asked if (one.question.task, one.question.check) == place]
    numbers = entry_numbers(entries, asked)
    caught: list[dict[str, None]] = [{} for _ in entries]  # in the order of the mistakes
    for candidate in mistakes:
        if candidate.mistake is None or check not in candidate.mistake.loses or candidate.task != task:
            continue
        answers = next(judged.answers for judged in candidate.judged if judged.check == check)
        for number, right in zip(numbers, _right(answers), strict=True):
            if not right:
                caught[number][candidate.name] = None
    for number, entry in enumerate(entries):
        others = {name for other, names in enumerate(caught) if other != number for name in names}
        alone = tuple(name for name in caught[number] if name not in others) if len(entries) > 1 else ()
        yield Catches(f"{task}.{check}", number + 1, _label(entry), caught=tuple(caught[number]), alone=alone)


def entry_numbers(entries: Sequence[Entry], asked: Sequence[Asked]) -> tuple[int, ...]:
    """Return for each question of a check the number, from 0, of its entry; a law's calls are one question together."""
    left = [number for number, entry in enumerate(entries) for _ in range(entry.count)]
    numbers: list[int] = []
    case: object = None
    for one in asked:
        if one.case is None or one.case is not case:
            numbers.append(left.pop(0))
        else:
            numbers.append(numbers[-1])
        case = one.case
    return tuple(numbers)


def _right(answers: Answers) -> tuple[bool, ...]:
    """Say which questions were answered rightly, by the reading of the task that most answers fit."""
    first = tuple(isinstance(answer.judgement, Agrees) for answer in answers)
    others = [tuple(_agrees(answer, reading) for answer in answers) for reading in answers[0].asked.readings]
    return max([first, *others], key=sum)


def _agrees(answer: Answer, reading: str) -> bool:
    seen = answer.observed
    return isinstance(seen, Returned | Structured) and isinstance(answer.asked.judge(seen, reading=reading), Agrees)


def _label(entry: Entry) -> str:
    if entry.make is not None:
        return entry.make if entry.count == 1 else f"{entry.make} x{entry.count}"
    inputs = ", ".join(f"{name}={value}" for name, value in (entry.inputs or {}).items())
    return inputs if len(inputs) <= 60 else f"{inputs[:59]}…"  # noqa: PLR2004 (a line of a table)
