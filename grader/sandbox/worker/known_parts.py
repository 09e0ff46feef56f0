"""The parts of a network that are Keras' own. A network is built anew only where each of its parts is one of these.

What is left out takes code or files (Lambda, TextVectorization, StringLookup, TFSMLayer, …), or other packages.
Exported names of Keras 3; a test compares them with the one installed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.networks.model import Alleged
from grader.sandbox.worker.known_torch_parts import unknown_torch_part

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from grader.networks.model import Description

KNOWN: Mapping[str, frozenset[str]] = {
    module: frozenset(names.split())
    for module, names in {
        "keras": "Sequential DTypePolicy FloatDTypePolicy",
        "keras.src.models.functional": "Functional",
        "keras.layers": """
            Activation ActivityRegularization Add AdditiveAttention AlphaDropout Attention Average AveragePooling1D
            AveragePooling2D AveragePooling3D BatchNormalization Bidirectional CenterCrop Concatenate Conv1D
            Conv1DTranspose Conv2D Conv2DTranspose Conv3D Conv3DTranspose ConvLSTM1D ConvLSTM2D ConvLSTM3D Cropping1D
            Cropping2D Cropping3D Dense DepthwiseConv1D DepthwiseConv2D Dot Dropout ELU EinsumDense Embedding Flatten
            GRU GRUCell GaussianDropout GaussianNoise GlobalAveragePooling1D GlobalAveragePooling2D
            GlobalAveragePooling3D GlobalMaxPooling1D GlobalMaxPooling2D GlobalMaxPooling3D GroupNormalization
            GroupQueryAttention Identity InputLayer LSTM LSTMCell LayerNormalization LeakyReLU Masking MaxPooling1D
            MaxPooling2D MaxPooling3D Maximum Minimum MultiHeadAttention Multiply Normalization PReLU Permute RNN
            RandomBrightness RandomContrast RandomCrop RandomFlip RandomRotation RandomTranslation RandomZoom ReLU
            RepeatVector Rescaling Reshape Resizing SeparableConv1D SeparableConv2D SimpleRNN SimpleRNNCell Softmax
            SpatialDropout1D SpatialDropout2D SpatialDropout3D SpectralNormalization StackedRNNCells Subtract
            TimeDistributed UnitNormalization UpSampling1D UpSampling2D UpSampling3D ZeroPadding1D ZeroPadding2D
            ZeroPadding3D
        """,
        "keras.losses": """
            BinaryCrossentropy BinaryFocalCrossentropy CategoricalCrossentropy CategoricalFocalCrossentropy
            CategoricalHinge CosineSimilarity Dice Hinge Huber KLDivergence LogCosh MeanAbsoluteError
            MeanAbsolutePercentageError MeanSquaredError MeanSquaredLogarithmicError Poisson
            SparseCategoricalCrossentropy SquaredHinge Tversky
        """,
        "keras.optimizers": """
            Adadelta Adafactor Adagrad Adam AdamW Adamax Ftrl Lamb Lion LossScaleOptimizer Muon Nadam RMSprop SGD
        """,
        "keras.optimizers.schedules": """
            CosineDecay CosineDecayRestarts ExponentialDecay InverseTimeDecay PiecewiseConstantDecay PolynomialDecay
        """,
        "keras.regularizers": "L1 L1L2 L2 OrthogonalRegularizer",
        "keras.initializers": """
            Constant GlorotNormal GlorotUniform HeNormal HeUniform Identity LecunNormal LecunUniform Ones Orthogonal
            RandomNormal RandomUniform TruncatedNormal VarianceScaling Zeros
        """,
        "keras.constraints": "MaxNorm MinMaxNorm NonNeg UnitNorm",
        "keras.src.activations.activations": "Mish ReLU",
        "keras.src.ops.core": "Cast",
        "keras.src.ops.nn": """
            Celu Elu Gelu Glu HardShrink HardSigmoid HardSilu HardTanh LeakyRelu LogSigmoid LogSoftmax Relu Relu6 Selu
            Sigmoid Silu SoftShrink Softmax Softplus Softsign SparsePlus Squareplus TanhShrink Threshold
        """,
        "keras.src.ops.numpy": """
            Abs Absolute Add Clip Concatenate Divide Exp ExpandDims GetItem Log Log1p Matmul Max Maximum Mean Min
            Minimum Multiply Negative Power Prod Ravel Reshape Sqrt Square Squeeze Subtract Sum Tanh Transpose
            TrueDivide
        """,
    }.items()
}
"""By the module that Keras names in a configuration."""

FORMS = frozenset({"__keras_tensor__", "__tuple__", "__slice__", "__ellipsis__"})
"""What Keras writes as if it was a class, and is plain data: where a tensor comes from, a tuple, an index."""


def unknown_part(description: Description) -> Alleged | None:
    """Return the first part of a description that is not its library's own; None where the network can be built."""
    if description.library == "torch":
        name = unknown_torch_part(description)
        return None if name is None else Alleged("part", name, library="torch")
    for part in _parts(description):
        if not _is_known(part):
            return Alleged("part", _name(part))
    return None


def _parts(description: Description) -> Iterator[Mapping[str, object]]:
    """Yield every object in a description that says of which class it is, or of which module."""
    waiting: list[object] = [description.network, description.compiled]
    while waiting:
        part = waiting.pop()
        if isinstance(part, list):
            waiting.extend(reversed(part))
        elif isinstance(part, dict):
            waiting.extend(reversed(part.values()))
            if not part.keys().isdisjoint({"class_name", "module", "registered_name"}):
                yield part


def _is_known(part: Mapping[str, object]) -> bool:
    module, name, registered = part.get("module"), part.get("class_name"), part.get("registered_name")
    if not isinstance(name, str) or (registered is not None and registered != name):
        return False
    if module is None:
        return name in FORMS
    return isinstance(module, str) and name in KNOWN.get(module, ())


def _name(part: Mapping[str, object]) -> str:
    """Return what the notebook calls a part."""
    name, function = part.get("class_name"), part.get("config")
    if name == "function" and isinstance(function, str):
        return function
    return name.strip("_") if isinstance(name, str) else ""
