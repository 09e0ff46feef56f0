"""IPython's kernel, as it starts and speaks for a grader: nobody types into it, looks at it or debugs it.

What it needs of a process of its own (sockets, threads, folders) is left for last. The rest, which is two thirds of
its start, is made once in a warm parent and forked. One process reads the requests, runs them and replies: ipykernel
has three threads for that, so that somebody can interrupt or debug a cell, and each message passes through two.
"""

from __future__ import annotations

import logging
import sys
import threading
from pathlib import Path
from typing import Any

from ipykernel.iostream import OutStream
from ipykernel.ipkernel import IPythonKernel
from ipykernel.kernelapp import IPKernelApp
from ipykernel.zmqshell import ZMQInteractiveShell
from IPython.core.compilerop import CachingCompiler
from zmq.eventloop.zmqstream import ZMQStream


class Stream(OutStream):
    """Standard output or error. ipykernel flushes both four times for each cell, and waits for it each time."""

    def flush(self) -> None:
        """Send what there is, if there is anything."""
        if self._buffers:
            super().flush()


class Shell(ZMQInteractiveShell):
    """IPython, which transforms each cell twice on its way: once to learn whether it awaits something."""

    _transformed: tuple[str, str] | None = None

    def transform_cell(self, raw_cell: str) -> str:
        """Return the cell as plain Python. What was learnt is used once: a cell may change how cells are read."""
        known, self._transformed = self._transformed, None
        if known is not None and known[0] == raw_cell:
            return known[1]
        self._transformed = (raw_cell, super().transform_cell(raw_cell))
        return self._transformed[1]


class QuietKernel(IPythonKernel):
    """A kernel that tells when something has ended, and nothing else: whoever asked for it knows that it has begun."""

    shell_class = Shell
    compiler_class = CachingCompiler  # type: ignore[assignment]  # theirs names files by a hash written in Python
    _supports_kernel_subshells = False

    def _publish_execute_input(self, *_: object) -> None:
        """Tell nobody what is run."""

    def _publish_status(self, status: str, *arguments: Any, **options: Any) -> None:  # noqa: ANN401 (as in ipykernel)
        """Tell when something has ended."""
        if status == "idle":
            super()._publish_status(status, *arguments, **options)


class Application(IPKernelApp):
    """IPython's kernel application, told what it would read from a command line and from files.

    There are none for this kernel, and looking for them takes a tenth of its start.
    """

    def prepare(self, kernel_class: type[QuietKernel]) -> None:
        """Make the kernel and its shell, with nothing that belongs to one process: no socket, thread or folder."""
        leave_out_the_debugger()
        quiet = {"log_level": logging.ERROR, "parent_handle": 0, "outstream_class": f"{__name__}.Stream"}
        now = {"_execute_sleep": 0.0}
        self.update_config(type(self.config)(HistoryManager={"enabled": False}, IPKernelApp=quiet, Kernel=now))
        self.log.setLevel(logging.ERROR)  # else records are made of every message, and dropped
        self.kernel_class = kernel_class
        self.init_pdb()
        self.kernel = kernel_class.instance(parent=self, log=self.log, shell_channel_thread=_Here())
        self.init_shell()
        self.init_extensions()
        self.init_code()  # it looks at every module's name: in a fork each look copies memory

    def begin(self, connection_file: str) -> None:
        """Give the kernel what a process of its own has: its folder, its sockets and its streams; then be a kernel."""
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

    def _connect(self) -> None:
        """Make the kernel's and the shell's own what was made since they were."""
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
        """Have no second channel for requests: the worker interrupts by a signal, and ends by another one."""

    def _run_startup_files(self) -> None:
        """Look for no file."""


class _Here:
    """Stands for the thread that there is not, where ipykernel asks which one started it."""

    parent_thread = threading.main_thread()

    def __bool__(self) -> bool:
        return False


def leave_out_the_debugger() -> None:
    """Make ipykernel believe that there is no debugger: nobody is there to use one, and it takes long to import."""
    if "debugpy" not in sys.modules:
        sys.modules["debugpy"] = None  # type: ignore[assignment]  # Python's own word for "not to be had"
