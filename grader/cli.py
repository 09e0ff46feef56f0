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
import sys
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from grader import __version__, commands
from grader.commands import AbsolutePath, course_option, language_option, option
from grader.errors import LabError, SaidError
from grader.interrupts import INTERRUPTED, insistent
from grader.messages.encodings import ERRORS, has_chinese, register_instead
from grader.messages.sentences import CATALOGUES, LANGUAGES, language_of, say
from grader.model import LEVELS
from grader.registry import module_in, names_in
from grader.sandbox.memory import GRADER_MIB, bound_memory
from grader.system import HERE
from grader.usage import can_show, check_lab, not_shown, shown_in_english, usage_text
from grader.workflow.reporting import check_formats, formats

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from grader.model import Language, Text
    from grader.workflow.progress import Reporter

USER_ERROR = 2
MACHINERY_ERROR = 3
COMMANDS = "Commands"
"""The heading as click says it, whose own catalogue has it in every language."""
LONGEST_LINE = 300
"""In letters, of what the help says of a command: its first sentence, and no part of one."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status."""
    atexit.register(gc.freeze)  # else Python looks through all objects at its end, which takes a tenth of a second
    os.environ.setdefault("HYPOTHESIS_STORAGE_DIRECTORY", os.devnull)  # else it leaves a folder where the user stands
    with contextlib.ExitStack() as own:
        if arguments is None:  # a process of its own
            bound_memory(GRADER_MIB)
            own.enter_context(insistent())
        words = list(sys.argv[1:] if arguments is None else arguments)
        _make_streams_safe()
        language = _language(words, os.environ)
        if not can_show(language) and (english := shown_in_english(words)) is not None:
            _complain(not_shown(), "en")
            words, language = english, "en"
        return _status(words, language)


def _status(words: list[str], language: Language) -> int:
    """Run one command; say in a sentence what has stopped it."""
    try:
        return _run(words, language)
    except KeyboardInterrupt:
        _complain(say("Stopped. What was finished is kept; the same command starts again."), language)
        return INTERRUPTED
    except SaidError as error:
        _complain(error.text, language)
        return USER_ERROR if isinstance(error, LabError) else MACHINERY_ERROR
    except Exception as error:  # noqa: BLE001 (nobody foresaw it: it is logged, and told in one sentence)
        _complain(_unforeseen(error, words), language)
        return MACHINERY_ERROR


def _unforeseen(error: Exception, words: Sequence[str]) -> Text:
    from grader.workflow.log import Log  # noqa: PLC0415 (never needed, if all is well)

    with Log(None) as log:
        return log.placed(log.failure(error, " ".join(words))).text


def _make_streams_safe() -> None:
    """Make sure that printing cannot fail, neither because a stream is closed nor because of a character.

    Into a file or a pipe goes UTF-8 where the system would choose an encoding of the country: none of those has ✓.
    """
    if sys.stdout is None:
        sys.stdout = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 (for as long as the process lives)
    if sys.stderr is None:
        sys.stderr = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 (same)
    register_instead()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            is_utf8 = HERE.has_code_pages and not stream.isatty()
            # a terminal that cannot show a character still shows the rest
            stream.reconfigure(encoding="utf-8" if is_utf8 else None, errors=ERRORS)


def _run(words: list[str], language: Language) -> int:
    """Run the command that the first word names, loading that one only; any other words ask to grade a lab."""
    name = words[0] if words and words[0] in names_in(commands) else None
    command: click.Command = module_in(commands, name).command(language) if name else _grade_command(language)
    try:
        with _click_speaks(language):
            status = command.main(
                words[1:] if name else words or ["--help"],
                prog_name=f"grade {name}" if name else "grade",
                standalone_mode=False,
            )
    except click.UsageError as error:
        raise LabError(usage_text(error)) from error
    except click.Abort as error:
        raise KeyboardInterrupt from error
    return status if isinstance(status, int) else 0


@contextlib.contextmanager
def _click_speaks(language: Language) -> Iterator[None]:
    """Put click's own words, such as "Usage", into a language: it asks gettext, which looks at LANGUAGE."""
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


class _GradeCommand(click.Command):
    """`grade LAB`, whose help lists the other commands: they are loaded only when it is asked for."""

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options, and then each command with what it does."""
        super().format_options(ctx, formatter)
        language = language_of(os.environ)  # while click speaks, this is the reader's
        made = [module_in(commands, name).command(language) for name in names_in(commands)]
        with formatter.section(gettext.dgettext("messages", COMMANDS)):
            formatter.write_dl([(one.name, one.get_short_help_str(LONGEST_LINE)) for one in made])


def _grade_command(language: Language) -> click.Command:
    help_text = say(
        "Grades a lab: your notebook of LAB in this folder, the notebook PATH, or every submission in the folder PATH."
    )
    epilog = say(
        "Exit status: 0 full marks (folder: all graded), 1 less, 2 something to mend in the command or the course's "
        "files, 3 the grader itself failed."
    )
    more = say("`grade NAME --help` says more of each command.")
    return _GradeCommand(
        "grade",
        callback=_grade,
        help=help_text.in_language(language),
        epilog=f"{more.in_language(language)}\n\n{epilog.in_language(language)}",
        params=[
            click.Argument(["lab"], required=False),
            click.Argument(["path"], required=False, type=AbsolutePath()),
            *_grade_options(language),
        ],
    )


def _grade_options(language: Language) -> Iterator[click.Option]:
    """Yield the options of grading, under the names that `workflow` has for them."""
    path, seed, jobs = AbsolutePath(), click.IntRange(0, 2**53 - 1), click.IntRange(1, 256)
    names = ", ".join(formats())
    list_help = say("Name the labs with titles and points.")
    output_help = say("Write the record (STUDENT.json) and the reports to this folder.")
    format_help = say("A report to write beside the record: {names}. May be given several times.", names=names)
    watch_help = say("Grade again on every save of the notebook, until Ctrl-C.")
    jobs_help = say("How many submissions are graded at once; default: one per core.")
    cluster_help = say(
        "Grade a folder on a Dask cluster: tls://SCHEDULER:8786, or local:2 for two worker processes here. "
        "See docs/cluster.md."
    )
    again_help = say("Also grade what --output already holds and has not changed.")
    book_help = say("Keep the results in this gradebook; default for a folder: the one in --output. See grade book.")
    isolation_help = say(
        "Grade only behind a wall of this strength; default for a folder and in CI: good. See grade doctor."
    )
    data_help = say("MNIST for labs that use it: mnist.npz, or a folder with its IDX files.")
    yield option("--list list_labs", list_help, language, is_flag=True)
    yield option("--output", output_help, language, type=path, metavar="DIR")
    yield option("--format formats", format_help, language, multiple=True, metavar="NAME")
    yield option("--watch", watch_help, language, is_flag=True)
    yield option("--jobs", jobs_help, language, type=jobs, metavar="N")
    yield option("--cluster", cluster_help, language, metavar="ADDRESS")
    yield option("--again", again_help, language, is_flag=True)
    yield option("--book", book_help, language, metavar="FILE|URL")
    yield option("--require-isolation isolation", isolation_help, language, type=click.Choice(LEVELS))
    yield option("--seed", say("Fix the questions; default: fresh ones."), language, type=seed)
    yield option("--data", data_help, language, type=path, metavar="PATH")
    yield language_option(language)
    yield course_option(language)
    yield option("--version", say("Show the version and exit."), language, is_flag=True)


def _grade(*, version: bool, list_labs: bool, watch: bool, **given: Any) -> int:  # noqa: ANN401 (click's parsed words)
    if version:
        click.echo(f"labgrader {__version__}")
        return 0
    if list_labs:
        return _list(given["course"], given["language"] if can_show(given["language"]) else "en")
    if given["lab"] is None:
        raise LabError(say("Which lab? `grade --list` names them, `grade --help` shows the rest."))
    check_lab(given["lab"], given["path"], given["course"])
    check_formats(given["formats"])
    if given["formats"] and given["output"] is None:
        raise LabError(say("--format needs --output DIR: the folder that the reports are written to."))
    from grader.workflow.marking import mark  # noqa: PLC0415 (same)
    from grader.workflow.options import Options  # noqa: PLC0415 (so that --help answers at once)

    options = Options(**given)

    def reporter() -> Reporter:
        from grader.workflow.progress import Reporter  # noqa: PLC0415 (loads while the worker starts)

        return Reporter(options.language if can_show(options.language) else "en")

    if watch:
        from grader.workflow.watching import keep_grading  # noqa: PLC0415 (rarely needed)

        try:
            keep_grading(options, reporter)
        except KeyboardInterrupt:  # the way in which it is ended
            _complain(say("Stopped."), options.language if can_show(options.language) else "en")
        return INTERRUPTED
    return mark(options, reporter)


def _list(folder: Path | None, language: Language) -> int:
    from grader.course.folder import course_or_kits  # noqa: PLC0415 (so that --help answers at once)
    from grader.reports.terminal import labs_table, show  # noqa: PLC0415 (same)
    from grader.workflow.marking import list_labs  # noqa: PLC0415 (same)

    found = list(list_labs(course_or_kits(folder)))
    show(labs_table(found, language))
    return USER_ERROR if any(isinstance(lab, LabError) for _, lab in found) else 0


def _language(words: Sequence[str], environment: Mapping[str, str]) -> Language:
    """Return the language of every message, also of those about the words themselves.

    Where nobody chose one and the output cannot show Chinese, it is English.
    """
    for word, after in pairwise([*words, ""]):
        for language in LANGUAGES:
            if word == f"--lang={language}" or (word, after) == ("--lang", language):
                return language
    return language_of(environment) if has_chinese(sys.stdout) else "en"


def _complain(text: Text, language: Language) -> None:
    with contextlib.suppress(OSError):  # nobody can be told: the exit status still says it
        click.echo(text.in_language(language), err=True)
