"""`grade book`: what teachers do with the gradebook: look, add marks, import a class list, export scores."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from grader.commands import AbsolutePath, course_option, language_option, option
from grader.errors import LabError
from grader.messages.sentences import say

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    from rich.console import RenderableType

    from grader.gradebook.entries import Kind
    from grader.model import Language, Text


def command(language: Language) -> click.Command:
    """Return the command and its own commands, their help in one language."""
    help_text = say("Shows and exports what is in the gradebook, and adds marks to it.")
    group = click.Group(
        "book",
        callback=_help_alone,
        invoke_without_command=True,
        help=help_text.in_language(language),
        params=[language_option(language)],
    )
    looking, marking = (_show, _history, _export), (_add, _excuse, _late, _comment, _request, _answer)
    for make in (*looking, *marking, _rename, _withdraw, _import, _times):
        group.add_command(make(language))
    return group


def _show(language: Language) -> click.Command:
    def show_lab(*, lab: str, book: str | None, course: Path | None, language: Language) -> None:
        from grader.gradebook.pages import count_text, sheet_table  # noqa: PLC0415 (so that --help answers at once)
        from grader.gradebook.teacher import teacher_at  # noqa: PLC0415 (same)

        with teacher_at(book, course) as teacher:
            sheet = teacher.sheet([lab])
            language = teacher.spoken(language, [lab])
        _page(sheet_table(sheet, language))
        _tell([count_text(sheet)], language)
        _note((*teacher.notes, *sheet.notes), language)

    help_text = say("Shows a lab: every student's score, and what it is made of.")
    return _command("show", show_lab, language, help_text=help_text, params=[_words("lab")])


def _history(language: Language) -> click.Command:
    def show_history(
        *, student: str, lab: str | None, book: str | None, course: Path | None, language: Language
    ) -> None:
        from grader.gradebook.history_page import history_table  # noqa: PLC0415 (so that --help answers at once)
        from grader.gradebook.teacher import teacher_at  # noqa: PLC0415 (same)

        with teacher_at(book, course) as teacher:
            teacher.book.check_student(student)
            entries = teacher.book.history(student, lab)
            language = teacher.spoken(language, sorted({entry.lab for entry in entries}))
        _page(history_table(entries, teacher.settings, language))

    help_text = say("Shows all that happened to a student: every result and every mark, with its time.")
    params = [_words("student"), click.Argument(["lab"], required=False)]
    return _command("history", show_history, language, help_text=help_text, params=params)


def _add(language: Language) -> click.Command:
    def add(*, points: str, **given: Any) -> None:  # noqa: ANN401 (click's parsed words)
        from grader.gradebook.teacher import read_points  # noqa: PLC0415 (so that --help answers at once)

        _mark("add", points=read_points(points), **given)

    help_text = say("Adds points to a student's score in a lab, or takes them away (-2). They add up.")
    bonus_help = say("They may lead above all points of the lab; others are cut there.")
    bonus = option("--bonus", bonus_help, language, is_flag=True)
    params = [_words("student"), _words("lab"), _words("points"), bonus, *_comment_and_by(language, required=True)]
    made = _command("add", add, language, help_text=help_text, params=params)
    made.ignore_unknown_options = True  # -2 is a number of points, and no option
    return made


def _excuse(language: Language) -> click.Command:
    def excuse(*, undo: bool, **given: Any) -> None:  # noqa: ANN401 (click's parsed words)
        _mark("unexcuse" if undo else "excuse", **given)

    help_text = say("Excuses a student from a lab.")
    params = [_words("student"), _words("lab"), _undo(language), *_comment_and_by(language)]
    return _command("excuse", excuse, language, help_text=help_text, params=params)


def _late(language: Language) -> click.Command:
    def late(*, days: int | None, submitted: str | None, undo: bool, **given: Any) -> None:  # noqa: ANN401 (click's parsed words)
        if (days is not None) + (submitted is not None) + undo != 1:
            raise LabError(say("Give one of --days N, --submitted TIME and --undo."))
        _mark("late", days=days, submitted=submitted, **given)

    help_text = say("Says how late a submission was; course.yaml says what that costs.")
    days_help = say("How many days late; 0: on time.")
    submitted_help = say("When it was handed in, such as 2026-03-16 23:59, in the course's time zone.")
    params = [
        _words("student"),
        _words("lab"),
        option("--days", days_help, language, type=click.IntRange(0, 999), metavar="N"),
        option("--submitted", submitted_help, language, metavar="TIME"),
        _undo(language),
        *_comment_and_by(language),
    ]
    return _command("late", late, language, help_text=help_text, params=params)


def _comment(language: Language) -> click.Command:
    def comment(*, text: str, **given: Any) -> None:  # noqa: ANN401 (click's parsed words)
        _mark("comment", comment=text, **given)

    help_text = say("Adds a comment for the student.")
    params = [_words("student"), _words("lab"), _words("text"), _by(language)]
    return _command("comment", comment, language, help_text=help_text, params=params)


def _request(language: Language) -> click.Command:
    def request(*, text: str, **given: Any) -> None:  # noqa: ANN401 (click's parsed words)
        _mark("request", comment=text, **given)

    help_text = say("Notes what a student asks to be looked at again. It is open until it is answered.")
    params = [_words("student"), _words("lab"), _words("text"), _by(language)]
    return _command("request", request, language, help_text=help_text, params=params)


def _answer(language: Language) -> click.Command:
    def answer(*, text: str, **given: Any) -> None:  # noqa: ANN401 (click's parsed words)
        _mark("answer", comment=text, **given)

    help_text = say("Answers what a student asked to be looked at again; the student reads it.")
    params = [_words("student"), _words("lab"), _words("text"), _by(language)]
    return _command("answer", answer, language, help_text=help_text, params=params)


def _rename(language: Language) -> click.Command:
    def rename_student(
        *,
        old: str,
        new: str,
        book: str | None,
        course: Path | None,
        language: Language,
        **said: Any,  # noqa: ANN401 (click's parsed words)
    ) -> None:
        from grader.gradebook.class_changes import rename  # noqa: PLC0415 (so that --help answers at once)
        from grader.gradebook.teacher import teacher_at  # noqa: PLC0415 (same)

        with teacher_at(book, course) as teacher:
            _tell(rename(teacher, old, new, **said), teacher.spoken(language))

    help_text = say("Renames a student in every lab; two names of one student become one. The history stays.")
    params = [_words("old"), _words("new"), *_comment_and_by(language)]
    return _command("rename", rename_student, language, help_text=help_text, params=params)


def _withdraw(language: Language) -> click.Command:
    def withdraw_student(
        *,
        student: str,
        book: str | None,
        course: Path | None,
        language: Language,
        **said: Any,  # noqa: ANN401 (click's parsed words)
    ) -> None:
        from grader.gradebook.class_changes import withdraw  # noqa: PLC0415 (so that --help answers at once)
        from grader.gradebook.teacher import teacher_at  # noqa: PLC0415 (same)

        with teacher_at(book, course) as teacher:
            _tell(withdraw(teacher, student, **said), teacher.spoken(language))

    help_text = say("Takes a student who has left off every page and export. The history stays.")
    params = [_words("student"), _undo(language), *_comment_and_by(language)]
    return _command("withdraw", withdraw_student, language, help_text=help_text, params=params)


def _times(language: Language) -> click.Command:
    def import_lab_times(
        *, lab: str, files: tuple[Path, ...], book: str | None, course: Path | None, language: Language
    ) -> None:
        from grader.gradebook.class_changes import import_times  # noqa: PLC0415 (so that --help answers at once)
        from grader.gradebook.teacher import teacher_at  # noqa: PLC0415 (same)

        with teacher_at(book, course) as teacher:
            teacher.check_lab(lab)
            _tell(import_times(teacher, lab, files), teacher.spoken(language, [lab]))

    help_text = say("Reads when a lab was handed in, for the whole class, from what Moodle or Gradescope export.")
    files = click.Argument(["files"], nargs=-1, required=True, type=AbsolutePath())
    return _command("times", import_lab_times, language, help_text=help_text, params=[_words("lab"), files])


def _import(language: Language) -> click.Command:
    def import_files(
        *, files: tuple[Path, ...], student: str | None, book: str | None, course: Path | None, language: Language
    ) -> None:
        from grader.gradebook.class_changes import import_class  # noqa: PLC0415 (so that --help answers at once)
        from grader.gradebook.class_file import read_class_lists  # noqa: PLC0415 (same)
        from grader.gradebook.teacher import teacher_at  # noqa: PLC0415 (same)

        found = read_class_lists(files, student)
        with teacher_at(book, course, create=True) as teacher:
            _tell(import_class(teacher, found, files), teacher.spoken(language))

    help_text = say("Reads the class list: a CSV of your own, or what Canvas or Moodle export.")
    student_help = say("The column that says what submissions are called.")
    params: list[click.Parameter] = [
        click.Argument(["files"], nargs=-1, required=True, type=AbsolutePath()),
        option("--student", student_help, language, metavar="COLUMN"),
    ]
    return _command("import", import_files, language, help_text=help_text, params=params)


def _export(language: Language) -> click.Command:
    def export_labs(
        *, kind: str, labs: tuple[str, ...], output: Path, book: str | None, course: Path | None, language: Language
    ) -> None:
        from grader.gradebook.teacher import export, teacher_at  # noqa: PLC0415 (so that --help answers at once)

        with teacher_at(book, course) as teacher:
            written, *notes = export(teacher, kind, labs, path=output, language=language)
            language = teacher.spoken(language, labs)
        _tell([written], language)
        _note(notes, language)

    help_text = say("Writes the scores of labs to a file, as Canvas or Moodle import them, or as plain CSV.")
    path = AbsolutePath()
    params: list[click.Parameter] = [
        click.Argument(["kind"], metavar="canvas|canvas_comments|moodle|csv"),
        click.Argument(["labs"], nargs=-1, required=True),
        option("--output", say("The file to write."), language, required=True, type=path, metavar="FILE"),
    ]
    return _command("export", export_labs, language, help_text=help_text, params=params)


def _mark(
    kind: Kind,
    *,
    book: str | None,
    course: Path | None,
    language: Language,
    submitted: str | None = None,
    **said: Any,  # noqa: ANN401 (the other fields of a mark)
) -> None:
    """Add a mark and say how the student stands after it."""
    from grader.course.settings import written_moment  # noqa: PLC0415 (so that --help answers at once)
    from grader.gradebook.entries import Mark  # noqa: PLC0415 (same)
    from grader.gradebook.teacher import teacher_at  # noqa: PLC0415 (same)

    with teacher_at(book, course) as teacher:
        teacher.check_lab(said["lab"])
        if kind == "answer":
            teacher.check_open_request(said["student"], said["lab"])
        moment = None if submitted is None else written_moment(submitted, teacher.settings)
        mark = Mark(kind=kind, submitted=moment, **said)
        teacher.book.add_mark(mark)
        language = teacher.spoken(language, [mark.lab])
        _tell([teacher.standing_text(mark.student, mark.lab)], language)
        _note((*teacher.notes, *teacher.notes_on(mark)), language)


def _command(
    name: str,
    callback: Callable[..., None],
    language: Language,
    *,
    help_text: Text,
    params: Sequence[click.Parameter],
) -> click.Command:
    book_help = say("The gradebook: a file, its folder, or postgresql://USER@HOST/DATABASE; default: the one here.")
    book = option("--book", book_help, language, metavar="PLACE")
    every = [*params, book, course_option(language), language_option(language)]
    return click.Command(name, callback=callback, help=help_text.in_language(language), params=every)


def _words(name: str) -> click.Argument:
    return click.Argument([name])


def _undo(language: Language) -> click.Option:
    return option("--undo", say("Take the last one back."), language, is_flag=True)


def _comment_and_by(language: Language, *, required: bool = False) -> list[click.Parameter]:
    help_text = say("Why; the student reads it in the exports.")
    given = {"required": True} if required else {"default": ""}
    return [option("--comment", help_text, language, metavar="TEXT", **given), _by(language)]


def _by(language: Language) -> click.Option:
    return option("--by made_by", say("Who says so; default: your user name."), language, metavar="NAME")


@click.pass_context
def _help_alone(context: click.Context, /, **_: object) -> None:
    """Show the help where no command was named."""
    if context.invoked_subcommand is None:
        click.echo(context.get_help())


def _page(what: RenderableType) -> None:
    from grader.reports.terminal import Plain, show  # noqa: PLC0415 (so that --help answers at once)

    show(Plain(what))


def _tell(texts: Iterable[Text], language: Language) -> None:
    for text in texts:
        click.echo(text.in_language(language))


def _note(texts: Iterable[Text], language: Language) -> None:
    for text in texts:
        click.echo(text.in_language(language), err=True)
