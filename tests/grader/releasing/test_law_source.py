"""A public law is given out with what it uses, and with nothing else of its file."""

from __future__ import annotations

from grader.releasing.law_source import source_of

FILE = '''"""What is secret."""

from __future__ import annotations

import numpy as np

TOLERANCE = 1e-3
SECRET = 42
HALF, FULL = 0.5, 1.0


def inputs():
    """Return a strategy."""
    from hypothesis import strategies

    return strategies.sampled_from([(HALF,)])


def shown(ask, x):
    """Tell nothing."""
    return _near(ask(x), ask(x))


def hidden(ask, x):
    return ask(x) == x * SECRET


def _near(one, other):
    return np.abs(one - other) < TOLERANCE


def _secret():
    return SECRET
'''


def test_it_has_the_laws_that_are_named_what_they_use_and_the_imports() -> None:
    source = source_of(FILE, ["inputs", "shown"])
    for word in ("import numpy as np", "def inputs", "def shown", "def _near", "TOLERANCE = 0.001", "HALF, FULL"):
        assert word in source


def test_it_has_no_other_law_no_other_constant_and_no_word_of_the_staff() -> None:
    source = source_of(FILE, ["inputs", "shown"])
    for word in ("hidden", "SECRET", "42", "_secret", "secret", "Tell nothing"):
        assert word not in source


def test_it_is_python() -> None:
    compile(source_of(FILE, ["inputs", "shown"]), "laws", "exec")
