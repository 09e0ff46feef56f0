"""The parts of PyTorch's own of which a network may be built anew, by the names under which PyTorch has them.

Plain words, so that both sides of the wall know the same parts. A test compares them with the PyTorch installed. What
takes code or files, or makes threads and processes, is left out.
"""

from __future__ import annotations


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


LAYERS = _words("""
    AdaptiveAvgPool1d AdaptiveAvgPool2d AdaptiveMaxPool1d AdaptiveMaxPool2d AlphaDropout AvgPool1d AvgPool2d
    BatchNorm1d BatchNorm2d Bilinear CELU ChannelShuffle ConstantPad1d ConstantPad2d Conv1d Conv2d Conv3d
    ConvTranspose1d ConvTranspose2d CosineSimilarity Dropout Dropout1d Dropout2d ELU FeatureAlphaDropout Flatten GELU
    GLU GRU GroupNorm Hardshrink Hardsigmoid Hardswish Hardtanh Identity InstanceNorm1d InstanceNorm2d LPPool1d LPPool2d
    LSTM LayerNorm LeakyReLU Linear LocalResponseNorm LogSigmoid LogSoftmax MaxPool1d MaxPool2d Mish PReLU PixelShuffle
    PixelUnshuffle RMSNorm RNN RReLU ReLU ReLU6 ReflectionPad1d ReflectionPad2d ReplicationPad1d ReplicationPad2d SELU
    SiLU Sigmoid Softmax Softmax2d Softmin Softplus Softshrink Softsign Tanh Tanhshrink Threshold Unflatten Upsample
    ZeroPad1d ZeroPad2d
    """)
"""Classes of torch.nn. The arguments of each are attributes of the same name."""

LOSSES = _words("""
    BCELoss BCEWithLogitsLoss CrossEntropyLoss GaussianNLLLoss HingeEmbeddingLoss HuberLoss KLDivLoss L1Loss MSELoss
    MultiLabelMarginLoss MultiLabelSoftMarginLoss MultiMarginLoss NLLLoss PoissonNLLLoss SmoothL1Loss SoftMarginLoss
    """)
"""Classes of torch.nn."""

LOSS_FUNCTIONS = _words("""
    binary_cross_entropy binary_cross_entropy_with_logits cross_entropy huber_loss kl_div l1_loss mse_loss
    multi_margin_loss multilabel_margin_loss multilabel_soft_margin_loss nll_loss poisson_nll_loss smooth_l1_loss
    soft_margin_loss
    """)
"""Functions of torch.nn.functional."""

OPTIMIZERS = _words("ASGD Adadelta Adagrad Adam AdamW Adamax NAdam RAdam RMSprop Rprop SGD")
"""Classes of torch.optim. Others need more than a loss and its gradient."""

FUNCTIONS = frozenset(
    {
        f"{module}.{name}"
        for module, names in {
            "operator": "add sub mul truediv floordiv mod pow neg matmul getitem",
            "torch": """
                abs add addmm amax amin arctan argmax avg_pool1d baddbmm bmm cat celu clamp clip concat concatenate
                cos div divide dot einsum exp flatten log log1p log2 log_softmax logsumexp matmul max maximum mean min
                minimum mm movedim mul multiply neg negative norm outer permute pow prod relu reshape rsqrt selu
                sigmoid sign sin softmax sqrt square squeeze stack std sub subtract sum swapaxes t tanh transpose
                true_divide unflatten unsqueeze var
            """,
            "torch.nn.functional": """
                adaptive_avg_pool1d adaptive_avg_pool2d adaptive_max_pool1d adaptive_max_pool2d alpha_dropout
                avg_pool1d avg_pool2d batch_norm bilinear celu conv1d conv2d conv3d conv_transpose2d dropout dropout1d
                dropout2d elu feature_alpha_dropout gelu glu group_norm hardshrink hardsigmoid hardswish hardtanh
                instance_norm interpolate layer_norm leaky_relu linear local_response_norm log_softmax logsigmoid
                lp_pool2d max_pool1d max_pool2d mish normalize one_hot pad prelu relu relu6 rms_norm selu sigmoid silu
                softmax softmin softplus softshrink softsign tanh tanhshrink threshold
            """,
        }.items()
        for name in names.split()
    }
)
"""Functions, by the module that has them. The same function may stand in two modules."""

METHODS = _words("""
    abs add add_ amax amin argmax bmm chunk clamp clamp_ clip clone contiguous cpu detach dim div div_ double exp expand
    expand_as flatten float log log_softmax matmul max mean min mm movedim mul mul_ ndimension neg numel permute pow
    prod relu relu_ repeat reshape reshape_as rsqrt sigmoid sigmoid_ size softmax split sqrt square squeeze std sub
    sub_ sum t tanh tanh_ to type transpose unflatten unsqueeze var view view_as
    """)
"""Methods of torch.Tensor."""

ATTRIBUTES = _words("shape ndim T mT")
"""Attributes of torch.Tensor."""

DTYPES = _words("float16 bfloat16 float32 float64 int8 uint8 int16 int32 int64 bool")
"""What a number may be, as torch.float32."""
