"""Writes the PyTorch fixtures beside this script.

Made with Python 3.11.7 and torch 2.13.0+cpu:
    python make_pytorch.py

Each holds the same numbers: the published network of width 1 with one residual block. Element i of
its tensor n, in the order of its parts, is (16 + i mod 16) · 2^((n + i div 16) mod 8 - 8), which
halves and bfloat16 hold exactly.
"""

from collections import OrderedDict
from pathlib import Path

import torch

here = Path(__file__).parent


def shapes(width=1, blocks=1):
    """The tensors of the published network in the order of its parts."""
    found = OrderedDict()

    def convolution(name, inputs, outputs, kernel):
        found[f"{name}.conv2d.weight"] = (outputs, inputs, kernel, kernel)
        found[f"{name}.conv2d.bias"] = (outputs,)

    def norm(name, channels):
        found[f"{name}.weight"] = (channels,)
        found[f"{name}.bias"] = (channels,)

    w = width
    down = [(3, w, 9), (w, 2 * w, 3), (2 * w, 4 * w, 3)]
    for number, (inputs, outputs, kernel) in enumerate(down):
        convolution(f"conv{number + 1}", inputs, outputs, kernel)
        norm(f"in{number + 1}", outputs)
    for block in range(1, blocks + 1):
        for half in (1, 2):
            convolution(f"res{block}.conv{half}", 4 * w, 4 * w, 3)
            norm(f"res{block}.in{half}", 4 * w)
    for number, (inputs, outputs) in enumerate([(4 * w, 2 * w), (2 * w, w)]):
        convolution(f"deconv{number + 1}", inputs, outputs, 3)
        norm(f"in{number + 4}", outputs)
    convolution("deconv3", w, 3, 9)
    return found


def tensor(number, shape):
    count = torch.Size(shape).numel()
    index = torch.arange(count)
    return ((index % 16 + 16) * 2.0 ** ((number + index // 16) % 8 - 8)).reshape(shape)


def network(**arguments):
    return OrderedDict(
        (name, tensor(number, shape))
        for number, (name, shape) in enumerate(shapes(**arguments).items())
    )


def save(state, name, **arguments):
    torch.save(state, here / f"{name}.pth", **arguments)


plain = network()
save(plain, "archive")
save(plain, "stream", _use_new_zipfile_serialization=False)
save(plain, "archive_of_protocol_4", pickle_protocol=4)
save(plain, "stream_of_protocol_5", pickle_protocol=5, _use_new_zipfile_serialization=False)
save({k: v.half() for k, v in plain.items()}, "half")
save({k: v.bfloat16() for k, v in plain.items()}, "bfloat16", _use_new_zipfile_serialization=False)
save({k: v.double() for k, v in plain.items()}, "double")

# All numbers in one storage, the first convolution with its kernels transposed, the last taken from
# every second element, and parameters in place of tensors.
strided = OrderedDict()
storage = torch.cat([torch.full((7,), -1.0)] + [v.flatten() for v in plain.values()])
offset = 7
for name, values in plain.items():
    strided[name] = storage[offset : offset + values.numel()].view(values.shape)
    offset += values.numel()
first, last = "conv1.conv2d.weight", "deconv3.conv2d.weight"
strided[first] = plain[first].permute(3, 1, 2, 0).contiguous().permute(3, 1, 2, 0)
strided[last] = torch.stack([plain[last], -plain[last]], dim=-1)[..., 0]
strided["in1.weight"] = torch.nn.Parameter(strided["in1.weight"])
save(strided, "strided_and_shared")

# What a training script keeps, from several devices at once.
checkpoint = {
    "epoch": 2,
    "loss": torch.tensor(0.5),
    "rate": 1e-3,
    "model_state_dict": OrderedDict((f"module.{k}", v) for k, v in plain.items()),
    "optimizer": {
        "state": {0: {"step": torch.tensor(3.0), "exp_avg": torch.zeros(1, 3, 9, 9)}},
        "param_groups": [{"lr": 1e-3, "betas": (0.9, 0.999), "params": [0, 1]}],
    },
    "device": torch.device("cpu"),
    "size": torch.Size([256, 256]),
    "names": None,
}
checkpoint["model_state_dict"]._metadata = OrderedDict([("", {"version": 1})])
save(checkpoint, "checkpoint_of_DataParallel")

old = network()
norms = [n.removesuffix(".weight") for n in plain if ".weight" in n and "conv2d" not in n]
for name in norms:
    channels = old[f"{name}.weight"].numel()
    old[f"{name}.running_mean"] = torch.zeros(channels)
    old[f"{name}.running_var"] = torch.ones(channels)
    old[f"{name}.num_batches_tracked"] = torch.tensor(7)
save(old, "running_statistics")

scaled = OrderedDict(
    (k.replace("weight", "scale").replace("bias", "shift") if "conv2d" not in k else k, v)
    for k, v in plain.items()
)
save(scaled, "scale_and_shift_stream", _use_new_zipfile_serialization=False)

torch.serialization.location_tag = lambda storage: "cuda:0"
save(plain, "archive_of_CUDA")
save(plain, "stream_of_CUDA", _use_new_zipfile_serialization=False)

# Every convolution and norm by its number.
order = list(dict.fromkeys(k.rsplit(".", 1)[0] for k in plain))
numbered = OrderedDict()
for name, values in plain.items():
    layer, part = name.rsplit(".", 1)
    numbered[f"model.{order.index(layer)}.{part}"] = values
save(numbered, "sequential")
save(torch.nn.Sequential(torch.nn.Conv2d(3, 1, 9)), "whole_module_is_refused")
