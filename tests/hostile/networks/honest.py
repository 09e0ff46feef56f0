# mypy: ignore-errors
"""Is right, and stands between the others.

Expected: full
"""
import keras
import tensorflow as tf


def build_model(loss):
    model = keras.Sequential([keras.layers.Flatten(input_shape=(28, 28))])
    model.add(keras.layers.Dense(64, activation=tf.nn.relu))
    model.add(keras.layers.Dense(10, activation=tf.nn.softmax))
    model.compile("adam", {"mse": "mse", "cross_entropy": "categorical_crossentropy"}[loss], metrics=["accuracy"])
    return model
