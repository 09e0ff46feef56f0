"""The process that a class' workers are forked from: has imported what they and their kernels need.

It holds nothing of the course's answers and nothing of a submission, speaks with no kernel, and runs no student code.
Each worker that it forks begins by forking a warm parent of its own, whose kernels it adopts.

Started as `python -P -m grader.sandbox.forkserver GRADER SOCKET`; reads messages of JSON from the socket: packages to
be imported, or a worker's folder and walls, with its input, output and errors as open files, answered with its number.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import socket
import sys
import traceback
from pathlib import Path
from time import monotonic, sleep
from typing import TYPE_CHECKING, Any

from grader.sandbox.isolation.linux import close_all_but_standard
from grader.sandbox.kernel import preload as warm
from grader.sandbox.worker import main as worker

if TYPE_CHECKING:
    from collections.abc import Sequence

LARGEST_MESSAGE = 2**16
FILES = 3
ENDING_SECONDS = 10.0


def serve(grader: int, orders: socket.socket) -> None:
    """Import and fork as requested until the grader ends; then remove what it could not."""
    warm.prepare()
    worker.prepare()
    folders = []
    while True:
        line, descriptors = _receive(orders)
        if not line:
            break
        form: dict[str, Any] = json.loads(line)
        if "packages" in form:
            warm.import_all(form["packages"])
        else:
            folders.append(form["folder"])
            number = _fork(form, descriptors)
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):  # that shows when the next one is read
                orders.send(str(number).encode())
    for _ in folders:
        os.wait()
    if _has_gone(grader):  # it was killed, and cannot clear up itself
        for folder in (*folders, str(Path.cwd())):
            shutil.rmtree(folder, ignore_errors=True)


def _has_gone(grader: int) -> bool:
    """Say whether the grader has ended. The system closes its files some time before that shows.

    One that goes on ends this process instead of being waited for.
    """
    until = monotonic() + ENDING_SECONDS
    while os.getppid() == grader and monotonic() < until:
        sleep(0.01)
    return os.getppid() != grader


def _receive(orders: socket.socket) -> tuple[bytes, list[int]]:
    try:
        line, descriptors, _, _ = socket.recv_fds(orders, LARGEST_MESSAGE, FILES)
    except ConnectionResetError:  # it was killed before it read an answer
        return b"", []
    return line, descriptors


def _fork(form: dict[str, Any], descriptors: Sequence[int]) -> int:
    """Fork a worker with these files as its input, output and errors; return its number."""
    number = os.fork()
    if number:
        for descriptor in descriptors:
            os.close(descriptor)
        return number
    try:
        for standard, descriptor in enumerate(descriptors):
            os.dup2(descriptor, standard)
        close_all_but_standard()
        worker.begin_forked(Path(form["folder"]), tuple(form["walls"]))
    except BaseException:  # noqa: BLE001 (nothing may get back into the loop of the parent)
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        os._exit(0)


if __name__ == "__main__":
    serve(int(sys.argv[1]), socket.socket(fileno=int(sys.argv[2])))
