#!/usr/bin/env python3
"""Stylizes a directory of PNG and JPEG files as one would in Python: Pillow around ONNX Runtime.

    python3 -m venv venv && venv/bin/pip install numpy pillow onnx onnxruntime safetensors
    venv/bin/python stylize_with_onnxruntime.py PHOTOGRAPHS -o PAINTED --weights CANDY.safetensors

The yardstick for Pastiche's throughput, so it wastes nothing: one session serves all sizes, and two worker threads
decode the next pictures and encode the last ones (Pillow lets go of the interpreter for both) while the network runs.
WEIGHTS holds the published network (instance norm, any width) under its PyTorch names. Each output has its input's
name, format and size, its EXIF and its ICC profile; pictures are turned upright, and transparency is dropped. A
picture that fails is named and the others are done; the exit code is then 1.
"""
import argparse
import sys
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper
from PIL import Image, ImageOps
from safetensors.numpy import load_file

WORKERS = 2
LOOKAHEAD = 4


class TransformerGraph:
    """The published network as an ONNX graph: [1, 3, height, width] to [1, 3, 4·⌈height/4⌉, 4·⌈width/4⌉], 0…255."""

    def __init__(self, tensors):
        self.tensors, self.nodes, self.constants = tensors, [], {}
        self.output = self.network("photograph")

    def model(self):
        """The graph with its height and width left open, as ONNX Runtime takes it."""
        photograph = helper.make_tensor_value_info("photograph", TensorProto.FLOAT, [1, 3, "height", "width"])
        painting = helper.make_tensor_value_info(self.output, TensorProto.FLOAT, [1, 3, "rows", "columns"])
        constants = [numpy_helper.from_array(value, name) for name, value in self.constants.items()]
        graph = helper.make_graph(self.nodes, "transformer", [photograph], [painting], constants)
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
        onnx.checker.check_model(model)
        return model.SerializeToString()

    def network(self, x):
        for index, stride in ((1, 1), (2, 2), (3, 2)):
            x = self.relu(self.norm(self.convolution(x, f"conv{index}", stride), f"in{index}"))
        for block in (f"res{index}" for index in range(1, 6)):
            y = self.relu(self.norm(self.convolution(x, f"{block}.conv1"), f"{block}.in1"))
            y = self.norm(self.convolution(y, f"{block}.conv2"), f"{block}.in2")
            x = self.node("Add", x, y)
        for index in (1, 2):
            x = self.relu(self.norm(self.convolution(self.enlarged(x), f"deconv{index}"), f"in{index + 3}"))
        return self.convolution(x, "deconv3")

    def convolution(self, x, layer, stride=1):
        weight, bias = self.stored(f"{layer}.conv2d.weight"), self.stored(f"{layer}.conv2d.bias")
        margin = self.constants[weight].shape[-1] // 2
        pads = self.constant(f"margin{margin}", np.array([0, 0, margin, margin, 0, 0, margin, margin], np.int64))
        return self.node("Conv", self.node("Pad", x, pads, mode="reflect"), weight, bias, strides=[stride, stride])

    def norm(self, x, layer):
        gamma, beta = self.stored(f"{layer}.weight"), self.stored(f"{layer}.bias")
        return self.node("InstanceNormalization", x, gamma, beta, epsilon=1e-5)

    def enlarged(self, x):
        scales = self.constant("twice", np.array([1, 1, 2, 2], np.float32))
        return self.node("Resize", x, "", scales, mode="nearest", nearest_mode="floor",
                         coordinate_transformation_mode="asymmetric")

    def relu(self, x):
        return self.node("Relu", x)

    def node(self, operation, *inputs, **attributes):
        output = f"{operation.lower()}{len(self.nodes)}"
        self.nodes.append(helper.make_node(operation, inputs, [output], **attributes))
        return output

    def constant(self, name, value):
        self.constants[name] = value
        return name

    def stored(self, name):
        return self.constant(name, self.tensors[name].astype(np.float32))


def decode(path):
    """The upright picture at `path`: its samples as float32 [1, 3, height, width], and what saving it needs to know."""
    with Image.open(path) as file:
        kind = file.format
        image = ImageOps.exif_transpose(file)
    kept = {"exif": image.getexif(), "icc_profile": image.info.get("icc_profile")}
    pixels = np.asarray(image.convert("RGB"))
    return np.ascontiguousarray(pixels.transpose(2, 0, 1), np.float32)[None], kind, kept


def encode(samples, path, kind, settings):
    """Rounds samples [3, height, width] to 8 bits and writes them."""
    pixels = np.rint(samples.clip(0, 255)).astype(np.uint8).transpose(1, 2, 0)
    Image.fromarray(np.ascontiguousarray(pixels)).save(path, kind, **settings)


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("photographs", type=Path)
    parser.add_argument("-o", "--output", type=Path, required=True)
    parser.add_argument("--weights", required=True, help="safetensors file with the published PyTorch names")
    parser.add_argument("--threads", type=int, default=2, help="threads that compute the network (2)")
    parser.add_argument("--quality", type=int, default=92, help="JPEG quality (92), without chroma subsampling")
    parser.add_argument("--compress-level", type=int, default=6, help="PNG compression, 0…9 (6, Pillow's own default)")
    return parser.parse_args()


def main():
    options = arguments()
    session_options = onnxruntime.SessionOptions()
    session_options.intra_op_num_threads = options.threads
    # Threads that wait by spinning would take the cores from those that decode and encode.
    session_options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    session = onnxruntime.InferenceSession(TransformerGraph(load_file(options.weights)).model(), session_options,
                                           providers=["CPUExecutionProvider"])
    settings = {"JPEG": {"quality": options.quality, "subsampling": 0},
                "PNG": {"compress_level": options.compress_level}}
    paths = sorted(p for p in options.photographs.iterdir() if p.suffix.lower() in (".png", ".jpg", ".jpeg"))
    options.output.mkdir(parents=True, exist_ok=True)
    failures = 0

    def finish(path, work):
        """The result of `work` on a picture, or None and a word about its failure."""
        nonlocal failures
        try:
            return work()
        except Exception as error:
            failures += 1
            print(f"{path}: {error}", file=sys.stderr)

    with ThreadPoolExecutor(WORKERS) as pool:
        decoding, encoding = deque(), deque()
        waiting = iter(paths)
        while True:
            while len(decoding) < LOOKAHEAD and (path := next(waiting, None)):
                decoding.append((path, pool.submit(decode, path)))
            if not decoding:
                break
            path, decoded = decoding.popleft()
            if (picture := finish(path, decoded.result)) is None:
                continue
            samples, kind, kept = picture
            painted = finish(path, lambda: session.run(None, {"photograph": samples})[0])
            if painted is None:
                continue
            painted = painted[0, :, :samples.shape[2], :samples.shape[3]]
            encoded = pool.submit(encode, painted, options.output / path.name, kind, {**settings[kind], **kept})
            encoding.append((path, encoded))
            if len(encoding) > LOOKAHEAD:
                path, encoded = encoding.popleft()
                finish(path, encoded.result)
        for path, encoded in encoding:
            finish(path, encoded.result)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
