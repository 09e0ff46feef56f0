"""How the lab about layers is asked: what a cache holds is the student's own business."""


def forward(lab, x, w, b):
    out, cache = lab.affine_forward(x, w, b)
    return out


def backward(lab, x, w, b, dout):
    out, cache = lab.affine_forward(x, w, b)
    dx, dw, db = lab.affine_backward(dout, cache)
    return {"dx": dx, "dw": dw, "db": db}


def relu(lab, x, dout):
    out, cache = lab.relu_forward(x)
    return {"out": out, "dx": lab.relu_backward(dout, cache)}
