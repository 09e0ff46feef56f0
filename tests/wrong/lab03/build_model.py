"""Wrong networks with a loss, each a function named by its mistake in reference/mistakes."""

import keras
import numpy as np
import tensorflow as tf
from keras import layers

NAMES = {"mse": "mse", "cross_entropy": "categorical_crossentropy"}


def _net(loss, optimizer="adam", out=10, end="softmax", **options):
    model = keras.Sequential(
        [
            keras.Input((28, 28)),
            layers.Flatten(),
            layers.Dense(64, activation="relu", **options),
            layers.Dense(out, activation=end, **options),
        ]
    )
    model.compile(optimizer=optimizer, loss=loss)
    return model


def _positive(loss, end):
    """Begin with outputs far above 0: without this luck such a network may learn nothing, and lose that as well."""
    model = keras.Sequential(
        [
            keras.Input((28, 28)),
            layers.Flatten(),
            layers.Dense(64, activation="relu"),
            layers.Dense(10, activation=end, bias_initializer=keras.initializers.Constant(5.0)),
        ]
    )
    model.compile(optimizer=keras.optimizers.SGD(0.05), loss=NAMES[loss])
    return model


# The argument


def name_is_the_argument(loss):
    return _net(loss)


def always_cross_entropy(loss):
    return _net("categorical_crossentropy")


def always_mse(loss):
    return _net("mse")


def losses_exchanged(loss):
    return _net("categorical_crossentropy" if loss == "mse" else "mse")


def not_compiled(loss):
    model = keras.Sequential([keras.Input((28, 28)), layers.Flatten(), layers.Dense(10, activation="softmax")])
    if loss == "mse":
        model.compile(optimizer="adam", loss="mse")
    if loss == "crossentropy":
        model.compile(optimizer="adam", loss="categorical_crossentropy")
    return model


def no_loss(loss):
    return _net(None)


def name_misspelled(loss):
    return _net({"mse": "mean_square_error", "cross_entropy": "categorical_cross_entropy"}[loss])


# What it looks like


def no_flatten(loss):
    model = keras.Sequential(
        [keras.Input((28, 28)), layers.Dense(64, activation="relu"), layers.Dense(10, activation="softmax")]
    )
    model.compile(optimizer="adam", loss=NAMES[loss])
    return model


def other_input_size(loss):
    model = keras.Sequential(
        [keras.Input((28,)), layers.Dense(64, activation="relu"), layers.Dense(10, activation="softmax")]
    )
    model.compile(optimizer="adam", loss=NAMES[loss])
    return model


def one_output(loss):
    return _net({"mse": "mse", "cross_entropy": "binary_crossentropy"}[loss], out=1, end="sigmoid")


def too_many_classes(loss):
    return _net(NAMES[loss], out=11)


def too_few_classes(loss):
    return _net(NAMES[loss], out=9)


def logits_in_the_mse(loss):
    losses = {"mse": "mse", "cross_entropy": keras.losses.CategoricalCrossentropy(from_logits=True)}
    return _net(losses[loss], end=None)


def nothing_at_the_end(loss):
    return _positive(loss, end=None)


def sigmoid_at_the_end(loss):
    return _net(NAMES[loss], end="sigmoid")


def relu_at_the_end(loss):
    return _positive(loss, end="relu")


def softmax_along_the_batch(loss):
    return _net(NAMES[loss], end=lambda t: tf.nn.softmax(t, axis=0))


# The loss


def mae_for_mse(loss):
    return _net({"mse": "mae", "cross_entropy": "categorical_crossentropy"}[loss])


def sum_for_mean_in_the_mse(loss):
    def squared_errors(y, p):
        return tf.reduce_sum(tf.square(y - p), axis=-1)

    return _net({"mse": squared_errors, "cross_entropy": "categorical_crossentropy"}[loss])


def half_mse(loss):
    def half(y, p):
        return tf.reduce_mean(tf.square(y - p), axis=-1) / 2

    return _net({"mse": half, "cross_entropy": "categorical_crossentropy"}[loss])


def root_of_the_mse(loss):
    def root(y, p):
        return tf.sqrt(tf.reduce_mean(tf.square(y - p), axis=-1))

    return _net({"mse": root, "cross_entropy": "categorical_crossentropy"}[loss])


def binary_cross_entropy(loss):
    return _net({"mse": "mse", "cross_entropy": "binary_crossentropy"}[loss])


def hinge(loss):
    return _net({"mse": "mse", "cross_entropy": "categorical_hinge"}[loss])


def focal(loss):
    return _net({"mse": "mse", "cross_entropy": "categorical_focal_crossentropy"}[loss])


def labels_smoothed(loss):
    return _net({"mse": "mse", "cross_entropy": keras.losses.CategoricalCrossentropy(label_smoothing=0.1)}[loss])


def mean_over_the_classes(loss):
    def entropy(y, p):
        return -tf.reduce_mean(y * tf.math.log(p + 1e-7), axis=-1)

    return _net({"mse": "mse", "cross_entropy": entropy}[loss])


def log2(loss):
    def entropy(y, p):
        return -tf.reduce_sum(y * tf.math.log(p + 1e-7), axis=-1) / np.log(2)

    return _net({"mse": "mse", "cross_entropy": entropy}[loss])


def log10(loss):
    def entropy(y, p):
        return -tf.reduce_sum(y * tf.math.log(p + 1e-7), axis=-1) / np.log(10)

    return _net({"mse": "mse", "cross_entropy": entropy}[loss])


def minus_left_out(loss):
    def entropy(y, p):
        return tf.reduce_sum(y * tf.math.log(p + 1e-7), axis=-1)

    return _net({"mse": "mse", "cross_entropy": entropy}[loss])


def swapped_arguments(loss):
    def entropy(p, y):
        return -tf.reduce_sum(y * tf.math.log(tf.clip_by_value(p, 1e-7, 1.0)), axis=-1)

    return _net({"mse": "mse", "cross_entropy": entropy}[loss])


def summed_over_the_images(loss):
    losses = {"mse": keras.losses.MeanSquaredError, "cross_entropy": keras.losses.CategoricalCrossentropy}
    return _net(losses[loss](reduction="sum"), optimizer=keras.optimizers.SGD(1e-3))


# Training


def nothing_changes(loss):
    return _net(NAMES[loss], optimizer=keras.optimizers.SGD(0.0))


def all_weights_zero(loss):
    return _net(NAMES[loss], kernel_initializer="zeros")


def loss_is_no_number(loss):
    return _net(NAMES[loss], optimizer=keras.optimizers.SGD(1e30))


def loss_rises(loss):
    return _net(NAMES[loss], optimizer=keras.optimizers.SGD(-3e-3))
