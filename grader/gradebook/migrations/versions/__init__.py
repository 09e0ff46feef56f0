"""The versions of a gradebook's tables, one file each; its name is the version, and the newest is the last one.

A file here has `revision`, `down_revision` and `upgrade()`, as Alembic reads them. Once released it is never changed,
and it imports nothing of the rest of the program, which does change.
"""
