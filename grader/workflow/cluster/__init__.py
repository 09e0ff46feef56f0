"""A class on a Dask cluster: its hosts, what is sent to them, and what comes back. A host is one Dask worker.

Dask carries messages, and knows who is there; which submission goes where is decided here (`dispatch.py`). What crosses
is bytes and plain data: of this package's own, Dask pickles names alone.
"""
