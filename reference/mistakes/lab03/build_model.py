"""What wrong networks of build_model show: one recogniser per known mistake, named by its id.

Each says whether what was seen of a network shows the mistake, for every check that the mistake loses. It is asked
about every network that was judged wrong: the one for "cross_entropy", the one for "mse", or both. What a loss reports
is held against NumPy's own value; the name of a loss counts only where that value is refused.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from grader.checks.architecture import unnormalised
from grader.checks.loss import wrong_loss
from grader.networks.formulas import cross_entropy, mean_squared_error
from grader.networks.learning import LEAST_FALL

if TYPE_CHECKING:
    from grader.model import Array
    from grader.networks.model import Built, Goal

CLASSES = 10

CLIPS = (1e-7, 1e-8, 1e-9, 1e-10, 1e-12, 1e-15)
SMOOTHINGS = (0.01, 0.02, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3)
ALIKE = 1e-6
"""By how much the outputs for different images differ, at most, where they are one answer."""


def name_is_the_argument(seen: Built, goal: Goal) -> bool:
    """Give the argument itself to compile: Keras has another name for the cross-entropy."""
    return goal.loss == "cross_entropy" and _said(seen, "Could not interpret loss identifier: cross_entropy")


def name_misspelled(seen: Built, goal: Goal) -> bool:
    """Give compile a name that Keras does not know."""
    return _said(seen, "Could not interpret loss identifier") and not name_is_the_argument(seen, goal)


def not_compiled(seen: Built, goal: Goal) -> bool:
    """Return a network without compiling it, for one of the arguments or for both."""
    del goal
    return _said(seen, "You must call `compile()`")


def no_loss(seen: Built, goal: Goal) -> bool:
    """Compile without a loss."""
    del goal
    return _said(seen, "No loss to compute")


def always_cross_entropy(seen: Built, goal: Goal) -> bool:
    """Take the cross-entropy, whatever the argument says."""
    return goal.loss == "mse" and _is_cross_entropy(seen, goal)


def always_mse(seen: Built, goal: Goal) -> bool:
    """Take the MSE, whatever the argument says."""
    return goal.loss == "cross_entropy" and _is_mse(seen, goal)


def losses_exchanged(seen: Built, goal: Goal) -> bool:
    """Take the cross-entropy for "mse" and the MSE for "cross_entropy"."""
    return _is_cross_entropy(seen, goal) if goal.loss == "mse" else _is_mse(seen, goal)


def other_input_size(seen: Built, goal: Goal) -> bool:
    """Promise another size of input than that of the images."""
    del goal
    return seen.predictions is None and seen.trouble is not None and seen.trouble.step == "predict"


def no_flatten(seen: Built, goal: Goal) -> bool:
    """Leave Flatten out: every row of an image gets an answer of its own."""
    del goal
    return seen.predictions is not None and seen.predictions.ndim > 2  # noqa: PLR2004 (images, classes)


def one_output(seen: Built, goal: Goal) -> bool:
    """End in a single unit."""
    del goal
    return _outputs(seen) == 1


def too_many_classes(seen: Built, goal: Goal) -> bool:
    """End in more than ten units."""
    del goal
    return _outputs(seen) > CLASSES


def too_few_classes(seen: Built, goal: Goal) -> bool:
    """End in fewer than ten units."""
    del goal
    return 1 < _outputs(seen) < CLASSES


def softmax_along_the_batch(seen: Built, goal: Goal) -> bool:
    """Let the outputs of all images for one class add up to 1."""
    outputs = unnormalised(seen, goal)
    return outputs is not None and bool(np.allclose(outputs.sum(0), 1, atol=1e-3))


def sigmoid_at_the_end(seen: Built, goal: Goal) -> bool:
    """End in sigmoids."""
    return unnormalised(seen, goal) is not None and _end(seen) in {"sigmoid", "hard_sigmoid"}


def relu_at_the_end(seen: Built, goal: Goal) -> bool:
    """End in a ReLU, as the hidden layers do."""
    return unnormalised(seen, goal) is not None and _end(seen) in {"relu", "relu6", "leaky_relu"}


def logits_in_the_mse(seen: Built, goal: Goal) -> bool:
    """End in logits, which the cross-entropy was told and the MSE cannot be."""
    return goal.loss == "mse" and nothing_at_the_end(seen, goal)


def nothing_at_the_end(seen: Built, goal: Goal) -> bool:
    """End in logits, and do not tell the loss."""
    return unnormalised(seen, goal) is not None and _end(seen) in {None, "linear"}


def sum_for_mean_in_the_mse(seen: Built, goal: Goal) -> bool:
    """Add the squared errors of the classes up without dividing."""
    return goal.loss == "mse" and _is_times(seen, goal, CLASSES)


def half_mse(seen: Built, goal: Goal) -> bool:
    """Put a factor 1/2 before the MSE."""
    return goal.loss == "mse" and _is_times(seen, goal, 0.5)


def root_of_the_mse(seen: Built, goal: Goal) -> bool:
    """Take the root of each image's MSE, or of all images' together."""
    told = wrong_loss(seen, goal)
    if goal.loss != "mse" or told is None or seen.predictions is None:
        return False
    one_hot = goal.labels[:, np.newaxis] == np.arange(_outputs(seen))
    errors = np.mean((seen.predictions.astype(np.float64) - one_hot) ** 2, axis=1)
    return bool(np.isclose(told, [np.mean(np.sqrt(errors)), np.sqrt(np.mean(errors))], rtol=1e-5).any())


def mae_for_mse(seen: Built, goal: Goal) -> bool:
    """Take the mean absolute error."""
    return goal.loss == "mse" and _is_called(seen, goal, "mae", "meanabsoluteerror")


def binary_cross_entropy(seen: Built, goal: Goal) -> bool:
    """Take the binary cross-entropy."""
    return goal.loss == "cross_entropy" and _is_called(seen, goal, "binarycrossentropy", "bce")


def hinge(seen: Built, goal: Goal) -> bool:
    """Take a hinge loss."""
    return _is_called(seen, goal, "categoricalhinge", "hinge", "squaredhinge")


def focal(seen: Built, goal: Goal) -> bool:
    """Take a focal cross-entropy."""
    return _is_called(seen, goal, "categoricalfocalcrossentropy", "binaryfocalcrossentropy")


def labels_smoothed(seen: Built, goal: Goal) -> bool:
    """Smooth the labels: a part of each goes to all classes alike."""
    told = wrong_loss(seen, goal)
    if goal.loss == "mse" or told is None or _outputs(seen) != CLASSES or seen.predictions is None:
        return False
    right = cross_entropy(seen.predictions, goal.labels)
    classes = [cross_entropy(seen.predictions, np.full_like(goal.labels, place)) for place in range(CLASSES)]
    smoothed = [(1 - part) * right + part * float(np.mean(classes)) for part in SMOOTHINGS]
    return bool(np.isclose(told, smoothed, rtol=0, atol=3e-6).any())


def mean_over_the_classes(seen: Built, goal: Goal) -> bool:
    """Divide the cross-entropy by the number of classes."""
    return goal.loss == "cross_entropy" and _is_times(seen, goal, 1 / CLASSES)


def log2(seen: Built, goal: Goal) -> bool:
    """Take logarithms to the base 2."""
    return goal.loss == "cross_entropy" and _is_times(seen, goal, 1 / np.log(2))


def log10(seen: Built, goal: Goal) -> bool:
    """Take logarithms to the base 10."""
    return goal.loss == "cross_entropy" and _is_times(seen, goal, 1 / np.log(10))


def minus_left_out(seen: Built, goal: Goal) -> bool:
    """Leave the minus of the cross-entropy out."""
    return goal.loss == "cross_entropy" and _is_times(seen, goal, -1)


def swapped_arguments(seen: Built, goal: Goal) -> bool:
    """Put the labels into the logarithm of a loss of one's own: its zeros count as the logarithm of the clip."""
    told = wrong_loss(seen, goal)
    if goal.loss == "mse" or told is None or seen.predictions is None:
        return False
    rows = seen.predictions.astype(np.float64)
    missed = float(np.mean(rows.sum(1) - rows[np.arange(len(rows)), goal.labels]))
    return bool(np.isclose(told, -missed * np.log(CLIPS), rtol=1e-3).any())


def summed_over_the_images(seen: Built, goal: Goal) -> bool:
    """Sum over the images of a batch."""
    return _is_times(seen, goal, len(goal.images))


def all_weights_zero(seen: Built, goal: Goal) -> bool:
    """Begin with weights that are all alike: every image gets the same answer, before and after."""
    return _is_trained(seen, goal) and _is_one_answer(seen.unseen_before) and _is_one_answer(seen.unseen)


def nothing_changes(seen: Built, goal: Goal) -> bool:
    """Freeze the layers, or let the learning rate be 0: training leaves every output as it is."""
    before, after = seen.unseen_before, seen.unseen
    if not _is_trained(seen, goal) or before is None or after is None or _is_one_answer(after):
        return False
    return bool(np.allclose(before, after, rtol=0, atol=ALIKE))


def loss_is_no_number(seen: Built, goal: Goal) -> bool:
    """Learn in steps so large that the loss leaves the numbers."""
    return _is_trained(seen, goal) and not np.isfinite(seen.losses).all()


def loss_rises(seen: Built, goal: Goal) -> bool:
    """Learn uphill: a negative learning rate."""
    if not _is_trained(seen, goal) or not np.isfinite(seen.losses).all() or _is_one_answer(seen.unseen_before):
        return False
    return seen.losses[-1] > seen.losses[0] * (1 + LEAST_FALL)


def _outputs(seen: Built) -> int:
    """Return how many numbers each image gets; 0 where that is not one row for each."""
    return 0 if seen.predictions is None or seen.predictions.ndim != 2 else seen.predictions.shape[1]  # noqa: PLR2004


def _end(seen: Built) -> str | None:
    """Return the activation that the network ends in."""
    last = seen.layers[-1] if seen.layers else None
    if last is None or last.kind == "Dropout":
        return "unknown"
    return {"ReLU": "relu", "LeakyReLU": "leaky_relu", "Softmax": "softmax"}.get(last.kind, last.activation)


def _said(seen: Built, words: str) -> bool:
    return seen.trouble is not None and words in seen.trouble.message


def _is_called(seen: Built, goal: Goal, *names: str) -> bool:
    """Say whether the loss, a wrong one, bears one of the names, however it is written."""
    return (seen.loss or "").lower().replace("_", "") in names and wrong_loss(seen, goal) is not None


def _is_cross_entropy(seen: Built, goal: Goal) -> bool:
    """Say whether the loss, a wrong one, is the cross-entropy: by its value or its name."""
    told = wrong_loss(seen, goal)
    if told is None or seen.predictions is None:
        return False
    names = ("categoricalcrossentropy", "sparsecategoricalcrossentropy", "crossentropy")
    is_equal = bool(np.isclose(told, cross_entropy(seen.predictions, goal.labels), rtol=1e-4))
    return is_equal or _is_called(seen, goal, *names)


def _is_mse(seen: Built, goal: Goal) -> bool:
    """Say whether the loss, a wrong one, is the mean squared error."""
    told = wrong_loss(seen, goal)
    if told is None or seen.predictions is None:
        return False
    is_equal = bool(np.isclose(told, mean_squared_error(seen.predictions, goal.labels), rtol=1e-5))
    return is_equal or _is_called(seen, goal, "mse", "meansquarederror")


def _is_times(seen: Built, goal: Goal, times: float) -> bool:
    """Say whether the loss, a wrong one, is the one asked for times a number."""
    told = wrong_loss(seen, goal)
    if told is None or seen.predictions is None:
        return False
    value = mean_squared_error if goal.loss == "mse" else cross_entropy
    return bool(np.isclose(told, times * value(seen.predictions, goal.labels), rtol=1e-4))


def _is_trained(seen: Built, goal: Goal) -> bool:
    """Say whether the network gave probabilities and a number for a loss before it was trained."""
    if len(seen.losses) < 2 or not np.isfinite(seen.losses[0]):  # noqa: PLR2004 (before and after)
        return False
    return _outputs(seen) == CLASSES and unnormalised(seen, goal) is None


def _is_one_answer(outputs: Array | None) -> bool:
    if outputs is None or not outputs.size or not np.isfinite(outputs).all():
        return False
    return float(np.ptp(outputs, axis=0).max()) < ALIKE
