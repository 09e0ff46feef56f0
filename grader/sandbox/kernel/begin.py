"""The first lines of a kernel process: they enter the walls that stand from the beginning, and import little before.

Started as `python -P -m grader.sandbox.kernel.begin POLICY -f CONNECTION_FILE`.
"""

from __future__ import annotations

import sys

from grader.sandbox.isolation.policy import read_policy
from grader.sandbox.isolation.wall import enter

if __name__ == "__main__":
    policy = read_policy(sys.argv.pop(1))
    entered = enter(policy)
    from grader.sandbox.kernel.main import run

    run(policy, entered)
