"""Heads in closed form or from a quadratic program, in JAX: features [n, D] and targets [n, outputs] of a support set give weights."""

import jax
import jax.numpy as jnp


def ridge(features, targets, penalty, bias):
    """The weights that minimise ||X W - Y||^2 + penalty ||W||^2, where X has a constant beside the features if there is a bias."""
    if bias:
        features = jnp.concatenate([features, jnp.ones_like(features[:, :1])], -1)
    n, width = features.shape
    if n <= width:
        products = features @ features.T + penalty * jnp.eye(n)
        return features.T @ jax.scipy.linalg.solve(products, targets, assume_a="pos")
    products = features.T @ features + penalty * jnp.eye(width)
    return jax.scipy.linalg.solve(products, features.T @ targets, assume_a="pos")


def affine(features, weights):
    return features @ weights[:-1] + weights[-1]


def kkt(quadratic, rows, scaling):
    """The matrix of the conditions at a point: for x first, then for the multipliers of its rows' sums."""
    zeros = jnp.zeros((rows.shape[0], rows.shape[0]))
    return jnp.block([[quadratic + jnp.diag(scaling), -rows.T], [rows, zeros]])


def in_play(quadratic, linear, rows, steps=12):
    """1 for each number above zero, of the x >= 0 with rows x = 1 where x Q x / 2 + c x is least: an interior-point method."""

    def step(_, state):
        x, z, multipliers = state
        aim = 0.1 * (x @ z) / x.size
        off = quadratic @ x + linear - rows.T @ multipliers - aim / x
        moved = jnp.linalg.solve(kkt(quadratic, rows, z / x), jnp.concatenate([-off, 1 - rows @ x]))
        dx, dm = moved[: x.size], moved[x.size :]
        dz = (aim - z * dx) / x - z
        far = jnp.minimum(0.99 / jnp.maximum(jnp.maximum((-dx / x).max(), (-dz / z).max()), 1e-6), 1)
        return x + far * dx, z + far * dz, multipliers + far * dm

    start = rows.sum(0) / rows.sum(1)[0], jnp.ones_like(linear), jnp.zeros_like(rows[:, 0])
    x, z, _ = jax.lax.fori_loop(0, steps, step, start)
    return (x > z).astype(x.dtype)


def machine(features, targets, penalty):
    """The weights of a multi-class support vector machine with C = penalty, on a kernel with 1 added to its diagonal. Its dual is a
    quadratic program: which numbers are in play is found first, the rest is linear."""
    n, ways = targets.shape
    kernel = features @ features.T + jnp.eye(n)
    quadratic = penalty**2 * jnp.kron(kernel, jnp.eye(ways))
    linear = (penalty * targets - penalty**2 * kernel @ targets).flatten()
    rows = jnp.kron(jnp.eye(n), jnp.ones((1, ways)))
    active = in_play(jax.lax.stop_gradient(quadratic), jax.lax.stop_gradient(linear), rows)
    system = kkt(quadratic * jnp.outer(active, active), rows * active, 1 - active)
    share = jnp.linalg.solve(system, jnp.concatenate([-linear * active, jnp.ones(n)]))[: n * ways].reshape(n, ways)
    return features.T @ (penalty * (targets - share))
