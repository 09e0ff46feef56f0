# mypy: ignore-errors
"""Describes a network with code in it, in each place that Keras reads: it must be run nowhere.

Expected: zero
"""
import base64
import marshal

import numpy as np

import grader.sandbox.kernel.main as main
from grader.networks.model import Description

CODE = base64.b64encode(marshal.dumps((lambda x: __import__("os")._exit(0)).__code__)).decode()
LAMBDA = {"class_name": "__lambda__", "config": {"code": CODE, "defaults": None, "closure": None}}
FUNCTION = {"module": "os", "class_name": "function", "config": "_exit", "registered_name": "_exit"}


def layer(name, module="keras.layers", **config):
    return {"module": module, "class_name": name, "config": config, "registered_name": None}


def describe(call, seed):
    dense = layer("Dense", units=10, activation=FUNCTION if call() == "mse" else LAMBDA)
    inside = layer("Lambda", function=LAMBDA)
    network = layer("Sequential", "keras", name="s", layers=[layer("InputLayer", batch_shape=[None, 28, 28]), inside, dense])
    return Description(network, {"optimizer": LAMBDA, "loss": FUNCTION, "loss_weights": None}, (np.ones(3),))


main.describe_network = describe


def build_model(loss):
    return loss
