"""A warm parent: has imported what a lab's notebooks import, and forks a kernel whenever it is asked to.

It is started by exec, holds nothing of the course's answers, and runs no student code: a forked kernel enters the wall
as one that was started cold does, and is used once. The kernels are handed over to the worker (a child subreaper), so
that it sees them end as it sees its own children end. Linux alone: elsewhere kernels are started cold.

Started as `python -P -m grader.sandbox.kernel.preload`; reads a request as a line of JSON: to import
packages, answered with an empty line when that is done, or to fork a kernel, answered with the new process' number.
"""

from __future__ import annotations

import ast
import contextlib
import gc
import importlib
import json
import os
import sys
from time import monotonic, sleep
from typing import TYPE_CHECKING, Any

from grader.sandbox.isolation.linux import be_called, gather_memory
from grader.sandbox.isolation.policy import read_policy
from grader.sandbox.isolation.wall import enter, foresee
from grader.sandbox.kernel import main as inside
from grader.sandbox.kernel.application import leave_out_the_debugger

if TYPE_CHECKING:
    from collections.abc import Sequence

WANTED_BY_A_KERNEL = (
    "IPython.core.completerlib",
    "IPython.core.debugger",
    "IPython.core.logger",
    "IPython.core.magics",
    "IPython.core.oinspect",
    "IPython.extensions.storemagic",
    "encodings.ascii",
    "faulthandler",
    "ipykernel.compiler",
    "ipykernel.comm",
    "ipykernel.debugger",
    "ipykernel.heartbeat",
    "ipykernel.iostream",
    "ipykernel.zmqshell",
    "jupyter_client.localinterfaces",
    "numpy.random",
    "psutil",
    "tornado.platform.asyncio",
    "unicodedata",
    "zmq.eventloop.zmqstream",
)
"""What ipykernel imports when it begins: a tenth of a second for each kernel that has it to do itself."""

WANTED_WITH = {
    "matplotlib": ("matplotlib.pyplot", "matplotlib_inline.backend_inline"),
    "tensorflow": ("tensorflow.python.util.pywrap_xla_ops",),
}
"""What a notebook that imports a package goes on to import, or what is done for it when it is first used."""

ANY_CELL = "%time\n!ls\nx = [f'{y:.1f}' for y in (1, 2)]\nx?\n"

REHEARSALS = 20
"""Python specialises what has run some times."""

ADOPTION_SECONDS, LONGEST_ADOPTION_SECONDS = 0.0005, 10.0


def prepare() -> None:
    """Import and make what any kernel needs."""
    leave_out_the_debugger()
    foresee()  # while forking costs little
    for name in WANTED_BY_A_KERNEL:
        _import(name)
    _rehearse()
    inside.prepared()


def serve() -> None:
    """Import packages and fork kernels as requested, until the input ends."""
    for line in sys.stdin:
        request = json.loads(line)
        if "packages" in request:
            import_all(request["packages"])
            os.write(1, b"\n")
        else:
            _fork(request)


def import_all(packages: Sequence[str]) -> None:
    """Import packages, those that are not there yet, for every kernel that is forked from now on."""
    if packages and all(package in sys.modules for package in packages):
        return
    gc.disable()  # an import makes much and drops little: looking for that takes a sixth of TensorFlow's
    for package in packages:
        for name in (package, *WANTED_WITH.get(package, ())):
            _import(name)
    _register_kernels()
    _ask_for_files()
    gc.enable()
    gc.collect()
    gc.freeze()  # what is there now is shared with every kernel: looking through it would copy it
    gather_memory()


def _rehearse() -> None:
    """Read a cell as a kernel does, so that its regular expressions are compiled and its code is specialised."""
    from IPython.core.inputtransformer2 import TransformerManager  # noqa: PLC0415 (in the parent alone)

    manager = TransformerManager()  # type: ignore[no-untyped-call]
    for _ in range(REHEARSALS):
        ast.parse(manager.transform_cell(ANY_CELL))


def _register_kernels() -> None:
    """Have TensorFlow register what its compiler knows, as it does before its first number: a third of that."""
    compiler = sys.modules.get("tensorflow.python.util.pywrap_xla_ops")
    if compiler is not None:
        with contextlib.suppress(Exception):  # another TensorFlow may have no such function, and does it by itself
            compiler.get_cpu_kernel_names()


def _ask_for_files() -> None:
    """Ask every module for its file, as ipykernel does: some import themselves when something is wanted of them."""
    for module in list(sys.modules.values()):
        with contextlib.suppress(Exception):  # what one of them lacks, a kernel would not find either
            hasattr(module, "__file__")


def _import(name: str) -> None:
    try:
        importlib.import_module(name)
    except Exception as error:  # noqa: BLE001 (a package may raise anything; the notebook's own import tells the student)
        sys.stderr.write(f"{name}: {error}\n")


def _fork(request: dict[str, Any]) -> None:
    """Fork twice, so that the kernel becomes the worker's child; tell its number."""
    between = os.fork()
    if between:
        os.waitpid(between, 0)
        return
    kernel = os.fork()
    if kernel:
        os.write(1, f"{kernel}\n".encode())
        os._exit(0)
    try:
        _become_a_kernel(request)
    finally:
        os._exit(1)  # never back into the loop of the parent


def _become_a_kernel(request: dict[str, Any]) -> None:
    policy = read_policy(request["policy"])
    be_called("grade-kernel")
    os.setsid()
    deadline = monotonic() + LONGEST_ADOPTION_SECONDS
    while os.getppid() != policy.parent:  # adopted by the worker as soon as the process between has ended
        if monotonic() > deadline:
            return  # there is no worker any more
        sleep(ADOPTION_SECONDS)
    nothing, errors = os.open(os.devnull, os.O_RDONLY), os.open(request["errors"], os.O_WRONLY | os.O_APPEND)
    for old, new in ((nothing, 0), (errors, 1), (errors, 2)):
        os.dup2(old, new)
    os.close(nothing)
    os.close(errors)
    os.chdir(policy.home)
    os.environ.clear()
    os.environ.update(request["environment"])
    sys.argv = ["kernel", *request["arguments"]]
    inside.run(policy, enter(policy))


if __name__ == "__main__":
    prepare()
    serve()
