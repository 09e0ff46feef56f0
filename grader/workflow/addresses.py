"""Which executor takes an address: the word before its colon says it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.errors import LabError
from grader.messages.sentences import say
from grader.registry import module_in, names_in
from grader.workflow import executors

if TYPE_CHECKING:
    from types import ModuleType


def executor_of(address: str | None) -> ModuleType:
    """Return the file that takes an address, or none; raise LabError, naming the words, where no file does."""
    word, colon, _ = ("", ":", "") if address is None else address.partition(":")
    files = [module_in(executors, name) for name in names_in(executors)]
    for file in files:
        if word in file.WORDS and colon and (word or address is None):
            return file
    words = ", ".join(f"{word}:" for file in files for word in file.WORDS if word)
    raise LabError(
        say(
            "{address} is no address of a cluster: it has to begin with one of {words} (tcp: on this computer alone). "
            "Two worker processes on this computer are --cluster local:2; more is in docs/cluster.md.",
            address=address,
            words=words,
        )
    )
