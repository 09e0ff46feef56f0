"""What a lab could still have: hidden questions, examples, known mistakes, right answers in other styles, laws.

A rubric and a reference are enough for a fair lab, since slips of the reference serve as wrong answers. Each finding
says what it would bring.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.audit.context import asking_tasks, is_called
from grader.audit.finding import Finding
from grader.audit.functions import functions_path
from grader.messages.sentences import say

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from grader.audit.context import AuditContext
    from grader.audit.finding import Need, Weight
    from grader.audit.mutation import Mutation
    from grader.model import Text

ENOUGH_MISTAKES = 8


def wanted(context: AuditContext) -> Iterator[Finding]:
    """Yield what the rubric lacks; what is no matter of fairness is advice."""
    yield from _hidden_questions(context)
    yield from _examples(context)


def _hidden_questions(context: AuditContext) -> Iterator[Finding]:
    file = str(context.course.rubric_path(context.lab.name))
    for task in context.numbers:
        asked = [one for one in context.key.asked if one.question.task == task]
        if all(one.public for one in asked) and any(one.question.arguments for one in asked):
            text = say(
                "no hidden question: students are shown every answer, and a function that returns just these keeps "
                "every mark. One question with other inputs, without public, is enough"
            )
            yield Finding("missing", task, text, file=file, asks_for="hidden questions")


def _examples(context: AuditContext) -> Iterator[Finding]:
    public = {one.question.task for one in context.key.asked if one.public}
    without = [task for task in context.numbers if task not in public and context.lab.manner(task).variable is None]
    text = say(
        "no public question: with `public: true` on one, students see an example with its answer, and try it at home"
    )
    yield from _advice(without, text, "examples", file=context.course.rubric_path(context.lab.name))


def wanted_mistakes(context: AuditContext, mutation: Mutation) -> Iterator[Finding]:
    """Yield the tasks without known mistakes, and wrong networks that fit none."""
    lab, folder = context.lab, context.course.mistakes_folder(context.lab.name)
    tried, untried = list[str](), list[str]()
    for task in asking_tasks(lab):
        count = len(lab.mistakes[task])
        if 0 < count < ENOUGH_MISTAKES:
            text = say("{count} known mistakes; {enough} are a good number", count=count, enough=ENOUGH_MISTAKES)
            yield Finding("advice", task, text, file=str(folder / f"{task}.py"), asks_for="mistakes")
        elif not count and lab.manner(task).variable is None:
            (tried if mutation.counts.get(task, 0) else untried).append(task)
        if task in context.networks:
            yield from _wrong_networks(context, task)
    for task in untried:
        text = say("no known mistakes, and no slip that could be tried: nothing shows that wrong answers lose marks")
        yield Finding(_weight(context, task), task, text, file=str(folder / f"{task}.py"), asks_for="mistakes")
    text = say(
        "no known mistakes: slips in the reference were tried in their place. With them, a student who makes one reads "
        "which mistake it is"
    )
    yield from _advice(tried, text, "mistakes", file=folder, named=lambda task: folder / f"{task}.py")


def _weight(context: AuditContext, task: str) -> Weight:
    return "missing" if task in context.networks or task in context.plain else "advice"


def _wrong_networks(context: AuditContext, task: str) -> Iterator[Finding]:
    """Yield the mistakes that no network shows, and the networks that show no mistake."""
    file = str(functions_path(context.course, "wrong", context.lab.name, task=task))
    shown = [one.name for one in context.functions if one.role == "wrong" and one.task == task]
    named = [mistake.name for mistake in context.lab.mistakes[task]]
    for name in named:
        if name not in shown:
            text = say("no function shows the mistake {name}", name=name)
            yield Finding("missing", task, text, file=file, asks_for="mistakes")
    for name in shown:
        if name not in named:
            text = say("there is no known mistake {name}", name=name)
            yield Finding("missing", task, text, file=file, asks_for="mistakes")


def wanted_variants(context: AuditContext) -> Iterator[Finding]:
    """Yield the tasks without right answers in other styles."""

    def path(task: str) -> Path:
        return functions_path(context.course, "correct", context.lab.name, task=task)

    having = {function.task for function in context.functions if function.role == "correct"}
    without = [task for task in asking_tasks(context.lab) if task not in having and is_called(context.lab, task)]
    for task in without:
        if task in context.networks:
            text = say("no correct variants: nothing shows that other right answers earn everything")
            yield Finding("missing", task, text, file=str(path(task)), asks_for="variants")
    text = say(
        "no correct variants: right answers that are written in other ways would show that these keep every mark too"
    )
    others = [task for task in without if task not in context.networks]
    yield from _advice(others, text, "variants", file=path("").parent, named=path)


def wanted_laws(context: AuditContext) -> Iterator[Finding]:
    """Yield the tasks about numbers that have no laws."""
    folder = context.course.laws_folder(context.lab.name)
    without = [task for task in context.mutated if task in context.plain and not context.lab.laws[task].laws]
    text = say(
        "no laws: where something holds for every input (a sum of 1, a symmetry), a wrong answer that breaks it is "
        "shown by its smallest example"
    )
    yield from _advice(without, text, "laws", file=folder, named=lambda task: folder / f"{task}.py")


def _advice(
    places: Sequence[str], text: Text, need: Need, *, file: Path, named: Callable[[str], Path] | None = None
) -> Iterator[Finding]:
    """Yield one piece of advice for all of these places, in `file`, or of one place in the file that has its name."""
    if places:
        where = named(places[0]) if named is not None and len(places) == 1 else file
        yield Finding("advice", ", ".join(places), text, file=str(where), asks_for=need)
