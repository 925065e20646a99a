"""The optimum of one softmax over all classes on frozen features, by scikit-learn.

    python3 -m venv venv && venv/bin/pip install scikit-learn==1.9.1
    venv/bin/python algorithms/testing/golden/all_rows.py > algorithms/testing/golden/all_rows.json

The classes cannot be separated, so that the optimum is finite without regularisation.
"""
import json

import numpy as np
import sklearn
from sklearn.linear_model import LogisticRegression

EXAMPLES, CLASSES, WIDTH = 60, 7, 3


def spread(shape, low, high, phase):
    """The same numbers as `spread` in algorithms/testing/tensor.ts."""
    size = int(np.prod(shape))
    values = [
        low + (high - low) * (((i + 1) * 0.6180339887498949 + phase * 0.7548776662466927) % 1) for i in range(size)
    ]
    return np.array(values).reshape(shape)


x = spread([EXAMPLES, 4], -1.5, 1.5, 20)
features = np.maximum(0, x @ spread([4, WIDTH], -1, 1, 0) + spread([1, WIDTH], 0.5, 1, 1))
features /= np.sqrt((features**2).sum(1, keepdims=True) + 1e-12)
labels = [(i * i + i // 7) % CLASSES for i in range(EXAMPLES)]
assert len(set(labels)) == CLASSES
model = LogisticRegression(C=np.inf, fit_intercept=False, solver="newton-cg", tol=1e-14, max_iter=10000)
model.fit(features, labels)
print(json.dumps({
    "sklearn": sklearn.__version__,
    "largestLogit": float(np.abs(features @ model.coef_.T).max()),
    "rows": (model.coef_ - model.coef_.mean(0)).flatten().tolist(),
}))
