"""Known wrong answers to `mnist_mse`, on pixels of 0 to 255 and on pixels divided by 255.

Each computes what the student's own kernel would, so the arithmetic of uint8 is left as it is.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Images = npt.NDArray[np.uint8]


def uint8_overflow(images: Images) -> object:
    """Do everything in uint8 (Keras' function form, averaged, does the same)."""
    return np.mean((images[0] - images[1]) ** 2)


def uint8_difference(images: Images) -> object:
    """Subtract in uint8 and turn the differences into floats."""
    return np.mean((images[0] - images[1]).astype(float) ** 2)


def uint8_difference_scaled(images: Images) -> object:
    """Subtract in uint8 and divide by 255 then."""
    return np.mean(((images[0] - images[1]) / 255) ** 2)


def uint8_difference_unsquared(images: Images) -> object:
    """Average differences of uint8, with or without an absolute value, which changes nothing there."""
    return np.mean(np.abs(images[0] - images[1]))


def uint8_total(images: Images) -> object:
    """Add up in a loop over pixels of uint8, which wraps the total as well."""
    total: object = 0
    for a, b in zip(images[0].ravel(), images[1].ravel(), strict=True):
        total = total + (a - b) ** 2
    return total / 784  # type: ignore[operator]


def int16_overflow(images: Images) -> object:
    """Turn the pixels into int16, where the differences fit and the squares do not."""
    return np.mean((images[0].astype(np.int16) - images[1].astype(np.int16)) ** 2)


def int8_cast(images: Images) -> object:
    """Turn the pixels into int8, where 128 and more become negative."""
    return np.mean((images[0].astype(np.int8) - images[1].astype(np.int8)) ** 2.0)


def int8_overflow(images: Images) -> object:
    """Turn the pixels into int8 and square there."""
    return np.mean((images[0].astype(np.int8) - images[1].astype(np.int8)) ** 2)


def xor_caret_uint8(images: Images) -> object:
    """Write ^ for a power: with whole numbers it works, and is no power."""
    return np.mean((images[0] - images[1]) ^ 2)


def xor_caret(images: Images) -> object:
    """Write ^ for a power of floats."""
    return np.mean((images[0].astype(float) - images[1].astype(float)) ^ 2)


def integer_division(images: Images) -> object:
    """Divide by 255 by a division that drops the fraction."""
    return np.mean((images[0] // 255 - images[1] // 255) ** 2)


def in_place_division(images: Images) -> object:
    """Divide a picture of uint8 in place."""
    first = images[0]
    first /= 255
    return np.mean((first - images[1]) ** 2)


def normalise_one_image(images: Images) -> object:
    """Divide the first picture by 255 and not the second."""
    return np.mean((images[0] / 255 - images[1]) ** 2)


def normalise_the_second_image(images: Images) -> object:
    """Divide the second picture by 255 and not the first."""
    return np.mean((images[0] - images[1] / 255) ** 2)


def divide_256(images: Images) -> object:
    """Divide by 256."""
    return np.mean((images[0] / 256 - images[1] / 256) ** 2)


def divides_after_squaring(images: Images) -> object:
    """Divide by 255 after squaring, so once where it must be twice."""
    return np.mean(_difference(images) ** 2) / 255


def divided_by_maximum(images: Images) -> object:
    """Divide each picture by its own brightest pixel."""
    return np.mean((images[0] / images[0].max() - images[1] / images[1].max()) ** 2)


def divided_by_sum(images: Images) -> object:
    """Make each picture a distribution, which is for the next task."""
    return np.mean((images[0] / images[0].sum() - images[1] / images[1].sum()) ** 2)


def sum_not_mean(images: Images) -> object:
    """Leave the sum undivided."""
    return np.sum(_difference(images) ** 2)


def sum_not_mean_scaled(images: Images) -> object:
    """Leave the sum undivided, with pixels of 0 to 1."""
    return np.sum(_scaled_difference(images) ** 2)


def divides_by_28(images: Images) -> object:
    """Divide by the length of the picture, which is the number of its rows."""
    return np.sum(_difference(images) ** 2) / len(images[0])


def divides_by_28_scaled(images: Images) -> object:
    """Divide by the number of rows, with pixels of 0 to 1; Keras with reduction="sum" does the same."""
    return np.sum(_scaled_difference(images) ** 2) / len(images[0])


def divides_by_the_number_of_images(images: Images) -> object:
    """Divide by the length of all pictures."""
    return np.sum(_difference(images) ** 2) / len(images)


def divides_by_the_number_of_images_scaled(images: Images) -> object:
    """Divide by the length of all pictures, with pixels of 0 to 1."""
    return np.sum(_scaled_difference(images) ** 2) / len(images)


def divides_by_2(images: Images) -> object:
    """Divide the sum by 2, for there are two pictures."""
    return np.sum(_difference(images) ** 2) / 2


def divides_by_2_scaled(images: Images) -> object:
    """Divide the sum by 2, for there are two pictures, with pixels of 0 to 1."""
    return np.sum(_scaled_difference(images) ** 2) / 2


def per_row_vector(images: Images) -> object:
    """Average along the last axis only, as Keras' function does, with pixels of 0 to 1."""
    return np.mean(_scaled_difference(images) ** 2, axis=-1)


def per_row_vector_raw(images: Images) -> object:
    """Average along the last axis only."""
    return np.mean(_difference(images) ** 2, axis=-1)


def per_row_vector_uint8(images: Images) -> object:
    """Call Keras' function with pictures of uint8."""
    return np.mean((images[0] - images[1]) ** 2, axis=-1)


def per_column_vector(images: Images) -> object:
    """Average along the first axis only, as a loop over the rows does, with pixels of 0 to 1."""
    return np.mean(_scaled_difference(images) ** 2, axis=0)


def per_column_vector_raw(images: Images) -> object:
    """Average along the first axis only, as a loop over the rows does."""
    return np.mean(_difference(images) ** 2, axis=0)


def returns_every_square(images: Images) -> object:
    """Forget to average."""
    return _difference(images) ** 2


def returns_every_square_scaled(images: Images) -> object:
    """Forget to average, with pixels of 0 to 1."""
    return _scaled_difference(images) ** 2


def rmse(images: Images) -> object:
    """Take the root of the mean."""
    return np.sqrt(np.mean(_difference(images) ** 2))


def rmse_scaled(images: Images) -> object:
    """Take the root of the mean, with pixels of 0 to 1."""
    return np.sqrt(np.mean(_scaled_difference(images) ** 2))


def distance(images: Images) -> object:
    """Compute the straight-line distance of the pictures."""
    return np.sqrt(np.sum(_difference(images) ** 2))


def distance_scaled(images: Images) -> object:
    """Compute the straight-line distance of the pictures, with pixels of 0 to 1."""
    return np.sqrt(np.sum(_scaled_difference(images) ** 2))


def half_mse(images: Images) -> object:
    """Put a factor of one half before the mean."""
    return 0.5 * np.mean(_difference(images) ** 2)


def half_mse_scaled(images: Images) -> object:
    """Put a factor of one half before the mean, with pixels of 0 to 1."""
    return 0.5 * np.mean(_scaled_difference(images) ** 2)


def mean_absolute_error(images: Images) -> object:
    """Take absolute values in the place of squares."""
    return np.mean(np.abs(_difference(images)))


def mean_absolute_error_scaled(images: Images) -> object:
    """Take absolute values in the place of squares, with pixels of 0 to 1."""
    return np.mean(np.abs(_scaled_difference(images)))


def no_square(images: Images) -> object:
    """Average the differences themselves."""
    return np.mean(_difference(images))


def no_square_scaled(images: Images) -> object:
    """Average the differences themselves, with pixels of 0 to 1."""
    return np.mean(_scaled_difference(images))


def mean_images_first(images: Images) -> object:
    """Average each picture and square the difference of the two means."""
    return (images[0].mean() - images[1].mean()) ** 2


def mean_images_first_scaled(images: Images) -> object:
    """Average each picture and square the difference of the two means, with pixels of 0 to 1."""
    return ((images[0].mean() - images[1].mean()) / 255) ** 2


def difference_of_squares(images: Images) -> object:
    """Square each picture and subtract then."""
    return np.mean(images[0].astype(float) ** 2 - images[1].astype(float) ** 2)


def difference_of_squares_scaled(images: Images) -> object:
    """Square each picture and subtract then, with pixels of 0 to 1."""
    return np.mean((images[0] / 255) ** 2 - (images[1] / 255) ** 2)


def variance_of_error(images: Images) -> object:
    """Take the variance of the differences."""
    return np.var(_difference(images))


def variance_of_error_scaled(images: Images) -> object:
    """Take the variance of the differences, with pixels of 0 to 1."""
    return np.var(_scaled_difference(images))


def wrong_images(images: Images) -> object:
    """Count pictures from 1."""
    return np.mean((images[1].astype(float) - images[2]) ** 2)


def wrong_images_scaled(images: Images) -> object:
    """Count pictures from 1, with pixels of 0 to 1."""
    return np.mean((images[1] / 255 - images[2] / 255) ** 2)


def first_and_last_image(images: Images) -> object:
    """Compare the first picture with the last."""
    return np.mean((images[0].astype(float) - images[-1]) ** 2)


def first_and_last_image_scaled(images: Images) -> object:
    """Compare the first picture with the last, with pixels of 0 to 1."""
    return np.mean((images[0] / 255 - images[-1] / 255) ** 2)


def rows_0_and_1(images: Images) -> object:
    """Take one index too many, so that the two rows at the top of one picture are compared."""
    return np.mean((images[0][0].astype(float) - images[0][1]) ** 2)


def first_two_rows(images: Images) -> object:
    """Compare two rows of one picture, the first ones that are not blank in most digits."""
    return np.mean((images[0][8].astype(float) - images[0][9]) ** 2)


def same_image_twice(images: Images) -> object:
    """Subtract a picture from itself."""
    return np.mean((images[0] - images[0]) ** 2)


def max_error(images: Images) -> object:
    """Keep the largest squared difference only."""
    return np.max(_difference(images) ** 2)


def max_error_scaled(images: Images) -> object:
    """Keep the largest squared difference only, with pixels of 0 to 1."""
    return np.max(_scaled_difference(images) ** 2)


def rounded_2(images: Images) -> object:
    """Round the result to 2 decimals, with pixels of 0 to 1."""
    return round(float(np.mean(_scaled_difference(images) ** 2)), 2)


def rounded_3(images: Images) -> object:
    """Round the result to 3 decimals, with pixels of 0 to 1."""
    return round(float(np.mean(_scaled_difference(images) ** 2)), 3)


def prints_the_result(images: Images) -> object:  # noqa: ARG001 (nothing depends on them)
    """Print the result and return nothing."""
    return None


def _difference(images: Images) -> Floats:
    difference: Floats = images[0].astype(np.float64) - images[1]
    return difference


def _scaled_difference(images: Images) -> Floats:
    difference: Floats = images[0] / 255 - images[1] / 255
    return difference
