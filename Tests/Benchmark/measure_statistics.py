#!/usr/bin/env python3
"""Holds `pastiche stats` against NumPy's mean and variance of the same activations, in float64.

    torch/bin/python measure_statistics.py PHOTOGRAPH... --pastiche .build/release/pastiche --weights WEIGHTS...

The environment and WEIGHTS are those of measure_accuracy.py. Activations are PyTorch's in float64; what each norm
makes of them is computed here from its definition. For each style, photograph and norm: the largest error of a mean,
in the channel's deviations, of a variance, relative to it, and of scale and shift, relative to what they should be
(a shift to the larger of 1 and it). Exit 1 if one exceeds --allowed.
"""
import argparse
import json
import sys
import tempfile
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from safetensors.torch import load_file

from measure_accuracy import convolution, read, run

EPSILON = 1e-5
COLUMNS = "{:10} {:16} {:>10} {:>10} {:>10} {:>10} {:>10}"
NORMS = {"instance": lambda channels: channels, "group": lambda channels: 4, "layer": lambda channels: 1}


class Network:
    """The published network, its norm by groups of channels; notes what every norm measures."""

    def __init__(self, tensors, groups):
        self.tensors = {name: tensor.double() for name, tensor in tensors.items()}
        self.groups, self.seen = groups, {}

    def normed(self, x, conv, norm, stride=1):
        x = convolution(x, self.tensors, conv, stride)
        values = x[0].numpy().reshape(x.shape[1], -1)
        grouped = values.reshape(self.groups(len(values)), -1)
        size = len(values) // len(grouped)
        used_mean, used_variance = grouped.mean(1).repeat(size), grouped.var(1).repeat(size)
        gamma, beta = (self.tensors[f"{norm}.{name}"].numpy() for name in ("weight", "bias"))
        scale = gamma / np.sqrt(used_variance + EPSILON)
        shift = beta - used_mean * scale
        self.seen[norm] = values.mean(1), values.var(1), scale, shift
        return x * torch.from_numpy(scale)[:, None, None] + torch.from_numpy(shift)[:, None, None]

    def run(self, photograph):
        x = torch.from_numpy(photograph.transpose(2, 0, 1)[None].copy()).double()
        for index, stride in ((1, 1), (2, 2), (3, 2)):
            x = self.normed(x, f"conv{index}", f"in{index}", stride).relu()
        for block in range(1, 6):
            y = self.normed(x, f"res{block}.conv1", f"res{block}.in1").relu()
            x = x + self.normed(y, f"res{block}.conv2", f"res{block}.in2")
        for index in (1, 2):
            x = self.normed(F.interpolate(x, scale_factor=2), f"deconv{index}", f"in{index + 3}").relu()
        return self.seen


def errors(expected, layer):
    mean, variance, scale, shift = expected
    found = {name: np.array(layer[name]) for name in ("mean", "variance", "scale", "shift")}
    return (np.abs(found["mean"] - mean) / np.sqrt(variance), np.abs(found["variance"] - variance) / variance,
            np.abs(found["scale"] - scale) / np.abs(scale),
            np.abs(found["shift"] - shift) / np.maximum(np.abs(shift), 1))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("photographs", nargs="+", type=Path)
    parser.add_argument("--pastiche", required=True, help="the executable")
    parser.add_argument("--weights", nargs="+", type=Path, required=True)
    parser.add_argument("--allowed", type=float, default=1e-4)
    options = parser.parse_args()
    worst = 0.0
    print(COLUMNS.format("style", "photograph", "norm", "mean", "variance", "scale", "shift"), flush=True)
    with tempfile.TemporaryDirectory() as name, torch.inference_mode():
        for weights in options.weights:
            tensors, style = load_file(weights), Path(name) / weights.name
            run(options.pastiche, "convert", weights, "-o", style)
            for path in options.photographs:
                for norm, groups in NORMS.items():
                    expected = Network(tensors, groups).run(read(path, np.uint8))
                    printed = run(options.pastiche, "stats", path, "-m", style, "--norm", norm, "--json")
                    layers = json.loads(printed)["images"][0]["layers"]
                    assert [layer["name"] for layer in layers] == list(expected)
                    largest = [max(error.max() for error in column) for column in zip(
                        *(errors(expected[layer["name"]], layer) for layer in layers))]
                    worst = max(worst, *largest)
                    figures = (f"{error:.1e}" for error in largest)
                    print(COLUMNS.format(weights.stem, path.name, norm, *figures), flush=True)
    return 0 if worst <= options.allowed else 1


if __name__ == "__main__":
    sys.exit(main())
