"""What a function calls is told from its code: each use of what is forbidden is found, and no right answer loses."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_notebook

from grader.course.folder import Course
from grader.course.lab import load_lab
from grader.course.rubric import Calls
from grader.grading.calls import with_calls
from grader.model import Cell, CellStopped, Failed, Passed, Place, Untouched
from grader.records.record import load_record

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from grader.course.lab import Lab
    from grader.model import Verdict
    from grader.records.record import CheckPart, Record
    from tests.conftest import Said

    Judge = Callable[..., Verdict]

NUMPY = "import numpy as np"
SQUARES = "def squares(d):\n    return d ** 2"
BY_HAND = "def mse(y, p):\n    return np.add.reduce(squares(y - p)) / y.size"
STUB = 'def mse(y, p):\n    """MSE."""\n    raise NotImplementedError("write it")'

REFERENCE = """\
import numpy as np


def squares(d):
    return d**2


def mse(y, p):
    return np.sum((y - p) ** 2) / y.size


def vectors(rng):
    return {"y": rng.normal(size=5), "p": rng.normal(size=5)}
"""
RUBRIC = """\
title: {zh-TW: "手寫", en: "By hand"}
minutes: 20
points: 20
packages: [numpy]
tasks:
  mse:
    title: {zh-TW: "均方誤差", en: "MSE"}
    lecture: {zh-TW: "第 1 節", en: "section 1"}
    points: 10
    checks:
      values:
        points: 6
        promise: {zh-TW: "平均。", en: "The mean."}
        hint: {zh-TW: "平均？", en: "A mean?"}
        questions:
          - {public: true, inputs: {y: [1, 2], p: [2, 4]}}
          - {make: vectors, count: 2, about: {zh-TW: "兩個向量", en: "two vectors"}}
      by_hand:
        points: 4
        promise: {zh-TW: "自己寫，而且呼叫 squares。", en: "Written by hand, with squares."}
        hint: {zh-TW: "哪一個函式已經做了一半？", en: "Which function has done half of it?"}
        calls: {require: [squares], forbid: [np.mean, tf.keras.losses, sum, loop]}
  squares:
    title: {zh-TW: "平方", en: "Squares"}
    lecture: {zh-TW: "第 1 節", en: "section 1"}
    points: 10
    checks:
      vectorised:
        points: 10
        promise: {zh-TW: "不用迴圈。", en: "Without a loop."}
        hint: {zh-TW: "陣列本身會什麼？", en: "What can an array do?"}
        calls: {forbid: [loop, np.vectorize]}
        questions:
          - {public: true, inputs: {d: [1, 2]}}
"""


def write_course(folder: Path) -> Path:
    for room in ("labs", "reference/solutions", "rubrics"):
        (folder / room).mkdir(parents=True)
    (folder / "reference/hand.py").write_text(REFERENCE, "utf-8")
    (folder / "rubrics/hand.yaml").write_text(RUBRIC, "utf-8")
    stub = (NUMPY, STUB.replace("mse(y, p)", "squares(d)"), STUB)
    for place, sources in (("labs", stub), ("reference/solutions", (NUMPY, SQUARES, BY_HAND))):
        cells: list[dict[str, object]] = [
            {"cell_type": "code", "id": f"c{at}", "metadata": {}, "execution_count": None, "outputs": [], "source": one}
            for at, one in enumerate(sources)
        ]
        form = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
        (folder / place / "hand.ipynb").write_text(json.dumps(form), "utf-8")
    return folder


@pytest.fixture(scope="module")
def course_by_hand(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_course(tmp_path_factory.mktemp("by hand"))


@pytest.fixture(scope="module")
def lab(course_by_hand: Path) -> Lab:
    return load_lab(Course(course_by_hand), "hand")


@pytest.fixture(scope="module")
def judge(lab: Lab) -> Judge:
    """Return a judge of `mse` in a notebook of some cells by what it has to call and may not use; nothing is run."""

    def verdict(*sources: str, stops: Sequence[CellStopped] = (), **calls: list[str]) -> Verdict:
        task = lab.rubric.tasks["mse"]
        check = task.checks["by_hand"].model_copy(update={"calls": Calls(**calls)})
        task = task.model_copy(update={"checks": {"by_hand": check}})
        rubric = lab.rubric.model_copy(update={"tasks": {"mse": task}})
        cells = [Cell(number, source) for number, source in enumerate(sources, start=1)]
        [judged] = with_calls(replace(lab, rubric=rubric), (), cells, stops=stops)
        return judged.verdict

    return verdict


def f(body: str, before: str = "") -> str:
    """Return a cell with `mse`, whose body is one line."""
    return f"{before}\ndef mse(y, p):\n    {body}"


USED: Mapping[str, tuple[list[str], list[str], str]] = {
    "short": (["np.mean"], [NUMPY, f("return np.mean(y - p)")], "np.mean is used in mse: cell In [2], line 3"),
    "whole": (["numpy.mean"], ["import numpy\n" + f("return numpy.mean(y)")], "np.mean is used"),
    "another short name": (["np.mean"], [f("return N.mean(y)", "import numpy as N")], "np.mean is used"),
    "imported itself": (["np.mean"], [f("return mean(y)", "from numpy import mean")], "np.mean is used"),
    "imported as": (
        ["scipy.special.softmax"],
        [f("return sm(y)", "from scipy.special import softmax as sm")],
        "scipy.special.softmax is used",
    ),
    "imported inside": (["np.mean"], [f("import numpy as n; return n.mean(y)")], "np.mean"),
    "imported module": (
        ["tf.keras.losses"],
        [f("return losses.MSE(y, p)", "from tensorflow.keras import losses")],
        "tf.keras.losses.MSE is used in mse: cell In [1], line 3",
    ),
    "below": (["tf.keras.losses"], [f("return tf.keras.losses.MSE(y, p)", "import tensorflow as tf")], "losses.MSE"),
    "keras": (["tf.keras.losses"], [f("return keras.losses.MSE(y, p)", "import keras")], "keras.losses.MSE"),
    "whole keras": (["tensorflow.keras.losses"], [f("return keras.losses.MSE(y, p)", "import keras")], "losses.MSE"),
    "class": (
        ["tf.keras.losses"],
        [f("return tf.keras.losses.MeanSquaredError()(y, p)", "import tensorflow as tf")],
        "tf.keras.losses.MeanSquaredError",
    ),
    "made above": (
        ["tf.keras.losses"],
        ["import tensorflow as tf\nloss = tf.keras.losses.MeanSquaredError()", f("return loss(y, p)")],
        "tf.keras.losses.MeanSquaredError is used in loss, which mse uses: cell In [1], line 2",
    ),
    "aliases": (
        ["tf.keras.losses"],
        ["import tensorflow as tf\nK = tf.keras\nL = K.losses", f("return L.MSE(y, p)")],
        "tf.keras.losses.MSE",
    ),
    "alias inside": (["np.mean"], [NUMPY, f("n = np; m = n.mean; return m(y)")], "np.mean"),
    "handed on": (["sum"], [f("return list(map(sum, y))")], "sum is used in mse"),
    "as a value": (
        ["tf.keras.losses"],
        ["import tensorflow as tf", f("f = tf.keras.losses.MSE; return f(y, p)")],
        "MSE",
    ),
    "default": (["sum"], ["def mse(y, p, s=sum):\n    return s(y)"], "sum is used"),
    "helper": (
        ["sum"],
        ["def h(d):\n    return sum(d)", f("return h(y - p)")],
        "sum is used in h, which mse uses: cell In [1]",
    ),
    "helper of a helper": (
        ["sum"],
        ["def g(d): return sum(d)\ndef h(d): return g(d)", f("return h(y)")],
        "in g, which mse",
    ),
    "helper below": (["sum"], [f("return h(y - p)"), "def h(d):\n    return sum(d)"], "cell In [2], line 2"),
    "helper handed on": (["sum"], ["def h(d): return sum(d)", f("return map(h, y)")], "in h, which mse uses"),
    "nested": (
        ["sum"],
        ["def mse(y, p):\n    def h(d):\n        return sum(d)\n    return h(y)"],
        "in h, which mse uses",
    ),
    "lambda": (["sum"], ["mse = lambda y, p: sum(y - p)"], "sum is used in mse: cell In [1], line 1"),
    "lambda helper": (["sum"], ["h = lambda d: sum(d)", f("return h(y)")], "sum is used in h"),
    "method of a class": (
        ["sum"],
        [
            "class A:\n    def s(self, d):\n        return self.t(d)\n    def t(self, d):\n        return sum(d)",
            f("return A().s(y)"),
        ],
        "sum is used in t, which mse uses: cell In [1], line 5",
    ),
    "instance": (
        ["sum"],
        ["class A:\n    def s(self, d): return sum(d)\na = A()", f("return a.s(y)")],
        "sum is used in s",
    ),
    "instance inside": (
        ["sum"],
        ["class A:\n    def s(self, d): return sum(d)", f("a = A(); return a.s(y)")],
        "sum is used in s",
    ),
    "inherited": (
        ["sum"],
        ["class B:\n    def s(self): return sum([1])\nclass A(B): pass", f("return A().s()")],
        "in s",
    ),
    "callable": (
        ["sum"],
        ["class A:\n    def __call__(self, d): return sum(d)\na = A()", f("return a(y)")],
        "__call__",
    ),
    "vectorize": (["sum"], [NUMPY, "def g(y, p): return sum(y)\nmse = np.vectorize(g)"], "sum is used in g"),
    "vectorized itself": (["sum"], [NUMPY, f("return sum(y)"), "mse = np.vectorize(mse)"], "sum is used in mse"),
    "partial": (["sum"], ["from functools import partial\ndef g(n, y, p): return sum(y)\nmse = partial(g, 2)"], "in g"),
    "decorator": (["np.vectorize"], [NUMPY, "@np.vectorize\ndef mse(y, p):\n    return y"], "np.vectorize is used"),
    "under if": (["sum"], ["if True:\n    def mse(y, p):\n        return sum(y)"], "cell In [1], line 3"),
    "under try": (["sum"], ["try:\n    def mse(y, p):\n        return sum(y)\nexcept Exception:\n    pass"], "line 3"),
    "the last one": (["sum"], [f("return 0"), f("return sum(y)")], "cell In [2]"),
    "in an f-string": (["sum"], [f("return float(f'{sum(y)}')")], "sum is used"),
    "in a comprehension": (["sum"], [f("return [sum(d) for d in y]")], "sum is used"),
    "only given away": (
        ["np.mean"],
        [NUMPY, f("return np.linalg.norm(y)"), "mse = np.mean"],
        "np.mean is used in mse: cell In [3]",
    ),
    "method": (["np.mean"], [f("return (y - p).mean()")], ".mean() is used in mse"),
    "method of the class": (["np.sum"], [NUMPY, f("return np.ndarray.sum(y)")], "np.ndarray.sum is used"),
    "method of torch": (["torch.sum"], [f("return (y - p).sum()")], ".sum()"),
    "operator": (["np.dot"], [f("d = y - p; return d @ d")], "@ is used in mse"),
    "operator for matmul": (["np.matmul"], [f("y @= p; return y")], "@"),
    "second name": (["np.max"], [NUMPY, f("return np.amax(y)")], "np.amax"),
    "second name of tensorflow": (
        ["tf.reduce_sum"],
        [f("return tf.math.reduce_sum(y)", "import tensorflow as tf")],
        "reduce_sum",
    ),
    "first name for the second": (
        ["tf.math.reduce_sum"],
        [f("return tf.reduce_sum(y)", "import tensorflow as tf")],
        "reduce_sum",
    ),
    "star": (["np.mean"], ["from numpy import *", f("return mean(y)")], "np.mean"),
    "star of what is not here": (
        ["tf.keras.losses"],
        ["from tensorflow.keras.losses import *", f("return MSE(y, p)")],
        "MSE",
    ),
    "getattr": (["np.mean"], [NUMPY, f("return getattr(np, 'mean')(y)")], "np.mean"),
    "getattr of a value": (["np.mean"], [f("return getattr(y, 'mean')()")], ".mean()"),
    "import_module": (
        ["np.mean"],
        [f("return import_module('numpy').mean(y)", "from importlib import import_module")],
        "np.mean",
    ),
    "__import__": (["np.mean"], [f("return __import__('numpy').mean(y)")], "np.mean"),
    "sys.modules": (["np.mean"], [f("return sys.modules['numpy'].mean(y)", "import sys")], "np.mean"),
    "__dict__": (["np.mean"], [NUMPY, f("return np.__dict__['mean'](y)")], "np.mean"),
    "globals": (["sum"], ["def h(d): return sum(d)", f("return globals()['h'](y)")], "sum is used in h"),
    "from a dict": (["sum"], ["OPS = {'a': sum, 'b': max}", f("return OPS['a'](y)")], "sum"),
    "builtins": (["sum"], [f("return builtins.sum(y)", "import builtins")], "sum"),
    "own again": (["sum"], ["sum = sum", f("return sum(y)")], "sum"),
    "deleted name": (["sum"], ["sum = 3\ndel sum", f("return sum(y)")], "sum"),
    "own function": (["squares"], [SQUARES, f("return squares(y)")], "squares is used in mse"),
    "itself": (["mse"], [f("return mse(y[1:], p[1:])")], "mse is used in mse"),
    "bare name": (["softmax"], [f("return softmax(y)", "from scipy.special import softmax")], "scipy.special.softmax"),
    "whole package": (
        ["scipy"],
        [f("return softmax(y)", "from scipy.special import softmax")],
        "scipy.special.softmax",
    ),
    "for": (["loop"], [f("for d in y: pass\n    return 1")], "a loop (for) is used in mse: cell In [1], line 3"),
    "while": (["loop"], [f("while y: y = 0\n    return 1")], "a loop (while)"),
    "comprehension": (["loop"], [f("return [d for d in y]")], "a loop (comprehension)"),
    "generator": (["for"], [f("return sum(d for d in y)")], "a loop (comprehension)"),
    "loop of a helper": (["loop"], ["def h(d):\n    for one in d: pass", f("return h(y)")], "in h, which mse uses"),
    "behind a magic": (
        ["sum"],
        ["%%time\n%matplotlib inline\n!pip install x \\\n  y\nfiles = !ls\nsum?\n" + f("return sum(y)")],
        "line 9",
    ),
    "behind prompts": (["sum"], [">>> def mse(y, p):\n...     return sum(y)"], "cell In [1], line 2"),
    "indented as a whole": (["sum"], ["\n    x = 1\n    def mse(y, p):\n        return sum(y)"], "cell In [1], line 4"),
    "operator by its name": (["np.matmul"], [f("return operator.matmul(y, p)", "import operator")], "operator.matmul"),
    "closure": (
        ["sum"],
        ["def make():\n    def inner(y, p):\n        return sum(y)\n    return inner\nmse = make()"],
        "in inner",
    ),
    "decorated": (
        ["sum"],
        ["def d(g):\n    def h(*a): return sum(g(*a))\n    return h\n@d\ndef mse(y, p): return y"],
        "in h",
    ),
    "property": (
        ["sum"],
        ["class A:\n    @property\n    def t(self): return sum([1])", f("a = A(); return a.t")],
        "in t",
    ),
    "timed": (["sum"], ["def mse(y, p):\n    %time s = sum(y)\n    return s"], "line 2"),
    "beside broken code": (
        ["sum"],
        ["x = = 1\n@staticmethod\ndef g(: pass\n" + f("return sum(y)") + "\ny = ("],
        "line 6",
    ),
    "called by a package": (
        ["sum"],
        ["import keras\nclass N(keras.Model):\n    def call(self): return sum([1])", f("return N()")],
        "sum is used in call",
    ),
    "match": (["sum"], [f("match y:\n        case 1: return 1\n        case _: return sum(y)")], "line 5"),
    "async": (["sum"], ["async def mse(y, p):\n    return sum(y)"], "line 2"),
    "walrus": (["np.mean"], [NUMPY, f("return (m := np.mean)(y)")], "np.mean"),
}


@pytest.mark.parametrize("name", USED)
def test_a_use_of_what_is_forbidden_is_told_with_its_place(judge: Judge, name: str) -> None:
    forbid, cells, told = USED[name]
    verdict = judge(*cells, forbid=forbid)
    assert isinstance(verdict, Failed)
    assert verdict.mistake == f"uses_{forbid[0]}", "so that a class's page counts each by itself"
    assert told in verdict.because.en
    assert verdict.evidence is None
    assert verdict.hint is None, "the check's own is shown"


RIGHT: Mapping[str, tuple[list[str], list[str]]] = {
    "an own function of that name": (["sum"], ["def sum(d):\n    return d[0]", f("return sum(y)")]),
    "a parameter": (["sum"], ["def mse(y, p, sum=None):\n    return sum"]),
    "a local value": (["sum"], [f("sum = 0; sum += y[0]; return sum")]),
    "a value of the notebook": (["sum"], ["sum = 3", f("return y * sum")]),
    "a loop's name": (["sum"], [f("for sum in y: pass\n    return sum")]),
    "a name in a comprehension": (["max"], [f("return [max for max in y]")]),
    "a name of with": (["open"], [f("with y as open: return open")]),
    "another function's local name": (["sum"], ["def h(sum): return sum", f("return h(y)")]),
    "a comment": (["sum"], [f("return y  # sum(y)")]),
    "a text": (["sum"], [f('"""Like sum(y)."""\n    return "sum(y)"')]),
    "an unused import": (["np.mean"], ["from numpy import mean", f("return y")]),
    "an unused import inside": (["np.mean"], [f("from numpy import mean; return y")]),
    "a function that nobody calls": (["sum"], ["def h(d): return sum(d)", f("return y")]),
    "a nested one that nobody calls": (["sum"], [f("h = lambda d: sum(d); return y")]),
    "a method that nobody calls": (
        ["sum"],
        ["class A:\n    def s(self): return 1\n    def t(self): return sum([1])", f("return A().s()")],
    ),
    "a test below": (["sum"], [f("return y"), "assert mse([1], [1]) == sum([1])"]),
    "behind a return": (["sum"], [f("return y\n    return sum(y)")]),
    "behind if False": (["sum"], [f("if False: return sum(y)\n    return y")]),
    "an earlier one": (["sum"], [f("return sum(y)"), f("return y")]),
    "an annotation": (
        ["np.ndarray"],
        [NUMPY, "def mse(y: np.ndarray, p: np.ndarray) -> np.ndarray:\n    d: np.ndarray = y\n    return d"],
    ),
    "losses of one's own": (
        ["tf.keras.losses"],
        ["import keras\nclass N(keras.Model):\n    def call(self): return self.losses", f("return N()")],
    ),
    "losses of a history": (["tf.keras.losses"], [f("return history.losses[0]"), "history = y"]),
    "the package for something else": (["tf.keras.losses"], ["import tensorflow as tf", f("return tf.reduce_mean(y)")]),
    "a like name": (["np.mean"], [NUMPY, f("return np.meanwhile(y)")]),
    "another package's": (["np.sum"], ["import tensorflow as tf", f("return tf.reduce_sum(y)")]),
    "the builtin for numpy's": (["np.sum"], [f("return sum(y)")]),
    "numpy's for the builtin": (["sum"], [NUMPY, f("return np.sum(y)")]),
    "the method for the builtin": (["sum"], [f("return y.sum()")]),
    "numpy's by a star": (["sum"], ["from numpy import *", f("return sum(y)")]),
    "an own method of that name": (
        ["np.mean"],
        ["class A:\n    def mean(self): return 1", f("a = A(); return a.mean()")],
    ),
    "an attribute of one's own": (
        ["np.mean"],
        ["class A:\n    def __init__(self): self.mean = 1\n    def go(self): return self.mean", f("return A().go()")],
    ),
    "many steps": (
        ["np.sum"],
        [f("y = y.reshape(-1); y = y.astype(float); y = y / 2; y = y.T; y = y[0]; y = y + y.T; return y")],
    ),
    "a loop above": (["loop"], ["x = [d for d in range(3)]\nfor d in x: pass", f("return x")]),
    "no loop": (["loop"], [NUMPY, f("return np.add.reduce((y - p) ** 2) / y.size")]),
    "while for a for": (["while"], [f("for d in y: pass\n    return y")]),
    "what there is": (
        ["sum"],
        ["import sys", f("return 1 if 'google.colab' in sys.modules or 'x' in globals() else y")],
    ),
    "a model's eval": (["np.mean"], [f("model.eval(); return model.compile(y)"), "model = 1"]),
    "a compiled pattern": (["np.mean"], ["import re", f("return re.compile('a')")]),
    "getattr of a value": (["np.mean"], [NUMPY, f("return getattr(y, p)")]),
    "a value made above": (["np.sum"], [NUMPY + "\nN = np.sum([1, 2])", f("return y / N")]),
    "eval where nothing uses it": (["sum"], ["eval('1')", f("return y")]),
    "a cell that did not run": (["sum"], [f("return y"), "x = = 1\n" + f("return sum(y)")]),
    "a sum of many terms": (["sum"], [f("return " + " + ".join(["y"] * 600))]),
    "a long text": (["sum"], [f"x = '{'a' * 150_000}'", f("return y")]),
    "the try of another package": (
        ["np.mean"],
        ["try:\n    import cupy as np\nexcept ImportError:\n    import numpy as np", f("return np.sum(y)")],
    ),
    "torch's eval": (["sum"], ["import torch", f("torch.no_grad(); return y.eval()")]),
}


@pytest.mark.parametrize("name", RIGHT)
def test_what_is_not_used_is_not_held_against_anybody(judge: Judge, name: str) -> None:
    forbid, cells = RIGHT[name]
    verdict = judge(*cells, forbid=forbid)
    assert verdict == Passed(), verdict


REQUIRED: Mapping[str, tuple[list[str], list[str]]] = {
    "called": (["squares"], [SQUARES, f("return squares(y)")]),
    "handed on": (["squares"], [SQUARES, f("return map(squares, y)")]),
    "by a helper": (["squares"], [SQUARES, "def h(d): return squares(d)", f("return h(y)")]),
    "by another name": (["squares"], [SQUARES + "\nsq = squares", f("return sq(y)")]),
    "from a list": (["squares"], [SQUARES, "STEPS = [squares, abs]", f("for s in STEPS: y = s(y)\n    return y")]),
    "from a helper file": (["squares"], ["from helper import squares", f("return squares(y)")]),
    "from a file that was run": (["squares"], ["%run helpers.ipynb", f("return squares(y)")]),
    "as a method": (["squares"], ["class A:\n    def squares(self, d): return d", f("return A().squares(y)")]),
    "lambda": (["squares"], ["squares = lambda d: d ** 2", f("return squares(y)")]),
    "partial": (["squares"], [SQUARES, "import functools\nh = functools.partial(squares)", f("return h(y)")]),
    "numpy": (["np.sum"], [NUMPY, f("return np.sum(y)")]),
    "method": (["np.sum"], [f("return y.sum()")]),
    "operator": (["np.matmul"], [f("return y @ p")]),
    "builtin": (["sum"], [f("return sum(y)")]),
    "own in place of the builtin": (["sum"], ["def sum(d): return d", f("return sum(y)")]),
    "recursion": (["mse"], [f("return mse(y[1:], p)")]),
    "loop": (["loop"], [f("for d in y: pass\n    return y")]),
    "beside eval": (["squares"], [SQUARES, f("return eval('1') * squares(y)")]),
    "below": (["tf.keras.layers"], ["import tensorflow as tf", f("return tf.keras.layers.Dense(3)")]),
    "two": (["squares", "np.sum"], [NUMPY, SQUARES, f("return np.sum(squares(y))")]),
}


@pytest.mark.parametrize("name", REQUIRED)
def test_what_is_required_is_seen_however_it_is_called(judge: Judge, name: str) -> None:
    require, cells = REQUIRED[name]
    verdict = judge(*cells, require=require)
    assert verdict == Passed(), verdict


NOT_CALLED: Mapping[str, tuple[list[str], list[str], str]] = {
    "never": (["squares"], [SQUARES, f("return y ** 2")], "squares is not called by mse (cell In [2])"),
    "not there": (["squares"], [f("return y ** 2")], "squares is not called by mse"),
    "mentioned": (["squares"], [SQUARES, f("return y ** 2  # squares(y)")], "squares is not called"),
    "behind a return": (["squares"], [SQUARES, f("return y\n    squares(y)")], "squares is not called"),
    "hidden by a name": (["squares"], [SQUARES, f("squares = y; return squares")], "squares is not called"),
    "one of two": (["squares", "np.sum"], [NUMPY, SQUARES, f("return squares(y)")], "np.sum is not called"),
    "loop": (["loop"], [f("return y")], "mse has no loop (cell In [1])"),
}


@pytest.mark.parametrize("name", NOT_CALLED)
def test_what_is_required_and_not_called_is_told(judge: Judge, name: str) -> None:
    require, cells, told = NOT_CALLED[name]
    verdict = judge(*cells, require=require)
    assert isinstance(verdict, Failed)
    assert verdict.mistake == f"without_{require[-1]}"
    assert told in verdict.because.en


NOT_SEEN: Mapping[str, tuple[list[str], str]] = {
    "eval": (
        [f("return eval('sum(y)')")],
        "eval in mse hides what is called, so it cannot be judged: cell In [1], line 3",
    ),
    "exec": ([f("exec('z = sum(y)'); return 1")], "exec in mse"),
    "in a helper": (["def h(d): return eval('d')", f("return h(y)")], "eval in h"),
    "__import__": ([f("return __import__(y).mean(p)")], "__import__ in mse"),
    "import_module": ([f("return importlib.import_module(y).mean(p)", "import importlib")], "import_module in mse"),
    "getattr": ([NUMPY, f("return getattr(np, y)(p)")], "getattr in mse"),
    "globals": ([f("return globals()[y](p)")], "globals in mse"),
    "handed on": ([f("return map(eval, y)")], "eval in mse"),
    "get_ipython": ([f("get_ipython().run_cell('x'); return 1")], "get_ipython in mse"),
    "another file's": (["from helper import mse"], "mse comes from helper.mse (cell In [1], line 1)"),
}


@pytest.mark.parametrize("name", NOT_SEEN)
def test_where_nobody_can_see_what_is_called_that_is_told_and_refused(judge: Judge, name: str) -> None:
    cells, told = NOT_SEEN[name]
    verdict = judge(*cells, forbid=["sum"])
    assert isinstance(verdict, Failed)
    assert verdict.mistake == "code_not_seen"
    assert told in verdict.because.en


HUGE: Mapping[str, str] = {
    "deep": f("return " + "(" * 150 + "y" + ")" * 150),
    "too deep": f("return " + "-" * 100_000 + "y"),
    "calls": f("return y" + "()" * 2000),
    "lambdas": f("return " + "lambda: " * 500 + "y"),
    "long": "a = b\n" * 60_000 + f("return y"),
    "a knot": "def mse(y, p):\n"
    + "\n".join(f"    a{n} = [z for z in a{n}] or a{n - 1} or a{n + 1}" for n in range(800))
    + "\n    return a5",
    "classes": "\n".join(f"class A{n}(A{(n + 1) % 40}, A{(n + 2) % 40}): pass" for n in range(40)) + f("return A1().x"),
    "no text": "\0" + f("return y"),
    "a knot of aliases": "\n".join(f"a{n} = a{n + 1} if 1 > 0 else a{n + 2}" for n in range(3000)) + f("return a0(y)"),
    "names": "\n".join("x = x" for _ in range(20_000)) + f("return x"),
}


@pytest.mark.parametrize("name", HUGE)
def test_no_code_is_too_much_for_the_grader(judge: Judge, name: str) -> None:
    verdict = judge(HUGE[name], forbid=["sum"], require=["squares"])
    assert isinstance(verdict, Failed)


@pytest.mark.parametrize(
    ("cells", "kind", "told"),
    [
        ([NUMPY], Failed, "the notebook defines no function named mse"),
        ([STUB], Untouched, "not written yet"),
        (["def mse(y, p):\n    pass"], Failed, "mse does nothing yet"),
        ([f"class A:\n    {SQUARES}", "def MSE(y, p): return y"], Failed, "it has MSE"),
        (["class Losses:\n    def mse(self, y): return y"], Failed, "inside the class Losses"),
    ],
)
def test_a_function_that_is_missing_or_not_written_is_told_as_for_other_checks(
    judge: Judge, cells: list[str], kind: type, told: str
) -> None:
    verdict = judge(*cells, forbid=["sum"])
    assert isinstance(verdict, kind)
    assert isinstance(verdict, Failed | Untouched)
    assert told in verdict.because.en


def test_what_a_cell_did_not_come_to_does_not_count(judge: Judge) -> None:
    cells = [f("return y"), "print(nothing)\n" + f("return sum(y)")]
    stop = CellStopped(Place(2, 1), "raised", "NameError", "name 'nothing' is not defined")
    assert judge(*cells, stops=[stop], forbid=["sum"]) == Passed()
    assert isinstance(judge(*cells, forbid=["sum"]), Failed)
    broken = CellStopped(Place(2, 1), "raised", "SyntaxError", "invalid syntax")
    assert judge(*cells, stops=[broken], forbid=["sum"]) == Passed()


def test_every_sentence_is_said_in_both_languages(judge: Judge) -> None:
    told = [
        *(judge(*cells, forbid=forbid) for forbid, cells, _ in USED.values()),
        *(judge(*cells, require=require) for require, cells, _ in NOT_CALLED.values()),
        *(judge(*cells, forbid=["sum"]) for cells, _ in NOT_SEEN.values()),
    ]
    for verdict in told:
        assert isinstance(verdict, Failed)
        assert any("\u4e00" <= character <= "\u9fff" for character in verdict.because.zh_tw), verdict.because.en


# The whole way ------------------------------------------------------------------------------------------------------

NOTEBOOKS: Mapping[str, list[str]] = {
    "good": [NUMPY, SQUARES, BY_HAND],
    "mean": [NUMPY, SQUARES, f("return np.mean(squares(y - p))")],
    "sum_not_mean": [NUMPY, SQUARES, f("return np.add.reduce(squares(y - p))")],
    "loop": [NUMPY, "def squares(d):\n    return np.array([x * x for x in d])", BY_HAND],
    "wrong_loop": [NUMPY, "def squares(d):\n    return np.array([x for x in d])", BY_HAND],
    "missing": [NUMPY],
    "stub": [NUMPY, STUB.replace("mse(y, p)", "squares(d)"), STUB],
}


@pytest.fixture(scope="module")
def handed_in(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("handed in")
    for name, sources in NOTEBOOKS.items():
        cells: list[dict[str, object]] = [
            {"cell_type": "code", "metadata": {}, "execution_count": None, "outputs": [], "source": one}
            for one in sources
        ]
        form = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
        (folder / f"{name}.ipynb").write_text(json.dumps(form), "utf-8")
    return folder


def checks_of(record: Record) -> dict[str, CheckPart]:
    return {f"{task.name}.{check.name}": check for task in record.tasks for check in task.checks}


@pytest.mark.kernel
def test_a_class_is_graded_by_what_functions_call(
    grade: Callable[..., Said], course_by_hand: Path, handed_in: Path, tmp_path: Path
) -> None:
    said = grade("hand", handed_in, "--course", course_by_hand, "--output", tmp_path / "out", "--seed", 1)
    assert said.status == 0
    records = {name: load_record(tmp_path / f"out/{name}.json") for name in NOTEBOOKS}
    verdicts = {
        name: {place: (check.verdict, check.mistake) for place, check in checks_of(record).items()}
        for name, record in records.items()
    }
    assert records["good"].is_full
    passed = ("passed", None)
    assert verdicts["mean"] == {
        "mse.values": passed,
        "mse.by_hand": ("failed", "uses_np.mean"),
        "squares.vectorised": passed,
    }
    assert verdicts["sum_not_mean"]["mse.values"][0] == "failed"
    assert verdicts["sum_not_mean"]["mse.by_hand"] == passed
    assert verdicts["loop"]["squares.vectorised"] == ("failed", "uses_loop"), "right answers, by a loop"
    assert verdicts["loop"]["mse.by_hand"] == ("failed", "uses_loop"), "the loop of a function that it uses"
    assert verdicts["wrong_loop"]["squares.vectorised"][1] != "uses_loop", "its answers come first"
    assert {verdict for verdict, _ in verdicts["stub"].values()} == {"not_attempted"}
    assert {mistake for _, mistake in verdicts["missing"].values()} == {"not_defined"}
    told = checks_of(records["mean"])["mse.by_hand"]
    assert told.hint is not None
    assert told.hint.en == "Which function has done half of it?"
    assert (told.questions, told.agreed, told.evidence) == (0, 0, None)


@pytest.mark.kernel
def test_a_kit_says_what_functions_call_and_grades_by_it(
    grade: Callable[..., Said], course_by_hand: Path, handed_in: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert grade("release", "hand", "--course", course_by_hand, "--output", tmp_path / "given").status == 0
    kit = json.loads((tmp_path / "given/hand.kit.json").read_text("utf-8"))
    checks = kit["rubric"]["tasks"]["mse"]["checks"]
    assert checks["by_hand"]["calls"]["require"] == ["squares"]
    assert "questions" not in checks["by_hand"]
    monkeypatch.chdir(tmp_path / "given")
    (tmp_path / "given/hand.ipynb").write_bytes((handed_in / "mean.ipynb").read_bytes())
    said = grade("hand", "hand.ipynb", "--lang", "en")
    assert said.status == 1
    assert "public questions: 2 of 2; of the code: 0 of 1" in said.out
    assert "np.mean is used in mse: cell In [3], line 3" in said.out
    (tmp_path / "given/hand.ipynb").write_bytes((handed_in / "good.ipynb").read_bytes())
    assert grade("hand", "hand.ipynb").status == 0


@pytest.mark.kernel
def test_a_live_session_is_told_what_its_functions_call(course_by_hand: Path) -> None:
    sources = {
        "load": f"%load_ext grader\n{NUMPY}",
        "squares": SQUARES,
        "mean": f("return np.mean(squares(y - p))"),
        "asked": "%grade mse --lang en",
        "mend": BY_HAND,
        "again": "%grade mse --lang en",
        "lab": "%grade hand --lang en",
    }
    session = new_notebook(cells=[new_code_cell(source) for source in sources.values()])
    NotebookClient(session, timeout=120, resources={"metadata": {"path": str(course_by_hand)}}).execute()
    told = {
        name: "".join(one["data"]["text/plain"] for one in cell.outputs)
        for name, cell in zip(sources, session.cells, strict=True)
    }
    assert "np.mean is used in mse: cell In [3], line 3" in told["asked"]
    assert "10 of 10 points" in told["again"]
    assert "20 of 20 points" in told["lab"]
