"""What Keras does differently inside a kernel: it finds MNIST without a network, and trains within a budget.

Keras is changed when, and if, the notebook imports it: a finder in front of Python's own waits for two of its
modules. A notebook that never imports it pays nothing. This runs beside the student's code and may be undone by it;
nothing that earns points depends on it.
"""

from __future__ import annotations

import functools
import importlib
import importlib.abc
import importlib.machinery
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


@dataclass
class Hooks:
    """What was installed. `shortened` says whether a training was cut; `free` lifts the budget for our own calls."""

    training: Training | None
    shortened: bool = False
    free: bool = False
    seconds: float = field(default=0.0)


def install(*, seed: int, mnist: str | None, training: Training | None) -> Hooks:
    """Change Keras as it is imported, from now on."""
    hooks = Hooks(training)

    def change_data(module: ModuleType) -> None:
        if mnist is not None:
            module.load_data = functools.partial(_load_data, mnist)  # type: ignore[attr-defined]

    def change_model(module: ModuleType) -> None:
        _fix_random_numbers(seed)
        if training is not None:
            module.Model.fit = _within_budget(module.Model.fit, hooks)

    sys.meta_path.insert(0, _Finder({DATA_MODULE: change_data, MODEL_MODULE: change_model}))
    return hooks


def _load_data(file: str, path: str = "mnist.npz") -> tuple[tuple[Any, Any], tuple[Any, Any]]:  # noqa: ARG001 (Keras' own parameter)
    """Return ((x_train, y_train), (x_test, y_test)) as keras.datasets.mnist.load_data does."""
    with np.load(file, allow_pickle=False) as data:
        return (data["x_train"], data["y_train"]), (data["x_test"], data["y_test"])


def _fix_random_numbers(seed: int) -> None:
    """Seed Keras and its backend, and leave Python's and NumPy's states as the notebook may have set them.

    Not before the backend is whole: this imports TensorFlow, which in the middle of Keras' own import leaves it torn.
    """
    python, legacy = random.getstate(), np.random.get_state()  # noqa: NPY002 (the state that notebooks use)
    importlib.import_module(SEED_MODULE).set_random_seed(seed)
    random.setstate(python)
    np.random.set_state(legacy)  # noqa: NPY002 (same)


def _within_budget(fit: Callable[..., Any], hooks: Hooks) -> Callable[..., Any]:
    """Return Keras' own `fit` with its arguments cut to the budget: callbacks and history behave as ever."""

    @functools.wraps(fit)
    def shortened(self: Any, x: Any = None, y: Any = None, *arguments: Any, **options: Any) -> Any:  # noqa: ANN401 (Keras' own parameters)
        if hooks.free or hooks.training is None:
            return fit(self, x, y, *arguments, **options)
        names = ("batch_size", "epochs", "verbose", "callbacks", "validation_split", "validation_data")
        options = {**dict(zip(names, arguments, strict=False)), **options}
        x, y, options, cut = _cut(x, y, options, hooks.training)
        clock = _clock(hooks)
        options["callbacks"] = _with(options.get("callbacks"), clock)
        try:
            return fit(self, x, y, *arguments[len(names) :], **options)
        finally:
            hooks.shortened = hooks.shortened or cut

    return shortened


def _cut(x: Any, y: Any, options: dict[str, Any], budget: Training) -> tuple[Any, Any, dict[str, Any], bool]:  # noqa: ANN401
    """Return the arguments within the budget, and whether anything had to be cut."""
    before = (_length(x), options.get("epochs", 1), options.get("steps_per_epoch"))
    first = options.get("initial_epoch") or 0
    options["epochs"] = min(options.get("epochs") or 1, first + budget.epochs)
    if _length(x) is not None:
        x, y = _first(x, budget.images), _first(y, budget.images)
        if options.get("sample_weight") is not None:
            options["sample_weight"] = _first(options["sample_weight"], budget.images)
    elif x is not None:
        options["steps_per_epoch"] = min(options.get("steps_per_epoch") or budget.steps, budget.steps, *_steps(x))
    validation = options.get("validation_data")
    if isinstance(validation, tuple | list):
        options["validation_data"] = tuple(_first(part, budget.images) for part in validation)
    elif validation is not None and _length(validation) is None:
        options["validation_steps"] = min(
            options.get("validation_steps") or budget.steps, budget.steps, *_steps(validation)
        )
    after = (_length(x), options["epochs"], before[2] if before[2] is None else options.get("steps_per_epoch"))
    return x, y, options, before != after


def _length(data: Any) -> int | None:  # noqa: ANN401
    """Return how many samples an array or a tensor has, None for a dataset, a generator or several inputs."""
    shape = getattr(data, "shape", None)
    if shape is None or hasattr(data, "element_spec"):
        return None
    return int(shape[0]) if len(shape) else None


def _first(data: Any, most: int) -> Any:  # noqa: ANN401
    return data[:most] if _length(data) is not None else data


def _steps(dataset: Any) -> list[int]:  # noqa: ANN401
    """Return how many batches a dataset holds, where it can say: more than that may not be asked of it."""
    try:
        length = len(dataset)
    except TypeError:  # a generator, or a dataset without end
        return []
    return [length]


def _with(callbacks: Any, clock: Any) -> Any:  # noqa: ANN401
    if callbacks is None:
        return [clock]
    if isinstance(callbacks, list | tuple):
        return [*callbacks, clock]
    if hasattr(callbacks, "append"):  # a CallbackList
        callbacks.append(clock)
        return callbacks
    return [callbacks, clock]


def _clock(hooks: Hooks) -> Any:  # noqa: ANN401 (a callback of Keras, which is not ours to import before it is)
    """Return a callback that stops training when the notebook's seconds for it are used up."""
    callback: Any = sys.modules["keras.src.callbacks.callback"].Callback
    budget = hooks.training.seconds if hooks.training is not None else float("inf")

    class Clock(callback):  # type: ignore[misc]  # the class is Keras'
        """Counts the seconds of all trainings together."""

        def on_train_begin(self, logs: Any = None) -> None:  # noqa: ANN401, ARG002
            self._began = monotonic()

        def on_train_batch_end(self, batch: int, logs: Any = None) -> None:  # noqa: ANN401, ARG002
            if hooks.seconds + monotonic() - self._began > budget:
                self.model.stop_training = hooks.shortened = True

        def on_train_end(self, logs: Any = None) -> None:  # noqa: ANN401, ARG002
            hooks.seconds += monotonic() - self._began

    return Clock()


class _Finder(importlib.abc.MetaPathFinder):
    """Lets Python find the modules as ever, and calls a function with each of them once it is loaded."""

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
