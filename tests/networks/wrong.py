"""Wrong networks, each a function named by its mistake. What each has to lose stands in tests/grader/sandbox."""

import keras
import numpy as np
import tensorflow as tf
from keras import layers


def net(
    hidden=(64, 48, 32, 24),
    out=10,
    out_act="softmax",
    loss="categorical_crossentropy",
    optimizer="adam",
    trainable=True,
):
    model = keras.Sequential(
        [keras.Input((28, 28)), layers.Flatten()]
        + [layers.Dense(n, activation="relu", trainable=trainable) for n in hidden]
        + [layers.Dense(out, activation=out_act, trainable=trainable)]
    )
    model.compile(optimizer=optimizer, loss=loss)
    return model


def four_dense():
    return net((64, 48, 32))


def three_dense():
    return net((64, 32))


def seven_dense():
    return net((64, 48, 32, 24, 20, 16))


def ten_dense():
    return net((32,) * 9)


def sigmoid_output():
    return net(out_act="sigmoid")


def relu_output_sparse():
    return net(out_act="relu", loss="sparse_categorical_crossentropy")


def softmax_along_the_batch():
    return net(out_act=lambda t: tf.nn.softmax(t, axis=0))


def linear_output_without_from_logits():
    return net(out_act=None)


def eleven_classes():
    return net(out=11, loss="sparse_categorical_crossentropy")


def outputs_784():
    return net(out=784, loss="sparse_categorical_crossentropy")


def mse_loss():
    return net(loss="mse")


def mae_loss():
    return net(loss="mae")


def binary_loss():
    return net(loss="binary_crossentropy")


def hinge_loss():
    return net(loss="categorical_hinge")


def kl_loss_with_smoothing():
    return net(loss=keras.losses.CategoricalCrossentropy(label_smoothing=0.1))


def focal_loss():
    return net(loss="categorical_focal_crossentropy")


def scaled_loss():
    return net(loss=lambda t, p: 100 * keras.losses.categorical_crossentropy(t, p))


def log2_loss():
    return net(loss=lambda t, p: keras.losses.categorical_crossentropy(t, p) / np.log(2))


def mean_over_classes():
    return net(loss=lambda t, p: -tf.reduce_mean(t * tf.math.log(p + 1e-7), -1))


def summed_over_the_batch():
    return net(loss=keras.losses.CategoricalCrossentropy(reduction="sum"), optimizer=keras.optimizers.Adam(1e-3))


def sign_flipped():
    return net(loss=lambda t, p: tf.reduce_sum(t * tf.math.log(p + 1e-7), -1))


def typo_in_the_loss_name():
    return net(loss="categorical_cross_entropy")


def compiled_without_a_loss():
    return net(loss=None)


def not_compiled():
    return keras.Sequential(
        [keras.Input((28, 28)), layers.Flatten()]
        + [layers.Dense(n, activation="relu") for n in (64, 48, 32, 24)]
        + [layers.Dense(10, activation="softmax")]
    )


def frozen():
    return net(trainable=False)


def learning_rate_of_zero():
    return net(optimizer=keras.optimizers.SGD(0.0))


def huge_learning_rate():
    return net(optimizer=keras.optimizers.SGD(1e4))


def one_output_unit():
    return net(out=1, out_act="sigmoid", loss="binary_crossentropy")


def returns_nothing():
    net()


def returns_a_name():
    return "model"


def name_that_keras_3_dropped():
    return net(loss=tf.keras.losses.mean_squared_error)


def cross_entropy_where_mse_is_asked():
    return net()


def mse_summed_over_classes():
    return net(loss=lambda t, p: tf.reduce_sum(tf.square(t - p), -1))
