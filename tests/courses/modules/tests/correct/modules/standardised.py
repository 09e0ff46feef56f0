import torch


def with_dim(x):
    return (x - x.mean(dim=0)) / x.std(dim=0, unbiased=False)


def in_float32(x):
    x = x.float()
    middle = x.mean(dim=0, keepdim=True)
    return (x - middle) / torch.sqrt(((x - middle) ** 2).mean(dim=0, keepdim=True))
