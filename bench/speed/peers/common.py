"""What the peers' scripts share: reading a job, checking against the reference, and the line protocol with `deno task speed`.

A script is called as `SCRIPT FOLDER CORES WARM_UP_SECONDS [MODE]`. FOLDER holds `job.json` with an index of the named arrays in
`timing.f32` (inputs of full size) and `check.f64` (small inputs and the meta-gradient to reproduce), both little-endian and row-major.
"""

import json
import os
import resource
import sys
import time

PREFIXES = ("start:", "reference:")


class Arrays:
    """Named arrays of one file, as bytes with their shape."""

    def __init__(self, path, index, width):
        with open(path, "rb") as file:
            self.bytes = file.read()
        self.index = index
        self.width = width

    def names(self, prefix=""):
        return [name[len(prefix) :] for name in self.index if name.startswith(prefix)]

    def inputs(self):
        return [name for name in self.index if not name.startswith(PREFIXES)]

    def get(self, name):
        entry = self.index[name]
        size = 1
        for extent in entry["shape"]:
            size *= extent
        start = entry["offset"] * self.width
        return self.bytes[start : start + size * self.width], entry["shape"]


class Job:
    """What is to be computed, and with which numbers."""

    def __init__(self, folder):
        with open(os.path.join(folder, "job.json"), encoding="utf-8") as file:
            self.__dict__.update(json.load(file))
        self.timing = Arrays(os.path.join(folder, "timing.f32"), self.timing, 4)
        self.check = Arrays(os.path.join(folder, "check.f64"), self.check, 8)


def send(message):
    print(json.dumps(message), flush=True)


def peak_rss_mib():
    """Highest resident memory of this process; not `ru_maxrss` where it can be helped, which a child inherits from its parent."""
    try:
        with open("/proc/self/status", encoding="ascii") as file:
            line = next(line for line in file if line.startswith("VmHWM"))
        return int(line.split()[1]) / 1024
    except (OSError, StopIteration):
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def largest_error(found, reference):
    """Largest deviation of any array from its reference, relative to that reference's largest element (but no less than a millionth of
    the largest of all, below which an array is zero up to rounding)."""
    if set(found) != set(reference):
        raise ValueError(f"computed {sorted(found)}, not {sorted(reference)}")
    scales = {name: max(map(abs, values)) for name, values in reference.items()}
    floor = 1e-6 * max(scales.values())
    worst = 0.0
    for name, values in reference.items():
        if len(found[name]) != len(values):
            raise ValueError(f"{name} has {len(found[name])} numbers, not {len(values)}")
        error = max(abs(a - b) for a, b in zip(found[name], values))
        if not error < float("inf"):
            raise ValueError(f"{name} is not finite")
        worst = max(worst, error / max(scales[name], floor))
    return worst


def stretch(peer, seconds):
    """Iterates for so many seconds, once at least, from the same start every time."""
    peer.reset()
    samples = []
    start = time.perf_counter()
    last = start
    while True:
        peer.iterate()
        now = time.perf_counter()
        samples.append((now - last) * 1e3)
        last = now
        if now - start >= seconds:
            return samples, now - start


def serve(make_peer, modules):
    """Runs a script: `make_peer(job, cores, mode)` gives an object with `check()` (name -> list of numbers, to be held against the
    reference), `reset()`, `iterate()`, `device` and `versions`. `modules` are imported first, to say plainly which is missing."""
    for module in modules:
        try:
            __import__(module)
        except ImportError as error:
            send({"type": "missing", "reason": f"this Python has no {module} ({error})"})
            return
    try:
        job = Job(sys.argv[1])
        peer = make_peer(job, int(sys.argv[2]), sys.argv[4] if len(sys.argv) > 4 else "")
        error = largest_error(peer.check(), peer.reference())
        peer.iterate()
        stretch(peer, float(sys.argv[3]))
    except Exception as error:  # pylint: disable=broad-except
        send({"type": "failed", "reason": f"{type(error).__name__}: {str(error)[:500]}"})
        return
    send({"type": "ready", "device": peer.device, "versions": peer.versions, "checkError": error})
    for line in sys.stdin:
        samples, seconds = stretch(peer, json.loads(line)["seconds"])
        send({"type": "stretch", "samplesMs": samples, "seconds": seconds, "peakRssMib": peak_rss_mib()})
