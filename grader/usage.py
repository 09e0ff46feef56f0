"""Words that do not fit, as a sentence of ours: click's own are English only, and know neither labs nor files."""

from __future__ import annotations

import difflib
import os
import re
import sys
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import click

from grader import commands
from grader.course.folder import course_or_kits
from grader.errors import LabError
from grader.messages.encodings import has_chinese
from grader.messages.sentences import say, typed
from grader.registry import names_in

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grader.model import Language, Text

ONLY_SHOWN = frozenset({"audit", "book", "doctor", "report"})
"""The commands whose --lang is that of a page on standard output, and of nothing else."""


def check_lab(word: str, path: Path | None, folder: Path | None) -> None:
    """Raise LabError for a first word that is no lab, if it is a path or looks like a command.

    `path` is the second word, `folder` the course's, if they were given.
    """
    labs = course_or_kits(folder, None if path is None else path.parent).lab_names()
    if word in labs:
        return
    if Path(word).suffix == ".ipynb" or {"/", os.sep} & set(word) or word in {".", ".."}:
        lab = _lab_of(Path(word), path, labs)
        problem = say(
            "{word} is a path, and the lab comes before it: `grade {lab} {quoted}`. The labs are: {labs}.",
            word=word,
            lab=lab or "LAB",
            quoted=typed(word),
            labs=", ".join(labs) or "-",
        )
        raise LabError(problem)
    names = names_in(commands)
    if near := [one for one in difflib.get_close_matches(word.lower(), (*labs, *names), n=1) if one in names]:
        raise LabError(
            say(
                'There is no lab and no command "{word}". Is it `grade {near}`? The labs are: {labs}.',
                word=word,
                near=near[0],
                labs=", ".join(labs) or "-",
            )
        )


def _lab_of(first: Path, second: Path | None, labs: Sequence[str]) -> str | None:
    """Return the lab that two exchanged words name, or a notebook or its folder is called after, or the only one."""
    likely = [path.name for path in (second,) if path is not None] + [first.stem, first.parent.name]
    named = [name for name in likely if name in labs] or [name for name in labs if name in first.stem]
    return next(iter(named or labs), None) if named or len(labs) == 1 else None


def usage_text(error: click.UsageError) -> Text:
    """Return what is wrong with the words, and what would fit."""
    command = "grade" if error.ctx is None else error.ctx.command_path
    match error:
        case click.UsageError(ctx=click.Context(command=click.Group() as group) as context) if (
            type(error).__name__ == "NoSuchCommand" or error.message.startswith("No such command")  # a class since 8.3
        ):
            names = ", ".join(group.list_commands(context))
            word = _quoted(error)
            return say("There is no command {word}. `{command}` has: {names}.", word=word, command=command, names=names)
        case click.NoSuchOption():
            similar = ", ".join(error.possibilities or []) or f"{command} --help"
            return say("There is no option {option}. See: {similar}", option=error.option_name, similar=similar)
        case click.MissingParameter(param=click.Parameter(type=click.Choice()) as param):
            return say(
                "{name} is missing: `{command}` takes {allowed}.",
                name=_name(param),
                command=command,
                allowed=_allowed(param),
            )
        case click.MissingParameter():
            return say("{option} is missing. See `{command} --help`.", option=_name(error.param), command=command)
        case click.BadParameter():
            return say(
                "{value} does not fit {option}, which takes {allowed}.",
                value=_quoted(error),
                option=_name(error.param),
                allowed=_allowed(error.param),
            )
        case click.BadOptionUsage():
            return say("{option} needs a value. See `{command} --help`.", option=error.option_name, command=command)
    if extra := re.search(r"extra arguments? \((.*)\)", error.message):
        if ".ipynb" in extra[1]:
            return say(
                "One notebook is graded, or one folder of them: {words} is too much. "
                "Name the folder that holds them all.",
                words=extra[1],
            )
        return say(
            "The call does not fit: {words} is too much. See `{command} --help`.", words=extra[1], command=command
        )
    problem = error.format_message()
    return say("The call does not fit ({problem}). See `{command} --help`.", problem=problem, command=command)


def _quoted(error: click.UsageError) -> str:
    """Return the word that click complains of, which it puts in quotes."""
    found = re.search(r"'(.*?)'|^(?P<number>\S+) is not in the range", error.message)
    return "-" if found is None else found[1] or found["number"]


def _name(parameter: click.Parameter | None) -> str:
    """Return an option as it is typed, and an argument as help shows it."""
    if parameter is None:
        return "-"
    if isinstance(parameter, click.Argument):
        return (parameter.metavar or parameter.name or "-").rstrip(".").upper()
    return f"{parameter.opts[0]} {parameter.metavar or ''}".rstrip()


def _allowed(parameter: click.Parameter | None) -> Text:
    match parameter and parameter.type:
        case click.Choice(choices=choices):
            return say("one of {choices}", choices=", ".join(map(str, choices)))
        case click.IntRange(min=least, max=most):
            return say("a whole number from {least} to {most}", least=least, most=most)
    return say("another value")


def can_show(language: Language) -> bool:
    """Say whether standard output can show a language."""
    return language == "en" or has_chinese(sys.stdout)


def not_shown() -> Text:
    """Return why a page is in English although another language was asked for."""
    return say(
        "This output cannot show Chinese, so the page is in English (--lang en). "
        "For Chinese set PYTHONIOENCODING=utf-8, or write a file: --format html --output DIR."
    )


def shown_in_english(words: Sequence[str]) -> list[str] | None:
    """Return the words with which a page is shown in English; None for a command that does more than show one.

    Grading tells apart what it shows and what it writes: its words stay, and so does the language of its files.
    """
    if not words or words[0] not in names_in(commands):
        return list(words)
    if words[0] not in ONLY_SHOWN or any(word.startswith(("--output", "--format")) for word in words):
        return None
    return [
        "--lang=en" if word.startswith("--lang=") else "en" if before == "--lang" else word
        for before, word in pairwise(["", *words])
    ]
