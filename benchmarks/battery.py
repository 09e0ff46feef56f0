"""Tries to escape from behind each wall alone and from behind all of them, and writes the table of docs/isolation.md.

    python benchmarks/battery.py [--write]

Every column is a process of its own behind those walls, with the same targets outside. ● means open.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import socket
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from grader.sandbox.isolation import wall
from grader.sandbox.isolation.policy import Policy, write_policy

if sys.platform != "linux":
    raise ImportError("Linux alone")  # mypy leaves the rest out

HERE = Path(__file__).resolve().parent
PAGE = HERE.parent / "docs" / "isolation.md"
BEGIN, END = "<!-- battery -->", "<!-- /battery -->"
GOOD = ("capabilities", "rlimits", "landlock", "seccomp")
COLUMNS = {
    "none": ("none",),
    **{name: (name,) for name in wall.OF_PLATFORM["linux"]},
    "good": GOOD,
    "strong": wall.OF_PLATFORM["linux"],
}
START = """
import sys
from grader.sandbox.isolation import wall
from grader.sandbox.isolation.policy import read_policy
from grader.sandbox.isolation.walls import rlimits
policy = read_policy(sys.argv[1])
entered = wall.enter(policy)
exec(compile({source!r}, "escapes", "exec"))
standing = wall.put_up(policy, entered)
if "rlimits" in policy.walls:
    rlimits.tighten(memory_mib=1024, cpu_seconds=60)
assert standing.up == policy.walls, standing.missing
main()
"""


def main() -> None:
    """Print the table, or write it into the page."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true", help="write it into docs/isolation.md")
    table = "\n".join(_table({name: _behind(walls) for name, walls in COLUMNS.items()}))
    if not parser.parse_args().write:
        print(table)
        return
    before, _, rest = PAGE.read_text("utf-8").partition(BEGIN)
    PAGE.write_text(f"{before}{BEGIN}\n{table}\n{END}{rest.partition(END)[2]}", "utf-8")


def _behind(walls: tuple[str, ...]) -> dict[str, bool]:
    """Return what is still possible behind some walls."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(dir="/var/tmp")))
        policy = _policy(folder, walls)
        there = _outside(folder, stack)
        source = (HERE / "escapes.py").read_text("utf-8")
        done = subprocess.run(
            [sys.executable, "-P", "-c", START.format(source=source), write_policy(policy), json.dumps(there)],
            cwd=policy.home,
            env={"OPENBLAS_NUM_THREADS": "1", "PATH": os.defpath},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
    if done.returncode:
        raise SystemExit(f"{walls}: {done.stderr}")
    found: dict[str, bool] = json.loads(done.stdout)
    return found


def _policy(folder: Path, walls: tuple[str, ...]) -> Policy:
    for name in ("home", "wire", "data", "forbidden", "outside"):
        (folder / name).mkdir()
    return Policy(
        home=folder / "home",
        wire=folder / "wire",
        data=folder / "data",
        forbidden=folder / "forbidden",
        parent=os.getpid(),
        disk_mib=64,
        walls=walls,
    )


def _outside(folder: Path, stack: ExitStack) -> dict[str, Any]:
    """Make the targets outside: files, listening sockets, a process."""
    outside = folder / "outside"
    for name in ("file", "spoil", "remove", "rename"):
        (outside / name).write_bytes(b"canary")
    sockets: dict[str, tuple[int, int, Any]] = {
        "tcp": (socket.AF_INET, socket.SOCK_STREAM, ("127.0.0.1", 0)),
        "udp": (socket.AF_INET, socket.SOCK_DGRAM, ("127.0.0.1", 0)),
        "unix": (socket.AF_UNIX, socket.SOCK_STREAM, str(outside / "s")),
        "datagram": (socket.AF_UNIX, socket.SOCK_DGRAM, str(outside / "d")),
        "abstract": (socket.AF_UNIX, socket.SOCK_STREAM, f"\0labgrader-{os.getpid()}"),
    }
    there: dict[str, Any] = {name: str(outside / name) for name in ("file", "spoil", "remove", "rename")}
    for name, (family, kind, address) in sockets.items():
        one = stack.enter_context(socket.socket(family, kind))
        one.bind(address)
        if kind == socket.SOCK_STREAM:
            one.listen()
        there[name] = one.getsockname()[1] if family == socket.AF_INET else address
    sibling = stack.enter_context(subprocess.Popen(["/bin/sleep", "100"]))
    stack.callback(sibling.kill)
    return {
        **there,
        "folder": str(outside),
        "source": str(Path(wall.__file__).resolve()),
        "parent": os.getpid(),
        "sibling": sibling.pid,
    }


def _table(columns: dict[str, dict[str, bool]]) -> list[str]:
    names = list(next(iter(columns.values())))
    closed = {name: f"{sum(not found for found in column.values())}/{len(names)}" for name, column in columns.items()}
    who = "root" if os.getuid() == 0 else "a user without rights"
    here = f"{platform.system()} {platform.release()}, {platform.machine()}, as {who}"
    return [
        f"{here}; {len(names)} acts. ● open, · closed.",
        "",
        "| act | " + " | ".join(columns) + " |",
        "|---|" + ":-:|" * len(columns),
        *(f"| {name} | " + " | ".join("●" if columns[one][name] else "·" for one in columns) + " |" for name in names),
        "| **closed** | " + " | ".join(closed.values()) + " |",
    ]


if __name__ == "__main__":
    main()
