#!/usr/bin/env python3
"""Makes networks.safetensors: what PyTorch computes, in float64, after every layer of three thin networks.

    python3 -m venv venv && venv/bin/pip install torch==2.15.0 numpy==2.4.6 safetensors==0.8.0
    venv/bin/python make_networks.py

(torch 2.13.0 gives the same bytes.)

- `vgg`: VGG-19's first convolutions: zero padding, no norm, ReLU, maxima of 2x2 between the blocks.
- `lengstrom`: TensorFlow's SAME (zeros; at stride 2 on even sides bottom and right one more, on odd sides as many on
  both), transposed convolutions, biases of zero, an instance norm with epsilon 1e-3 after every convolution, and tanh at the end.
- `mixed`: reflection and replication by turns, a middle layer with no norm, and a norm but no activation on the last.

Weights are random (seed 1, a generator for each network), and so are the pictures. The metadata's `networks` is a JSON
object: for each network the list of its layers. A layer is described as in LayersTests/Fixtures/make_layers.py, less
height and width, and by: same (whether its padding, as described for even sides, is TensorFlow's SAME at stride 2); input ("picture", or a layer's name); norm (null, or kind "instance" and epsilon); activation
(kind "identity" or "relu", or "tanh" with scale and offset: scale tanh(x) + offset); adds (null, or the layer whose
output is added after the activation). A layer's output is what its sum gives, where it has one.

It holds, F32, for each network and picture:

    <network>/weights/<layer>.weight, .bias and, where there is a norm, .gamma and .beta
    <network>/pictures/<picture>                 [H, W, 3], samples 0...255
    <network>/<picture>/<layer>                  [O, H', W'], the convolution's output with its bias, before the norm
    <network>/<picture>/<layer>.mean, .variance  [O], of that output: what an instance norm takes away and divides by
    <network>/<picture>/output                   [O, H', W'], the last layer's output

VGG's output without its last ReLU is that of conv3_2's convolution. Where a side of the picture is odd, `mixed` gives
one row or column more than the picture has; nothing is cut off.
"""
import json
import pathlib
import sys
import numpy as np
import torch
import torch.nn.functional as F
from safetensors.numpy import save_file

sys.path.append(str(pathlib.Path(__file__).parents[2] / "LayersTests/Fixtures"))
from make_layers import convolve, describe  # noqa: E402

IDENTITY, RELU = {"kind": "identity"}, {"kind": "relu"}
TANH = {"kind": "tanh", "scale": 150, "offset": 127.5}


class Layers(list):
    """Layers in order, each reading the last one's output."""

    def add(self, name, inputs, outputs, kernel, kind, epsilon=None, activation=RELU, adds=None, same=False, **how):
        layer = describe(name, inputs, outputs, kernel, (0, 0), kind, **how)
        del layer["height"], layer["width"]
        norm = None if epsilon is None else {"kind": "instance", "epsilon": epsilon}
        self.append(layer | {"same": same, "input": self[-1]["name"] if self else "picture", "norm": norm,
                             "activation": activation, "adds": adds})

    def add_block(self, name, channels, kind, epsilon):
        around = self[-1]["name"]
        self.add(f"{name}.conv1", channels, channels, 3, kind, epsilon)
        self.add(f"{name}.conv2", channels, channels, 3, kind, epsilon, IDENTITY, around)


def vgg():
    layers, inputs = Layers(), 3
    for block, outputs in enumerate((8, 16, 32), 1):
        for part in (1, 2):
            pooled = block > 1 and part == 1
            layers.add(f"conv{block}_{part}", inputs, outputs, 3, "zero", resampling="maximum" if pooled else "none")
            inputs = outputs
    return layers


def lengstrom():
    layers, epsilon, halving = Layers(), 1e-3, {"stride": 2, "sides": (0, 0, 1, 1)}
    layers.add("conv1", 3, 8, 9, "zero", epsilon)
    layers.add("conv2", 8, 16, 3, "zero", epsilon, same=True, **halving)
    layers.add("conv3", 16, 32, 3, "zero", epsilon, same=True, **halving)
    layers.add_block("res1", 32, "zero", epsilon)
    layers.add_block("res2", 32, "zero", epsilon)
    layers.add("deconv1", 32, 16, 3, "zero", epsilon, transposed=True, **halving)
    layers.add("deconv2", 16, 8, 3, "zero", epsilon, transposed=True, **halving)
    layers.add("deconv3", 8, 3, 9, "zero", epsilon, TANH)
    return layers


def mixed():
    layers, epsilon = Layers(), 1e-5
    layers.add("conv1", 3, 4, 9, "reflection", epsilon)
    layers.add("conv2", 4, 8, 3, "replication", epsilon, stride=2)
    layers.add("conv3", 8, 8, 3, "reflection")
    layers.add_block("res1", 8, "replication", epsilon)
    layers.add("deconv1", 8, 4, 3, "reflection", epsilon, resampling="nearest")
    layers.add("deconv2", 4, 3, 9, "replication", epsilon, IDENTITY)
    return layers


# Each network's layers, whether its convolutions have biases, and its pictures' heights and widths.
NETWORKS = {"vgg": (vgg(), True, [(19, 26), (17, 14)]), "lengstrom": (lengstrom(), False, [(16, 24), (12, 16), (15, 22)]),
            "mixed": (mixed(), True, [(15, 29), (14, 18)])}


def make_weights(random, layers, biased):
    weights = {}
    for layer in layers:
        name, inputs, outputs, kernel = (layer[key] for key in ("name", "inputs", "outputs", "kernel"))
        # As much as keeps the numbers' size where ReLU has put half of them to zero.
        deviation = (2 / (inputs * kernel * kernel)) ** 0.5
        weights[f"{name}.weight"] = random.normal(0, deviation, (outputs, inputs, kernel, kernel))
        weights[f"{name}.bias"] = random.normal(0, 0.5, outputs) if biased else np.zeros(outputs)
        if layer["norm"]:
            weights[f"{name}.gamma"] = random.normal(1, 0.3, outputs)
            weights[f"{name}.beta"] = random.normal(0, 0.3, outputs)
    return {name: value.astype(np.float32) for name, value in weights.items()}


def activate(x, activation):
    if activation["kind"] == "tanh":
        return activation["scale"] * torch.tanh(x) + activation["offset"]
    return torch.relu(x) if activation["kind"] == "relu" else x


def same(x):
    """TensorFlow's SAME for a kernel of 3 at stride 2."""
    return {begin: side % 2 for begin, side in zip(("top", "left"), x.shape[2:])} | {"bottom": 1, "right": 1}


def run(layers, weights, picture, found, prefix):
    """Every layer's output; `found` takes what the file holds."""
    outputs = {"picture": picture}
    for layer in layers:
        name, norm = layer["name"], layer["norm"]
        if layer["same"]:
            layer = layer | {"padding": layer["padding"] | same(outputs[layer["input"]])}
        x = convolve(layer, outputs[layer["input"]], weights[f"{name}.weight"], weights[f"{name}.bias"])
        found[f"{prefix}/{name}"] = x[0]
        if norm:
            found[f"{prefix}/{name}.mean"] = x[0].mean((1, 2))
            found[f"{prefix}/{name}.variance"] = x[0].var((1, 2), correction=0)
            x = F.instance_norm(x, weight=weights[f"{name}.gamma"], bias=weights[f"{name}.beta"], eps=norm["epsilon"])
        x = activate(x, layer["activation"])
        outputs[name] = x + outputs[layer["adds"]] if layer["adds"] else x
    found[f"{prefix}/output"] = outputs[layers[-1]["name"]][0]


def main():
    held = {}
    for network, (layers, biased, sizes) in NETWORKS.items():
        random = np.random.default_rng(1)
        weights = make_weights(random, layers, biased)
        held |= {f"{network}/weights/{name}": value for name, value in weights.items()}
        tensors, found = {name: torch.from_numpy(value).double() for name, value in weights.items()}, {}
        for index, size in enumerate(sizes):
            picture = random.integers(0, 256, (*size, 3)).astype(np.float32)
            held[f"{network}/pictures/{index}"] = picture
            x = torch.from_numpy(picture).double().permute(2, 0, 1)[None]
            run(layers, tensors, x, found, f"{network}/{index}")
        held |= {name: np.ascontiguousarray(value.numpy().astype(np.float32)) for name, value in found.items()}
    described = {network: layers for network, (layers, _, _) in NETWORKS.items()}
    # One key alone: safetensors writes several in another order at every run.
    save_file(held, "networks.safetensors", {"networks": json.dumps(described, separators=(",", ":"))})


if __name__ == "__main__":
    main()
