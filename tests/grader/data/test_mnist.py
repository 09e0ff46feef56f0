"""MNIST for the kernel: every form that a user may have it in, Keras' cache, drawn digits, and what is refused."""

from __future__ import annotations

import gzip
import io
import pickle
import struct
import zipfile
from pathlib import Path
from time import process_time
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grader.data.mnist import KEYS, Mnist, drawn_mnist, prepare_mnist, source_text
from grader.errors import LabError

if TYPE_CHECKING:
    from collections.abc import Callable

    from grader.model import Array

ROOT = Path(__file__).resolve().parents[3]
T10K = ROOT.parent / "shared" / "data" / "mnist-t10k"
FILES = ("train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte")


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make the user's home an empty folder, so that nobody's real cache is found."""
    folder = tmp_path / "home"
    folder.mkdir()
    monkeypatch.delenv("KERAS_HOME", raising=False)
    for name in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(name, str(folder))
    return folder


@pytest.fixture
def scratch(tmp_path: Path) -> Path:
    folder = tmp_path / "scratch"
    folder.mkdir()
    return folder


def some_images(count: int, seed: int) -> Array:
    images: Array = np.random.default_rng(seed).integers(0, 256, (count, 28, 28), np.uint8)
    return images


def some_labels(count: int) -> Array:
    return (np.arange(count) % 10).astype(np.uint8)


def some_mnist() -> dict[str, Array]:
    return {
        "x_train": some_images(30, 1),
        "y_train": some_labels(30),
        "x_test": some_images(12, 2),
        "y_test": some_labels(12),
    }


def idx(array: Array, magic: int | None = None) -> bytes:
    """Return an IDX file of uint8 as LeCun describes it: magic number, lengths, bytes, all big-endian."""
    magic = 0x0800 + array.ndim if magic is None else magic
    return struct.pack(f">{1 + array.ndim}i", magic, *array.shape) + array.tobytes()


def write_idx(folder: Path, arrays: dict[str, Array], *, packed: bool = False) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, key in zip(FILES, KEYS, strict=True):
        if key in arrays:
            content = idx(arrays[key])
            path = folder / (f"{name}.gz" if packed else name)
            path.write_bytes(gzip.compress(content) if packed else content)


def write_npz(path: Path, arrays: dict[str, Any], *, packed: bool = False) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    (np.savez_compressed if packed else np.savez)(path, **arrays)
    return path


def loaded(mnist: Mnist) -> dict[str, Array]:
    with np.load(mnist.path, allow_pickle=False) as data:
        return {key: data[key] for key in data.files}


def assert_same(observed: dict[str, Array], expected: dict[str, Array]) -> None:
    assert sorted(observed) == sorted(KEYS)
    for key in KEYS:
        np.testing.assert_array_equal(observed[key], expected[key], strict=True)


# What the user names


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("name", ["mnist.npz", "my digits.npz"])
def test_an_npz_file_is_used_as_it_is(tmp_path: Path, scratch: Path, name: str, *, packed: bool) -> None:
    path = write_npz(tmp_path / name, some_mnist(), packed=packed)
    mnist = prepare_mnist(path, scratch)
    assert mnist == Mnist("given", path.resolve())
    assert_same(loaded(mnist), some_mnist())
    assert list(scratch.iterdir()) == []


def test_the_path_of_an_npz_file_holds_wherever_the_kernel_works(
    tmp_path: Path, scratch: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_npz(tmp_path / "mnist.npz", some_mnist())
    monkeypatch.chdir(tmp_path)
    assert prepare_mnist(Path("mnist.npz"), scratch).path.is_absolute()
    assert prepare_mnist(Path(), scratch).path.is_absolute()


def test_a_folder_with_mnist_npz_is_mnist(tmp_path: Path, scratch: Path) -> None:
    write_npz(tmp_path / "data/mnist.npz", some_mnist())
    mnist = prepare_mnist(tmp_path / "data", scratch)
    assert mnist.source == "given"
    assert_same(loaded(mnist), some_mnist())


@pytest.mark.parametrize("packed", [False, True])
def test_four_idx_files_are_mnist(tmp_path: Path, scratch: Path, *, packed: bool) -> None:
    write_idx(tmp_path / "data", some_mnist(), packed=packed)
    mnist = prepare_mnist(tmp_path / "data", scratch)
    assert (mnist.source, mnist.path.parent) == ("given", scratch)
    assert_same(loaded(mnist), some_mnist())


def test_idx_files_gzipped_and_not_may_stand_side_by_side(tmp_path: Path, scratch: Path) -> None:
    arrays = some_mnist()
    write_idx(tmp_path / "data", {key: arrays[key] for key in KEYS[:2]}, packed=True)
    write_idx(tmp_path / "data", {key: arrays[key] for key in KEYS[2:]})
    assert_same(loaded(prepare_mnist(tmp_path / "data", scratch)), arrays)


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("keys", [KEYS[:2], KEYS[2:]])
def test_of_two_idx_files_the_last_seventh_serves_as_the_test_set(
    tmp_path: Path, scratch: Path, keys: tuple[str, str], *, packed: bool
) -> None:
    images, labels = some_images(70, 3), some_labels(70)
    write_idx(tmp_path / "data", dict(zip(keys, (images, labels), strict=True)), packed=packed)
    expected = dict(zip(KEYS, (images[:60], labels[:60], images[60:], labels[60:]), strict=True))
    assert_same(loaded(prepare_mnist(tmp_path / "data", scratch)), expected)


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("packed", [False, True])
def test_a_file_of_such_a_folder_stands_for_the_folder(
    tmp_path: Path, scratch: Path, name: str, *, packed: bool
) -> None:
    write_idx(tmp_path / "data", some_mnist(), packed=packed)
    mnist = prepare_mnist(tmp_path / "data" / (f"{name}.gz" if packed else name), scratch)
    assert_same(loaded(mnist), some_mnist())


def test_what_the_user_names_comes_before_the_cache(tmp_path: Path, scratch: Path, home: Path) -> None:
    write_npz(home / ".keras/datasets/mnist.npz", some_mnist() | {"x_test": some_images(12, 9)})
    write_idx(tmp_path / "data", some_mnist())
    assert_same(loaded(prepare_mnist(tmp_path / "data", scratch)), some_mnist())


def test_the_users_files_are_only_read(tmp_path: Path, scratch: Path) -> None:
    write_idx(tmp_path / "data", some_mnist(), packed=True)
    before = {path.name: path.read_bytes() for path in (tmp_path / "data").iterdir()}
    prepare_mnist(tmp_path / "data", scratch)
    assert {path.name: path.read_bytes() for path in (tmp_path / "data").iterdir()} == before


# Keras' cache, and nothing


def test_the_copy_in_keras_cache_is_found_in_the_home(scratch: Path, home: Path) -> None:
    path = write_npz(home / ".keras/datasets/mnist.npz", some_mnist())
    mnist = prepare_mnist(None, scratch)
    assert mnist == Mnist("keras", path.resolve())
    assert_same(loaded(mnist), some_mnist())


def test_keras_home_comes_before_the_home(
    tmp_path: Path, scratch: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_npz(home / ".keras/datasets/mnist.npz", some_mnist() | {"x_test": some_images(12, 9)})
    path = write_npz(tmp_path / "elsewhere/datasets/mnist.npz", some_mnist())
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "elsewhere"))
    assert prepare_mnist(None, scratch) == Mnist("keras", path.resolve())


def test_an_empty_keras_home_is_none(scratch: Path, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_npz(home / ".keras/datasets/mnist.npz", some_mnist())
    monkeypatch.setenv("KERAS_HOME", "")
    assert prepare_mnist(None, scratch).source == "keras"


def test_without_any_files_digits_are_drawn_in_the_shapes_and_dtypes_of_mnist(scratch: Path) -> None:
    began = process_time()
    mnist = prepare_mnist(None, scratch)
    assert process_time() - began < 4, "half a second on an idle computer"
    assert (mnist.source, mnist.path.parent) == ("drawn", scratch)
    assert {key: (array.shape, array.dtype.name) for key, array in loaded(mnist).items()} == {
        "x_train": ((60000, 28, 28), "uint8"),
        "y_train": ((60000,), "uint8"),
        "x_test": ((10000, 28, 28), "uint8"),
        "y_test": ((10000,), "uint8"),
    }


@pytest.fixture(scope="module")
def drawn() -> dict[str, Array]:
    """Return the digits that are drawn where there is no MNIST."""
    return drawn_mnist()


def test_drawn_digits_are_ten_classes_in_both_sets_and_the_same_every_time(drawn: dict[str, Array]) -> None:
    assert_same(drawn, drawn_mnist())
    for key, total in (("y_train", 60000), ("y_test", 10000)):
        counts = np.bincount(drawn[key])
        assert counts.shape == (10,)
        assert counts.min() > 0.08 * total
        assert counts.max() < 0.12 * total


def test_no_drawn_image_is_black_or_stands_twice_in_the_test_set(drawn: dict[str, Array]) -> None:
    for key in ("x_train", "x_test"):
        assert drawn[key].reshape(-1, 784).max(1).min() > 60
    assert len(np.unique(drawn["x_test"].reshape(-1, 784), axis=0)) > 9990


def test_the_drawn_training_and_test_images_are_alike(drawn: dict[str, Array]) -> None:
    arrays, places = drawn, np.arange(28)
    looks = []
    for images in (arrays["x_train"][:4000], arrays["x_train"][-4000:], arrays["x_test"][:1000], arrays["x_test"]):
        ink = images.astype(np.float64)
        mass = ink.sum((1, 2))
        looks.append(((ink.sum(2) @ places / mass).mean(), (ink.sum(1) @ places / mass).mean(), ink.mean()))
    down, right, grey = np.ptp(looks, axis=0)
    assert down < 0.25, "pixels"
    assert right < 0.25
    assert grey < 0.1 * looks[0][2]


def test_the_report_names_every_source_in_both_languages() -> None:
    texts = [source_text(source) for source in ("given", "keras", "drawn")]
    assert [text.en for text in texts] == [
        "MNIST: the files named with --data",
        "MNIST: the copy in Keras' cache",
        "MNIST: not found on this computer; digits drawn by the grader were used",
    ]
    assert len({text.zh_tw for text in texts} | {text.en for text in texts}) == 6


# What is no MNIST


def npz_bytes(arrays: dict[str, Any]) -> bytes:
    buffer = io.BytesIO()
    np.savez(buffer, **arrays)
    return buffer.getvalue()


def with_key(key: str, array: Any) -> Callable[[], bytes]:  # noqa: ANN401 (whatever stands in a file)
    return lambda: npz_bytes(some_mnist() | {key: array})


def without_key(key: str) -> Callable[[], bytes]:
    return lambda: npz_bytes({name: array for name, array in some_mnist().items() if name != key})


def an_array_alone() -> bytes:
    buffer = io.BytesIO()
    np.save(buffer, some_images(3, 1))
    return buffer.getvalue()


def a_zip_of(content: bytes, *, kind: int = zipfile.ZIP_STORED, ending: str = ".npy") -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", kind) as archive:
        for key in KEYS:
            archive.writestr(key + ending, content)
    return buffer.getvalue()


def damaged(content: bytes) -> bytes:
    """Return a packed file with its directory whole and its first member's bytes spoilt."""
    spoilt = bytearray(content)
    spoilt[60:160] = bytes(byte ^ 0x5A for byte in spoilt[60:160])
    return bytes(spoilt)


def packed_npz() -> bytes:
    buffer = io.BytesIO()
    arrays: dict[str, Any] = some_mnist()
    np.savez_compressed(buffer, **arrays)
    return buffer.getvalue()


BROKEN: dict[str, Callable[[], bytes]] = {
    "empty": lambda: b"",
    "a few bytes": lambda: b"PK\x03\x04",
    "a page of a proxy": lambda: b"<html>Sign in to the network</html>",
    "half of a download": lambda: npz_bytes(some_mnist())[:20_000],
    "all but its last byte": lambda: npz_bytes(some_mnist())[:-1],
    "spoilt bytes": lambda: damaged(npz_bytes(some_mnist())),
    "spoilt packed bytes": lambda: damaged(packed_npz()),
    "one array and no archive": an_array_alone,
    "an archive without arrays": lambda: a_zip_of(b"no array"),
    "an archive of text files": lambda: a_zip_of(b"no array", ending=""),
    "an archive with broken headers": lambda: a_zip_of(b"\x93NUMPY\x01\x00\x10\x00{'descr': '|u1',"),
    "pickled": lambda: pickle.dumps(some_mnist()),
    **{f"without {key}": without_key(key) for key in KEYS},
    "other keys": lambda: npz_bytes({"images": some_images(3, 1), "labels": some_labels(3)}),
    "images of float": with_key("x_train", some_images(30, 1).astype(np.float32)),
    "images of int64": with_key("x_test", some_images(12, 1).astype(np.int64)),
    "labels of int64": with_key("y_train", some_labels(30).astype(np.int64)),
    "labels of text": with_key("y_test", np.array(["7"] * 12)),
    "an image as an object": with_key("x_train", np.array([None] * 30)),
    "images of 32 by 32": with_key("x_train", np.zeros((30, 32, 32), np.uint8)),
    "flat images": with_key("x_test", some_images(12, 1).reshape(12, 784)),
    "images with a channel": with_key("x_train", some_images(30, 1)[..., np.newaxis]),
    "one image": with_key("x_train", some_images(1, 1)[0]),
    "an image of no axis": with_key("x_train", np.uint8(3)),
    "a label of no axis": with_key("y_train", np.uint8(3)),
    "one-hot labels": with_key("y_train", np.eye(10, dtype=np.uint8)[some_labels(30)]),
    "labels in a column": with_key("y_test", some_labels(12)[:, np.newaxis]),
    "fewer labels than training images": with_key("y_train", some_labels(29)),
    "fewer labels than test images": with_key("y_test", some_labels(11)),
    "no training images": lambda: npz_bytes(some_mnist() | {"x_train": some_images(0, 1), "y_train": some_labels(0)}),
    "no test images": lambda: npz_bytes(some_mnist() | {"x_test": some_images(0, 1), "y_test": some_labels(0)}),
    "a label of 10": with_key("y_train", np.full(30, 10, np.uint8)),
}


@pytest.mark.parametrize("name", list(BROKEN))
def test_a_broken_npz_that_the_user_names_is_refused(tmp_path: Path, scratch: Path, name: str) -> None:
    path = tmp_path / "mnist.npz"
    path.write_bytes(BROKEN[name]())
    with pytest.raises(LabError, match=r"holds no MNIST") as refusal:
        prepare_mnist(path, scratch)
    assert str(path) in refusal.value.text.en
    assert str(path) in refusal.value.text.zh_tw


@pytest.mark.parametrize("name", list(BROKEN))
def test_digits_are_drawn_for_a_broken_npz_in_the_cache(
    scratch: Path, home: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr("grader.data.mnist.drawn_mnist", some_mnist)  # fewer, to be quick
    cached = home / ".keras/datasets/mnist.npz"
    cached.parent.mkdir(parents=True)
    cached.write_bytes(BROKEN[name]())
    mnist = prepare_mnist(None, scratch)
    assert (mnist.source, mnist.path.parent) == ("drawn", scratch)
    assert_same(loaded(mnist), some_mnist())


@pytest.mark.parametrize("name", ["empty", "half of a download", "without y_test"])
def test_a_broken_npz_in_a_folder_is_refused(tmp_path: Path, scratch: Path, name: str) -> None:
    (tmp_path / "mnist.npz").write_bytes(BROKEN[name]())
    with pytest.raises(LabError, match="holds no MNIST"):
        prepare_mnist(tmp_path, scratch)


class Trap:
    """Writes a file when it is unpickled."""

    def __init__(self, file: Path) -> None:
        self.file = file

    def __reduce__(self) -> tuple[Any, ...]:
        return Path.touch, (self.file,)


@pytest.mark.parametrize("key", KEYS)
def test_pickled_objects_are_never_loaded(
    tmp_path: Path, scratch: Path, home: Path, monkeypatch: pytest.MonkeyPatch, key: str
) -> None:
    monkeypatch.setattr("grader.data.mnist.drawn_mnist", some_mnist)  # fewer, to be quick
    path = tmp_path / "mnist.npz"
    objects = np.empty(30, object)
    objects[0] = Trap(tmp_path / "sprung")
    arrays = some_mnist() | {key: objects}
    path.write_bytes(npz_bytes(arrays))
    with pytest.raises(LabError, match="holds no MNIST"):
        prepare_mnist(path, scratch)
    write_npz(home / ".keras/datasets/mnist.npz", arrays)
    assert prepare_mnist(None, scratch).source == "drawn"
    assert not (tmp_path / "sprung").exists()
    with np.load(path, allow_pickle=True) as data:
        data[key]
    assert (tmp_path / "sprung").exists(), "the trap works where it is unpickled"


SPOILT: dict[str, tuple[int, Callable[[bytes], bytes]]] = {
    "images cut short": (2, lambda content: content[:-1]),
    "images cut in the header": (2, lambda content: content[:10]),
    "images with bytes too many": (2, lambda content: content + b"\0"),
    "images with the magic number of labels": (2, lambda content: struct.pack(">i", 2049) + content[4:]),
    "images of float": (2, lambda content: struct.pack(">i", 0x0D03) + content[4:]),
    "images of little-endian lengths": (2, lambda content: struct.pack("<4i", 2051, 12, 28, 28) + content[16:]),
    "images of 14 by 56": (2, lambda content: struct.pack(">4i", 2051, 12, 14, 56) + content[16:]),
    "images of a negative count": (2, lambda content: struct.pack(">4i", 2051, -12, 28, 28) + content[16:]),
    "images of a huge count": (2, lambda content: struct.pack(">4i", 2051, 2**31 - 1, 28, 28) + content[16:]),
    "images one fewer than labels": (2, lambda content: struct.pack(">4i", 2051, 11, 28, 28) + content[16:-784]),
    "images none": (2, lambda _: struct.pack(">4i", 2051, 0, 28, 28)),
    "images empty": (2, lambda _: b""),
    "labels cut short": (3, lambda content: content[:-1]),
    "labels cut in the header": (3, lambda content: content[:6]),
    "labels with bytes too many": (3, lambda content: content + b"\0"),
    "labels with the magic number of images": (3, lambda content: struct.pack(">i", 2051) + content[4:]),
    "labels of a negative count": (3, lambda content: struct.pack(">2i", 2049, -12) + content[8:]),
    "labels one fewer than images": (3, lambda content: struct.pack(">2i", 2049, 11) + content[8:-1]),
    "labels with a label of 10": (3, lambda content: content[:-1] + b"\x0a"),
    "labels none": (3, lambda _: struct.pack(">2i", 2049, 0)),
    "labels empty": (3, lambda _: b""),
    "packed images cut short": (2, lambda content: gzip.compress(content)[:-200]),
    "packed images without the checksum": (2, lambda content: gzip.compress(content)[:-8]),
    "packed images spoilt": (2, lambda content: damaged(gzip.compress(content))),
    "packed labels of nothing but a mark": (3, lambda _: b"\x1f\x8b"),
    "packed labels of a wrong method": (3, lambda content: b"\x1f\x8b\x07" + gzip.compress(content)[3:]),
}


@pytest.mark.parametrize("name", list(SPOILT))
@pytest.mark.parametrize("keys", [KEYS, KEYS[2:]])
def test_spoilt_idx_files_are_refused(tmp_path: Path, scratch: Path, name: str, keys: tuple[str, ...]) -> None:
    number, spoil = SPOILT[name]
    write_idx(tmp_path / "data", {key: some_mnist()[key] for key in keys})
    prepare_mnist(tmp_path / "data", scratch)
    path = tmp_path / "data" / FILES[number]
    path.write_bytes(spoil(path.read_bytes()))
    with pytest.raises(LabError, match="holds no MNIST"):
        prepare_mnist(tmp_path / "data", scratch)


@pytest.mark.parametrize("keys", [("x_train",), ("y_test",), ("x_train", "y_test"), ()])
def test_images_without_their_labels_are_no_mnist(tmp_path: Path, scratch: Path, keys: tuple[str, ...]) -> None:
    write_idx(tmp_path / "data", {key: some_mnist()[key] for key in keys})
    with pytest.raises(LabError, match="holds no MNIST"):
        prepare_mnist(tmp_path / "data", scratch)


@pytest.mark.parametrize("name", ["nowhere", "nowhere/mnist.npz", "nowhere/train-images-idx3-ubyte.gz"])
def test_a_path_that_does_not_exist_is_said_to_be_none(tmp_path: Path, scratch: Path, name: str) -> None:
    with pytest.raises(LabError, match="There is no file or folder") as refusal:
        prepare_mnist(tmp_path / name, scratch)
    assert str(tmp_path / name) in refusal.value.text.en


def test_a_missing_file_is_said_to_be_missing_even_beside_others(tmp_path: Path, scratch: Path) -> None:
    write_idx(tmp_path, some_mnist())
    with pytest.raises(LabError, match="There is no file or folder"):
        prepare_mnist(tmp_path / "mnist.npz", scratch)


def test_another_file_beside_no_mnist_is_refused(tmp_path: Path, scratch: Path) -> None:
    (tmp_path / "notes.txt").write_text("no MNIST", "utf-8")
    with pytest.raises(LabError, match="holds no MNIST"):
        prepare_mnist(tmp_path / "notes.txt", scratch)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data(), form=st.sampled_from(["npz", "packed npz", "idx", "packed idx"]))
def test_whatever_is_spoilt_it_is_mnist_or_refused(tmp_path: Path, data: st.DataObject, form: str) -> None:
    folder = tmp_path / "any"
    folder.mkdir(exist_ok=True)
    for path in folder.iterdir():
        path.unlink()
    if form.endswith("npz"):
        write_npz(folder / "mnist.npz", some_mnist(), packed=form.startswith("packed"))
    else:
        write_idx(folder, some_mnist(), packed=form.startswith("packed"))
    path = data.draw(st.sampled_from(sorted(folder.iterdir())))
    content = bytearray(path.read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, min(len(content), 400) - 1))] = data.draw(st.integers(0, 255))
    path.write_bytes(bytes(content[: data.draw(st.none() | st.integers(0, len(content)))]))
    try:
        mnist = prepare_mnist(folder, tmp_path)
    except LabError as refusal:
        assert "holds no MNIST" in refusal.text.en  # noqa: PT017 (either outcome is right)
        return
    assert {key: array.dtype.name for key, array in loaded(mnist).items()} == dict.fromkeys(KEYS, "uint8")


# The real test set


@pytest.fixture
def real(scratch: Path) -> dict[str, Array]:
    """Return what the 10,000 real test images become."""
    if not T10K.is_dir():
        pytest.skip("the MNIST test set is not at shared/data/mnist-t10k beside the repository")
    return loaded(prepare_mnist(T10K, scratch))


def test_the_real_test_images_become_a_training_and_a_test_set(real: dict[str, Array]) -> None:
    assert {key: array.shape for key, array in real.items()} == {
        "x_train": (8571, 28, 28),
        "y_train": (8571,),
        "x_test": (1429, 28, 28),
        "y_test": (1429,),
    }
    labels = np.concatenate([real["y_train"], real["y_test"]])
    assert labels[:10].tolist() == [7, 2, 1, 0, 4, 1, 4, 9, 5, 9]
    assert np.bincount(labels).tolist() == [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]


def test_the_first_real_test_image_is_white_on_black_and_upright(real: dict[str, Array]) -> None:
    seven = real["x_train"][0].astype(int)
    assert (seven.max(), seven[0].max(), seven[:, 0].max()) == (255, 0, 0)
    assert seven[:14].sum(1).max() > 1.5 * seven[14:].sum(1).max(), "the bar of a 7 is at the top"


def test_a_file_that_holds_none_is_named_and_not_its_folder(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("no MNIST", "utf-8")
    with pytest.raises(LabError, match=r"README\.md holds no MNIST"):
        prepare_mnist(tmp_path / "README.md", tmp_path)
