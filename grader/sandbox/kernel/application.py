"""IPython's kernel in a form for a grader: nobody types into it, reads its output or debugs it.

What needs a process of its own (sockets, folders) is made last. The rest, two thirds of its start, is made once in the
forkserver and forked. One thread reads the requests, runs them, replies and publishes what was printed; ipykernel has
four for that, so that a cell can be interrupted, debugged or watched, and each message passes through two of them.
"""

from __future__ import annotations

import contextlib
import logging
import os
import signal
import sys
import threading
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any

import zmq
from ipykernel.iostream import BackgroundSocket, IOPubThread, OutStream
from ipykernel.ipkernel import IPythonKernel
from ipykernel.kernelapp import IPKernelApp
from ipykernel.zmqshell import ZMQInteractiveShell
from IPython.core.compilerop import CachingCompiler
from IPython.core.inputtransformer2 import TransformerManager
from IPython.core.profiledir import ProfileDir
from zmq.eventloop.zmqstream import ZMQStream

from grader.sandbox.kernel.reading_cells import Compiler
from grader.sandbox.kernel.shell import Shell
from grader.system import HERE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import FrameType

PRIVATE_NAMES: tuple[tuple[type, tuple[str, ...]], ...] = (
    (IOPubThread, ("background_socket", "io_loop", "schedule", "socket", "start", "stop", "thread", "_pipe_flag")),
    (OutStream, ("flush_interval", "_buffers", "_flush", "_schedule_flush")),
    (ZMQInteractiveShell, ("display_pub", "displayhook", "init_environment", "input_transformers_post")),
    (ZMQInteractiveShell, ("input_transformer_manager", "should_run_async", "transform_ast", "transform_cell")),
    (
        ZMQInteractiveShell,
        ("ask_exit", "getoutput", "run_cell_magic", "run_line_magic", "last_execution_result", "system"),
    ),
    (TransformerManager, ("do_one_token_transform",)),
    (CachingCompiler, ("_filename_map",)),
    (IPythonKernel, ("compiler_class", "do_execute", "execution_count", "iopub_socket", "iopub_thread", "msg_types")),
    (IPythonKernel, ("shell_channel_thread", "shell_class", "shell_stream", "stdin_socket", "_execute_sleep")),
    (IPythonKernel, ("_publish_execute_input", "_publish_status", "_stderr", "_stdout", "_supports_kernel_subshells")),
    (IPKernelApp, ("displayhook", "init_code", "init_connection_file", "init_control", "init_extensions")),
    (IPKernelApp, ("init_gui_pylab", "init_io", "init_iopub", "init_path", "init_pdb", "init_poller")),
    (IPKernelApp, ("init_profile_dir", "init_shell", "init_signal", "init_sockets", "iopub_port", "iopub_thread")),
    (IPKernelApp, ("outstream_class", "parent_handle", "shell_socket", "write_connection_file", "_bind_socket")),
)
"""What is used or replaced here of ipykernel and IPython although they do not promise it.

A test says which of these a release no longer has; until then pyproject.toml keeps to releases below 8.
"""


class Publisher(IOPubThread):
    """Publishes from whichever thread has something to say; ipykernel wakes a thread of its own for each message."""

    def __init__(self, socket: zmq.Socket[bytes]) -> None:  # not its parent's: that makes the thread
        self.socket: zmq.Socket[bytes] | None = socket
        self.background_socket = BackgroundSocket(self)
        self.io_loop = None  # type: ignore[assignment]
        self.thread = _Here()  # type: ignore[assignment]
        self._pipe_flag = False
        self._own = os.getpid()
        self._sending = threading.RLock()

    def start(self) -> None:
        """Do nothing: there is no thread."""

    def stop(self) -> None:
        """Do nothing: there is no thread."""

    def schedule(self, f: Callable[[], object]) -> None:
        """Call it at once; in a process that a notebook has forked not at all, since the socket is not its own."""
        if os.getpid() == self._own:
            with self._sending, _uninterrupted():
                f()


@contextlib.contextmanager
def _uninterrupted() -> Iterator[None]:
    """Let an interrupt wait: it would cut a message of which some parts are sent, and spoil the next one."""
    handler = signal.getsignal(signal.SIGINT)
    if not callable(handler) or threading.current_thread() is not threading.main_thread():
        yield
        return
    waiting: list[tuple[int, FrameType | None]] = []
    signal.signal(signal.SIGINT, lambda *what: waiting.append(what))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, handler)
        if waiting:
            handler(*waiting[0])


class Stream(OutStream):
    """Standard output or error. ipykernel flushes both four times for each cell, and waits for it each time."""

    _flushed = 0.0

    def flush(self) -> None:
        """Send what there is, if there is anything."""
        if self._buffers:
            self._flushed = monotonic()
            self._flush()

    def _schedule_flush(self) -> None:
        """Send what was written now and then; the end of the cell sends the rest."""
        if monotonic() - self._flushed > self.flush_interval:
            self.flush()


class QuietKernel(IPythonKernel):
    """A kernel that reports the end of a request and nothing else: whoever sent it knows that it has begun."""

    shell_class = Shell
    compiler_class = Compiler  # type: ignore[assignment]  # theirs names files by a hash written in Python
    _supports_kernel_subshells = False

    def _publish_execute_input(self, *_: object) -> None:
        """Publish nothing."""

    def _publish_status(self, status: str, *arguments: Any, **options: Any) -> None:  # noqa: ANN401 (as in ipykernel)
        """Publish the end of a request alone."""
        if status == "idle":
            super()._publish_status(status, *arguments, **options)


class Application(IPKernelApp):
    """IPython's kernel application, without reading a command line and files of settings.

    There are none for this kernel, and searching for them takes a tenth of its start.
    """

    def prepare(self, kernel_class: type[QuietKernel]) -> None:
        """Make the kernel and its shell, with nothing that belongs to one process: no socket, thread or folder."""
        leave_out_the_debugger()
        quiet: dict[str, Any] = {"log_level": logging.ERROR, "outstream_class": f"{__name__}.Stream"}
        if HERE.ends_children:
            quiet["parent_handle"] = 0  # no thread that watches the worker: the system ends this process with it
        now = {"_execute_sleep": 0.0}
        self.update_config(type(self.config)(HistoryManager={"enabled": False}, IPKernelApp=quiet, Kernel=now))
        self.log.setLevel(logging.ERROR)  # else records are made of every message, and dropped
        self.kernel_class = kernel_class
        self.init_pdb()
        self.kernel = kernel_class.instance(parent=self, log=self.log, shell_channel_thread=_Here())
        self.init_shell()
        self.init_extensions()
        self.init_code()  # it reads every module's name, which would copy memory in each fork

    def begin(self, connection_file: str) -> None:
        """Give the kernel what belongs to its process: folder, sockets and streams; then be a kernel."""
        self.connection_file = connection_file
        self.init_profile_dir()
        self.init_connection_file()
        self.init_poller()
        self.init_sockets()
        self.write_connection_file()
        self.init_io()
        self.init_signal()
        self._connect()
        self.init_path()
        self.init_gui_pylab()
        sys.stdout.flush()
        sys.stderr.flush()
        self.start()

    def init_iopub(self, context: zmq.Context[Any]) -> None:
        """Publish without a thread."""
        socket = context.socket(zmq.PUB)
        socket.linger = 1000
        self.iopub_port = self._bind_socket(socket, self.iopub_port)
        self.iopub_thread = Publisher(socket)
        self.iopub_socket = self.iopub_thread.background_socket

    def init_profile_dir(self) -> None:
        """Name a folder of settings without making it: IPython makes six that nobody reads."""
        self.profile_dir = ProfileDir()
        self.profile_dir.unobserve_all("location")
        self.profile_dir.location = str(Path(self.ipython_dir) / "profile_default")

    def _connect(self) -> None:
        """Give the kernel and the shell what was made after them."""
        kernel, shell = self.kernel, self.kernel.shell
        kernel.session, kernel.profile_dir = self.session, self.profile_dir
        kernel.shell_stream, kernel.stdin_socket = ZMQStream(self.shell_socket), self.stdin_socket
        kernel.iopub_thread, kernel.iopub_socket = self.iopub_thread, self.iopub_socket
        kernel._stdout, kernel._stderr = sys.stdout, sys.stderr  # noqa: SLF001 (as they are in its own beginning)
        self.displayhook.get_execution_count = lambda: kernel.execution_count
        for part in (shell.displayhook, shell.display_pub):
            part.session, part.pub_socket = self.session, self.iopub_socket
        shell.ipython_dir, shell.profile_dir = self.ipython_dir, self.profile_dir
        shell.home_dir, shell.starting_dir = str(Path.home()), str(Path.cwd())
        shell.init_environment()

    def init_control(self, context: object) -> None:
        """Have no second channel for requests: the worker interrupts the kernel by a signal, and ends it by another."""

    def _run_startup_files(self) -> None:
        """Run none."""


class _Here:
    """Stands for a thread where ipykernel asks which one started it: there is none."""

    parent_thread = threading.main_thread()

    def __bool__(self) -> bool:
        return False


def leave_out_the_debugger() -> None:
    """Make ipykernel believe that there is no debugger: nobody uses one here, and it takes long to import."""
    if "debugpy" not in sys.modules:
        sys.modules["debugpy"] = None  # type: ignore[assignment]  # Python's own word for "not to be had"
