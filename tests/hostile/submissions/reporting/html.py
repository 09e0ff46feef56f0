# mypy: ignore-errors
"""Raises an error whose name and text are HTML.

Expected: zero
"""

Bad = type("<img src=x onerror=alert(1)>", (ValueError,), {})


def double(x):
    raise Bad("</style><script>alert(1)</script><iframe src='//example.org'>&quot;")
