"""PyTorch, one task after another, as learn2learn does it: autograd through the inner loop, gradients added up over tasks."""

from common import serve


def make_peer(job, cores, _mode):
    import torch

    from torch_common import TorchPeer, forward
    from torch_methods import GRADIENTS, LOSSES, Network

    class Loop(TorchPeer):
        def gradients(self, params, numbers):
            leaves = {name: value.detach().requires_grad_() for name, value in params.items()}
            tasks = numbers.tasks()
            for index in range(tasks):
                task = {name: part[index] for name, part in numbers.batch.items()}
                if job.algorithm in GRADIENTS:
                    found = GRADIENTS[job.algorithm](network, params, task)
                    for name, leaf in leaves.items():
                        leaf.grad = found[name] / tasks if index == 0 else leaf.grad.add_(found[name], alpha=1 / tasks)
                else:
                    own = self.at_rows(leaves, index) if job.pooled else leaves
                    (LOSSES[job.algorithm](network, own, task) / tasks).backward()
            return {name: leaf.grad for name, leaf in leaves.items() if leaf.grad is not None}

        def predictions(self, params, numbers):
            found = []
            for x, y, query, _ in zip(*numbers.parts()):
                adapted = params
                for _ in range(job.inner_steps):
                    slope = network.gradient(lambda own: network.loss(own, x, y), adapted, False)
                    adapted = {name: value - job.inner_lr * slope[name] for name, value in adapted.items()}
                with torch.no_grad():
                    found.append(forward(job, adapted, query))
            return torch.stack(found)

    class Autograd(Network):
        def gradient(self, f, params, second_order):
            if second_order:
                values = [p if p.requires_grad else p.requires_grad_() for p in params.values()]
                found = torch.autograd.grad(f(params), values, create_graph=True)
            else:
                leaves = {name: p.detach().requires_grad_() for name, p in params.items()}
                found = torch.autograd.grad(f(leaves), list(leaves.values()))
            return dict(zip(params, found))

        def hessian(self, f, params):
            leaves = {name: p.detach().requires_grad_() for name, p in params.items()}
            values = list(leaves.values())
            slope = torch.autograd.grad(f(leaves), values, create_graph=True)

            def times(vector):
                return dict(zip(leaves, torch.autograd.grad(slope, values, list(vector.values()), retain_graph=True)))

            return times

    network = Autograd(job)
    return Loop(job, cores, "CPU, autograd, a loop over tasks")


if __name__ == "__main__":
    serve(make_peer, ["torch"])
