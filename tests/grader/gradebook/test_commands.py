"""`grade book`: what it shows, keeps and writes, in both languages, and what it says when something is wrong."""

from __future__ import annotations

import csv
import io
import re
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from grader.gradebook.book import open_book
from grader.gradebook.migrations import TABLE
from grader.records.record import load_record

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from grader.records.record import Record
    from tests.conftest import Said

CHINESE = re.compile("[\u4e00-\u9fff]")
SETTINGS = """
late: {percent_per_day: 10, percent_at_most: 30}
labs:
  lab01: {due: 2026-03-16 12:00, canvas: Lab 01 (4711)}
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return a book with three students in it."""
    return tmp_path / "gradebook.sqlite"


@pytest.fixture
def book(
    path: Path,
    course: Path,
    record: Callable[..., Record],
    grade: Callable[..., Said],
    monkeypatch: pytest.MonkeyPatch,
) -> Callable[..., Said]:
    """Return `grade book` at a book with three students, in a course with deadlines: `book("show", "lab01")`."""
    (course / "course.yaml").write_text(SETTINGS, "utf-8")
    monkeypatch.chdir(course)
    with open_book(path) as opened:
        opened.add(record("s001", earned="7.5"), datetime(2026, 3, 16, 3, 0, tzinfo=UTC))
        opened.add(record("s002", earned="10"), datetime(2026, 3, 17, 4, 30, tzinfo=UTC))
        opened.add(record("s003", earned=None, ungraded="it is empty", content=None, fault="submission"))

    def call(*words: object) -> Said:
        return grade("book", *words, "--book", path)

    return call


def told(said: Said) -> str:
    """Hold that a command said one sentence on standard error alone, and return it."""
    assert said.status == 2
    assert said.out == ""
    assert "Traceback" not in said.err
    assert said.err.count("\n") == 1, said.err
    return said.err.strip()


def line_of(text: str, start: str) -> str:
    """Return the line that begins with a word, its blanks folded."""
    (line,) = [one for one in text.splitlines() if one.startswith(start)]
    return " ".join(line.split())


# Looking --------------------------------------------------------------------------------------------------------------


def test_show_has_a_row_for_each_student_and_a_summary(book: Callable[..., Said]) -> None:
    said = book("show", "lab01")
    assert (said.status, said.err) == (0, "")
    assert line_of(said.out, "s001") == "s001 7.5 7.5"
    assert line_of(said.out, "s002") == "s002 10 8 days late: 2 (-2)"
    assert line_of(said.out, "s003") == "s003 – – it is empty"
    summary = "lab01, 10 points. Students: 3, with a score: 2, not graded: 1, without a submission: 0, excused: 0."
    assert said.out.splitlines()[-1] == summary


def test_history_has_every_result_and_every_mark_in_the_courses_time(book: Callable[..., Said]) -> None:
    book("add", "s002", "lab01", "-0.5", "--comment", "late again", "--by", "t001")
    said = book("history", "s002")
    text = " ".join(said.out.split())
    assert re.search(r"lab01 version 1: 10 of 10 points \(seed 7, labgrader 0\.1, content \w{8}\)", text)
    assert "handed in 2026-03-17 12:30" in text, "UTC+8"
    assert "-0.5 points added by t001: late again" in text
    assert text.index("version 1") < text.index("-0.5")
    assert book("history", "s002", "lab02").out.strip() == ""


def test_history_says_what_every_mark_was(book: Callable[..., Said]) -> None:
    by = ("--by", "t001")
    book("excuse", "s003", "lab01", "--comment", "ill", *by)
    book("excuse", "s003", "lab01", "--undo", *by)
    book("late", "s003", "lab01", "--days", 2, *by)
    book("late", "s003", "lab01", "--submitted", "2026-03-17 09:30", *by)
    book("late", "s003", "lab01", "--undo", *by)
    book("add", "s003", "lab01", "8", "--comment", "on paper", *by)
    book("comment", "s003", "lab01", "see me", *by)
    first, *rest = [" ".join(line.split()[2:]) for line in book("history", "s003").out.splitlines() if line.strip()]
    assert first.startswith("lab01 version 1: it is empty (seed 7, labgrader 0.1,")
    assert [line for line in rest if line.startswith("lab01")] == [
        "lab01 excused by t001: ill",
        "lab01 no longer excused by t001",
        "lab01 days late: 2 by t001",
        "lab01 handed in 2026-03-17 09:30 by t001",
        "lab01 late or not by the time of submission by t001",
        "lab01 +8 points added by t001: on paper",
        "lab01 comment by t001: see me",
    ]


def test_show_says_which_version_counts(book: Callable[..., Said], path: Path, record: Callable[..., Record]) -> None:
    with open_book(path) as opened:
        opened.add(record("s001", content="b", earned="9"))
    assert line_of(book("show", "lab01").out, "s001") == "s001 9 9 version 2"


def test_every_page_is_in_both_languages(book: Callable[..., Said], tmp_path: Path) -> None:
    calls = (
        *[("show", "lab01"), ("history", "s002"), ("excuse", "s001", "lab01"), ("late", "s001", "lab01", "--days", 1)],
        *[("export", name, "lab01", "--output", tmp_path / "out.csv") for name in ("canvas", "csv", "moodle")],
    )
    for words in calls:
        english = book(*words, "--lang", "en")
        assert (english.status, CHINESE.search(english.out + english.err)) == (0, None), words
        assert english.out.strip()
        assert book(*words, "--lang", "zh-TW").status == 0


@pytest.mark.parametrize("name", ["show", "history", "add", "excuse", "late", "comment", "import", "export"])
def test_every_command_has_a_help(grade: Callable[..., Said], name: str) -> None:
    said = grade("book", name, "--help")
    assert said.status == 0
    assert f"Usage: grade book {name}" in said.out
    assert "--book PLACE" in said.out


def test_without_a_command_the_help_is_shown(grade: Callable[..., Said]) -> None:
    said = grade("book")
    assert said.status == 0
    assert "export" in said.out


# Marks ----------------------------------------------------------------------------------------------------------------


def test_marks_change_the_score_and_say_what_it_is_now(book: Callable[..., Said]) -> None:
    said = book("add", "s001", "lab01", "1/2", "--comment", "a nice plot")
    assert said.out == "s001, lab01: 8 of 10 points. Automatic: 7.5. Added by the teacher: +0.5.\n"
    assert book("add", "s001", "lab01", "-2", "--comment", "no names").out.startswith("s001, lab01: 6 of 10 points.")
    assert book("late", "s001", "lab01", "--days", 1).out.endswith("Days late: 1, -1.\n")
    assert book("late", "s001", "lab01", "--submitted", "2026-03-30 12:00").out.startswith("s001, lab01: 3 of")
    assert book("late", "s001", "lab01", "--undo").out.startswith("s001, lab01: 6 of 10")
    assert book("excuse", "s001", "lab01", "--comment", "ill").out == "s001, lab01: Excused.\n"
    assert book("excuse", "s001", "lab01", "--undo").out.startswith("s001, lab01: 6 of 10")
    assert book("comment", "s001", "lab01", "see me").status == 0
    shown = " ".join(book("show", "lab01").out.split())
    assert "s001 7.5 6 -1.5 by the teacher; a nice plot; no names; see me" in shown


def test_a_student_of_the_class_list_may_be_excused_before_anything_is_graded(
    book: Callable[..., Said], tmp_path: Path
) -> None:
    (tmp_path / "class.csv").write_text("id\ns001\ns004\n", "utf-8")
    book("import", tmp_path / "class.csv")
    assert book("excuse", "s004", "lab02").out == "Kept. lab02 has no result yet.\n"
    assert line_of(book("show", "lab01").out, "s004") == "s004 – – nothing handed in"
    assert book("excuse", "s004", "lab01").status == 0
    assert line_of(book("show", "lab01").out, "s004") == "s004 – – excused; nothing handed in"


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("add", "s0001", "lab01", "2", "--comment", "x"), "s0001 is neither in the gradebook nor in its class list."),
        (("add", "s001", "lab9", "2", "--comment", "x"), 'There is no lab "lab9".'),
        (("add", "s001", "lab01", "two", "--comment", "x"), "two is no number of points; write it as 2, -0.5 or 1/3."),
        (("add", "s001", "lab01", "1/0", "--comment", "x"), "1/0 is no number of points"),
        (("add", "s001", "lab01", "1e9", "--comment", "x"), "1e9 is no number of points"),
        (("add", "s001", "lab01", "nan", "--comment", "x"), "nan is no number of points"),
        (("add", "s001", "lab01", "2"), "--comment TEXT is missing."),
        (("late", "s001", "lab01"), "Give one of --days N, --submitted TIME and --undo."),
        (("late", "s001", "lab01", "--days", "1", "--undo"), "Give one of"),
        (("late", "s001", "lab01", "--days", "-1"), "-1 does not fit --days N"),
        (("late", "s001", "lab01", "--submitted", "noon"), "noon is no date with a time; write it as 2026-03-16 23:59"),
        (("history", "s0001"), "s0001 is neither in the gradebook"),
        (("show", "lab02"), "The gradebook has no result of lab02; it has lab01."),
        (("show",), "LAB is missing."),
        (
            ("export", "excel", "lab01", "--output", "x.csv"),
            'There is no export "excel". The exports are: canvas,',
        ),
        (("export", "canvas", "--output", "x.csv"), "LABS is missing."),
        (("export", "canvas", "lab01"), "--output FILE is missing."),
        (("export", "canvas", "lab01", "--output", "none/x.csv"), "x.csv cannot be written"),
        (("import", "none.csv"), "none.csv cannot be read"),
        (("forget", "s001"), "forget"),
    ],
    ids=str,
)
def test_what_is_wrong_is_told_in_a_sentence_and_nothing_is_kept(
    book: Callable[..., Said], path: Path, words: tuple[str, ...], sentence: str
) -> None:
    assert sentence in told(book(*words))
    with open_book(path) as opened:
        assert opened.marks("lab01") == ()


# A class list ---------------------------------------------------------------------------------------------------------


def test_import_says_who_has_results_and_is_not_in_the_class_list(book: Callable[..., Said], tmp_path: Path) -> None:
    (tmp_path / "class.csv").write_text("id,name\ns001,n001\n,n002\ns004,n004\n", "utf-8")
    said = book("import", tmp_path / "class.csv")
    assert said.status == 0
    assert said.out.splitlines() == [
        f"The class of {tmp_path / 'gradebook.sqlite'} is read. Students: 2.",
        "Rows without the name of a submission, which were left out: 1.",
        "They have results but are not in the class list: s002, s003",
    ]
    shown = book("show", "lab01")
    assert line_of(shown.out, "s001").startswith("s001 n001 7.5")
    assert line_of(shown.out, "s002").startswith("s002 10"), "and is shown all the same"
    assert shown.err == "Not in the class list: s002, s003\n"


def test_import_says_that_students_are_known_by_canvas_own_id(book: Callable[..., Said], tmp_path: Path) -> None:
    (tmp_path / "class.csv").write_text("Student,ID,Section\nn001,1001,A\nn002,1002,A\n", "utf-8")
    said = book("import", tmp_path / "class.csv")
    assert said.out.splitlines()[1] == ("Students known by Canvas' own ID, as no SIS number is listed for them: 2.")


def test_a_class_list_may_be_the_first_thing_in_a_book(grade: Callable[..., Said], tmp_path: Path) -> None:
    (tmp_path / "class.csv").write_text("id\ns001\n", "utf-8")
    assert grade("book", "import", tmp_path / "class.csv", "--book", tmp_path / "new").status == 0
    with open_book(tmp_path / "new", create=False) as opened:
        assert [student.student for student in opened.class_list()] == ["s001"]


def test_a_class_list_that_is_none_makes_no_book(grade: Callable[..., Said], tmp_path: Path) -> None:
    (tmp_path / "class.csv").write_text("nothing\n", "utf-8")
    told(grade("book", "import", tmp_path / "class.csv", "--book", tmp_path / "new"))
    assert not (tmp_path / "new").exists()


# Exports --------------------------------------------------------------------------------------------------------------


def test_an_export_is_written_whole_with_what_it_needs_and_notes_beside_it(
    book: Callable[..., Said], tmp_path: Path
) -> None:
    said = book("export", "canvas", "lab01", "--output", tmp_path / "canvas.csv")
    assert (said.status, said.out) == (0, f"{tmp_path / 'canvas.csv'} is written. Students: 3.\n")
    assert said.err == "Empty cells: 1. For these, Canvas takes a grade away if it has one.\n"
    content = (tmp_path / "canvas.csv").read_bytes()
    assert content.startswith(b'"Student","ID","SIS User ID","SIS Login ID","Section","Lab 01 (4711)"\r\n')
    found = list(csv.reader(io.StringIO(content.decode("utf-8"), newline="")))
    assert [row[5] for row in found[2:]] == ["7.5", "8", ""]


def test_a_lab_that_is_named_twice_is_exported_once(book: Callable[..., Said], tmp_path: Path) -> None:
    book("export", "moodle", "lab01", "lab01", "--output", tmp_path / "moodle.csv")
    header = (tmp_path / "moodle.csv").read_text("utf-8").splitlines()[0]
    assert header == '"Username","Lab lab01","Lab lab01 feedback"'


# Where ----------------------------------------------------------------------------------------------------------------


def test_the_book_in_this_folder_is_taken_where_none_is_named(
    book: Callable[..., Said], grade: Callable[..., Said], path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert book("show", "lab01").status == 0
    monkeypatch.chdir(path.parent)
    said = grade("book", "show", "lab01")
    assert said.status == 0
    assert line_of(said.out, "s002") == "s002 10 10", "without a course there is no deadline"
    assert "No course here: no deadline and no late policy was applied." in said.err
    assert line_of(grade("book", "show", "lab01", "--course", path.parent / "course").out, "s002").startswith(
        "s002 10 8"
    )


def test_where_there_is_no_book_none_is_made(
    grade: Callable[..., Said], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert "There is no gradebook" in told(grade("book", "show", "lab01"))
    assert "is no course" in told(grade("book", "show", "lab01", "--course", tmp_path))
    assert list(tmp_path.iterdir()) == []


def test_a_mistake_in_the_courses_settings_is_told_with_its_line(book: Callable[..., Said], course: Path) -> None:
    (course / "course.yaml").write_text("late:\n  per_day: 10\n", "utf-8")
    assert "course.yaml, line 2, late.per_day: unknown key; allowed: percent_per_day" in told(book("show", "lab01"))


def test_a_book_of_a_newer_grader_and_a_file_of_something_else_are_told(
    book: Callable[..., Said], grade: Callable[..., Said], path: Path, tmp_path: Path
) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"UPDATE {TABLE} SET version_num = '0099'")  # noqa: S608 (our constant)
        connection.commit()
    assert "was written by a newer grader" in told(book("show", "lab01"))
    (tmp_path / "notes.txt").write_text("notes " * 999, "utf-8")
    assert "it is not an SQLite file" in told(grade("book", "show", "lab01", "--book", tmp_path / "notes.txt"))


def test_a_locked_book_ends_with_the_machinerys_status(
    book: Callable[..., Said], path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "grader.gradebook.book.open_book.__wrapped__.__kwdefaults__", {"create": True, "busy_seconds": 0.1}
    )
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        said = book("comment", "s001", "lab01", "x")
    assert said.status == 3
    assert "Another program keeps the gradebook" in said.err


# With a real grading --------------------------------------------------------------------------------------------------


@pytest.mark.kernel
def test_a_real_record_is_kept_shown_and_exported_with_what_to_do_first(
    grade: Callable[..., Said], root: Path, tmp_path: Path
) -> None:
    grade("lab01", root / "labs" / "lab01.ipynb", "--output", tmp_path, "--seed", 7)
    kept = load_record(tmp_path / "lab01.json")
    with open_book(tmp_path) as opened:
        assert opened.add(kept)
        assert opened.latest("lab01")[0].record() == kept
    assert line_of(grade("book", "show", "lab01", "--book", tmp_path).out, "lab01 ").startswith("lab01 0 0")
    grade("book", "export", "moodle", "lab01", "--output", tmp_path / "m.csv", "--book", tmp_path, "--lang", "en")
    feedback = next(csv.reader((tmp_path / "m.csv").read_text("utf-8").splitlines()[1:]))[2]
    assert feedback.startswith("0 of 100 points. / Write ")


def test_help_loads_no_database_and_nothing_else_that_takes_time() -> None:
    script = "import sys; from grader.cli import main; main(['book', '--help']); print(*sys.modules, file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True)
    loaded = set(done.stderr.split())
    assert "grader.commands.book" in loaded
    assert not loaded & {"sqlalchemy", "alembic", "pydantic", "numpy", "rich"}


def test_a_student_is_renamed_withdrawn_and_brought_back(book: Callable[..., Said]) -> None:
    said = book("rename", "s002", "王小明", "--comment", "married")
    assert (said.status, "s002 is called 王小明 from now on" in said.out) == (0, True)
    shown = book("show", "lab01").out
    assert "王小明" in shown
    assert "s002" not in shown
    assert "married" in book("history", "s002").out
    assert "is on no page" in book("withdraw", "s002").out
    assert "王小明" not in book("show", "lab01").out
    assert "withdrawn" in book("history", "王小明").out
    assert book("withdraw", "王小明", "--undo").status == 0
    assert "王小明" in book("show", "lab01").out
    assert "neither in the gradebook" in told(book("rename", "nobody", "s001"))
    assert "cannot be" in told(book("rename", "s001", "a/b\n"))


def test_of_two_with_one_name_the_one_who_is_not_in_the_list_is_named_and_stays(
    book: Callable[..., Said], path: Path, record: Callable[..., Record], tmp_path: Path
) -> None:
    with open_book(path) as opened:
        opened.add(record("王小明_17", earned="10"))
        opened.add(record("王小明_24", content="b", earned="0"))
    (tmp_path / "list.csv").write_text("id,name\n王小明_24,王小明\ns002,陳怡君\n", "utf-8")
    assert "王小明_17" in book("import", tmp_path / "list.csv").out
    shown = book("show", "lab01")
    assert line_of(shown.out, "王小明_17") == "王小明_17 10 10"
    assert line_of(shown.out, "王小明_24") == "王小明_24 王小明 0 0"
    assert "王小明_17" in shown.err
    book("export", "csv", "lab01", "--output", tmp_path / "out.csv")
    assert "王小明_17" in (tmp_path / "out.csv").read_text("utf-8")


def test_a_late_mark_that_costs_nothing_says_why(book: Callable[..., Said], course: Path) -> None:
    assert "-1" in book("late", "s001", "lab01", "--days", 1).out
    assert book("late", "s001", "lab01", "--days", 1).err == ""
    (course / "course.yaml").unlink()
    said = book("late", "s001", "lab01", "--days", 1)
    assert "-0" not in said.out
    assert "Days late: 1." in said.out
    assert "no late policy" in said.err
    assert "no deadline in course.yaml" in book("late", "s001", "lab01", "--submitted", "2026-03-17 09:30").err
    book("late", "s001", "lab01", "--days", 1)
    assert line_of(book("show", "lab01").out, "s001") == "s001 7.5 7.5 days late: 1"


def test_who_is_excused_is_not_told_to_hand_in(book: Callable[..., Said]) -> None:
    book("excuse", "s003", "lab01", "--comment", "ill")
    assert line_of(book("show", "lab01").out, "s003") == "s003 – – excused; not graded; ill"
    chinese = line_of(book("show", "lab01", "--lang", "zh-TW").out, "s003")
    assert ";" not in chinese
    assert "；" in chinese


def test_an_export_leaves_one_file_where_the_user_wants_it_and_replaces_its_own_alone(
    book: Callable[..., Said], tmp_path: Path
) -> None:
    (tmp_path / "mine").mkdir()
    file = tmp_path / "mine/c.csv"
    words = ("export", "csv", "lab01", "--output", file)
    assert book(*words).status == 0
    book("add", "s001", "lab01", "1", "--comment", "fine")
    assert book(*words).status == 0
    assert "fine" in file.read_text("utf-8")
    assert [path.name for path in (tmp_path / "mine").iterdir()] == ["c.csv"]
    file.write_text("a teacher's own", "utf-8")
    assert book(*words).status == 2
    assert file.read_text("utf-8") == "a teacher's own"
