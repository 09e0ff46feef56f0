"""Whether an answer is the same in the end: what luck decides, or what ran before, can be no question."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from grader.comparing.compare import difference
from grader.comparing.rule import Comparison
from grader.newlab.heard import Unwritable
from grader.probes.asking import seeded
from grader.wire.given import fresh
from grader.wire.plain import encode_value
from grader.wire.reading import NotPlainError, plain_of
from grader.wire.values import PastBoundError, WireError

if TYPE_CHECKING:
    from grader.newlab.heard import Heard, HeardCall, Written
    from grader.newlab.surroundings import Clock

SEEDS = (7, 77)
SAME = Comparison(rtol=2e-4, atol=1e-6)
SLOW_SECONDS = 5.0
"""What takes longer is not asked again: it is no question either."""


def asked_again(heard: Heard, clock: Clock) -> Heard:
    """Return what was heard, each call with what its function answers in the end."""
    return replace(heard, calls=tuple(_again(heard, call, clock) for call in heard.calls))


def _again(heard: Heard, call: HeardCall, clock: Clock) -> HeardCall:
    given = [value for value in call.inputs.values() if not isinstance(value, Unwritable) or callable(value.found)]
    function = heard.functions.get(call.name)
    if function is None or clock.is_up or call.seconds > SLOW_SECONDS or call.starred or len(given) < len(call.inputs):
        return call
    answers: list[Written] = []
    raised: list[str] = []
    for seed in SEEDS:
        with clock.bounded(), seeded(seed):
            try:
                answers.append(written(function(*map(_given, given))))
            except Exception as error:  # noqa: BLE001 (it is kept, and told where it did not come in the test)
                raised.append(f"{type(error).__name__}: {error}".partition("\n")[0])
    if len(raised) != (0 if call.raised is None else len(SEEDS)) or len(answers) + len(raised) < len(SEEDS):
        return replace(call, again="raises", error="".join(raised[:1]))
    if raised:
        return call
    if not alike(answers[0], answers[1]):
        return replace(call, again="random")
    return call if alike(answers[0], call.returned) else replace(call, again="state")


def _given(value: Written) -> object:
    return value.found if isinstance(value, Unwritable) else fresh(value)


def alike(one: Written, other: Written) -> bool:
    """Say whether two values are the same; of values that are no plain data nothing is known, and they count so."""
    if isinstance(one, Unwritable) or isinstance(other, Unwritable):
        return True
    return difference(one, other, SAME) is None


def written(value: object) -> Written:
    """Return a value as plain data, which shares nothing with it; Unwritable for one that is none."""
    try:
        plain = plain_of(value)
        encode_value(plain)
    except NotPlainError as error:
        return Unwritable(error.found, value)
    except (PastBoundError, WireError):
        return Unwritable("large", value)
    except Exception:  # noqa: BLE001 (an object of the notebook's may raise anything when it is read)
        return Unwritable(type(value).__name__, value)
    return plain


def is_changed(before: Written, value: object) -> bool:
    """Say whether a value is another one than before, as far as it is plain data."""
    after = written(value)
    if isinstance(before, Unwritable) or isinstance(after, Unwritable):
        return False
    return encode_value(before) != encode_value(after)
