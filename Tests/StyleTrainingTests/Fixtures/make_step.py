#!/usr/bin/env python3
"""Makes step.safetensors: whole steps of training a small style network, as PyTorch computes them in float64.

    python3 -m venv venv && venv/bin/pip install torch==2.15.0 numpy==2.4.6 safetensors==0.8.0
    venv/bin/python make_step.py            (--check also compares gradients with central differences)

The network is the fast neural style network at width 4 with one residual block, reflection padding, nearest
enlargement and no biases. It takes (x - 117) / 60 for levels x of 0...255; its picture, in levels, is
matrix · (deconv3's output) + 100 · shift. The loss network is VGG's shape to conv3_2 with 4, 8, 12 channels: zero padding 1,
a bias and a ReLU each, 2x2 maxima before conv2_1 and conv3_1, (x - 117) / 60 in. F are its features after the ReLU:

    content   = mean of |F(y) - F(x)|² / |F(x)|² for F31 of the picture at half and F22 at a quarter size
    style     = sum over TAPS of |G(y) - G(s)|² / |G(s)|², G = F Fᵀ / (H W) without
                F's edges, of the picture at full, half, quarter size
    range     = mean distance outside 0...255, in units of 255
    lattice   = mean square of the 4x4 pattern that y less its 9x9 mean shows on average over all blocks, in 255²
    fine      = mean square of what the low pass of LOW, across and down with mirrored edges, takes from y, in 255²
    variation = mean square of horizontal neighbours' differences + that of vertical neighbours', in 255²
    total     = mean over the images of content + 3 style + range + 200 lattice + 100 fine + 3 variation

Held, F32, the inputs: `conv.<layer>` [O, I, K, K], `gamma.<norm>`, `beta.<norm>`, `matrix` [3, 3], `shift` [3], `crops`
[2, 3, 32, 32] and `painting` [3, 48, 40] in levels, `loss.<convA_B>.weight` and `.bias`. For each kind of norm (instance,
group with two groups, layer, batch with live statistics; epsilon 1e-5):

    <kind>/output [2, 3, 32, 32]     <kind>/terms [2, 6], in the order above, unweighted     <kind>/total [1]
    instance/picture.content, .style, .rest [3, 32, 32]
                                     the first image's gradients with respect to the first output of content, of 3
                                     style, and of range + 200 lattice + 100 fine + 3 variation
    <kind>/gradient.P                of the total, before clipping; P is `conv.<layer>`, `gamma.<norm>`, ... as above
    <kind>/gradient.norm [1]         over all parameters
    <kind>/after.P, <kind>/after2.P  after one and two steps on the same crops: the gradients' norm clipped at 5, then
                                     Adam at rate 0.01, betas 0.9 and 0.99, epsilon 1e-8
    batch/running.mean.<norm>, batch/running.variance.<norm>
                                     after the first step's forward pass, from 0 and 1 with momentum 0.1: PyTorch's
                                     BatchNorm2d, whose stored variance is the unbiased one

All convolutions and norms are trained. `beta.res1.in2` has no `after` for instance and batch: the next norm takes away
what it adds, its gradient is rounding alone, and Adam makes a whole step of it.
`gradient.conv.*` holds all for instance and FEW for the other kinds, `after*.conv.*`
conv2 alone. The first Adam step is nearly the sign of each gradient times the rate; the second shows moments and clipping.
The seed was chosen so that no ReLU's input, no difference between a maximum and the runner-up, and no gradient whose
parameter's step is held comes close to 0 (printed as `margin`): f32 follows the same branches.
"""
import sys
import numpy as np
import torch
import torch.nn.functional as F
from safetensors.numpy import save_file

SEED = 2149
KINDS = ("instance", "group", "layer", "batch")
EPSILON, GROUPS, MOMENTUM = 1e-5, 2, 0.1
WEIGHTS = (1, 3, 1, 200, 100, 3)
TAPS = (("2_1", "3_1"), ("1_1", "2_1", "3_1", "3_4"), ("2_1", "3_1", "3_4"))  # at full, half and quarter size
REACH = {"1_1": 1, "2_1": 2, "3_1": 3, "3_4": 4}  # of zero padding, in samples of the tap
CONTENT = ((1, "3_1"), (2, "2_2"))  # scale and tap
FEW = ("conv1", "conv2", "res1.conv1", "deconv1", "deconv3")
# Name, inputs, outputs, kernel, stride, enlarged before, norm.
LAYERS = (
    ("conv1", 3, 4, 9, 1, False, "in1"), ("conv2", 4, 8, 3, 2, False, "in2"), ("conv3", 8, 16, 3, 2, False, "in3"),
    ("res1.conv1", 16, 16, 3, 1, False, "res1.in1"), ("res1.conv2", 16, 16, 3, 1, False, "res1.in2"),
    ("deconv1", 16, 8, 3, 1, True, "in4"), ("deconv2", 8, 4, 3, 1, True, "in5"), ("deconv3", 4, 3, 9, 1, False, None))
LOSS_LAYERS = (("1_1", 3, 4), ("1_2", 4, 4), ("2_1", 4, 8), ("2_2", 8, 8), ("3_1", 8, 12), ("3_2", 12, 12))


def make_inputs(seed):
    """All inputs as float64, rounded to f32."""
    random = np.random.default_rng(seed)

    def he(outputs, inputs, kernel):
        return random.normal(0, (2 / (inputs * kernel * kernel)) ** 0.5, (outputs, inputs, kernel, kernel))

    def picture(height, width, noise):
        """Waves of each channel's own, and noise."""
        y, x = np.mgrid[0:height, 0:width]
        waves = [sum(random.uniform(15, 45) * np.sin(random.normal(0, 0.25) * y + random.normal(0, 0.25) * x + random.uniform(0, 6.3))
                     for _ in range(4)) for _ in range(3)]
        return (random.uniform(90, 150, (3, 1, 1)) + np.stack(waves) + random.normal(0, noise, (3, height, width))).clip(0, 255)

    held = {}
    for name, inputs, outputs, kernel, _, _, norm in LAYERS:
        held[f"conv.{name}"] = he(outputs, inputs, kernel)
        if norm:
            held[f"gamma.{norm}"] = random.normal(1, 0.2, outputs)
            held[f"beta.{norm}"] = random.normal(0, 0.3, outputs)
    held["matrix"] = 60 * (np.eye(3) + random.normal(0, 0.15, (3, 3)))
    held["shift"] = random.normal(117, 15, 3) / 100
    held["crops"] = np.stack([picture(32, 32, 12) for _ in range(2)])
    held["painting"] = picture(48, 40, 60)
    for name, inputs, outputs in LOSS_LAYERS:
        held[f"loss.conv{name}.weight"] = he(outputs, inputs, 3)
        held[f"loss.conv{name}.bias"] = random.normal(0, 0.1, outputs)
    return {name: torch.from_numpy(value.astype(np.float32)).double() for name, value in held.items()}


def normalize(x, gamma, beta, kind):
    """The normalized x, and each channel's mean and unbiased variance over the batch."""
    n, c, h, w = x.shape
    shape, axes = {"instance": ((n, c, h, w), (2, 3)), "group": ((n, GROUPS, -1), 2), "layer": ((n, 1, -1), 2),
                   "batch": ((n, c, h, w), (0, 2, 3))}[kind]
    grouped = x.reshape(shape)
    variance, mean = torch.var_mean(grouped, axes, keepdim=True, correction=0)
    normal = ((grouped - mean) / torch.sqrt(variance + EPSILON)).reshape(x.shape)
    statistics = [t.detach() for t in (x.mean((0, 2, 3)), x.var((0, 2, 3), correction=1))]
    return normal * gamma[:, None, None] + beta[:, None, None], statistics


class Margins:
    """How near the branches taken are to being others: the least of all values seen."""
    least = {}

    @classmethod
    def see(cls, kind, values):
        cls.least[kind] = min(cls.least.get(kind, np.inf), values.min().item())


def relu(x):
    if x.requires_grad:
        Margins.see("relu", x.detach().abs())
    return F.relu(x)


def maximum(x):
    if x.requires_grad:
        n, c, h, w = x.shape
        blocks = x.detach().reshape(n, c, h // 2, 2, w // 2, 2).transpose(3, 4).reshape(-1, 4)
        top = blocks.topk(2).values
        Margins.see("maximum", (top[:, 0] - top[:, 1])[top[:, 0] > 0])  # behind a maximum of 0 the ReLU stops all gradients
    return F.max_pool2d(x, 2)


def paint(p, x, kind):
    """The pictures in levels, and each norm's statistics of the batch."""
    x, statistics = (x - 117) / 60, {}
    for name, _, _, kernel, stride, enlarged, norm in LAYERS:
        if name.endswith(".conv1"):
            kept = x
        if enlarged:
            x = F.interpolate(x, scale_factor=2, mode="nearest")
        x = F.conv2d(F.pad(x, (kernel // 2,) * 4, mode="reflect"), p[f"conv.{name}"], stride=stride)
        if norm:
            x, statistics[norm] = normalize(x, p[f"gamma.{norm}"], p[f"beta.{norm}"], kind)
            x = kept + x if name.endswith(".conv2") else relu(x)
    return torch.einsum("rc,nchw->nrhw", p["matrix"], x) + 100 * p["shift"][:, None, None], statistics


def features(p, x):
    """Of each tap; conv3_2 is the one called 3_4."""
    x, found = (x - 117) / 60, {}
    for name, _, _ in LOSS_LAYERS:
        if name in ("2_1", "3_1"):
            x = maximum(x)
        x = relu(F.conv2d(x, p[f"loss.conv{name}.weight"], p[f"loss.conv{name}.bias"], padding=1))
        found["3_4" if name == "3_2" else name] = x
    return found


def gram(f, tap):
    """Of the features that zero padding doesn't show in, an eighth of the side left out at most."""
    m = min(REACH[tap], min(f.shape[2:]) // 8)
    f = f[:, :, m:f.shape[2] - m, m:f.shape[3] - m]
    n, c, h, w = f.shape
    f = f.reshape(n, c, h * w)
    return f @ f.transpose(1, 2) / (h * w)


def pyramid(x):
    half = F.avg_pool2d(x, 2)
    return x, half, F.avg_pool2d(half, 2)


def low_pass():
    """Eleven taps at 0.22 cycles a pixel under a Hamming window."""
    n = np.arange(11) - 5
    taps = 0.44 * np.sinc(0.44 * n) * np.hamming(11)
    return torch.from_numpy(taps / taps.sum())


def compare(p, y, x, painting):
    """The six terms of each image, [N, 6]."""
    content = style = 0
    for scale, tap in CONTENT:
        f, want = (features(p, pyramid(picture)[scale])[tap] for picture in (y, x))
        content = content + (f - want).square().sum((1, 2, 3)) / want.square().sum((1, 2, 3)) / len(CONTENT)
    for taps, ours, theirs in zip(TAPS, pyramid(y), pyramid(painting[None])):
        f, goals = features(p, ours), features(p, theirs)
        for tap in taps:
            goal = gram(goals[tap], tap)
            style = style + (gram(f[tap], tap) - goal).square().sum((1, 2)) / goal.square().sum()
    Margins.see("range", torch.minimum(y.abs(), (y - 255).abs()).detach() / 60)
    outside = (F.relu(y - 255) + F.relu(-y)).mean((1, 2, 3)) / 255
    n, c, h, w = y.shape
    rough = y - F.avg_pool2d(F.pad(y, (4, 4, 4, 4), mode="reflect"), 9, 1)
    lattice = rough.reshape(n, c, h // 4, 4, w // 4, 4).mean((2, 4)).square().mean((1, 2, 3)) / 255 ** 2
    z = F.pad(y, (5, 5, 5, 5), mode="reflect")
    for shape in ((1, 1, 1, 11), (1, 1, 11, 1)):
        z = F.conv2d(z, low_pass().reshape(shape).expand(3, *((-1,) * 3)), groups=3)
    fine = (y - z).square().mean((1, 2, 3)) / 255 ** 2
    variation = ((y[:, :, :, 1:] - y[:, :, :, :-1]).square().mean((1, 2, 3))
                 + (y[:, :, 1:] - y[:, :, :-1]).square().mean((1, 2, 3))) / 255 ** 2
    return torch.stack([content, style, outside, lattice, fine, variation], 1)


def step(p, inputs, kind):
    """Pictures, terms, total and statistics; leaves gradients in p."""
    y, statistics = paint(inputs | p, inputs["crops"], kind)
    terms = compare(inputs, y, inputs["crops"], inputs["painting"])
    total = (terms @ terms.new_tensor(WEIGHTS)).mean()
    return y, terms, total, statistics


def run(inputs, kind):
    """All that is held for a kind."""
    p = {name: value.clone().requires_grad_() for name, value in inputs.items()
         if name.startswith(("conv.", "gamma.", "beta.")) or name in ("matrix", "shift")}
    # What the last block's beta adds to a whole channel, the next norm takes away: its gradient is 0 but for rounding.
    idle = "beta.res1.in2" if kind in ("instance", "batch") else None
    stepped = [name for name in p if (not name.startswith("conv.") or name == "conv.conv2") and name != idle]
    optimizer, held = torch.optim.Adam(p.values(), lr=0.01, betas=(0.9, 0.99), eps=1e-8), {}
    for count in (1, 2):
        y, terms, total, statistics = step(p, inputs, kind)
        if kind == "instance" and count == 1:
            weighted = terms[0] * terms.new_tensor(WEIGHTS)
            for name, part in (("content", weighted[0]), ("style", weighted[1]), ("rest", weighted[2:].sum())):
                held[f"picture.{name}"] = torch.autograd.grad(part, y, retain_graph=True)[0][0]
        optimizer.zero_grad()
        total.backward()
        if count == 1:
            held |= {"output": y, "terms": terms, "total": total[None]}
            held |= {f"gradient.{name}": q.grad.clone() for name, q in p.items()
                     if kind == "instance" or not name.startswith("conv.") or name.removeprefix("conv.") in FEW}
            if kind == "batch":
                for norm, (mean, variance) in statistics.items():
                    held |= {f"running.mean.{norm}": MOMENTUM * mean, f"running.variance.{norm}": 1 - MOMENTUM + MOMENTUM * variance}
        for name in stepped:  # Against the typical gradient of its tensor, whose rounding it shares.
            g = p[name].grad
            Margins.see("step", g[g != 0].abs() / g.square().mean().sqrt())  # 0 where a channel never passes its ReLU
        norm = torch.nn.utils.clip_grad_norm_(p.values(), 5)
        if count == 1:
            held["gradient.norm"] = norm[None]
        optimizer.step()
        held |= {f"after{count if count > 1 else ''}.{name}": p[name].clone() for name in stepped}
    return {f"{kind}/{name}": value.detach() for name, value in held.items()}


def check(inputs, held, kind):
    """The greatest difference between gradients and central differences, against the typical gradient of the tensor."""
    random, worst = np.random.default_rng(1), 0
    for name in ("conv.conv1", "conv.conv3" if kind == "instance" else "conv.conv2", "conv.deconv3", "gamma.in1", "beta.res1.in1", "gamma.in5", "matrix", "shift"):
        gradient = held[f"{kind}/gradient.{name}"].flatten()
        for index in random.choice(len(gradient), 3, replace=False):
            totals = []
            for sign in (1, -1):
                moved = inputs[name].clone()
                moved.view(-1)[index] += sign * 1e-6
                totals.append(step({name: moved}, inputs, kind)[2])
            difference = (totals[0] - totals[1]) / 2e-6
            worst = max(worst, ((difference - gradient[index]).abs() / gradient.square().mean().sqrt()).item())
    return worst


def main():
    torch.set_num_threads(1)
    inputs, held = make_inputs(SEED), {}
    for kind in KINDS:
        Margins.least = {}
        found = run(inputs, kind)
        held |= found
        y = found[f"{kind}/output"]
        print(f"{kind}: total {found[f'{kind}/total'].item():.6f}, gradient's norm {found[f'{kind}/gradient.norm'].item():.3f},",
              f"outside 0...255 {((y < 0) | (y > 255)).double().mean().item():.1%}, margin",
              ", ".join(f"{name} {value:.1e}" for name, value in Margins.least.items()))
        print("  content, style, range, lattice, fine, variation:", *(" ".join(f"{v:.6f}" for v in row) for row in found[f"{kind}/terms"].tolist()), sep="\n    ")
        if "--check" in sys.argv:
            print(f"  off central differences by at most {check(inputs, found, kind):.1e} of the typical gradient")
    save_file({name: np.ascontiguousarray(value.numpy().astype(np.float32)) for name, value in (inputs | held).items()}, "step.safetensors")


if __name__ == "__main__":
    main()
