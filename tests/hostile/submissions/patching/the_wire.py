# mypy: ignore-errors
"""Replaces the encoder by one that writes a shape that its bytes do not have.

Expected: zero
"""

import grader.wire.values
import grader.wire.observations

form = {"dtype": "float64", "shape": [2**62], "bytes": "AAAA"}
grader.wire.observations.encode_array = grader.wire.values.encode_array = lambda array: form

def double(x):
    return x + 0.123
