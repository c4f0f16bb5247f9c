#!/usr/bin/env python3
"""Makes activations.safetensors: what PyTorch computes, in float64, after every layer of a small network.

    python3 -m venv venv && venv/bin/pip install torch==2.15.0 numpy safetensors && venv/bin/python make_fixtures.py

The network is the published one at width 4 with random weights (seed 1) and running statistics; the pictures are random
too, 13x11 and 8x6 (HxW). For each norm it holds the output of every convolution before the norm, of every residual
block, and the network's, as `<norm>/<picture>/<layer>`, F32; the weights as `weights/<name>` in Pastiche's names; the
pictures as `pictures/<picture>`, [H, W, 3].
"""
import sys
import numpy as np
import torch
import torch.nn.functional as F
from safetensors.numpy import save_file

WIDTH, GROUPS, EPSILON = 4, 2, 1e-5
SIZES = [(13, 11), (8, 6)]
LAYERS = (
    [("conv1", "in1", 3, WIDTH, 9, 1, 1), ("conv2", "in2", WIDTH, 2 * WIDTH, 3, 2, 1),
     ("conv3", "in3", 2 * WIDTH, 4 * WIDTH, 3, 2, 1)]
    + [(f"res{block}.conv{part}", f"res{block}.in{part}", 4 * WIDTH, 4 * WIDTH, 3, 1, 1)
       for block in range(1, 6) for part in (1, 2)]
    + [("deconv1", "in4", 4 * WIDTH, 2 * WIDTH, 3, 1, 2), ("deconv2", "in5", 2 * WIDTH, WIDTH, 3, 1, 2),
       ("deconv3", None, WIDTH, 3, 9, 1, 1)])


def make_weights(random):
    weights = {}
    for name, norm, inputs, outputs, kernel, _, _ in LAYERS:
        fan = inputs * kernel * kernel
        weights[f"{name}.weight"] = random.normal(0, fan ** -0.5, (outputs, inputs, kernel, kernel))
        weights[f"{name}.bias"] = random.normal(0, 0.5, outputs)
        if norm:
            weights[f"{norm}.gamma"] = random.normal(1, 0.3, outputs)
            weights[f"{norm}.beta"] = random.normal(0, 0.3, outputs)
            weights[f"{norm}.mean"] = random.normal(0, 1, outputs)
            weights[f"{norm}.variance"] = random.uniform(0.5, 2, outputs)
    return {name: value.astype(np.float32) for name, value in weights.items()}


def normalize(kind, xs, gamma, beta, mean, variance):
    """Every picture of the batch, each [1, C, H, W], normalized by PyTorch's own functions where it has one."""
    if kind == "instance":
        return [F.instance_norm(x, weight=gamma, bias=beta, eps=EPSILON) for x in xs]
    if kind in ("group", "layer"):
        return [F.group_norm(x, GROUPS if kind == "group" else 1, gamma, beta, EPSILON) for x in xs]
    if kind == "batch":
        return [F.batch_norm(x, mean, variance, gamma, beta, False, 0, EPSILON) for x in xs]
    # Live statistics of pictures of different sizes: batch norm over all their pixels side by side.
    flat = torch.cat([x.flatten(2) for x in xs], 2)
    flat = F.batch_norm(flat, None, None, gamma, beta, True, 0, EPSILON)
    parts = flat.split([x.shape[2] * x.shape[3] for x in xs], 2)
    return [part.reshape(x.shape) for part, x in zip(parts, xs)]


def run(kind, weights, pictures, found):
    xs, around = pictures, None
    for name, norm, _, _, kernel, stride, upsampling in LAYERS:
        if name.startswith("res") and name.endswith("conv1"):
            around = xs
        if upsampling > 1:
            xs = [F.interpolate(x, scale_factor=upsampling, mode="nearest") for x in xs]
        xs = [F.conv2d(F.pad(x, [kernel // 2] * 4, mode="reflect"), weights[f"{name}.weight"],
                       weights[f"{name}.bias"], stride) for x in xs]
        for index, x in enumerate(xs):
            found[f"{kind}/{index}/{name}"] = x[0]
        if norm is None:
            continue
        xs = normalize(kind, xs, *(weights[f"{norm}.{part}"] for part in ("gamma", "beta", "mean", "variance")))
        if name.endswith(".conv2"):
            xs = [x + skipped for x, skipped in zip(xs, around)]
            for index, x in enumerate(xs):
                found[f"{kind}/{index}/{name.split('.')[0]}"] = x[0]
        else:
            xs = [torch.relu(x) for x in xs]


def main():
    random = np.random.default_rng(1)
    weights = make_weights(random)
    pictures = [random.integers(0, 256, (*size, 3)).astype(np.float32) for size in SIZES]
    tensors = {name: torch.from_numpy(value).double() for name, value in weights.items()}
    inputs = [torch.from_numpy(picture).double().permute(2, 0, 1)[None] for picture in pictures]
    found = {}
    for kind in ("instance", "group", "layer", "batch", "batch-live"):
        run(kind, tensors, inputs, found)
    held = {name: np.ascontiguousarray(value.numpy().astype(np.float32)) for name, value in found.items()}
    held |= {f"weights/{name}": value for name, value in weights.items()}
    held |= {f"pictures/{index}": picture for index, picture in enumerate(pictures)}
    save_file(held, "activations.safetensors", {"torch": torch.__version__, "numpy": np.__version__})


if __name__ == "__main__":
    main()
