"""The ways of grading: one notebook, a class, on every save, in a live session."""
