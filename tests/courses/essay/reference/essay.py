"""What the lab about a line through points answers. Nobody but a person answers for the plot."""

import numpy as np


def fit_line(x, y):
    """Return the slope and the intercept of the line with the least squares."""
    dx = x - x.mean()
    slope = (dx * (y - y.mean())).sum() / (dx * dx).sum()
    return slope, y.mean() - slope * x.mean()


def points(rng):
    """Make eight points that lie near a line."""
    x = np.sort(rng.uniform(-3, 3, 8)).round(3)
    return {"x": x, "y": (rng.uniform(-2, 2) * x + rng.uniform(-2, 2) + rng.normal(0, 0.2, 8)).round(3)}
