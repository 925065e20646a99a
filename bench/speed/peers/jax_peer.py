"""JAX, all tasks at once: vmap over tasks, the whole iteration with Adam in one jit that reuses its buffers."""

import os
import sys

from common import serve

BETA1, BETA2, EPSILON = 0.9, 0.999, 1e-8

# What an adaptation gets of an episode.
EPISODE = ("x0", "y0", "x1")

# Episodes adapted at once.
CHUNKS = {"mlp, none": 600, "mlp, batch": 100, "conv4, batch": 25}


def make_peer(job, cores, _mode):
    import jax
    import jax.numpy as jnp
    import numpy as np

    from jax_methods import GRADIENTS, LOSSES, Network, descended, plain

    network = Network(job)

    def is_table(name):
        return job.pooled and name.startswith("head.")

    def gradients(params, rows, batch):
        own = {name: p[rows] if is_table(name) else p for name, p in params.items()}
        axes = {name: 0 if is_table(name) else None for name in params}
        if job.algorithm in GRADIENTS:
            shares = jax.vmap(lambda p, task: GRADIENTS[job.algorithm](network, p, task), (axes, 0))(own, batch)
            return {name: share.mean(0) for name, share in shares.items()}
        losses = jax.vmap(lambda p, task: LOSSES[job.algorithm](network, p, task), (axes, 0))
        return jax.grad(lambda p: losses(p, batch).mean())(own)

    def train_step(params, first, second, t, rows, batch):
        found = gradients(params, rows, batch)
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
        def step(_, adapted):
            return descended(network, adapted, lambda own: network.loss(own, x, y), plain(network))

        return network.forward(jax.lax.fori_loop(0, job.inner_steps, step, params), query)

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
            if name.startswith("meta:") and value.size == 1:
                value = value.reshape(())
            elif not is_table(name) and value.shape[0] == 1:
                value = value[0]
            start[name] = jnp.asarray(value)
        rows = jnp.asarray(array(arrays, "rows").astype(np.int32)) if job.pooled else None
        batch = {name: jnp.asarray(array(arrays, name)) for name in arrays.inputs() if name != "rows"}
        if "classes" in batch:
            batch["classes"] = batch["classes"].astype(jnp.int32).reshape(batch["x0"].shape[0], -1)
        return start, rows, batch

    class Jax:
        device = f"CPU, jit and vmap, {cores} thread{'' if cores == 1 else 's'}"
        versions = {"python": sys.version.split()[0], "jax": jax.__version__}

        def __init__(self):
            self.start, self.rows, self.batch = load(job.timing)
            if job.kind == "adaptation":
                chunk = CHUNKS[f"{job.model}, {job.norm}"]
                self.batch = {
                    name: jnp.tile(part, (chunk // part.shape[0],) + (1,) * (part.ndim - 1))
                    for name, part in self.batch.items()
                }
            self.reset()

        def reference(self):
            return {
                name: array(job.check, f"reference:{name}").ravel().tolist() for name in job.check.names("reference:")
            }

        def check(self):
            jax.config.update("jax_enable_x64", True)
            try:
                start, rows, batch = load(job.check)
                if job.kind == "adaptation":
                    found = {"predictions": jitted_predictions(start, *(batch[name] for name in EPISODE))}
                else:
                    found = jitted_gradients(start, rows, batch)
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
                episodes = [self.batch[name] for name in EPISODE]
                for _ in range(job.episodes // episodes[0].shape[0]):
                    jitted_predictions(self.start, *episodes).block_until_ready()
                return
            self.state = jitted_step(*self.state, self.rows, self.batch)
            jax.block_until_ready(self.state)

    return Jax()


if __name__ == "__main__":
    # Before JAX is imported: as many threads as it was given cores.
    if len(sys.argv) > 2 and sys.argv[2] == "1":
        os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"
    os.environ.setdefault("JAX_PLATFORMS", "cpu")
    serve(make_peer, ["numpy", "jax"])
