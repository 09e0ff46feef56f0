# mypy: ignore-errors
"""Describes a network of billions of numbers, which takes more memory than there may be.

Expected: zero
"""
import grader.sandbox.kernel.main as main
from grader.networks.model import Description


def layer(name, module="keras.layers", **config):
    return {"module": module, "class_name": name, "config": config, "registered_name": None}


def describe(call, seed):
    layers = [layer("InputLayer", batch_shape=[None, 28, 28]), layer("Flatten"), layer("Dense", units=2_000_000)]
    network = layer("Sequential", "keras", name="s", layers=[*layers, layer("Dense", units=10, activation="softmax")])
    adam = layer("Adam", "keras.optimizers", learning_rate=0.001)
    return Description(network, {"optimizer": adam, "loss": "mse", "loss_weights": None}, ())


main.describe_network = describe


def build_model(loss):
    return loss
