"""PyTorch, all tasks at once: torch.func's vmap and grad; with the mode `compile` through torch.compile, which needs a C++ compiler."""

from common import serve

# Episodes adapted at once: more of them dispatch less, fewer stay in the cache.
CHUNKS = {"mlp, none": 600, "mlp, batch": 100, "conv4, batch": 25}


def make_peer(job, cores, mode):
    import torch
    from torch.func import grad, vmap

    from torch_common import Numbers, TorchPeer, composed_norm, forward, native_norm
    from torch_common import loss_of as loss_with

    adapted_layers = {layer for layer, adapts in zip(job.layers, job.mask) if adapts}
    maybe_compiled = (lambda f: torch.compile(f, fullgraph=True)) if mode == "compile" else (lambda f: f)

    # PyTorch's own batch norm is faster, but right to first order only.
    norm = composed_norm if job.algorithm == "maml" and job.kind == "training" else native_norm

    def loss_of(job, params, x, y):
        return loss_with(job, params, x, y, norm)

    def split(params):
        adapted = {name: p for name, p in params.items() if name.split(".")[0] in adapted_layers}
        return adapted, {name: p for name, p in params.items() if name not in adapted}

    def inner_step(adapted, fixed, x, y):
        found = grad(lambda moving: loss_of(job, {**fixed, **moving}, x, y))(adapted)
        return found

    def adapted_loss(params, x, y, query_x, query_y):
        adapted, fixed = split(params)
        for _ in range(job.inner_steps):
            found = inner_step(adapted, fixed, x, y)
            if job.algorithm == "fomaml":
                found = {name: g.detach() for name, g in found.items()}
            adapted = {name: p - job.inner_lr * found[name] for name, p in adapted.items()}
        return loss_of(job, {**fixed, **adapted}, query_x, query_y)

    def meta_loss(params, *parts):
        if job.pooled:
            axes = {name: 0 if name.startswith("head.") else None for name in params}
            return vmap(lambda p, x, y: loss_of(job, p, x, y), (axes, 0, 0))(params, *parts).mean()
        return vmap(adapted_loss, (None, 0, 0, 0, 0))(params, *parts).mean()

    meta_gradient = maybe_compiled(grad(meta_loss))

    def step_of_all(params, x, y):
        found = vmap(lambda p, a, b: inner_step(p, {}, a, b))(params, x, y)
        return {name: p - job.inner_lr * found[name] for name, p in params.items()}

    adaptation_step = maybe_compiled(step_of_all)

    class Func(TorchPeer):
        def inputs(self, arrays, dtype):
            numbers = Numbers(job, arrays, dtype)
            if job.kind == "adaptation" and arrays is job.timing:
                chunk = CHUNKS[f"{job.model}, {job.norm}"]
                for name, value in numbers.batch.items():
                    repeats = [chunk // value.shape[0]] + [1] * (value.dim() - 1)
                    numbers.batch[name] = value.repeat(repeats)
            return numbers

        def gradients(self, params, numbers):
            return meta_gradient(params, *numbers.parts())

        def predictions(self, params, numbers):
            x, y, query, _ = numbers.parts()
            with torch.no_grad():
                adapted = {name: p.expand(x.shape[0], *p.shape) for name, p in params.items()}
                for _ in range(job.inner_steps):
                    adapted = adaptation_step(adapted, x, y)
                return vmap(lambda p, q: forward(job, p, q))(adapted, query)

    return Func(job, cores, f"CPU, torch.func vmap and grad{', torch.compile' if mode == 'compile' else ''}")


if __name__ == "__main__":
    serve(make_peer, ["torch"])
