"""The page's own words, and what each key does."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING

from grader.messages.sentences import say
from grader.review.facts import ALLEGED, FAILED, LATE, REQUEST, UNGRADED

if TYPE_CHECKING:
    from grader.model import Language, Text


def labels(language: Language) -> SimpleNamespace:
    """Return the page's own words in a language, under the names that the templates use."""
    every = {**_frame(), **_box(), **_findings(), **_overview(), **_changes()}
    return SimpleNamespace(**{name: text.in_language(language) for name, text in every.items()})


def keys(language: Language) -> tuple[tuple[str, str], ...]:
    """Return every key and what it does."""
    does = (
        ("1 … 9, 0", say("give an item, or take it back")),
        ("↵", say("this is read; on to the next that is not (from a text: Ctrl and ↵)")),
        ("→ ←", say("the next student, the one before")),
        ("↓ ↑", say("the next question, the one before, of this student")),
        ("c", say("write the comment (Esc leaves it)")),
        ("/", say("search what was commented before; ↵ takes the first")),
        ("p", say("points on top of the items")),
        ("s", say("a note for staff")),
        ("r", say("read, or not read yet")),
        ("a", say("students with the same answer: give them an item")),
        ("i", say("change the items")),
        ("w", say("the whole notebook")),
        ("h", say("hide the names, or show them")),
        ("g", say("all questions and students")),
        ("?", say("this list")),
    )
    return tuple((key, text.in_language(language)) for key, text in does)


def filters(language: Language) -> tuple[tuple[str, str], ...]:
    """Return what students can be chosen by: the word in an address, and the text."""
    known = (
        ("", say("everybody")),
        ("unread", say("not read")),
        (FAILED, say("failed a check")),
        (ALLEGED, say("alleged (tested beside the student's code)")),
        (LATE, say("late")),
        (UNGRADED, say("not graded")),
        (REQUEST, say("asked to look again")),
    )
    return tuple((word, text.in_language(language)) for word, text in known)


def _frame() -> dict[str, Text]:
    return {
        "pages": say("Pages"),
        "hide_names": say("hide names"),
        "language": say("Language"),
        "keys": say("Keys"),
        "close": say("Close"),
        "keeping": say("Being kept …"),
        "lost": say(
            "Not kept: what you see here is not in the gradebook. Is the server still running? Change it once more, or "
            "load the page anew."
        ),
        "show": say("Show"),
        "student": say("Student"),
        "next": say("next"),
        "previous": say("before"),
        "next_task": say("next question"),
        "previous_task": say("question before"),
        "students": say("Students"),
    }


def _box() -> dict[str, Text]:
    return {
        "points_and_words": say("Points and words"),
        "items": say("Items"),
        "bonus": say("bonus"),
        "adjustment": say("Points on top of the items, as -0.5"),
        "comment": say("Comment, which the student reads"),
        "note": say("Note for staff alone"),
        "is_read": say("read"),
        "read_and_next": say("Read; on to the next"),
        "used_before": say("Comments that were used before"),
        "search": say("Search"),
        "none_found": say("None has these words."),
        "conflict": say("Somebody else has changed this since you opened it. Nothing is lost: which one shall hold?"),
        "theirs": say("In the gradebook"),
        "yours": say("Yours, not kept"),
        "keep_yours": say("Keep mine"),
        "keep_theirs": say("Keep what is in the gradebook"),
    }


def _findings() -> dict[str, Text]:
    return {
        "handed_in": say("Handed in"),
        "whole": say("The whole notebook"),
        "found": say("What the grader found"),
        "no_checks": say("The grader checks nothing in this question."),
        "no_notebook": say(
            "What was handed in is not in the gradebook: it was graded before gradebooks kept it, or could not be "
            "read. Grade it again."
        ),
        "observed": say("observed"),
        "expected": say("expected"),
        "alleged": say("alleged: tested beside the student's own code"),
        "override": say("Give other points"),
        "points": say("Points"),
        "reason": say("Why, which the student reads"),
        "keep": say("Keep"),
        "take_back": say("Take back"),
        "cells_stopped": say("Cells that stopped"),
        "request": say("Asked to look again"),
        "answer": say("Answer, which the student reads"),
        "passed": say("passed"),
        "failed": say("failed"),
        "not_attempted": say("not attempted"),
        "ungraded": say("not graded"),
    }


def _overview() -> dict[str, Text]:
    return {
        "questions": say("Questions"),
        "question": say("Question"),
        "waiting": say("not read"),
        "by_hand": say("read by a person"),
        "begin": say("Read"),
        "requests": say("Requests to look again"),
        "left_out": say("Left out of the class folder"),
        "missing": say("Without a submission"),
        "all_read": say("All is read in this question."),
    }


def _changes() -> dict[str, Text]:
    return {
        "change_items": say("Change the items"),
        "change_items_note": say("A change holds for everybody at once, also where the item was given already."),
        "new_item": say("A new item"),
        "remove": say("Remove"),
        "put_back": say("Put back"),
        "is_bonus": say("bonus: may lead above the question's points"),
        "alike": say("Students with the same answer"),
        "alike_note": say("Gives them an item as well. Who is not read stays so."),
        "give": say("Give"),
        "whom": say("Whom"),
        "nobody_alike": say("Nobody else has the same answer or the same mistake."),
        "again": say("Grade again"),
        "again_student": say("this student"),
        "again_check": say("everybody who failed a check"),
        "submissions": say("The folder of submissions, or its zip"),
        "again_begin": say("Grade again"),
    }
