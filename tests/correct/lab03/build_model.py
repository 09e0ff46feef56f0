"""Right solutions of build_model, in the styles that students write."""

import keras
import tensorflow as tf
from keras import layers


def names_in_a_condition(loss):
    model = keras.Sequential(
        [
            keras.Input(shape=(28, 28)),
            layers.Flatten(),
            layers.Dense(64, activation="relu"),
            layers.Dense(10, activation="softmax"),
        ]
    )
    if loss == "mse":
        model.compile(optimizer="adam", loss="mse")
    else:
        model.compile(optimizer="adam", loss="categorical_crossentropy", metrics=["accuracy"])
    return model


def names_in_a_dictionary(loss):
    model = tf.keras.models.Sequential()
    model.add(tf.keras.layers.Flatten(input_shape=(28, 28)))
    model.add(tf.keras.layers.Dense(128, activation="relu"))
    model.add(tf.keras.layers.Dropout(0.2))
    model.add(tf.keras.layers.Dense(10, activation="softmax"))
    losses = {"mse": "mean_squared_error", "cross_entropy": "categorical_crossentropy"}
    model.compile("rmsprop", losses[loss])
    return model


def loss_objects(loss):
    x = inputs = keras.Input((28, 28))
    x = layers.Reshape((784,))(x)
    x = layers.Dense(32, "tanh")(x)
    model = keras.Model(inputs, layers.Dense(10, "softmax")(x))
    if loss == "mse":
        model.compile(optimizer=keras.optimizers.Adam(0.01), loss=keras.losses.MeanSquaredError())
    elif loss == "cross_entropy":
        model.compile(optimizer=keras.optimizers.Adam(0.01), loss=keras.losses.CategoricalCrossentropy())
    return model


def loss_functions(loss):
    model = names_in_a_condition(loss)
    model.compile("adam", tf.keras.losses.MSE if loss == "mse" else tf.keras.losses.categorical_crossentropy)
    return model


def whole_number_labels(loss):
    model = names_in_a_condition(loss)
    if loss == "cross_entropy":
        model.compile(optimizer="adam", loss="sparse_categorical_crossentropy")
    return model


def logits_for_the_cross_entropy_alone(loss):
    model = keras.Sequential([keras.Input((28, 28)), layers.Flatten(), layers.Dense(64, activation="relu")])
    if loss == "mse":
        model.add(layers.Dense(10, activation="softmax"))
        model.compile("adam", "mse")
    else:
        model.add(layers.Dense(10))
        model.compile("adam", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    return model


def losses_of_my_own(loss):
    def mse(y_true, y_pred):
        return tf.reduce_mean(tf.square(tf.cast(y_true, y_pred.dtype) - y_pred), axis=-1)

    def cross_entropy(y_true, y_pred):
        return -tf.reduce_sum(y_true * tf.math.log(y_pred + 1e-7), axis=-1)

    model = names_in_a_condition(loss)
    model.compile(optimizer="adam", loss={"mse": mse, "cross_entropy": cross_entropy}[loss])
    return model


def pixels_in_a_row(loss):
    model = keras.Sequential(
        [keras.Input((784,)), layers.Dense(64, activation="relu"), layers.Dense(10), layers.Softmax()]
    )
    model.compile(optimizer="sgd", loss="mse" if loss == "mse" else "crossentropy")
    return model


def convolutions(loss):
    model = keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            layers.Conv2D(8, 3, strides=2, activation="relu"),
            layers.Flatten(),
            layers.Dense(10, activation="softmax"),
        ]
    )
    model.compile(optimizer="adam", loss={"mse": "mse", "cross_entropy": "categorical_crossentropy"}[loss])
    return model


class Network(keras.Model):
    def __init__(self):
        super().__init__()
        self.flatten = layers.Flatten()
        self.hidden = layers.Dense(64, activation="relu")
        self.answer = layers.Dense(10, activation="softmax")

    def call(self, images):
        return self.answer(self.hidden(self.flatten(images)))


def a_class_of_my_own(loss):
    model = Network()
    model.compile(optimizer="adam", loss="mse" if loss == "mse" else "categorical_crossentropy")
    return model


def weights_kept_small(loss):
    model = keras.Sequential([keras.Input((28, 28)), layers.Rescaling(1.0), layers.Flatten()])
    model.add(layers.Dense(64, activation="relu", kernel_regularizer="l2"))
    model.add(layers.BatchNormalization())
    model.add(layers.Dense(10, activation="softmax"))
    model.compile(optimizer="nadam", loss="mse" if loss == "mse" else keras.losses.CategoricalCrossentropy())
    return model


def one_layer(loss):
    model = keras.Sequential([keras.Input((28, 28)), layers.Flatten(), layers.Dense(10, activation="softmax")])
    model.compile(optimizer=keras.optimizers.SGD(0.1), loss={"mse": "mse"}.get(loss, "categorical_crossentropy"))
    return model


def sigmoids_by_plain_sgd(loss):
    model = keras.Sequential([keras.Input((28, 28)), layers.Flatten()])
    for units in (32, 32, 32):
        model.add(layers.Dense(units, activation="sigmoid"))
    model.add(layers.Dense(10, activation="softmax"))
    model.compile(optimizer="sgd", loss={"mse": "mse", "cross_entropy": "categorical_crossentropy"}[loss])
    return model


def softmax_of_tensorflow_with_from_logits(loss):
    model = keras.Sequential([keras.Input((28, 28)), layers.Flatten(), layers.Dense(64, activation="relu")])
    model.add(layers.Dense(10, activation=lambda z: tf.nn.softmax(z)))
    from_logits = keras.losses.CategoricalCrossentropy(from_logits=True)
    model.compile(optimizer="adam", loss=from_logits if loss == "cross_entropy" else "mse")
    return model
