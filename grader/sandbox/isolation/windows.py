"""Job objects of Windows, for which Python has no function. An error of the system is raised as OSError.

Whatever a process in a job starts is in the job as well. Jobs nest: the strictest limit holds. Source:
https://learn.microsoft.com/windows/win32/procthread/job-objects and winnt.h.
"""

from __future__ import annotations

import ctypes
import sys
from ctypes import wintypes

if sys.platform != "win32":
    raise ImportError("Windows alone")  # mypy leaves the rest out

EXTENDED_LIMITS = 9
ACTIVE_PROCESSES, JOB_MEMORY, DIE_ON_UNHANDLED_EXCEPTION, KILL_ON_JOB_CLOSE = 0x8, 0x200, 0x400, 0x2000


class BasicLimits(ctypes.Structure):
    """JOBOBJECT_BASIC_LIMIT_INFORMATION."""

    _fields_ = (
        ("per_process_user_time", wintypes.LARGE_INTEGER),
        ("per_job_user_time", wintypes.LARGE_INTEGER),
        ("flags", wintypes.DWORD),
        ("minimum_working_set", ctypes.c_size_t),
        ("maximum_working_set", ctypes.c_size_t),
        ("active_processes", wintypes.DWORD),
        ("affinity", ctypes.c_size_t),
        ("priority_class", wintypes.DWORD),
        ("scheduling_class", wintypes.DWORD),
    )


class ExtendedLimits(ctypes.Structure):
    """JOBOBJECT_EXTENDED_LIMIT_INFORMATION."""

    _fields_ = (
        ("basic", BasicLimits),
        ("io_counters", ctypes.c_ulonglong * 6),
        ("process_memory", ctypes.c_size_t),
        ("job_memory", ctypes.c_size_t),
        ("peak_process_memory", ctypes.c_size_t),
        ("peak_job_memory", ctypes.c_size_t),
    )


def enter_job(*, processes: int | None = None, memory: int | None = None, ends_with_this: bool = False) -> None:
    """Put this process into a new job, for good. Nobody is shown a window when one of its processes crashes.

    `processes` is how many may run at once, `memory` how many bytes all of them may have together. With
    `ends_with_this` the whole job is killed when this process ends, in whatever way.
    """
    limits = ExtendedLimits()
    flags = DIE_ON_UNHANDLED_EXCEPTION
    if processes is not None:
        flags |= ACTIVE_PROCESSES
        limits.basic.active_processes = processes
    if memory is not None:
        flags |= JOB_MEMORY
        limits.job_memory = memory
    if ends_with_this:
        flags |= KILL_ON_JOB_CLOSE
    limits.basic.flags = flags
    _enter(limits, stays_open=ends_with_this)


def _enter(limits: ExtendedLimits, *, stays_open: bool) -> None:
    kernel32 = ctypes.WinDLL("kernel32", use_last_error=True)
    for function in (kernel32.CreateJobObjectW, kernel32.GetCurrentProcess):
        function.restype = wintypes.HANDLE
    job = wintypes.HANDLE(_checked(kernel32.CreateJobObjectW(None, None)))
    try:
        size = ctypes.sizeof(limits)
        _checked(kernel32.SetInformationJobObject(job, EXTENDED_LIMITS, ctypes.byref(limits), size))
        _checked(kernel32.AssignProcessToJobObject(job, wintypes.HANDLE(kernel32.GetCurrentProcess())))
    except OSError:
        stays_open = False
        raise
    finally:
        if not stays_open:  # the limits hold all the same; one that stays open is closed by the end of this process
            kernel32.CloseHandle(job)


def _checked(result: int | None) -> int:
    if not result:
        raise ctypes.WinError(ctypes.get_last_error())
    return result
