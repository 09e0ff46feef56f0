"""What is counted over a class: exact, whatever the order of the records, with those that were not graded apart."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import pytest

from grader.model import Text
from grader.pages.class_summary import summarise_class
from grader.records.record import words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from grader.records.record import CheckPart, Record


def scored(record: Record, student: str, earned: Fraction | int, points: int = 100) -> Record:
    return record.model_copy(update={"student": student, "earned": Fraction(earned), "points": Fraction(points)})


def failed(record: Record, student: str, *mistakes: tuple[str | None, str]) -> Record:
    """Return a record whose first task has a failed check for each (name, reason)."""
    task = record.tasks[0]
    checks: tuple[CheckPart, ...] = tuple(
        task.checks[0].model_copy(
            update={"name": f"c{number}", "mistake": name, "because": words(Text(reason, reason))}
        )
        for number, (name, reason) in enumerate(mistakes)
    )
    return record.model_copy(update={"student": student, "tasks": (task.model_copy(update={"checks": checks}),)})


def test_a_class_is_sorted_and_the_ungraded_are_apart(class_records: Sequence[Record]) -> None:
    summary = summarise_class(reversed(class_records))
    assert [record.student for record in summary.records] == ["s001", "s002", "s003", "s004"]
    assert [record.student for record in summary.graded] == ["s001", "s002", "s003"]
    assert [record.student for record in summary.ungraded] == ["s004"]
    assert summary.full == 1


def test_mean_and_median_are_exact_and_of_the_graded_alone(class_records: Sequence[Record]) -> None:
    summary = summarise_class(class_records)
    assert (summary.mean, summary.median) == (Fraction(5, 2), Fraction(5, 2))
    assert summarise_class(class_records[:2]).median == Fraction(15, 4)


def test_where_nothing_was_graded_there_is_no_mean(class_records: Sequence[Record]) -> None:
    summary = summarise_class(class_records[3:])
    assert (summary.mean, summary.median, summary.checks, summary.mistakes, summary.phases) == (None, None, (), (), ())


@pytest.mark.parametrize(
    ("earned", "least"),
    [(0, 0), (Fraction(999, 100), 0), (10, 10), (Fraction(99999, 1000), 90), (100, 100), (50, 50)],
)
def test_a_bin_begins_at_its_percent_and_full_marks_have_their_own(
    records: Mapping[str, Record], earned: Fraction | int, least: int
) -> None:
    bins = summarise_class([scored(records["perfect"], "s1", earned)]).bins
    assert [one.least for one in bins] == [0, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100]
    assert [one.least for one in bins if one.students] == [least]


def test_everybody_graded_is_in_one_bin(class_records: Sequence[Record]) -> None:
    bins = summarise_class(class_records).bins
    assert sorted(student for one in bins for student in one.students) == ["s001", "s002", "s003"]


def test_a_check_counts_its_students_by_what_became_of_them(class_records: Sequence[Record]) -> None:
    counts = {(count.task.name, count.check.name): count for count in summarise_class(class_records).checks}
    first = counts["first", "values"]
    assert (first.passed, first.failed, first.not_attempted) == (("s001",), ("s002",), ("s003",))
    assert (first.asked, first.attempted, first.caught_nobody) == (3, 2, False)
    assert counts["third", "values"].asked == 1, "the records of the others do not have it"
    assert counts["second", "values"].caught_nobody
    assert not counts["third", "values"].caught_nobody, "nobody attempted it, so nothing is known of it"


def test_mistakes_are_ranked_by_how_many_made_them(records: Mapping[str, Record]) -> None:
    middling = records["middling"]
    summary = summarise_class(
        [
            failed(middling, "s1", ("rare", "r"), ("common", "c")),
            failed(middling, "s2", ("common", "c")),
            failed(middling, "s3", ("common", "c")),
        ]
    )
    assert [(one.name, one.students) for one in summary.mistakes] == [("common", ("s1", "s2", "s3")), ("rare", ("s1",))]


def test_a_mistake_that_loses_several_checks_counts_its_student_once(records: Mapping[str, Record]) -> None:
    [mistake] = summarise_class([failed(records["middling"], "s1", ("sum", "x"), ("sum", "x"))]).mistakes
    assert mistake.students == ("s1",)
    assert mistake.checks == ("c0", "c1")
    assert not mistake.is_example


def test_what_nothing_explains_is_told_check_by_check_with_the_commonest_reason(records: Mapping[str, Record]) -> None:
    middling = records["middling"]
    summary = summarise_class(
        [
            failed(middling, "s1", (None, "once"), (None, "other")),
            failed(middling, "s2", (None, "twice")),
            failed(middling, "s3", (None, "twice")),
        ]
    )
    first, second = summary.mistakes
    assert (first.name, first.checks, first.students) == (None, ("c0",), ("s1", "s2", "s3"))
    assert first.because is not None
    assert (first.because.en, first.is_example) == ("twice", True)
    assert (second.checks, second.is_example) == (("c1",), False)


def test_the_time_of_each_part_is_told_with_who_took_longest(class_records: Sequence[Record]) -> None:
    slow = class_records[0].model_copy(update={"student": "slow", "seconds": {"notebook": 9.0, "total": 10.0}})
    phases = {phase.name: phase for phase in summarise_class([*class_records, slow]).phases}
    assert (phases["notebook"].longest, phases["notebook"].student) == (9.0, "slow")
    assert phases["notebook"].median == 1.25
    assert phases["total"].total == pytest.approx(3 * 1.875 + 10)
    assert phases["questions"].student != "slow"


def test_questions_that_nobody_missed_are_idle_where_the_check_was_failed(class_records: Sequence[Record]) -> None:
    counts = {(count.task.name, count.check.name): count for count in summarise_class(class_records).checks}
    assert counts["first", "values"].idle == (), "the records do not say which questions were missed"

    def missing(record: Record, missed: tuple[int, ...]) -> Record:
        task = record.tasks[0]
        check = task.checks[0].model_copy(update={"missed": missed, "questions": 4})
        return record.model_copy(
            update={"tasks": (task.model_copy(update={"checks": (check, *task.checks[1:])}), *record.tasks[1:])}
        )

    told = [missing(record, (2, 3)) if record.student == "s002" else missing(record, ()) for record in class_records]
    counts = {(count.task.name, count.check.name): count for count in summarise_class(told).checks}
    assert counts["first", "values"].idle == (1, 4)


def test_alleged_networks_are_told_by_task_with_those_students_whose_check_passed(
    records: Mapping[str, Record],
) -> None:
    def alleged(record: Record, student: str) -> Record:
        [first, *others] = record.tasks
        checks = tuple(check.model_copy(update={"alleged": True}) for check in first.checks)
        tasks = (first.model_copy(update={"checks": checks}), *others)
        return record.model_copy(update={"student": student, "tasks": tasks})

    passed, failed_ = alleged(records["perfect"], "s002"), alleged(records["middling"], "s003")
    found = summarise_class([records["perfect"], failed_, passed]).alleged
    assert [(one.task.name, one.students) for one in found] == [("first", ("s002",))]
    assert summarise_class([records["perfect"]]).alleged == ()
