"""What a lab still lacks, descriptions of hidden inputs, texts in its languages, and files that are never read."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from grader import checks
from grader.audit.context import is_called
from grader.audit.finding import Finding, Part
from grader.audit.manual import manual_findings
from grader.audit.wanted import wanted
from grader.messages.languages import has_characters
from grader.messages.sentences import say
from grader.registry import module_in

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from grader.audit.context import AuditContext
    from grader.course.folder import Course
    from grader.course.lab import Lab
    from grader.course.rubric import Check, Task
    from grader.model import Language, Text

_WORD = re.compile(r"(?<![\w.])[A-Za-z]{4,}(?=[\s,;:!?]|\.?$|\.\s)")
"""A word of a sentence, and no name in a formula."""


def contents_part(context: AuditContext) -> Part:
    """Say what is missing and where to write it."""
    course, lab, functions = context.course, context.lab, context.functions
    findings = [
        *wanted(context),
        *_kinds_of_input(course, lab),
        *_unsaid(course, lab),
        *_languages(course, lab),
        *_strangers(course, lab),
        *manual_findings(course, lab),
    ]
    mistakes = sum(map(len, lab.mistakes.values()))
    variants = sum(function.role == "correct" for function in functions)
    text = say(
        "{tasks} tasks, {mistakes} mistakes, {variants} correct variants, {laws} laws",
        tasks=len(lab.rubric.tasks),
        mistakes=mistakes,
        variants=variants,
        laws=sum(len(found.laws) for found in lab.laws.values()),
    )
    return Part("contents", text, tuple(map(_as_text, findings)))


def _as_text(finding: Finding) -> Finding:
    """Return a finding in the order of what it brings: what asks for nothing else is about texts and files."""
    return replace(finding, asks_for="texts") if finding.asks_for == "mending" else finding


def _kinds_of_input(course: Course, lab: Lab) -> Iterator[Finding]:
    for task_name, task in lab.rubric.tasks.items():
        for check_name, check in task.checks.items():
            if _is_about_a_network(check):
                continue
            for entry in check.questions:
                if entry.make is not None and not entry.public and entry.about is None:
                    text = say(
                        "the hidden questions of {maker} have no about: of what kind is their input?", maker=entry.make
                    )
                    file = str(course.rubric_path(lab.name))
                    yield Finding("missing", f"{task_name}.{check_name}", text, file=file)


def _is_about_a_network(check: Check) -> bool:
    kind = getattr(check.judge, "kind", None)
    return kind is not None and hasattr(module_in(checks, kind), "INSPECTS")


def _unsaid(course: Course, lab: Lab) -> Iterator[Finding]:
    """Yield what a student would read nothing in: a check without promise or hint, a title that is missing.

    It is advice: marks go right without words, and a notebook's own text says what is asked.
    """
    file = str(course.rubric_path(lab.name))
    if lab.rubric.title is None:
        yield _advised("", say("no title: pages show the lab's name in its place"), file)
    for name, task in lab.rubric.tasks.items():
        if task.title is None:
            text = say("no title: pages show the function's name in its place")
            read_alone = say("no title: pages show the task's name in its place")
            yield _advised(name, text if task.checks else read_alone, file)
        for check_name, check in task.checks.items():
            place = f"{name}.{check_name}"
            if check.promise is None:
                yield _advised(place, say("no promise: no page says what has to hold for these points"), file)
            if check.hint is None:
                yield _advised(place, say("no hint: who fails it is asked no question that points the way"), file)


def _advised(place: str, told: Text, file: str) -> Finding:
    return Finding("advice", place, told, file=file, asks_for="texts")


def _languages(course: Course, lab: Lab) -> Iterator[Finding]:
    """Yield the sentences that are not in a language of the lab: whose Chinese has no Chinese, or whose English has."""
    rubric = str(course.rubric_path(lab.name))
    texts = [text for task, entry in lab.rubric.tasks.items() for text in _sentences(task, entry, rubric)]
    for task, mistakes in lab.mistakes.items():
        file = str(course.mistakes_folder(lab.name) / f"{task}.yaml")
        texts += [(task, one.name, text, file) for one in mistakes for text in (one.observed, one.hint)]
    for task, laws in lab.laws.items():
        file = str(course.laws_folder(lab.name) / f"{task}.yaml")
        texts += [(task, one.name, text, file) for one in laws.laws for text in (one.broken, one.hint)]
    for place, name, text, file in texts:
        for told in _not_in(lab.languages, text, name):
            yield Finding("missing", place, told, file=file)


def _not_in(languages: Sequence[Language], text: Text, name: str) -> Iterator[Text]:
    """Yield in which of these languages a text is not. One of symbols alone is in every language."""
    is_one = text.zh_tw == text.en
    if "zh-TW" in languages and not has_characters(text.zh_tw) and _WORD.search(text.zh_tw):
        no_text = say("{name}: there is no zh-TW text", name=name)
        yield no_text if is_one else say("{name}: the zh-TW text is not Chinese", name=name)
    if "en" in languages and has_characters(text.en):
        no_text = say("{name}: there is no en text", name=name)
        yield no_text if is_one else say("{name}: the en text is not English", name=name)


def _sentences(task: str, entry: Task, file: str) -> Iterator[tuple[str, str, Text, str]]:
    for name, check in entry.checks.items():
        for entry_text in (check.promise, check.hint):
            if entry_text is not None:
                yield f"{task}.{name}", name, entry_text.text, file
        for question in check.questions:
            if question.about is not None:
                yield f"{task}.{name}", "about", question.about.text, file
    for item in entry.manual.items if entry.manual is not None else ():
        yield f"{task}.manual", item.id, item.text.text, file


def _strangers(course: Course, lab: Lab) -> Iterator[Finding]:
    """Yield the files that are never read, because no task has their name."""
    tests = course.folder / "tests"
    variants = tests / "correct" / lab.name
    folders = (
        course.mistakes_folder(lab.name),
        course.laws_folder(lab.name),
        variants,
        tests / "wrong" / lab.name,
    )
    for folder in folders:
        for path in sorted(folder.glob("*")):
            if path.suffix not in {".py", ".yaml"}:
                continue
            if path.stem not in lab.rubric.tasks:
                text = say("no task has this name, so the file is never read")
                yield Finding("missing", path.stem, text, file=str(path))
            elif path.stem not in lab.rubric.asked:
                text = say("a person alone reads this task, so the file is never read")
                yield Finding("missing", path.stem, text, file=str(path))
            elif folder == variants and not is_called(lab, path.stem):
                text = say("a variable or a probe answers this task, so the file is never read")
                yield Finding("missing", path.stem, text, file=str(path))
