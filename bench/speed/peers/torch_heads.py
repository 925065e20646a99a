"""Heads in closed form or from a quadratic program, in PyTorch: features [n, D] and targets [n, outputs] of a support set give weights."""

import torch


def ridge(features, targets, penalty, bias):
    """The weights that minimise ||X W - Y||^2 + penalty ||W||^2, where X has a constant beside the features if there is a bias."""
    if bias:
        features = torch.cat([features, features.new_ones(features.shape[0], 1)], -1)
    n, width = features.shape
    eye = torch.eye(min(n, width), dtype=features.dtype)
    if n <= width:
        return features.T @ torch.linalg.solve(features @ features.T + penalty * eye, targets)
    return torch.linalg.solve(features.T @ features + penalty * eye, features.T @ targets)


def affine(features, weights):
    return torch.addmm(weights[-1], features, weights[:-1])


def kkt(quadratic, rows, scaling):
    """The matrix of the conditions at a point: for x first, then for the multipliers of its rows' sums."""
    zeros = rows.new_zeros(rows.shape[0], rows.shape[0])
    return torch.cat([torch.cat([quadratic + torch.diag_embed(scaling), -rows.T], -1), torch.cat([rows, zeros], -1)], 0)


def in_play(quadratic, linear, rows, steps=12):
    """1 for each number above zero, of the x >= 0 with rows x = 1 where x Q x / 2 + c x is least: an interior-point method."""
    x, z = rows.sum(0) / rows.sum(1)[0], torch.ones_like(linear)
    multipliers = rows.new_zeros(rows.shape[0])
    for _ in range(steps):
        aim = 0.1 * (x @ z) / x.numel()
        off = quadratic @ x + linear - rows.T @ multipliers - aim / x
        moved = torch.linalg.solve(kkt(quadratic, rows, z / x), torch.cat([-off, 1 - rows @ x]))
        dx, dm = moved[: x.numel()], moved[x.numel() :]
        dz = (aim - z * dx) / x - z
        far = torch.clamp(0.99 / torch.maximum((-dx / x).max(), (-dz / z).max()).clamp(min=1e-6), max=1)
        x, z, multipliers = x + far * dx, z + far * dz, multipliers + far * dm
    return (x > z).to(x.dtype)


def machine(features, targets, penalty):
    """The weights of a multi-class support vector machine with C = penalty, on a kernel with 1 added to its diagonal. Its dual is a
    quadratic program: which numbers are in play is found first, the rest is linear."""
    n, ways = targets.shape
    kernel = features @ features.T + torch.eye(n, dtype=features.dtype)
    quadratic = penalty**2 * torch.kron(kernel, torch.eye(ways, dtype=features.dtype))
    linear = (penalty * targets - penalty**2 * kernel @ targets).flatten()
    rows = torch.kron(torch.eye(n, dtype=features.dtype), features.new_ones(1, ways))
    active = in_play(quadratic.detach(), linear.detach(), rows)
    system = kkt(quadratic * torch.outer(active, active), rows * active, 1 - active)
    share = torch.linalg.solve(system, torch.cat([-linear * active, rows.new_ones(n)]))[: n * ways].reshape(n, ways)
    return features.T @ (penalty * (targets - share))
