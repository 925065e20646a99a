"""Moments of the training stations, tide heights, and scores of the references, in numpy from the package's own constants.

    python3 -m venv venv && venv/bin/pip install numpy==2.4.6
    deno run -q data/testing/golden/dump_tides.ts | venv/bin/python data/testing/golden/tides.py > data/testing/golden/tides.json

Speeds are those that NOAA publishes with the harmonic constants of every station (tidesandcurrents.noaa.gov, degrees an hour), not sums of
astronomical rates; of the constituents that NOAA does not list, they are sums of those that it does. The covariance is evaluated as a
function of the time between two readings, and the linear system is solved by LU.
"""
import json
import sys

import numpy as np

SPEEDS = {
    "M2": 28.984104, "S2": 30.0, "N2": 28.43973, "K1": 15.041069, "M4": 57.96821, "O1": 13.943035, "M6": 86.95232,
    "MK3": 44.025173, "S4": 60.0, "MN4": 57.423832, "NU2": 28.512583, "S6": 90.0, "MU2": 27.968208, "2N2": 27.895355,
    "OO1": 16.139101, "LAM2": 29.455626, "S1": 15.0, "M1": 14.496694, "J1": 15.5854435, "MM": 0.5443747,
    "SSA": 0.0821373, "SA": 0.0410686, "MSF": 1.0158958, "MF": 1.0980331, "RHO": 13.471515, "Q1": 13.398661,
    "T2": 29.958933, "R2": 30.041067, "2Q1": 12.854286, "P1": 14.958931, "2SM2": 31.015896, "M3": 43.47616,
    "L2": 29.528479, "2MK3": 42.92714, "K2": 30.082138, "M8": 115.93642, "MS4": 58.984104,
}
S = SPEEDS
SPEEDS |= {
    "SGM": S["O1"] - S["MSF"], "EP2": S["MU2"] - S["MM"],
    "MA2": S["M2"] - S["SA"], "MB2": S["M2"] + S["SA"], "MKS2": S["M2"] + S["K2"] - S["S2"],
    "S3": 45.0, "N4": 2 * S["N2"], "2MO5": 2 * S["M2"] + S["O1"], "2MK5": 2 * S["M2"] + S["K1"],
    "2MS6": 2 * S["M2"] + S["S2"],
}
ALIASES = {
    "ALPHA2": "MA2", "BETA2": "MB2", "EPS2": "EP2", "LAMBDA2": "LAM2", "NO1": "M1", "RHO1": "RHO", "SA_KV": "SA",
    "S1_KV": "S1", "SIGMA1": "SGM",
}
NAMES = sorted(SPEEDS)
OMEGA = np.radians([SPEEDS[name] for name in NAMES])
HOURS = 24
START_HOURS = 18.6 * 8766


def constants(station):
    amplitudes, phases = np.zeros(len(NAMES)), np.zeros(len(NAMES))
    for name, amplitude, phase in station["constituents"]:
        name = ALIASES.get(name.upper(), name.upper())
        if name in SPEEDS and amplitudes[NAMES.index(name)] == 0:
            amplitudes[NAMES.index(name)], phases[NAMES.index(name)] = amplitude, np.radians(phase)
    return amplitudes, phases


source = json.load(sys.stdin)
train = [constants(station) for station in source["train"]]
power = np.mean([amplitudes**2 for amplitudes, _ in train], axis=0) / 2
scale = np.sqrt(power.sum())
hours = lambda x: (np.asarray(x, dtype=float) + 5) / 10 * HOURS


def covariance(a, b):
    return (power / scale**2 * np.cos(OMEGA * (hours(a)[:, None, None] - hours(b)[None, :, None]))).sum(-1)


def mean(x):
    """Mean over stations and over starts, by the integral over starts."""
    total = np.zeros(len(x))
    for amplitudes, phases in train:
        upper = np.sin(OMEGA * (START_HOURS + hours(x)[:, None]) - phases)
        lower = np.sin(OMEGA * hours(x)[:, None] - phases)
        total += (amplitudes * (upper - lower) / (OMEGA * START_HOURS)).sum(-1)
    return total / len(train) / scale


def scores(episodes):
    shots = episodes["shots"]
    support_x, support_y = (np.reshape(episodes[name], (-1, shots)) for name in ("supportX", "supportY"))
    query_x, query_y = (np.reshape(episodes[name], (len(support_x), -1)) for name in ("queryX", "queryY"))
    curve = mean(query_x[0])
    found = {"zero": [], "mean": [], "bayes": []}
    for sx, sy, qx, qy in zip(support_x, support_y, query_x, query_y):
        inner = covariance(sx, sx) + (episodes["noise"] ** 2 + 1e-10) * np.eye(shots)
        predicted = curve + covariance(qx, sx) @ np.linalg.solve(inner, sy - mean(sx))
        for name, prediction in (("zero", 0 * qy), ("mean", curve), ("bayes", predicted)):
            found[name].append(((prediction - qy) ** 2).mean())
    return {"family": episodes["family"], "shots": shots} | {name: np.mean(values) for name, values in found.items()}


def heights(station):
    amplitudes, phases = constants(station)
    times = [0, 6, 24, 1000.5, 100000]
    return [(amplitudes * np.cos(OMEGA * t - phases)).sum() for t in times]


print(json.dumps({
    "stations": len(train),
    "scale": scale,
    "power": {name: power[NAMES.index(name)] for name in ("M2", "S2", "K1", "SA", "M4")},
    "heights": [{"id": station["id"], "metres": heights(station)} for station in source["curves"]],
    "scores": [scores(episodes) for episodes in source["episodes"]],
}, indent=1))
