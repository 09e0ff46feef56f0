"""Walls: a wall is a file, and its name is the word in the reports. `isolation.wall` puts them up.

Each has

    CLOSES: frozenset[str]               the probes that it closes
    put_up(policy: Policy) -> None       in the kernel's process, before any student code; raises OSError where the
                                         system does not give it

and, where it must stand from the beginning of the process, has something to find out once for all kernels, or depends
on the lab,

    around(policy: Policy) -> list[str]  the command that starts the kernel's command
    enter(policy: Policy) -> None        at the kernel's very start: it returns in the process that becomes the kernel
    hold() -> None                       in the worker, so that its kernels end with it; raises OSError
    foresee() -> None                    in the forkserver, before it forks a kernel
    tighten(**limits: int) -> None       before the first cell: memory_mib and cpu_seconds of the lab

A wall that is up stays up for the process and its children. No wall knows another.
"""
