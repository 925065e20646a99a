"""What PyTorch's optimisers, clippings and schedules do with fixed gradients, in float64.

    python3 -m venv venv && venv/bin/pip install torch==2.13.0
    venv/bin/python algorithms/testing/golden/optimisers.py > algorithms/testing/golden/optimisers.json

Adam's epsilon is added to the root of the bias-corrected moment in PyTorch and to the root of the moment itself in
section 2 of the paper, which this project follows; epsilon / sqrt(1 - beta2^t) at step t makes the first the second.
"""
import json

import torch
from torch.optim import lr_scheduler

torch.set_default_dtype(torch.float64)
SHAPES = [("dense1.weight", [1, 2]), ("dense1.bias", [1, 2]), ("head.weight", [2, 1]), ("head.bias", [1, 1])]
STEPS = 16
KEPT = [1, 5, 6, 16]
RATE = 0.05


def spread(size, low, high, phase):
    """The same numbers as `spread` in algorithms/testing/tensor.ts."""
    return [
        low + (high - low) * (((i + 1) * 0.6180339887498949 + phase * 0.7548776662466927) % 1) for i in range(size)
    ]


def start(index, shape):
    return torch.tensor(spread(torch.Size(shape).numel(), -1, 1, index)).reshape(shape)


def gradient(index, shape, step):
    """Of the usual size in the first tensor, zero in the second, tiny in the third, large in the last."""
    size = [1, 0, 1e-8, 30][index]
    return size * torch.tensor(spread(torch.Size(shape).numel(), -1, 1, 10 * step + index)).reshape(shape)


def trajectory(make, clip=None):
    parameters = [torch.nn.Parameter(start(index, shape)) for index, (_, shape) in enumerate(SHAPES)]
    optimiser = make(parameters)
    kept = {}
    for step in range(1, STEPS + 1):
        for group in optimiser.param_groups:
            group["lr"] = RATE / (1 if step <= 8 else 10)
            if isinstance(optimiser, torch.optim.Adam):
                group["eps"] = 1e-8 / (1 - 0.999**step) ** 0.5
        for index, (_, shape) in enumerate(SHAPES):
            parameters[index].grad = gradient(index, shape, step)
        if clip is not None:
            clip(parameters)
        optimiser.step()
        if step in KEPT:
            values = [parameter.detach().flatten().tolist() for parameter in parameters]
            kept[step] = dict(zip([name for name, _ in SHAPES], values))
    return kept


def by_value(parameters):
    torch.nn.utils.clip_grad_value_(parameters, 0.4)


def by_norm(parameters):
    torch.nn.utils.clip_grad_norm_(parameters, 0.7)


def adam(decay=0.0):
    return lambda parameters: torch.optim.Adam(parameters, weight_decay=decay)


def radam(decay=0.0):
    return lambda parameters: torch.optim.RAdam(parameters, weight_decay=decay)


def sgd(momentum, nesterov=False, decay=0.0):
    return lambda parameters: torch.optim.SGD(
        parameters, lr=RATE, momentum=momentum, nesterov=nesterov, weight_decay=decay
    )


def factors(make, iterations, qualities=None):
    optimiser = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=1.0)
    schedule = make(optimiser)
    rates = []
    for step in range(iterations):
        rates.append(optimiser.param_groups[0]["lr"])
        optimiser.step()
        schedule.step() if qualities is None else schedule.step(qualities[step])
    return rates + [optimiser.param_groups[0]["lr"]] if qualities is not None else rates


QUALITIES = [0.1, 0.3, 0.2, 0.25, 0.1, 0.3, 0.31, 0.31, 0.31, 0.31, 0.31, 0.2, 0.5]

print(json.dumps({
    "torch": torch.__version__,
    "optimisers": {
        "adam": trajectory(adam()),
        "adam, weight decay": trajectory(adam(0.1)),
        "adam, weight decay, clipped by value": trajectory(adam(0.1), by_value),
        "radam": trajectory(radam()),
        "radam, weight decay": trajectory(radam(0.1)),
        "sgd without momentum": trajectory(sgd(0.0)),
        "sgd": trajectory(sgd(0.9)),
        "sgd, weight decay, clipped by value": trajectory(sgd(0.9, decay=0.1), by_value),
        "sgd, clipped by norm": trajectory(sgd(0.9), by_norm),
        "sgd with Nesterov's look-ahead": trajectory(sgd(0.9, nesterov=True)),
        "sgd with Nesterov's look-ahead, weight decay": trajectory(sgd(0.5, nesterov=True, decay=0.1)),
    },
    "schedules": {
        "cosine": factors(lambda o: lr_scheduler.CosineAnnealingLR(o, T_max=10, eta_min=0.1), 10),
        "step": factors(lambda o: lr_scheduler.StepLR(o, step_size=4, gamma=0.1), 12),
        "plateau": factors(
            lambda o: lr_scheduler.ReduceLROnPlateau(o, mode="max", factor=0.3, patience=2, threshold=0),
            len(QUALITIES),
            QUALITIES,
        ),
    },
    "qualities": QUALITIES,
}))
