"""What the command line says, in both languages, and with which exit status: above all when something is wrong."""

from __future__ import annotations

import json
import os
import re
import shutil
import stat
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import grader
from grader import __version__, commands
from grader.commands import AbsolutePath
from grader.registry import names_in
from grader.system import HERE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.conftest import Said
    from tests.golden import Golden

GRADE = Path(sys.executable).with_name("grade")
CHINESE = re.compile("[\u4e00-\u9fff]")
SOLVED = "reference/solutions/lab01.ipynb"


def one_sentence(said: Said, status: int) -> str:
    """Hold that a command said one thing on standard error, no traceback, and return it."""
    assert said.status == status
    assert said.out == ""
    assert "Traceback" not in said.err
    assert said.err.count("\n") == 1, said.err
    return said.err.strip()


def in_both(grade: Callable[..., Said], *words: object, status: int = 2) -> str:
    """Hold that the sentence comes in both languages, and return the English one."""
    chinese = one_sentence(grade(*words, "--lang", "zh-TW"), status)
    assert CHINESE.search(chinese), chinese
    english = one_sentence(grade(*words, "--lang", "en"), status)
    assert not CHINESE.search(english), english
    return english


# What works -----------------------------------------------------------------------------------------------------------


def test_list_names_the_labs_with_titles_and_points(grade: Callable[..., Said]) -> None:
    said = grade("--list", "--lang", "zh-TW")
    assert said.status == 0
    assert re.search(r"^lab01 +Lab01.*100 分$", said.out, re.MULTILINE)
    assert re.search(r"^lab02 +Lab02.*100 分$", said.out, re.MULTILINE)


def test_the_language_is_the_readers_and_lang_overrides_it(
    grade: Callable[..., Said], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LANG", "zh_TW.UTF-8")
    assert "分" in grade("--list").out
    assert "points" in grade("--list", "--lang", "en").out
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    assert "points" in grade("--list").out


def test_version_and_help_answer(grade: Callable[..., Said]) -> None:
    assert __version__ in grade("--version").out
    assert grade("--help", "--lang", "zh-TW").out.count("\n") > 10
    assert CHINESE.search(grade("--lang=zh-TW", "--help").out)


@pytest.mark.parametrize("words", [("--help",), ("book", "--help"), ("book", "late", "--help")])
def test_help_is_all_in_one_language(grade: Callable[..., Said], words: tuple[str, ...]) -> None:
    english, chinese = (grade(*words, "--lang", language).out for language in ("en", "zh-TW"))
    assert "Options" in english
    assert "選項" in chinese
    for word in ("Usage", "Options", "Commands", "Show this"):
        assert word not in chinese
    assert "--output DIR" in grade().out


def test_help_loads_nothing_that_takes_time() -> None:
    """It answers in a tenth of a second, of which Python and click are most."""
    script = (
        "import sys; own = {*sys.modules}; from grader.cli import main; main(['--help']); "
        "print(*sys.modules.keys() - own, file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True)
    loaded = {name.partition(".")[0] for name in done.stderr.split() if not name.startswith("_")}
    assert loaded - sys.stdlib_module_names == {"click", "grader"}

    def seconds(*command: str) -> float:
        began = time.perf_counter()
        subprocess.run(command, check=True, capture_output=True)
        return time.perf_counter() - began

    click_alone = min(seconds(sys.executable, "-c", "import click") for _ in range(5))
    assert min(seconds(sys.executable, "-m", "grader", "--help") for _ in range(5)) < 4 * click_alone


@pytest.mark.kernel
def test_grading_leaves_nothing_where_the_user_stands(root: Path, tmp_path: Path) -> None:
    words = ["lab02", str(root / "tests/samples/lab02/s001.ipynb"), "--course", str(root), "--seed", "7"]
    environment = {name: value for name, value in os.environ.items() if name != "HYPOTHESIS_STORAGE_DIRECTORY"}
    done = subprocess.run([str(GRADE), *words], cwd=tmp_path, env=environment, capture_output=True, check=False)
    assert done.returncode == 1
    assert list(tmp_path.iterdir()) == []


@pytest.mark.kernel
def test_without_a_path_the_notebook_here_is_graded_before_the_courses_own(
    grade: Callable[..., Said], root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "○" in grade("lab01").out, "labs/lab01.ipynb is the stub"
    (tmp_path / "lab01.ipynb").write_bytes((root / SOLVED).read_bytes())
    monkeypatch.chdir(tmp_path)
    assert grade("lab01", "--course", root).status == 0


def test_the_course_is_found_from_a_folder_inside_it(
    grade: Callable[..., Said], root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(root / "tests" / "samples")
    assert grade("--list").status == 0


def test_the_published_schemas_are_those_that_validate(grade: Callable[..., Said], root: Path, golden: Golden) -> None:
    files = {"rubric": "rubrics/rubric.schema.json", "record": "docs/record.schema.json", "kit": "docs/kit.schema.json"}
    for what, file in files.items():
        said = grade("schema", what)
        assert said.status == 0
        golden(root / file, said.out)


@pytest.mark.kernel
def test_without_a_terminal_there_is_no_colour_and_no_line_over_80_columns() -> None:
    done = subprocess.run(
        [GRADE, "lab01", SOLVED, "--lang", "en"],
        cwd=Path(__file__).parents[2],
        env={**os.environ, "COLUMNS": "80"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert "\x1b" not in done.stdout
    assert max(map(len, done.stdout.splitlines())) <= 80


@pytest.mark.kernel
@pytest.mark.skipif(os.name != "posix", reason="pipes of a POSIX shell")
@pytest.mark.parametrize("reader", ["| head -1", ">&-"])
def test_a_reader_that_goes_away_changes_nothing_of_the_grading(reader: str, tmp_path: Path, root: Path) -> None:
    script = f'{{ "{GRADE}" lab01 {SOLVED} --output "{tmp_path}/out"; echo $? > "{tmp_path}/status"; }} {reader}'
    done = subprocess.run(["/bin/bash", "-c", script], cwd=root, capture_output=True, text=True, check=False)
    assert (tmp_path / "status").read_text("utf-8").strip() == "0"
    assert json.loads((tmp_path / "out/lab01.json").read_text("utf-8"))["earned"] == 100
    assert "Traceback" not in done.stderr


@pytest.mark.kernel
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs the device /dev/full of Linux")
def test_a_page_that_cannot_be_written_is_told(root: Path) -> None:
    script = f'exec "{GRADE}" lab01 {SOLVED} --lang en > /dev/full'
    done = subprocess.run(["/bin/bash", "-c", script], cwd=root, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (2, "The page cannot be written: No space left on device.\n")


# What is wrong with the words -----------------------------------------------------------------------------------------


def test_an_unknown_lab_is_told_with_the_nearest_one_and_all_in_order(grade: Callable[..., Said]) -> None:
    assert re.search(
        r'There is no lab "lab2" in .*Is it lab02\? The labs are: corelab, lab01, ', in_both(grade, "lab2")
    )


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["lab02", "--sede", "3"], "There is no option --sede. See: --seed"),
        (["lab02", "--seed", "x"], "a whole number from 0 to 9007199254740991"),
        (["lab02", "--seed", "-1"], "a whole number from 0 to 9007199254740991"),
        (["lab02", "--seed", "x"], "x does not fit --seed, which takes"),
        (["lab02", "a", "b"], "The call does not fit: b is too much"),
        (["lab02", "s001.ipynb", "s002.ipynb"], "s002.ipynb is too much. Name the folder that holds them all."),
        (["lab02", "--output"], "--output needs a value"),
        (["lab02", "--format", "htlm", "--output", "x"], "The formats are: html, classroom50, coursera, csv"),
        (["lab02", "--format", "html"], "--format needs --output"),
        (["--seed", "3"], "Which lab?"),
        (["schema", "rubrics"], "rubrics does not fit WHAT, which takes one of rubric, record"),
        (["schema"], "WHAT is missing: `grade schema` takes one of rubric, record"),
        (["book", "add"], "STUDENT is missing. See `grade book add --help`."),
        (["book", "export", "canvas", "lab02"], "--output FILE is missing."),
        (["book", "shwo"], "There is no command shwo. `grade book` has: add, answer, comment"),
        (["bok", "show"], 'There is no lab and no command "bok". Is it `grade book`? The labs are: corelab, lab01'),
        (
            ["labs/lab02.ipynb"],
            "labs/lab02.ipynb is a path, and the lab comes before it: `grade lab02 labs/lab02.ipynb`",
        ),
        (["tests/samples/lab01/s001.ipynb"], "`grade lab01 tests/samples/lab01/s001.ipynb`. The labs are: corelab, "),
        (["hand in/s001.ipynb", "lab02"], "`grade lab02 'hand in/s001.ipynb'`"),
        (["submissions/"], "`grade LAB submissions/`"),
        (["."], "`grade LAB .`"),
        (["lab02", "submission"], "There is no folder and no notebook"),
        (["lab02", "tests/sample"], "Is it samples?"),
        (["lab02", "labs/lab2.ipynb"], "Is it lab02.ipynb?"),
    ],
)
def test_words_that_do_not_fit_are_told_with_the_remedy(
    grade: Callable[..., Said], monkeypatch: pytest.MonkeyPatch, words: list[str], told: str
) -> None:
    said = grade(*words)
    assert told in one_sentence(said, 2)
    monkeypatch.setenv("LANG", "zh_TW.UTF-8")
    assert CHINESE.search(one_sentence(grade(*words), 2))


def test_the_help_lists_the_other_commands_with_what_each_does(grade: Callable[..., Said]) -> None:
    said = grade("--help").out
    for name in names_in(commands):
        assert re.search(rf"^  {name} +[A-Z]\w+ ", said, re.MULTILINE), name
    assert "  book      Shows and exports" in said
    assert "檢視、匯出成績簿" in grade("--help", "--lang", "zh-TW").out


def test_labs_are_listed_as_people_count(grade: Callable[..., Said], course: Path) -> None:
    for number in (2, 10):
        (course / f"rubrics/lab{number}.yaml").write_text("tasks: 7\n", "utf-8")
    said = grade("lab", "--course", course).err
    assert "The labs are: corelab, lab01, lab02, lab2, lab03, lab10." in said


def test_an_unknown_language_is_told(grade: Callable[..., Said]) -> None:
    assert "fr does not fit --lang, which takes one of zh-TW, en" in one_sentence(grade("lab02", "--lang", "fr"), 2)


def test_no_course_is_told(grade: Callable[..., Said], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "is no course" in in_both(grade, "lab02", "--course", tmp_path)
    monkeypatch.chdir(tmp_path)
    assert "--course" in in_both(grade, "lab02")


# What is wrong with what was handed in --------------------------------------------------------------------------------


def test_no_notebook_is_told(grade: Callable[..., Said], tmp_path: Path) -> None:
    assert "There is no notebook" in in_both(grade, "lab02", tmp_path / "none.ipynb")


def test_a_folder_without_submissions_is_told(grade: Callable[..., Said], tmp_path: Path) -> None:
    assert "There is no submission in" in in_both(grade, "lab02", tmp_path)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "is empty"),
        (b" \n", "is empty"),
        (b"hello", "is plain text, not a notebook"),
        (b'{"cells": [', "breaks off on line 1"),
        (b"[]", "not of a notebook's form"),
        (b"\xff\xfe{}", "is text in UTF-16"),
        (b'"' + b"\\ud800" * 3 + b'"', "not of a notebook's form"),
        (b"[" * 100_000, "cannot be read"),
        (json.dumps({"nbformat": 3, "worksheets": []}).encode(), "format 3, and format 4 is read"),
        (json.dumps({"nbformat": 5, "cells": []}).encode(), "format 5, and format 4 is read"),
        (json.dumps({"cells": []}).encode(), "not of a notebook's form"),
        (json.dumps({"nbformat": 4}).encode(), "has no list of cells"),
        (json.dumps({"nbformat": 4, "cells": [1]}).encode(), "one of its cells has no type"),
        (json.dumps({"nbformat": 4, "cells": [{"source": ""}]}).encode(), "one of its cells has no type"),
        (json.dumps({"nbformat": 4, "cells": [{"cell_type": "code"}]}).encode(), "one of its code cells has no source"),
    ],
)
def test_a_file_that_is_no_notebook_is_told(
    grade: Callable[..., Said], tmp_path: Path, content: bytes, told: str
) -> None:
    path = tmp_path / "s001.ipynb"
    path.write_bytes(content)
    assert told in in_both(grade, "lab02", path)


def test_a_link_a_pipe_and_a_device_are_refused_unread(grade: Callable[..., Said], root: Path, tmp_path: Path) -> None:
    if sys.platform == "win32":
        pytest.skip("links and pipes of a POSIX file system")
    (tmp_path / "link.ipynb").symlink_to(root / SOLVED)
    os.mkfifo(tmp_path / "pipe.ipynb")
    for path in (tmp_path / "link.ipynb", tmp_path / "pipe.ipynb", Path("/dev/zero")):
        assert "hand in the notebook itself" in in_both(grade, "lab01", path)


def test_a_notebook_over_the_size_limit_is_told_with_the_remedy(grade: Callable[..., Said], tmp_path: Path) -> None:
    path = tmp_path / "s001.ipynb"
    with path.open("wb") as file:
        file.truncate(100 * 2**20)
    assert "Clear Outputs of All Cells" in in_both(grade, "lab02", path)


@pytest.mark.kernel
def test_a_notebook_of_another_lab_is_told_with_the_command_that_fits(grade: Callable[..., Said], root: Path) -> None:
    told = in_both(grade, "lab02", root / SOLVED)
    assert "is a notebook of lab01, not of lab02: try `grade lab01 " in told


@pytest.mark.kernel
@pytest.mark.parametrize("other", ["lab01", "lab03", "corelab"])
def test_a_stub_of_another_lab_is_no_zero_also_where_it_speaks_of_this_labs_functions(
    grade: Callable[..., Said], root: Path, other: str
) -> None:
    told = in_both(grade, "lab02", root / f"labs/{other}.ipynb")
    assert f"is a notebook of {other}, not of lab02" in told


def solved_with(root: Path, path: Path, change: Callable[[dict[str, Any]], None]) -> Path:
    content = json.loads((root / SOLVED).read_text("utf-8"))
    change(content)
    path.write_text(json.dumps(content), "utf-8")
    return path


@pytest.mark.kernel
def test_a_notebook_of_200_000_outputs_is_graded(grade: Callable[..., Said], root: Path, tmp_path: Path) -> None:
    output = {"output_type": "stream", "name": "stdout", "text": ["x\n"]}

    def change(content: dict[str, Any]) -> None:
        next(c for c in content["cells"] if c["cell_type"] == "code")["outputs"] = [output] * 200_000

    assert grade("lab01", solved_with(root, tmp_path / "s001.ipynb", change)).status == 0


@pytest.mark.kernel
def test_a_notebook_of_50_mb_is_graded(grade: Callable[..., Said], root: Path, tmp_path: Path) -> None:
    def change(content: dict[str, Any]) -> None:
        content["metadata"]["big"] = "x" * (50 * 2**20)

    path = solved_with(root, tmp_path / "s001.ipynb", change)
    assert path.stat().st_size > 50 * 2**20
    assert grade("lab01", path).status == 0


@pytest.mark.kernel
def test_lone_surrogates_in_a_comment_lose_no_mark(grade: Callable[..., Said], root: Path, tmp_path: Path) -> None:
    def change(content: dict[str, Any]) -> None:
        for cell in content["cells"]:
            cell["source"] = ["# \ud800 \udfff\n", *cell["source"]]

    assert grade("lab01", solved_with(root, tmp_path / "s001.ipynb", change)).status == 0


# What is wrong with the place -----------------------------------------------------------------------------------------


def test_an_output_folder_that_cannot_be_made_is_told_before_anything_runs(
    grade: Callable[..., Said], tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("", "utf-8")
    told = in_both(grade, "lab01", SOLVED, "--output", tmp_path / "file" / "out")
    assert "cannot be written" in told


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="needs a user whom the file system refuses")
def test_an_output_folder_without_write_permission_is_told(grade: Callable[..., Said], tmp_path: Path) -> None:
    tmp_path.chmod(stat.S_IRUSR | stat.S_IXUSR)
    assert "cannot be written" in in_both(grade, "lab01", SOLVED, "--output", tmp_path)


@pytest.fixture
def full_disk(tmp_path: Path) -> Iterator[Path]:
    """Return a folder on a file system of its own that has room for a record, and not for a page beside it."""
    mount, unmount = shutil.which("mount"), shutil.which("umount")
    if mount is None or unmount is None or sys.platform != "linux":
        pytest.skip("mounts a small file system, as Linux does")
    folder = tmp_path / "full"
    folder.mkdir()
    mounted = subprocess.run(
        [mount, "-t", "tmpfs", "-o", "size=12k", "tmpfs", folder], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("mounting a file system needs root: " + mounted.stderr.decode().strip())
    yield folder
    subprocess.run([unmount, folder], check=True)


@pytest.mark.kernel
def test_a_full_disk_is_told_and_leaves_no_half_record(grade: Callable[..., Said], full_disk: Path) -> None:
    said = grade("lab01", SOLVED, "--output", full_disk, "--format", "html")
    assert said.status == 2
    assert "lab01.html cannot be written: No space left on device" in said.err
    assert [path.name for path in full_disk.glob("[!.]*")] == ["lab01.json"], "what had room is kept whole"
    assert json.loads((full_disk / "lab01.json").read_text("utf-8"))["earned"] == 100
    assert "100 of 100 points" in said.out, "the page is shown all the same: nothing is lost"


@pytest.mark.kernel
@pytest.mark.skipif(os.name != "posix", reason="limits the size of files with a POSIX limit")
def test_a_file_that_cannot_grow_is_told_and_leaves_no_half_record(tmp_path: Path, root: Path) -> None:
    script = f'ulimit -S -f 2; exec "{GRADE}" lab01 {SOLVED} --lang en --output "{tmp_path}/out"'
    done = subprocess.run(["/bin/bash", "-c", script], cwd=root, capture_output=True, text=True, check=False)
    assert done.returncode == 2, done.stderr
    assert "cannot be written: File too large" in done.stderr
    assert list((tmp_path / "out").iterdir()) == []


@pytest.mark.kernel
def test_a_rubric_with_a_typo_is_refused_with_its_line_before_anything_runs(
    grade: Callable[..., Said], course: Path
) -> None:
    path = course / "rubrics/lab01.yaml"
    text = path.read_text("utf-8").replace("promise:", "promiss:", 1)
    path.write_text(text, "utf-8")
    line = next(number for number, row in enumerate(text.splitlines(), start=1) if "promiss" in row)
    told = grade("lab01", "--course", course, "--lang", "en").err
    assert f"rubrics/lab01.yaml, line {line}, " in told
    assert "unknown key; allowed: promise, " in told
    listed = grade("--list", "--course", course, "--lang", "en")
    assert listed.status == 2
    assert f"line {line}" in listed.out.replace("\n", " ")
    assert "100 points" in listed.out, "the other lab is listed all the same"


@pytest.mark.kernel
@pytest.mark.skipif(sys.platform != "linux", reason="file names of any bytes are Linux'")
def test_a_file_name_of_any_bytes_is_graded_and_shown_harmlessly(
    grade: Callable[..., Said], root: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / os.fsdecode(b"\xff\x1b[31ms001\n.ipynb")).write_bytes((root / SOLVED).read_bytes())
    (folder / os.fsdecode(b"\xfe\x1b]0;s002.ipynb")).write_bytes(b"")
    said = grade("lab01", folder, "--output", tmp_path / "out", "--format", "html", "--format", "junit")
    assert said.status == 2
    assert "\x1b" not in said.out + said.err
    earned = [json.loads(path.read_text("utf-8"))["earned"] for path in sorted((tmp_path / "out").glob("*.json"))]
    assert sorted(earned, key=str) == [100, None]


@pytest.mark.skipif(not HERE.has_signals, reason="no folder goes in which a process is")
def test_a_folder_that_is_gone_is_told(
    grade: Callable[..., Said], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    assert "does not exist any more" in in_both(grade, "lab01")
    monkeypatch.undo()


def test_without_a_place_for_temporary_files_it_is_our_machinery_that_fails(
    grade: Callable[..., Said], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "none"))
    assert "temporary files" in in_both(grade, "lab01", SOLVED, status=3)


@pytest.mark.parametrize("error", [RuntimeError("x"), MemoryError(), RecursionError(), KeyError("status")])
def test_what_nobody_foresaw_is_one_sentence_and_never_less_than_full_marks(
    grade: Callable[..., Said], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def fails(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    for name in ("marking.course_of", "marking.list_labs", "watching.course_of"):
        monkeypatch.setattr(f"grader.workflow.{name}", fails)
    for words in (("lab01", SOLVED), ("lab01", "."), ("lab01", SOLVED, "--watch"), ("--list",)):
        told = in_both(grade, *words, status=3)
        assert type(error).__name__ in told
        assert str(tmp_path / "grader-") in told


def test_every_path_is_made_absolute_where_it_enters(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "link").symlink_to("/etc")
    convert = AbsolutePath().convert
    assert convert("a/b.ipynb", None, None) == tmp_path / "a/b.ipynb"
    assert convert("link", None, None) == tmp_path / "link", "a link stays one, so that it can be refused"
    assert convert("/etc", None, None) == Path("/etc").absolute(), "of this drive, where there are some"
    package = Path(grader.__file__).parent
    others = [path for path in package.rglob("*.py") if "click.Path(" in path.read_text("utf-8")]
    assert others == []
