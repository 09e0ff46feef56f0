"""Grades a class on a Dask cluster of this machine, and holds it against the same class without one.

    python -m benchmarks.cluster throughput [--notebooks 200] [--kind numpy|tensorflow]
    python -m benchmarks.cluster killed [--notebooks 200] [--kind numpy|tensorflow]

`throughput` grades it in turn without a cluster, with one host that has a slot for each core, and with a host for each
core; the hosts have to reach 0.9 of what the machine does alone, between the first record and the last.

`killed` needs root on Linux: four hosts on two machines with networks and addresses of their own. In the middle of the
class one host is killed with SIGKILL, and then all of a machine. The records have to be those of a class that was
graded without a cluster, but for their times, and the gradebook has one result for each student. The exit status is 1
where any of this fails.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from benchmarks.classroom import LAB, write_class
from grader.gradebook.book import open_book
from tests.cluster import NETWORK, Cluster, machines, make_certificates, records_in, wait_until

KILLED_AFTER = (0.2, 0.4)
"""What share of the class is finished when a host, and when a machine, is killed."""
LEAST = 0.9
LONGEST = 3600.0


def main() -> int:
    """Print what was found."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("throughput", "killed"))
    parser.add_argument("--notebooks", type=int, default=200)
    parser.add_argument("--kind", choices=("numpy", "tensorflow"), default="numpy")
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="cluster-") as name:
        folder = Path(name)
        write_class(folder / "in", options.notebooks, options.kind)
        if options.what == "killed":
            return _killed(folder, options.notebooks)
        return _throughput(folder, options.rounds)


def _throughput(folder: Path, rounds: int) -> int:
    cores = os.cpu_count() or 1
    ways: dict[str, tuple[str, ...]] = {
        "alone": ("--jobs", str(cores)),
        "one host": ("--cluster", "local:1"),
        "a host for each core": ("--cluster", f"local:{cores}"),
    }
    rates: dict[str, list[float]] = {way: [] for way in ways}
    for number in range(rounds):
        for way, words in ways.items():
            whole, between, count = _graded(folder, folder / f"{number}-{way}", words)
            rates[way].append(rate := count / between)
            print(f"{way}: {whole:.1f} s; {between:.1f} s from the first record to the last, {rate:.2f} a second")
    middle = {way: sorted(rate)[len(rate) // 2] for way, rate in rates.items()}
    ratios = {way: rate / middle["alone"] for way, rate in middle.items() if way != "alone"}
    print(", ".join(f"{way}: {ratio:.2f} times as many a second" for way, ratio in ratios.items()))
    return int(max(ratios.values()) < LEAST)


def _graded(folder: Path, output: Path, words: tuple[str, ...]) -> tuple[float, float, int]:
    """Return the seconds of a grading, those from its first record to its last, and how many came in these."""
    began = time.monotonic()
    result = Cluster(folder).grade(LAB, folder / "in", "--output", output, "--seed", 7, *words, seconds=LONGEST)
    whole = time.monotonic() - began
    if result.returncode:
        raise SystemExit(result.stderr)
    times = sorted(path.stat().st_mtime for path in output.glob("s*.json"))
    return whole, times[-1] - times[0], len(times) - 1


def _killed(folder: Path, count: int) -> int:
    Cluster(folder).grade(LAB, folder / "in", "--output", folder / "alone", "--seed", 7, seconds=LONGEST)
    output = folder / "out"
    with contextlib.ExitStack() as stack:
        names = [*stack.enter_context(machines(2))]
        cluster = Cluster(folder, environment=make_certificates(folder / "certificates"))
        stack.callback(cluster.close)
        cluster.scheduler(host=f"{NETWORK}.1")
        for number in range(4):
            cluster.host(f"h{number}", machine=names[number // 2])
        words = (LAB, folder / "in", "--output", output, "--seed", 7, "--cluster", cluster.address)
        began = time.monotonic()
        grading = stack.enter_context(cluster.grading(*words, stdout=subprocess.DEVNULL))
        for share, hosts in zip(KILLED_AFTER, (("h0",), ("h2", "h3")), strict=True):
            wait_until(lambda share=share: len(list(output.glob("s*.json"))) >= share * count, LONGEST)  # type: ignore[misc]
            for host in hosts:
                cluster.kill(host)
            print(f"killed {', '.join(hosts)} with {len(list(output.glob('s*.json')))} records")
        status = grading.wait(LONGEST)
        print(f"exit status {status}; {time.monotonic() - began:.0f} s in all")
    alone, hosts_made = records_in(folder / "alone"), records_in(output)
    other = [student for student in alone if alone[student] != hosts_made.get(student)]
    print(f"{len(hosts_made)} records, {len(other)} of them not as without a cluster")
    with open_book(str(output / "gradebook.sqlite"), create=False) as book:
        results_of = Counter(len(book.history(student, LAB)) for student in book.students())
    print(f"gradebook: results of a student {dict(results_of)}")
    return int(bool(status or other) or len(hosts_made) != count or results_of != {1: count})


if __name__ == "__main__":
    sys.exit(main())
