"""Muon for the matrices of the layers, AdamW for everything else."""

from collections import defaultdict

import torch
import torch.distributed as dist

NEWTON_SCHULZ = (3.4445, -4.7750, 2.0315)


def orthogonalized(gradients: torch.Tensor) -> torch.Tensor:
    """Semi-orthogonal matrices [n, rows, columns] near these, by five Newton-Schulz steps."""
    a, b, c = NEWTON_SCHULZ
    x = gradients.bfloat16()
    tall = x.shape[1] > x.shape[2]
    x = x.transpose(1, 2) if tall else x
    x = x / (x.flatten(1).norm(dim=1)[:, None, None] + 1e-7)
    for _ in range(5):
        gram = x @ x.transpose(1, 2)
        x = a * x + (b * gram + c * gram @ gram) @ x
    return (x.transpose(1, 2) if tall else x).float()


def shared_out(gradients: torch.Tensor) -> torch.Tensor:
    """What `orthogonalized` gives; with several processes each computes a part of the matrices."""
    processes = dist.get_world_size() if dist.is_initialized() else 1
    if processes == 1 or len(gradients) % processes:
        return orthogonalized(gradients)
    part = orthogonalized(gradients.chunk(processes)[dist.get_rank()]).contiguous()
    parts = [torch.empty_like(part) for _ in range(processes)]
    dist.all_gather(parts, part)
    return torch.cat(parts)


class MuonAndAdam:
    """One optimizer for the whole network; matrices of one shape are handled in one batch."""

    def __init__(self, network, muon_rate: float, adam_rate: float, momentum: float = 0.95):
        self.rates = muon_rate, adam_rate
        self.momentum = momentum
        self.matrices = defaultdict(list)
        others = []
        for name, weight in network.named_parameters():
            if weight.ndim == 2 and name.startswith("layers."):
                self.matrices[tuple(weight.shape)].append(weight)
            else:
                others.append(weight)
        self.velocity = {
            shape: torch.zeros(len(weights), *shape) for shape, weights in self.matrices.items()
        }
        self.adam = torch.optim.AdamW(
            others, lr=adam_rate, betas=(0.9, 0.97), eps=1e-9, weight_decay=0.0
        )

    @torch.no_grad()
    def step(self, scale: float) -> None:
        """One update with both learning rates multiplied by `scale`; clears the gradients."""
        muon_rate, adam_rate = (rate * scale for rate in self.rates)
        for shape, weights in self.matrices.items():
            gradient = torch.stack([weight.grad for weight in weights])
            velocity = self.velocity[shape].mul_(self.momentum).add_(gradient)
            update = shared_out(gradient.add_(velocity, alpha=self.momentum))
            reach = muon_rate * max(1.0, shape[0] / shape[1]) ** 0.5
            for weight, direction in zip(weights, update, strict=True):
                weight.mul_(1 - 0.05 * muon_rate).add_(direction, alpha=-reach)
                weight.grad = None
        for group in self.adam.param_groups:
            group["lr"] = adam_rate
        self.adam.step()
        self.adam.zero_grad(set_to_none=True)

    def state(self) -> dict:
        """What a resumed run needs."""
        return {"velocity": self.velocity, "adam": self.adam.state_dict()}

    def restore(self, state: dict) -> None:
        """Takes back what `state` gave."""
        self.velocity = state["velocity"]
        self.adam.load_state_dict(state["adam"])
