"""The labs that use MNIST, graded with the real test images: full marks, and the report names where they are from."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.conftest import Said

pytestmark = [pytest.mark.kernel, pytest.mark.tensorflow, pytest.mark.slow]


@pytest.fixture(scope="session")
def t10k(root: Path) -> Path:
    """Return the folder of MNIST's test set, two IDX files."""
    folder = root.parent / "shared" / "data" / "mnist-t10k"
    if not folder.is_dir():
        pytest.skip("the MNIST test set is not at shared/data/mnist-t10k beside the repository")
    return folder


@pytest.mark.parametrize(
    ("lab", "language", "note"),
    [
        ("corelab", "en", "MNIST: the files named with --data"),
        ("lab03", "zh-TW", "MNIST：使用 --data 指定的檔案"),
    ],
)
def test_a_solution_earns_100_on_real_mnist_and_the_report_names_it(
    grade: Callable[..., Said], root: Path, t10k: Path, tmp_path: Path, lab: str, language: str, note: str
) -> None:
    path = root / "reference/solutions" / f"{lab}.ipynb"
    said = grade(lab, path, "--data", t10k, "--output", tmp_path, "--lang", language)
    assert (said.status, said.err) == (0, "")
    record = json.loads((tmp_path / f"{lab}.json").read_text("utf-8"))
    assert (record["earned"], record["points"], record["cells"]) == (100, 100, [])
    assert record["notes"][0]["en"] == "MNIST: the files named with --data"
    assert note in said.out


def test_a_file_of_the_folder_will_do_as_well(
    grade: Callable[..., Said], notebook: Callable[..., Path], t10k: Path, tmp_path: Path
) -> None:
    path = notebook(
        "from tensorflow.keras.datasets import mnist\n"
        "(x_train, y_train), (x_test, y_test) = mnist.load_data()\n"
        "assert (x_train.shape, x_test.shape) == ((8571, 28, 28), (1429, 28, 28))\n"
        "assert y_train[:5].tolist() == [7, 2, 1, 0, 4]",
        "def mnist_mse(images):\n    return ((images[0] / 255 - images[1] / 255) ** 2).mean()",
    )
    said = grade("corelab", path, "--data", t10k / "t10k-images-idx3-ubyte.gz", "--output", tmp_path, "--lang", "en")
    assert said.status == 1, said.err
    record = json.loads((tmp_path / "s001.json").read_text("utf-8"))
    assert (record["earned"], record["cells"]) == (25, [])
    [check] = record["tasks"][0]["checks"]
    assert "read as: pixels divided by 255" in [note["en"] for note in check["notes"]]
