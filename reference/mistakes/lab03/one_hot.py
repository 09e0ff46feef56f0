"""What wrong solutions of one_hot give: one function per known mistake, named by its id."""

from __future__ import annotations

import operator
from typing import TYPE_CHECKING, SupportsIndex

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt


def counted_from_one(labels: npt.ArrayLike, num_classes: int) -> object:
    """Put the 1 a place too early: the label 1 fills the first place."""
    return np.eye(num_classes)[np.asarray(labels) - 1]


def one_place_too_late(labels: npt.ArrayLike, num_classes: int) -> object:
    """Put the 1 at the place after the label."""
    return np.eye(num_classes)[np.asarray(labels) + 1]


def one_class_too_many(labels: npt.ArrayLike, num_classes: int) -> object:
    """Make vectors of num_classes + 1 places."""
    return np.eye(num_classes + 1)[np.asarray(labels)]


def width_from_the_labels(labels: npt.ArrayLike, num_classes: int) -> object:
    """Make vectors as long as the largest label needs, whatever num_classes says."""
    del num_classes
    return np.eye(int(np.max(labels)) + 1)[np.asarray(labels)]


def up_to_the_label(labels: npt.ArrayLike, num_classes: int) -> object:
    """Fill every place up to the label with 1."""
    return (np.arange(num_classes) <= np.asarray(labels)[..., np.newaxis]).astype(float)


def counted_from_the_right(labels: npt.ArrayLike, num_classes: int) -> object:
    """Count the places from the right."""
    return np.eye(num_classes)[..., ::-1][np.asarray(labels)]


def stores_the_label(labels: npt.ArrayLike, num_classes: int) -> object:
    """Store the label itself at its place."""
    return np.eye(num_classes)[np.asarray(labels)] * np.asarray(labels)[..., np.newaxis]


def returns_the_label(labels: npt.ArrayLike, num_classes: int) -> object:
    """Give the labels back."""
    del num_classes
    return labels


def minus_one_elsewhere(labels: npt.ArrayLike, num_classes: int) -> object:
    """Write -1 instead of 0."""
    return 2 * np.eye(num_classes)[np.asarray(labels)] - 1


def zeros_and_ones_exchanged(labels: npt.ArrayLike, num_classes: int) -> object:
    """Write 0 at the label and 1 elsewhere."""
    return 1 - np.eye(num_classes)[np.asarray(labels)]


def nothing_stored(labels: npt.ArrayLike, num_classes: int) -> object:
    """Compare with 1 (==) where 1 was to be stored: all places stay 0."""
    return np.zeros((*np.shape(labels), num_classes))


def whole_identity(labels: npt.ArrayLike, num_classes: int) -> object:
    """Make the vectors of all classes, and pick none."""
    del labels
    return np.eye(num_classes)


def written_as_text(labels: npt.ArrayLike, num_classes: int) -> object:
    """Write "0" and "1" as text."""
    return np.where(np.asarray(labels)[..., np.newaxis] == np.arange(num_classes), "1", "0").tolist()


def arguments_exchanged(labels: npt.ArrayLike, num_classes: int) -> object:
    """Take num_classes for the label and the label for the number of classes."""
    vector = np.zeros(labels)  # type: ignore[arg-type]
    vector[num_classes] = 1
    return vector


def returns_nothing(labels: npt.ArrayLike, num_classes: int) -> object:
    """Print the vector, or fill it and forget the return."""
    del labels, num_classes
    return None


def row_for_one_label(labels: npt.ArrayLike, num_classes: int) -> object:
    """Make a matrix of one row of a single label."""
    return np.eye(num_classes)[np.asarray(labels).reshape(-1)]


def length_of_one_label(labels: npt.ArrayLike, num_classes: int) -> object:
    """Ask for the length of the labels, which a single one does not have."""
    rows = np.zeros((len(labels), num_classes))  # type: ignore[arg-type]
    rows[np.arange(len(rows)), np.asarray(labels)] = 1
    return rows


def shape_of_one_label(labels: npt.ArrayLike, num_classes: int) -> object:
    """Ask for the shape of the labels, which a single one does not have."""
    rows = np.zeros((labels.shape[0], num_classes))  # type: ignore[union-attr]
    rows[np.arange(len(rows)), np.asarray(labels)] = 1
    return rows


def one_label_as_several(labels: npt.ArrayLike, num_classes: int) -> object:
    """Index the labels, or loop over them, which a single one does not allow."""
    return (labels[:, None] == np.arange(num_classes)).astype(float)  # type: ignore[index, call-overload, union-attr]


def labels_in_one_vector(labels: npt.ArrayLike, num_classes: int) -> object:
    """Write the ones of all labels into one and the same vector."""
    vector = np.zeros(num_classes)
    vector[np.asarray(labels)] = 1
    return vector


def rows_are_shared(labels: npt.ArrayLike, num_classes: int) -> object:
    """Make the rows of several labels as copies of a reference: [[0] * n] * N."""
    if np.ndim(labels) == 0:
        return np.eye(num_classes)[np.asarray(labels)]
    rows = [[0] * num_classes] * len(np.asarray(labels))
    for row, label in zip(rows, np.asarray(labels), strict=True):
        row[int(label)] = 1
    return rows


def rows_and_columns_exchanged(labels: npt.ArrayLike, num_classes: int) -> object:
    """Give every label a column instead of a row."""
    return np.eye(num_classes)[np.asarray(labels)].T


def rows_in_one_line(labels: npt.ArrayLike, num_classes: int) -> object:
    """Put the vectors of several labels one after another."""
    return np.eye(num_classes)[np.asarray(labels)].ravel()


def first_label_only(labels: npt.ArrayLike, num_classes: int) -> object:
    """Return within the loop over several labels: the vector of the first."""
    return np.eye(num_classes)[np.ravel(labels)[0]]


def last_label_only(labels: npt.ArrayLike, num_classes: int) -> object:
    """Overwrite the vector for every label: the one of the last is left."""
    return np.eye(num_classes)[np.ravel(labels)[-1]]


def truth_of_several(labels: npt.ArrayLike, num_classes: int) -> object:
    """Ask `if place == labels` of several labels at once."""
    return [1 if place == labels else 0 for place in range(num_classes)]


def whole_number_of_several(labels: SupportsIndex, num_classes: int) -> object:
    """Turn several labels into one whole number by int()."""
    vector = np.zeros(num_classes)
    vector[int(labels)] = 1
    return vector


def list_index_of_several(labels: SupportsIndex, num_classes: int) -> object:
    """Use several labels as the index of a list."""
    vector = [0] * num_classes
    operator.setitem(vector, labels, 1)  # type: ignore[call-overload]
    return vector
