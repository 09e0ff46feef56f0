"""A course in one language, at every door: no word of the other one, whatever the reader's own language is."""

from __future__ import annotations

import re
import zipfile
from typing import TYPE_CHECKING

import pytest

from grader.workflow.reporting import formats

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from grader.model import Language
    from tests.conftest import Said

BY_HAND = "def average(x):\n    return "
ANSWERS = {
    "right": f"import numpy as np\n{BY_HAND}float(np.mean(x))\n",
    "wrong": f"import numpy as np\n{BY_HAND}float(np.sum(x))\n",
    "raising": f"{BY_HAND}1 / 0\n",
    "absent": "answer = 1\n",
    "unreadable": "def average(x:\n    return 1\n",
    "stopping": f"1 / 0\n{BY_HAND}1.0\n",
    "text": f"{BY_HAND}'three'\n",
    "refused": f"import seaborn_of_nobody\nimport pandas_profiling\n{BY_HAND}input()\n",
}
OTHER: dict[Language, Language] = {"en": "zh-TW", "zh-TW": "en"}
CHINESE = re.compile("[\u4e00-\u9fff\uff00-\uffef\u3000-\u303f]")
ENGLISH = re.compile(r"(?:\b[A-Za-z][a-z]*[,.:]? ){4,}[A-Za-z]+")
"""Five words in a row: names of functions, commands and exceptions are fewer."""
SWITCH = re.compile(r'type="radio"|data-(zh|en)=|<span[^>]* lang=')


@pytest.fixture(params=["en", "zh-TW"])
def language(request: pytest.FixtureRequest) -> Language:
    """Return the language of the course."""
    return request.param  # type: ignore[no-any-return]


@pytest.fixture
def course(grade: Callable[..., Said], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, language: Language) -> Path:
    """Return a course in one language, with a known mistake and a law."""
    folder = tmp_path / "course"
    folder.mkdir()
    monkeypatch.chdir(folder)
    assert grade("new", "lab07", "--lang", language).status == 0
    mistakes, laws = folder / "reference/mistakes/lab07", folder / "reference/laws/lab07"
    observed, hint = ("the sum", "By what?") if language == "en" else ("這是總和", "除以什麼？")
    mistakes.mkdir(parents=True)
    (mistakes / "average.py").write_text(
        "import numpy as np\n\n\ndef total(x):\n    return float(np.sum(x))\n", "utf-8"
    )
    texts = f"total:\n  loses: [values]\n  observed: {observed}\n  hint: {hint}\n"
    (mistakes / "average.yaml").write_text(texts, "utf-8")
    laws.mkdir(parents=True)
    (laws / "average.py").write_text(
        "import hypothesis.strategies as st\nimport numpy as np\n\n\ndef inputs():\n"
        "    numbers = st.lists(st.integers(0, 9), min_size=1, max_size=4)\n"
        "    return st.tuples(numbers.map(lambda x: np.array(x, float)))\n\n\n"
        "def between(ask, x):\n    return x.min() - 1e-9 <= ask(x) <= x.max() + 1e-9\n",
        "utf-8",
    )
    (laws / "average.yaml").write_text(f"between:\n  public: true\n  broken: {observed}\n  hint: {hint}\n", "utf-8")
    return folder


def others(text: str, language: Language) -> list[str]:
    """Return what is in the other language: Chinese characters, or English sentences."""
    plain = re.sub(r"(?s)<(style|script)>.*?</\1>|<!--.*?-->|<[^>]*>", " ", text)
    return [found[0] for found in (CHINESE if language == "en" else ENGLISH).finditer(plain)]


@pytest.fixture
def handed_in(notebook: Callable[..., Path], tmp_path: Path) -> Path:
    """Return a class that does all kinds of things, an upload that is no notebook, and a file of nobody."""
    folder = tmp_path / "class"
    for name, source in ANSWERS.items():
        notebook(source, name=name, folder=folder)
    (folder / "broken.ipynb").write_text("<html>", "utf-8")
    (folder / "notes.docx").write_text("x", "utf-8")
    return folder


def texts_in(folder: Path) -> Iterator[tuple[str, str]]:
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.name != ".labgrader" and path.suffix not in {".sqlite", ".pyc", ".log", ".zip"}:
            yield path.name, path.read_text("utf-8-sig")


def test_a_new_lab_is_written_in_the_language_that_is_asked_for(course: Path, language: Language) -> None:
    for name, text in texts_in(course):
        assert others(text, language) == [], name


@pytest.mark.kernel
@pytest.mark.usefixtures("course")
def test_a_class_is_graded_and_reported_in_the_language_of_the_course(
    grade: Callable[..., Said], handed_in: Path, tmp_path: Path, language: Language
) -> None:
    out, reader = tmp_path / "out", OTHER[language]
    words = [word for name in formats() for word in ("--format", name)]
    said = grade("lab07", handed_in, "--output", out, *words, "--lang", reader, "--require-isolation", "none")
    assert said.status in {2, 3}, said.err
    assert others(said.out, language) == []
    written = dict(texts_in(out))
    assert {
        "right.html",
        "class.html",
        "wrong.txt",
        "class.csv",
        "class.github.md",
        "wrong.junit.xml",
    } <= written.keys()
    for name, text in written.items():
        assert others(text, language) == [], name
        assert not SWITCH.search(text), name
        assert f'<html lang="{language}">' in text or not name.endswith(".html"), name
    again = tmp_path / "again"
    assert grade("report", out, *words, "--output", again, "--lang", reader).status == 0
    for name, text in texts_in(again):
        assert text == written[name], f"{name}: a report is made from the record alone"
    for kind in ("canvas", "moodle", "csv"):
        file = tmp_path / f"{kind}.csv"
        shown = grade("book", "export", kind, "lab07", "--book", out, "--output", file, "--lang", reader)
        assert others(shown.out + shown.err + file.read_text("utf-8-sig"), language) == [], kind
    for command in (["show", "lab07"], ["history", "wrong"], ["add", "wrong", "lab07", "1", "--comment", "-"]):
        shown = grade("book", *command, "--book", out, "--lang", reader)
        assert (shown.status, others(shown.out + shown.err, language)) == (0, []), command


@pytest.mark.kernel
@pytest.mark.usefixtures("course")
def test_a_release_and_what_its_kit_says_are_in_the_language_of_the_course(
    grade: Callable[..., Said],
    handed_in: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    language: Language,
) -> None:
    given, reader = tmp_path / "given", OTHER[language]
    assert others(grade("release", "lab07", "--output", given, "--lang", reader).out, language) == []
    assert {name for name, _ in texts_in(given)} == {"lab07.ipynb", "lab07.kit.json", "README-lab07.md"}
    for name, text in texts_in(given):
        assert others(text, language) == [], name
    monkeypatch.chdir(given)
    for name in ("wrong", "raising", "right"):
        (given / "lab07.ipynb").write_text((handed_in / f"{name}.ipynb").read_text("utf-8"), "utf-8")
        said = grade("lab07", "--format", "html", "--output", tmp_path / "out", "--lang", reader)
        assert said.status == (0 if name == "right" else 1), said.err
        assert others(said.out, language) == [], name
    for name, text in texts_in(tmp_path / "out"):
        assert others(text, language) == [], name
    assert others(grade("--list", "--lang", reader).out, language) == []


@pytest.mark.kernel
@pytest.mark.usefixtures("course")
def test_an_audit_is_in_the_language_of_the_course_and_asks_for_no_other(
    grade: Callable[..., Said], tmp_path: Path, language: Language
) -> None:
    said = grade("audit", "lab07", "--output", tmp_path / "out", "--lang", OTHER[language])
    assert said.status == 0, said.err
    assert others(said.out + said.err, language) == []
    for name, text in texts_in(tmp_path / "out"):
        assert others(text, language) == [], name
        assert not SWITCH.search(text), name
    assert "zh-TW" not in said.out


def test_an_exported_grader_is_in_the_language_of_the_course(
    grade: Callable[..., Said], course: Path, tmp_path: Path, language: Language
) -> None:
    (course / "course.yaml").write_text(f"languages: [{language}]\n", "utf-8")
    file = tmp_path / "lab07.zip"
    assert grade("export", "gradescope", "lab07", "--output", file, "--lang", OTHER[language]).status == 0
    with zipfile.ZipFile(file) as archive:
        names = [name for name in archive.namelist() if name.startswith(("failures/", "course/")) or "/" not in name]
        texts = {name: archive.read(name).decode() for name in names}
    assert texts["course/course.yaml"] == f"languages: [{language}]\n"
    assert f"--lang {language}" in texts["run_autograder"]
    for name, text in texts.items():
        if name.startswith(("failures/", "course/")):
            assert others(text, language) == [], name
