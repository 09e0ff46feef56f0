"""Wrong networks of 5 Dense layers, each a function named by its mistake in reference/mistakes."""

import keras
import numpy as np
import tensorflow as tf
from keras import layers


def _net(hidden=(64, 48, 32, 24), out=10, end="softmax", loss="categorical_crossentropy", optimizer="adam", **options):
    model = keras.Sequential(
        [keras.Input((28, 28)), layers.Flatten()]
        + [layers.Dense(n, activation="relu", **options) for n in hidden]
        + [layers.Dense(out, activation=end, **options)]
    )
    model.compile(optimizer=optimizer, loss=loss)
    return model


def _positive(end):
    """Begin with outputs far above 0: without this luck such a network may learn nothing, and lose that as well."""
    model = keras.Sequential(
        [keras.Input((28, 28)), layers.Flatten()]
        + [layers.Dense(n, activation="relu") for n in (64, 48, 32, 24)]
        + [layers.Dense(10, activation=end, bias_initializer=keras.initializers.Constant(5.0))]
    )
    model.compile(optimizer=keras.optimizers.SGD(0.1), loss="categorical_crossentropy")
    return model


# What it looks like


def four_dense():
    return _net((64, 48, 32))


def too_few_dense():
    return _net((64,))


def too_many_dense():
    return _net((32, 32, 32, 32, 24, 20))


def no_flatten():
    model = keras.Sequential(
        [keras.Input((28, 28))]
        + [layers.Dense(n, activation="relu") for n in (64, 48, 32, 24)]
        + [layers.Dense(10, activation="softmax")]
    )
    model.compile(optimizer="adam", loss="categorical_crossentropy")
    return model


def other_input_size():
    model = keras.Sequential(
        [keras.Input((32, 32)), layers.Flatten()]
        + [layers.Dense(n, activation="relu") for n in (64, 48, 32, 24)]
        + [layers.Dense(10, activation="softmax")]
    )
    model.compile(optimizer="adam", loss="categorical_crossentropy")
    return model


def one_output():
    return _net(out=1, end="sigmoid", loss="binary_crossentropy")


def outputs_as_many_as_pixels():
    return _net(out=784)


def too_many_classes():
    return _net(out=11)


def too_few_classes():
    return _net(out=9)


def sigmoid_at_the_end():
    return _net(end="sigmoid")


def relu_at_the_end():
    return _positive(end="relu")


def softmax_along_the_batch():
    return _net(end=lambda t: tf.nn.softmax(t, axis=0))


def nothing_at_the_end():
    return _positive(end=None)


# The loss


def mse():
    return _net(loss="mse")


def mae():
    return _net(loss="mae")


def other_loss_for_numbers():
    return _net(loss=keras.losses.Huber())


def binary_cross_entropy():
    return _net(loss="binary_crossentropy")


def hinge():
    return _net(loss="categorical_hinge")


def focal():
    return _net(loss="categorical_focal_crossentropy")


def poisson():
    return _net(loss="poisson")


def cosine():
    return _net(loss="cosine_similarity")


def labels_smoothed():
    return _net(loss=keras.losses.CategoricalCrossentropy(label_smoothing=0.1))


def summed_over_the_images():
    loss = keras.losses.CategoricalCrossentropy(reduction="sum")
    return _net(loss=loss, optimizer=keras.optimizers.SGD(1e-4))


def mean_over_the_classes():
    return _net(loss=lambda y, p: -tf.reduce_mean(y * tf.math.log(p + 1e-7), axis=-1))


def log2():
    return _net(loss=lambda y, p: keras.losses.categorical_crossentropy(y, p) / np.log(2))


def log10():
    return _net(loss=lambda y, p: keras.losses.categorical_crossentropy(y, p) / np.log(10))


def swapped_arguments():
    return _net(loss=lambda p, y: -tf.reduce_sum(y * tf.math.log(tf.clip_by_value(p, 1e-7, 1.0)), axis=-1))


def minus_left_out():
    return _net(loss=lambda y, p: tf.reduce_sum(y * tf.math.log(p + 1e-7), axis=-1))


def accuracy_for_loss():
    return _net(loss=keras.metrics.categorical_accuracy)


def name_misspelled():
    return _net(loss="categorical_cross_entropy")


def no_loss():
    return _net(loss=None)


def not_compiled():
    return keras.Sequential(
        [keras.Input((28, 28)), layers.Flatten()]
        + [layers.Dense(n, activation="relu") for n in (64, 48, 32, 24)]
        + [layers.Dense(10, activation="softmax")]
    )


# Training


def nothing_changes():
    return _net(trainable=False)


def all_weights_zero():
    return _net(kernel_initializer="zeros")


def loss_is_no_number():
    return _net(optimizer=keras.optimizers.SGD(1e30))


def learning_rate_far_too_large():
    return _net(optimizer=keras.optimizers.Adam(1.0))


def loss_rises():
    return _net(optimizer=keras.optimizers.SGD(-3e-4))
