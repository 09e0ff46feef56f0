"""What the lab about plain Python answers."""

import numpy as np

WORDS = ["heron", "otter", "maple", "cedar", "plover", "walnut"]


def squares(n):
    """Return the first n squares; a negative n is refused."""
    if n < 0:
        raise ValueError("n must not be negative")
    return [k * k for k in range(n)]


def count_words(text):
    """Return how often each word stands in a text, in small letters."""
    counts = {}
    for word in text.lower().split():
        counts[word] = counts.get(word, 0) + 1
    return counts


def shared(first, second):
    """Return the words that both lists have."""
    return set(first) & set(second)


def pages(items, size):
    """Return a list in pages of so many items, the last one shorter."""
    return [items[place : place + size] for place in range(0, len(items), size)]


def extremes(numbers):
    """Return the smallest and the largest number, and None for no numbers."""
    return (min(numbers), max(numbers)) if numbers else None


def words_of(rng):
    """Make a text of some words."""
    return {"text": " ".join(rng.choice(WORDS, 9).tolist())}


def two_lists(rng):
    """Make two lists with words in common."""
    return {"first": rng.permutation(WORDS)[:4].tolist(), "second": rng.permutation(WORDS)[:4].tolist()}


def some_numbers(rng):
    """Make whole numbers that are all different."""
    return {"numbers": rng.permutation(np.arange(1001, 2001))[:6].tolist()}
