"""Outer gradients of algorithms that learn more than a model, by PyTorch's automatic differentiation in float64.

    python3 -m venv venv && venv/bin/pip install torch==2.13.0
    venv/bin/python algorithms/testing/golden/outer_gradients.py > algorithms/testing/golden/outer_gradients.json

Written from the papers' equations, one task at a time; nothing of this project's graphs is used.
"""
import json

import torch

torch.set_default_dtype(torch.float64)
TASKS, WAYS, CLASSES, EXAMPLES = 2, 3, 7, 6
LAYERS = {
    "dense1.weight": [4, 4],
    "dense1.gamma": [1, 4],
    "dense1.beta": [1, 4],
    "dense2.weight": [4, 3],
    "dense2.gamma": [1, 3],
    "dense2.beta": [1, 3],
    "head.weight": [3, 3],
    "head.bias": [1, 3],
}
LAYER_OF = {"dense1": 0, "dense2": 1, "head": 2}
# Two classes are in both tasks.
TASK_CLASSES = [[0, 3, 6], [3, 0, 5]]
STEPS = 2


def spread(shape, low, high, phase):
    """The same numbers as `spread` in algorithms/testing/tensor.ts."""
    size = torch.Size(shape).numel()
    values = [
        low + (high - low) * (((i + 1) * 0.6180339887498949 + phase * 0.7548776662466927) % 1) for i in range(size)
    ]
    return torch.tensor(values).reshape(shape)


def leaves():
    return {key: spread(shape, -1, 1, phase).requires_grad_() for phase, (key, shape) in enumerate(LAYERS.items())}


def labels(examples, ways):
    return torch.arange(examples) % ways


def moments(values):
    return values.mean(0), values.var(0, unbiased=False)


def body(theta, x, source):
    """Features of x [n, 4]; `source(layer, values)` says what a layer's values are normalised by."""
    for layer in ["dense1", "dense2"]:
        values = x @ theta[f"{layer}.weight"]
        mean, variance = source(layer, values)
        normalised = (values - mean) / torch.sqrt(variance + 1e-3)
        x = torch.relu(normalised * theta[f"{layer}.gamma"] + theta[f"{layer}.beta"])
    return x


def own(_, values):
    return moments(values)


def of_batch(parts, theta):
    """Statistics over the examples of all tasks together: each part [T, n, 4] is put through as one set."""
    all_examples = parts.reshape(-1, 4)
    kept = {}

    def keep(layer, values):
        kept[layer] = moments(values)
        return kept[layer]

    body(theta, all_examples, keep)
    return lambda layer, _: kept[layer]


def cross_entropy(logits, targets):
    return torch.nn.functional.cross_entropy(logits, targets)


def unit(features):
    return features / torch.sqrt((features**2).sum(1, keepdim=True) + 1e-12)


def gradients(loss, theta, meta):
    wanted = {**theta, **{f"meta:{name}": value for name, value in meta.items()}}
    found = torch.autograd.grad(loss, list(wanted.values()), allow_unused=True)
    return {
        f"d:{key}": (torch.zeros_like(value) if g is None else g).flatten().tolist()
        for (key, value), g in zip(wanted.items(), found)
    }


def statistics(norm, parts, theta):
    return of_batch(parts, theta) if norm == "batch-inductive" else own


def protonet(norm):
    theta = leaves()
    support, query = spread([TASKS, EXAMPLES, 4], -1.5, 1.5, 20), spread([TASKS, EXAMPLES, 4], -1.5, 1.5, 21)
    y = labels(EXAMPLES, WAYS)
    losses = []
    for task in range(TASKS):
        features = body(theta, support[task], statistics(norm, support, theta))
        queries = body(theta, query[task], statistics(norm, query, theta))
        prototypes = torch.stack([features[y == k].mean(0) for k in range(WAYS)])
        distances = ((queries[:, None, :] - prototypes[None, :, :]) ** 2).sum(2)
        losses.append(cross_entropy(-distances, y))
    return gradients(torch.stack(losses).mean(), theta, {})


def class_rows(norm):
    theta = leaves()
    rows = spread([CLASSES, 3], -1, 1, 30).requires_grad_()
    x = spread([TASKS, 2 * EXAMPLES, 4], -1.5, 1.5, 20)
    losses = []
    for task in range(TASKS):
        features = unit(body(theta, x[task], statistics(norm, x, theta)))
        losses.append(cross_entropy(features @ rows[TASK_CLASSES[task]].T, labels(2 * EXAMPLES, WAYS)))
    return gradients(torch.stack(losses).mean(), theta, {"rows": rows})


def all_rows(norm):
    theta = leaves()
    rows = spread([CLASSES, 3], -1, 1, 30).requires_grad_()
    x = spread([2 * EXAMPLES, 4], -1.5, 1.5, 20)
    features = unit(body(theta, x, own))
    return gradients(cross_entropy(features @ rows.T, labels(2 * EXAMPLES, CLASSES)), theta, {"rows": rows})


def baseline_plus_plus(norm):
    """PyTorch's own weight normalisation, as the authors' code has it."""
    theta = leaves()
    rows = spread([CLASSES, 3], -1, 1, 30).requires_grad_()
    norms = spread([CLASSES, 1], 0.5, 1.5, 31).requires_grad_()
    x = spread([2 * EXAMPLES, 4], -1.5, 1.5, 20)
    weight = torch._weight_norm(rows, norms, 0)
    logits = 10 * torch.nn.functional.linear(unit(body(theta, x, own)), weight)
    return gradients(cross_entropy(logits, labels(2 * EXAMPLES, CLASSES)), theta, {"rows": rows, "norms": norms})


def meta_sgd(norm):
    theta = leaves()
    rates = {
        f"rate{LAYER_OF[key.split('.')[0]]}.{key.split('.')[1]}": spread(shape, 0.05, 0.3, 40 + phase).requires_grad_()
        for phase, (key, shape) in enumerate(LAYERS.items())
    }
    support, query = spread([TASKS, EXAMPLES, 4], -1.5, 1.5, 20), spread([TASKS, EXAMPLES, 4], -1.5, 1.5, 21)
    y = labels(EXAMPLES, WAYS)

    def logits(parameters, x, source):
        return body(parameters, x, source) @ parameters["head.weight"] + parameters["head.bias"]

    losses = []
    for task in range(TASKS):
        adapted = theta
        for _ in range(STEPS):
            loss = cross_entropy(logits(adapted, support[task], own), y)
            slopes = torch.autograd.grad(loss, list(adapted.values()), create_graph=True)
            adapted = {
                key: value - rate * slope
                for (key, value), rate, slope in zip(adapted.items(), rates.values(), slopes)
            }
        source = of_batch(support[task], adapted) if norm == "batch-inductive" else own
        losses.append(cross_entropy(logits(adapted, query[task], source), y))
    return gradients(torch.stack(losses).mean(), theta, rates)


def meta_curvature(norm):
    """A matrix on each side of a weight's gradient, a diagonal for every other; numbered in the order in which they are named."""
    theta = leaves()
    matrices = {}
    for key, (rows, columns) in LAYERS.items():
        layer, name = key.split(".")
        parts = {"in": [1, rows, rows], "out": [1, columns, columns]} if name == "weight" else {"diagonal": [1, 1, columns]}
        for part, shape in parts.items():
            drawn = spread(shape, -0.3, 0.3, 80 + len(matrices))
            start = torch.ones(shape) if part == "diagonal" else torch.eye(shape[1])[None]
            matrices[f"curvature{LAYER_OF[layer]}.{name}.{part}"] = (start + drawn).requires_grad_()
    support, query = spread([TASKS, EXAMPLES, 4], -1.5, 1.5, 20), spread([TASKS, EXAMPLES, 4], -1.5, 1.5, 21)
    y = labels(EXAMPLES, WAYS)

    def logits(parameters, x, source):
        return body(parameters, x, source) @ parameters["head.weight"] + parameters["head.bias"]

    def curved(key, slope):
        layer, name = key.split(".")
        own = f"curvature{LAYER_OF[layer]}.{name}"
        if name != "weight":
            return matrices[f"{own}.diagonal"][0] * slope
        return torch.einsum("ij,jk,kl->il", matrices[f"{own}.in"][0], slope, matrices[f"{own}.out"][0])

    losses = []
    for task in range(TASKS):
        adapted = theta
        for _ in range(STEPS):
            loss = cross_entropy(logits(adapted, support[task], own), y)
            slopes = torch.autograd.grad(loss, list(adapted.values()), create_graph=True)
            adapted = {key: value - 0.2 * curved(key, slope) for (key, value), slope in zip(adapted.items(), slopes)}
        source = of_batch(support[task], adapted) if norm == "batch-inductive" else own
        losses.append(cross_entropy(logits(adapted, query[task], source), y))
    return gradients(torch.stack(losses).mean(), theta, matrices)


def split_episodes(norm, theta, meta, predict):
    """The query loss of episodes whose head `predict(Z, Y, Z_q)` gives, labels being one-hot rows of Y."""
    support, query = spread([TASKS, EXAMPLES, 4], -1.5, 1.5, 20), spread([TASKS, EXAMPLES, 4], -1.5, 1.5, 21)
    y = labels(EXAMPLES, WAYS)
    one_hot = torch.nn.functional.one_hot(y, WAYS).to(torch.float64)
    losses = []
    for task in range(TASKS):
        features = body(theta, support[task], statistics(norm, support, theta))
        queries = body(theta, query[task], statistics(norm, query, theta))
        losses.append(cross_entropy(predict(features, one_hot, queries), y))
    return gradients(torch.stack(losses).mean(), theta, meta)


def r2d2(norm):
    """As the authors' code does it: rows of [Z 1] and of Y over the root of their number, and Woodbury's identity, whatever the sizes."""
    log_lambda, log_scale = (torch.tensor([value]).requires_grad_() for value in (-0.4, 0.3))

    def predict(features, targets, queries):
        n = features.shape[0]
        x = torch.cat([features, torch.ones(n, 1)], 1) / n**0.5
        gram = x @ x.T + log_lambda.exp() * torch.eye(n)
        w = x.T @ torch.linalg.inv(gram) @ (targets / n**0.5)
        return log_scale.exp() * (queries @ w[:-1] + w[-1:])

    return split_episodes(norm, leaves(), {"logLambda": log_lambda, "logScale": log_scale}, predict)


def metaoptnet_ridge(norm):
    """The minimum of ½ αᵀ(K + λI)α − 2 yᵀα for every class, as the authors' quadratic programme has it."""
    log_scale = torch.tensor([0.3]).requires_grad_()

    def predict(features, targets, queries):
        alpha = torch.linalg.solve(features @ features.T + 1.0 * torch.eye(features.shape[0]), 2 * targets)
        return log_scale.exp() * (queries @ features.T @ alpha)

    return split_episodes(norm, leaves(), {"logScale": log_scale}, predict)


def metaoptnet_svm(norm):
    """Projected gradient descent to its end, with derivatives through every step: A = C (Y - P), the rows of P being distributions."""
    log_scale = torch.tensor([0.3]).requires_grad_()

    def project(rows):
        falling = rows.sort(1, descending=True).values
        counts = torch.arange(1, rows.shape[1] + 1)
        thresholds = (falling.cumsum(1) - 1) / counts
        last = (falling > thresholds).sum(1, keepdim=True) - 1
        return torch.relu(rows - thresholds.gather(1, last))

    def predict(features, targets, queries, penalty=0.1):
        kernel = features @ features.T + torch.eye(features.shape[0])
        rate = 1 / torch.linalg.eigvalsh(kernel.detach())[-1]
        p = torch.full_like(targets, 1 / WAYS)
        for _ in range(2000):
            p = project(p - rate * (kernel @ (p - targets) + targets / penalty))
        return log_scale.exp() * (queries @ features.T @ (penalty * (targets - p)))

    return split_episodes(norm, leaves(), {"logScale": log_scale}, predict)


def cavia(norm):
    """FiLM after the first layer's norm: γ and β are moved by linear maps of the context."""
    theta = leaves()
    weights = {
        f"context.{name}": spread([1, 5, 4], -1, 1, 50 + phase).requires_grad_()
        for phase, name in enumerate(["gamma", "beta"])
    }
    support, query = spread([TASKS, EXAMPLES, 4], -1.5, 1.5, 20), spread([TASKS, EXAMPLES, 4], -1.5, 1.5, 21)
    y = labels(EXAMPLES, WAYS)

    def under(context):
        moved = {f"dense1.{name}": theta[f"dense1.{name}"] + context @ weights[f"context.{name}"][0] for name in ["gamma", "beta"]}
        return {**theta, **moved}

    def logits(parameters, x, source):
        return body(parameters, x, source) @ parameters["head.weight"] + parameters["head.bias"]

    losses = []
    for task in range(TASKS):
        context = torch.zeros(1, 5).requires_grad_()
        for _ in range(STEPS):
            loss = cross_entropy(logits(under(context), support[task], own), y)
            context = context - 0.2 * torch.autograd.grad(loss, context, create_graph=True)[0]
        adapted = under(context)
        source = of_batch(support[task], adapted) if norm == "batch-inductive" else own
        losses.append(cross_entropy(logits(adapted, query[task], source), y))
    return gradients(torch.stack(losses).mean(), theta, weights)


def maml_plus_plus(norm):
    """At a 25th of the training, when the losses on the way still count."""
    theta = leaves()
    rates = {
        f"rate{LAYER_OF[key.split('.')[0]]}.{key.split('.')[1]}.{step}": spread([1], 0.05, 0.3, 60 + STEPS * phase + step).requires_grad_()
        for phase, key in enumerate(LAYERS)
        for step in range(STEPS)
    }
    support, query = spread([TASKS, EXAMPLES, 4], -1.5, 1.5, 20), spread([TASKS, EXAMPLES, 4], -1.5, 1.5, 21)
    y = labels(EXAMPLES, WAYS)
    epoch, epochs = 4, 10
    early = max(1 / STEPS - epoch / (STEPS * epochs), 0.03 / STEPS)
    last = min(1 / STEPS + epoch * (STEPS - 1) / (STEPS * epochs), 1 - (STEPS - 1) * 0.03 / STEPS)
    weights = [early] * (STEPS - 1) + [last]

    def logits(parameters, x, source):
        return body(parameters, x, source) @ parameters["head.weight"] + parameters["head.bias"]

    losses = []
    for task in range(TASKS):
        adapted = theta
        for step in range(STEPS):
            loss = cross_entropy(logits(adapted, support[task], own), y)
            slopes = torch.autograd.grad(loss, list(adapted.values()), create_graph=True)
            adapted = {
                key: value - list(rates.values())[STEPS * index + step] * slope
                for index, ((key, value), slope) in enumerate(zip(adapted.items(), slopes))
            }
            source = of_batch(support[task], adapted) if norm == "batch-inductive" else own
            losses.append(weights[step] * cross_entropy(logits(adapted, query[task], source), y))
    return gradients(torch.stack(losses).sum() / TASKS, theta, rates)


def unicorn_maml(norm):
    theta = leaves()
    support, query = spread([TASKS, EXAMPLES, 4], -1.5, 1.5, 20), spread([TASKS, EXAMPLES, 4], -1.5, 1.5, 21)
    y = labels(EXAMPLES, WAYS)

    def logits(parameters, x, source):
        return body(parameters, x, source) @ parameters["head.weight"] + parameters["head.bias"]

    start = {key: value.mean(1, keepdim=True).repeat(1, WAYS) if key.startswith("head") else value for key, value in theta.items()}
    losses = []
    for task in range(TASKS):
        adapted = start
        for _ in range(STEPS):
            loss = cross_entropy(logits(adapted, support[task], own), y)
            slopes = torch.autograd.grad(loss, list(adapted.values()), create_graph=True)
            adapted = {key: value - 0.2 * slope for (key, value), slope in zip(adapted.items(), slopes)}
        source = of_batch(support[task], adapted) if norm == "batch-inductive" else own
        losses.append(cross_entropy(logits(adapted, query[task], source), y))
    return gradients(torch.stack(losses).mean(), theta, {})


ALGORITHMS = {
    "protonet": protonet,
    "mtl-class-rows": class_rows,
    "mtl-all-rows": all_rows,
    "baseline-plus-plus": baseline_plus_plus,
    "meta-sgd": meta_sgd,
    "meta-curvature": meta_curvature,
    "maml-plus-plus": maml_plus_plus,
    "unicorn-maml": unicorn_maml,
    "cavia": cavia,
    "r2d2": r2d2,
    "metaoptnet-ridge": metaoptnet_ridge,
    "metaoptnet-svm": metaoptnet_svm,
}
print(json.dumps({
    "torch": torch.__version__,
    "gradients": {
        name: {norm: algorithm(norm) for norm in ["batch", "batch-inductive"]} for name, algorithm in ALGORITHMS.items()
    },
}))
