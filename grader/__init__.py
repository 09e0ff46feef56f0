"""Grades lab notebooks: a rubric asks, the reference answers first, a submission is run behind a wall."""

__version__ = "0.1.0"
