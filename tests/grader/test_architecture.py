"""The house stands: an import only points down, the wall has no door, and nothing dangerous is in reach."""

from __future__ import annotations

import ast
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "grader"

FLOORS = """\
__main__
cli
usage
commands
audit  releasing  review
workflow
exporting  gradebook  grading  newlab  reports
course  live  pages  sandbox
source
checks  data  records  sandbox.kernel  submission
comparing  output  probes  sandbox.isolation
errors  messages  networks  wire
interrupts  model  registry  system
networks.model
"""
"""The wings, from the roof to the ground. An import, also one for types alone, points to a lower floor.

Wings on one floor do not know each other; the modules of one wing may. `sandbox` is the grader's side and the workers;
what runs in a kernel, `sandbox.kernel`, stands lower, and so does the wall around it. ARCHITECTURE.md shows this list.
"""

MOST_AT_THE_TOP = 10
MOST_PARAMETERS = 6
MOST_BY_POSITION = 3

WALLED_OFF = frozenset({"checks", "course", "grading", "records", "pages", "reports"})
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
        "starlette",
        "uvicorn",
        "markdown_it",
        "mdit_py_plugins",
        "pygments",
        "markupsafe",
        "dask",
        "distributed",
    }
)
"""The distributions that pyproject.toml names, as they are imported; they bring pydantic_core, markupsafe and dask."""


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


@cache
def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def _place(path: Path, node: ast.AST) -> str:
    return f"{path.relative_to(ROOT)}:{getattr(node, 'lineno', 0)}"


MODULES = frozenset(map(_name, _files()))


def _imports_of(path: Path) -> Iterator[Import]:
    """Yield every import of a file: at the top, inside of functions, and for types alone."""
    for node in ast.walk(_tree(path)):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield Import(_name(path), alias.name, _place(path, node))
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                full = f"{node.module}.{alias.name}"
                yield Import(_name(path), full if full in MODULES else str(node.module), _place(path, node))


IMPORTS = tuple(found for path in _files() for found in _imports_of(path))
OWN_IMPORTS = tuple(
    found
    for found in IMPORTS
    if found.imported.split(".")[0] == "grader" and (found.importer, found.imported) != ("grader", "grader.live")
)
"""All but one: `%load_ext grader` can only come in by the front door, which leads it upstairs when it is opened."""

WINGS = tuple(line.split() for line in reversed(FLOORS.splitlines()))


def _wing(module: str) -> str:
    """Return the name under which a module stands in FLOORS; the package's own __init__ is its ground."""
    inside = module.removeprefix("grader").removeprefix(".")
    names = [wing for floor in WINGS for wing in floor if f"{inside}.".startswith(f"{wing}.")]
    return max(names, key=len, default="grader" if not inside else "")


def _floor(module: str) -> int:
    return next((floor for floor, wings in enumerate(WINGS) if _wing(module) in wings), -1)


def _under(wing: str) -> list[Import]:
    return [found for found in OWN_IMPORTS if _wing(found.importer) == wing]


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


def _wings_of(modules: set[str]) -> set[str]:
    return {_wing(module) for module in modules}


# Wings --------------------------------------------------------------------------------------------------------


def test_the_imports_are_found() -> None:
    assert len(_files()) > 30
    assert len(OWN_IMPORTS) > 80
    assert ("grader.workflow.marking", "grader.errors") in {(found.importer, found.imported) for found in OWN_IMPORTS}


def test_every_module_stands_in_one_wing() -> None:
    wings = FLOORS.split()
    assert len(wings) == len(set(wings))
    assert {module for module in MODULES if not _wing(module)} == set()
    assert {_wing(module) for module in MODULES} - {"grader"} == set(wings)


def test_the_top_has_few_modules() -> None:
    assert len([path for path in PACKAGE.glob("*.py") if path.stem != "__init__"]) <= MOST_AT_THE_TOP


def test_architecture_md_shows_the_floors_as_they_are_held() -> None:
    assert f"```\n{FLOORS}```\n" in (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")


def test_an_import_only_points_down() -> None:
    up = [
        f"{found.place}: {found.importer} imports {found.imported}"
        for found in OWN_IMPORTS
        if _wing(found.imported) != _wing(found.importer) and _floor(found.imported) >= _floor(found.importer)
    ]
    assert up == []


def test_no_module_reaches_itself_by_its_imports() -> None:
    """Also within a wing, where imports may point anywhere."""
    direct = {module: {found.imported for found in OWN_IMPORTS if found.importer == module} for module in MODULES}
    assert [module for module in sorted(MODULES) if module in _reached_from(*direct[module])] == []


def test_no_import_is_relative() -> None:
    assert [
        _place(path, node)
        for path in _files()
        for node in ast.walk(_tree(path))
        if isinstance(node, ast.ImportFrom) and node.level
    ] == []


def test_the_files_of_an_open_folder_do_not_know_each_other() -> None:
    """So that a new one is one new file, and an old one can be taken away."""
    open_folders = ("checks", "reports", "commands", "exporting")
    assert [
        found.place
        for folder in open_folders
        for found in _under(folder)
        if found.imported.startswith(f"grader.{folder}.")
    ] == []


def test_an_executor_is_found_by_its_address_alone() -> None:
    """Neither another executor nor anything else names its file: so a new one is one new file."""
    inside = "grader.workflow.executors."
    assert [found.place for found in OWN_IMPORTS if found.imported.startswith(inside)] == []


def test_dask_is_imported_by_what_a_cluster_needs_alone() -> None:
    """A class on one machine does without it."""
    named = {found.importer for found in IMPORTS if found.imported.split(".")[0] in {"dask", "distributed"}}
    assert {name.rpartition(".")[0] for name in named} <= {"grader.workflow.cluster", "grader.workflow.executors"}


def test_only_what_speaks_to_a_terminal_names_a_file_of_an_open_folder() -> None:
    """Everything else finds them by their name."""
    named = {
        found.importer
        for found in OWN_IMPORTS
        for folder in ("checks", "reports")
        if found.imported.startswith(f"grader.{folder}.") and _wing(found.importer) != folder
    }
    assert named <= {"grader.cli", "grader.workflow.progress", "grader.commands.book", "grader.commands.practice"}


def test_every_module_opens_with_its_one_reason() -> None:
    assert [str(path) for path in _files() if not (ast.get_docstring(_tree(path)) or "").strip()] == []


def test_the_tool_knows_no_lab_by_name() -> None:
    """Another course works as well."""
    labs = {path.stem for path in (ROOT / "rubrics").glob("*.yaml")}
    assert labs
    assert [
        _place(path, node)
        for path in _files()
        for node in ast.walk(_tree(path))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value in labs
    ] == []


# Functions and classes ------------------------------------------------------------------------------------------


def _functions() -> Iterator[tuple[Path, ast.FunctionDef | ast.AsyncFunctionDef]]:
    for path in _files():
        for node in ast.walk(_tree(path)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield path, node


def test_no_function_has_more_than_a_few_parameters() -> None:
    """Those of a kind's `judge` are the words that a rubric may say, as many as there are."""
    many = []
    for path, function in _functions():
        names = [one.arg for one in (*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs)]
        is_a_kind = function.name == "judge" and path.parent.name == "checks"
        if not is_a_kind and len([name for name in names if name not in {"self", "cls"}]) > MOST_PARAMETERS:
            many.append(f"{_place(path, function)}: {function.name}")
    assert many == []


def test_no_two_classes_have_one_name() -> None:
    places: dict[str, list[str]] = {}
    for path in _files():
        for node in ast.walk(_tree(path)):
            if isinstance(node, ast.ClassDef):
                places.setdefault(node.name, []).append(_place(path, node))
    assert {name: found for name, found in places.items() if len(found) > 1} == {}


def test_no_call_of_our_own_passes_many_arguments_by_position() -> None:
    """`send` is a method of jupyter_client's session as well, and whatever takes *arguments takes any number."""
    classes = {node.name for path in _files() for node in ast.walk(_tree(path)) if isinstance(node, ast.ClassDef)}
    variadic = {function.name for _, function in _functions() if function.args.vararg}
    ours = (classes | {function.name for _, function in _functions()}) - variadic - {"send"}
    assert [
        f"{_place(path, node)}: {ast.unparse(node.func)}"
        for path in _files()
        for node in ast.walk(_tree(path))
        if isinstance(node, ast.Call)
        and ast.unparse(node.func).rpartition(".")[2] in ours
        and len([one for one in node.args if not isinstance(one, ast.Starred)]) > MOST_BY_POSITION
    ] == []


# The wall -----------------------------------------------------------------------------------------------------


def test_nothing_in_the_sandbox_sees_the_answers() -> None:
    reached = _wings_of(_reached_from(*(module for module in MODULES if module.startswith("grader.sandbox"))))
    assert reached & WALLED_OFF == set()
    ours = {"grader", "interrupts", "model", "networks.model", "errors", "messages", "system", "wire", "submission"}
    words = {*ours, "networks", "probes"}
    assert reached <= {"sandbox", "sandbox.kernel", "sandbox.isolation", *words}


def test_reports_and_checks_do_not_touch_student_code() -> None:
    touched = {"sandbox", "sandbox.kernel", "submission"}
    assert [
        found.place for wing in ("reports", "checks") for found in _under(wing) if _wing(found.imported) in touched
    ] == []


def test_only_the_words_the_probes_and_the_wire_are_in_the_kernel_beside_the_student() -> None:
    """What drives kernels, and what has sentences and files of its own, is of no use to a student and not there."""
    reached = _wings_of(_reached_from("grader.sandbox.kernel.main"))
    words = {"grader", "model", "networks", "networks.model", "probes", "system", "wire"}
    assert reached <= {"sandbox.isolation", "sandbox.kernel", *words}


def test_the_words_and_the_wire_need_numpy_alone() -> None:
    modules = _reached_from("grader.wire.observations")
    outside = {found.imported.split(".")[0] for found in IMPORTS if found.importer in modules}
    assert outside - set(sys.stdlib_module_names) == {"grader", "numpy"}


# What is out of reach -----------------------------------------------------------------------------------------


def test_nothing_imports_what_only_a_student_may() -> None:
    assert [found.place for found in IMPORTS if found.imported.split(".")[0] in HEAVY] == []


def test_nothing_is_ever_unpickled() -> None:
    assert [found.place for found in IMPORTS if found.imported.split(".")[0] in UNSAFE] == []


def test_every_import_is_ours_the_languages_or_declared() -> None:
    known = {"grader", *sys.stdlib_module_names, *OUTSIDE}
    assert [found.place for found in IMPORTS if found.imported.split(".")[0] not in known] == []


def test_no_text_is_run_as_code() -> None:
    assert [_place(path, node) for path in _files() for node in ast.walk(_tree(path)) if _runs_text(node)] == []


def test_no_file_is_loaded_as_objects_and_no_shell_is_asked() -> None:
    assert [_place(path, node) for path in _files() for node in ast.walk(_tree(path)) if _loads_objects(node)] == []


def _runs_text(node: ast.AST) -> bool:
    match node:
        case ast.Name(id=name):
            return name in UNSAFE_CALLS
        case ast.Attribute(value=ast.Name(id=module), attr=name):
            return (module, name) in UNSAFE_METHODS
        case ast.alias(name=name):
            return name in UNSAFE_CALLS
    return False


def _loads_objects(node: ast.AST) -> bool:
    match node:
        case ast.Call(func=function, keywords=keywords) if ast.unparse(function) in {"np.load", "numpy.load"}:
            return "allow_pickle" not in {keyword.arg for keyword in keywords}
        case ast.keyword(arg="allow_pickle" | "shell", value=value):
            return not (isinstance(value, ast.Constant) and value.value is False)
    return False
