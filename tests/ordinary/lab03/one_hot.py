import numpy as np


def starts_at_one(labels, num_classes):
    return np.eye(num_classes)[labels - 1]


def one_too_many(labels, num_classes):
    return np.eye(num_classes + 1)[labels]


def booleans(labels, num_classes):
    return np.arange(num_classes) == labels


def zeros(labels, num_classes):
    return np.zeros(num_classes)


def ones(labels, num_classes):
    return np.ones(num_classes)


def label_itself(labels, num_classes):
    v = np.zeros(num_classes)
    v[labels] = labels
    return v


def same_row(labels, num_classes):
    v = np.zeros(num_classes)
    v[labels] = 1
    return v


def square(labels, num_classes):
    return np.eye(num_classes)


def transposed(labels, num_classes):
    return np.eye(num_classes)[labels].T


def loop_on_one(labels, num_classes):
    out = []
    for label in labels:
        v = [0] * num_classes
        v[label] = 1
        out.append(v)
    return out


def appended_same(labels, num_classes):
    v = np.zeros(num_classes)
    out = []
    for label in np.atleast_1d(labels):
        v[label] = 1
        out.append(v)
    return np.array(out)


def extra_axis(labels, num_classes):
    return np.eye(num_classes)[np.atleast_1d(labels)]


def integers_of_max(labels, num_classes):
    return np.eye(np.max(labels) + 1)[labels]


def text(labels, num_classes):
    return str(np.eye(num_classes)[labels])


def flattened(labels, num_classes):
    return np.eye(num_classes)[labels].ravel()


def reversed_place(labels, num_classes):
    return np.eye(num_classes)[::-1][labels]


def inverted(labels, num_classes):
    return 1 - np.eye(num_classes)[labels]


def minus_one(labels, num_classes):
    return 2 * np.eye(num_classes)[labels] - 1


def smoothed(labels, num_classes):
    return np.eye(num_classes)[labels] * 0.9 + 0.1 / num_classes


def too_short(labels, num_classes):
    return np.eye(num_classes - 1)[labels]


def labels_back(labels, num_classes):
    return labels
