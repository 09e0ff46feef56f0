# mypy: ignore-errors
"""Alleges that it was not asked, that it died, that the time was over.

Expected: zero
"""

import grader.sandbox.kernel.main as inside

words = iter([{"not_asked": {}}, {"died": {"signal": None}}, {"over_limit": {"limit": "disk", "allowed": 1}}] * 99)
inside.encode_observation = lambda observation: next(words)

def double(x):
    return x + 0.123
