"""Every result ever given, and what teachers say on top of it: one SQLite file, or a PostgreSQL database.

Nothing is overwritten: results, marks and class lists are rows that are only ever added. What a student has in the
end is computed from them whenever somebody looks (`standing`). `book` is the door. SQLAlchemy takes a quarter of a
second to load, so everything here is imported only where it is used.
"""
