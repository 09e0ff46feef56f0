"""What Keras does differently in a kernel: it finds MNIST without the internet, and trains within a budget.

PyTorch, too, begins with random numbers of the kernel's seed.

Both are changed when the notebook imports them: a finder in front of Python's own waits for some modules, and a
notebook that never imports them pays nothing. This runs beside the student's code, which may undo it; nothing that
earns points depends on it.
"""

from __future__ import annotations

import functools
import importlib
import importlib.abc
import importlib.machinery
import inspect
import random
import sys
from dataclasses import dataclass, field
from time import monotonic
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from types import ModuleType

    from grader.model import Training

DATA_MODULE = "keras.src.datasets.mnist"
MODEL_MODULE = "keras.src.models.model"
SEED_MODULE = "keras.src.utils.rng_utils"
TORCH_MODULE = "torch.random"


@dataclass
class Hooks:
    """What was installed: `shortened` says whether a training was cut, `free` lifts the budget for the grader's own.

    `seconds` is how long all trainings have taken so far.
    """

    training: Training | None
    shortened: bool = False
    free: bool = False
    seconds: float = field(default=0.0)


def install(*, seed: int, mnist: str | None, training: Training | None) -> Hooks:
    """Change Keras as it is imported, from now on."""
    hooks = Hooks(training)

    def change_data(module: ModuleType) -> None:
        if mnist is None:
            return
        for name in [name for name in sys.modules if name.endswith("datasets.mnist")]:
            vars(sys.modules[name])["load_data"] = functools.partial(
                _load_data, mnist
            )  # they have imported it from there
        module.load_data = functools.partial(_load_data, mnist)  # type: ignore[attr-defined]

    def change_model(module: ModuleType) -> None:
        _fix_random_numbers(seed)
        if training is not None:
            module.Model.fit = _within_budget(module.Model.fit, hooks)

    def change_torch(module: ModuleType) -> None:
        module.default_generator.manual_seed(seed)

    waiting: dict[str, Callable[[ModuleType], None]] = {
        DATA_MODULE: change_data,
        MODEL_MODULE: change_model,
        TORCH_MODULE: change_torch,
    }
    for name in [name for name in waiting if name in sys.modules]:  # a kernel with preloaded packages has them
        waiting.pop(name)(sys.modules[name])
    sys.meta_path.insert(0, _Finder(waiting))
    return hooks


def _load_data(file: str, path: str = "mnist.npz") -> tuple[tuple[Any, Any], tuple[Any, Any]]:  # noqa: ARG001 (Keras' own parameter)
    """Return ((x_train, y_train), (x_test, y_test)) as keras.datasets.mnist.load_data does."""
    with np.load(file, allow_pickle=False) as data:
        return (data["x_train"], data["y_train"]), (data["x_test"], data["y_test"])


def _fix_random_numbers(seed: int) -> None:
    """Seed Keras and its backend, but leave Python's and NumPy's states as the notebook may have set them.

    Not before the backend is imported: this imports TensorFlow, which fails in the middle of Keras' own import.
    """
    python, legacy = random.getstate(), np.random.get_state()  # noqa: NPY002 (the state that notebooks use)
    importlib.import_module(SEED_MODULE).set_random_seed(seed)
    random.setstate(python)
    np.random.set_state(legacy)  # noqa: NPY002 (same)


def _within_budget(fit: Callable[..., Any], hooks: Hooks) -> Callable[..., Any]:
    """Return Keras' own `fit` with its arguments cut to the budget; callbacks and history behave as usual."""
    signature = inspect.signature(fit)

    @functools.wraps(fit)
    def shortened(*arguments: Any, **options: Any) -> Any:  # noqa: ANN401 (Keras' own parameters)
        if hooks.free or hooks.training is None:
            return fit(*arguments, **options)
        given = signature.bind(*arguments, **options).arguments  # raises TypeError as a call of `fit` does
        network = given.pop("self")
        cut, most_steps = _cut(given, hooks.training)
        began = monotonic()
        given["callbacks"] = _with(given.get("callbacks"), _watcher(network, hooks, began, most_steps=most_steps))
        try:
            return fit(network, **given)
        finally:
            hooks.seconds += monotonic() - began
            hooks.shortened = hooks.shortened or cut

    return shortened


def _cut(given: dict[str, Any], budget: Training) -> tuple[bool, int | None]:
    """Cut the arguments of `fit` to the budget.

    Return whether anything was cut, and the number of steps after which an epoch counts as cut: where a dataset does
    not say how long it is, only training shows that.
    """
    images, most_steps = _length(given.get("x")), None
    cut = (images or 0) > budget.images
    most_epochs = (given.get("initial_epoch") or 0) + budget.epochs
    if (given.get("epochs") or 1) > most_epochs:
        given["epochs"], cut = most_epochs, True
    if images is not None:
        for name in ("x", "y", "sample_weight"):
            if _length(given.get(name)) == images:  # Keras refuses any other number
                given[name] = _first(given[name], budget.images)
    elif given.get("x") is not None:
        wanted = given.get("steps_per_epoch") or _steps(given["x"])
        given["steps_per_epoch"] = min(n for n in (budget.steps, wanted, _steps(given["x"])) if n)
        cut = cut or (wanted or 0) > budget.steps
        most_steps = None if wanted else budget.steps
    _cut_validation(given, budget)
    return cut, most_steps


def _cut_validation(given: dict[str, Any], budget: Training) -> None:
    validation = given.get("validation_data")
    if isinstance(validation, tuple | list):
        given["validation_data"] = tuple(_first(part, budget.images) for part in validation)
    elif validation is not None and _length(validation) is None:
        wanted = (budget.steps, given.get("validation_steps"), _steps(validation))
        given["validation_steps"] = min(n for n in wanted if n)


def _length(data: Any) -> int | None:  # noqa: ANN401
    """Return how many samples an array or a tensor has, or each of several; None for a dataset or a generator."""
    if isinstance(data, list | tuple | dict):
        lengths = {_length(part) for part in (data.values() if isinstance(data, dict) else data)}
        return lengths.pop() if len(lengths) == 1 else None
    shape = getattr(data, "shape", None)
    if shape is None or hasattr(data, "element_spec"):
        return None
    return int(shape[0]) if len(shape) else None


def _first(data: Any, most: int) -> Any:  # noqa: ANN401
    if isinstance(data, list | tuple):
        return type(data)([_first(part, most) for part in data])
    if isinstance(data, dict):
        return {name: _first(part, most) for name, part in data.items()}
    return data[:most] if _length(data) is not None else data


def _steps(dataset: Any) -> int | None:  # noqa: ANN401
    """Return how many batches a dataset holds, None where it cannot say: more may not be asked of it."""
    try:
        return len(dataset)
    except TypeError:  # a generator, or a dataset without end
        return None


def _with(callbacks: Any, ours: Any) -> Any:  # noqa: ANN401
    if callbacks is None:
        return [ours]
    several = getattr(callbacks, "callbacks", callbacks)  # a CallbackList has them inside
    return [*several, ours] if isinstance(several, list | tuple) else [several, ours]


def _watcher(network: Any, hooks: Hooks, began: float, most_steps: int | None) -> Any:  # noqa: ANN401 (Keras' classes)
    """Return a callback that stops training when the notebook has used up its seconds for it.

    It also notices an epoch of `most_steps`: that one was cut.
    """
    callback: Any = sys.modules["keras.src.callbacks.callback"].Callback
    deadline = float("inf") if hooks.training is None else began + hooks.training.seconds - hooks.seconds

    class Watcher(callback):  # type: ignore[misc]  # the class is Keras'
        """Keeps to the part of the budget that only shows in training."""

        def on_train_batch_end(self, batch: int, logs: Any = None) -> None:  # noqa: ANN401, ARG002
            if batch + 1 == most_steps:
                hooks.shortened = True
            if monotonic() > deadline:
                network.stop_training = hooks.shortened = True

    return Watcher()


class _Finder(importlib.abc.MetaPathFinder):
    """Lets Python find modules as usual, and calls a function with each of these once it is loaded."""

    def __init__(self, waiting: dict[str, Callable[[ModuleType], None]]) -> None:
        self._waiting = waiting

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if fullname not in self._waiting:
            return None
        change = self._waiting.pop(fullname)
        spec = importlib.machinery.PathFinder.find_spec(fullname, path, target)
        if spec is not None and spec.loader is not None:
            spec.loader = _Loader(spec.loader, change)
        return spec


class _Loader(importlib.abc.Loader):
    def __init__(self, loader: Any, change: Callable[[ModuleType], None]) -> None:  # noqa: ANN401
        self._loader = loader
        self._change = change

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> ModuleType | None:
        module: ModuleType | None = self._loader.create_module(spec)
        return module

    def exec_module(self, module: ModuleType) -> None:
        self._loader.exec_module(module)
        self._change(module)
