# mypy: ignore-errors
"""Lifts its own limits, and lowers those of the grader.

Expected: full
"""

import os
import resource

acts = [
    lambda: resource.setrlimit(resource.RLIMIT_DATA, (2**40, 2**40)),
    lambda: resource.setrlimit(resource.RLIMIT_CORE, (1, 1)),
    lambda: resource.prlimit(os.getppid(), resource.RLIMIT_CPU, (1, 1)),
    lambda: os.setpriority(os.PRIO_PROCESS, os.getppid(), 19),
]

def double(x):
    return 2 * x if refused(*acts) else -1.0
