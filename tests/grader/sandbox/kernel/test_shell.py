"""What cannot work while grading costs its statement only; places are those of the notebook as the student sees it."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from grader.model import Cell, Limits, OverLimit, Question, Raised, Refusal, Returned, Run, Submission
from grader.sandbox.pool import single_runner
from grader.sandbox.runner import Runner, RunSpec

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = [
    pytest.mark.kernel,
    pytest.mark.skipif(sys.platform != "linux", reason="what is refused depends on the wall, and this is Linux's"),
]

LIMITS = Limits(cell_seconds=120, call_seconds=60, submission_seconds=600)

GOES_ON = "reached = 1"


@pytest.fixture(scope="module")
def runner() -> Iterator[Runner]:
    with single_runner(packages=["numpy"]) as running:
        yield running


def run(runner: Runner, *sources: str, limits: Limits = LIMITS) -> Run:
    """Run cells; one of them defines `told`, which is asked."""
    cells = tuple(Cell(number, source) for number, source in enumerate(sources, start=1))
    submission = Submission("s001", Path("s001.ipynb"), cells, "")
    return runner.run(submission, RunSpec(questions=(Question("told", "it", ()),), limits=limits))


def passed(found: Run) -> list[tuple[int, int | None, str, str]]:
    return [(one.place.cell, one.place.line, one.refusal.what, one.refusal.name) for one in found.passed_over]


def refused(found: Run) -> Refusal | None:
    [seen] = found.observations
    assert isinstance(seen, Raised), seen
    return seen.refused


SET_UP = [
    ("!pip install -q numpy", "program", ""),
    ("!nvidia-smi", "program", ""),
    ("%pip install numpy", "program", ""),
    ("%conda install numpy", "magic", "%conda install numpy"),
    ("%load_ext nb_black_as_it_was", "magic", "%load_ext nb_black_as_it_was"),
    ("%cd /content/drive/MyDrive", "file", "/content/drive/MyDrive"),
    ("%tensorflow_version 2.x", "magic", "%tensorflow_version 2.x"),
    ("%matplotlib widget", "magic", "%matplotlib widget"),
    ("%run preparations.py", "file", "preparations.py"),
    ("%debug", "debugger", ""),
    ("files = !ls", "program", ""),
    ("get_ipython().system('git clone https://example.com/x')", "program", ""),
    ("from google.colab import drive", "package", "google.colab"),
    ("from google.colab.patches import cv2_imshow", "package", "google.colab"),
    ("from kaggle_secrets import UserSecretsClient", "package", "kaggle_secrets"),
    ("import seaborn as pd", "package", "seaborn"),
    ("import torch.nn as nn", "package", "torch"),
    ("from sklearn import *", "package", "sklearn"),
    ("import importlib; importlib.import_module('seaborn')", "package", "seaborn"),
    ("import winreg", "package", "winreg"),
    ("from utils import *", "file", "utils.py"),
    ("import my_own_helpers", "file", "my_own_helpers.py"),
    ("from lab01 import mse", "file", "lab01.py"),
    ("from dnn_app_utils_v2 import sigmoid, relu", "file", "dnn_app_utils_v2.py"),
    ("from testCases import *", "file", "testCases.py"),
    ("import ipdb", "package", "ipdb"),
    ("from google.auth import default", "package", "google.auth"),
    ("import kagglehub", "package", "kagglehub"),
    ("name = input('your name? ')", "keyboard", ""),
    ("import getpass; word = getpass.getpass()", "keyboard", ""),
    ("breakpoint()", "debugger", ""),
    ("import pdb; pdb.set_trace()", "debugger", ""),
    ("import subprocess; subprocess.run(['pip', 'install', 'x'])", "program", ""),
    ("import os; os.system('pip install x')", "program", ""),
    ("import os; os.popen('ls').read()", "program", ""),
    ("import os; os.fork()", "program", ""),
    ("import multiprocessing as mp\npool = mp.Pool(2)", "program", ""),
    ("import urllib.request as u\nu.urlretrieve('https://example.com/a.csv', 'a.csv')", "network", ""),
    ("import socket\nhere = socket.create_connection(('example.com', 80))", "network", ""),
    ("import socket\nhere = socket.gethostbyname('example.com')", "network", ""),
    ("import http.client\nhttp.client.HTTPSConnection('example.com').request('GET', '/')", "network", ""),
    ("open('/content/drive/MyDrive/a.csv')", "file", "/content/drive/MyDrive/a.csv"),
    ("open('/content/a.csv', 'w')", "file", "/content/a.csv"),
    ("import os; os.chdir('/content')", "file", "/content"),
    ("import numpy\nnumpy.loadtxt('/content/a.csv')", "file", "/content/a.csv"),
    ("import numpy\nnumpy.load('not_handed_in.npy')", "file", "not_handed_in.npy"),
    ("import multiprocessing as mp\nmp.Process(target=print).join()", "program", ""),
    ("import sqlite3\ndata = sqlite3.connect('/content/x.db')", "file", ""),
    ("import tkinter\nroot = tkinter.Tk()", "screen", ""),
    ("import shutil\nshutil.unpack_archive('data.zip', '.')", "file", "data.zip"),
    ("import locale\nlocale.setlocale(locale.LC_ALL, 'zh_TW.UTF-8')", "language", ""),
    ("import matplotlib.pyplot as plt\nplt.switch_backend('Qt5Agg')", "screen", ""),
    ("get_ipython().magic('matplotlib widget')", "magic", "%matplotlib widget"),
    ("import os; os.environ['COLAB_TPU_ADDR']", "variable", "COLAB_TPU_ADDR"),
]


@pytest.fixture(scope="module")
def all_set_up(runner: Runner) -> Run:
    """Run every line of set-up in a cell of its own, with more of the cell behind it."""
    cells = [f"{line}\nreached_{number} = 1" for number, (line, _, _) in enumerate(SET_UP, start=1)]
    names = " + ".join(f"reached_{number}" for number in range(1, len(SET_UP) + 1))
    return run(runner, *cells, f"told = lambda: {names}")


def test_the_rest_of_a_cell_is_run_behind_a_line_of_set_up(all_set_up: Run) -> None:
    [seen] = all_set_up.observations
    assert all_set_up.cells == ()
    assert isinstance(seen, Returned), seen
    assert seen.value == len(SET_UP)


@pytest.mark.parametrize("number", range(1, len(SET_UP) + 1), ids=[line.splitlines()[-1] for line, _, _ in SET_UP])
def test_a_line_of_set_up_is_told_with_its_place_and_what_was_refused(all_set_up: Run, number: int) -> None:
    line, what, name = SET_UP[number - 1]
    assert [one for one in passed(all_set_up) if one[0] == number] == [(number, len(line.splitlines()), what, name)]


@pytest.mark.parametrize(
    ("cell", "what"),
    [
        ("%%bash\nls", "program"),
        ("%%sh\npip install x", "program"),
        ("%%R\nx <- 1", "magic"),
        ("%%cython\ncdef int x", "magic"),
        ("%%debug\nx = 1", "debugger"),
        ("%%writefile /content/x.py\nx = 1", "file"),
    ],
)
def test_a_cell_for_another_program_is_passed_over_whole(runner: Runner, cell: str, what: str) -> None:
    found = run(runner, cell, "told = lambda: 1")
    assert found.cells == ()
    assert [(cell, line, kind) for cell, line, kind, _ in passed(found)] == [(1, 1, what)]


OWN = [
    ("import nmupy", "ModuleNotFoundError"),
    ("import no_such_package", "ModuleNotFoundError"),
    ("import maths", "ModuleNotFoundError"),
    ("from tensorfow import keras", "ModuleNotFoundError"),
    ("from numpy import no_such_name", "ImportError"),
    ("import numpy.no_such_part", "ModuleNotFoundError"),
    ("undefined", "NameError"),
    ("1 / 0", "ZeroDivisionError"),
    ("[][0]", "IndexError"),
    ("{}['a']", "KeyError"),
    ("output = []\noutput[0]", "IndexError"),
    ("%cd /content\nimport nmupy", "ModuleNotFoundError"),
    ("raise ImportError('pip install seaborn')", "ImportError"),
    ("raise FileNotFoundError('a.csv')", "FileNotFoundError"),
    ("raise EOFError", "EOFError"),
    ("open('.')", "IsADirectoryError"),
    ("%timeit -n1 -r1 undefined", "NameError"),
    ("%time 1 / 0", "ZeroDivisionError"),
    ("%%time\n1 / 0", "ZeroDivisionError"),
    ("%%capture\n1 / 0", "ZeroDivisionError"),
    ("try:\n    import seaborn\nexcept ImportError:\n    undefined", "NameError"),
    ("try:\n    open('/content/x')\nexcept OSError as error:\n    raise ValueError from error", "ValueError"),
]


@pytest.mark.parametrize(("cell", "kind"), OWN, ids=[cell for cell, _ in OWN])
def test_an_error_of_the_students_own_stops_its_cell_as_in_jupyter(runner: Runner, cell: str, kind: str) -> None:
    found = run(runner, f"{cell}\nreached = 1", "told = lambda: reached")
    assert [stop.kind for stop in found.cells] == [kind]
    assert [one.place.line for one in found.passed_over if one.refusal.name != "/content"] == []
    [seen] = found.observations
    assert isinstance(seen, Raised)
    assert seen.kind == "NameError"


MEANINGS = {
    "an import that is tried": "try:\n    import google.colab\n    told = lambda: 0\nexcept ImportError:\n    "
    "told = lambda: 1",
    "a module of two": "import seaborn, math\ntold = lambda: math.cos(0)",
    "lines with semicolons": "import seaborn as pd; pd.set_option('x', 1); import math; told = lambda: math.cos(0)",
    "a block": "if True:\n    !pip install x\n    import seaborn as sns\n    sns.set()\n    told = lambda: 1",
    "another block": "if False:\n    pass\nelse:\n    %matplotlib widget\n    told = lambda: 1",
    "a remedy": "try:\n    import seaborn\nexcept ImportError:\n    !pip install seaborn\n    import seaborn\n"
    "told = lambda: 1",
    "a function that prepares": (
        "def prepare():\n    from google.colab import drive\n    drive.mount('/content')\nprepare()\ntold = lambda: 1"
    ),
    "a future import": "from __future__ import annotations\nimport seaborn as s\ndef told(x: s.NA = 1):\n    return x",
    "a type that is missing": "import torch, numpy as np\ndef told(x: torch.Tensor | None = None) -> np.array:\n"
    "    return 2 if isinstance(x, (torch.Tensor, np.ndarray)) else 1",
    "an await": "import asyncio\nimport seaborn\nawait asyncio.sleep(0)\ntold = lambda: 1",
    "the output of a command": "files = !ls\nnumber = len(files)\nfirst = files[0]\ntold = lambda: 1 + number",
    "a module of the same name": "import numpy as np\nimport cupy as np\ntold = lambda: np.cos(0)",
    "a shown value": "21\ntold = lambda: Out.get(1, 1)",
    "a package that was to be installed": "!pip install -q 'some-package[all]==1'\nimport some_package\n"
    "told = lambda: 1",
    "a module of a folder elsewhere": "import sys\nsys.path.append('/content/drive')\nfrom utils_of_mine import f\n"
    "told = lambda: 1",
    "a module that was to be downloaded": "!wget -q https://example.com/drawing_of_theirs.py\n"
    "import drawing_of_theirs\ntold = lambda: 1",
    "a module that was to be cloned": "!git clone https://example.com/x/y-tools.git\n%cd y-tools\n"
    "from tools_of_theirs import f\ntold = lambda: 1",
    "a version": "import seaborn as pd\nprint(pd.__version__)\nassert pd.__version__ > '1'\ntold = lambda: 1",
    "a loop": "for name in ('a', 'b'):\n    !pip install {name}\ntold = lambda: 1",
    "a last line": "told = lambda: 1\nimport seaborn as pd\npd.DataFrame()",
}


@pytest.mark.parametrize("cell", MEANINGS.values(), ids=MEANINGS)
def test_a_cell_keeps_its_meaning_around_what_is_refused(runner: Runner, cell: str) -> None:
    found = run(runner, cell)
    [seen] = found.observations
    assert found.cells == ()
    assert isinstance(seen, Returned), seen
    assert seen.value == 1


USES = {
    "import seaborn as pd\ntold = lambda: pd.Series([1]).mean()": Refusal("package", "seaborn"),
    "from statsmodels.special import softmax as told": Refusal("package", "statsmodels"),
    "import torch\ntold = lambda: torch": Refusal("package", "torch"),
    "files = 1\nfrom google.colab import files\nup = files.upload()\ntold = lambda: up + 1": Refusal(
        "package", "google.colab"
    ),
    "import utils as u\ntold = lambda: u.entropy(1)": Refusal("file", "utils.py"),
    "from torch import *\ntold = lambda: tensor_of_mine([1])": Refusal("package", "torch"),
    "import numpy as np\nx = np.load('/x.npy')\nm = x.mean()\ntold = lambda: np.exp(m)": Refusal("file", "/x.npy"),
    "def told():\n    from google.colab import drive": Refusal("package", "google.colab"),
    "def told():\n    return float(input('?'))": Refusal("keyboard"),
    "import getpass\ndef told():\n    return getpass.getpass()": Refusal("keyboard"),
    "def told():\n    breakpoint()\n    return 1": Refusal("debugger"),
    "def told():\n    import pdb; pdb.set_trace()\n    return 1": Refusal("debugger"),
    "def told():\n    import subprocess\n    return subprocess.check_output('ls')": Refusal("program"),
    "def told():\n    import urllib.request\n    return urllib.request.urlopen('http://example.com')": Refusal(
        "network"
    ),
    "def told():\n    return open('/content/x')": Refusal("file", "/content/x"),
    "def told():\n    open('/content/x', 'w')": Refusal("file", "/content/x"),
    "import numba\n@numba.njit\ndef told():\n    return 1": Refusal("package", "numba"),
    "import torch.nn as nn\nclass Net(nn.Module):\n    pass\ntold = lambda: Net()": Refusal("package", "torch"),
}


@pytest.mark.parametrize(("cell", "refusal"), USES.items(), ids=USES)
def test_what_uses_what_was_refused_says_so_later(runner: Runner, cell: str, refusal: Refusal) -> None:
    assert refused(run(runner, cell)) == refusal


GPU = [
    "tf.config.experimental.set_memory_growth(gpus[0], True)",
    "tf.config.set_visible_devices(gpus[0], 'GPU')",
    "assert len(gpus) > 0, 'Not enough GPU hardware devices available'",
    "if not gpus:\n    raise SystemError('GPU device not found')",
    "tf.config.set_logical_device_configuration(\n    gpus[0],\n    [],\n)",
    "resolver = tf.distribute.cluster_resolver.TPUClusterResolver()",
]
LIBRARY = {
    "(x, y), _ = tf.keras.datasets.cifar10.load_data()": "network",
    "tf.keras.utils.get_file('x.txt', 'https://example.com/x.txt')": "network",
    "m = tf.keras.models.load_model('/content/m.keras')": "file",
    "m = tf.keras.models.load_model('/content/m.h5')": "file",
    "s = tf.io.read_file('/content/x.png')": "file",
    "import tensorflow_datasets as tfds": "package",
    "with tf.device('/GPU:0'):\n    tf.ones((2, 3)) @ tf.ones((2, 3))": None,
    "gpus.nothing": None,
    "from keras.utils import np_utils": None,
}


@pytest.mark.parametrize("last", ["print(mean(3))", "x = mean(3)"])
def test_what_a_function_of_another_cell_needs_is_passed_over_at_a_line_of_the_cell_that_calls_it(
    runner: Runner, last: str
) -> None:
    function = "import seaborn as pd\n\n\n\ndef mean(x):\n    y = x\n    return pd.mean(y)"
    found = run(runner, function, f"told = lambda: 1\n{last}")
    assert passed(found) == [(1, 1, "package", "seaborn"), (2, 2, "package", "seaborn")]


def test_a_bracket_that_is_open_at_the_end_of_a_cell_is_told_as_that_with_its_line(runner: Runner) -> None:
    found = run(runner, "told = lambda: 1", "x = 1\ny = max(x,\n   2\n")
    [stop] = found.cells
    assert (stop.place.line, stop.kind, stop.message.partition(" (")[0]) == (2, "SyntaxError", "'(' was never closed")


@pytest.mark.tensorflow
@pytest.mark.slow
def test_a_gpu_the_network_and_files_of_tensorflow_are_told_from_its_own_errors(runner: Runner) -> None:
    lines = {**dict.fromkeys(GPU, "device"), **LIBRARY}
    found = run(
        runner,
        "import tensorflow as tf\ngpus = tf.config.list_physical_devices('GPU')",
        *[f"{line}\nx = 1" for line in lines],
        "told = lambda: tf.ones((200000, 200000, 50))",
    )
    said = {one.place.cell: one.refusal.what for one in found.passed_over}
    assert [said.get(number) for number in range(2, len(lines) + 2)] == list(lines.values())
    assert {stop.place.cell for stop in found.cells} == {
        number for number, what in enumerate(lines.values(), start=2) if what is None
    }
    assert [type(seen) for seen in found.observations] == [OverLimit]


@pytest.mark.tensorflow
@pytest.mark.slow
def test_what_was_imported_before_the_fork_names_no_folder_of_another_process() -> None:
    cells = (
        "import tempfile\nwith tempfile.TemporaryDirectory() as folder:\n    open(folder + '/x', 'w').close()",
        "from tensorflow import keras\nkeras.Sequential([keras.Input((2,)), keras.layers.Dense(1)]).save('m.keras')",
        "m = keras.models.load_model('m.keras')",
        "(x, y), _ = keras.datasets.fashion_mnist.load_data()\nx = x / 255",
        "told = lambda: len(m.layers)",
    )
    with single_runner(packages=["numpy", "tensorflow"]) as running:
        found = run(running, *cells)
    assert passed(found) == [(4, 1, "network", ""), (4, 2, "network", "")]
    assert found.cells == ()
    assert [seen.value for seen in found.observations if isinstance(seen, Returned)] == [1]


def test_an_exception_that_cannot_be_looked_at_is_the_students_own(runner: Runner) -> None:
    source = (
        "class NotFoundError(OSError):\n    def __str__(self):\n        raise RuntimeError\n"
        "    filename = property(__str__)\ndef told():\n    raise NotFoundError\ntold()"
    )
    found = run(runner, source)
    assert len(found.cells) == 1
    assert refused(found) is None


def test_a_typing_error_is_no_name_of_a_missing_package(runner: Runner) -> None:
    assert refused(run(runner, "from torch import *\nsoftmax_of_rows = 1\ntold = lambda: sotfmax_of_rows")) is None


PLACES = {
    "%%capture out\n\n\ndef told():\n    x = 1\n    return x.none": 6,
    "%%time\ndef told():\n    return (1).none": 3,
    "\n\n%%time\n\ndef told():\n    return (1).none": 6,
    "%%capture\n%%time\ndef told():\n    return (1).none": 4,
    "%%prun\ndef told():\n    return (1).none": 3,
    "# a comment\n\n!ls\ndef told():\n    return (1).none": 5,
    "\n\n\n!ls\ndef told():\n    return (1).none": 6,
    "!pip install a \\\n    b \\\n    c\ndef told():\n    return (1).none": 5,
    "%matplotlib \\\n    widget\ndef told():\n    return (1).none": 4,
    "files = !ls \\\n    -l\ndef told():\n    return (1).none": 4,
    "def told():\n    x = 1\n    !ls\n    return x.none": 4,
    "def told():\n    return max(\n        1,\n        (2).none,\n    )": 4,
    "\n\ndef told():\n    return (1).none": 4,
    "  \n\ndef told(): return (1).none": 3,
}


@pytest.mark.parametrize(("cell", "line"), PLACES.items(), ids=PLACES)
def test_a_line_is_the_notebooks_whatever_stands_around_it(runner: Runner, cell: str, line: int) -> None:
    [seen] = run(runner, "x = 1", "%%capture\nx = 2", cell, "y = 3").observations
    assert isinstance(seen, Raised), seen
    assert seen.place is not None
    assert (seen.place.cell, seen.place.line) == (3, line)


STOPS = {
    "%%time\nx = 1\n\n1 / 0": 4,
    "%%capture\nx = 1\n1 / 0": 3,
    "%%timeit -n1 -r1\nx = 1\nx / 0": 3,
    "%%prun\nx = 1\nx / 0": 3,
    "%%time\nx = 1\nx = = 2": 3,
    "%%capture\nx = 1\nx = = 2": 3,
    "%%timeit -n1 -r1\nx = 1\nx = = 2": 3,
    "\n!ls\nx = = 2": 3,
    "x = 1\n%time x / 0": 2,
    "x = 1\nif x:\n    import seaborn\n    x / 0": 4,
    "x = (1 +\n     2 +\n     3 / 0)": 3,
}


@pytest.mark.parametrize(("cell", "line"), STOPS.items(), ids=STOPS)
def test_a_cell_stops_at_the_line_of_the_notebook(runner: Runner, cell: str, line: int) -> None:
    [stop] = run(runner, "%%capture\nx = 2", cell, "told = lambda: 1").cells
    assert (stop.place.cell, stop.place.line) == (2, line)


def test_a_function_of_another_cell_has_the_place_of_its_own(runner: Runner) -> None:
    [stop] = run(runner, "%%time\n\ndef f(x):\n    return x.none", "!ls\nf(1)", "told = lambda: 1").cells
    assert (stop.place.cell, stop.place.line) == (1, 4)


@pytest.mark.parametrize("mess", ["%reset -f", "get_ipython().execution_count = 1", "get_ipython().run_cell('x = 1')"])
def test_cells_are_counted_whatever_a_notebook_does_to_ipythons_count(runner: Runner, mess: str) -> None:
    [seen] = run(runner, "x = 1", mess, "def told():\n    return x.none", "x = 3").observations
    assert isinstance(seen, Raised)
    assert seen.place is not None
    assert (seen.place.cell, seen.place.line) == (3, 2)


@pytest.mark.parametrize(
    "end",
    [
        "quit()",
        "exit",
        "quit()\nreached = 1",
        "exit(0)",
        "import IPython\nIPython.Application.instance().kernel.do_shutdown(True)",
        "get_ipython().kernel.do_shutdown(restart=False)",
    ],
)
def test_a_notebook_that_quits_is_asked_all_the_same(runner: Runner, end: str) -> None:
    found = run(runner, end, "import time\ndef told():\n    time.sleep(0.4)\n    return 1")
    [seen] = found.observations
    assert isinstance(seen, Returned), seen
    assert found.cells == ()


def test_a_function_that_quits_ends_its_own_call_there(runner: Runner) -> None:
    [seen] = run(runner, "def told():\n    quit()\n    return 1").observations
    assert isinstance(seen, Raised), seen
    assert (seen.kind, seen.place and seen.place.line) == ("SystemExit", 2)


def test_ten_thousand_refusals_are_bounded(runner: Runner) -> None:
    found = run(runner, *["for i in range(1000):\n    !ls"] * 3, "\n".join(["open('/x')"] * 500), "told = lambda: 1")
    assert len(found.passed_over) <= 200
    assert found.cells == ()


def test_programs_that_a_lab_allows_are_started(runner: Runner) -> None:
    found = run(
        runner,
        "files = !echo a b\nimport os, subprocess\nx = os.system('true')\ny = subprocess.check_output(['echo', 'c'])\n"
        "def write(name):\n    !echo d > {name}_written.txt\nwrite('also')",
        "%%bash\necho hi > written.txt",
        "told = lambda: len(files) + (x == 0) + (y == b'c\\n') + os.path.exists('written.txt')"
        " + os.path.exists('also_written.txt')",
        limits=replace(LIMITS, processes=8),
    )
    [seen] = found.observations
    assert passed(found) == []
    assert isinstance(seen, Returned), seen
    assert seen.value == 5
