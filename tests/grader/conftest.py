"""Records to be shown: perfect, middling, untouched, ungraded, and one in which the student has a say."""

from __future__ import annotations

import re
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from grader.model import Text
from grader.records.record import (
    CellPart,
    CheckPart,
    EvidencePart,
    ItemPart,
    LimitsPart,
    ReaderPart,
    Record,
    SubmissionPart,
    TaskPart,
    VerdictWord,
    Words,
    words,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

HOSTILE = (
    "<script>alert(1)</script><img src=x onerror=alert(1)></span></pre></style>"
    "{{ 7*7 }}{% raw %} ]]> <![CDATA[ &lt; \"q\" 'q' <!-- --> [bold red]markup[/bold red] [link=http://evil]x[/link]"
    "\x1b[31mred\x1b[0m\x1b]0;title\x07 \x9b2J \x00\x01\x08\x0b\x0c\x7f\x85 \u202eturned\u202c \u2066\u200b\ufeff"
    "\ufffe\uffff\r\n\t javascript:alert(1) :smile: http://evil.example/x.png 資訊"
)
"""Everything that a student could want a page to do. Lone surrogates are no text, and a record refuses them."""


CORPUS = {
    "ansi": "\x1b[31mred\x1b[0m \x1b]0;title\x07 \x9b2J \x1b]8;;http://evil.example\x1b\\click",
    "html": "<script>alert(1)</script><img src=x onerror=alert(1)></textarea></title></style></pre>",
    "attribute": "\" autofocus onfocus=alert(1) x='",
    "github": "\n::error file=x,line=1::forged\r\n::add-mask::a\n::stop-commands::x",
    "github start": "::error title=forged::forged",
    "github properties": "a,line=1::forged::,title=b:c",
    "github escaped": "50%25%0A::error::forged%0D%3A%2C",
    "github old": "##[error]forged",
    "azure": "##vso[task.setvariable variable=x]y",
    "teamcity": "##teamcity[buildStatus status='SUCCESS']",
    "formula": '=HYPERLINK("http://evil.example","x")',
    "formula plus": "+cmd|' /C calc'!A0",
    "formula minus": "-2+3",
    "formula at": "@SUM(1,1)",
    "formula tab": "\t=1+1",
    "formula wide": "＝1+1",
    "markdown": "# h\n- [x](javascript:alert(1)) ![x](http://evil.example/x.png) **b** <http://evil.example> @all #1",
    "backticks": "``` ` `` </code> `",
    "table": "a | b \\| c \\\\| <b>d</b> |",
    "links": "http://evil.example www.evil.example a@evil.example",
    "bidi": "\u202eevil\u202c \u2066\u200b\ufeff\u00ad",
    "nul": "a\x00b\x01\x08\x0b\x0c\x7f\x85\u2028\u2029c",
    "nonsense": "\ufffe\uffff\U0001fffe",
    "template": "{{ 7*7 }}{% raw %}{# x #}${7*7}",
    "xml": "]]> <![CDATA[ &lt; &amp; <!-- --> <?php ?>",
    "path": "../../etc/passwd",
    "long": "很長" * 50_000,
    "empty": "",
}
"""What a text of a student may try, by what it tries it on. It is put where a student has a say, everywhere at once."""

UNREADABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufffe\uffff]")
"""What would colour, hide or turn text, or end a line: in no report but the record itself, whose JSON escapes it."""


def both(zh_tw: str, en: str) -> Words:
    return words(Text(zh_tw, en))


def total(parts: tuple[CheckPart, ...] | tuple[TaskPart, ...]) -> Fraction | None:
    earned = [part.earned for part in parts]
    return None if None in earned else sum((part for part in earned if part is not None), Fraction(0))


def check(
    name: str, verdict: VerdictWord, *, because: Words | None = None, evidence: EvidencePart | None = None
) -> CheckPart:
    points = Fraction(5, 2)
    earned = {"passed": points, "ungraded": None}.get(verdict, Fraction(0))
    return CheckPart(
        name=name,
        promise=both("兩個等長的向量，回傳每一對元素相減、平方之後的總和。", "For two vectors of one length: a sum."),
        verdict=verdict,
        earned=earned,
        points=points,
        questions=4,
        agreed=4 if verdict == "passed" else 1,
        because=because,
        mistake=None,
        hint=both("除以二了嗎？" * 12, "Divided by two? " * 8) if verdict == "failed" else None,
        evidence=evidence,
        notes=(both("以 float16 計算", "computed in float16"),) if verdict == "passed" else (),
    )


def task(name: str, *checks: CheckPart) -> TaskPart:
    return TaskPart(
        name=name,
        title=both("誤差平方和", "The sum of squared errors"),
        lecture=both("5-1 損失函數", "5-1 Loss functions"),
        earned=total(checks),
        points=sum((one.points for one in checks), Fraction(0)),
        checks=checks,
    )


def read(part: TaskPart, *, because: Words | None = None) -> TaskPart:
    """Return a task that a person reads as well: ten more points, which nobody has given yet."""
    items = (ItemPart(id="unclear", text=both("看不懂", "Unclear"), points=Fraction(-2)),)
    cells = () if because else (3, 4)
    manual = ReaderPart(points=Fraction(10), start=Fraction(10), items=items, cells=cells, because=because)
    return part.model_copy(update={"points": part.points + 10, "earned": part.earned or Fraction(0), "manual": manual})


def record(
    *tasks: TaskPart,
    student: str = "s001",
    cells: tuple[CellPart, ...] = (),
    ungraded: Words | None = None,
    file: str = "s001.ipynb",
    notes: tuple[Words, ...] = (),
) -> Record:
    return Record(
        lab="lab01",
        title=both("Lab01：MSE 損失函數", "Lab01: the MSE loss"),
        student=student,
        seed=7,
        isolation="none",
        earned=total(tasks),
        points=sum((one.points for one in tasks), Fraction(0)),
        ungraded=ungraded,
        tasks=tasks,
        cells=cells,
        submission=SubmissionPart(file=file, sha256=None if ungraded else "0" * 64),
        course_sha256="1" * 64,
        limits=LimitsPart(cell_seconds=60, call_seconds=10, submission_seconds=300),
        versions={"labgrader": "0.1", "python": "3.11", "numpy": "2.4"},
        when="2026-11-22T08:00:00+00:00",
        seconds={"notebook": 1.25, "questions": 0.5, "total": 1.875},
        notes=notes,
    )


def hostile(text: str = HOSTILE) -> Record:
    """Return a record in which every text that a student has a say in is hostile."""
    said = both(text, text)
    evidence = EvidencePart(arguments={"x": text}, observed=text, expected="[0.5]")
    return record(
        task("sum_of_squared_errors", check("values", "failed", because=said, evidence=evidence)),
        task("mse", check("values", "not_attempted", because=said), check("batch", "passed")),
        student=text,
        cells=(
            CellPart(cell=1, line=2, how="raised", kind=text, because=said),
            CellPart(cell=2, line=None, how="died", kind="9", because=said),
        ),
        file=text,
        notes=(said,),
    )


@pytest.fixture(scope="session")
def corpus() -> Mapping[str, Record]:
    """Return a record for each hostile text, by what the text is."""
    return {name: hostile(text) for name, text in CORPUS.items()}


@pytest.fixture(scope="session")
def unreadable() -> re.Pattern[str]:
    """Return what no report may hold."""
    return UNREADABLE


@pytest.fixture(scope="session")
def schemas() -> Path:
    """Return the folder with the platforms' schemas."""
    return Path(__file__).parent / "reports" / "schemas"


@pytest.fixture(scope="session")
def class_records(records: Mapping[str, Record]) -> Sequence[Record]:
    """Return a class of four: s001 perfect, s002 middling, s003 untouched, s004 ungraded."""
    names = ("perfect", "middling", "untouched", "ungraded")
    return tuple(
        records[name].model_copy(update={"student": f"s{number:03}"}) for number, name in enumerate(names, start=1)
    )


@pytest.fixture(scope="session")
def records() -> Mapping[str, Record]:
    """Return records by what they are about."""
    wrong = both("4 個數值中有 1 個不符", "1 of 4 numbers differ")
    unwritten = both("尚未作答", "not written yet")
    down = both("Python kernel 無法啟動，因此沒有批改。", "The Python kernel did not start. Nothing was graded.")
    evidence = EvidencePart(
        arguments={"y_true": "[0., 1., 0.]", "y_pred": "[0.15, 0.2 , 0.3 ]"}, observed="0.25", expected="0.7525"
    )
    raised = both("NameError: name 'np' is not defined", "NameError: name 'np' is not defined")
    cells = tuple(CellPart(cell=n, line=n, how="raised", kind="NameError", because=raised) for n in range(1, 6))
    return {
        "perfect": record(task("first", check("values", "passed")), task("second", check("values", "passed"))),
        "middling": record(
            task(
                "first",
                check("values", "failed", because=wrong, evidence=evidence),
                check("batch", "not_attempted", because=unwritten),
            ),
            task("second", check("values", "passed"), check("batch", "failed", because=wrong)),
            task("third", check("values", "not_attempted", because=unwritten)),
            cells=cells,
        ),
        "untouched": record(
            task("first", check("values", "not_attempted", because=unwritten)),
            task("second", check("values", "not_attempted", because=unwritten)),
        ),
        "ungraded": record(
            task("first", check("values", "ungraded", because=down)),
            task("second", check("values", "ungraded", because=down)),
            ungraded=down,
        ),
        "waiting": record(
            read(task("first", check("values", "passed"))),
            read(task("plot"), because=both("找不到可以批改的內容", "nothing was found to read")),
        ),
        "hostile": hostile(),
    }
