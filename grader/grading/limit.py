"""A limit that was passed, as a sentence: the limit, and what was used."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.messages.sentences import say

if TYPE_CHECKING:
    from grader.model import OverLimit, Text


def over_text(over: OverLimit) -> Text:
    """Return what was used, and how much is allowed."""
    allowed = over.allowed
    reached = f"{allowed}+" if over.reached is None else str(max(over.reached, allowed))
    match over.limit:
        case "memory" if over.reached is None:
            return say("it asked for more memory than the limit of {allowed} MiB", allowed=allowed)
        case "memory":
            return say("it used {reached} MiB of memory; the limit is {allowed} MiB", reached=reached, allowed=allowed)
        case "output" if over.reached is None:
            return say("it printed more than {allowed} MiB at once", allowed=allowed)
        case "output":
            return say("it printed {reached} MiB; the limit is {allowed} MiB", reached=reached, allowed=allowed)
        case "disk" if over.reached is None:
            return say("it wrote, or tried to write, more files than the limit of {allowed} MiB", allowed=allowed)
        case "disk":
            return say("it wrote {reached} MiB of files; the limit is {allowed} MiB", reached=reached, allowed=allowed)
        case "files" if over.reached is None:
            return say("it made, or tried to make, more files than the limit of {allowed}", allowed=allowed)
        case "files":
            return say("it made {reached} files; the limit is {allowed}", reached=reached, allowed=allowed)
        case "depth":
            return say("its folders lie more than {allowed} deep in one another, which is the limit", allowed=allowed)
        case "threads":
            return say("it had {reached} threads running; the limit is {allowed}", reached=reached, allowed=allowed)
        case "processes":
            return say("it had {reached} programs running; the limit is {allowed}", reached=reached, allowed=allowed)
        case "messages":
            return say(
                "it sent {reached} messages that are none; the limit is {allowed}", reached=reached, allowed=allowed
            )
