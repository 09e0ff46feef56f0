# mypy: ignore-errors
"""Never comes back, and ignores every signal.

Expected: zero
"""

import signal


def double(x):
    for number in signal.valid_signals() - {signal.SIGKILL, signal.SIGSTOP}:
        try:
            signal.signal(number, signal.SIG_IGN)
        except (OSError, ValueError):
            pass
    while True:
        pass
