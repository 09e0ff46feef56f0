"""Right solutions of build_dnn, in the styles that students write: 5 Dense layers and a cross-entropy."""

import keras
import tensorflow as tf
from keras import layers


def sequential_by_list():
    model = keras.Sequential(
        [keras.Input((28, 28)), layers.Flatten()]
        + [layers.Dense(n, activation="relu") for n in (64, 48, 32, 24)]
        + [layers.Dense(10, activation="softmax")]
    )
    model.compile(optimizer="adam", loss="categorical_crossentropy", metrics=["accuracy"])
    return model


def sequential_by_add():
    model = tf.keras.models.Sequential()
    model.add(layers.Flatten(input_shape=(28, 28)))
    for n in (64, 48, 32, 24):
        model.add(layers.Dense(n, activation="relu"))
    model.add(layers.Dense(10, activation="softmax"))
    model.compile("adam", "sparse_categorical_crossentropy")
    return model


def functional():
    x = inputs = keras.Input((28, 28))
    x = layers.Flatten()(x)
    for n in (64, 48, 32, 24):
        x = layers.Dense(n, "relu")(x)
    model = keras.Model(inputs, layers.Dense(10, "softmax")(x))
    model.compile(optimizer="rmsprop", loss=keras.losses.CategoricalCrossentropy())
    return model


def flat_input():
    model = keras.Sequential(
        [keras.Input((784,))]
        + [layers.Dense(n, activation="relu") for n in (64, 48, 32, 24)]
        + [layers.Dense(10, activation="softmax")]
    )
    model.compile(optimizer="adam", loss=keras.losses.SparseCategoricalCrossentropy())
    return model


class Subclassed(keras.Model):
    def __init__(self):
        super().__init__()
        self.flatten = layers.Flatten()
        self.hidden = [layers.Dense(n, activation="relu") for n in (64, 48, 32, 24)]
        self.out = layers.Dense(10, activation="softmax")

    def call(self, x):
        x = self.flatten(x)
        for layer in self.hidden:
            x = layer(x)
        return self.out(x)


def subclassed():
    model = Subclassed()
    model.compile(optimizer="adam", loss="categorical_crossentropy")
    return model


def logits_with_from_logits():
    model = keras.Sequential(
        [keras.Input((28, 28)), layers.Flatten()]
        + [layers.Dense(n, activation="relu") for n in (64, 48, 32, 24)]
        + [layers.Dense(10)]
    )
    model.compile(optimizer="adam", loss=keras.losses.CategoricalCrossentropy(from_logits=True))
    return model


def sparse_logits_with_from_logits():
    model = keras.Sequential(
        [keras.Input((28, 28)), layers.Flatten()]
        + [layers.Dense(n, activation="relu") for n in (64, 48, 32, 24)]
        + [layers.Dense(10)]
    )
    model.compile(optimizer="adam", loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    return model


def softmax_with_from_logits():
    model = keras.Sequential(
        [keras.Input((28, 28)), layers.Flatten()]
        + [layers.Dense(n, activation="relu") for n in (64, 48, 32, 24)]
        + [layers.Dense(10, activation="softmax")]
    )
    model.compile(optimizer="adam", loss=keras.losses.CategoricalCrossentropy(from_logits=True))
    return model


def crossentropy_by_short_name():
    model = sequential_by_list()
    model.compile(optimizer="nadam", loss="crossentropy")
    return model


def loss_by_function():
    model = sequential_by_list()
    model.compile(optimizer=keras.optimizers.Adam(1e-3), loss=keras.losses.categorical_crossentropy)
    return model


def custom_loss():
    def my_cross_entropy(y_true, y_pred):
        return -tf.reduce_sum(y_true * tf.math.log(tf.clip_by_value(y_pred, 1e-7, 1.0)), axis=-1)

    model = sequential_by_list()
    model.compile(optimizer="adam", loss=my_cross_entropy)
    return model


def custom_loss_of_logits():
    def from_logits(y_true, y_pred):
        return tf.nn.softmax_cross_entropy_with_logits(labels=y_true, logits=y_pred)

    model = logits_with_from_logits()
    model.compile(optimizer="adam", loss=from_logits)
    return model


def batch_normalisation():
    model = keras.Sequential([keras.Input((28, 28)), layers.Flatten()])
    for n in (64, 48, 32, 24):
        model.add(layers.Dense(n, use_bias=False))
        model.add(layers.BatchNormalization())
        model.add(layers.ReLU())
    model.add(layers.Dense(10, activation="softmax"))
    model.compile(optimizer="adam", loss="categorical_crossentropy")
    return model


def dropout():
    model = keras.Sequential([keras.Input((28, 28)), layers.Flatten()])
    for n in (96, 64, 48, 32):
        model.add(layers.Dense(n, activation="relu"))
        model.add(layers.Dropout(0.2))
    model.add(layers.Dense(10, activation="softmax"))
    model.compile(optimizer="adam", loss="categorical_crossentropy")
    return model


def l2_regularisation():
    model = keras.Sequential(
        [keras.Input((28, 28)), layers.Flatten()]
        + [layers.Dense(n, activation="relu", kernel_regularizer="l2") for n in (64, 48, 32, 24)]
        + [layers.Dense(10, activation="softmax")]
    )
    model.compile(optimizer="adam", loss="categorical_crossentropy")
    return model


def rescaling_layer():
    model = keras.Sequential(
        [keras.Input((28, 28)), layers.Rescaling(1 / 255), layers.Flatten()]
        + [layers.Dense(n, activation="relu") for n in (64, 48, 32, 24)]
        + [layers.Dense(10, activation="softmax")]
    )
    model.compile(optimizer="adam", loss="categorical_crossentropy")
    return model


def run_eagerly():
    model = sequential_by_list()
    model.compile(optimizer="adam", loss="categorical_crossentropy", run_eagerly=True)
    return model


def plain_sgd():
    model = sequential_by_list()
    model.compile(optimizer="sgd", loss="categorical_crossentropy")
    return model


def softmax_as_a_layer():
    model = keras.Sequential(
        [keras.Input((28, 28)), layers.Flatten()]
        + [layers.Dense(n, activation="tanh") for n in (64, 48, 32, 24)]
        + [layers.Dense(10), layers.Softmax()]
    )
    model.compile(optimizer="adamw", loss="categorical_crossentropy")
    return model


def five_hidden_and_an_output():
    model = keras.Sequential(
        [keras.Input((28, 28)), layers.Flatten()]
        + [layers.Dense(n, activation="relu") for n in (64, 48, 32, 24, 20)]
        + [layers.Dense(10, activation="softmax")]
    )
    model.compile(optimizer="adam", loss="categorical_crossentropy")
    return model


def image_with_a_channel():
    model = keras.Sequential(
        [keras.Input((28, 28, 1)), layers.Flatten()]
        + [layers.Dense(n, activation="relu") for n in (64, 48, 32, 24)]
        + [layers.Dense(10, activation="softmax")]
    )
    model.compile(optimizer="adam", loss="categorical_crossentropy", metrics=["accuracy", "mse"])
    return model


def networks_inside_a_network():
    hidden = keras.Sequential([layers.Dense(n, activation="relu") for n in (64, 48, 32, 24)])
    model = keras.Sequential([keras.Input((28, 28)), layers.Flatten(), hidden, layers.Dense(10, activation="softmax")])
    model.compile(optimizer="adam", loss="categorical_crossentropy")
    return model


def kullback_leibler():
    """With one-hot labels the divergence is the cross-entropy."""
    model = sequential_by_list()
    model.compile(optimizer="adam", loss="kl_divergence")
    return model


def sigmoids_by_plain_sgd():
    """Hardly anything of the gradient is left for the first layers: in a short training their luck decides."""
    model = keras.Sequential(
        [keras.Input((28, 28)), layers.Flatten()]
        + [layers.Dense(n, activation="sigmoid") for n in (64, 48, 32, 24)]
        + [layers.Dense(10, activation="softmax")]
    )
    model.compile(optimizer="sgd", loss="categorical_crossentropy")
    return model


def pixels_in_a_row_without_an_input():
    model = keras.Sequential([layers.Dense(n, activation="relu") for n in (64, 48, 32, 24)])
    model.add(layers.Dense(10, activation="softmax"))
    model.compile(optimizer="adam", loss="sparse_categorical_crossentropy")
    return model


class SoftmaxOfTensorFlow(Subclassed):
    def __init__(self):
        super().__init__()
        self.out = layers.Dense(10)

    def call(self, x):
        return tf.nn.softmax(super().call(x))


def softmax_of_tensorflow_with_from_logits():
    """Only where Keras traces the network, as `fit` and `evaluate` do, does it find the logits behind this softmax."""
    model = SoftmaxOfTensorFlow()
    model.compile(optimizer="adam", loss=keras.losses.CategoricalCrossentropy(from_logits=True))
    return model
