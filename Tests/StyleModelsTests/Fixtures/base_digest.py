"""Prints BaseModel.digest of the base that BaseModelTests makes, by hashlib (Python 3.11, NumPy 2)."""
import hashlib
import numpy as np

shapes = {
    "conv1": (1, 3, 9, 9), "conv2": (2, 1, 3, 3), "conv3": (4, 2, 3, 3),
    "res1.conv1": (4, 4, 3, 3), "res1.conv2": (4, 4, 3, 3),
    "deconv1": (2, 4, 3, 3), "deconv2": (1, 2, 3, 3), "deconv3": (3, 1, 9, 9),
}
tensors = {}
for index, (layer, shape) in enumerate(shapes.items()):
    count = np.prod(shape)
    tensors[f"{layer}.weight"] = (index + np.arange(count) / 4096).astype("<f4").reshape(shape)
digest = hashlib.sha256()
for name in sorted(tensors, key=str.encode):
    digest.update(f"{name}\0{','.join(map(str, tensors[name].shape))}\0".encode())
    digest.update(tensors[name].tobytes())
print(digest.hexdigest())
