"""What every method computes for one task, in JAX: a line of `LOSSES`, whose mean over tasks training descends along, or of
`GRADIENTS`, the task's share of an outer gradient that is none of a loss.

A method gets the network, the parameters by name in the reference's shapes without their first axis (an algorithm's own behind "meta:"),
and the task: x0, y0 its support set or all its examples, x1, y1 its query set, labels one-hot.
"""

import jax
import jax.numpy as jnp
from jax.flatten_util import ravel_pytree

from jax_heads import affine, machine, ridge

NORM_EPSILON = 1e-3


def patches(x):
    """3 x 3 windows of stride 2, padded as TensorFlow's SAME: [n, H, W, C] -> [n, H', W', 9 C]. Matrix products on patches are many
    times as fast on a CPU as XLA's convolution with weights per task."""
    rows, columns = -(-x.shape[1] // 2), -(-x.shape[2] // 2)
    pads = [max(0, (out - 1) * 2 + 3 - extent) for out, extent in ((rows, x.shape[1]), (columns, x.shape[2]))]
    x = jnp.pad(x, ((0, 0), *((pad // 2, pad - pad // 2) for pad in pads), (0, 0)))
    windows = [x[:, ky : ky + 2 * rows - 1 : 2, kx : kx + 2 * columns - 1 : 2, :] for ky in range(3) for kx in range(3)]
    return jnp.concatenate(windows, -1)


class Network:
    """The network of one task."""

    def __init__(self, job):
        self.job = job
        self.adapted = {layer for layer, adapts in zip(job.layers, job.mask) if adapts}

    def features(self, params, x):
        """What enters the head, of one task's examples: x [n, ...]."""
        for layer in self.job.layers[:-1]:
            x = patches(x) if layer.startswith("conv") else x.reshape(x.shape[0], -1)
            x = x @ params[f"{layer}.weight"]
            if self.job.norm == "batch":
                axes = tuple(range(x.ndim - 1))
                centred = x - x.mean(axes)
                x = centred / jnp.sqrt((centred**2).mean(axes) + NORM_EPSILON)
                x = x * params[f"{layer}.gamma"][0] + params[f"{layer}.beta"][0]
            else:
                x = x + params[f"{layer}.bias"][0]
            x = jax.nn.relu(x)
        return x.mean((1, 2)) if self.job.model == "conv4" else x

    def forward(self, params, x):
        return self.features(params, x) @ params["head.weight"] + params["head.bias"][0]

    def score(self, prediction, y):
        if self.job.loss == "mse":
            return ((prediction - y) ** 2).mean()
        return -(y * jax.nn.log_softmax(prediction)).sum() / prediction.shape[0]

    def loss(self, params, x, y):
        return self.score(self.forward(params, x), y)


def descended(net, params, loss, step_of, step=0, second_order=True):
    """The parameters after one inner step on a loss of them; `step_of(name, gradient, step)` is what is taken off a parameter."""
    moving = {name: p for name, p in params.items() if name.split(".")[0] in net.adapted}
    found = jax.grad(lambda own: loss({**params, **own}))(moving)
    if not second_order:
        found = jax.lax.stop_gradient(found)
    return {**params, **{name: p - step_of(name, found[name], step) for name, p in moving.items()}}


def after_descent(net, params, task, step_of, second_order=True):
    for step in range(net.job.inner_steps):
        params = descended(net, params, lambda own: net.loss(own, task["x0"], task["y0"]), step_of, step, second_order)
    return net.loss(params, task["x1"], task["y1"])


def plain(net):
    return lambda _, g, __: net.job.inner_lr * g


def maml(net, params, task):
    """BOIL and ANIL too: they differ in which layers adapt."""
    return after_descent(net, params, task, plain(net))


def fomaml(net, params, task):
    return after_descent(net, params, task, plain(net), second_order=False)


def unicorn_maml(net, params, task):
    head = {
        name: jnp.broadcast_to(p.mean(-1, keepdims=True), p.shape)
        for name, p in params.items()
        if name.startswith("head.")
    }
    return maml(net, {**params, **head}, task)


def own_key(net, what, name):
    """The key of an algorithm's own state that belongs to a parameter."""
    layer, kind = name.split(".")
    return f"meta:{what}{net.job.layers.index(layer)}.{kind}"


def meta_sgd(net, params, task):
    return after_descent(net, params, task, lambda name, g, _: params[own_key(net, "rate", name)] * g)


def meta_curvature(net, params, task):
    def step_of(name, g, _):
        key = own_key(net, "curvature", name)
        if f"{key}.diagonal" in params:
            return net.job.inner_lr * g * params[f"{key}.diagonal"].reshape(g.shape)
        inputs, outputs = (jnp.atleast_2d(params[f"{key}.{side}"]) for side in ("in", "out"))
        curved = curved_weight(g, inputs, outputs, params.get(f"{key}.window"))
        return net.job.inner_lr * curved

    return after_descent(net, params, task, step_of)


def curved_weight(g, inputs, outputs, window):
    if window is None:
        return inputs @ g @ outputs
    split = g.reshape(window.shape[0], inputs.shape[0], -1)
    return jnp.einsum("pq,cd,qdg,gf->pcf", window, inputs, split, outputs).reshape(g.shape)


def maml_plus_plus(net, params, task):
    steps, share = net.job.inner_steps, net.job.own["multiStepShare"]
    rest = 1 - net.job.progress / share
    early = max(rest, 0.03) / steps if rest > 0 else 0
    weights = [early] * (steps - 1) + [1 - (steps - 1) * early]
    adapted, total = params, 0
    for step, weight in enumerate(weights):
        adapted = descended(
            net,
            adapted,
            lambda own: net.loss(own, task["x0"], task["y0"]),
            lambda name, g, step: params[f"{own_key(net, 'rate', name)}.{step}"] * g,
            step,
        )
        total += weight * net.loss(adapted, task["x1"], task["y1"])
    return total


def cavia(net, params, task):
    first = net.job.layers[0]
    weights = {name.split(".")[1]: p for name, p in params.items() if name.startswith("meta:context.")}

    def under(context):
        moved = {f"{first}.{kind}": params[f"{first}.{kind}"] + context @ weight for kind, weight in weights.items()}
        return {**params, **moved}

    context = jnp.zeros(net.job.own["contexts"], task["x0"].dtype)
    for _ in range(net.job.inner_steps):
        slope = jax.grad(lambda own: net.loss(under(own), task["x0"], task["y0"]))(context)
        context = context - net.job.inner_lr * slope
    return net.loss(under(context), task["x1"], task["y1"])


def joint_loss(net, params, task):
    support, query = task["x0"].shape[0], task["x1"].shape[0]
    of_support, of_query = net.loss(params, task["x0"], task["y0"]), net.loss(params, task["x1"], task["y1"])
    return (support * of_support + query * of_query) / (support + query)


def mtl(net, params, task):
    return net.loss(params, task["x0"], task["y0"])


def mtl_solved(net, params, task):
    strength = net.job.own["lambda"]
    features = net.features(params, task["x0"])
    # Where the head is optimal, the gradient is that at the head held constant.
    penalty = features.shape[0] * task["y0"].shape[1] * strength
    weights = jax.lax.stop_gradient(ridge(jax.lax.stop_gradient(features), task["y0"], penalty, True))
    return net.score(affine(features, weights), task["y0"]) + strength * (weights**2).sum()


def r2d2(net, params, task):
    support, query = net.features(params, task["x0"]), net.features(params, task["x1"])
    penalty = support.shape[0] * jnp.exp(params["meta:logLambda"])
    prediction = affine(query, ridge(support, task["y0"], penalty, True))
    if "meta:logScale" in params:
        prediction = jnp.exp(params["meta:logScale"]) * prediction
    return net.score(prediction, task["y1"])


def metaoptnet_ridge(net, params, task):
    support, query = net.features(params, task["x0"]), net.features(params, task["x1"])
    weights = ridge(support, task["y0"], net.job.own["lambda"], False)
    return net.score(2 * jnp.exp(params["meta:logScale"]) * (query @ weights), task["y1"])


def metaoptnet_svm(net, params, task):
    support, query = net.features(params, task["x0"]), net.features(params, task["x1"])
    weights = machine(support, task["y0"], net.job.own["penalty"])
    return net.score(jnp.exp(params["meta:logScale"]) * (query @ weights), task["y1"])


def protonet(net, params, task):
    support, query = net.features(params, task["x0"]), net.features(params, task["x1"])
    # Examples come class by class.
    means = support.reshape(task["y0"].shape[-1], -1, support.shape[-1]).mean(1)
    return net.score(-((query[:, None] - means) ** 2).sum(-1), task["y1"])


def unit(x):
    return x / jnp.linalg.norm(x, axis=-1, keepdims=True)


def mtl_class_rows(net, params, task):
    features = unit(net.features(params, task["x0"]))
    return net.score(features @ params["meta:rows"][task["classes"]].T, task["y0"])


def mtl_all_rows(net, params, task):
    return net.score(unit(net.features(params, task["x0"])) @ params["meta:rows"].T, task["y0"])


def baseline_plus_plus(net, params, task):
    rows = unit(params["meta:rows"]) * params["meta:norms"]
    return net.score(net.job.own["scale"] * (unit(net.features(params, task["x0"])) @ rows.T), task["y0"])


def reptile(net, params, task):
    rate, adapted = net.job.inner_lr, params
    for _ in range(net.job.inner_steps):
        adapted = descended(net, adapted, lambda own: joint_loss(net, own, task), plain(net))
    return {name: (p - adapted[name]) / (rate * net.job.inner_steps) for name, p in params.items()}


def imaml(net, params, task):
    """The proximal problem by gradient descent, then its implicit gradient by conjugate gradients."""
    own, rate = net.job.own, net.job.inner_lr
    start, tree = ravel_pytree(params)

    def slope(solution):
        return jax.grad(lambda flat: net.loss(tree(flat), task["x0"], task["y0"]))(solution)

    solution = start
    for _ in range(net.job.inner_steps):
        solution = solution - rate * (slope(solution) + own["lambda"] * (solution - start))
    _, hessian = jax.linearize(slope, solution)

    def times(vector):
        return (1 + own["damping"]) * vector + hessian(vector) / own["lambda"]

    x = jax.grad(lambda flat: net.loss(tree(flat), task["x1"], task["y1"]))(solution)
    residual = x - times(x)
    direction = residual
    square = residual @ residual
    for _ in range(own["cgSteps"]):
        along = times(direction)
        length = square / (direction @ along)
        x = x + length * direction
        residual = residual - length * along
        square, before = residual @ residual, square
        direction = residual + square / before * direction
    return tree(x)


LOSSES = {
    "mtl": mtl,
    "mtl-class-rows": mtl_class_rows,
    "mtl-all-rows": mtl_all_rows,
    "baseline-plus-plus": baseline_plus_plus,
    "maml": maml,
    "fomaml": fomaml,
    "anil": maml,
    "boil": maml,
    "meta-sgd": meta_sgd,
    "meta-curvature": meta_curvature,
    "maml-plus-plus": maml_plus_plus,
    "unicorn-maml": unicorn_maml,
    "cavia": cavia,
    "mtl-solved": mtl_solved,
    "r2d2": r2d2,
    "metaoptnet-ridge": metaoptnet_ridge,
    "metaoptnet-svm": metaoptnet_svm,
    "protonet": protonet,
    "pooled": joint_loss,
}

GRADIENTS = {
    "imaml": imaml,
    "reptile": reptile,
}
