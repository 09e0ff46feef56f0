"""The first three files of a lab: a notebook, a reference and a rubric, which can be graded at once."""
