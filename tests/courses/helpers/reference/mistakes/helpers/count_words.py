"""What wrong counts give."""


def keeps_case(text):
    """Take To and to for two words."""
    counts = {}
    for word in text.split():
        counts[word] = counts.get(word, 0) + 1
    return counts


def always_1(text):
    """Note each word, and count none."""
    return dict.fromkeys(text.lower().split(), 1)


def characters(text):
    """Count the characters."""
    return {one: text.lower().count(one) for one in text.lower()}
