"""`grade book`: what teachers do with the gradebook: look, add marks of their own, import a class, export scores."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from grader.errors import LabError
from grader.messages.sentences import say

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from rich.console import RenderableType

    from grader.gradebook.teacher import Teacher
    from grader.model import Language, Text

LAB = "lab"
STUDENT = "student"


def command(language: Language) -> click.Command:
    """Return the command and its own commands, their help in one language."""
    help_text = say("Shows and exports what is in the gradebook, and adds marks to it.")
    group = click.Group(
        "book",
        callback=_help_alone,
        invoke_without_command=True,
        help=help_text.in_language(language),
        params=[_lang(language)],
    )
    for make in (_show, _history, _add, _excuse, _late, _comment, _import, _export):
        group.add_command(make(language))
    return group


def _show(language: Language) -> click.Command:
    def show_lab(lab: str, **place: Any) -> None:  # noqa: ANN401 (click's parsed words)
        from grader.gradebook.pages import count_text, sheet_table  # noqa: PLC0415 (same)
        from grader.gradebook.teacher import teacher_at  # noqa: PLC0415 (so that --help answers at once)

        with teacher_at(**place) as teacher:
            sheet = teacher.sheet([lab])
        _page(sheet_table(sheet, language))
        _tell([count_text(sheet)], language)
        _note((*teacher.notes, *sheet.notes), language)

    help_text = say("Shows a lab: every student's score, and what it is made of.")
    return _command("show", show_lab, help_text, language, [_words(LAB)])


def _history(language: Language) -> click.Command:
    def show_history(student: str, lab: str | None, **place: Any) -> None:  # noqa: ANN401 (click's parsed words)
        from grader.gradebook.pages import history_table  # noqa: PLC0415 (same)
        from grader.gradebook.teacher import teacher_at  # noqa: PLC0415 (so that --help answers at once)

        with teacher_at(**place) as teacher:
            teacher.book.check_student(student)
            entries = teacher.book.history(student, lab)
        _page(history_table(entries, teacher.settings, language))

    help_text = say("Shows all that happened to a student: every result and every mark, with its time.")
    params = [_words(STUDENT), click.Argument([LAB], required=False)]
    return _command("history", show_history, help_text, language, params)


def _add(language: Language) -> click.Command:
    def add(student: str, lab: str, points: str, comment: str, by: str | None, **place: Any) -> None:  # noqa: ANN401 (same)
        from grader.gradebook.teacher import read_points  # noqa: PLC0415 (so that --help answers at once)

        number = read_points(points)
        _mark(language, student, lab, lambda teacher: teacher.book.adjust(student, lab, number, comment, by=by), place)

    help_text = say("Adds points to a student's score in a lab, or takes them away (-2). They add up.")
    params = [_words(STUDENT), _words(LAB), _words("points"), *_comment_and_by(language, required=True)]
    made = _command("add", add, help_text, language, params)
    made.ignore_unknown_options = True  # -2 is a number of points, and no option
    return made


def _excuse(language: Language) -> click.Command:
    def excuse(student: str, lab: str, comment: str, by: str | None, *, undo: bool, **place: Any) -> None:  # noqa: ANN401 (same)
        def make(teacher: Teacher) -> None:
            teacher.book.excuse(student, lab, comment, undo=undo, by=by)

        _mark(language, student, lab, make, place)

    help_text = say("Excuses a student from a lab.")
    params = [_words(STUDENT), _words(LAB), _undo(language), *_comment_and_by(language)]
    return _command("excuse", excuse, help_text, language, params)


def _late(language: Language) -> click.Command:
    def late(
        student: str,
        lab: str,
        days: int | None,
        submitted: str | None,
        comment: str,
        by: str | None,
        *,
        undo: bool,
        **place: Any,  # noqa: ANN401 (click's parsed words)
    ) -> None:
        if (days is not None) + (submitted is not None) + undo != 1:
            raise LabError(say("Say one of --days N, --submitted TIME and --undo."))
        from grader.course.settings import written_moment  # noqa: PLC0415 (so that --help answers at once)

        def make(teacher: Teacher) -> None:
            moment = None if submitted is None else written_moment(submitted, teacher.settings)
            teacher.book.mark_late(student, lab, comment, days=days, submitted=moment, by=by)

        _mark(language, student, lab, make, place)

    help_text = say("Says how late a submission was; what that costs stands in course.yaml.")
    days_help = say("So many days late; 0: in time.")
    submitted_help = say("When it was handed in, such as 2026-03-16 23:59, in the course's time zone.")
    params = [
        _words(STUDENT),
        _words(LAB),
        _option("--days", days_help, language, type=click.IntRange(0, 999), metavar="N"),
        _option("--submitted", submitted_help, language, metavar="TIME"),
        _undo(language),
        *_comment_and_by(language),
    ]
    return _command("late", late, help_text, language, params)


def _comment(language: Language) -> click.Command:
    def comment(student: str, lab: str, text: str, by: str | None, **place: Any) -> None:  # noqa: ANN401 (click's parsed words)
        _mark(language, student, lab, lambda teacher: teacher.book.comment(student, lab, text, by=by), place)

    help_text = say("Adds a comment for the student.")
    params = [_words(STUDENT), _words(LAB), _words("text"), _by(language)]
    return _command("comment", comment, help_text, language, params)


def _import(language: Language) -> click.Command:
    def import_files(files: tuple[Path, ...], student: str | None, **place: Any) -> None:  # noqa: ANN401 (click's parsed words)
        from grader.gradebook.classfile import read_class_lists  # noqa: PLC0415 (so that --help answers at once)
        from grader.gradebook.teacher import import_class, teacher_at  # noqa: PLC0415 (same)

        found = read_class_lists(files, student)
        with teacher_at(**place, create=True) as teacher:
            _tell(import_class(teacher, found, files), language)

    help_text = say("Reads the class list: a CSV of your own, or what Canvas or Moodle export.")
    student_help = say("The column that holds what submissions are called.")
    params: list[click.Parameter] = [
        click.Argument(["files"], nargs=-1, required=True, type=click.Path(path_type=Path)),
        _option("--student", student_help, language, metavar="COLUMN"),
    ]
    return _command("import", import_files, help_text, language, params)


def _export(language: Language) -> click.Command:
    def export_labs(kind: str, labs: tuple[str, ...], output: Path, **place: Any) -> None:  # noqa: ANN401 (click's parsed words)
        from grader.gradebook.teacher import export, teacher_at  # noqa: PLC0415 (so that --help answers at once)

        with teacher_at(**place) as teacher:
            written, *notes = export(teacher, kind, labs, output, language)
        _tell([written], language)
        _note(notes, language)

    help_text = say("Writes the scores of labs to a file, as Canvas or Moodle import them, or as plain CSV.")
    output_help = say("The file to write.")
    params: list[click.Parameter] = [
        click.Argument(["kind"], metavar="canvas|moodle|csv"),
        click.Argument(["labs"], nargs=-1, required=True),
        _option("--output", output_help, language, required=True, type=click.Path(path_type=Path), metavar="FILE"),
    ]
    return _command("export", export_labs, help_text, language, params)


def _mark(language: Language, student: str, lab: str, make: Callable[[Teacher], None], place: dict[str, Any]) -> None:
    """Make a mark and say where the student stands after it."""
    from grader.gradebook.teacher import teacher_at  # noqa: PLC0415 (so that --help answers at once)

    with teacher_at(**place) as teacher:
        teacher.check_lab(lab)
        make(teacher)
        _tell([teacher.standing_text(student, lab)], language)
        _note(teacher.notes, language)


def _command(
    name: str, callback: Callable[..., None], help_text: Text, language: Language, params: Sequence[click.Parameter]
) -> click.Command:
    book_help = say("The gradebook: a file, its folder, or postgresql://USER@HOST/DATABASE; else the one here.")
    course_help = say("The course's folder; else looked for from here upwards.")
    common = [
        _option("--book", book_help, language, metavar="PLACE"),
        _option("--course", course_help, language, type=click.Path(path_type=Path), metavar="DIR"),
        _lang(language),
    ]
    return click.Command(name, callback=callback, help=help_text.in_language(language), params=[*params, *common])


def _words(name: str) -> click.Argument:
    return click.Argument([name])


def _option(name: str, help_text: Text, language: Language, **more: Any) -> click.Option:  # noqa: ANN401 (click's own)
    return click.Option([name], help=help_text.in_language(language), **more)


def _lang(language: Language) -> click.Option:
    """Return the option that was read before everything else, so that it is known and stands in the help."""
    help_text = say("The language of the page.")
    return _option("--lang", help_text, language, type=click.Choice(["zh-TW", "en"]), expose_value=False)


def _undo(language: Language) -> click.Option:
    return _option("--undo", say("Take the last one back."), language, is_flag=True)


def _comment_and_by(language: Language, *, required: bool = False) -> list[click.Parameter]:
    help_text = say("Why; the student reads it in the exports.")
    given = {"required": True} if required else {"default": ""}
    return [_option("--comment", help_text, language, metavar="TEXT", **given), _by(language)]


def _by(language: Language) -> click.Option:
    return _option("--by", say("Who says so; else your user name."), language, metavar="NAME")


@click.pass_context
def _help_alone(context: click.Context) -> None:
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
