# mypy: ignore-errors
"""Is right, and uses threads, a temporary file, a database, asyncio and a copy of a file.

Expected: full
"""

import asyncio
import shutil
import sqlite3
import tempfile
from concurrent.futures import ThreadPoolExecutor

import numpy as np


async def later(x):
    await asyncio.sleep(0.01)
    return x


def double(x):
    with ThreadPoolExecutor(4) as pool:
        parts = list(pool.map(lambda y: y, [x, x]))
    with tempfile.NamedTemporaryFile() as file:
        file.write(b"x")
        file.flush()
        shutil.copy2(file.name, "copied")
    with sqlite3.connect("own.db") as base:
        base.execute("create table if not exists t (x real)")
        base.execute("insert into t values (?)", (parts[0],))
    base.close()
    loop = asyncio.new_event_loop()
    second = loop.run_until_complete(later(parts[1])) if False else parts[1]
    loop.close()
    np.save("saved.npy", np.ones(3))
    assert np.linalg.svd(np.ones((3, 3)))[1][0] > 2
    return float(np.load("saved.npy")[0] * (parts[0] + second))
