"""What the surroundings refuse while grading, in words: a sentence for each kind, and a question that leads on."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from grader.messages.sentences import place_text, quote, say
from grader.model import Text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grader.model import PassedOver, Refusal

MOST_TOLD = 6
"""How many refusals one sentence names."""


def refused_text(refusal: Refusal) -> Text:
    """Return what was refused, with its name."""
    name = quote(refusal.name) if refusal.name else None
    match refusal.what:
        case "package" if name:
            return say("the package {name} is not available while grading", name=name)
        case "file" if name:
            return say("the file or folder {name} cannot be used while grading", name=name)
        case "magic" if name:
            return say("{name} does not work while grading", name=name)
        case "variable" if name:
            return say("the environment variable {name} is not set while grading", name=name)
    return kind_text(refusal)


def kind_text(refusal: Refusal) -> Text:
    """Return what was refused without a name, which is the student's word."""
    match refusal.what:
        case "package":
            return say("it uses a package that is not available while grading")
        case "program":
            return say("a program is to be started, and none is while grading")
        case "network":
            return say("the network is used, and there is none while grading")
        case "keyboard":
            return say("the keyboard is asked, and nobody types while grading")
        case "debugger":
            return say("a debugger is called, and nobody is there while grading")
        case "file":
            return say("it uses a file or folder that cannot be used while grading")
        case "magic":
            return say("it uses a line with % that does not work while grading")
        case "device":
            return say("a GPU or TPU is set up, and there is none while grading")
        case "screen":
            return say("a window is opened, and there is no screen while grading")
        case "variable":
            return say("it uses an environment variable that is not set while grading")
        case "language":
            return say("a computer's language setting is chosen, which is not there while grading")


def refused_hint(refusal: Refusal) -> Text:
    """Return what to do next."""
    match refusal.what:
        case "package":
            return say("Can the function do without it, with the packages that the lab itself imports?")
        case "program":
            return say("Can the function do without the program? Set-up belongs into a cell of its own.")
        case "network":
            return say("What does the function fetch? Write it into the notebook, or hand in the file beside it.")
        case "keyboard":
            return say("Which of its parameters has what the function asks for? Or which value can stand in the code?")
        case "debugger":
            return say("Are breakpoint() and set_trace() taken out before the notebook is handed in?")
        case "file":
            return say("Does the answer need this file? What is handed in beside the notebook is in its folder.")
        case "magic":
            return say("Can the function do without this line? Set-up belongs into a cell of its own.")
        case "device":
            return say("Does the code ask first whether there is a GPU, and go on without one?")
        case "screen":
            return say("Can the function do without a window? Charts are shown in the notebook itself.")
        case "variable":
            return say("What should the code use where it is not set? os.environ.get takes a second argument.")
        case "language":
            return say("Can the function do without the language setting?")


def passed_over_text(passed: Sequence[PassedOver]) -> Text | None:
    """Return one sentence about everything in a notebook that was passed over; None where nothing was."""
    if not passed:
        return None
    by_refusal = sorted(passed, key=lambda one: (one.refusal.what, one.refusal.name))
    groups = [(refusal, [*same]) for refusal, same in groupby(by_refusal, key=lambda one: one.refusal)]
    groups.sort(key=lambda group: passed.index(group[1][0]))
    told = [
        say("{what} ({places})", what=refused_text(refusal), places=_places(same))
        for refusal, same in groups[:MOST_TOLD]
    ]
    if (more := len(groups) - MOST_TOLD) > 0:
        told.append(say("and {count} more", count=more))
    return say(
        "Passed over, while the rest of the cell was run: {refusals}. This costs nothing unless an answer needs it.",
        refusals=_listed(told),
    )


def _places(passed: Sequence[PassedOver]) -> Text:
    """Return places, those of one cell together."""
    cells: dict[int, list[str]] = {}
    for one in passed[:MOST_TOLD]:
        cells.setdefault(one.place.cell, []).extend([] if one.place.line is None else [str(one.place.line)])
    places = [_place(cell, lines) for cell, lines in cells.items()]
    if (more := len(passed) - MOST_TOLD) > 0:
        places.append(say("and {count} more", count=more))
    return _listed(places)


def _place(cell: int, lines: list[str]) -> Text:
    if len(lines) > 1:
        return say("cell In [{cell}], lines {lines}", cell=cell, lines=", ".join(lines))
    return place_text(cell, int(lines[0]) if lines else None)


def _listed(texts: Sequence[Text]) -> Text:
    return Text("；".join(text.zh_tw for text in texts), "; ".join(text.en for text in texts))
