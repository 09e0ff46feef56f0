"""Opens the page of a large class in the system's Chromium, and prints how long that takes.

    python -m benchmarks.class_page [--students 5000] [--runs 5]

Twelve notebooks are graded; their records, again and again under other names, are the class. A page is open when its
table has been drawn. What the page's own thread computed is the processor's time: it is the same on a busy machine.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
import time
from itertools import cycle, islice
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from playwright.sync_api import sync_playwright

from benchmarks.classroom import LAB, ROOT, write_class
from grader.pages.class_page import CLASS_FILE, render_class
from grader.records.brief import Briefs
from grader.records.record import load_record

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from grader.records.brief import Brief

GRADED = 12
DRAWN = "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"


def main() -> None:
    """Print how long it takes to make the page and to open it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--students", type=int, default=5000)
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args()
    program = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if program is None:
        raise SystemExit("there is no Chromium here")
    with tempfile.TemporaryDirectory(prefix="class-page-") as name, sync_playwright() as driver:
        page = Path(name, CLASS_FILE)
        records = _class(Path(name), options.students)
        began = time.perf_counter()
        page.write_text(render_class(records, "en"), "utf-8")
        print(
            f"{len(records)} students: {time.perf_counter() - began:.2f} s to make, {page.stat().st_size / 1e6:.1f} MB"
        )
        browser = driver.chromium.launch(executable_path=program, args=["--no-sandbox"])
        wall, thread = zip(*(_opened(browser, page) for _ in range(options.runs)), strict=True)
        print(f"open after {median(wall):.2f} s ({min(wall):.2f} to {max(wall):.2f}); computing {median(thread):.2f} s")
        browser.close()


def _class(folder: Path, students: int) -> tuple[Brief, ...]:
    handed_in, output = folder / "submissions", folder / "results"
    write_class(handed_in, GRADED, "numpy")
    grade = str(Path(sys.executable).with_name("grade"))
    subprocess.run([grade, LAB, handed_in, "--output", output], cwd=ROOT, stdout=subprocess.DEVNULL, check=True)
    records, briefs = [load_record(path) for path in sorted(output.glob("s*.json"))], Briefs()
    return tuple(
        briefs.brief(record.model_copy(update={"student": f"s{number:05}"}))
        for number, record in enumerate(islice(cycle(records), students), start=1)
    )


def _opened(browser: Browser, path: Path) -> tuple[float, float]:
    """Open the page in a tab of its own; return the seconds until it is drawn, and those of its own thread."""
    page = browser.new_page()
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable", {"timeDomain": "threadTicks"})
    began = time.perf_counter()
    page.goto(path.as_uri())
    page.evaluate(DRAWN)
    wall = time.perf_counter() - began
    metrics = {metric["name"]: metric["value"] for metric in session.send("Performance.getMetrics")["metrics"]}
    page.close()
    return wall, metrics["TaskDuration"]


if __name__ == "__main__":
    main()
