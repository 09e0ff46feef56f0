"""What a system offers is looked up in one place; what depends on it is tried as on Windows, here."""

from __future__ import annotations

import ast
import ctypes
import io
import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

import grader
from grader import cli, system
from grader.messages import sentences
from grader.sandbox import environment
from grader.system import (
    CREATE_NEW_PROCESS_GROUP,
    HERE,
    LONGEST_WAIT,
    has_ended,
    interface_language,
    system_of,
    waits,
)

PACKAGE = Path(grader.__file__).parent
ASK_FOR_THE_NAME = frozenset(
    {
        "interrupts.py",
        "system.py",
        "sandbox/child.py",
        "sandbox/control_group.py",
        "sandbox/forked.py",
        "sandbox/forkserver.py",
        "sandbox/forkserver_process.py",
        "sandbox/isolation/linux.py",
        "sandbox/isolation/probes.py",
        "sandbox/isolation/walls/capabilities.py",
        "sandbox/isolation/walls/landlock.py",
        "sandbox/isolation/walls/namespaces.py",
        "sandbox/isolation/walls/rlimits.py",
        "sandbox/isolation/walls/seccomp.py",
        "sandbox/isolation/windows.py",
        "sandbox/memory.py",
        "sandbox/tree.py",
        "sandbox/worker/bounded_folder.py",
        "sandbox/worker/kernel.py",
        "workflow/cluster/interrupts.py",
    }
)
"""The modules that use what only one system's Python has: mypy leaves those lines out elsewhere."""


def _asks_for_the_name(path: Path) -> bool:
    names = {
        ast.unparse(node) for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Attribute)
    }
    return bool(names & {"sys.platform", "os.name", "platform.system"})


def test_only_system_py_and_what_mypy_must_leave_out_ask_for_the_systems_name() -> None:
    asking = {path.relative_to(PACKAGE).as_posix() for path in PACKAGE.rglob("*.py") if _asks_for_the_name(path)}
    assert asking == ASK_FOR_THE_NAME


def test_linux_alone_forks_and_ends_children() -> None:
    offers = {name: (system_of(name).forks, system_of(name).ends_children) for name in ("linux", "darwin", "win32")}
    assert offers == {"linux": (True, True), "darwin": (False, False), "win32": (False, False)}


def test_windows_has_no_signals_socket_files_or_waiting_on_pipes() -> None:
    for name, has in (("linux", True), ("darwin", True), ("win32", False)):
        here = system_of(name)
        assert (here.has_signals, here.has_socket_files, here.waits_on_pipes, not here.has_code_pages) == (has,) * 4


def test_a_new_process_is_out_of_reach_of_ctrl_c_by_a_flag_on_windows_alone() -> None:
    assert (system_of("win32").group_flags, system_of("linux").group_flags) == (CREATE_NEW_PROCESS_GROUP, 0)


def test_a_parent_that_runs_has_not_ended() -> None:
    assert not has_ended(os.getppid())


def test_where_the_parents_number_stays_its_process_is_looked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    monkeypatch.setattr(system, "HERE", system_of("win32"))
    assert not has_ended(os.getpid())
    assert has_ended(ended.pid)


def test_nobody_waits_so_long_at_once_that_ctrl_c_is_not_heard(monkeypatch: pytest.MonkeyPatch) -> None:
    """Windows hears it between two waits."""
    now = [0.0]
    monkeypatch.setattr(system, "monotonic", lambda: now[0])
    waited = []
    for at_once in waits(1.1):
        waited.append(at_once)
        now[0] += at_once
    assert max(waited) <= LONGEST_WAIT
    assert sum(waited) == pytest.approx(1.1)
    assert list(waits(-1)) == [0.0]


@pytest.mark.parametrize(("number", "language"), [(0x0404, "zh-TW"), (0x0C04, "zh-TW"), (0x0409, "en"), (0, "en")])
def test_where_no_variable_tells_the_language_it_is_that_of_the_interface(
    monkeypatch: pytest.MonkeyPatch, number: int, language: str
) -> None:
    windows = SimpleNamespace(kernel32=SimpleNamespace(GetUserDefaultUILanguage=lambda: number))
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setattr(ctypes, "windll", windows, raising=False)
    assert sentences.language_of({}) == language
    assert sentences.language_of({"LANG": "en_US.UTF-8"}) == "en", "a variable goes before it"


@pytest.mark.skipif(HERE.has_code_pages, reason="a system whose interface has a language")
def test_elsewhere_the_interface_has_no_language_of_its_own() -> None:
    assert interface_language() == ""


@pytest.mark.parametrize("encoding", ["cp950", "cp1252", "cp437"])
def test_into_a_pipe_goes_utf_8_whatever_the_code_page(monkeypatch: pytest.MonkeyPatch, encoding: str) -> None:
    written = io.BytesIO()
    out = io.TextIOWrapper(written, encoding=encoding)
    monkeypatch.setattr(cli, "HERE", system_of("win32"))
    monkeypatch.setattr(sys, "stdout", out)
    assert cli.main(["--help", "--lang", "zh-TW"]) == 0
    out.flush()
    assert "批改" in written.getvalue().decode("utf-8")


def test_a_terminal_keeps_its_own_encoding(monkeypatch: pytest.MonkeyPatch) -> None:
    out = io.TextIOWrapper(io.BytesIO(), encoding="cp950")
    monkeypatch.setattr(out, "isatty", lambda: True, raising=False)
    monkeypatch.setattr(cli, "HERE", system_of("win32"))
    monkeypatch.setattr(sys, "stdout", out)
    cli.main(["--help", "--lang", "zh-TW"])
    assert out.encoding == "cp950"


@pytest.mark.parametrize("name", ["linux", "darwin", "win32"])
def test_a_notebooks_files_are_utf_8_everywhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str) -> None:
    monkeypatch.setattr(environment, "HERE", system_of(name))
    assert environment.environment_of(tmp_path)["PYTHONUTF8"] == "1"


def test_windows_processes_have_what_windows_needs_and_no_secret(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(environment, "HERE", system_of("win32"))
    monkeypatch.setenv("SYSTEMROOT", "C:\\Windows")
    monkeypatch.setenv("TOKEN", "secret")
    given = environment.environment_of(tmp_path)
    assert given["SYSTEMROOT"] == "C:\\Windows"
    assert {given[name] for name in ("HOME", "USERPROFILE", "TEMP", "TMP", "TMPDIR")} == {str(tmp_path)}
    assert "secret" not in given.values()
