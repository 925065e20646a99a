"""What both PyTorch scripts share: parameters, networks, losses, Adam."""

import os
import re

import torch
import torch.nn.functional as F

from common import Job

NORM_EPSILON = 1e-3
BETA1, BETA2, EPSILON = 0.9, 0.999, 1e-8


def use_cores(cores):
    """One thread per core, for operations; none beside them."""
    torch.set_num_threads(cores)
    torch.set_num_interop_threads(1)


def versions():
    return {"python": os.sys.version.split()[0], "torch": torch.__version__}


def tensor(arrays, name, dtype):
    data, shape = arrays.get(name)
    stored = torch.float64 if arrays.width == 8 else torch.float32
    return torch.frombuffer(bytearray(data), dtype=stored).reshape(shape).to(dtype)


def numbers(value):
    return value.detach().to(torch.float64).flatten().tolist()


class Layout:
    """Between the reference's layout ([1, ...] or one row per task, convolutions as [9 C, F]) and PyTorch's."""

    def __init__(self, job: Job):
        self.job = job

    def own(self, name, value):
        if name.startswith("meta:") and value.numel() == 1:
            return value.reshape(())
        layer, kind = self.parameter(name)
        if layer is None:
            return value.squeeze(0)
        if kind != "weight":
            value = value.squeeze(-2)
        elif layer.startswith("conv"):
            value = value.reshape(-1, 3, 3, value.shape[-2] // 9, value.shape[-1]).permute(0, 4, 3, 1, 2)
        return (value if self.job.pooled and layer == "head" else value[0]).contiguous()

    def parameter(self, name):
        """The layer and kind of a parameter, or of the one whose step sizes these are; nothing for other state of an algorithm."""
        layer, kind = name.split(".")[:2] if "." in name else (name, None)
        if not layer.startswith("meta:"):
            return layer, kind
        rate = re.fullmatch(r"meta:rate(\d+)", layer)
        return (None, None) if rate is None else (self.job.layers[int(rate[1])], kind)

    @staticmethod
    def theirs(value):
        """Convolutions alone have four axes here."""
        return (value.permute(2, 3, 1, 0) if value.dim() == 4 else value).contiguous()


class Numbers:
    """The inputs of a job in one precision: parameters by name, and the batch."""

    def __init__(self, job, arrays, dtype):
        layout = Layout(job)
        self.start = {name: layout.own(name, tensor(arrays, f"start:{name}", dtype)) for name in arrays.names("start:")}
        self.batch = {name: tensor(arrays, name, dtype) for name in arrays.inputs()}
        self.rows = self.batch.pop("rows").long() if job.pooled else None
        if "classes" in self.batch:
            self.batch["classes"] = self.batch["classes"].long().reshape(self.batch["x0"].shape[0], -1)
        for name in [name for name in self.batch if name.startswith("x")]:
            value = self.batch[name]
            self.batch[name] = value.movedim(-1, -3).contiguous() if job.model == "conv4" else value.flatten(2)
        if job.loss == "cross-entropy":
            for name in [name for name in self.batch if name.startswith("y")]:
                self.batch[name] = self.batch[name].argmax(-1)

    def parts(self):
        return [self.batch[name] for name in ("x0", "y0", "x1", "y1") if name in self.batch]

    def tasks(self):
        return self.batch["x0"].shape[0]


def native_norm(x, gamma, beta):
    """Batch normalisation by the examples' own statistics: x [n, F] or [n, F, h, w]."""
    return F.batch_norm(x, None, None, gamma, beta, training=True, eps=NORM_EPSILON)


def composed_norm(x, gamma, beta):
    """The same, of elementary operations. The second derivative of PyTorch's own is wrong by a percent under torch.func's vmap and grad."""
    axes = [0, 2, 3][: x.dim() - 1]
    shape = (1, -1, 1, 1)[: x.dim()]
    centred = x - x.mean(axes, keepdim=True)
    scaled = centred * torch.rsqrt((centred * centred).mean(axes, keepdim=True) + NORM_EPSILON)
    return torch.addcmul(beta.reshape(shape), scaled, gamma.reshape(shape))


def features_of(job, params, x, norm=native_norm):
    """What enters the head, of one task's examples: x [n, in] or [n, 1, 28, 28]."""
    for layer in job.layers[:-1]:
        weight = params[f"{layer}.weight"]
        if layer.startswith("conv"):
            x = F.conv2d(same_padded(x), weight, stride=2)
        elif job.norm == "none":
            x = torch.addmm(params[f"{layer}.bias"], x, weight)
        else:
            x = x @ weight
        if job.norm == "batch":
            x = norm(x, params[f"{layer}.gamma"], params[f"{layer}.beta"])
        x = torch.relu(x)
    return x.mean((2, 3)) if job.model == "conv4" else x


def forward(job, params, x, norm=native_norm):
    """The network on one task's examples."""
    return torch.addmm(params["head.bias"], features_of(job, params, x, norm), head_of(params))


def head_of(params):
    return params["head.weight"]


def same_padded(x):
    """Zeros for a 3 x 3 window of stride 2 as TensorFlow's SAME puts them: the larger half at the bottom and right."""
    total = [max(0, (-(-extent // 2) - 1) * 2 + 3 - extent) for extent in x.shape[-2:]]
    (top, bottom), (left, right) = [(t // 2, t - t // 2) for t in total]
    return F.pad(x, (left, right, top, bottom))


class Adam:
    """PyTorch's own fused Adam on the shared parameters; on a pool's, by hand on the rows at hand."""

    def __init__(self, job, start):
        self.job = job
        self.params = {name: value.clone() for name, value in start.items()}
        self.tables = {name: self.params[name] for name in start if job.pooled and name.startswith("head.")}
        self.shared = [self.params[name] for name in start if name not in self.tables]
        self.optimiser = torch.optim.Adam(self.shared, lr=job.outer_lr, fused=True)
        self.moments = {name: (torch.zeros_like(p), torch.zeros_like(p)) for name, p in self.tables.items()}
        self.t = 0

    @torch.no_grad()
    def step(self, gradients, rows):
        """Clips and applies gradients, by name; those of tables are of the rows."""
        self.t += 1
        torch._foreach_clamp_min_(list(gradients.values()), -self.job.clip)
        torch._foreach_clamp_max_(list(gradients.values()), self.job.clip)
        for name, parameter in self.params.items():
            if name not in self.tables:
                parameter.grad = gradients.get(name)
        self.optimiser.step()
        rate = self.job.outer_lr * (1 - BETA2**self.t) ** 0.5 / (1 - BETA1**self.t)
        for name, table in self.tables.items():
            first, second = self.moments[name]
            m = first[rows].mul_(BETA1).add_(gradients[name], alpha=1 - BETA1)
            v = second[rows].mul_(BETA2).addcmul_(gradients[name], gradients[name], value=1 - BETA2)
            first[rows], second[rows] = m, v
            table[rows] -= rate * m / (v.sqrt() + EPSILON)


class TorchPeer:
    """Checks, resets and iterates; a script says how the meta-gradient and the adapted predictions are computed."""

    def __init__(self, job, cores, device):
        use_cores(cores)
        self.job = job
        self.device = device
        self.versions = versions()
        self.full = self.inputs(job.timing, torch.float32)
        self.reset()

    def inputs(self, arrays, dtype):
        return Numbers(self.job, arrays, dtype)

    def gradients(self, params, numbers):
        """The meta-gradient by name, without what no loss depends on; `params` holds tables' rows."""
        raise NotImplementedError

    def predictions(self, params, numbers):
        """[T, n, outputs] of the query sets after adaptation."""
        raise NotImplementedError

    @staticmethod
    def at_rows(params, rows):
        return {name: p[rows] if rows is not None and name.startswith("head.") else p for name, p in params.items()}

    def reference(self):
        arrays = self.job.check
        return {name: numbers(tensor(arrays, f"reference:{name}", torch.float64)) for name in arrays.names("reference:")}

    def check(self):
        small = self.inputs(self.job.check, torch.float64)
        if self.job.kind == "adaptation":
            return {"predictions": numbers(self.predictions(small.start, small))}
        gradients = self.gradients(self.at_rows(small.start, small.rows), small)
        zeros = {name: torch.zeros_like(value) for name, value in small.start.items()}
        return {name: numbers(Layout.theirs(value)) for name, value in {**zeros, **gradients}.items()}

    def reset(self):
        self.adam = Adam(self.job, self.full.start)

    def iterate(self):
        if self.job.kind == "adaptation":
            for _ in range(self.job.episodes // self.full.batch["x0"].shape[0]):
                self.predictions(self.full.start, self.full)
            return
        params = self.at_rows(self.adam.params, self.full.rows)
        self.adam.step(self.gradients(params, self.full), self.full.rows)
