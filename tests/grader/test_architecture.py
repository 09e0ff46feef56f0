"""The house stands: an import only points down, the wall has no door, and nothing dangerous is in reach."""

from __future__ import annotations

import ast
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

PACKAGE = Path(__file__).resolve().parents[2] / "grader"

FLOORS = (
    ("grader", "model", "registry"),
    ("errors", "learning", "messages", "network", "scoring", "values"),
    ("built", "checks", "course", "data", "isolation", "located", "output", "overrun", "picturing", "showing"),
    ("strict",),
    ("drawing", "exceptions", "record", "rubric", "settings", "staff_code", "submission", "wire"),
    ("catalogue", "class_reading", "failures", "reading", "rubric_file", "sandbox", "flowing"),
    ("batch", "card", "gradebook", "lab", "live", "plain", "newlab"),
    ("class_page", "key", "task_table"),
    ("reports", "judging"),
    ("exporting", "explaining", "reporting"),
    ("grade",),
    ("desk", "practice", "audit"),
    ("kept",),
    ("marking",),
    ("watching",),
    ("commands", "telling"),
    ("cli",),
)
"""From the ground up. A name is a module or a package; `grader` is the package's own __init__ (its version).

An import, also one for types alone, points to a lower floor. Rooms on one floor do not know each other; the modules
of one package may.
"""

WALLED_OFF = frozenset(
    {
        *("checks", "key", "rubric", "rubric_file", "catalogue", "lab", "record", "reports", "judging", "explaining"),
        *("course", "reading"),
    }
)
"""What nothing in sandbox/ may see: the answers, and what is made of them."""

HEAVY = frozenset({"tensorflow", "keras", "torch", "jax"})
UNSAFE = frozenset({"pickle", "_pickle", "cPickle", "cloudpickle", "dill", "joblib", "marshal", "shelve", "runpy"})
UNSAFE_CALLS = frozenset({"eval", "exec", "compile", "__import__", "input", "breakpoint"})
UNSAFE_METHODS = frozenset(
    {
        ("yaml", "load"),
        ("yaml", "unsafe_load"),
        ("yaml", "full_load"),
        ("os", "system"),
        ("os", "popen"),
        ("builtins", "eval"),
        ("builtins", "exec"),
    }
)
OUTSIDE = frozenset(
    {
        "click",
        "rich",
        "numpy",
        "yaml",
        "pydantic",
        "pydantic_core",
        "nbformat",
        "nbclient",
        "jupyter_client",
        "ipykernel",
        "jinja2",
        "hypothesis",
        "sqlalchemy",
        "alembic",
        "psutil",
        "zmq",
        "watchfiles",
        "IPython",
    }
)
"""The distributions that pyproject.toml names, as they are imported (pydantic brings pydantic_core)."""


@dataclass(frozen=True, slots=True)
class Import:
    """One module importing another: dotted names, and where it says so."""

    importer: str
    imported: str
    place: str


def _files() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


def _name(path: Path) -> str:
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


MODULES = frozenset(map(_name, _files()))


def _imports_of(path: Path) -> Iterator[Import]:
    """Yield every import of a file: at the top, inside of functions, and for types alone."""
    for node in ast.walk(_tree(path)):
        place = f"{path.relative_to(PACKAGE.parent)}:{getattr(node, 'lineno', 0)}"
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield Import(_name(path), alias.name, place)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{place}: a relative import"
            for alias in node.names:
                full = f"{node.module}.{alias.name}"
                yield Import(_name(path), full if full in MODULES else str(node.module), place)


IMPORTS = tuple(found for path in _files() for found in _imports_of(path))
OWN_IMPORTS = tuple(
    found
    for found in IMPORTS
    if found.imported.split(".")[0] == "grader" and (found.importer, found.imported) != ("grader", "grader.live")
)
"""All but one: `%load_ext grader` can only come in by the front door, which leads it upstairs when it is opened."""


def _room(module: str) -> str:
    """Return the name under which a module stands in FLOORS."""
    parts = module.split(".")
    return parts[1] if len(parts) > 1 else "grader"


def _floor(module: str) -> int:
    return next(floor for floor, rooms in enumerate(FLOORS) if _room(module) in rooms)


def _under(package: str) -> list[Import]:
    return [found for found in OWN_IMPORTS if _room(found.importer) == package]


def test_the_imports_are_found() -> None:
    assert len(_files()) > 30
    assert len(OWN_IMPORTS) > 80
    assert Import("grader.cli", "grader.workflow.marking", "") in {
        Import(i.importer, i.imported, "") for i in OWN_IMPORTS
    }


def test_every_room_stands_on_one_floor() -> None:
    rooms = [room for floor in FLOORS for room in floor]
    assert len(rooms) == len(set(rooms))
    assert {_room(module) for module in MODULES} == set(rooms)


@pytest.mark.parametrize("module", sorted(MODULES))
def test_an_import_only_points_down(module: str) -> None:
    for found in OWN_IMPORTS:
        if found.importer == module and _room(found.imported) != _room(module):
            assert _floor(found.imported) < _floor(module), f"{found.place}: {module} imports {found.imported}"


@pytest.mark.parametrize("module", sorted(MODULES))
def test_no_module_reaches_itself_by_its_imports(module: str) -> None:
    """Also within a package, where imports may point anywhere."""
    first = {found.imported for found in OWN_IMPORTS if found.importer == module}
    assert module not in _reached_from(*first)


@pytest.mark.parametrize("package", ["checks", "reports"])
def test_the_files_of_an_open_folder_do_not_know_each_other(package: str) -> None:
    """So that a new one is one new file, and an old one can be taken away."""
    assert [found.place for found in _under(package) if _room(found.imported) == package] == []


@pytest.mark.parametrize("package", ["checks", "reports"])
def test_nothing_below_the_story_names_a_file_of_an_open_folder(package: str) -> None:
    """They are found by their name; only what speaks to a terminal knows the page that it shows."""
    named = {
        found.importer
        for found in OWN_IMPORTS
        if found.imported.startswith(f"grader.{package}.") and _room(found.importer) != package
    }
    assert named <= {"grader.cli", "grader.workflow.progress", "grader.commands.book", "grader.commands.practice"}


def _reached_from(*modules: str) -> set[str]:
    """Return these modules and all that they import, and so on."""
    below: dict[str, set[str]] = {}
    for found in OWN_IMPORTS:
        below.setdefault(found.importer, set()).add(found.imported)
    reached: set[str] = set()
    waiting = list(modules)
    while waiting:
        module = waiting.pop()
        if module not in reached:
            reached.add(module)
            waiting.extend(below.get(module, ()))
    return reached


def test_nothing_in_the_sandbox_sees_the_answers() -> None:
    reached = {_room(module) for module in _reached_from(*(one for one in MODULES if _room(one) == "sandbox"))}
    assert reached & WALLED_OFF == set()
    words = {"grader", "model", "errors", "messages", "values", "built", "wire", "submission", "learning"}
    assert reached <= {"sandbox", *words}


@pytest.mark.parametrize("package", ["reports", "checks"])
def test_reports_and_checks_do_not_touch_student_code(package: str) -> None:
    assert not [found.place for found in _under(package) if _room(found.imported) in {"sandbox", "submission"}]


def test_only_the_words_and_the_wire_are_in_the_kernel_beside_the_student() -> None:
    """What drives kernels, and what has sentences and files of its own, is of no use to a student and not there."""
    reached = _reached_from("grader.sandbox.inside")
    assert {_room(module) for module in reached} <= {
        "sandbox",
        "grader",
        "model",
        "values",
        "built",
        "wire",
        "learning",
    }
    assert not reached & {
        f"grader.sandbox.{name}" for name in ("worker", "runner", "session", "notebook", "engine", "kernel", "job")
    }


def test_the_words_and_the_wire_need_numpy_alone() -> None:
    modules = _reached_from("grader.wire.observations")
    outside = {found.imported.split(".")[0] for found in IMPORTS if found.importer in modules}
    assert outside - set(sys.stdlib_module_names) == {"grader", "numpy"}


def test_nothing_imports_what_only_a_student_may() -> None:
    assert [found.place for found in IMPORTS if found.imported.split(".")[0] in HEAVY] == []


def test_nothing_is_ever_unpickled() -> None:
    assert [found.place for found in IMPORTS if found.imported.split(".")[0] in UNSAFE] == []


def test_every_import_is_ours_the_languages_or_declared() -> None:
    for found in IMPORTS:
        top = found.imported.split(".")[0]
        assert top == "grader" or top in sys.stdlib_module_names or top in OUTSIDE, found.place


@pytest.mark.parametrize("path", _files(), ids=_name)
def test_no_text_is_run_as_code_and_no_file_is_loaded_as_objects(path: Path) -> None:
    for node in ast.walk(_tree(path)):
        if isinstance(node, ast.Name):
            assert node.id not in UNSAFE_CALLS, f"line {node.lineno}: {node.id}"
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            assert (node.value.id, node.attr) not in UNSAFE_METHODS, f"line {node.lineno}: {node.attr}"
        if isinstance(node, ast.Call) and ast.unparse(node.func) in {"np.load", "numpy.load"}:
            assert "allow_pickle" in {keyword.arg for keyword in node.keywords}, (
                f"line {node.lineno}: say allow_pickle=False"
            )
        if isinstance(node, ast.keyword) and node.arg in {"allow_pickle", "shell"}:
            assert isinstance(node.value, ast.Constant), f"line {node.value.lineno}: {node.arg}"
            assert node.value.value is False, f"line {node.value.lineno}: {node.arg}"
        if isinstance(node, ast.alias):
            assert node.name not in UNSAFE_CALLS, f"line {node.lineno}: {node.name}"


@pytest.mark.parametrize("path", _files(), ids=_name)
def test_a_module_opens_with_its_one_reason(path: Path) -> None:
    assert (ast.get_docstring(_tree(path)) or "").strip()


def test_the_tool_knows_no_lab_by_name() -> None:
    """Another course works as well."""
    labs = [path.stem for path in (PACKAGE.parent / "rubrics").glob("*.yaml")]
    assert labs
    for path in _files():
        strings = [
            node.value
            for node in ast.walk(_tree(path))
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value in labs
        ]
        assert strings == [], path
