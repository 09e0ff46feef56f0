"""What wrong squares give."""


def from_1(n):
    """Begin at 1."""
    if n < 0:
        raise ValueError("n must not be negative")
    return [k * k for k in range(1, n + 1)]


def no_refusal(n):
    """Take a negative n for 0."""
    return [k * k for k in range(n)]
