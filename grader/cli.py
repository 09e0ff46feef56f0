"""Words in, exit status out; no logic. Every error that a user can meet becomes a sentence here.

Exit status: 0 full marks (for a folder: everything was graded), 1 graded with less, 2 the user's or the staff's
error, 3 our machinery, 130 stopped with Ctrl-C.
"""

from __future__ import annotations

import atexit
import contextlib
import gc
import gettext
import io
import os
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from grader import __version__, commands
from grader.errors import LabError, SaidError
from grader.messages.sentences import CATALOGUES, language_of, nearest, say
from grader.model import LEVELS
from grader.registry import module_in, names_in

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from grader.model import Language, Level, Text
    from grader.workflow.marking import Tell

INTERRUPTED = 130
USER_ERROR = 2
MACHINERY_ERROR = 3


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status."""
    atexit.register(gc.freeze)  # else all that is left is looked through at the end, which takes a tenth of a second
    words = list(sys.argv[1:] if arguments is None else arguments)
    language = _language(words, os.environ)
    _make_streams_safe()
    try:
        return _run(words, language)
    except KeyboardInterrupt:
        _complain(say("Stopped. What was finished is kept; the same command starts again."), language)
        return INTERRUPTED
    except SaidError as error:
        _complain(error.text, language)
        return USER_ERROR if isinstance(error, LabError) else MACHINERY_ERROR


def _make_streams_safe() -> None:
    """Make sure that saying something cannot fail: no stream may be closed, and any character may be asked of it."""
    if sys.stdout is None:
        sys.stdout = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 (for as long as the process lives)
    if sys.stderr is None:
        sys.stderr = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 (same)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal that cannot show a character still shows the rest


def _run(words: list[str], language: Language) -> int:
    name = words[0] if words and words[0] in names_in(commands) else None
    command: click.Command = module_in(commands, name).command(language) if name else _grade_command(language)
    try:
        with _click_speaks(language):
            status = command.main(
                _without_language(words[1:]) if name else words or ["--help"],
                prog_name=f"grade {name}" if name else "grade",
                standalone_mode=False,
            )
    except click.UsageError as error:
        raise LabError(_usage(error)) from error
    except click.Abort as error:
        raise KeyboardInterrupt from error
    return status if isinstance(status, int) else 0


@contextlib.contextmanager
def _click_speaks(language: Language) -> Iterator[None]:
    """Have click's own words in help, "Usage" and "Options", in a language: it asks gettext, which asks LANGUAGE."""
    gettext.bindtextdomain("messages", str(CATALOGUES))
    before = os.environ.get("LANGUAGE")
    os.environ["LANGUAGE"] = language.replace("-", "_")
    try:
        yield
    finally:
        if before is None:
            del os.environ["LANGUAGE"]
        else:
            os.environ["LANGUAGE"] = before


def _grade_command(language: Language) -> click.Command:
    def told(text: Text) -> str:
        return text.in_language(language)

    def grade(**given: Any) -> int:  # noqa: ANN401 (click's parsed words)
        return _grade(language, **given)

    return click.Command(
        "grade",
        callback=grade,
        help=told(
            say(
                "Grades a lab: your notebook of LAB in this folder, the notebook PATH, "
                "or every submission in the folder PATH."
            )
        ),
        epilog=told(
            say(
                "Exit status: 0 full marks (folder: all graded), 1 less, 2 something to mend in the call or the "
                "course's files, 3 the grader's machinery failed. `grade schema rubric|record` prints a JSON Schema."
            )
        ),
        params=[
            click.Argument(["lab"], required=False),
            click.Argument(["path"], required=False, type=click.Path(path_type=Path)),
            click.Option(
                ["--list", "list_labs"], is_flag=True, help=told(say("Name the labs with titles and points."))
            ),
            click.Option(
                ["--output"],
                type=click.Path(path_type=Path),
                metavar="DIR",
                help=told(say("Write the record (STUDENT.json) and the reports to this folder.")),
            ),
            click.Option(
                ["--format", "formats"],
                multiple=True,
                metavar="NAME",
                help=told(say("A report to write beside the record: {names}. May be given again.", names=_formats())),
            ),
            click.Option(
                ["--watch"],
                is_flag=True,
                help=told(say("Grade again on every save of the notebook, until Ctrl-C.")),
            ),
            click.Option(
                ["--jobs"],
                type=click.IntRange(1, 256),
                metavar="N",
                help=told(say("How many of a folder are graded at once; else one per core.")),
            ),
            click.Option(
                ["--again"],
                is_flag=True,
                help=told(say("Grade also what --output already holds and has not changed.")),
            ),
            click.Option(
                ["--book"],
                metavar="FILE|URL",
                help=told(say("Keep the results in this gradebook; else, for a folder, in --output. See grade book.")),
            ),
            click.Option(
                ["--require-isolation", "isolation"],
                type=click.Choice(LEVELS),
                help=told(
                    say(
                        "Grade only behind a wall of this strength; else good for a folder and in CI. See grade doctor."
                    )
                ),
            ),
            click.Option(
                ["--seed"],
                type=click.IntRange(0, 2**32 - 1),
                help=told(say("Fix the questions; else fresh ones.")),
            ),
            click.Option(
                ["--data"],
                type=click.Path(path_type=Path),
                metavar="PATH",
                help=told(say("MNIST for labs that use it: mnist.npz, or a folder with its IDX files.")),
            ),
            click.Option(["--lang"], type=click.Choice(["zh-TW", "en"]), help=told(say("The language of the page."))),
            click.Option(
                ["--course"],
                type=click.Path(path_type=Path),
                metavar="DIR",
                help=told(say("The course's folder; else looked for from here upwards.")),
            ),
            click.Option(["--version"], is_flag=True, help=told(say("Show the version and leave."))),
        ],
    )


def _grade(  # noqa: PLR0913 (one parameter per option)
    language: Language,
    *,
    lab: str | None,
    path: Path | None,
    list_labs: bool,
    output: Path | None,
    formats: tuple[str, ...],
    watch: bool,
    jobs: int | None,
    again: bool,
    book: str | None,
    isolation: Level | None,
    seed: int | None,
    data: Path | None,
    lang: str | None,  # noqa: ARG001 (read before everything else, by `_language`)
    course: Path | None,
    version: bool,
) -> int:
    if version:
        click.echo(f"labgrader {__version__}")
        return 0
    if list_labs:
        return _list(course, language)
    if lab is None:
        raise LabError(say("Which lab? `grade --list` names them, `grade --help` shows the rest."))
    _check_formats(formats, output)
    from grader.workflow.context import Order  # noqa: PLC0415 (so that --help answers at once)
    from grader.workflow.marking import mark  # noqa: PLC0415 (same)

    order = Order(lab, path, course, output, formats, seed, data, language, jobs, again, book, isolation)

    def telling() -> Tell:
        from grader.workflow.progress import Telling  # noqa: PLC0415 (loads while the worker starts)

        return Telling(language)

    if watch:
        from grader.workflow.watching import keep_grading  # noqa: PLC0415 (rarely needed)

        keep_grading(order, telling)
        return 0
    return mark(order, telling)


def _list(course: Path | None, language: Language) -> int:
    from grader.course.folder import find_course, here, open_course  # noqa: PLC0415 (so that --help answers at once)
    from grader.reports.terminal import labs_table, show  # noqa: PLC0415 (same)
    from grader.workflow.marking import list_labs  # noqa: PLC0415 (same)

    found = list(list_labs(open_course(course) if course else find_course(here())))
    show(labs_table(found, language))
    return USER_ERROR if any(isinstance(lab, LabError) for _, lab in found) else 0


def _formats() -> str:
    from grader import reports  # noqa: PLC0415 (its folder is listed, nothing in it is imported)

    return ", ".join(names_in(reports))


def _check_formats(formats: tuple[str, ...], output: Path | None) -> None:
    known = _formats().split(", ")
    for name in formats:
        if name not in known:
            allowed = ", ".join(nearest(name, known))
            raise LabError(say('There is no format "{name}". The formats are: {allowed}.', name=name, allowed=allowed))
    if formats and output is None:
        raise LabError(say("--format needs --output DIR: the folder that the reports are written to."))


def _language(words: Sequence[str], environment: Mapping[str, str]) -> Language:
    """Return the language of every message, also of those about the words themselves."""
    for position, word in enumerate(words):
        value = word.removeprefix("--lang=") if word.startswith("--lang=") else None
        if word == "--lang" and position + 1 < len(words):
            value = words[position + 1]
        if value == "zh-TW":
            return "zh-TW"
        if value == "en":
            return "en"
    return language_of(environment)


def _without_language(words: Sequence[str]) -> list[str]:
    """Return the words of a command without --lang, which every command takes and `_language` has read."""
    left, coming = [], iter(words)
    for word in coming:
        if word == "--lang":
            next(coming, None)
        elif not word.startswith("--lang="):
            left.append(word)
    return left


def _usage(error: click.UsageError) -> Text:
    """Turn click's sentence, which is English only, into one of ours."""
    match error:
        case click.UsageError() if type(error).__name__ == "NoSuchCommand":  # click 8.2 has no such class
            above = "grade" if error.ctx is None else error.ctx.command_path
            word = quoted[1] if (quoted := re.search(r"'(.*)'", error.message)) else "-"
            return say("There is no command {word}. See `{command} --help`.", word=word, command=above)
        case click.NoSuchOption():
            similar = ", ".join(error.possibilities or []) or "grade --help"
            return say("There is no option {option}. See: {similar}", option=error.option_name, similar=similar)
        case click.MissingParameter():
            name = error.param.opts[0] if error.param is not None else "-"
            return say("{option} is missing. See `grade --help`.", option=name)
        case click.BadParameter():
            name = error.param.opts[0] if error.param is not None else "-"
            allowed = _allowed(error.param)
            return say("The value of {option} does not fit; it takes {allowed}.", option=name, allowed=allowed)
        case click.BadOptionUsage():
            return say("{option} needs a value. See `grade --help`.", option=error.option_name)
    return say("The call does not fit ({problem}). See `grade --help`.", problem=error.format_message())


def _allowed(parameter: click.Parameter | None) -> Text:
    match parameter and parameter.type:
        case click.Choice(choices=choices):
            return say("one of {choices}", choices=", ".join(map(str, choices)))
        case click.IntRange(min=least, max=most):
            return say("a whole number from {least} to {most}", least=least, most=most)
    return say("another value")


def _complain(text: Text, language: Language) -> None:
    click.echo(text.in_language(language), err=True)
