#!/usr/bin/env python3
"""Makes layers.safetensors: what PyTorch computes, in float64, for single convolutions of every kind.

    python3 -m venv venv && venv/bin/pip install torch==2.15.0 numpy==2.4.6 safetensors==0.8.0
    venv/bin/python make_layers.py

A layer resamples, pads, then convolves. For each case it holds, F32: `<case>/input` [C, H, W], `<case>/weight`
[O, I, K, K], `<case>/bias` [O] and `<case>/output` [O, H', W']. The metadata's `cases` is a JSON list of what each
case is: name; inputs, outputs, kernel, stride; transposed; resampling ("none", "nearest" (by two), or "maximum" (of
2x2, a last odd row or column left out)); padding: kind ("reflection", "replication" or "zero") and each side's width;
height and width of the input, before it is resampled.

A transposed convolution's padding is what is cut from each side of the full output, whose side is (H - 1) stride + K:

    y[o][Y][X] = bias[o] + sum over c, i, j, u, v of x[c][i][j] w[o][c][u][v],
    where Y = stride i + u - top, X = stride j + v - left

Its weight is PyTorch's [I, O, K, K] with the first two axes exchanged; the taps aren't flipped. So PyTorch's
ConvTranspose2d(kernel 3, stride 2, padding 1, output_padding 1) cuts one row at the top and none at the bottom;
TensorFlow's SAME, none and one.

Inputs are normal numbers, so that borders and maxima see both signs; those of three channels are samples 0...255, as a
picture has. Numbers come from a generator seeded with the case's name, so that a new case changes no other.
"""
import json
import zlib
import numpy as np
import torch
import torch.nn.functional as F
from safetensors.numpy import save_file

MODES = {"reflection": "reflect", "replication": "replicate", "zero": "constant"}


def describe(name, inputs, outputs, kernel, size, kind, stride=1, sides=None, transposed=False, resampling="none"):
    """A case's description; `sides` are top, left, bottom and right, half the kernel each where left out."""
    sides = sides or [kernel // 2] * 4
    return {"name": name, "inputs": inputs, "outputs": outputs, "kernel": kernel, "stride": stride,
            "transposed": transposed, "resampling": resampling,
            "padding": {"kind": kind} | dict(zip(("top", "left", "bottom", "right"), sides)),
            "height": size[0], "width": size[1]}


CASES = (
    # Every padding at strides 1 and 2, kernels 3 and 9, odd and even sides.
    [describe(f"{kind}-{kernel}x{kernel}-stride-{stride}", inputs, outputs, kernel, size, kind, stride)
     for kind, kernel, stride, inputs, outputs, size in (
         ("reflection", 3, 1, 4, 17, (7, 8)), ("reflection", 3, 2, 4, 33, (7, 6)),
         ("reflection", 9, 1, 4, 4, (9, 8)), ("reflection", 9, 2, 4, 4, (8, 11)),
         ("replication", 3, 1, 17, 4, (5, 8)), ("replication", 3, 2, 33, 4, (6, 5)),
         ("replication", 9, 1, 4, 4, (8, 7)), ("replication", 9, 2, 4, 4, (7, 10)),
         ("zero", 3, 1, 33, 4, (6, 5)), ("zero", 3, 2, 16, 17, (5, 3)),
         ("zero", 9, 1, 4, 4, (7, 8)), ("zero", 9, 2, 4, 4, (9, 9)))]
    # TensorFlow's SAME at stride 2: one more at the bottom and right of an even side, the same at both ends of an odd.
    + [describe("same-3x3-even-even", 4, 33, 3, (8, 6), "zero", 2, (0, 0, 1, 1)),
       describe("same-3x3-odd-even", 4, 16, 3, (7, 8), "zero", 2, (1, 0, 1, 1)),
       describe("same-3x3-even-odd", 17, 4, 3, (4, 7), "zero", 2, (0, 1, 1, 1)),
       describe("same-9x9-even-even", 4, 4, 9, (10, 8), "zero", 2, (3, 3, 4, 4))]
    # Four different widths, so that no side passes for another.
    + [describe("reflection-four-widths", 4, 16, 3, (6, 7), "reflection", 1, (2, 0, 1, 3)),
       describe("reflection-four-widths-stride-2", 16, 4, 3, (7, 6), "reflection", 2, (0, 3, 2, 1)),
       describe("replication-four-widths", 17, 4, 3, (5, 6), "replication", 1, (1, 3, 2, 0)),
       describe("replication-four-widths-stride-2", 4, 17, 3, (6, 5), "replication", 2, (3, 0, 1, 2)),
       describe("zero-four-widths", 16, 4, 3, (5, 7), "zero", 1, (0, 2, 3, 1))]
    # Beside a border of pixels that are there twice, one row of reflection is one of replication: hence the wide ones.
    + [describe("nearest-reflection", 16, 4, 3, (3, 4), "reflection", resampling="nearest"),
       describe("nearest-replication", 4, 17, 3, (3, 4), "replication", resampling="nearest"),
       describe("nearest-zero", 17, 4, 3, (2, 5), "zero", resampling="nearest"),
       describe("nearest-reflection-wide", 4, 4, 3, (3, 4), "reflection", 1, (3, 2, 2, 4), resampling="nearest"),
       describe("nearest-replication-wide", 4, 4, 3, (4, 3), "replication", 1, (2, 4, 3, 2), resampling="nearest")]
    + [describe("maximum-even-even", 17, 4, 3, (6, 8), "zero", resampling="maximum"),
       describe("maximum-odd-odd", 4, 33, 3, (7, 5), "zero", resampling="maximum"),
       describe("maximum-odd-even", 16, 4, 3, (7, 6), "zero", resampling="maximum"),
       describe("maximum-to-one-pixel", 4, 4, 3, (3, 2), "zero", resampling="maximum")]
    + [describe("transposed-3x3-pytorch", 4, 17, 3, (5, 4), "zero", 2, (1, 1, 0, 0), True),
       describe("transposed-3x3-same", 33, 4, 3, (4, 5), "zero", 2, (0, 0, 1, 1), True),
       describe("transposed-3x3-four-widths", 4, 4, 3, (5, 6), "zero", 2, (1, 0, 0, 1), True),
       describe("transposed-3x3-odd-output", 17, 4, 3, (4, 3), "zero", 2, (1, 1, 1, 1), True),
       describe("transposed-3x3-one-pixel", 4, 4, 3, (1, 1), "zero", 2, (0, 0, 1, 1), True),
       describe("transposed-4x4", 16, 4, 4, (3, 4), "zero", 2, (1, 1, 1, 1), True),
       describe("transposed-4x4-17-outputs", 4, 17, 4, (3, 4), "zero", 2, (1, 1, 1, 1), True)]
    + [describe("picture-3x3", 3, 16, 3, (9, 10), "zero"),
       describe("picture-3x3-same", 3, 17, 3, (10, 12), "zero", 2, (0, 0, 1, 1)),
       describe("picture-9x9", 3, 16, 9, (7, 8), "zero"),
       describe("picture-9x9-reflection", 3, 4, 9, (5, 8), "reflection")]
    # Sides at the ends of their range: rows longer than any vector, sides shorter than the kernel.
    + [describe("zero-wide", 4, 16, 3, (2, 37), "zero"),
       describe("zero-one-pixel", 4, 17, 3, (1, 1), "zero"),
       describe("zero-9x9-two-rows", 4, 4, 9, (2, 3), "zero"),
       describe("reflection-two-by-two", 4, 4, 3, (2, 2), "reflection"),
       describe("replication-one-row", 4, 4, 3, (1, 5), "replication")])


def convolve(case, x, weight, bias):
    """The layer's output [1, O, H', W'] for x, [1, C, H, W]."""
    if case["resampling"] == "nearest":
        x = F.interpolate(x, scale_factor=2, mode="nearest")
    elif case["resampling"] == "maximum":
        x = F.max_pool2d(x, 2, 2)
    top, left, bottom, right = (case["padding"][side] for side in ("top", "left", "bottom", "right"))
    if case["transposed"]:
        full = F.conv_transpose2d(x, weight.transpose(0, 1), bias, case["stride"])
        return full[:, :, top:full.shape[2] - bottom, left:full.shape[3] - right]
    padded = F.pad(x, (left, right, top, bottom), mode=MODES[case["padding"]["kind"]])
    return F.conv2d(padded, weight, bias, case["stride"])


def make_operands(case):
    random = np.random.default_rng(zlib.crc32(case["name"].encode()))
    inputs, outputs, kernel = case["inputs"], case["outputs"], case["kernel"]
    shape = (inputs, case["height"], case["width"])
    x = random.integers(0, 256, shape) if inputs == 3 else random.normal(0, 1, shape)
    weight = random.normal(0, (inputs * kernel * kernel) ** -0.5, (outputs, inputs, kernel, kernel))
    return [value.astype(np.float32) for value in (x, weight, random.normal(0, 0.5, outputs))]


def main():
    held = {}
    for case in CASES:
        operands = make_operands(case)
        x, weight, bias = (torch.from_numpy(value).double() for value in operands)
        output = convolve(case, x[None], weight, bias)[0].numpy().astype(np.float32)
        for part, value in zip(("input", "weight", "bias", "output"), (*operands, np.ascontiguousarray(output))):
            held[f"{case['name']}/{part}"] = value
    # One key alone: safetensors writes several in another order at every run.
    save_file(held, "layers.safetensors", {"cases": json.dumps(CASES, separators=(",", ":"))})


if __name__ == "__main__":
    main()
