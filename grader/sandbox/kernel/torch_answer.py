"""What a function returns for a network of PyTorch: a module alone, or with its loss, or with loss and optimizer.

Runs in the kernel, as `inspect_network` does; PyTorch is whichever was imported there.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import Any

MOST_PARTS = 3


@dataclass(frozen=True, slots=True)
class TorchAnswer:
    """A network, and what it is trained with: a loss and an optimizer, None where none was returned."""

    network: Any
    loss: Any = None
    optimizer: Any = None


def torch_answer_of(answer: object) -> TorchAnswer | None:
    """Return the parts of an answer by what they are, in whichever order; None where it has no module of PyTorch."""
    torch: Any = sys.modules.get("torch")
    if torch is None or not hasattr(torch, "optim"):  # the notebook's own import of it may have failed half-way
        return None
    parts = list(answer) if isinstance(answer, tuple | list) and len(answer) <= MOST_PARTS else [answer]
    optimizer = next((part for part in parts if isinstance(part, torch.optim.Optimizer)), None)
    others = [part for part in parts if part is not optimizer and part is not None]
    losses = torch.nn.modules.loss._Loss  # noqa: SLF001 (the class of all losses has no public name)
    network = next(
        (part for part in others if isinstance(part, torch.nn.Module) and not isinstance(part, losses)), None
    )
    rest = [part for part in others if part is not network]
    if network is None or len(rest) > 1 or not all(map(callable, rest)):
        return None
    plain = getattr(network, "_orig_mod", network)  # what torch.compile was given: there is no compiler here
    return TorchAnswer(plain, rest[0] if rest else None, optimizer)
