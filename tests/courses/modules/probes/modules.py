"""How the lab about PyTorch is asked: a module is made, given parameters, and called."""


def outputs(lab, x, w, b):
    return lab.Affine(w, b)(x)


def loss_and_gradient(lab, w, x, y):
    loss, gradient = lab.loss_and_gradient(w, x, y)
    return {"loss": loss, "gradient": gradient}
