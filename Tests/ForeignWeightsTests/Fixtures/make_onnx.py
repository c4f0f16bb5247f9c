#!/usr/bin/env python3
"""Makes onnx/*.onnx: tiny networks of the published plan as PyTorch's exporters write them.

    python3 -m venv venv && venv/bin/pip install torch==2.13.0 onnx==1.23.2 onnxscript==0.7.2 safetensors==0.8.0
    venv/bin/python make_onnx.py

A file is named by its width, its exporter (`trace` or `dynamo`), the version of the operators and what it shows. All
of a width hold the same weights, which half precision holds too: onnx/width1.safetensors and onnx/width2.safetensors,
by our names. One residual block; sizes are 36 by 52 or, where `open`, free. Values of `trace` are named by numbers, as
old exporters named them, and Constant nodes that came of it are kept.

- `slim`: norms and enlargements as data/weights/pytorch_slim's files have them: Reshape, ReduceMean, Sub,
  Mul(d, d + 1e-9), ...; Reshape and Concat of a map with itself, twice.
- `var`: the norm of abhiskk/fast-neural-style: the unbiased variance times (n - 1) / n, expanded to the map's shape.
- `expand`: enlargement by Unsqueeze, Expand and Reshape.
- `sizes`: enlargement to sizes that are computed of Shape.
- `unit`: pictures divided by 255 before the network, multiplied by 255 and clipped after it.
- `folded`: batch norms that the exporter has worked into the convolutions; `folded` has no oracle but its own weights.
- `external`: weights in a file beside it.
"""
import pathlib
import warnings
import onnx
import torch
import torch.nn as nn
import torch.nn.functional as F
from safetensors.torch import save_file

warnings.filterwarnings("ignore")
FOLDER = pathlib.Path(__file__).parent / "onnx"
SIZE = (36, 52)


class SlimNorm(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.weight, self.bias = nn.Parameter(torch.ones(channels)), nn.Parameter(torch.zeros(channels))

    def forward(self, x):
        flat = (1, x.shape[1], 1, -1)
        centered = x - x.reshape(flat).mean(3, keepdim=True)
        variance = (centered * (centered + 1e-9)).reshape(flat).mean(3, keepdim=True)
        normalized = centered / torch.sqrt(variance + 1e-5)
        return normalized * self.weight.reshape(-1, x.shape[1], 1, 1) + self.bias.reshape(-1, x.shape[1], 1, 1)


class VarNorm(SlimNorm):
    def forward(self, x):
        n = x.shape[2] * x.shape[3]
        flat = x.view(x.shape[0], x.shape[1], n)
        mean = torch.mean(flat, 2).unsqueeze(2).unsqueeze(3).expand_as(x)
        variance = torch.var(flat, 2).unsqueeze(2).unsqueeze(3).expand_as(x) * ((n - 1) / float(n))
        scale = self.weight.unsqueeze(1).unsqueeze(1).unsqueeze(0).expand_as(x)
        shift = self.bias.unsqueeze(1).unsqueeze(1).unsqueeze(0).expand_as(x)
        return (x - mean) / torch.sqrt(variance + 1e-5) * scale + shift


def nearest(x):
    return F.interpolate(x, mode="nearest", scale_factor=2)


def to_sizes(x):
    return F.interpolate(x, mode="nearest", size=(x.shape[2] * 2, x.shape[3] * 2))


def slim(x):
    channels, height, width = x.shape[1:]
    x = x.reshape(-1, 1)
    x = torch.cat((x, x + 0.0), 1).reshape(-1, 2 * width)
    return torch.cat((x, x + 0.0), 1).reshape(-1, channels, 2 * height, 2 * width)


def expand(x):
    n, channels, height, width = x.shape
    x = x[:, :, :, None, :, None].expand(n, channels, height, 2, width, 2)
    return x.reshape(n, channels, 2 * height, 2 * width)


class Layer(nn.Module):
    def __init__(self, inputs, outputs, kernel, norm, stride=1, enlarge=None):
        super().__init__()
        self.enlarge = enlarge
        self.pad = nn.ReflectionPad2d(kernel // 2)
        self.conv2d = nn.Conv2d(inputs, outputs, kernel, stride)
        self.norm = norm(outputs) if norm else None

    def forward(self, x):
        x = self.conv2d(self.pad(self.enlarge(x) if self.enlarge else x))
        return self.norm(x) if self.norm else x


class Network(nn.Module):
    def __init__(self, width, norm, enlarge=nearest, unit=False):
        super().__init__()
        self.unit = unit
        plan = [("conv1", 3, 1, 9, {}), ("conv2", 1, 2, 3, {"stride": 2}), ("conv3", 2, 4, 3, {"stride": 2}),
                ("res1.conv1", 4, 4, 3, {}), ("res1.conv2", 4, 4, 3, {}),
                ("deconv1", 4, 2, 3, {"enlarge": enlarge}), ("deconv2", 2, 1, 3, {"enlarge": enlarge}),
                ("deconv3", 1, 3, 9, {})]
        self.names, self.layers = [part[0] for part in plan], nn.ModuleList()
        for name, inputs, outputs, kernel, how in plan:
            self.layers.append(Layer(
                3 if name == "conv1" else inputs * width, 3 if name == "deconv3" else outputs * width, kernel,
                None if name == "deconv3" else norm, **how))
        generator = torch.Generator().manual_seed(1)
        with torch.no_grad():
            for value in self.parameters():
                value.copy_(torch.randn(value.shape, generator=generator).half())
            for layer in self.layers:
                if isinstance(layer.norm, nn.BatchNorm2d):
                    layer.norm.running_mean.copy_(torch.randn(layer.norm.bias.shape, generator=generator).half())
                    layer.norm.running_var.copy_(torch.rand(layer.norm.bias.shape, generator=generator).half() + 0.5)
        self.eval()

    def forward(self, x):
        x = x / 255 if self.unit else x
        for name, layer in zip(self.names, self.layers):
            if name == "res1.conv1":
                shortcut = x
            x = layer(x)
            x = x + shortcut if name == "res1.conv2" else x if name == "deconv3" else torch.relu(x)
        return torch.clamp(x * 255, 0, 255) if self.unit else x

    def weights(self):
        held, norms = {}, iter(["in1", "in2", "in3", "res1.in1", "res1.in2", "in4", "in5"])
        for name, layer in zip(self.names, self.layers):
            held |= {f"{name}.weight": layer.conv2d.weight, f"{name}.bias": layer.conv2d.bias}
            if layer.norm:
                norm = next(norms)
                held |= {f"{norm}.gamma": layer.norm.weight, f"{norm}.beta": layer.norm.bias}
                if isinstance(layer.norm, nn.BatchNorm2d):
                    held |= {f"{norm}.mean": layer.norm.running_mean, f"{norm}.variance": layer.norm.running_var}
        return {name: value.detach().float().contiguous() for name, value in held.items()}


def instance(channels):
    return nn.InstanceNorm2d(channels, affine=True)


def number(path):
    """Names every value but the input by a number, and drops all else that is for people."""
    model = onnx.load(path)
    graph, numbers = model.graph, {"": ""}
    known = {value.name for value in graph.input} - {value.name for value in graph.initializer}

    def short(name):
        return name if name in known else numbers.setdefault(name, str(len(numbers)))

    for value in [*graph.initializer, *graph.input, *graph.output]:
        value.name = short(value.name)
    for node in graph.node:
        node.name = ""
        node.input[:], node.output[:] = map(short, node.input), map(short, node.output)
    del graph.value_info[:]
    onnx.save(model, path)


def trace(name, network, version, is_open=False, **how):
    path = FOLDER / f"{name}.onnx"
    axes = {"input": {0: "N", 2: "H", 3: "W"}} if is_open else None
    sample = torch.rand(1, 3, *SIZE, dtype=next(network.parameters()).dtype) * 255
    torch.onnx.export(network, (sample,), str(path), dynamo=False, opset_version=version, input_names=["input"],
                      dynamic_axes=axes, **how)
    number(path)


def dynamo(name, network, version, external=False):
    free = torch.export.Dim.DYNAMIC
    path = FOLDER / f"{name}.onnx"
    torch.onnx.export(network, (torch.rand(2, 3, *SIZE),), str(path), dynamo=True, opset_version=version,
                      external_data=external, dynamic_shapes=({0: free, 2: free, 3: free},), verbose=False)
    model = onnx.load(path, load_external_data=False)
    del model.graph.value_info[:]
    for node in model.graph.node:
        del node.metadata_props[:]
    path.write_bytes(model.SerializeToString())


def group_18(source, target):
    """Version 21's GroupNormalization as version 18 has it: a number for each group."""
    model = onnx.load(FOLDER / f"{source}.onnx")
    held = {value.name: value for value in model.graph.initializer}
    for node in model.graph.node:
        if node.op_type == "GroupNormalization":
            for place, value in (1, [0.5, -2]), (2, [0.25, 3]):
                name = f"{node.output[0]}.{place}"
                model.graph.initializer.append(onnx.helper.make_tensor(name, 1, [2], value))
                node.input[place] = name
            for value in list(node.attribute):
                if value.name == "stash_type":
                    node.attribute.remove(value)
    used = {name for node in model.graph.node for name in node.input}
    for name in held.keys() - used:
        model.graph.initializer.remove(held[name])
    model.opset_import[0].version = 18
    onnx.save(model, FOLDER / f"{target}.onnx")


def main():
    FOLDER.mkdir(exist_ok=True)
    plain = Network(1, instance)
    save_file(plain.weights(), FOLDER / "width1.safetensors")
    save_file(Network(2, instance).weights(), FOLDER / "width2.safetensors")
    save_file(Network(1, nn.BatchNorm2d).weights(), FOLDER / "width1_batch.safetensors")
    trace("width1_trace_9", plain, 9, keep_initializers_as_inputs=True)
    for version in 10, 11, 17, 20:
        trace(f"width1_trace_{version}_open", plain, version, is_open=True)
    trace("width1_trace_17_half", Network(1, instance).half(), 17)
    trace("width1_trace_9_slim", Network(1, SlimNorm, slim), 9)
    trace("width1_trace_11_var", Network(1, VarNorm), 11)
    trace("width1_trace_17_expand_open", Network(1, instance, expand), 17, is_open=True)
    trace("width1_trace_13_sizes_open", Network(1, instance, to_sizes), 13, is_open=True)
    trace("width1_trace_17_unit_open", Network(1, instance, unit=True), 17, is_open=True)
    trace("width1_trace_17_layer_open", Network(1, lambda c: nn.GroupNorm(1, c)), 17, is_open=True)
    trace("width1_trace_17_folded", Network(1, nn.BatchNorm2d), 17)
    trace("width1_trace_13_batch", Network(1, nn.BatchNorm2d), 13, training=torch.onnx.TrainingMode.PRESERVE,
          do_constant_folding=False)
    trace("width2_trace_9_group_open", Network(2, lambda c: nn.GroupNorm(2, c)), 9, is_open=True)
    dynamo("width1_dynamo_18", plain, 18)
    dynamo("width1_dynamo_20_external", plain, 20, external=True)
    dynamo("width2_dynamo_21_group", Network(2, lambda c: nn.GroupNorm(2, c)), 21)
    group_18("width2_dynamo_21_group", "width2_helper_18_group")


if __name__ == "__main__":
    main()
