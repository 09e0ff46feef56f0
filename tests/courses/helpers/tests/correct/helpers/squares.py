class NegativeError(ValueError):
    pass


def loop(n):
    if n < 0:
        raise NegativeError("negative: " + str(n))
    found = []
    for k in range(n):
        found += [k**2]
    return found


def by_map(n):
    assert isinstance(n, int)
    if not n >= 0:
        raise ValueError("NEGATIVE n")
    return list(map(lambda k: k * k, range(n)))
