"""Grading: observations are held against the key and become verdicts, verdicts become a score. Begin with `grade`."""
