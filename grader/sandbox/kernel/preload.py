"""What the forkserver does once so that no kernel has to: imports, and whatever else is the same for all of them.

Nothing here knows an answer of the course or runs student code. A forked kernel enters the wall as a started one does,
and is used once. On Linux only: elsewhere kernels are started.
"""

from __future__ import annotations

import ast
import contextlib
import functools
import gc
import importlib
import sys
from typing import TYPE_CHECKING

from grader.sandbox.isolation.linux import gather_memory
from grader.sandbox.isolation.wall import foresee
from grader.sandbox.kernel.application import leave_out_the_debugger
from grader.sandbox.kernel.main import prepared

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
"""What ipykernel imports when it begins, which costs each kernel a tenth of a second."""

WANTED_WITH = {
    "matplotlib": ("matplotlib.pyplot", "matplotlib_inline.backend_inline"),
    "torch": ("torch._dynamo",),
    "tensorflow": ("tensorflow.python.util.pywrap_xla_ops",),
}
"""What is imported in addition, when a notebook imports a package or uses it for the first time."""

ANY_CELL = "%time\n!ls\nx = [f'{y:.1f}' for y in (1, 2)]\nx?\n"

REHEARSALS = 20
"""Python specialises code that has run a few times."""


@functools.cache  # once in a process
def prepare() -> None:
    """Import and make what any kernel needs."""
    leave_out_the_debugger()
    foresee()  # while forking costs little
    for name in WANTED_BY_A_KERNEL:
        _import(name)
    _rehearse()
    prepared()


def import_all(packages: Sequence[str]) -> None:
    """Import packages for every kernel that is forked from now on, and share what there is now with all of them."""
    gc.disable()  # an import makes many objects and drops few: collecting them takes a sixth of TensorFlow's import
    for package in packages:
        for name in (package, *WANTED_WITH.get(package, ())):
            _import(name)
    _register_kernels()
    _ask_for_files()
    gc.enable()
    gc.collect()
    gc.freeze()  # the objects of now are shared with every kernel: a collection would copy them
    gather_memory()


def _rehearse() -> None:
    """Read a cell as a kernel does, so that its regular expressions are compiled and its code is specialised."""
    from IPython.core.inputtransformer2 import TransformerManager  # noqa: PLC0415 (in the forkserver alone)

    manager = TransformerManager()  # type: ignore[no-untyped-call]
    for _ in range(REHEARSALS):
        ast.parse(manager.transform_cell(ANY_CELL))


def _register_kernels() -> None:
    """Have TensorFlow register its compiler's kernels: a third of the time until its first number."""
    compiler = sys.modules.get("tensorflow.python.util.pywrap_xla_ops")
    if compiler is not None:
        with contextlib.suppress(Exception):  # a TensorFlow without this function registers them when it must
            compiler.get_cpu_kernel_names()


def _ask_for_files() -> None:
    """Ask every module for its file, as ipykernel does: a lazy module imports itself then."""
    for module in list(sys.modules.values()):
        with contextlib.suppress(Exception):  # where one of them fails here, it would fail in a kernel as well
            hasattr(module, "__file__")


def _import(name: str) -> None:
    try:
        importlib.import_module(name)
    except (Exception, SystemExit) as error:  # noqa: BLE001 (a package may raise anything, and the notebook's own import raises it again)
        sys.stderr.write(f"{name}: {error}\n")
