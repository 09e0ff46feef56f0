"""Has what answers a question say everything but an answer. Expected: zero"""
import grader.sandbox.kernel.main as inside

FORMS = [None, 1, [], {}, {"returned": None}, {"returned": {"array": {"dtype": "float64", "shape": [0, 2**60], "bytes": ""}}}]
FORMS += [{"built": {}}, {"raised": {"kind": 1}}, {"raised": {"kind": "x", "message": "y", "place": [10**300, 10**300]}}]
FORMS += [{"died": {"signal": 9}}, {"not_asked": {}}, {"over_limit": {"limit": "memory", "allowed": 10**300}}]
turn = iter(range(10**9))


def said(*_):
    return FORMS[next(turn) % len(FORMS)]


inside.encode_observation = said


def double(x):
    return 2 * x
