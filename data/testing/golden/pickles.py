"""Pickles of small archives, by CPython and NumPy: python3 data/testing/golden/pickles.py > data/testing/golden/pickles.json"""

import base64
import json
import pickle
import struct
import zlib

import numpy as np


def image(i, side):
    return ((np.arange(side * side * 3) * 7 + 31 * i) % 256).astype(np.uint8).reshape(side, side, 3)


def images(count, side):
    return np.stack([image(i, side) for i in range(count)])


def png(array):
    height, width, _ = array.shape
    raw = b"".join(b"\0" + row.tobytes() for row in array)

    def chunk(kind, body):
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(raw)) + chunk(b"IEND", b"")


LABELS = [5, 5, 9, 9, 5, 9]
data = images(6, 12)
labelled = {"data": data, "labels": LABELS}
cache = {"image_data": data, "class_dict": {"n02": [0, 1, 4], "n01": [2, 3, 5]}}
encoded = [np.frombuffer(png(image(i, 12)), dtype=np.uint8) for i in range(6)]
specific = {"label_specific": np.array(LABELS), "label_specific_str": ["a"], "label_general": np.array([0] * 6)}


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
    import io

    out = io.BytesIO()
    Python2(out, 2).dump(value)
    return out.getvalue()


class Hostile:
    def __reduce__(self):
        import os

        return (os.system, ("echo hostile",))


made = {
    **{f"labelled-{protocol}": pickle.dumps(labelled, protocol) for protocol in range(2, 6)},
    "labelled-python2": python2(labelled),
    "labels-array": pickle.dumps({"data": data, "labels": np.array(LABELS)}, 4),
    "labels-scalars": pickle.dumps({"data": data, "labels": [np.int64(label) for label in LABELS]}, 4),
    "cache": pickle.dumps(cache, 3),
    "encoded": pickle.dumps(encoded, 4),
    "specific": pickle.dumps(specific, 2),
    "hostile": pickle.dumps(Hostile(), 2),
    "floats": pickle.dumps({"data": data.astype(np.float32), "labels": LABELS}, 4),
    "short": pickle.dumps({"data": data, "labels": LABELS[:4]}, 4),
    "numbers": pickle.dumps([0, -1, 255, 65536, -(2**31), 2**40, 0.5, True, None, (1, 2), {"a": "ä"}, "b" * 300], 4),
}
print(json.dumps({name: base64.b64encode(zlib.compress(content, 9)).decode() for name, content in made.items()}, indent=2))
