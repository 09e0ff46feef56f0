"""Walls: a wall is a file, and its name is the word in the reports. `isolation.wall` puts them up.

Each has

    CLOSES: frozenset[str]               what nothing passes where it stands, a name of `probes`
    put_up(policy: Policy) -> None       in the kernel's process, before any student code; raises OSError where the
                                         system does not give it

and, where it must be there from the process' beginning,

    around(policy: Policy) -> list[str]  the command that the kernel's own command is given to
    enter(policy: Policy) -> None        at the kernel's very start: it returns in the process that becomes the kernel

A wall that is up stays up for the process and its children. None of them knows another.
"""
