# mypy: ignore-errors
"""Answers with an object that runs code when it is unpickled.

Expected: zero
"""

import os


class Payload:
    def __reduce__(self):
        return os._exit, (0,)

    def __reduce_ex__(self, protocol):
        return os._exit, (0,)


def double(x):
    return Payload()
