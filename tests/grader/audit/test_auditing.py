"""`grade audit LAB` from the command line, with real kernels: a fair course, and courses spoiled in one way each."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import html5lib
import psutil
import pytest

from tests.processes import still_running

if TYPE_CHECKING:
    from collections.abc import Callable

    from grader.course.folder import Course
    from tests.conftest import Said

GRADE = Path(sys.executable).with_name("grade")
TOPICS = ["stub", "solution", "mistakes", "variants", "impostors", "reference", "mutation", "tolerances", "questions"]


@pytest.fixture
def audit(grade: Callable[..., Said], tmp_path: Path) -> Callable[..., dict[str, Any]]:
    """Return an audit: `audit(course)` returns what is kept of it, with its exit status and its page."""

    def run(course: Course, *words: object) -> dict[str, Any]:
        said = grade("audit", "warmup", "--course", course.folder, "--output", tmp_path / "out", *words)
        assert said.status in {0, 1}, said.err
        kept: dict[str, Any] = json.loads((tmp_path / "out/warmup.audit.json").read_text("utf-8"))
        return kept | {"status": said.status, "page": said.out, "progress": said.err}

    return run


def told(kept: dict[str, Any], *weights: str) -> list[tuple[str, str, str, str]]:
    return [
        (part["topic"], found["place"], found["told"]["en"], found["file"])
        for part in kept["parts"]
        for found in part["findings"]
        if found["weight"] in (weights or ("unfair", "missing"))
    ]


@pytest.mark.kernel
def test_a_package_of_the_tests_that_is_not_installed_is_no_fault_of_the_lab(
    grade: Callable[..., Said], fair: Course
) -> None:
    rubric = fair.rubric_path("warmup")
    text = rubric.read_text("utf-8")
    rubric.write_text(text.replace("packages: [numpy,", "packages: [nowhere_to_be_had, numpy,"), "utf-8")
    variant = next((fair.folder / "tests/correct/warmup").glob("*.py"))
    variant.write_text("import nowhere_to_be_had\n" + variant.read_text("utf-8"), "utf-8")
    said = grade("audit", "warmup", "--course", fair.folder, "--lang", "en")
    assert (said.status, said.out) == (3, "")
    assert "import nowhere_to_be_had, which is not installed here. Nothing was audited." in said.err


@pytest.mark.kernel
def test_a_fair_lab_is_told_to_be_fair_with_all_that_was_looked_at(
    audit: Callable[..., dict[str, Any]], fair: Course, tmp_path: Path
) -> None:
    kept = audit(fair, "--lang", "en")
    assert (kept["status"], kept["fair"], kept["mutation_score"], told(kept)) == (0, True, 1.0, [])
    assert [part["topic"] for part in kept["parts"]] == [*TOPICS, "laws", "contents"]
    verdict = (
        "warmup is fair. Wrong answers lose marks (8 of 8 slips in the reference, 5 known mistakes), and right ones"
    )
    assert f"{verdict} keep every mark (the solved notebook, 4 correct variants)" in " ".join(kept["page"].split())
    assert "4 functions of the tests run" in kept["progress"]
    sentences = {part["topic"]: part["told"]["en"] for part in kept["parts"]}
    assert sentences["stub"] == "0 of 10 points"
    assert sentences["solution"] == "10 of 10 points"
    assert sentences["mistakes"] == "5 mistakes, those of numbers under 5 seeds"
    page = (tmp_path / "out/warmup.audit.html").read_text("utf-8")
    assert kept["page"].count("double.values") > 0
    assert page.count("<svg") == 3, "a picture for each check"
    html5lib.HTMLParser(strict=True).parse(page)
    assert "<script" not in page


@pytest.mark.kernel
def test_the_same_course_and_seed_give_the_same_audit(audit: Callable[..., dict[str, Any]], fair: Course) -> None:
    def constant(kept: dict[str, Any]) -> dict[str, Any]:
        return {name: value for name, value in kept.items() if name not in {"seconds", "page", "progress"}}

    first = audit(fair, "--seed", 5)
    assert constant(first) == constant(audit(fair, "--seed", 5))
    assert first["seed"] == 5


@pytest.mark.kernel
def test_a_right_answer_that_loses_a_check_makes_the_lab_unfair(
    audit: Callable[..., dict[str, Any]], spoil: Callable[[str, str, str], Course]
) -> None:
    course = spoil("tests/correct/warmup/double.py", "return x + x", "return [x, x]")
    kept = audit(course, "--lang", "zh-TW")
    assert (kept["status"], kept["fair"]) == (1, False)
    [(topic, place, text, file), *others] = told(kept)
    assert (topic, place, file) == ("variants", "double.values", "tests/correct/warmup/double.py")
    assert text.startswith("the right answer by_addition loses it: expected a single number")
    assert [other[1] for other in others] == ["double.batch"]
    assert "tests/correct/warmup/double.py" in kept["page"]


@pytest.mark.kernel
def test_a_file_of_variants_that_cannot_be_imported_is_told_once(
    audit: Callable[..., dict[str, Any]], spoil: Callable[[str, str, str], Course]
) -> None:
    kept = audit(spoil("tests/correct/warmup/total.py", "def builtin", "1 / 0\n\n\ndef builtin"))
    assert told(kept) == [
        (
            "variants",
            "total",
            "cannot be imported: ZeroDivisionError: division by zero",
            "tests/correct/warmup/total.py",
        )
    ]


@pytest.mark.kernel
def test_a_variant_that_ends_the_process_costs_only_itself(
    audit: Callable[..., dict[str, Any]], spoil: Callable[[str, str, str], Course]
) -> None:
    kept = audit(spoil("tests/correct/warmup/total.py", "    return sum(x)", "    import os\n    os._exit(1)"))
    assert {(topic, place) for topic, place, _, _ in told(kept)} == {("variants", "total.values"), ("laws", "total")}


@pytest.mark.kernel
def test_a_stub_that_earns_points_and_a_solution_that_does_not_are_told(
    audit: Callable[..., dict[str, Any]], fair: Course
) -> None:
    stub, solution = fair.folder / "labs/warmup.ipynb", fair.folder / "reference/solutions/warmup.ipynb"
    written = stub.read_bytes()
    stub.write_bytes(solution.read_bytes())
    solution.write_bytes(written)
    kept = audit(fair)
    assert ("stub", "total.values", "passes, though total is a stub", "labs/warmup.ipynb") in told(kept)
    assert (
        "solution",
        "total.values",
        "does not pass: not written yet",
        "reference/solutions/warmup.ipynb",
    ) in told(kept)


@pytest.mark.kernel
def test_a_lab_without_a_solution_is_advised_to_have_one(audit: Callable[..., dict[str, Any]], fair: Course) -> None:
    (fair.folder / "reference/solutions/warmup.ipynb").unlink()
    kept = audit(fair)
    assert (kept["status"], kept["tried"]["solution"]) == (0, False)
    [(topic, place, text, file)] = [one for one in told(kept, "advice") if one[0] == "solution"]
    assert (topic, place, file) == ("solution", "", "reference/solutions/warmup.ipynb")
    assert text.startswith("no solved notebook: with one, the audit would show")


@pytest.mark.kernel
def test_every_broken_part_is_told_at_once(
    audit: Callable[..., dict[str, Any]], spoil: Callable[[str, str, str], Course]
) -> None:
    spoil("reference/mistakes/warmup/double.yaml", "loses: [values]", "loses: [batch]")
    spoil("reference/equivalent_mutants/warmup.yaml", "return 2 * x", "return 3 * x")
    spoil("reference/laws/warmup/total.py", "- 1e-3", "+ 1e-3")
    course = spoil("rubrics/warmup.yaml", "從 0 開始加？", "From 0?")
    kept = audit(course)
    assert {topic for topic, _, _, _ in told(kept)} == {"mistakes", "mutation", "laws", "contents"}
    assert ("laws", "total", "the reference itself breaks the law at_least_the_largest",
            "reference/laws/warmup/total.py") in told(kept)  # fmt: skip
    assert "return 2 * x" in kept["page"], "the survivor is shown"
    assert [finding[1] for finding in told(kept, "advice") if finding[0] == "mutation"] == ["double"]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["warmpu"], 'There is no lab "warmpu"'),
        ([], "LAB is missing"),
        (["warmup", "--seed", "x"], "a whole number from 0 to 9007199254740991"),
        (["warmup", "--sede", "1"], "There is no option --sede. See: --seed"),
    ],
)
def test_wrong_words_are_told_in_a_sentence(
    grade: Callable[..., Said], fair: Course, words: list[str], sentence: str
) -> None:
    said = grade("audit", *words, "--course", fair.folder, "--lang", "en")
    assert (said.status, said.out) == (2, "")
    assert sentence.lower() in said.err.lower()
    assert said.err.count("\n") == 1


@pytest.mark.kernel
@pytest.mark.parametrize(
    ("name", "old", "new", "sentence"),
    [
        ("rubrics/warmup.yaml", "points: 10", "points: 11", "warmup.yaml, line "),
        ("reference/warmup.py", "return float(np.sum(x))", "return np.nan", "an answer must be finite"),
        ("reference/mistakes/warmup/double.yaml", "loses: [batch]", "loses: [bacth]", "there is no check bacth"),
        (
            "tests/correct/warmup/double.py",
            "def by_addition(x):",
            "def by_addition(x)",
            "double.py, line 5: SyntaxError",
        ),
        ("reference/equivalent_mutants/warmup.yaml", "because", "becuase", "warmup.yaml, line 3"),
    ],
)
def test_a_file_that_cannot_be_used_is_told_before_anything_runs(
    grade: Callable[..., Said], spoil: Callable[[str, str, str], Course], name: str, old: str, new: str, sentence: str
) -> None:
    said = grade("audit", "warmup", "--course", spoil(name, old, new).folder, "--lang", "en")
    assert (said.status, said.out) == (2, "")
    assert sentence in said.err
    assert "Traceback" not in said.err


def test_what_is_kept_needs_a_folder_that_can_be_written(
    grade: Callable[..., Said], fair: Course, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("", "utf-8")
    said = grade("audit", "warmup", "--course", fair.folder, "--output", tmp_path / "file/out", "--lang", "en")
    assert said.status == 2
    assert "cannot be written" in said.err


@pytest.mark.kernel
def test_ctrl_c_ends_an_audit_at_once_and_leaves_nothing(
    spoil: Callable[[str, str, str], Course], tmp_path: Path
) -> None:
    if sys.platform == "win32":
        pytest.skip("signals of a terminal")
    course = spoil("tests/correct/warmup/total.py", "return sum(x)", "while True: pass")
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    heard = signal.signal(signal.SIGINT, signal.default_int_handler)  # what started the tests may ignore Ctrl-C
    with subprocess.Popen(
        [GRADE, "audit", "warmup", "--course", course.folder, "--lang", "en"],
        env={**os.environ, "TMPDIR": str(scratch)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        signal.signal(signal.SIGINT, heard)
        assert process.stderr is not None
        assert any("mutants tried" in line for line in process.stderr)
        children = psutil.Process(process.pid).children(recursive=True)
        assert children, "kernels are running"
        os.killpg(process.pid, signal.SIGINT)
        began = time.monotonic()
        out, err = process.communicate(timeout=30)
    assert time.monotonic() - began < 10
    assert (process.returncode, out) == (130, "")
    assert "Traceback" not in err
    assert err.rstrip().endswith("the same command starts again.")
    assert still_running(children, within=5) == []
    assert list(scratch.iterdir()) == []


@pytest.mark.kernel
def test_an_audit_leaves_no_file_behind(audit: Callable[..., dict[str, Any]], fair: Course) -> None:
    def ours() -> set[str]:
        return {path.name for path in Path(tempfile.gettempdir()).glob("grade-audit-*")}

    before = ours()
    audit(fair)
    assert ours() <= before


# A rubric and a reference alone ------------------------------------------------------------------------------------


@pytest.fixture
def bare(fair: Course) -> Course:
    """Return the fair course with its rubric, its reference and its stub alone."""
    for folder in (
        "reference/mistakes",
        "reference/laws",
        "reference/solutions",
        "reference/equivalent_mutants",
        "tests",
    ):
        shutil.rmtree(fair.folder / folder)
    return fair


@pytest.mark.kernel
def test_a_rubric_and_a_reference_are_enough_for_a_fair_lab_and_all_else_is_advice_by_what_it_brings(
    audit: Callable[..., dict[str, Any]], bare: Course
) -> None:
    kept = audit(bare, "--lang", "en")
    assert (kept["status"], kept["fair"], told(kept)) == (0, True, [])
    assert kept["tried"] == {
        "slips": 9, "found": 8, "mistakes": 0, "uses": False, "variants": 0, "solution": False
    }  # fmt: skip
    assert [one["asks_for"] for one in kept["findings"]] == ["mistakes", "variants", "laws", "solution", "reasons"]
    page = " ".join(kept["page"].split())
    verdict = "warmup is fair. Wrong answers lose marks (8 of 9 slips in the reference), and right ones keep every mark"
    assert f"{verdict} (only the reference was tried)" in page
    places = [
        page.index(word) for word in ("no known mistakes", "no correct variants", "no laws", "no solved notebook")
    ]
    assert places == sorted(places)


@pytest.mark.kernel
def test_a_slip_that_keeps_every_mark_is_what_is_missing_with_an_input_that_tells_it(
    audit: Callable[..., dict[str, Any]], bare: Course, spoil: Callable[[str, str, str], Course]
) -> None:
    spoil("reference/warmup.py", "return 2 * np.asarray(x)", "return np.where(np.asarray(x) > 6, 0, 2 * np.asarray(x))")
    kept = audit(bare, "--lang", "en")
    assert (kept["status"], kept["fair"]) == (1, False)
    [first, *_] = kept["findings"]
    assert (first["weight"], first["place"], first["file"]) == ("missing", "double", "rubrics/warmup.yaml")
    assert "such as double(x=6" in first["told"]["en"]
    assert "Whether warmup is fair cannot be said yet:" in kept["page"]
    assert told(kept, "unfair") == []


@pytest.mark.kernel
def test_a_lab_of_which_no_wrong_answer_can_be_tried_is_not_called_fair(
    audit: Callable[..., dict[str, Any]], bare: Course, spoil: Callable[[str, str, str], Course]
) -> None:
    spoil("reference/warmup.py", "return 2 * np.asarray(x)", "return x")
    rubric = bare.rubric_path("warmup")
    text = rubric.read_text("utf-8").replace("points: 10\n", "points: 7.5\n", 1)
    rubric.write_text(text[: text.index("  total:")], "utf-8")
    kept = audit(bare, "--lang", "en")
    assert (kept["status"], kept["fair"], kept["tried"]["slips"]) == (1, False, 0)
    assert "Nothing shows yet that wrong answers in warmup lose marks" in kept["page"]


@pytest.mark.kernel
def test_a_wide_tolerance_that_lets_slips_pass_is_told(
    audit: Callable[..., dict[str, Any]], bare: Course, spoil: Callable[[str, str, str], Course]
) -> None:
    spoil("reference/warmup.py", "return 2 * np.asarray(x)", "return 2.0 * np.asarray(x) + 0.01")
    old = '        hint: {zh-TW: "加上自己一次呢？", en: "What about adding it to itself?"}\n'
    spoil("rubrics/warmup.yaml", old, f"{old}        judge: {{kind: close, rtol: 0.0, atol: 0.1}}\n")
    old = '        hint: {zh-TW: "函式能處理陣列嗎？", en: "Does it take an array?"}\n'
    spoil("rubrics/warmup.yaml", old, f"{old}        judge: {{kind: close, rtol: 0.0, atol: 0.1}}\n")
    kept = audit(bare, "--lang", "en")
    found = [one for one in kept["findings"] if one["asks_for"] == "tolerances"]
    assert [(one["weight"], one["place"]) for one in found] == [("missing", "double.values")]
    assert "`return 2.0 * np.asarray(x)" in found[0]["told"]["en"]
