"""Outer gradients of R2-D2, CAVIA and iMAML on regression, by JAX's automatic differentiation in float64.

    python3 -m venv venv && venv/bin/pip install jax==0.10.2
    venv/bin/python algorithms/testing/golden/regression.py > algorithms/testing/golden/regression.json

Written from equations 4 to 6 of Bertinetto et al. 2019 and Algorithm 1 of Zintgraf et al. 2019 and equations 3 and 6 of Rajeswaran et al. 2019, one task at a time; nothing of this project's graphs is
used.
"""
import json

import jax
import jax.flatten_util
import jax.numpy as jnp

jax.config.update("jax_enable_x64", True)
TASKS, SUPPORT, QUERY = 2, 3, 4
CONTEXTS, STEPS, RATE = 5, 2, 0.2
LAYERS = {
    "dense1.weight": [1, 4],
    "dense1.bias": [1, 4],
    "dense2.weight": [4, 3],
    "dense2.bias": [1, 3],
    "head.weight": [3, 1],
    "head.bias": [1, 1],
}


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


def task_of(task):
    """Inputs and targets of a task's support and query set."""
    return [
        spread([TASKS, examples, 1], -1.5, 1.5, phase)[task]
        for examples, phase in [(SUPPORT, 20), (SUPPORT, 22), (QUERY, 21), (QUERY, 23)]
    ]


def r2d2(learned):
    theta, log_lambda = learned["theta"], learned["logLambda"]
    total = 0
    for task in range(TASKS):
        support, y, query, wanted = task_of(task)
        x = with_constant(features(theta, support)) / SUPPORT**0.5
        gram = x.T @ x + jnp.exp(log_lambda) * jnp.eye(x.shape[1])
        w = jnp.linalg.solve(gram, x.T @ y / SUPPORT**0.5)
        total += jnp.mean((with_constant(features(theta, query)) @ w - wanted) ** 2)
    return total / TASKS


def cavia(learned):
    """The context is put beside the input, and the first layer's weights have rows for both."""
    theta = learned["theta"]
    widened = {**theta, "dense1.weight": jnp.concatenate([theta["dense1.weight"], learned["context.bias"]], 0)}

    def predict(x, context):
        inputs = jnp.concatenate([x, jnp.broadcast_to(context, (x.shape[0], context.shape[0]))], 1)
        return features(widened, inputs) @ theta["head.weight"] + theta["head.bias"]

    total = 0
    for task in range(TASKS):
        support, y, query, wanted = task_of(task)
        context = jnp.zeros(CONTEXTS)
        for _ in range(STEPS):
            context = context - RATE * jax.grad(lambda c: jnp.mean((predict(support, c) - y) ** 2))(context)
        total += jnp.mean((predict(query, context) - wanted) ** 2)
    return total / TASKS


theta = {key: spread(shape, -1, 1, phase) for phase, (key, shape) in enumerate(LAYERS.items())}
LEARNED = {
    "r2d2": (r2d2, {"logLambda": jnp.array([[[-0.4]]])}),
    "cavia": (cavia, {"context.bias": spread([CONTEXTS, 4], -1, 1, 50)}),
}


def imaml():
    """Two steps down the proximal problem, then the system with the dense Hessian, task by task."""
    strength = 2.0
    flat, restore = jax.flatten_util.ravel_pytree(theta)

    def predict(vector, x):
        parameters = restore(vector)
        return features(parameters, x) @ parameters["head.weight"] + parameters["head.bias"]

    total = 0
    for task in range(TASKS):
        support, y, query, wanted = task_of(task)
        inner = lambda vector: jnp.mean((predict(vector, support) - y) ** 2)
        solution = flat
        for _ in range(STEPS):
            solution = solution - RATE * (jax.grad(inner)(solution) + strength * (solution - flat))
        slope = jax.grad(lambda vector: jnp.mean((predict(vector, query) - wanted) ** 2))(solution)
        total += jnp.linalg.solve(jnp.eye(flat.size) + jax.hessian(inner)(solution) / strength, slope)
    return {f"d:{key}": value.flatten().tolist() for key, value in restore(total / TASKS).items()}


def gradients(loss, own):
    found = jax.grad(lambda learned: jnp.sum(loss(learned)))({"theta": theta, **own})
    return {
        **{f"d:{key}": value.flatten().tolist() for key, value in found["theta"].items()},
        **{f"d:meta:{key}": found[key].flatten().tolist() for key in own},
    }


print(json.dumps({
    "jax": jax.__version__,
    "gradients": {**{name: gradients(loss, own) for name, (loss, own) in LEARNED.items()}, "imaml": imaml()},
}))
