"""What the lab about other values answers: masked arrays, dates, sparse matrices, complex numbers, exact fractions."""

import math
from datetime import timedelta
from fractions import Fraction

import numpy as np


def without_outliers(values, limit):
    """Return the values with those above the limit masked."""
    return np.ma.masked_greater(values, limit)


def deadline(start, days):
    """Return the day that comes so many days later."""
    return start + timedelta(days=days)


def mondays(start, weeks):
    """Return the first days of some weeks, as an array of dates."""
    return np.datetime64(start, "D") + 7 * np.arange(weeks)


def adjacency(edges, size):
    """Return the sparse matrix of a graph with a 1 for each edge, both ways."""
    from scipy.sparse import csr_matrix

    rows = [one for edge in edges for one in edge]
    columns = [one for edge in edges for one in edge[::-1]]
    return csr_matrix((np.ones(len(rows)), (rows, columns)), shape=(size, size))


def roots(a, b, c):
    """Return both roots of a quadratic equation, which may be complex."""
    root = np.sqrt(complex(b * b - 4 * a * c))
    return [(-b + root) / (2 * a), (-b - root) / (2 * a)]


def harmonic(n):
    """Return 1 + 1/2 + … + 1/n exactly."""
    return sum((Fraction(1, k) for k in range(1, n + 1)), Fraction(0))


def factorial(n):
    """Return n! exactly."""
    return math.factorial(n)


def readings(rng):
    """Make values of which some are above 8."""
    return {"values": np.append(rng.uniform(0, 7, 5), [9.25, 8.5]), "limit": 8.0}


def equation(rng):
    """Make the numbers of an equation."""
    a, b, c = (float(number) for number in rng.integers(1, 9, 3))
    return {"a": a, "b": b, "c": c}
