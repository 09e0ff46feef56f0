"""What wrong networks of build_dnn show: one recogniser per known mistake, named by its id.

Each says whether what was seen of a network shows the mistake, for every check that the mistake loses. What a loss
reports is held against NumPy's own value; the name of a loss counts only where that value is refused.
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
PIXELS = 784
DENSE = 5

CLIPS = (1e-7, 1e-8, 1e-9, 1e-10, 1e-12, 1e-15)
SMOOTHINGS = (0.01, 0.02, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3)
ALIKE = 1e-6
"""By how much the outputs for different images differ, at most, where they are one answer."""
NEARLY_ALIKE, MOST_IMAGES = 1e-4, 0.9
"""Where a few units are left that respond: by how much most of the images differ at most, and how many are most."""


def four_dense(seen: Built, goal: Goal) -> bool:
    """Count Flatten or Input as one of the five layers."""
    del goal
    return _dense(seen) == DENSE - 1


def too_few_dense(seen: Built, goal: Goal) -> bool:
    """Build fewer than four Dense layers."""
    del goal
    return _dense(seen) < DENSE - 1


def too_many_dense(seen: Built, goal: Goal) -> bool:
    """Build more than five hidden layers and an output layer."""
    del goal
    return _dense(seen) > DENSE + 1


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


def outputs_as_many_as_pixels(seen: Built, goal: Goal) -> bool:
    """End in as many units as an image has pixels."""
    del goal
    return _outputs(seen) == PIXELS


def too_many_classes(seen: Built, goal: Goal) -> bool:
    """End in more than ten units."""
    return _outputs(seen) > CLASSES and not outputs_as_many_as_pixels(seen, goal)


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


def nothing_at_the_end(seen: Built, goal: Goal) -> bool:
    """End in logits, and do not tell the loss."""
    return unnormalised(seen, goal) is not None and _end(seen) in {None, "linear"}


def not_compiled(seen: Built, goal: Goal) -> bool:
    """Return the network without compiling it."""
    del goal
    return _said(seen, "You must call `compile()`")


def no_loss(seen: Built, goal: Goal) -> bool:
    """Compile without a loss."""
    del goal
    return _said(seen, "No loss to compute")


def name_misspelled(seen: Built, goal: Goal) -> bool:
    """Give compile a name that Keras does not know."""
    del goal
    return _said(seen, "Could not interpret loss identifier")


def accuracy_for_loss(seen: Built, goal: Goal) -> bool:
    """Take the accuracy for the loss: it has no slope to follow."""
    told = wrong_loss(seen, goal)
    if told is None or seen.predictions is None:
        return _said(seen, "No gradients provided")
    return bool(np.isclose(told, (seen.predictions.argmax(1) == goal.labels).mean(), rtol=1e-5))


def mse(seen: Built, goal: Goal) -> bool:
    """Take the mean squared error."""
    told = wrong_loss(seen, goal)
    if told is None or seen.predictions is None:
        return False
    is_equal = bool(np.isclose(told, mean_squared_error(seen.predictions, goal.labels), rtol=1e-5))
    return is_equal or _is_called(seen, goal, "mse", "meansquarederror")


def mae(seen: Built, goal: Goal) -> bool:
    """Take the mean absolute error."""
    return _is_called(seen, goal, "mae", "meanabsoluteerror")


def other_loss_for_numbers(seen: Built, goal: Goal) -> bool:
    """Take another loss for the prediction of numbers."""
    names = ("huber", "logcosh", "msle", "meansquaredlogarithmicerror", "mape", "meanabsolutepercentageerror")
    return _is_called(seen, goal, *names)


def binary_cross_entropy(seen: Built, goal: Goal) -> bool:
    """Take the binary cross-entropy."""
    return _is_called(seen, goal, "binarycrossentropy", "bce")


def hinge(seen: Built, goal: Goal) -> bool:
    """Take a hinge loss."""
    return _is_called(seen, goal, "categoricalhinge", "hinge", "squaredhinge")


def focal(seen: Built, goal: Goal) -> bool:
    """Take a focal cross-entropy."""
    return _is_called(seen, goal, "categoricalfocalcrossentropy", "binaryfocalcrossentropy")


def poisson(seen: Built, goal: Goal) -> bool:
    """Take the Poisson loss."""
    return _is_called(seen, goal, "poisson")


def cosine(seen: Built, goal: Goal) -> bool:
    """Take the cosine similarity."""
    return _is_called(seen, goal, "cosinesimilarity")


def minus_left_out(seen: Built, goal: Goal) -> bool:
    """Leave the minus of the cross-entropy out."""
    return _is_entropy(seen, goal, -1)


def summed_over_the_images(seen: Built, goal: Goal) -> bool:
    """Sum over the images of a batch."""
    return _is_entropy(seen, goal, len(goal.images))


def mean_over_the_classes(seen: Built, goal: Goal) -> bool:
    """Divide the cross-entropy by the number of classes."""
    return _is_entropy(seen, goal, 1 / CLASSES)


def log2(seen: Built, goal: Goal) -> bool:
    """Take logarithms to the base 2."""
    return _is_entropy(seen, goal, 1 / np.log(2))


def log10(seen: Built, goal: Goal) -> bool:
    """Take logarithms to the base 10."""
    return _is_entropy(seen, goal, 1 / np.log(10))


def labels_smoothed(seen: Built, goal: Goal) -> bool:
    """Smooth the labels: a part of each goes to all classes alike."""
    told = wrong_loss(seen, goal)
    if told is None or _outputs(seen) != CLASSES or seen.predictions is None:
        return False
    right = cross_entropy(seen.predictions, goal.labels)
    classes = [cross_entropy(seen.predictions, np.full_like(goal.labels, place)) for place in range(CLASSES)]
    smoothed = [(1 - part) * right + part * float(np.mean(classes)) for part in SMOOTHINGS]
    return bool(np.isclose(told, smoothed, rtol=0, atol=3e-6).any())


def swapped_arguments(seen: Built, goal: Goal) -> bool:
    """Put the labels into the logarithm of a loss of one's own: its zeros count as the logarithm of the clip."""
    told = wrong_loss(seen, goal)
    if told is None or seen.predictions is None:
        return False
    rows = seen.predictions.astype(np.float64)
    missed = float(np.mean(rows.sum(1) - rows[np.arange(len(rows)), goal.labels]))
    return bool(np.isclose(told, -missed * np.log(CLIPS), rtol=1e-3).any())


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


def learning_rate_far_too_large(seen: Built, goal: Goal) -> bool:
    """Learn in steps so large that nearly every image gets the same answer afterwards."""
    return _is_trained(seen, goal) and not _is_one_answer(seen.unseen_before) and _is_mostly_one_answer(seen.unseen)


def loss_rises(seen: Built, goal: Goal) -> bool:
    """Learn uphill: a negative learning rate."""
    if not _is_trained(seen, goal) or not np.isfinite(seen.losses).all() or _is_mostly_one_answer(seen.unseen):
        return False
    return seen.losses[-1] > seen.losses[0] * (1 + LEAST_FALL)


def _dense(seen: Built) -> int:
    return sum(layer.kind == "Dense" for layer in seen.layers)


def _outputs(seen: Built) -> int:
    """Return how many numbers each image gets; 0 where that is not one row for each."""
    return 0 if seen.predictions is None or seen.predictions.ndim != 2 else seen.predictions.shape[1]  # noqa: PLR2004


def _end(seen: Built) -> str | None:
    """Return the activation that the network ends in."""
    last = seen.layers[-1] if seen.layers else None
    if last is None or last.kind == "Dropout":
        return "unknown"
    return {"ReLU": "relu", "LeakyReLU": "leaky_relu", "Softmax": "softmax"}.get(last.kind, last.activation)


def _is_trained(seen: Built, goal: Goal) -> bool:
    """Say whether the network gave probabilities and a number for a loss before it was trained."""
    if len(seen.losses) < 2 or not np.isfinite(seen.losses[0]):  # noqa: PLR2004 (before and after)
        return False
    return _outputs(seen) == CLASSES and unnormalised(seen, goal) is None


def _said(seen: Built, words: str) -> bool:
    return seen.trouble is not None and words in seen.trouble.message


def _is_called(seen: Built, goal: Goal, *names: str) -> bool:
    """Say whether the loss, a wrong one, bears one of the names, however it is written."""
    return (seen.loss or "").lower().replace("_", "") in names and wrong_loss(seen, goal) is not None


def _is_entropy(seen: Built, goal: Goal, times: float) -> bool:
    """Say whether the loss, a wrong one, is the cross-entropy times a number."""
    told = wrong_loss(seen, goal)
    if told is None or seen.predictions is None:
        return False
    return bool(np.isclose(told, times * cross_entropy(seen.predictions, goal.labels), rtol=1e-4))


def _is_one_answer(outputs: Array | None) -> bool:
    return outputs is not None and bool(np.isfinite(outputs).all()) and float(np.ptp(outputs, axis=0).max()) < ALIKE


def _is_mostly_one_answer(outputs: Array | None) -> bool:
    """Say whether all but a few images get the answer of the one in the middle: a few units may still respond."""
    if outputs is None or not np.isfinite(outputs).all():
        return False
    rows = outputs.astype(np.float64)
    apart = np.abs(rows - np.median(rows, axis=0)).max(1)
    return float(np.mean(apart < NEARLY_ALIKE)) >= MOST_IMAGES
