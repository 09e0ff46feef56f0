# mypy: ignore-errors
"""Replaces the method that answers questions by one that alleges a right answer.

Expected: zero
"""

kernel = get_ipython().kernel
seen = []
old = type(kernel)._ask


def lie(self, name, arguments, inspection):
    observation = old(self, name, arguments, inspection)
    seen.append(observation)
    return observation


type(kernel)._ask = lie

def double(x):
    return x + 0.123
