"""The environment of workers and kernels: nothing of this program's own, which may hold secrets."""

from __future__ import annotations

import os
import site
from typing import TYPE_CHECKING

from grader.system import HERE

if TYPE_CHECKING:
    from pathlib import Path


def environment_of(home: Path) -> dict[str, str]:
    """Return the whole environment of a process: constant but for folders.

    The forkserver and the workers have it too: without namespaces, a kernel could read theirs.
    """
    environment = {
        "HOME": str(home),
        "TMPDIR": str(home),
        "IPYTHONDIR": str(home / ".ipython"),
        "MPLCONFIGDIR": str(home / ".matplotlib"),
        "KERAS_HOME": str(home / ".keras"),
        "PYTHONUSERBASE": site.getuserbase(),
        "PYTHONHASHSEED": "0",
        "LANG": "C.UTF-8",
        "PYTHONUTF8": "1",  # where LANG says nothing to Python: a notebook's files are read the same everywhere
        "PATH": os.defpath,
        "CUDA_VISIBLE_DEVICES": "",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "TF_ENABLE_ONEDNN_OPTS": "0",  # oneDNN's results depend on the processor
        # One thread: sums are added up in one order, whatever the machine, and small networks train no slower.
        **dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1"),
        **dict.fromkeys(("TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS"), "1"),
    }
    if HERE.has_code_pages:
        needed = ("SYSTEMROOT", "COMSPEC", "PATH", "WINDIR")
        environment |= {name: os.environ[name] for name in needed if name in os.environ}
        environment |= {"USERPROFILE": str(home), "TEMP": str(home), "TMP": str(home)}
    return environment
