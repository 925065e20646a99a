"""What every method computes for one task, in PyTorch: a line of `LOSSES`, whose mean over tasks training descends along, or of
`GRADIENTS`, the task's share of an outer gradient that is none of a loss.

A method gets the network of a script, which says how to differentiate inside a task; the parameters by name, an algorithm's own behind
"meta:"; and the task: x0, y0 its support set or all its examples, x1, y1 its query set, labels as numbers of classes.
"""

import torch
import torch.nn.functional as F

from torch_common import features_of, forward, head_of, native_norm
from torch_heads import affine, machine, ridge


class Network:
    """The network of one task. A script adds `gradient(f, params, second_order)`, by name, and `hessian(f, params)`, a function that
    multiplies with the Hessian."""

    def __init__(self, job, norm=native_norm):
        self.job = job
        self.norm = norm
        self.adapted = {layer for layer, adapts in zip(job.layers, job.mask) if adapts}

    def loss(self, params, x, y):
        return self.score(forward(self.job, params, x, self.norm), y)

    def features(self, params, x):
        return features_of(self.job, params, x, self.norm)

    def score(self, prediction, y):
        return F.mse_loss(prediction, y) if self.job.loss == "mse" else F.cross_entropy(prediction, y)


def descent(net, params, loss, step_of, second_order=True):
    """The parameters after each inner step on a loss of them; `step_of(name, gradient, step)` is what is taken off a parameter."""
    for step in range(net.job.inner_steps):
        moving = {name: p for name, p in params.items() if name.split(".")[0] in net.adapted}
        fixed = params
        found = net.gradient(lambda own: loss({**fixed, **own}), moving, second_order)
        params = {**params, **{name: p - step_of(name, found[name], step) for name, p in moving.items()}}
        yield params


def after_descent(net, params, task, step_of, second_order=True):
    *_, adapted = descent(net, params, lambda own: net.loss(own, task["x0"], task["y0"]), step_of, second_order)
    return net.loss(adapted, task["x1"], task["y1"])


def plain(net):
    return lambda _, g, __: net.job.inner_lr * g


def maml(net, params, task):
    """BOIL and ANIL too: they differ in which layers adapt."""
    return after_descent(net, params, task, plain(net))


def fomaml(net, params, task):
    return after_descent(net, params, task, plain(net), second_order=False)


def unicorn_maml(net, params, task):
    head = {name: p.mean(-1, keepdim=True).expand_as(p) for name, p in params.items() if name.startswith("head.")}
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
        inputs, outputs = (torch.atleast_2d(params[f"{key}.{side}"]) for side in ("in", "out"))
        curved = curved_weight(g, inputs, outputs, params.get(f"{key}.window"))
        return net.job.inner_lr * curved

    return after_descent(net, params, task, step_of)


def curved_weight(g, inputs, outputs, window):
    if window is None:
        return inputs @ g @ outputs
    # [filters, channels, 3, 3]: filters, then channels, then positions.
    filters, channels = g.shape[:2]
    mixed = (outputs.T @ g.reshape(filters, -1)).reshape(filters, channels, -1)
    return (inputs @ mixed @ window.T).reshape(g.shape)


def maml_plus_plus(net, params, task):
    steps = net.job.inner_steps
    rest = 1 - net.job.progress / net.job.own["multiStepShare"]
    early = max(rest, 0.03) / steps if rest > 0 else 0
    weights = [early] * (steps - 1) + [1 - (steps - 1) * early]
    states = descent(
        net,
        params,
        lambda own: net.loss(own, task["x0"], task["y0"]),
        lambda name, g, step: params[f"{own_key(net, 'rate', name)}.{step}"] * g,
    )
    return sum(weight * net.loss(own, task["x1"], task["y1"]) for weight, own in zip(weights, states))


def cavia(net, params, task):
    first = net.job.layers[0]
    weights = {name.split(".")[1]: p for name, p in params.items() if name.startswith("meta:context.")}

    def under(context):
        moved = {f"{first}.{kind}": params[f"{first}.{kind}"] + context @ weight for kind, weight in weights.items()}
        return {**params, **moved}

    context = task["x0"].new_zeros(net.job.own["contexts"])
    for _ in range(net.job.inner_steps):
        found = net.gradient(
            lambda own: net.loss(under(own["context"]), task["x0"], task["y0"]), {"context": context}, True
        )
        context = context - net.job.inner_lr * found["context"]
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
    weights = ridge(features.detach(), task["y0"], features.shape[0] * task["y0"].shape[1] * strength, True).detach()
    return net.score(affine(features, weights), task["y0"]) + strength * weights.square().sum()


def targets_of(net, params, y):
    return y if net.job.loss == "mse" else torch.eye(head_of(params).shape[-1], dtype=head_of(params).dtype)[y]


def r2d2(net, params, task):
    support, query = net.features(params, task["x0"]), net.features(params, task["x1"])
    penalty = support.shape[0] * params["meta:logLambda"].exp()
    prediction = affine(query, ridge(support, targets_of(net, params, task["y0"]), penalty, True))
    if "meta:logScale" in params:
        prediction = params["meta:logScale"].exp() * prediction
    return net.score(prediction, task["y1"])


def metaoptnet_ridge(net, params, task):
    support, query = net.features(params, task["x0"]), net.features(params, task["x1"])
    weights = ridge(support, targets_of(net, params, task["y0"]), net.job.own["lambda"], False)
    return net.score(2 * params["meta:logScale"].exp() * (query @ weights), task["y1"])


def metaoptnet_svm(net, params, task):
    support, query = net.features(params, task["x0"]), net.features(params, task["x1"])
    weights = machine(support, targets_of(net, params, task["y0"]), net.job.own["penalty"])
    return net.score(params["meta:logScale"].exp() * (query @ weights), task["y1"])


def protonet(net, params, task):
    support, query = net.features(params, task["x0"]), net.features(params, task["x1"])
    # Examples come class by class.
    means = support.reshape(head_of(params).shape[-1], -1, support.shape[-1]).mean(1)
    return net.score(-(query[:, None] - means).square().sum(-1), task["y1"])


def mtl_class_rows(net, params, task):
    features = F.normalize(net.features(params, task["x0"]), dim=-1)
    return net.score(features @ params["meta:rows"][task["classes"]].T, task["y0"])


def mtl_all_rows(net, params, task):
    features = F.normalize(net.features(params, task["x0"]), dim=-1)
    return net.score(features @ params["meta:rows"].T, task["y0"])


def baseline_plus_plus(net, params, task):
    features = F.normalize(net.features(params, task["x0"]), dim=-1)
    rows = F.normalize(params["meta:rows"], dim=-1) * params["meta:norms"]
    return net.score(net.job.own["scale"] * (features @ rows.T), task["y0"])


def reptile(net, params, task):
    rate = net.job.inner_lr
    *_, found = descent(net, params, lambda own: joint_loss(net, own, task), plain(net), second_order=False)
    return {name: (p - found[name]) / (rate * net.job.inner_steps) for name, p in params.items()}


def imaml(net, params, task):
    """The proximal problem by gradient descent, then its implicit gradient by conjugate gradients on flat vectors."""
    own, rate = net.job.own, net.job.inner_lr

    def support_loss(solution):
        return net.loss(solution, task["x0"], task["y0"])

    solution = params
    for _ in range(net.job.inner_steps):
        found = net.gradient(support_loss, solution, False)
        solution = {
            name: p - rate * (found[name] + own["lambda"] * (p - params[name])) for name, p in solution.items()
        }
    names = list(params)
    sizes = [p.numel() for p in params.values()]

    def flat(tree):
        return torch.cat([tree[name].flatten() for name in names])

    def tree(vector):
        return {name: part.view(params[name].shape) for name, part in zip(names, vector.split(sizes))}

    hessian = net.hessian(support_loss, solution)

    def times(vector):
        return (1 + own["damping"]) * vector + flat(hessian(tree(vector))) / own["lambda"]

    x = flat(net.gradient(lambda moving: net.loss(moving, task["x1"], task["y1"]), solution, False))
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

# Methods that differentiate twice through the norms.
TWICE_THROUGH_NORMS = {"maml", "boil", "meta-sgd", "meta-curvature", "maml-plus-plus", "unicorn-maml", "cavia", "imaml"}
