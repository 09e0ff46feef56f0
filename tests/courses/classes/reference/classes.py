"""What the lab about classes answers."""

import numpy as np


class Perceptron:
    """Rosenblatt's: labels are 1 and -1."""

    def __init__(self, epochs):
        self.epochs = epochs

    def fit(self, x, y):
        self.w, self.b = np.zeros(x.shape[1]), 0.0
        for _ in range(self.epochs):
            for row, label in zip(x, y):
                if label * (row @ self.w + self.b) <= 0:
                    self.w = self.w + label * row
                    self.b = self.b + label
        return self

    def predict(self, x):
        return np.where(x @ self.w + self.b > 0, 1, -1)


class KMeans:
    """Lloyd's algorithm from given centers."""

    def __init__(self, count):
        self.count = count

    def fit(self, points, start):
        self.centers = start
        for _ in range(20):
            labels = self.predict(points)
            self.centers = np.array([points[labels == label].mean(axis=0) for label in range(self.count)])

    def predict(self, points):
        return ((points[:, None] - self.centers) ** 2).sum(axis=2).argmin(axis=1)


class Stack:
    """What was put on it last comes first."""

    def __init__(self):
        self.items = []

    def push(self, item):
        self.items.append(item)

    def pop(self):
        return self.items.pop()

    def __len__(self):
        return len(self.items)


def two_classes(rng):
    """Make points of two classes that a line divides."""
    y = np.array([1, -1, 1, -1, 1, -1], np.int64)
    return {"x": rng.normal(size=(6, 2)) + 3 * y[:, None], "y": y, "epochs": 20}


def classes_and_new(rng):
    """Make the same with new points."""
    made = two_classes(rng)
    return {"x": made["x"], "y": made["y"], "new": np.array([[4.0, 3.0], [-5.0, -2.0], [3.0, 6.0]])}


def mixed_classes(rng):
    """Make points of two classes that no line divides, so that the training goes on."""
    y = np.array([1, -1, 1, -1, 1, -1, 1], np.int64)
    return {"x": rng.normal(size=(7, 2)) + 0.3 * y[:, None] + 1.0, "y": y, "epochs": 3}


def mixed_and_new(rng):
    """Make the same with new points."""
    made = mixed_classes(rng)
    return {"x": made["x"], "y": made["y"], "new": rng.normal(size=(12, 2)) + 1.0}


def three_clouds(rng):
    """Make three clouds of points on the axes, and where to start."""
    centers = np.array([[0.0, 0.0], [4.0, 0.0], [0.0, 5.0]])
    clouds = (centers[:, None] + rng.normal(0, 0.4, (3, 4, 2))).reshape(-1, 2)
    return {"points": clouds, "start": np.array([[0.5, 0.0], [3.0, 0.5], [0.0, 3.0]])}


def points(rng):
    """Make two clouds of points, and where to start."""
    return {
        "points": np.concatenate([rng.normal(0, 0.3, (4, 2)), rng.normal(5, 0.3, (4, 2))]),
        "start": np.array([[1.0, 1.0], [2.0, 2.0]]),
    }
