"""A known mistake loses what its texts say, is explained as itself and keeps the rest; a correct variant keeps all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.audit.finding import Finding, Part
from grader.audit.functions import functions_path
from grader.messages.sentences import say
from grader.model import Passed

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from grader.audit.candidates import Candidate
    from grader.course.folder import Course
    from grader.course.lab import Lab
    from grader.course.mistakes_and_laws import Mistake
    from grader.model import Text


def mistakes_part(course: Course, lab: Lab, candidates: Sequence[Candidate], *, seeds: int, untrained: int = 0) -> Part:
    """Compare every mistake with what its texts say of it. One about numbers is judged under several seeds."""
    folder = course.mistakes_folder(lab.name)
    found: dict[tuple[str, str, str], Finding] = {}
    for candidate in candidates:
        for text in _wrong(candidate):
            finding = Finding("unfair", candidate.task, text, file=str(folder / f"{candidate.task}.yaml"))
            found.setdefault((candidate.task, candidate.name, text.en), finding)
    names = {(candidate.task, candidate.name) for candidate in candidates}
    text = say("{count} mistakes, those of numbers under {seeds} seeds", count=len(names), seeds=seeds)
    if not names:
        text = say("none are written down yet")
    if untrained:
        text = say("{judged}; {untrained} wrong networks inspected without training", judged=text, untrained=untrained)
    return Part("mistakes", text, tuple(found.values()))


def _wrong(candidate: Candidate) -> Iterator[Text]:
    mistake = candidate.mistake
    if mistake is None:
        return
    kept = {judged.check for judged in candidate.judged if isinstance(judged.verdict, Passed)}
    for judged in candidate.judged:
        verdict, is_to_lose = judged.verdict, judged.check in mistake.loses
        if isinstance(verdict, Passed):
            if is_to_lose:
                yield say("{name} passes {check}, which it should lose", name=mistake.name, check=judged.check)
        elif not is_to_lose:
            because = verdict.because
            yield say("{name} loses {check} too: {because}", name=mistake.name, check=judged.check, because=because)
        elif kept.isdisjoint(mistake.loses) and not _is_told(
            mistake, judged.check, name := candidate.explained_as.get(judged.check)
        ):
            yield say(
                "{name} loses {check}, and is explained as {other} instead",
                name=mistake.name,
                check=judged.check,
                other=name or say("nothing known"),
            )


def variants_part(course: Course, lab: Lab, candidates: Sequence[Candidate], *, broken: Mapping[Path, Text]) -> Part:
    """Say which correct variants lose something, and why. `broken` are files that a kernel could not import."""
    findings = [
        Finding("unfair", path.stem, say("cannot be imported: {problem}", problem=text), file=str(path))
        for path, text in broken.items()
    ]
    for candidate in candidates:
        file = str(functions_path(course, "correct", lab.name, task=candidate.task))
        for judged in candidate.judged:
            if not isinstance(judged.verdict, Passed):
                because = judged.verdict.because
                text = say("the right answer {name} loses it: {because}", name=candidate.name, because=because)
                findings.append(Finding("unfair", f"{judged.task}.{judged.check}", text, file=file))
    text = say("{count} correct variants", count=len(candidates))
    if not candidates:
        text = say("none are written down yet")
    return Part("variants", text, tuple(findings))


def _is_told(mistake: Mistake, check: str, name: str | None) -> bool:
    """Say whether a check that a mistake loses is explained well: on the first one by the mistake's own name.

    On the others an earlier mistake may give the same answers: then its explanation is as true of this one.
    """
    return name == mistake.name or (name is not None and check != mistake.loses[0])
