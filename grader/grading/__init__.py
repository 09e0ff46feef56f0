"""The story: observations, held against the key, become verdicts, and verdicts a score. `grade` tells it."""
