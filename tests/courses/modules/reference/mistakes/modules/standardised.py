"""What wrong columns give."""


def sample(x):
    """Divide by n - 1, as torch.std does by itself."""
    return (x - x.mean(axis=0)) / x.std(axis=0, ddof=1)


def whole_array(x):
    """Take mean and deviation of all numbers."""
    return (x - x.mean()) / x.std()


def variance(x):
    """Divide by the variance."""
    return (x - x.mean(axis=0)) / x.var(axis=0)
