import math

import numpy as np


def with_std(first, second):
    a = np.std(first, ddof=1) ** 2 / len(first)
    b = np.std(second, ddof=1) ** 2 / len(second)
    return (np.mean(first) - np.mean(second)) / np.sqrt(a + b)


def by_hand(first, second):
    def variance(sample):
        middle = sum(sample) / len(sample)
        return sum((x - middle) ** 2 for x in sample) / (len(sample) - 1) / len(sample)

    return (sum(first) / len(first) - sum(second) / len(second)) / math.sqrt(variance(first) + variance(second))
