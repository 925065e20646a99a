"""PyTorch, one task after another, as learn2learn does it: autograd through the inner loop, gradients added up over tasks."""

from common import serve


def make_peer(job, cores, _mode):
    import torch

    from torch_common import TorchPeer, forward, loss_of

    adapted_layers = {layer for layer, adapts in zip(job.layers, job.mask) if adapts}

    def adapt(params, x, y, second_order):
        names = [name for name in params if name.split(".")[0] in adapted_layers]
        for _ in range(job.inner_steps):
            loss = loss_of(job, params, x, y)
            found = torch.autograd.grad(loss, [params[name] for name in names], create_graph=second_order)
            moved = {name: params[name] - job.inner_lr * g for name, g in zip(names, found)}
            params = {**params, **moved}
        return params

    class Loop(TorchPeer):
        def gradients(self, params, numbers):
            leaves = {name: value.detach().requires_grad_() for name, value in params.items()}
            tasks = numbers.batch["x0"].shape[0]
            for task in range(tasks):
                own = self.at_rows(leaves, task) if job.pooled else leaves
                if job.pooled:
                    loss = loss_of(job, own, *(part[task] for part in numbers.parts()))
                else:
                    support_x, support_y, query_x, query_y = (part[task] for part in numbers.parts())
                    adapted = adapt(own, support_x, support_y, job.algorithm != "fomaml")
                    loss = loss_of(job, adapted, query_x, query_y)
                (loss / tasks).backward()
            return {name: leaf.grad for name, leaf in leaves.items()}

        def predictions(self, params, numbers):
            found = []
            for x, y, query, _ in zip(*numbers.parts()):
                start = {name: value.detach().requires_grad_() for name, value in params.items()}
                adapted = adapt_first_order(start, x, y)
                with torch.no_grad():
                    found.append(forward(job, adapted, query))
            return torch.stack(found)

    def adapt_first_order(params, x, y):
        for _ in range(job.inner_steps):
            found = torch.autograd.grad(loss_of(job, params, x, y), list(params.values()))
            params = {
                name: (value.detach() - job.inner_lr * g).requires_grad_()
                for (name, value), g in zip(params.items(), found)
            }
        return params

    return Loop(job, cores, "CPU, autograd, a loop over tasks")


if __name__ == "__main__":
    serve(make_peer, ["torch"])
