"""The program `grade`, and `python -m grader`, which is the same where that is not on the path."""

from __future__ import annotations

from grader.interrupts import INTERRUPTED


def main() -> int:
    """Run the command that the program's words say, and return its exit status."""
    try:
        from grader.cli import main as run  # noqa: PLC0415 (it takes a tenth of a second, and Ctrl-C may come)
    except KeyboardInterrupt:
        return INTERRUPTED
    return run()


if __name__ == "__main__":
    raise SystemExit(main())
