"""Whether an exception is a refusal of the surroundings, or the student's own error.

The principle: a refusal is what may well have worked, unchanged, where the student works, and cannot work for anybody
while a notebook is graded. It is told from the exception and from where Python or a library has raised it; what the
notebook's own code raises is its own, but for a line that sets up a device. A name that exists nowhere, a wrong
argument or a wrong index are errors everywhere, and stop a cell as in Jupyter.
"""

from __future__ import annotations

import bdb
import errno
import linecache
import re
import socket
from pathlib import Path
from typing import TYPE_CHECKING

from IPython.core.error import StdinNotImplementedError

from grader.model import Refusal
from grader.sandbox.kernel.known_packages import KNOWN_PACKAGES, is_own_file
from grader.sandbox.kernel.unavailable import NotAvailableError
from grader.wire.values import LONGEST_NAME

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator
    from types import FrameType

    IsNotebook = Callable[[str], bool]

MOST_CAUSES = 20
PROGRAM_STARTERS = frozenset({"subprocess", "multiprocessing", "concurrent", "pexpect", "ptyprocess", "pty", "asyncio"})
NOT_THERE = frozenset({errno.ENOENT, errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOTDIR})
NEEDS = re.compile(r"pip install ([\w.-]+)")
"""What a library says that needs another one."""
WINDOWS = re.compile(r"headless|Qt binding modules")
"""What Matplotlib says where it cannot open a window."""
DEVICES = re.compile(
    r"(?<![a-z])(?:gpu|tpu|cuda)|(?:physical|logical|visible|virtual)_dev|memory_growth|tf\.config", re.IGNORECASE
)
"""What a line says that sets up a device."""
OF_DEVICES = frozenset(
    {"IndexError", "AssertionError", "SystemError", "RuntimeError", "ValueError", "OSError"}
    | {"NotFoundError", "InvalidArgumentError", "FailedPreconditionError"}
)
"""What is raised there without one; a wrong name or argument is raised as something else."""


def refusal_of(
    error: BaseException, is_notebook: IsNotebook, installed: Collection[str] = frozenset()
) -> Refusal | None:
    """Return what the surroundings refused, None where an error is the student's own.

    `is_notebook` says whether a file name is a cell's; `installed` are packages that the notebook asked to have.
    """
    for cause in _causes(error, is_notebook):
        if (found := _refused(cause, is_notebook, installed)) is not None:
            return Refusal(found.what, found.name[:LONGEST_NAME])
    return None


def _causes(error: BaseException, is_notebook: IsNotebook) -> Iterator[BaseException]:
    """Yield an error and, as long as a library has made it from another one, that one."""
    cause: BaseException | None = error
    for _ in range(MOST_CAUSES):
        if cause is None:
            return
        yield cause
        frames = _frames(cause)
        if not frames or is_notebook(frames[-1].f_code.co_filename):
            return
        cause = cause.__cause__ or cause.__context__


def _frames(error: BaseException) -> list[FrameType]:
    """Return the frames that an error passed through, the innermost last."""
    frames, trace = [], error.__traceback__
    while trace is not None:
        frames.append(trace.tb_frame)
        trace = trace.tb_next
    return frames


def _refused(error: BaseException, is_notebook: IsNotebook, installed: Collection[str]) -> Refusal | None:
    match error:
        case NotAvailableError():
            return error.refusal
        case ModuleNotFoundError(name=str() as name):
            return _package(name, installed)
        case StdinNotImplementedError():
            return Refusal("keyboard")
        case EOFError():
            is_input = str(error).startswith("EOF when reading") or _passed("getpass", error)
            return Refusal("keyboard") if is_input else None
        case bdb.BdbQuit():
            return Refusal("debugger")
        case OSError():
            return _of_the_system(error, is_notebook) or _device(error, is_notebook)
        case KeyError(args=[str() as name]) if _raised_in("os", error):
            return Refusal("variable", name)
        case ImportError() if not _is_own(error, is_notebook) and (needed := NEEDS.search(str(error))) is not None:
            return Refusal("package", needed[1])
    return _of_a_library(error) or _device(error, is_notebook)


def _package(name: str, installed: Collection[str]) -> Refusal | None:
    """Return a package or file that is not here, None where a part of a package is missing, or it exists nowhere."""
    root = name.partition(".")[0]
    if root == name and (name in KNOWN_PACKAGES or name.lower() in installed):
        return Refusal("package", name)
    if root == name and is_own_file(name):
        return Refusal("file", f"{name}.py")
    whole = next((part for part in KNOWN_PACKAGES if "." in part and f"{name}.".startswith(f"{part}.")), None)
    return None if whole is None else Refusal("package", whole)


def _of_the_system(error: OSError, is_notebook: IsNotebook) -> Refusal | None:
    if isinstance(error, socket.gaierror | socket.herror) or _raised_in("socket", error) or _downloads(error):
        return Refusal("network")
    if any(_package_of(frame) in PROGRAM_STARTERS for frame in _frames(error)):
        return Refusal("program")
    if error.filename is not None:
        return Refusal("file", _path(error.filename)) if error.errno in NOT_THERE else None
    if error.errno == errno.EPERM:
        return Refusal("program")
    if type(error).__name__ == "ReadError" and _raised_in("shutil", error):  # it says so of a file that is not there
        name = str(error).partition(" is not ")[0]
        return None if Path(name).exists() else Refusal("file", name)
    if isinstance(error, FileNotFoundError) and not _is_own(error, is_notebook):
        return Refusal("file", _named_in(str(error)))
    return None


def _downloads(error: BaseException) -> bool:
    """Say whether Keras fetches a file: before it asks the network, it makes a folder to keep the file in."""
    return any(frame.f_code.co_name == "get_file" and _package_of(frame) == "keras" for frame in _frames(error))


def _named_in(message: str) -> str:
    """Return the path that a library has put into its message: NumPy, h5py."""
    quoted = re.search(r"name = '([^']*)'", message)
    return message.removesuffix(" not found.") if quoted is None else quoted[1]


def _path(name: object) -> str:
    return name.decode("utf-8", "replace") if isinstance(name, bytes) else str(name)


def _of_a_library(error: BaseException) -> Refusal | None:
    """Return what libraries refuse in exceptions of their own."""
    if type(error).__name__ == "TclError" or (isinstance(error, ImportError) and WINDOWS.search(str(error))):
        return Refusal("screen")
    if isinstance(error, AssertionError) and _raised_in("multiprocessing.process", error):  # join, where start failed
        return Refusal("program")
    if type(error).__name__ == "Error" and _raised_in("locale", error):
        return Refusal("language")
    if str(error) == "unable to open database file":
        return Refusal("file")
    if type(error).__name__ == "NotFoundError" and "No such file or directory" in str(error):
        return Refusal("file", str(error).partition(";")[0].rpartition("}} ")[2])
    if isinstance(error, ValueError) and _passed("keras", error):
        missing = re.match(r"File not found: filepath=(\S+?)\.? ", str(error))
        return None if missing is None else Refusal("file", missing[1])
    return None


def _device(error: BaseException, is_notebook: IsNotebook) -> Refusal | None:
    """Return that there is no such device, where the line of the notebook sets one up."""
    if type(error).__name__ not in OF_DEVICES:
        return None
    place, trace = None, error.__traceback__
    while trace is not None:
        if is_notebook(trace.tb_frame.f_code.co_filename):
            place = trace.tb_frame.f_code.co_filename, trace.tb_lineno
        trace = trace.tb_next
    return Refusal("device") if place is not None and DEVICES.search(linecache.getline(*place)) else None


def _is_own(error: BaseException, is_notebook: IsNotebook) -> bool:
    frames = _frames(error)
    return bool(frames) and is_notebook(frames[-1].f_code.co_filename)


def _raised_in(module: str, error: BaseException) -> bool:
    frames = _frames(error)
    return bool(frames) and frames[-1].f_globals.get("__name__") == module


def _passed(package: str, error: BaseException) -> bool:
    return any(_package_of(frame) == package for frame in _frames(error))


def _package_of(frame: FrameType) -> str:
    return str(frame.f_globals.get("__name__")).partition(".")[0]
