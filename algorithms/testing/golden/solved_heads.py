"""The outer gradient of R2-D2 on regression, by JAX's automatic differentiation in float64.

    python3 -m venv venv && venv/bin/pip install jax==0.10.2
    venv/bin/python algorithms/testing/golden/solved_heads.py > algorithms/testing/golden/solved_heads.json

Written from equations 4 to 6 of Bertinetto et al. 2019, one task at a time; nothing of this project's graphs is used.
"""
import json

import jax
import jax.numpy as jnp

jax.config.update("jax_enable_x64", True)
TASKS, SUPPORT, QUERY = 2, 3, 4
LAYERS = {"dense1.weight": [1, 4], "dense1.bias": [1, 4], "dense2.weight": [4, 3], "dense2.bias": [1, 3]}


def spread(shape, low, high, phase):
    """The same numbers as `spread` in algorithms/testing/tensor.ts."""
    size = 1
    for extent in shape:
        size *= extent
    values = [
        low + (high - low) * (((i + 1) * 0.6180339887498949 + phase * 0.7548776662466927) % 1) for i in range(size)
    ]
    return jnp.array(values).reshape(shape)


def features(theta, x):
    hidden = jax.nn.relu(x @ theta["dense1.weight"] + theta["dense1.bias"])
    return jax.nn.relu(hidden @ theta["dense2.weight"] + theta["dense2.bias"])


def with_constant(z):
    return jnp.concatenate([z, jnp.ones((z.shape[0], 1))], 1)


def loss(learned):
    theta, log_lambda = learned["theta"], learned["logLambda"]
    total = 0
    for task in range(TASKS):
        support, query = spread([TASKS, SUPPORT, 1], -1.5, 1.5, 20)[task], spread([TASKS, QUERY, 1], -1.5, 1.5, 21)[task]
        y, wanted = spread([TASKS, SUPPORT, 1], -1.5, 1.5, 22)[task], spread([TASKS, QUERY, 1], -1.5, 1.5, 23)[task]
        x = with_constant(features(theta, support)) / SUPPORT**0.5
        gram = x.T @ x + jnp.exp(log_lambda) * jnp.eye(x.shape[1])
        w = jnp.linalg.solve(gram, x.T @ y / SUPPORT**0.5)
        total += jnp.mean((with_constant(features(theta, query)) @ w - wanted) ** 2)
    return total / TASKS


theta = {key: spread(shape, -1, 1, phase) for phase, (key, shape) in enumerate(LAYERS.items())}
found = jax.grad(loss)({"theta": theta, "logLambda": jnp.array(-0.4)})
print(json.dumps({
    "jax": jax.__version__,
    "gradients": {
        **{f"d:{key}": value.flatten().tolist() for key, value in found["theta"].items()},
        "d:meta:logLambda": [float(found["logLambda"])],
    },
}))
