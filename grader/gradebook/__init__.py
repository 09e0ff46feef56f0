"""Every result ever given, and what teachers say on top of it: one SQLite file, or a PostgreSQL database.

Nothing is overwritten: results, marks and class lists are rows that are only ever added. What a student has in the
end is computed from them whenever somebody looks (`standing`). `book` is the door. SQLAlchemy takes a quarter of a
second to load, so everything here is imported only where it is used; a student's installation does not have it.
"""

from __future__ import annotations

from importlib.util import find_spec

from grader.errors import LabError
from grader.messages.sentences import say

if any(find_spec(package) is None for package in ("sqlalchemy", "alembic")):
    raise LabError(
        say(
            "The results of a class are kept in a gradebook, which needs packages that are not installed here. "
            'Install them: pip install "labgrader[course]"'
        )
    )
