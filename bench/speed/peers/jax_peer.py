"""JAX, all tasks at once: vmap over tasks, the whole iteration with Adam in one jit that reuses its buffers."""

import os
import sys

from common import serve

NORM_EPSILON = 1e-3
BETA1, BETA2, EPSILON = 0.9, 0.999, 1e-8

# Episodes adapted at once.
CHUNKS = {"mlp, none": 600, "mlp, batch": 100, "conv4, batch": 25}


def make_peer(job, cores, _mode):
    import jax
    import jax.numpy as jnp
    import numpy as np

    adapted_layers = {layer for layer, adapts in zip(job.layers, job.mask) if adapts}

    def patches(x):
        """3 x 3 windows of stride 2, padded as TensorFlow's SAME: [n, H, W, C] -> [n, H', W', 9 C]. Matrix products on patches are
        many times as fast on a CPU as XLA's convolution with weights per task."""
        rows, columns = -(-x.shape[1] // 2), -(-x.shape[2] // 2)
        pads = [max(0, (out - 1) * 2 + 3 - extent) for out, extent in ((rows, x.shape[1]), (columns, x.shape[2]))]
        x = jnp.pad(x, ((0, 0), *((pad // 2, pad - pad // 2) for pad in pads), (0, 0)))
        windows = [
            x[:, ky : ky + 2 * rows - 1 : 2, kx : kx + 2 * columns - 1 : 2, :] for ky in range(3) for kx in range(3)
        ]
        return jnp.concatenate(windows, -1)

    def forward(params, x):
        """The network on one task's examples: x [n, ...]; parameters as in the reference, [in, out]."""
        *body, head = job.layers
        for layer in body:
            x = patches(x) if layer.startswith("conv") else x.reshape(x.shape[0], -1)
            x = x @ params[f"{layer}.weight"]
            if job.norm == "batch":
                axes = tuple(range(x.ndim - 1))
                centred = x - x.mean(axes)
                x = centred / jnp.sqrt((centred**2).mean(axes) + NORM_EPSILON)
                x = x * params[f"{layer}.gamma"][0] + params[f"{layer}.beta"][0]
            else:
                x = x + params[f"{layer}.bias"][0]
            x = jax.nn.relu(x)
        if job.model == "conv4":
            x = x.mean((1, 2))
        return x @ params[f"{head}.weight"] + params[f"{head}.bias"][0]

    def loss_of(params, x, y):
        prediction = forward(params, x)
        if job.loss == "mse":
            return ((prediction - y) ** 2).mean()
        return -(y * jax.nn.log_softmax(prediction)).sum() / x.shape[0]

    def inner_step(params, x, y):
        adapted = {name: p for name, p in params.items() if name.split(".")[0] in adapted_layers}
        found = jax.grad(lambda moving: loss_of({**params, **moving}, x, y))(adapted)
        if job.algorithm == "fomaml":
            found = jax.lax.stop_gradient(found)
        return {**params, **{name: p - job.inner_lr * found[name] for name, p in adapted.items()}}

    def adapted_loss(params, x, y, query_x, query_y):
        for _ in range(job.inner_steps):
            params = inner_step(params, x, y)
        return loss_of(params, query_x, query_y)

    def meta_loss(params, parts):
        if job.pooled:
            axes = {name: 0 if name.startswith("head.") else None for name in params}
            return jax.vmap(loss_of, (axes, 0, 0))(params, *parts).mean()
        return jax.vmap(adapted_loss, (None, 0, 0, 0, 0))(params, *parts).mean()

    def is_table(name):
        return job.pooled and name.startswith("head.")

    def gradients(params, rows, parts):
        own = {name: p[rows] if is_table(name) else p for name, p in params.items()}
        return jax.grad(meta_loss)(own, parts)

    def train_step(params, first, second, t, rows, parts):
        found = gradients(params, rows, parts)
        rate = job.outer_lr * jnp.sqrt(1 - BETA2**t) / (1 - BETA1**t)
        news = {}, {}, {}
        for name, g in found.items():
            g = jnp.clip(g, -job.clip, job.clip)
            at = (lambda table: table[rows]) if is_table(name) else (lambda value: value)
            put = (lambda table, new: table.at[rows].set(new)) if is_table(name) else (lambda _, new: new)
            m = BETA1 * at(first[name]) + (1 - BETA1) * g
            v = BETA2 * at(second[name]) + (1 - BETA2) * g * g
            p = at(params[name]) - rate * m / (jnp.sqrt(v) + EPSILON)
            for table, old, new in zip(news, (params, first, second), (p, m, v)):
                table[name] = put(old[name], new)
        return (*news, t + 1)

    def predictions(params, x, y, query):
        adapted = jax.lax.fori_loop(0, job.inner_steps, lambda _, p: inner_step(p, x, y), params)
        return forward(adapted, query)

    jitted_step = jax.jit(train_step, donate_argnums=(0, 1, 2, 3))
    jitted_gradients = jax.jit(gradients)
    jitted_predictions = jax.jit(jax.vmap(predictions, (None, 0, 0, 0)))

    def array(arrays, name):
        data, shape = arrays.get(name)
        return np.frombuffer(data, dtype=np.float64 if arrays.width == 8 else np.float32).reshape(shape)

    def load(arrays):
        start = {}
        for name in arrays.names("start:"):
            value = array(arrays, f"start:{name}")
            start[name] = jnp.asarray(value if is_table(name) else value[0])
        rows = jnp.asarray(array(arrays, "rows").astype(np.int32)) if job.pooled else None
        parts = [jnp.asarray(array(arrays, name)) for name in ("x0", "y0", "x1", "y1") if name in arrays.index]
        return start, rows, parts

    class Jax:
        device = f"CPU, jit and vmap, {cores} thread{'' if cores == 1 else 's'}"
        versions = {"python": sys.version.split()[0], "jax": jax.__version__}

        def __init__(self):
            self.start, self.rows, self.parts = load(job.timing)
            if job.kind == "adaptation":
                chunk = CHUNKS[f"{job.model}, {job.norm}"]
                self.parts = [
                    jnp.tile(part, (chunk // part.shape[0],) + (1,) * (part.ndim - 1)) for part in self.parts
                ]
            self.reset()

        def reference(self):
            return {
                name: array(job.check, f"reference:{name}").ravel().tolist() for name in job.check.names("reference:")
            }

        def check(self):
            jax.config.update("jax_enable_x64", True)
            try:
                start, rows, parts = load(job.check)
                if job.kind == "adaptation":
                    found = {"predictions": jitted_predictions(start, *parts[:3])}
                else:
                    found = jitted_gradients(start, rows, parts)
                return {name: np.asarray(value, np.float64).ravel().tolist() for name, value in found.items()}
            finally:
                jax.config.update("jax_enable_x64", False)

        def reset(self):
            self.state = (
                {name: jnp.array(value) for name, value in self.start.items()},
                {name: jnp.zeros_like(value) for name, value in self.start.items()},
                {name: jnp.zeros_like(value) for name, value in self.start.items()},
                jnp.float32(1),
            )

        def iterate(self):
            if job.kind == "adaptation":
                for _ in range(job.episodes // self.parts[0].shape[0]):
                    jitted_predictions(self.start, *self.parts[:3]).block_until_ready()
                return
            self.state = jitted_step(*self.state, self.rows, self.parts)
            jax.block_until_ready(self.state)

    return Jax()


if __name__ == "__main__":
    # Before JAX is imported: as many threads as it was given cores.
    if len(sys.argv) > 2 and sys.argv[2] == "1":
        os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"
    os.environ.setdefault("JAX_PLATFORMS", "cpu")
    serve(make_peer, ["numpy", "jax"])
