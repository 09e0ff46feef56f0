# mypy: ignore-errors
"""Is right, and prints, warns, logs and draws on standard error.

Expected: full
"""

import logging
import sys
import warnings

warnings.warn("a warning")
logging.warning("a log line")
print("to stderr", file=sys.stderr)


def double(x):
    print("asked for", x)
    warnings.warn("again")
    return 2 * x
