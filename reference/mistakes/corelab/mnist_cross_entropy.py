"""Known wrong answers to `mnist_cross_entropy`, of distributions and of pixels divided by 255.

Each computes what the student's own kernel would. A name that ends in `_scaled` is of pixels divided by 255; where
nothing else is said, y and q are distributions and q is at least 1e-7.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Images = npt.NDArray[np.uint8]


def no_epsilon_nan(images: Images) -> object:
    """Take the logarithm of black pixels, of pixels divided by 255: 0 times minus infinity."""
    y, q = _scaled(images)
    return -np.sum(y * np.log(q))


def no_epsilon_distributions(images: Images) -> object:
    """Take the logarithm of black pixels of distributions."""
    y, q = _distributions(images)
    return -np.sum(y * np.log(q))


def infinite_where_black(images: Images) -> object:
    """Leave out pixels that are expected to be black, and not those that are predicted to be."""
    y, q = _distributions(images)
    return -np.sum(y[y > 0] * np.log(q[y > 0]))


def infinite_where_black_scaled(images: Images) -> object:
    """Leave out pixels that are expected to be black, and not those that are predicted to be."""
    y, q = _scaled(images)
    return -np.sum(y[y > 0] * np.log(q[y > 0]))


def dropped_zeros(images: Images) -> object:
    """Leave out pixels that are predicted to be black."""
    y, q = _distributions(images)
    return -np.sum(y[q > 0] * np.log(q[q > 0]))


def dropped_zeros_scaled(images: Images) -> object:
    """Leave out pixels that are predicted to be black."""
    y, q = _scaled(images)
    return -np.sum(y[q > 0] * np.log(q[q > 0]))


def swapped(images: Images) -> object:
    """Take the second picture for the expected one."""
    y, q = _distributions(images)
    return -np.sum(q * _log(y))


def swapped_scaled(images: Images) -> object:
    """Take the second picture for the expected one."""
    y, q = _scaled(images)
    return -np.sum(q * _log(y))


def swapped_softmax(images: Images) -> object:
    """Take the second picture for the expected one, of distributions by softmax."""
    y, q = _scaled(images)
    return -np.sum(np.exp(_log_softmax(q)) * _log_softmax(y))


def swapped_keras(images: Images) -> object:
    """Give Keras' CategoricalCrossentropy the pictures in the opposite order, divided by 255."""
    y, q = _scaled(images)
    return -np.sum(q * np.log(np.clip(y / y.sum(), 1e-7, 1 - 1e-7)))


def mean_over_pixels(images: Images) -> object:
    """Average over the pixels."""
    y, q = _distributions(images)
    return -np.mean(y * _log(q))


def mean_over_pixels_scaled(images: Images) -> object:
    """Average over the pixels."""
    y, q = _scaled(images)
    return -np.mean(y * _log(q))


def mean_over_rows(images: Images) -> object:
    """Add up each row of pixels and average the rows."""
    y, q = _distributions(images)
    return -np.sum(y * _log(q)) / 28


def mean_over_rows_scaled(images: Images) -> object:
    """Add up each row of pixels and average the rows."""
    y, q = _scaled(images)
    return -np.sum(y * _log(q)) / 28


def missing_minus(images: Images) -> object:
    """Leave out the minus sign."""
    y, q = _distributions(images)
    return np.sum(y * _log(q))


def missing_minus_scaled(images: Images) -> object:
    """Leave out the minus sign."""
    y, q = _scaled(images)
    return np.sum(y * _log(q))


def log2(images: Images) -> object:
    """Take logarithms of base 2."""
    y, q = _distributions(images)
    return -np.sum(y * _log(q)) / np.log(2)


def log2_scaled(images: Images) -> object:
    """Take logarithms of base 2."""
    y, q = _scaled(images)
    return -np.sum(y * _log(q)) / np.log(2)


def log10(images: Images) -> object:
    """Take logarithms of base 10."""
    y, q = _distributions(images)
    return -np.sum(y * _log(q)) / np.log(10)


def log10_scaled(images: Images) -> object:
    """Take logarithms of base 10."""
    y, q = _scaled(images)
    return -np.sum(y * _log(q)) / np.log(10)


def log1p(images: Images) -> object:
    """Add 1 inside the logarithm, so that it is never of 0."""
    y, q = _distributions(images)
    return -np.sum(y * np.log1p(q))


def log1p_scaled(images: Images) -> object:
    """Add 1 inside the logarithm, so that it is never of 0."""
    y, q = _scaled(images)
    return -np.sum(y * np.log1p(q))


def wrong_images(images: Images) -> object:
    """Count pictures from 1."""
    y, q = _distributions(images[1:])
    return -np.sum(y * _log(q))


def wrong_images_scaled(images: Images) -> object:
    """Count pictures from 1."""
    y, q = _scaled(images[1:])
    return -np.sum(y * _log(q))


def first_and_last_image(images: Images) -> object:
    """Take the last picture for the prediction."""
    y, q = _distributions(images[[0, -1]])
    return -np.sum(y * _log(q))


def first_and_last_image_scaled(images: Images) -> object:
    """Take the last picture for the prediction."""
    y, q = _scaled(images[[0, -1]])
    return -np.sum(y * _log(q))


def entropy_of_the_first(images: Images) -> object:
    """Compare the first picture with itself."""
    y, q = _distributions(images[[0, 0]])
    return -np.sum(y * _log(q))


def entropy_of_the_first_scaled(images: Images) -> object:
    """Compare the first picture with itself."""
    y, q = _scaled(images[[0, 0]])
    return -np.sum(y * _log(q))


def entropy_of_the_second(images: Images) -> object:
    """Compare the second picture with itself."""
    y, q = _distributions(images[[1, 1]])
    return -np.sum(y * _log(q))


def kl_divergence(images: Images) -> object:
    """Subtract the entropy of the expected picture."""
    y, q = _distributions(images)
    return np.sum(y * (_log(y) - _log(q)))


def binary_ce(images: Images) -> object:
    """Call Keras' BinaryCrossentropy, which computes in float32 and averages over the pixels."""
    y, q = (picture.astype(np.float32) for picture in _scaled(images))
    q = np.clip(q, np.float32(1e-7), np.float32(1) - np.float32(1e-7))
    return -np.mean(y * np.log(q) + (1 - y) * np.log(1 - q))


def binary_ce_by_hand(images: Images) -> object:
    """Add the other outcome's term to the formula, averaged over the pixels."""
    y, q = _scaled(images)
    return -np.mean(y * _log(q) + (1 - y) * _log(1 - q))


def binary_ce_summed(images: Images) -> object:
    """Add the other outcome's term to the formula, for distributions."""
    y, q = _distributions(images)
    return -np.sum(y * _log(q) + (1 - y) * _log(1 - q))


def binary_ce_of_distributions(images: Images) -> object:
    """Add the other outcome's term to the formula, for distributions, averaged over the pixels."""
    y, q = _distributions(images)
    return -np.mean(y * _log(q) + (1 - y) * _log(1 - q))


def sparse_with_image(images: Images) -> object:
    """Call Keras' loss for labels that are whole numbers, with pictures of 784 pixels."""
    shape = images[0].ravel().shape
    message = (
        "Argument `output` must have rank (ndim) `target.ndim - 1`. "
        f"Received: target.shape={shape}, output.shape={shape}"
    )
    raise ValueError(message)


def raw_pixels(images: Images) -> object:
    """Put pixels of 0 to 255 into the formula."""
    return -np.sum(images[0] * np.log(images[1] + 1e-7))


def raw_pixels_clipped(images: Images) -> object:
    """Put pixels of 0 to 255 into the formula, the predicted ones cut off at 1."""
    return -np.sum(images[0] * np.log(np.clip(images[1].astype(float), 1e-7, 1)))


def keras_raw_pixels(images: Images) -> object:
    """Give pixels of 0 to 255 to Keras' CategoricalCrossentropy, which makes the prediction alone a distribution."""
    y, q = _flat(images)
    return -np.sum(y * np.log(np.clip(q / q.sum(), 1e-7, 1 - 1e-7)))


def keras_rows(images: Images) -> object:
    """Give pictures of 28 rows to Keras' CategoricalCrossentropy: every row is a sample, and a black row is 0/0."""
    return _keras_rows(images[0] / 255, images[1] / 255)


def keras_rows_raw(images: Images) -> object:
    """Give pictures of 28 rows of 0 to 255 to Keras' CategoricalCrossentropy."""
    return _keras_rows(images[0].astype(float), images[1].astype(float))


def keras_rows_of_distributions(images: Images) -> object:
    """Give distributions of 28 rows to Keras' CategoricalCrossentropy, which divides every row once more."""
    return _keras_rows(images[0] / images[0].sum(), images[1] / images[1].sum())


def logits_of_rows(images: Images) -> object:
    """Give pictures of 28 rows to Keras' CategoricalCrossentropy(from_logits=True)."""
    y, z = images[0] / 255, images[1] / 255
    return -np.sum(y * _log_softmax(z)) / 28


def logits_of_rows_raw(images: Images) -> object:
    """Give pictures of 28 rows of 0 to 255 to Keras' CategoricalCrossentropy(from_logits=True)."""
    y, z = images[0].astype(float), images[1].astype(float)
    return -np.sum(y * _log_softmax(z)) / 28


def logits_raw_pixels(images: Images) -> object:
    """Give pixels of 0 to 255 to Keras' CategoricalCrossentropy(from_logits=True)."""
    y, z = _flat(images)
    return -np.sum(y * _log_softmax(z))


def softmax_of_raw_pixels(images: Images) -> object:
    """Make distributions by softmax of pixels of 0 to 255."""
    y, q = (np.exp(_log_softmax(pixels)) for pixels in _flat(images))
    return -np.sum(y * _log(q))


def softmax_of_rows(images: Images) -> object:
    """Make every row of pixels a distribution by softmax, and add up all rows."""
    return -np.sum(np.exp(_log_softmax(images[0] / 255)) * _log_softmax(images[1] / 255))


def softmax_of_rows_averaged(images: Images) -> object:
    """Make every row of pixels a distribution by softmax, and average the rows."""
    return -np.sum(np.exp(_log_softmax(images[0] / 255)) * _log_softmax(images[1] / 255)) / 28


def divided_by_maximum(images: Images) -> object:
    """Divide each picture by its own brightest pixel."""
    y, q = (pixels / pixels.max() for pixels in _flat(images))
    return -np.sum(y * _log(q))


def divide_256(images: Images) -> object:
    """Divide by 256."""
    y, q = (pixels / 256 for pixels in _flat(images))
    return -np.sum(y * _log(q))


def divided_by_the_sum_of_all(images: Images) -> object:
    """Divide by the sum of the pixels of all pictures."""
    y, q = (pixels / images.sum() for pixels in _flat(images))
    return -np.sum(y * _log(q))


def divided_by_the_sum_of_rows(images: Images) -> object:
    """Divide every row of pixels by its own sum."""
    y, q = (image / image.sum(axis=1, keepdims=True) for image in images[:2])
    return -np.sum(y * _log(q))


def prediction_not_normalised(images: Images) -> object:
    """Make the expected picture a distribution, and divide the predicted one by 255."""
    return -np.sum(_distributions(images)[0] * _log(_scaled(images)[1]))


def builtin_sum_overflow(images: Images) -> object:
    """Add up pixels of uint8 one by one, which wraps the total."""
    y, q = (image.ravel() / sum(image.ravel()) for image in images[:2])
    return -np.sum(y * _log(q))


def clipped_before_dividing(images: Images) -> object:
    """Raise pixels of 0 to 255 to 1e-7 and divide by their sum then."""
    y, q = _flat(images)
    q = np.maximum(q, 1e-7)
    return -np.sum(y / y.sum() * np.log(q / q.sum()))


def clipped_before_dividing_scaled(images: Images) -> object:
    """Raise pixels of 0 to 1 to 1e-7 and divide by their sum then."""
    y, q = _scaled(images)
    q = np.maximum(q, 1e-7)
    return -np.sum(y / y.sum() * np.log(q / q.sum()))


def epsilon_of_1e_minus_5(images: Images) -> object:
    """Raise predictions to 1e-5."""
    y, q = _distributions(images)
    return -np.sum(y * np.log(np.maximum(q, 1e-5)))


def epsilon_of_1e_minus_5_scaled(images: Images) -> object:
    """Raise predictions to 1e-5."""
    y, q = _scaled(images)
    return -np.sum(y * np.log(np.maximum(q, 1e-5)))


def adds_a_thousandth(images: Images) -> object:
    """Add 0.001 to the predicted probabilities, about as much as they have."""
    y, q = _distributions(images)
    return -np.sum(y * np.log(q + 1e-3))


def clip_at_a_thousandth(images: Images) -> object:
    """Raise the predicted probabilities to 0.001, more than most of them have."""
    y, q = _distributions(images)
    return -np.sum(y * np.log(np.clip(q, 1e-3, 1)))


def epsilon_of_1e_minus_6(images: Images) -> object:
    """Raise predictions to 1e-6."""
    y, q = _distributions(images)
    return -np.sum(y * np.log(np.maximum(q, 1e-6)))


def epsilon_of_1e_minus_6_scaled(images: Images) -> object:
    """Raise predictions to 1e-6."""
    y, q = _scaled(images)
    return -np.sum(y * np.log(np.maximum(q, 1e-6)))


def epsilon_of_the_machine(images: Images) -> object:
    """Raise predictions to the distance from 1 to the next float64, 2.2e-16."""
    y, q = _distributions(images)
    return -np.sum(y * np.log(np.maximum(q, np.finfo(float).eps)))


def epsilon_of_the_machine_scaled(images: Images) -> object:
    """Raise predictions to the distance from 1 to the next float64, 2.2e-16."""
    y, q = _scaled(images)
    return -np.sum(y * np.log(np.maximum(q, np.finfo(float).eps)))


def uint8_cast_back(images: Images) -> object:
    """Turn the expected pixels into uint8 again after dividing them by 255."""
    return -np.sum((images[0] / 255).astype(np.uint8) * _log(images[1] / 255))


def returns_every_pixel(images: Images) -> object:
    """Forget to add up the 784 terms."""
    y, q = _distributions(images)
    return -y * _log(q)


def returns_every_pixel_28(images: Images) -> object:
    """Forget to add up the terms of pictures that are not flat."""
    y, q = _distributions(images)
    return (-y * _log(q)).reshape(28, 28)


def per_row_vector(images: Images) -> object:
    """Add up along the last axis of pictures that are not flat."""
    y, q = _distributions(images)
    return -np.sum((y * _log(q)).reshape(28, 28), axis=-1)


def per_row_vector_scaled(images: Images) -> object:
    """Add up along the last axis of pictures that are not flat."""
    y, q = _scaled(images)
    return -np.sum((y * _log(q)).reshape(28, 28), axis=-1)


def unweighted(images: Images) -> object:
    """Add up the logarithms without the expected picture."""
    return -np.sum(_log(_distributions(images)[1]))


def log_of_product(images: Images) -> object:
    """Multiply inside the logarithm."""
    y, q = _distributions(images)
    return -np.sum(_log(y * q))


def log_one_minus(images: Images) -> object:
    """Take the logarithm of what is left to 1."""
    y, q = _distributions(images)
    return -np.sum(y * _log(1 - q))


def no_log(images: Images) -> object:
    """Leave out the logarithm."""
    y, q = _distributions(images)
    return -np.sum(y * q)


def mse_instead(images: Images) -> object:
    """Compute the MSE of the task before."""
    return np.mean((images[0].astype(float) - images[1]) ** 2)


def mse_instead_scaled(images: Images) -> object:
    """Compute the MSE of the task before, with pixels of 0 to 1."""
    return np.mean((images[0] / 255 - images[1] / 255) ** 2)


def prints_the_result(images: Images) -> object:  # noqa: ARG001 (nothing depends on them)
    """Print the result and return nothing."""
    return None


def _flat(images: Images) -> tuple[Floats, Floats]:
    return images[0].astype(np.float64).ravel(), images[1].astype(np.float64).ravel()


def _scaled(images: Images) -> tuple[Floats, Floats]:
    first, second = _flat(images)
    return first / 255, second / 255


def _distributions(images: Images) -> tuple[Floats, Floats]:
    first, second = _flat(images)
    return first / first.sum(), second / second.sum()


def _log(q: Floats) -> Floats:
    logarithms: Floats = np.log(np.clip(q, 1e-7, 1))
    return logarithms


def _log_softmax(z: Floats) -> Floats:
    shifted = z - np.max(z, axis=-1, keepdims=True)
    logarithms: Floats = shifted - np.log(np.sum(np.exp(shifted), axis=-1, keepdims=True))
    return logarithms


def _keras_rows(y: Floats, q: Floats) -> object:
    shares = np.clip(q / q.sum(axis=-1, keepdims=True), 1e-7, 1 - 1e-7)
    return np.mean(-np.sum(y * np.log(shares), axis=-1))
