"""The gradebook's tests: a package so that their conftest has a name of its own."""
