"""The versions of a gradebook's tables, one file each; its name is the version, and the newest is the last one.

A file here has `revision`, `down_revision` and `upgrade()`, as Alembic reads them. It is never changed once released,
and names nothing of the rest of the program, which goes on to change.
"""
