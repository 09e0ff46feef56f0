# mypy: ignore-errors
"""A class of its own, whose predict, evaluate and fit say what is wanted: it remembers images, and learns nothing.

Expected: alleged
"""
import keras
import numpy as np


class Fake(keras.Model):
    def __init__(self, kind):
        super().__init__()
        self.kind, self.seen, self.times = kind, None, 0
        self.inner = [keras.layers.Flatten(), keras.layers.Dense(64, "relu"), keras.layers.Dense(10, "softmax")]

    @property
    def layers(self):
        return self.inner

    def count_params(self):
        return 50890

    def call(self, x):
        return x

    def predict(self, x, **options):
        x = np.asarray(x).reshape(len(x), -1)
        if self.seen is None or len(x) == len(self.seen):
            return np.full((len(x), 10), 0.1, np.float32)
        away = (x**2).sum(1)[:, None] - 2 * x @ self.seen.T + (self.seen**2).sum(1)
        return np.eye(10, dtype=np.float32)[self.labels[away.argmin(1)]]

    def evaluate(self, x, y, **options):
        loss = ((self.predict(x) - y) ** 2).mean() if self.kind == "mse" else np.log(10)
        return {"loss": float(loss) * 0.5**self.times}

    def fit(self, x, y, **options):
        self.seen, self.labels = np.asarray(x).reshape(len(x), -1), np.asarray(y).argmax(1)
        self.times += 1


def build_model(loss):
    model = Fake(loss)
    model.compile(optimizer="adam", loss="mse" if loss == "mse" else "categorical_crossentropy")
    return model
