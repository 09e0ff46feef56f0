"""What runs inside the kernel process: IPython's kernel, which also answers questions.

A question is a message of its own (ask_request -> ask_reply), so that no answer passes through standard output or
through a cell, and asking triggers none of the hooks that a notebook may have set. Everything in this process
belongs to the student's code, this module too: whatever it replies is an allegation.

Whatever is imported of the grader is imported here at the top: once the wall is up, it cannot be read.
"""

from __future__ import annotations

import importlib
import random
import sys
from typing import TYPE_CHECKING, Any

import numpy as np
from ipykernel.ipkernel import IPythonKernel
from ipykernel.kernelapp import IPKernelApp

from grader.built import decode_watch
from grader.model import Missing, NotAttempted, Place, Raised, TimedOut, Training, Unreadable
from grader.sandbox import keras_hooks, wall
from grader.sandbox.network import watch_network
from grader.sandbox.probes import closed
from grader.values import LONGEST_MESSAGE, LONGEST_NAME, decode_argument
from grader.wire import encode_observation, observe

if sys.platform != "win32":
    from grader.sandbox.walls import rlimits

if TYPE_CHECKING:
    from types import TracebackType

    from grader.model import Observation
    from grader.sandbox.policy import Policy

OWN_MESSAGES = ("wall_request", "setup_request", "prepare_request", "ask_request")


def run(policy: Policy, entered: wall.Standing) -> None:
    """Put up the wall, try it, and be a kernel: returns when that ends."""
    standing = wall.put_up(policy, entered)
    AskingKernel.standing = {"up": standing.up, "missing": dict(standing.missing), "closed": closed(policy)}
    leave_out_the_debugger()
    sys.path.insert(0, "")  # the notebook imports helper files beside it, as it would in Jupyter
    IPKernelApp.launch_instance(kernel_class=AskingKernel)


def leave_out_the_debugger() -> None:
    """Make ipykernel believe that there is no debugger: nobody is there to use one, and it takes long to import."""
    if "debugpy" not in sys.modules:
        sys.modules["debugpy"] = None  # type: ignore[assignment]  # Python's own word for "not to be had"


class AskingKernel(IPythonKernel):
    """The kernel that a notebook runs in. It knows a few more messages, for its beginning, middle and end."""

    msg_types = [*IPythonKernel.msg_types, *OWN_MESSAGES]  # noqa: RUF012 (as ipykernel declares it)

    standing: dict[str, Any] = {}  # noqa: RUF012 (set once, before the kernel is made)
    _hooks: keras_hooks.Hooks | None = None

    async def do_execute(self, *arguments: Any, **options: Any) -> dict[str, Any]:  # noqa: ANN401 (as in ipykernel)
        """Run a cell, and add to the reply where in the notebook it stopped."""
        reply: dict[str, Any] = await super().do_execute(*arguments, **options)  # type: ignore[no-untyped-call]
        error = getattr(sys, "last_value", None)
        if reply.get("status") == "error" and isinstance(error, BaseException):
            place = self._place(error)
            reply["place"] = None if place is None else [place.cell, place.line]
        return {name: _speakable(part) for name, part in reply.items()}

    async def wall_request(self, stream: Any, ident: Any, parent: dict[str, Any]) -> None:  # noqa: ANN401
        """At the very first: tell which walls stand, and what was tried and refused."""
        self._reply(stream, "wall_reply", {"status": "ok", **self.standing}, parent, ident)

    async def setup_request(self, stream: Any, ident: Any, parent: dict[str, Any]) -> None:  # noqa: ANN401
        """Before the first cell: fix the random numbers, and have Keras find its data and keep to the budget."""
        content = parent["content"]
        if sys.platform != "win32":
            rlimits.tighten(**content["limits"])
        random.seed(content["seed"])
        np.random.seed(content["seed"])  # noqa: NPY002 (it is the legacy state that notebooks use)
        training = content["training"]
        self._hooks = keras_hooks.install(
            seed=content["seed"],
            mnist=content["mnist"],
            training=None if training is None else Training(**training),
        )
        self._reply(stream, "setup_reply", {"status": "ok"}, parent, ident)

    async def prepare_request(self, stream: Any, ident: Any, parent: dict[str, Any]) -> None:  # noqa: ANN401
        """After the last cell: import packages now, so that no call's time limit pays for it."""
        for package in parent["content"]["packages"]:
            try:
                importlib.import_module(package)
            except Exception:  # noqa: BLE001 (whatever a package raises, the notebook's own import tells the student)
                self.log.warning("could not import %s", package)
        shortened = self._hooks is not None and self._hooks.shortened
        self._reply(stream, "prepare_reply", {"status": "ok", "shortened": shortened}, parent, ident)

    async def ask_request(self, stream: Any, ident: Any, parent: dict[str, Any]) -> None:  # noqa: ANN401
        """Call one function with fresh copies of the arguments, and reply with what came of it."""
        content = parent["content"]
        answer = encode_observation(self._ask(content["function"], content["arguments"], content["watch"]))
        self._reply(stream, "ask_reply", {"status": "ok", "observation": answer}, parent, ident)

    def _reply(self, stream: Any, name: str, content: dict[str, Any], parent: dict[str, Any], ident: Any) -> None:  # noqa: ANN401
        if self.session is not None:
            self.session.send(stream, name, _speakable(content), parent, ident=ident)

    def _ask(self, name: str, arguments: list[Any], watch: dict[str, Any] | None) -> Observation:
        function = None if self.shell is None else self.shell.user_ns.get(name)
        if not callable(function):
            return Missing(None if function is None else type(function).__name__[:LONGEST_NAME])

        def build() -> object:
            return function(*(decode_argument(form) for form in arguments))

        watching = decode_watch(watch)
        try:
            if watching is not None:
                return watch_network(build, watching, self._hooks)
            answer = build()
        except KeyboardInterrupt:
            return TimedOut("call", 0.0)
        except BaseException as error:  # noqa: BLE001 (SystemExit too: it is the function's answer, as data)
            return self._raised(error, name)
        try:
            return observe(answer)
        except BaseException:  # noqa: BLE001 (an answer may raise anything when it is looked at)
            return Unreadable("type", type(answer).__name__[:LONGEST_NAME])

    def _raised(self, error: BaseException, asked: str) -> Observation:
        functions = self._student_functions(error.__traceback__)
        if type(error) is NotImplementedError and functions == [asked]:
            return NotAttempted()
        return Raised(
            kind=type(error).__name__[:LONGEST_NAME],
            message=_message(error),
            place=self._place(error),
            function=functions[-1] if functions else None,
        )

    def _place(self, error: BaseException) -> Place | None:
        """Return the innermost line of the notebook that an error passed through."""
        if isinstance(error, SyntaxError) and (cell := self._cell_of(error.filename)) is not None:
            return Place(cell, error.lineno)
        place, trace = None, error.__traceback__
        while trace is not None:
            if (cell := self._cell_of(trace.tb_frame.f_code.co_filename)) is not None:
                place = Place(cell, trace.tb_lineno)
            trace = trace.tb_next
        return place

    def _student_functions(self, trace: TracebackType | None) -> list[str]:
        names = []
        while trace is not None:
            if self._cell_of(trace.tb_frame.f_code.co_filename) is not None:
                names.append(trace.tb_frame.f_code.co_name[:LONGEST_NAME])
            trace = trace.tb_next
        return names

    def _cell_of(self, filename: str | None) -> int | None:
        """Return the execution count of the cell that was compiled under a file name."""
        compiler = getattr(self.shell, "compile", None)
        count = getattr(compiler, "_filename_map", {}).get(filename)
        return count if isinstance(count, int) else None


def _speakable(form: Any) -> Any:  # noqa: ANN401 (JSON)
    """Return it with texts that can be sent: half of a character pair would silence the reply."""
    match form:
        case str():
            return form if form.isascii() else form.encode("utf-8", "replace").decode("utf-8")
        case dict():
            return {name: _speakable(part) for name, part in form.items()}
        case list():
            return [_speakable(part) for part in form]
    return form


def _message(error: BaseException) -> str:
    try:
        return str(error)[:LONGEST_MESSAGE]
    except Exception:  # noqa: BLE001 (a student's exception class may have any __str__)
        return ""
