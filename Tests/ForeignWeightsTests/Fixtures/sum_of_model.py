"""Prints the sums that PyTorchFilesTests compares with, for .model files named in the arguments:
of every number's bits times its place from 1 on, over all tensors in the file's order, modulo 2^64.

Made with Python 3.11.7, numpy 2.4.6 and torch 2.13.0+cpu.
"""

import sys

import numpy as np
import torch

for file in sys.argv[1:]:
    state = torch.load(file, map_location="cpu", weights_only=True)
    bits = np.concatenate([v.numpy().ravel() for v in state.values()]).view(np.uint32)
    places = np.arange(1, bits.size + 1, dtype=np.uint64)
    print(file, len(state), bits.size, (bits.astype(np.uint64) * places).sum(dtype=np.uint64))
