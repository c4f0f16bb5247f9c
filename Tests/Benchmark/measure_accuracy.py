#!/usr/bin/env python3
"""Measures how far Pastiche's output is from exact arithmetic, beside how far plain f32 convolution is.

    python3 -m venv torch && torch/bin/pip install numpy opencv-python-headless safetensors torch
    torch/bin/python measure_accuracy.py PHOTOGRAPH... --pastiche .build/release/pastiche --weights WEIGHTS...

WEIGHTS are published networks (instance norm, any width) under their PyTorch names; `pastiche convert` makes styles of
them. Exact is PyTorch in float64; direct is PyTorch in float32, whose convolutions sum the products as they stand.
Pastiche writes 16-bit PNG, so that it is seen to 1/257 level. All three are clamped to 0…255, and an error is the
largest over all samples of a picture, in levels of 255. Exit 1 if Pastiche's exceeds direct's by more than --allowed
on any picture.
"""
import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

import cv2
import numpy as np
import torch
import torch.nn.functional as F
from safetensors.torch import load_file

COLUMNS = "{:14} {:20} {:>8} {:>10} {:>11}"


def convolution(x, tensors, layer, stride=1):
    """Reflection, then a convolution, in bands of 32 rows: in float64 PyTorch copies each sample kernel² times."""
    weight, bias = tensors[f"{layer}.conv2d.weight"], tensors[f"{layer}.conv2d.bias"]
    kernel = weight.shape[-1]
    x = F.pad(x, [kernel // 2] * 4, mode="reflect")
    rows = (x.shape[2] - kernel) // stride + 1
    bands = [(first, min(first + 32, rows)) for first in range(0, rows, 32)]
    return torch.cat([F.conv2d(x[:, :, first * stride:(end - 1) * stride + kernel], weight, bias, stride)
                      for first, end in bands], dim=2)


def paint(tensors, photograph, precision):
    """The published network's output for samples [height, width, 3], computed in `precision`, in 0…255 as float64."""
    tensors = {name: tensor.to(precision) for name, tensor in tensors.items()}
    height, width, _ = photograph.shape

    def normed(x, conv, norm, stride=1):
        x = convolution(x, tensors, conv, stride)
        return F.instance_norm(x, weight=tensors[f"{norm}.weight"], bias=tensors[f"{norm}.bias"], eps=1e-5)

    x = torch.from_numpy(photograph.transpose(2, 0, 1)[None].copy()).to(precision)
    for index, stride in ((1, 1), (2, 2), (3, 2)):
        x = normed(x, f"conv{index}", f"in{index}", stride).relu()
    for block in range(1, 6):
        y = normed(x, f"res{block}.conv1", f"res{block}.in1").relu()
        x = x + normed(y, f"res{block}.conv2", f"res{block}.in2")
    for index in (1, 2):
        x = normed(F.interpolate(x, scale_factor=2), f"deconv{index}", f"in{index + 3}").relu()
    x = convolution(x, tensors, "deconv3")[0, :, :height, :width]
    return x.clamp(0, 255).permute(1, 2, 0).double().numpy()


def run(*command):
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"{' '.join(map(str, command))}: exit {done.returncode}\n{done.stderr}")
    return done.stdout


def read(path, depth):
    """The picture's samples [height, width, RGB]; refuses a file of another depth or kind."""
    pixels = cv2.imread(str(path), cv2.IMREAD_COLOR if depth == np.uint8 else cv2.IMREAD_UNCHANGED)
    if pixels is None or pixels.dtype != depth or pixels.shape[2:] != (3,):
        sys.exit(f"{path}: expected a picture of three {np.dtype(depth).name} samples a pixel")
    return pixels[:, :, ::-1]


def paint_with_pastiche(pastiche, style, photograph, folder):
    """As `paint`, by the executable; goes through files in `folder`."""
    source, painted = folder / "photograph.png", folder / "painted.png"
    cv2.imwrite(str(source), photograph[:, :, ::-1])
    run(pastiche, "stylize", source, "-o", painted, "-m", style, "--depth", 16, "--overwrite")
    return read(painted, np.uint16) / 257


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("photographs", nargs="+", type=Path)
    parser.add_argument("--pastiche", required=True, help="the executable")
    parser.add_argument("--weights", nargs="+", type=Path, required=True)
    parser.add_argument("--allowed", type=float, default=0.5, help="levels that Pastiche may be worse by (0.5)")
    options = parser.parse_args()
    worst = 0.0
    print(COLUMNS.format("style", "photograph", "direct", "pastiche", "difference"), flush=True)
    with tempfile.TemporaryDirectory() as name, torch.inference_mode():
        folder = Path(name)
        for weights in options.weights:
            tensors, style = load_file(weights), folder / weights.name
            run(options.pastiche, "convert", weights, "-o", style)
            for path in options.photographs:
                photograph = read(path, np.uint8)
                exact = paint(tensors, photograph, torch.float64)
                direct = np.abs(paint(tensors, photograph, torch.float32) - exact).max()
                ours = np.abs(paint_with_pastiche(options.pastiche, style, photograph, folder) - exact).max()
                worst = max(worst, ours - direct)
                figures = (f"{direct:.4f}", f"{ours:.4f}", f"{ours - direct:+.4f}")
                print(COLUMNS.format(weights.stem, path.name, *figures), flush=True)
    return 1 if worst > options.allowed else 0


if __name__ == "__main__":
    sys.exit(main())
