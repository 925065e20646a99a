"""Small .npz archives and a small CIFAR-100, by CPython and NumPy: python3 data/testing/golden/archives.py > data/testing/golden/archives.json"""

import base64
import io
import json
import pickle
import struct
import sys
import zipfile
import zlib

import numpy as np


def image(i, side):
    return ((np.arange(side * side * 3) * 7 + 31 * i) % 256).astype(np.uint8).reshape(side, side, 3)


LABELS = np.array([5, 5, 9, 9, 5, 9])
data = np.stack([image(i, 12) for i in range(6)])


def npz(save=np.savez, **arrays):
    out = io.BytesIO()
    save(out, **arrays)
    return out.getvalue()


def streamed(**arrays):
    """As NumPy writes to what cannot be sought in: sizes stand behind the content, and in the directory."""

    class Pipe(io.RawIOBase):
        def __init__(self):
            self.bytes = b""

        def writable(self):
            return True

        def write(self, part):
            self.bytes += bytes(part)
            return len(part)

    out = Pipe()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, array in arrays.items():
            with archive.open(name + ".npy", "w", force_zip64=True) as member:
                np.lib.format.write_array(member, array)
    return out.bytes


def large(**arrays):
    """As for members and directories above 4 GiB, whose sizes and places stand in fields of 64 bits."""
    limit, zipfile.ZIP64_LIMIT = zipfile.ZIP64_LIMIT, 8
    try:
        return npz(**arrays)
    finally:
        zipfile.ZIP64_LIMIT = limit


class Python2(pickle._Pickler):
    """Byte strings and texts as Python 2 writes them in protocol 2."""

    dispatch = dict(pickle._Pickler.dispatch)

    def save_string(self, value):
        raw = value if isinstance(value, bytes) else value.encode("latin1")
        if len(raw) < 256:
            self.write(pickle.SHORT_BINSTRING + bytes([len(raw)]) + raw)
        else:
            self.write(pickle.BINSTRING + struct.pack("<i", len(raw)) + raw)
        self.memoize(value)

    dispatch[bytes] = save_string
    dispatch[str] = save_string


def python2(value):
    out = io.BytesIO()
    Python2(out, 2).dump(value)
    return out.getvalue()


# The twenty superclasses with their five classes each, as CIFAR-100's own page lists them.
SUPERCLASSES = json.load(open(sys.path[0] + "/cifar100_classes.json"))
COARSE = sorted(SUPERCLASSES)
FINE = sorted(name for names in SUPERCLASSES.values() for name in names)
COARSE_OF = [next(i for i, own in enumerate(COARSE) if name in SUPERCLASSES[own]) for name in FINE]


def cifar(per_class, first):
    """Image i of class c in its part is image(100 * (first + i) + c); planes of red, green and blue follow one another."""
    fine = [c for i in range(per_class) for c in range(100)]
    planes = [image(100 * (first + n // 100) + c, 32).transpose(2, 0, 1).reshape(-1) for n, c in enumerate(fine)]
    return {
        "data": np.stack(planes),
        "fine_labels": fine,
        "coarse_labels": [COARSE_OF[c] for c in fine],
        "filenames": [f"{FINE[c]}_s_{n:06}.png" for n, c in enumerate(fine)],
        "batch_label": "training batch 1 of 1",
    }


made = {
    "stored": npz(features=data, targets=LABELS),
    "compressed": npz(np.savez_compressed, features=data, targets=LABELS),
    "streamed": streamed(features=data, targets=LABELS),
    "large": large(features=data, targets=LABELS),
    "images": npz(images=data),
    "fortran": npz(features=np.asfortranarray(data), targets=LABELS),
    "floats": npz(features=data.astype(np.float32), targets=LABELS),
    "objects": npz(features=data, targets=np.array([None, "a"], dtype=object)),
    "big-endian": npz(features=data, targets=LABELS.astype(">i8")),
    "few": npz(features=data, targets=LABELS[:4]),
    "cifar-train": python2(cifar(2, 0)),
    "cifar-test": python2(cifar(1, 2)),
    "cifar-meta": python2({"fine_label_names": FINE, "coarse_label_names": COARSE}),
    "cifar-meta-renamed": python2({"fine_label_names": ["wale" if n == "whale" else n for n in FINE], "coarse_label_names": COARSE}),
    "cifar-ten": python2({"data": cifar(1, 0)["data"], "labels": list(range(100))}),
}
print(json.dumps({name: base64.b64encode(zlib.compress(content, 9)).decode() for name, content in made.items()}, indent=2))
