"""Puts a question to a function of a live session, and turns whatever comes of it into an observation."""

from __future__ import annotations

import errno
from typing import TYPE_CHECKING, Any, TypeVar

from grader.model import Missing, NotAttempted, Place, Raised, TimedOut, Unreadable
from grader.probes.asking import LackingError, answer_of
from grader.probes.unfit import unfit_of
from grader.sandbox.kernel.unavailable import NotAvailableError
from grader.wire.observations import MOST_BASES, observe, observe_value
from grader.wire.values import LONGEST_MESSAGE, LONGEST_NAME

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

    from grader.model import Manner, Observation, Question

Seen = TypeVar("Seen")

NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
MOST_CAUSES = 20
ASKING_SECONDS = 0.5
"""After this time no further function is called for one message of several questions."""


def ask(shell: Any, question: Question) -> Observation:  # noqa: ANN401 (IPython's, untyped)
    """Ask the session a question, with fresh copies of its arguments, and return what came of it."""
    return look_at(shell, question, look=lambda call: _observed(call(), question.manner))


def look_at(
    shell: Any,  # noqa: ANN401 (same)
    question: Question,
    look: Callable[[Callable[[], object]], Seen],
) -> Seen | Observation:
    """Give `look` the call of a question, to be made as often as it needs; return what it says, or what was raised."""
    names = {} if shell is None else shell.user_ns
    try:
        return look(lambda: answer_of(names, question))
    except KeyboardInterrupt:
        return TimedOut("call", 0.0)
    except LackingError as error:
        name = error.lacking[:LONGEST_NAME]
        return Missing(
            None if error.found is None else error.found[:LONGEST_NAME], None if name == question.task else name
        )
    except BaseException as error:  # noqa: BLE001 (SystemExit too: what a function raises is its answer)
        return _raised(shell, error, question)


def _observed(answer: object, manner: Manner) -> Observation:
    if manner.variable is not None and (answer is None or answer is Ellipsis):
        return NotAttempted()
    try:
        return observe(answer) if manner.counts == "numbers" else observe_value(answer)
    except NotAvailableError:
        raise
    except BaseException:  # noqa: BLE001 (an answer may raise anything when it is read)
        return Unreadable("type", type(answer).__name__[:LONGEST_NAME])


def place_of(shell: Any, error: BaseException) -> Place | None:  # noqa: ANN401 (IPython's, untyped)
    """Return the innermost line of the notebook that an error passed through."""
    if isinstance(error, SyntaxError) and (cell := _cell_of(shell, error.filename)) is not None:
        return Place(cell, error.lineno)
    place, trace = None, error.__traceback__
    while trace is not None:
        if (cell := _cell_of(shell, trace.tb_frame.f_code.co_filename)) is not None:
            place = Place(cell, trace.tb_lineno)
        trace = trace.tb_next
    return place


def line_in(shell: Any, error: BaseException, cell: int) -> int | None:  # noqa: ANN401 (same)
    """Return the line of a cell from which an error came: the function that raised it may stand in another cell."""
    trace = error.__traceback__
    while trace is not None:
        if _cell_of(shell, trace.tb_frame.f_code.co_filename) == cell:
            return trace.tb_lineno
        trace = trace.tb_next
    return None


def behind(error: BaseException) -> BaseException:
    """Return the system's error that led to another one by refusing to store more; else the error itself."""
    one: BaseException | None = error
    for _ in range(MOST_CAUSES):
        if isinstance(one, OSError) and one.errno in NO_ROOM:
            return one
        one = None if one is None else one.__cause__ or one.__context__
    return error


def _raised(shell: Any, error: BaseException, question: Question) -> Observation:  # noqa: ANN401 (same)
    functions = _student_functions(shell, error.__traceback__)
    probe = question.manner.probe
    if type(error) is NotImplementedError and (functions == [question.task] or (probe and len(functions) == 1)):
        return NotAttempted(place_of(shell, error))
    if probe is not None and (unfit := unfit_of(error, probe, lambda name: _cell_of(shell, name) is not None)):
        return unfit
    refused = getattr(shell, "refused", None)  # a live session refuses nothing
    return Raised(
        kind=type(behind(error)).__name__[:LONGEST_NAME],
        message=_message(behind(error)),
        place=place_of(shell, error),
        function=functions[-1] if functions else None,
        refused=None if refused is None else refused(error),
        bases=tuple(kind.__name__[:LONGEST_NAME] for kind in type(error).__mro__[1:MOST_BASES]),
    )


def _student_functions(shell: Any, trace: TracebackType | None) -> list[str]:  # noqa: ANN401 (same)
    names = []
    while trace is not None:
        if _cell_of(shell, trace.tb_frame.f_code.co_filename) is not None:
            names.append(trace.tb_frame.f_code.co_name[:LONGEST_NAME])
        trace = trace.tb_next
    return names


def _cell_of(shell: Any, filename: str | None) -> int | None:  # noqa: ANN401 (same)
    """Return the execution count of the cell that was compiled under a file name."""
    compiler = getattr(shell, "compile", None)
    count = getattr(compiler, "_filename_map", {}).get(filename)
    return count if isinstance(count, int) else None


def _message(error: BaseException) -> str:
    try:
        return str(error)[:LONGEST_MESSAGE]
    except Exception:  # noqa: BLE001 (a student's exception class may have any __str__)
        return ""
