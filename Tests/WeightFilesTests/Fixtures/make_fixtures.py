"""Writes the fixtures beside this script.

Made with Python 3.11.7, numpy 2.4.6 and safetensors 0.8.0:
    python make_fixtures.py
"""

from pathlib import Path

import numpy as np
from safetensors.numpy import save_file

here = Path(__file__).parent

# Every kind of half: zeros, the smallest and largest subnormal and normal, a third.
halves = [0.0, -0.0, 2.0**-24, -(2.0**-24), 1023 * 2.0**-24, 2.0**-14, 1 / 3, -65504.0]

tensors = {
    "b.cube": (np.arange(24, dtype=np.float32) / 8 - 1).reshape(2, 3, 4),
    "a.scalar": np.array(0.1, dtype=np.float32),
    "c.empty": np.zeros((0, 5), dtype=np.float32),
}
save_file(tensors, here / "f32.safetensors", metadata={"naïve \"key\"\n": "a\\b\t\u0001 🌊"})
save_file({"halves": np.array(halves, dtype=np.float16)}, here / "f16.safetensors")
save_file(
    {
        "in1.num_batches_tracked": np.array(123456, dtype=np.int64),
        "in1.weight": np.ones(2, dtype=np.float32),
    },
    here / "i64_counter_beside_f32.safetensors",
)
save_file({"w": np.ones(2, dtype=np.float64)}, here / "f64.safetensors")
