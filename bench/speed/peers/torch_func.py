"""PyTorch, all tasks at once: torch.func's vmap and grad; with the mode `compile` through torch.compile, which needs a C++ compiler."""

from common import serve

# Episodes adapted at once: more of them dispatch less, fewer stay in the cache.
CHUNKS = {"mlp, none": 600, "mlp, batch": 100, "conv4, batch": 25}


def make_peer(job, cores, mode):
    import torch
    from torch.func import grad, vjp, vmap

    from torch_common import Numbers, TorchPeer, composed_norm, forward, native_norm
    from torch_methods import GRADIENTS, LOSSES, TWICE_THROUGH_NORMS, Network

    maybe_compiled = (lambda f: torch.compile(f, fullgraph=True)) if mode == "compile" else (lambda f: f)

    class Transformed(Network):
        def gradient(self, f, params, second_order):
            found = grad(f)(params)
            return found if second_order else {name: g.detach() for name, g in found.items()}

        def hessian(self, f, params):
            _, pull = vjp(grad(f), params)
            return lambda vector: pull(vector)[0]

    # PyTorch's own batch norm is faster, but right to first order only.
    twice = job.algorithm in TWICE_THROUGH_NORMS and job.kind == "training"
    network = Transformed(job, composed_norm if twice else native_norm)

    def meta_gradients(params, batch):
        axes = {name: 0 if job.pooled and name.startswith("head.") else None for name in params}
        if job.algorithm in GRADIENTS:
            shares = vmap(lambda own, task: GRADIENTS[job.algorithm](network, own, task), (axes, 0))(params, batch)
            return {name: share.mean(0) for name, share in shares.items()}
        losses = vmap(lambda own, task: LOSSES[job.algorithm](network, own, task), (axes, 0))
        return grad(lambda own: losses(own, batch).mean())(params)

    meta_gradient = maybe_compiled(meta_gradients)

    def step_of_all(params, x, y):
        found = vmap(grad(network.loss))(params, x, y)
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
            return meta_gradient(params, numbers.batch)

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
