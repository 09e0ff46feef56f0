"""The mutation score, and records of slips that no question should find."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from grader.audit.mutants import Change, Mutant
from grader.audit.mutation import Mutation, Slip, equivalents_path, read_equivalents, score, try_mutants
from grader.audit.roots import called
from grader.audit.survivors import mutation_part
from grader.errors import LabError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from grader.course.folder import Course

ROOTS = (called("double"), called("total"))
KEEP = Change("f", 3, "return x - 1", "return x")
MINUS = Change("f", 3, "return x - 1", "return x + 1")


def scored(known: Mapping[Slip, str], *survivors: tuple[Change, tuple[str, ...]]) -> Mutation:
    mutants = [Mutant(change, "", ("one", "two")) for change in (KEEP, MINUS)]
    tasks = dict(survivors)
    return score(mutants, [(mutant, dict.fromkeys(tasks.get(mutant.change, ()), ())) for mutant in mutants], known)


def test_a_mutant_counts_once_for_each_task() -> None:
    mutation = scored({}, (KEEP, ("one",)))
    assert (mutation.tried, mutation.alive, mutation.equivalent, mutation.score) == (4, 1, 0, 0.75)


def test_what_is_recorded_does_not_count() -> None:
    mutation = scored({Slip("f", "return x - 1", "return x"): "why"}, (KEEP, ("one", "two")), (MINUS, ("two",)))
    assert (mutation.alive, mutation.equivalent, mutation.score, mutation.stale) == (1, 2, 0.5, ())
    assert [one.because for one in mutation.survivors] == ["why", None]


def test_a_record_of_what_is_found_is_stale() -> None:
    slip = Slip("f", "return x - 1", "return x + 1")
    assert scored({slip: "why"}, (KEEP, ("one",))).stale == (slip,)


def test_without_mutants_nothing_is_missed() -> None:
    assert score([], [], {}).score == 1.0


@pytest.mark.kernel
def test_every_slip_of_the_fair_course_is_found_or_recorded(fair: Course) -> None:
    known = read_equivalents(equivalents_path(fair, "warmup"))
    mutation = try_mutants(fair, "warmup", ROOTS, seed=0, known=known)
    assert (mutation.tried, mutation.alive, mutation.equivalent, mutation.stale) == (9, 0, 1, ())
    assert mutation_part(fair, "warmup", mutation).findings == ()


@pytest.mark.kernel
def test_a_slip_that_no_question_finds_survives_and_is_told(spoil: Callable[[str, str, str], Course]) -> None:
    course = spoil("reference/warmup.py", "return 2 * np.asarray(x)", "return 2 * np.abs(np.asarray(x))")
    mutation = try_mutants(course, "warmup", ROOTS, seed=0, known={})
    alive = [one.change.now for one in mutation.survivors]
    assert "return 2 * np.asarray(x)" in alive
    [finding] = mutation_part(course, "warmup", mutation).findings
    assert finding.weight == "unfair"
    assert "add a question for those that survive" in finding.told.en
    assert finding.file.endswith("rubrics/warmup.yaml")


def test_a_stale_record_is_advice_that_names_the_file(fair: Course) -> None:
    mutation = Mutation({"f": 4}, (), (Slip("f", "return 1", "return 2"),))
    [finding] = mutation_part(fair, "warmup", mutation).findings
    assert (finding.weight, finding.place) == ("advice", "f")
    assert "return 1 -> return 2" in finding.told.en
    assert finding.file.endswith("reference/equivalent_mutants/warmup.yaml")


def test_records_may_be_in_any_layout_and_one_reason_may_hold_for_several(fair: Course) -> None:
    path = equivalents_path(fair, "warmup")
    path.write_text("f:\n  - {was: 'return  x-1', now: ['return x', 'return 1'], because: why}\n", "utf-8")
    assert read_equivalents(path) == {
        Slip("f", "return x - 1", "return x"): "why",
        Slip("f", "return x - 1", "return 1"): "why",
    }


@pytest.mark.parametrize("text", ["[]", "f: 1", "f: [{was: a, now: b}]", "f: [{was: a, now: b, because: ''}]"])
def test_records_of_another_form_are_refused_with_their_file(fair: Course, text: str) -> None:
    path = equivalents_path(fair, "warmup")
    path.write_text(text, "utf-8")
    with pytest.raises(LabError, match=r"equivalent_mutants.warmup\.yaml, line 1"):
        read_equivalents(path)


def test_a_lab_needs_no_records(fair: Course) -> None:
    assert read_equivalents(equivalents_path(fair, "another")) == {}


@pytest.mark.kernel
def test_where_the_reference_itself_fails_no_slip_counts_as_found(spoil: Callable[[str, str, str], Course]) -> None:
    course = spoil(
        "reference/warmup.py",
        "def number(",
        'KNOWN = np.loadtxt(__file__.replace("warmup.py", "beside.txt"))\n\n\ndef number(',
    )
    (course.folder / "reference/beside.txt").write_text("1 2", "utf-8")
    mutation = try_mutants(course, "warmup", ROOTS, seed=0, known={})
    assert (mutation.tried, mutation.unfit) == (0, ("double", "total"))
    [finding] = mutation_part(course, "warmup", mutation, unlisted=("double", "total")).findings
    assert (finding.weight, finding.place) == ("missing", "double, total")
    assert "a copy of the reference in another folder answers otherwise" in finding.told.en
