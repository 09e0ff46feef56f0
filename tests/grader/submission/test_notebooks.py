"""Reading what was handed in: every file that is no notebook is refused with a sentence, and nothing is trusted."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import socket
import subprocess
import sys
from time import process_time
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grader.errors import SubmissionError
from grader.model import Cell
from grader.submission.notebooks import (
    LARGEST_NOTEBOOK_BYTES,
    LARGEST_SOURCE_CHARACTERS,
    MOST_CELLS,
    defines,
    gives,
    read_submission,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(max_size=9), inner, max_size=5),
    max_leaves=10,
)


def code(source: object, **more: object) -> dict[str, object]:
    return {"cell_type": "code", "metadata": {}, "execution_count": None, "outputs": [], "source": source, **more}


def notebook_of(*cells: object, **changed: object) -> dict[str, object]:
    return {"cells": list(cells), "metadata": {}, "nbformat": 4, "nbformat_minor": 5, **changed}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return where the notebook of these tests is written."""
    return tmp_path / "s001.ipynb"


def cells_of(path: Path, content: object) -> tuple[Cell, ...]:
    """Write a notebook and return its cells as they are read."""
    path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return read_submission(path, student="s001").cells


def refused(path: Path) -> str:
    """Return the English sentence with which a file is refused; it must be, and in both languages."""
    with pytest.raises(SubmissionError) as caught:
        read_submission(path, student="s001")
    text = caught.value.text
    assert path.name[:20] in text.en
    assert path.name[:20] in text.zh_tw
    assert any("\u4e00" <= character <= "\u9fff" for character in text.zh_tw)
    return text.en


# What is read -------------------------------------------------------------------------------------------------


def test_a_notebook_is_read_with_its_student_path_and_hash(path: Path, tmp_path: Path) -> None:
    path.write_text(json.dumps(notebook_of(code("x = 1"))), encoding="utf-8")
    submission = read_submission(path, student="s001", helpers=tmp_path)
    assert (submission.student, submission.path, submission.helpers) == ("s001", path, tmp_path)
    assert submission.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert submission.cells == (Cell(1, "x = 1"),)


def test_cells_are_numbered_as_jupyter_numbers_those_that_it_runs(path: Path) -> None:
    markdown = {"cell_type": "markdown", "metadata": {}, "source": "# text"}
    raw = {"cell_type": "raw", "metadata": {}, "source": "raw"}
    content = notebook_of(markdown, code("a"), code(""), raw, code("  \n\t"), code([]), code("b"), markdown, code("c"))
    assert cells_of(path, content) == (Cell(1, "a"), Cell(2, "b"), Cell(3, "c"))


@pytest.mark.parametrize(
    "source", ["def f():\n    return 1\n", ["def f():\n", "    return 1\n"], ["def f():\n    ret", "urn 1\n"]]
)
def test_a_source_is_a_text_or_a_list_of_its_parts(path: Path, source: object) -> None:
    assert cells_of(path, notebook_of(code(source))) == (Cell(1, "def f():\n    return 1\n"),)


def test_a_source_keeps_its_blanks_and_line_ends(path: Path) -> None:
    source = "\n\n  x = 1  \r\n\ty = 2\n\n"
    assert cells_of(path, notebook_of(code(source))) == (Cell(1, source),)


def test_a_notebook_without_code_has_no_cells(path: Path) -> None:
    assert cells_of(path, notebook_of()) == ()


def test_a_cell_that_does_not_parse_is_read_all_the_same(path: Path) -> None:
    assert cells_of(path, notebook_of(code("def f(:\n"), code("x = 1"))) == (Cell(1, "def f(:\n"), Cell(2, "x = 1"))


@pytest.mark.parametrize(
    "change",
    [
        {"metadata": {"kernelspec": {"name": "evil", "argv": ["rm"]}, "language_info": 7}},
        {"metadata": None},
        {"nbformat_minor": "x"},
        {"nbformat": 4.0},
        {"more": [1, 2]},
    ],
    ids=repr,
)
def test_what_is_not_code_is_not_looked_at(path: Path, change: dict[str, object]) -> None:
    assert cells_of(path, notebook_of(code("x = 1", outputs=7, metadata="y", id=None), **change)) == (Cell(1, "x = 1"),)


def test_a_lone_surrogate_is_replaced_and_the_rest_is_kept(path: Path) -> None:
    cells = cells_of(
        path, r'{"nbformat": 4, "cells": [{"cell_type": "code", "source": "a = \"\ud800\" # \ud83d\ude00"}]}'
    )
    assert cells == (Cell(1, 'a = "?" # \U0001f600'),)


def test_constants_that_are_no_json_do_no_harm_in_outputs(path: Path) -> None:
    text = '{"nbformat": 4, "cells": [{"cell_type": "code", "source": "x", "outputs": [NaN, Infinity, -Infinity]}]}'
    assert cells_of(path, text) == (Cell(1, "x"),)


def test_200_000_outputs_are_read_in_less_than_3_seconds_of_processor_time(path: Path) -> None:
    output = {"output_type": "stream", "name": "stdout", "text": ["line\n"]}
    path.write_text(json.dumps(notebook_of(code("x = 1", outputs=[output] * 200_000))), encoding="utf-8")
    began = process_time()
    assert read_submission(path, student="s001").cells == (Cell(1, "x = 1"),)
    assert process_time() - began < 3


def test_50_mb_of_outputs_are_read_in_less_than_3_seconds_of_processor_time(path: Path) -> None:
    path.write_text(json.dumps(notebook_of(code("x = 1", outputs=["o" * 50 * 2**20]))), encoding="utf-8")
    began = process_time()
    assert read_submission(path, student="s001").cells == (Cell(1, "x = 1"),)
    assert process_time() - began < 3


FIVE_MB = 5_000_000


@pytest.mark.parametrize(
    ("before", "part", "after"),
    [
        pytest.param(b'{"nbformat":4,"cells":[],"metadata":{"x":[', b"{},", b"0]}}", id="objects"),
        pytest.param(b'{"nbformat":4,"cells":[],"metadata":{"x":[', b"[[{}]],", b"0]}}", id="nested lists"),
        pytest.param(b'{"nbformat":4,"cells":[],"x":[', '"中",'.encode(), b"0]}", id="texts"),
        pytest.param(b'{"nbformat":4,"cells":[],"x":[', b"1e9,", b"0]}", id="numbers"),
        pytest.param(b'{"nbformat":4,"cells":[],', b'"x":{},', b'"y":0}', id="names of the notebook"),
        pytest.param(b'{"nbformat":4,"cells":[{', b'"x":{},', b'"y":0}]}', id="names of a cell"),
        pytest.param(b'{"nbformat":4,"cells":[{', b'"source":{},', b'"y":0}]}', id="sources of a cell"),
        pytest.param(b'{"nbformat":4,"cells":[', b"{},", b"{}]}", id="cells"),
        pytest.param(b'{"nbformat":4,"cells":{"x":[', b"{},", b"{}]}}", id="cells as an object"),
        pytest.param(b'{"nbformat":[', b"{},", b'{}],"cells":[]}', id="a version"),
        pytest.param(
            b'{"nbformat":4,"cells":[{"cell_type":"code","source":[', '"中",'.encode(), b'""]}]}', id="a source"
        ),
        pytest.param(b'{"nbformat":4,"cells":[{"cell_type":[', b"{},", b'0],"source":""}]}', id="a type of a cell"),
        pytest.param(b"[", b"{},", b"{}]", id="a list at the top"),
        pytest.param(b"{}", b",{}", b"", id="more than one value"),
        pytest.param(b'{"nbformat":4,"cells":[],"x":"\\ud83d\\ude00', b"x", b'"}', id="a wide text"),
        pytest.param('{"nbformat":4,"cells":[],"x":"😀'.encode(), b"x", b'"}', id="a wide text as it is"),
        pytest.param(b'{"nbformat":4,"cells":[],"x":"', b'\\"', b"", id="a text that never ends"),
        pytest.param(b'{"nbformat":4,"cells":[],"x":', b'{"x":', b"", id="objects that never end"),
    ],
)
def test_a_file_of_nothing_is_read_or_refused_in_a_few_seconds(
    path: Path, before: bytes, part: bytes, after: bytes
) -> None:
    path.write_bytes(before + part * (FIVE_MB // len(part)) + after)
    began = process_time()
    with contextlib.suppress(SubmissionError):
        assert read_submission(path, student="s001").cells == ()
    assert process_time() - began < 8


READS = """
import contextlib, sys
from pathlib import Path
from grader.errors import SubmissionError
from grader.submission.notebooks import read_submission
for path in Path(sys.argv[1]).glob("*.ipynb"):
    with contextlib.suppress(SubmissionError):
        assert read_submission(path, student="s001").cells == ()
status = Path("/proc/self/status").read_text().split()
print(int(status[status.index("VmHWM:") + 1]) // 1024)  # of this program; ru_maxrss is its parent's too
"""


@pytest.mark.kernel  # a process, whose memory is its own
@pytest.mark.skipif(sys.platform != "linux", reason="memory as Linux tells it")
def test_15_mb_of_nothing_are_read_in_less_than_200_mib(tmp_path: Path) -> None:
    begin = b'{"nbformat":4,"cells":[],"metadata":{"x":['
    for name, part in (
        ("objects", b"{},"),
        ("texts", '"中",'.encode()),
        ("wide", '"😀"'.encode() + b","),
        ("1", b"1,"),
    ):
        (tmp_path / f"{name}.ipynb").write_bytes(begin + part * (15_000_000 // len(part)) + b"0]}}")
    code_of_nothing = b'{"nbformat":4,"cells":[{"cell_type":"code","source":[' + b'"",' * 5_000_000 + b'""]}]}'
    (tmp_path / "code.ipynb").write_bytes(code_of_nothing)
    command = [sys.executable, "-c", READS, str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) < 200


def test_outputs_that_cannot_be_passed_over_in_a_moment_are_told_with_the_remedy(path: Path) -> None:
    path.write_bytes(b'{"nbformat":4,"cells":[],"metadata":{"x":[' + b"[[{}]]," * 700_000 + b"0]}}")
    assert "Clear Outputs of All Cells" in refused(path)


def test_the_line_of_an_error_is_the_files(path: Path) -> None:
    lines = json.dumps(notebook_of(code("x = 1", outputs=["a\n", {"b": [1, 2]}]), code("y = 2")), indent=1).split("\n")
    wrong = next(number for number, line in enumerate(lines) if "y = 2" in line)
    lines[wrong] = lines[wrong].replace("y = 2", "y = \\q")
    path.write_text("\n".join(lines), encoding="utf-8")
    assert f"line {wrong + 1} is not valid JSON" in refused(path)


def test_names_in_any_order_and_layout_are_found(path: Path) -> None:
    text = """
    { "metadata" : { "cells" : [ 1 ] , "nbformat" : 3 } , "cells" : [
        { "source" : [ "a = {\\n" , "}" ] , "outputs" : [ { "source" : "]}" } ] , "cell_type" : "code" } ,
        { "attachments" : {} , "cell_type" : "markdown" , "source" : "text" } ,
        { "cell_type" : "code" , "source" : "b" }
    ] , "nbformat" : 4 } """
    assert cells_of(path, text) == (Cell(1, "a = {\n}"), Cell(2, "b"))


def test_a_byte_order_mark_of_an_editor_is_read_over(notebook: Callable[..., Path]) -> None:
    path = notebook("x = 1")
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert [cell.source for cell in read_submission(path, student="s001").cells] == ["x = 1"]


# What is refused ----------------------------------------------------------------------------------------------

DEEP = 100_000


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        pytest.param(b"", "is empty", id="empty"),
        pytest.param(b" \n\t\r\n", "is empty", id="blank"),
        pytest.param(b"x = 1\n", "is a Python script", id="Python"),
        pytest.param(b"<html></html>", "is a web page", id="HTML"),
        pytest.param(b"PK\x03\x04\x14\x00", "is a packed file (zip)", id="zip"),
        pytest.param(b'{"cells": [\n', "breaks off on line 1", id="cut off"),
        pytest.param(b'{"cells": [],\n\n"nbformat": 4,}', "line 3 is not valid JSON", id="a comma too many"),
        pytest.param(b'{"nbformat": 4, "cells": []} {}', "line 1 is not valid JSON", id="two objects"),
        pytest.param(b'{"nbformat": 4, "cells": "\n"}', "line 1 is not valid JSON", id="line end in a text"),
        pytest.param(b"\0" * 100, "holds nothing but zeros", id="zeros"),
        pytest.param(b"\xff\xfe{\x00}\x00", "is text in UTF-16", id="UTF-16"),
        pytest.param(b'{"nbformat": 4, "cells": ["\xe9"]}', "is not UTF-8 text (byte 27)", id="Latin-1"),
        pytest.param(b"{" + b'"\xed\xa0\x80": 1}', "is not UTF-8 text (byte 2)", id="an encoded surrogate"),
        pytest.param(b"[]", "not of a notebook's form", id="a list at the top"),
        pytest.param(b"4", "not of a notebook's form", id="a number at the top"),
        pytest.param(b"null", "not of a notebook's form", id="null at the top"),
        pytest.param(b'"cells"', "not of a notebook's form", id="a text at the top"),
        pytest.param(b"NaN", "not of a notebook's form", id="NaN at the top"),
        pytest.param(b"{}", "not of a notebook's form", id="no version"),
        pytest.param(b'{"nbformat": 3, "worksheets": []}', "format 3", id="version 3"),
        pytest.param(b'{"nbformat": 5, "cells": []}', "format 5", id="version 5"),
        pytest.param(b'{"nbformat": "4", "cells": []}', "format 4", id="version as text"),
        pytest.param(b'{"nbformat": true, "cells": []}', "format True", id="version as a bool"),
        pytest.param(b'{"nbformat": [4], "cells": []}', "format [4]", id="version in a list"),
        pytest.param(b'{"nbformat": NaN, "cells": []}', "format nan", id="version NaN"),
        pytest.param(b'{"nbformat": "\\u001b[31m4", "cells": []}', "format 4,", id="version in colour"),
        pytest.param(b'{"nbformat": "\\ud800", "cells": []}', "format ,", id="version as a surrogate"),
        pytest.param(b'{"nbformat": 1' + b"0" * 3000 + b', "cells": []}', "format 1000", id="a huge version"),
        pytest.param(b'{"nbformat": 1' + b"0" * 9000 + b', "cells": []}', "cannot be read", id="too huge a version"),
        pytest.param(b'{"nbformat": ' + b"[" * 900 + b"]" * 900 + b"}", "format [[[", id="a deep version"),
        pytest.param(b"[" * DEEP + b"]" * DEEP, "cannot be read", id="deep lists"),
        pytest.param(b'{"a":' * DEEP + b"1" + b"}" * DEEP, "cannot be read", id="deep objects"),
        pytest.param(
            b'{"nbformat": 4, "cells": [], "metadata": ' + b"[" * DEEP + b"]" * DEEP + b"}",
            "cannot be read",
            id="deep metadata",
        ),
        pytest.param(b'{"nbformat": 4}', "no list of cells", id="no cells"),
        pytest.param(b'{"nbformat": 4, "cells": null}', "no list of cells", id="cells null"),
        pytest.param(b'{"nbformat": 4, "cells": {}}', "no list of cells", id="cells as an object"),
        pytest.param(b'{"nbformat": 4, "cells": "code"}', "no list of cells", id="cells as text"),
        pytest.param(b'{"nbformat": 4, "cells": [1]}', "has no type", id="a number as cell"),
        pytest.param(b'{"nbformat": 4, "cells": [null]}', "has no type", id="null as cell"),
        pytest.param(b'{"nbformat": 4, "cells": [{}]}', "has no type", id="a cell without a type"),
        pytest.param(b'{"nbformat": 4, "cells": [{"cell_type": 1}]}', "has no type", id="a number as type"),
        pytest.param(b'{"nbformat": 4, "cells": [{"cell_type": ["code"]}]}', "has no type", id="a list as type"),
        pytest.param(b'{"nbformat": 4, "cells": [{"cell_type": "code"}]}', "has no source", id="no source"),
        pytest.param(
            b'{"nbformat": 4, "cells": [{"cell_type": "code", "source": null}]}', "has no source", id="null as source"
        ),
        pytest.param(
            b'{"nbformat": 4, "cells": [{"cell_type": "code", "source": 1}]}', "has no source", id="a number as source"
        ),
        pytest.param(
            b'{"nbformat": 4, "cells": [{"cell_type": "code", "source": ["a", 1]}]}',
            "has no source",
            id="a number in a source",
        ),
        pytest.param(
            b'{"nbformat": 4, "cells": [{"cell_type": "code", "source": {"a": 1}}]}',
            "has no source",
            id="an object as source",
        ),
        pytest.param(
            json.dumps(notebook_of(*[code("x")] * (MOST_CELLS + 1))).encode(),
            "more code than the notebook of any lab",
            id="too many cells",
        ),
        pytest.param(
            json.dumps(notebook_of(code("x" * (LARGEST_SOURCE_CHARACTERS + 1)))).encode(),
            "more code than the notebook of any lab",
            id="too much code",
        ),
    ],
)
def test_what_is_no_notebook_is_refused_and_told_why(path: Path, content: bytes, sentence: str) -> None:
    path.write_bytes(content)
    assert sentence in refused(path)


@pytest.mark.parametrize(
    "size",
    [
        LARGEST_NOTEBOOK_BYTES + 1,
        pytest.param(
            100 * 2**30,
            marks=pytest.mark.skipif(sys.platform == "win32", reason="holes take room there"),
        ),
    ],
)
def test_a_file_that_is_too_large_is_refused_unread(path: Path, size: int) -> None:
    path.touch()
    os.truncate(path, size)  # takes no room, and would take minutes to read
    began = process_time()
    told = refused(path)
    assert process_time() - began < 1
    assert f"has {size // 2**20} MB" in told
    assert "clear its outputs" in told


def test_a_missing_file_is_told(path: Path) -> None:
    assert "There is no notebook" in refused(path)


def test_a_path_below_a_file_is_refused(path: Path) -> None:
    path.touch()
    assert "cannot be read" in refused(path / "s001.ipynb")


def test_a_name_longer_than_any_is_refused(tmp_path: Path) -> None:
    assert "cannot be read" in refused(tmp_path / f"{'n' * 300}.ipynb")


def test_a_link_is_refused_wherever_it_points(path: Path, tmp_path: Path) -> None:
    (tmp_path / "real.ipynb").write_text(json.dumps(notebook_of()), encoding="utf-8")
    for target in (tmp_path / "real.ipynb", tmp_path / "nowhere", path):
        path.symlink_to(target)
        assert "is a link" in refused(path)
        path.unlink()


def test_a_folder_is_refused(path: Path) -> None:
    path.mkdir()
    assert "a folder" in refused(path)


def test_a_pipe_is_refused_and_not_waited_for(path: Path) -> None:
    if sys.platform == "win32":
        pytest.skip("Windows has no pipe that is a file")
    os.mkfifo(path)
    assert "a device" in refused(path)


def test_a_socket_is_refused(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if sys.platform == "win32":
        pytest.skip("Python has no socket there that is a file")
    monkeypatch.chdir(path.parent)  # the name of a socket is short
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(path.name)
        refused(path)


def test_a_device_is_refused(path: Path) -> None:
    path.symlink_to("/dev/zero")
    assert "is a link" in refused(path)


def test_refusing_leaves_no_file_open(path: Path) -> None:
    if sys.platform == "win32":
        pytest.skip("Windows has no pipe that is a file")
    path.mkdir()
    pipe = path.with_name("pipe.ipynb")
    os.mkfifo(pipe)
    before = len(os.listdir("/proc/self/fd"))  # noqa: PTH208 (links that vanish)
    for _ in range(50):
        for refusable in (path, pipe):
            with pytest.raises((SubmissionError, IsADirectoryError)):
                read_submission(refusable, student="s001")
    assert len(os.listdir("/proc/self/fd")) <= before + 1  # noqa: PTH208 (same)


@given(content=st.binary(max_size=300))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_any_bytes_are_a_notebook_or_a_submission_error(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    with contextlib.suppress(SubmissionError):
        assert read_submission(path, student="s001").sha256 == hashlib.sha256(content).hexdigest()


@given(
    content=JSON
    | st.fixed_dictionaries(
        {
            "nbformat": st.just(4) | JSON,
            "cells": st.lists(
                st.fixed_dictionaries({"cell_type": st.just("code") | JSON, "source": st.lists(st.text()) | JSON})
                | JSON
            ),
        }
    )
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=200)
def test_any_json_is_a_notebook_of_sendable_cells_or_a_submission_error(path: Path, content: object) -> None:
    path.write_text(json.dumps(content), encoding="utf-8")
    try:
        cells = read_submission(path, student="s001").cells
    except SubmissionError:
        return
    assert [cell.number for cell in cells] == list(range(1, len(cells) + 1))
    for cell in cells:
        assert cell.source.strip()
        assert cell.source.encode("utf-8")


# Which function a cell defines --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "source",
    [
        "def f(x):\n    return x",
        "import numpy\n\ndef f(x): return x",
        "    def f(x):\n        pass",
        "async def f(x):\n    pass",
        "def  f (x):",
        "def f(x:\n  this does not parse",
        "def f",
    ],
)
def test_a_cell_defines_what_its_text_has_a_def_of(source: str) -> None:
    assert defines(source, "f")


@pytest.mark.parametrize("source", ["f = 1", "# def f(x):", "def g(f):", "def ff(x):", "'def f(x):'", "f(1)", ""])
def test_a_cell_does_not_define_what_it_only_mentions(source: str) -> None:
    assert not defines(source, "f")


@pytest.mark.parametrize(
    "source", ["def f(x): pass", "f = np.exp", "f: Any = g", "from a import f", "from a import g as f", "import f"]
)
def test_a_cell_gives_a_name_by_def_assignment_or_import(source: str) -> None:
    assert gives(source, "f")


@pytest.mark.parametrize("source", ["f(1)", "# f = 1", "f == 1", "print('softmax, f')", "y = f", "ff = 1"])
def test_a_cell_does_not_give_a_name_that_it_only_uses(source: str) -> None:
    assert not gives(source, "f")
