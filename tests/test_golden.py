"""The golden files' own fixture: it holds, it renews, and it leaves nothing over."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

pytest_plugins = ["pytester"]

HOLDING = """
from pathlib import Path

import pytest

@pytest.mark.parametrize("name", ["a", "b"])
def test_it(golden, name):
    golden(Path(__file__).parent / "docs" / f"{name}.schema.json", "new\\n")
"""


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Load no plugin that is not asked for."""
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")


@pytest.fixture
def stored(pytester: pytest.Pytester) -> Path:
    """Return a folder of golden files: one as it must be, one that is old; and two tests that hold them."""
    pytester.makepyfile(HOLDING)
    pytester.makeini("[pytest]\ntestpaths = .")
    folder = pytester.mkdir("docs")
    (folder / "a.schema.json").write_text("new\n", "utf-8")
    (folder / "b.schema.json").write_text("old\n", "utf-8")
    return folder


def run(pytester: pytest.Pytester, *words: str) -> pytest.RunResult:
    return pytester.runpytest_inprocess("-p", "tests.golden", "-p", "no:cacheprovider", *words)


def test_what_differs_fails_and_names_the_option(pytester: pytest.Pytester, stored: Path) -> None:
    result = run(pytester)
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(["*docs/b.schema.json differs: pytest --renew-golden writes it anew*"])
    assert (stored / "b.schema.json").read_text("utf-8") == "old\n"


def test_the_option_writes_every_file_anew_even_where_there_is_none(pytester: pytest.Pytester, stored: Path) -> None:
    (stored / "a.schema.json").unlink()
    assert run(pytester, "--renew-golden").ret == 0
    assert {path.read_text("utf-8") for path in stored.iterdir()} == {"new\n"}
    assert run(pytester).ret == 0


@pytest.mark.parametrize("words", [["--renew-golden"], ["-p", "xdist.plugin", "-n", "1"]])
def test_a_file_that_no_test_writes_fails_a_run_of_all_tests(
    pytester: pytest.Pytester, stored: Path, words: list[str]
) -> None:
    (stored / "b.schema.json").write_text("new\n", "utf-8")
    (stored / "c.schema.json").write_text("left over", "utf-8")
    result = run(pytester, *words)
    result.assert_outcomes(passed=2)
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(["*golden files that no test holds*", "docs/c.schema.json"])
    assert run(pytester, "--renew-golden", "-k", "a").ret == 0, "of some tests nothing can be said"


def test_a_file_elsewhere_cannot_be_held(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(HOLDING.replace("docs", "elsewhere"))
    run(pytester, "--renew-golden").assert_outcomes(failed=2)
    assert not (pytester.path / "elsewhere").exists()
