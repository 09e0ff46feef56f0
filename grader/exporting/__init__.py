"""Platforms that take a lab with its grader as one file, one module each; its name is the word that the user types.

A file in this folder has

    export(course: Course, lab: str, *, language: Language, level: Level) -> bytes

which returns the file to upload, the same bytes each time, and raises LabError where the lab cannot be graded. On the
platform the lab is graded behind a wall of at least that level, or not at all. And

    is_exported(path: Path) -> bool

which says whether a file is what `export` once returned: only that is written over.
"""
