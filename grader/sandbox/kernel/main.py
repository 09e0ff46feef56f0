"""What runs inside the kernel process: IPython's kernel, which also answers questions.

A question is a message of its own (ask_request -> ask_reply), so that no answer passes through standard output or
through a cell, and asking triggers none of the hooks that a notebook may have set. Everything in this process
belongs to the student's code, this module too: whatever it replies is untrusted.

Whatever is imported of the grader is imported here at the top: once the wall is up, it cannot be read.
"""

from __future__ import annotations

import contextlib
import importlib
import os
import platform
import random
import sys
import tempfile
from functools import partial
from time import monotonic
from typing import TYPE_CHECKING, Any

import numpy as np

import grader
from grader.model import Returned, Structured, TimedOut, Training
from grader.networks.model import Alleged, Description
from grader.sandbox.isolation import wall
from grader.sandbox.isolation.probes import closed
from grader.sandbox.kernel import keras_hooks
from grader.sandbox.kernel.application import Application, QuietKernel
from grader.sandbox.kernel.asking import ASKING_SECONDS, ask, behind, line_in, look_at, place_of
from grader.sandbox.kernel.describe_network import describe_network
from grader.sandbox.kernel.inspect_network import inspect_network
from grader.sandbox.kernel.no_debugger import refuse_debuggers
from grader.sandbox.kernel.rebuild_network import inspect_described
from grader.wire.descriptions import decode_description, encode_description
from grader.wire.networks import decode_inspection
from grader.wire.observations import encode_observation, encode_passed_over, encode_place
from grader.wire.plain import size_of
from grader.wire.questions import decode_question

if TYPE_CHECKING:
    from typing import TypeAlias

    from grader.model import Observation
    from grader.sandbox.isolation.policy import Policy

    Answer: TypeAlias = Observation | Description | Alleged

MOST_ASKED_BYTES = 2**20
"""After this many bytes of answers no further question is asked: one more answer of any size still fits the message."""

OWN_MESSAGES = ("wall_request", "setup_request", "prepare_request", "ask_request", "inspect_request")


def run(policy: Policy, entered: wall.WallStatus) -> None:
    """Put up the wall, try it, and be a kernel; return when the kernel ends."""
    platform.uname()  # Python keeps the answer: on Windows it starts a program, up to 3.11, and TensorFlow asks
    standing = wall.put_up(policy, entered)
    AskingKernel.standing = {"up": standing.up, "missing": dict(standing.missing), "closed": closed(policy)}
    tempfile.tempdir = None  # what was imported before a fork may have asked for it, and got another process' folder
    sys.path.insert(0, "")  # the notebook imports helper files beside it, as it would in Jupyter
    prepared().begin(sys.argv[sys.argv.index("-f") + 1])


def prepared() -> Application:
    """Return the application with all that needs no process of its own: made once, for every kernel forked later."""
    application: Application = Application.instance()
    if application.kernel is None:
        application.prepare(AskingKernel)
    return application


class AskingKernel(QuietKernel):
    """The kernel that a notebook runs in. It knows a few more messages, for its beginning, middle and end."""

    msg_types = [*QuietKernel.msg_types, *OWN_MESSAGES]  # noqa: RUF012 (as ipykernel declares it)

    standing: dict[str, Any] = {}  # noqa: RUF012 (set once, before the kernel is made)
    _hooks: keras_hooks.Hooks | None = None
    _cells = 0

    async def do_execute(self, *arguments: Any, **options: Any) -> dict[str, Any]:  # noqa: ANN401 (as in ipykernel)
        """Run a cell, and add to the reply where in the notebook it stopped, and what was passed over.

        Cells are counted here: `%reset` starts IPython's own count anew.
        """
        self._cells += 1
        shell: Any = self.shell
        shell.begin_cell(self._cells)
        reply: dict[str, Any] = await super().do_execute(*arguments, **options)  # type: ignore[no-untyped-call]
        error = getattr(sys, "last_value", None)
        if reply.get("status") == "error" and isinstance(error, BaseException):
            place = place_of(shell, error)
            if (refusal := shell.refused(error)) is not None:  # by the last expression: nothing is left of the cell
                shell.note(refusal, line_in(shell, error, self._cells))
                reply["status"] = "ok"
            elif (told := behind(error)) is not error:
                reply.update(ename=type(told).__name__, evalue=str(told))
            reply["place"] = encode_place(place)
        shell.end_cell()
        said = {"execution_count": self._cells, "passed_over": list(map(encode_passed_over, shell.passed_over))}
        return {name: _speakable(part) for name, part in {**reply, **said}.items()}

    def do_shutdown(self, restart: bool) -> dict[str, Any]:  # type: ignore[override]  # noqa: FBT001 (as in ipykernel)
        """Do nothing: a notebook that restarts its runtime is still asked, and the worker ends a kernel by a signal."""
        return {"status": "ok", "restart": restart}

    async def wall_request(self, stream: Any, ident: Any, parent: dict[str, Any]) -> None:  # noqa: ANN401
        """At the very beginning: say which walls stand, and what was tried and refused."""
        self._reply(stream, "wall_reply", {"status": "ok", **self.standing}, parent=parent, ident=ident)

    async def setup_request(self, stream: Any, ident: Any, parent: dict[str, Any]) -> None:  # noqa: ANN401
        """Before the first cell: fix the random numbers, and have Keras find its data and keep to the budget."""
        content = parent["content"]
        wall.tighten(self.standing["up"], content["limits"])
        self._leave_out_practice()
        refuse_debuggers()
        if self.shell is not None and "start" in self.standing.get("closed", ()):
            vars(os)["system"] = self.shell.no_system
        random.seed(content["seed"])
        np.random.seed(content["seed"])  # noqa: NPY002 (it is the legacy state that notebooks use)
        training = content["training"]
        self._hooks = keras_hooks.install(
            seed=content["seed"],
            mnist=content["mnist"],
            training=None if training is None else Training(**training),
        )
        self._reply(stream, "setup_reply", {"status": "ok"}, parent=parent, ident=ident)

    def _leave_out_practice(self) -> None:
        """Let `%grade` and `grader.check` in a notebook do nothing: here its functions are asked anyway."""
        vars(grader).update(load_ipython_extension=_nothing, check=_nothing)
        if self.shell is not None:
            self.shell.register_magic_function(_nothing, "line", "grade")

    async def prepare_request(self, stream: Any, ident: Any, parent: dict[str, Any]) -> None:  # noqa: ANN401
        """Import packages now, before the first cell and after the last, so that no limit pays for it."""
        for package in parent["content"]["packages"]:
            try:
                importlib.import_module(package)
            except Exception:  # noqa: BLE001 (whatever a package raises, the notebook's own import raises again)
                self.log.warning("could not import %s", package)
        shortened = self._hooks is not None and self._hooks.shortened
        self._reply(stream, "prepare_reply", {"status": "ok", "shortened": shortened}, parent=parent, ident=ident)

    async def ask_request(self, stream: Any, ident: Any, parent: dict[str, Any]) -> None:  # noqa: ANN401
        """Call functions, each with fresh copies of its arguments, and reply with what came of the first of them.

        The time and the size of the answers decide how many those are; the others are asked again.
        """
        observations: list[dict[str, Any]] = []
        until, size = monotonic() + ASKING_SECONDS, 0
        with contextlib.suppress(KeyboardInterrupt):
            for asked in parent["content"]["questions"]:
                seen = self._ask(asked)
                observations.append(_form_of(seen))
                size += size_of(seen.value) if isinstance(seen, Returned | Structured) else 0
                if isinstance(seen, TimedOut) or monotonic() > until or size > MOST_ASKED_BYTES:
                    break
        self._reply(stream, "ask_reply", {"status": "ok", "observations": observations}, parent=parent, ident=ident)

    def _reply(self, stream: Any, name: str, content: dict[str, Any], parent: dict[str, Any], ident: Any) -> None:  # noqa: ANN401
        if self.session is not None:
            self.session.send(stream, name, _speakable(content), parent, ident=ident)

    async def inspect_request(self, stream: Any, ident: Any, parent: dict[str, Any]) -> None:  # noqa: ANN401
        """Where no notebook is run: build a network from its description, and inspect it; None if Keras cannot."""
        form, observation = parent["content"], None
        described, inspection = decode_description(form["description"]), decode_inspection(form["inspection"])
        try:
            if isinstance(described, Description) and inspection is not None:
                observation = encode_observation(inspect_described(described, inspection))
        except Exception as error:  # noqa: BLE001 (Keras raises anything; the student's own kernel is asked then)
            self.log.warning("could not build the network anew: %r", error)
        self._reply(stream, "inspect_reply", {"status": "ok", "observation": observation}, parent=parent, ident=ident)

    def _ask(self, asked: dict[str, Any]) -> Answer:
        """Ask a function; describe the network that it returns where there is a `describe`, a seed, or inspect it."""
        question, seed = decode_question(asked["question"]), asked["describe"]
        if seed is not None:
            return look_at(self.shell, question, look=lambda call: describe_network(call, seed))
        if question.inspection is None:
            return ask(self.shell, question)
        inspect = partial(inspect_network, inspection=question.inspection, hooks=self._hooks)
        return look_at(self.shell, question, look=inspect)


def _form_of(seen: Answer) -> dict[str, Any]:
    return encode_description(seen) if isinstance(seen, Description | Alleged) else encode_observation(seen)


def _nothing(*_: object) -> None:
    """Stand for what a notebook may call and is not needed here."""


def _speakable(form: Any) -> Any:  # noqa: ANN401 (JSON)
    """Return it with texts that can be sent: half of a surrogate pair would keep the whole reply from being sent."""
    match form:
        case str():
            return form if form.isascii() else form.encode("utf-8", "replace").decode("utf-8")
        case dict():
            return {name: _speakable(part) for name, part in form.items()}
        case list():
            return [_speakable(part) for part in form]
    return form
