#!/usr/bin/env python3
"""Runs exported networks in ONNX Runtime and OpenVINO against PyTorch in float64 of the same tensors.

    python3 -m venv venv && venv/bin/pip install torch==2.13.0 onnxruntime==1.32.0 openvino==2026.4.1 \\
        onnx==1.23.2 safetensors==0.8.0
    venv/bin/python check_export.py STYLE.safetensors STYLE.onnx [STYLE.safetensors STYLE.onnx ...]

Each pair is a network of ours (`pastiche convert` makes one of a style on a base) and its export. For pictures of
random samples, one and two at a time, of sides that are multiples of four and others, it prints the largest
difference on 0...255, before rounding. It ends with 1 where that is above 1e-2, a shape isn't 4 ceil(side / 4), or
onnx's checker objects.
"""
import sys
import numpy as np
import onnx
import onnxruntime
import openvino
import torch
import torch.nn.functional as F
from safetensors import safe_open

SIZES = [(1, 64, 64), (2, 64, 96), (1, 67, 45), (2, 37, 90), (1, 5, 8), (1, 101, 6)]
TOLERANCE = 1e-2
MODES = {"reflection": "reflect", "replication": "replicate", "zero": "constant"}


def paint(path, pictures):
    """The output [N, 3, H', W'] of the network in our file `path` for pictures [N, 3, H, W], float64, 0...255."""
    with safe_open(path, "pt") as file:
        about = file.metadata()
        held = {name: file.get_tensor(name).double() for name in file.keys()}
    epsilon, groups = float(about["epsilon"]), int(about["groups"])
    black, white = map(float, about["input_range"].split(","))

    def convolve(name, x, stride=1, enlarge=False):
        weight = held[f"{name}.weight"]
        if enlarge:
            x = F.interpolate(x, scale_factor=2, mode="nearest")
        padded = F.pad(x, [weight.shape[-1] // 2] * 4, mode=MODES[about["padding"]])
        return F.conv2d(padded, weight, held[f"{name}.bias"], stride)

    def normalize(name, x):
        gamma, beta = held[f"{name}.gamma"], held[f"{name}.beta"]
        if about["norm"] == "batch":
            return F.batch_norm(x, held[f"{name}.mean"], held[f"{name}.variance"], gamma, beta, eps=epsilon)
        if about["norm"] == "batch-live":
            return F.batch_norm(x, None, None, gamma, beta, training=True, eps=epsilon)
        count = {"instance": x.shape[1], "layer": 1, "group": groups}[about["norm"]]
        return F.group_norm(x, count, gamma, beta, epsilon)

    y = black + pictures.double() * (white - black) / 255
    for number, stride in (1, 1), (2, 2), (3, 2):
        y = torch.relu(normalize(f"in{number}", convolve(f"conv{number}", y, stride)))
    for block in range(1, int(about["residual_blocks"]) + 1):
        inner = torch.relu(normalize(f"res{block}.in1", convolve(f"res{block}.conv1", y)))
        y = normalize(f"res{block}.in2", convolve(f"res{block}.conv2", inner)) + y
    for number in 1, 2:
        y = torch.relu(normalize(f"in{number + 3}", convolve(f"deconv{number}", y, enlarge=True)))
    return ((convolve("deconv3", y) - black) * 255 / (white - black)).numpy()


def main(paths):
    core, fails = openvino.Core(), False
    for style, export in zip(paths[::2], paths[1::2]):
        onnx.checker.check_model(onnx.load(export), full_check=True)
        session = onnxruntime.InferenceSession(export)
        # OpenVINO's own choice on newer processors is bfloat16, which is off by levels.
        compiled = core.compile_model(export, "CPU", {"INFERENCE_PRECISION_HINT": "f32"})
        generator = torch.Generator().manual_seed(1)
        for count, height, width in SIZES:
            pictures = torch.rand((count, 3, height, width), generator=generator) * 255
            expected = paint(style, pictures)
            shape = (count, 3, -(-height // 4) * 4, -(-width // 4) * 4)
            runs = {"onnxruntime": session.run(["output"], {"input": pictures.numpy()})[0],
                    "openvino": compiled({"input": pictures.numpy()})["output"]}
            for name, result in runs.items():
                difference = np.abs(result - expected).max() if result.shape == shape else np.inf
                fails |= not difference <= TOLERANCE
                print(f"{export} {count}x{width}x{height} {name}: {difference:.1e} of "
                      f"{expected.min():.0f}...{expected.max():.0f}")
    sys.exit(fails)


if __name__ == "__main__":
    main(sys.argv[1:])
