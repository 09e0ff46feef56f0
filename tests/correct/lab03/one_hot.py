"""Right solutions of one_hot, in the styles that students write."""

import keras
import numpy as np
import tensorflow as tf


def rows_of_the_identity(labels, num_classes):
    return np.eye(num_classes)[labels]


def rows_of_the_identity_as_whole_numbers(k, n):
    return np.identity(n, dtype=int)[np.array(k)]


def comparison_with_all_places(labels, num_classes):
    labels = np.asarray(labels)
    return (labels[..., None] == np.arange(num_classes)).astype(float)


def loop_with_a_question_first(labels, num_classes):
    if np.ndim(labels) == 0:
        vector = np.zeros(num_classes)
        vector[labels] = 1
        return vector
    matrix = np.zeros((len(labels), num_classes))
    for i in range(len(labels)):
        matrix[i, labels[i]] = 1
    return matrix


def plain_lists(labels, num_classes):
    def one(label):
        return [1 if place == label else 0 for place in range(num_classes)]

    try:
        return [one(label) for label in labels]
    except TypeError:
        return one(labels)


def it_calls_itself(labels, num_classes):
    if isinstance(labels, np.ndarray):
        return np.stack([it_calls_itself(int(label), num_classes) for label in labels])
    vector = [0.0] * num_classes
    vector[labels] = 1.0
    return vector


def places_by_arange(labels, num_classes):
    labels = np.array(labels)
    flat = labels.reshape(-1)
    result = np.zeros((flat.size, num_classes))
    result[np.arange(flat.size), flat] = 1
    return result.reshape(labels.shape + (num_classes,))


def squeezed_in_the_end(labels, num_classes):
    flat = np.atleast_1d(labels)
    result = np.zeros((len(flat), num_classes))
    result[range(len(flat)), flat] = 1
    return result if np.ndim(labels) else result[0]


def put_along_an_axis(labels, num_classes):
    labels = np.asarray(labels)
    result = np.zeros((*labels.shape, num_classes), dtype=np.float32)
    np.put_along_axis(result, labels[..., np.newaxis], 1, axis=-1)
    return result


def small_integers(labels, num_classes):
    return np.eye(num_classes, dtype=np.uint8)[labels]


def half_precision(labels, num_classes):
    return np.eye(num_classes, dtype=np.float16)[labels]


def keras_to_categorical(labels, num_classes):
    return keras.utils.to_categorical(labels, num_classes)


def keras_ops(labels, num_classes):
    return keras.ops.one_hot(labels, num_classes)


def tensorflow_one_hot(labels, num_classes):
    return tf.one_hot(labels, depth=num_classes)


def tensor_of_whole_numbers(labels, num_classes):
    return tf.one_hot(labels, num_classes, dtype=tf.int32)


def variable(labels, num_classes):
    return tf.Variable(tf.one_hot(labels, num_classes, dtype=tf.float64))


def list_of_tensors(labels, num_classes):
    if np.ndim(labels) == 0:
        return tf.one_hot(labels, num_classes)
    return [tf.one_hot(label, num_classes) for label in labels]


def true_and_false(labels, num_classes):
    return np.asarray(labels)[..., None] == np.arange(num_classes)


def true_and_false_of_tensorflow(labels, num_classes):
    labels = tf.cast(labels, tf.int32)
    return tf.equal(tf.expand_dims(labels, -1), tf.range(num_classes))
