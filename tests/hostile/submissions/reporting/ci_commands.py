# mypy: ignore-errors
"""Raises an error whose text is a command to a CI runner.

Expected: zero
"""

def double(x):
    raise ValueError("::set-output name=x::y\n##[add-path]/tmp\n::add-mask::x %0A::error::x ##vso[task.x]")
