from collections import Counter, defaultdict


def by_counter(text):
    return Counter(text.lower().split())


def by_defaultdict(text):
    counts = defaultdict(int)
    for word in text.split():
        counts[word.lower()] += 1
    return counts


def by_count(text):
    words = [word.lower() for word in text.split()]
    return {word: words.count(word) for word in set(words)}
