"""`%load_ext grader` in a notebook: `%grade lab02` or `%grade softmax` asks the functions of the live session.

The questions come from another process, which also judges: the reference and the expected values never enter the
session. It is practice: only public questions, asked of the session in whatever state it is.
"""

from __future__ import annotations

import html
import json
import os
import shlex
import subprocess
import sys
from typing import TYPE_CHECKING, Any

from grader.sandbox.kernel.asking import ask
from grader.wire.observations import encode_observation
from grader.wire.questions import decode_question

if TYPE_CHECKING:
    from collections.abc import Callable

START = "import sys; from grader.cli import main; raise SystemExit(main(sys.argv[1:]))"


def load(shell: Any) -> None:  # noqa: ANN401 (IPython's, untyped)
    """Register the magic `%grade`."""

    def grade(line: str) -> None:
        show(practise(shell, words_of(line)))

    shell.register_magic_function(grade, "line", "grade")


def words_of(line: str) -> list[str]:
    """Return the words of a line as a terminal would: quotation marks hold blanks, and a comment is no word.

    A backslash is itself on every system: Windows has it in paths.
    """
    lexer = shlex.shlex(line, posix=True)
    lexer.whitespace_split = True
    lexer.escape = ""
    try:
        return list(lexer)
    except ValueError:  # a quotation mark without its partner
        return line.partition("#")[0].split()


def check(name: str | Callable[..., object] = "", *words: str) -> None:
    """Ask the functions of this session the public questions of a lab, or of one function, and show the result.

    A function is asked by its name: `check(mse)` is `check("mse")`.
    """
    from IPython import get_ipython  # noqa: PLC0415 (there is one wherever there is a session)

    named = name if isinstance(name, str) else str(getattr(name, "__name__", type(name).__name__))
    show(practise(get_ipython(), [*([named] if named else []), *words]))


def practise(shell: Any, words: list[str]) -> str:  # noqa: ANN401 (IPython's, untyped)
    """Answer what `grade practice` asks, and return the page that it ends with, or its error message."""
    process = subprocess.Popen(
        [sys.executable, "-X", "utf8", "-P", "-c", START, "practice", *words],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
    )
    with process:
        if process.stdin is None or process.stdout is None or process.stderr is None:
            raise AssertionError
        for line in process.stdout:
            form = json.loads(line)
            if "page" in form:
                return str(form["page"])
            process.stdin.write(json.dumps(_answer(shell, form)) + "\n")
            process.stdin.flush()
        return process.stderr.read()


def _answer(shell: Any, form: dict[str, Any]) -> Any:  # noqa: ANN401 (IPython's, untyped, and JSON)
    """Return the answer to a question, or the cells that were run, each at its number."""
    if form["type"] == "cells":
        return list(shell.history_manager.input_hist_raw)
    return encode_observation(ask(shell, decode_question(form["content"])))


def show(page: str) -> None:
    """Show a page: plainly in a terminal, in a box in a notebook."""
    from IPython.display import display  # noqa: PLC0415 (there is one wherever there is a session)

    box = "padding: 0.5em 1em; border-left: 0.3em solid #888; line-height: 1.4; white-space: pre-wrap"
    forms = {"text/plain": page, "text/html": f'<pre style="{box}">{html.escape(page)}</pre>'}
    display(forms, raw=True)  # type: ignore[no-untyped-call]
