#!/usr/bin/env python3
"""Times the steps of `pastiche train` beside the same steps in PyTorch, in turn, round by round.

    python3 -m venv venv && venv/bin/pip install torch==2.15.0 numpy==2.4.6 safetensors==0.8.0
    venv/bin/python measure_training.py --pastiche .build/release/pastiche [--rounds 5] [--threads 2]

A step: a crop of 256x256 is painted at width 32, compared with itself and with a painting by our loss network
(content relu3_1 at half and relu2_2 at quarter size, nine Gram terms at three sizes, range, lattice and what is
fine; instance norm), and gradients are clipped and given
to Adam. `norms` trains gamma, beta and colours alone, `all` the convolutions too. Prints for each the median of all
rounds' milliseconds a step (itself the median of a round), and the median of the rounds' ratios.

PyTorch as a good user of it would: f32, denormals flushed, channels last with F.group_norm of one channel each (the
fastest of what was tried: F.instance_norm and reflection padding's gradient force channels first), frozen weights
without gradients, Adam fused.
"""
import argparse
import json
import statistics
import subprocess
import tempfile
import time
from pathlib import Path
import torch
import torch.nn.functional as F
from safetensors.torch import load_file

ROOT = Path(__file__).resolve().parents[2]
TAPS = (("2_1", "3_1"), ("1_1", "2_1", "3_1", "3_4"), ("2_1", "3_1", "3_4"))  # of style, at full, half and quarter size
CONTENT = (None, "3_1", "2_2")
# Name, kernel, stride, enlarged before, norm.
LAYERS = ([("conv1", 9, 1, False, "in1"), ("conv2", 3, 2, False, "in2"), ("conv3", 3, 2, False, "in3")]
          + [(f"res{block}.conv{i}", 3, 1, False, f"res{block}.in{i}") for block in range(1, 6) for i in (1, 2)]
          + [("deconv1", 3, 1, True, "in4"), ("deconv2", 3, 1, True, "in5"), ("deconv3", 9, 1, False, None)])


class Setting:
    """The type of convolutions, and the layout of the network's activations and weights."""
    type, layout = torch.float32, torch.channels_last


def lay(x, layout=None):
    return x.to(Setting.type).contiguous(memory_format=layout or Setting.layout)


def normalize(x, gamma, beta):
    """Instance norm; a group of one channel is one, too, and stays in channels last."""
    if Setting.layout == torch.channels_last:
        return F.group_norm(x, x.shape[1], gamma, beta, 1e-5)
    return F.instance_norm(x, weight=gamma, bias=beta, eps=1e-5)


class Network:
    """The base and one style on it, begun at the mean of all: `own` are the style's numbers, `conv` the convolutions."""

    def __init__(self, models, train_all=False):
        held = load_file(models / "base.safetensors")
        styles = [load_file(path) for path in sorted(models.glob("*.safetensors"))]
        styles = [style for style in styles if "color.matrix" in style]
        mean = {name: torch.stack([style[name].float() for style in styles]).mean(0) for name in styles[0]}
        layout = dict(memory_format=Setting.layout)
        self.conv = {name.removesuffix(".weight"): value.float().contiguous(**layout) if train_all else lay(value.float())
                     for name, value in held.items()}
        self.own = {name: mean[name] for name in mean if name.endswith((".gamma", ".beta"))}
        self.own |= {"matrix": mean["color.matrix"], "shift": mean["color.shift"] / 100}
        self.parameters = list(self.own.values()) + (list(self.conv.values()) if train_all else [])
        for parameter in self.parameters:
            parameter.requires_grad_()

    def __call__(self, x):
        x = lay((x - 117) / 60)
        for name, kernel, stride, enlarged, norm in LAYERS:
            if name.endswith(".conv1"):
                kept = x
            if enlarged:
                x = F.interpolate(x, scale_factor=2, mode="nearest")
            x = F.conv2d(F.pad(x, (kernel // 2,) * 4, mode="reflect"), lay(self.conv[name]), stride=stride)
            if norm:
                x = normalize(x, self.own[f"{norm}.gamma"], self.own[f"{norm}.beta"])
                x = kept + x if name.endswith(".conv2") else F.relu(x)
        return F.conv2d(x.float(), self.own["matrix"][:, :, None, None], 100 * self.own["shift"]).contiguous()


class LossNetwork:
    """VGG-19 to conv3_4, or ours to conv3_2, which is called 3_4: levels to the features of taps, after the ReLU."""

    def __init__(self, path):
        held = load_file(path)
        self.names = sorted(name[4:7] for name in held if name.endswith(".weight"))
        self.mean, self.divisor = torch.tensor(117.0), 60
        if "3_4" in self.names:  # VGG, whose input is blue, green, red less the mean
            held["conv1_1.weight"] = held["conv1_1.weight"].flip(1)
            self.mean, self.divisor = torch.tensor([123.68, 116.779, 103.939])[:, None, None], 1
        self.weights = {name: (lay(held[f"conv{name}.weight"], torch.channels_last), held[f"conv{name}.bias"].to(Setting.type)) for name in self.names}

    def __call__(self, x, taps):
        x, found = lay((x - self.mean) / self.divisor, torch.channels_last), {}
        for name in self.names:
            if name in ("2_1", "3_1"):
                x = F.max_pool2d(x, 2)
            x = F.relu(F.conv2d(x, *self.weights[name], padding=1))
            tap = "3_4" if name == self.names[-1] else name
            if tap in taps:
                found[tap] = x
            if len(found) == len(taps):
                return found


def gram(f, reach):
    """Of the features that zero padding doesn't show in, an eighth of the side left out at most."""
    m = min(reach, min(f.shape[2:]) // 8)
    f = f[:, :, m:f.shape[2] - m, m:f.shape[3] - m]
    n, c, h, w = f.shape
    f = f.permute(0, 2, 3, 1).reshape(n, h * w, c)
    return (f.transpose(1, 2) @ f).float() / (h * w)


def pyramid(x):
    half = F.avg_pool2d(x, 2)
    return x, half, F.avg_pool2d(half, 2)


def low_pass():
    """Eleven taps at 0.22 cycles a pixel under a Hamming window."""
    n = torch.arange(11) - 5
    taps = 0.44 * torch.sinc(0.44 * n) * torch.hamming_window(11, periodic=False)
    return taps / taps.sum()


class Loss:
    """Of pictures painted from crops after one painting, as StyleTraining.docc/MakingStyles.md defines it."""

    def __init__(self, network, painting, style_weight=3):
        self.network, self.style_weight, self.low = network, style_weight, low_pass()
        self.reach = {"1_1": 1, "2_1": 2, "3_1": 3, "3_4": len(network.names) - 2}
        with torch.no_grad():
            self.goals = [{tap: gram(f, self.reach[tap]) for tap, f in network(x, taps).items()} for taps, x in zip(TAPS, pyramid(painting[None]))]

    def __call__(self, y, x):
        """The total, and the means of content, style, range, lattice and fine."""
        with torch.no_grad():
            wants = [self.network(z, (tap,))[tap].float() if tap else None for z, tap in zip(pyramid(x), CONTENT)]
        content = style = 0
        for level, (z, kept, want) in enumerate(zip(pyramid(y), CONTENT, wants)):
            f = self.network(z, {*TAPS[level]} | ({kept} if kept else set()))
            if kept:
                content = content + (f[kept].float() - want).square().mean((1, 2, 3)) / want.square().mean((1, 2, 3)) / 2
            for tap, goal in self.goals[level].items():
                style = style + (gram(f[tap], self.reach[tap]) - goal).square().sum((1, 2)) / goal.square().sum()
        outside = (F.relu(y - 255) + F.relu(-y)).mean((1, 2, 3)) / 255
        n, c, h, w = y.shape
        rough = y - F.avg_pool2d(F.avg_pool2d(F.pad(y, (4, 4, 4, 4), mode="reflect"), (9, 1), 1), (1, 9), 1)
        lattice = rough.reshape(n, c, h // 4, 4, w // 4, 4).mean((2, 4)).square().mean((1, 2, 3)) / 255 ** 2
        low = F.conv2d(F.pad(y, (5, 5, 5, 5), mode="reflect"), self.low.reshape(1, 1, 1, 11).expand(3, 1, 1, 11), groups=3)
        low = F.conv2d(low, self.low.reshape(1, 1, 11, 1).expand(3, 1, 11, 1), groups=3)
        fine = (y - low).square().mean((1, 2, 3)) / 255 ** 2
        total = content + self.style_weight * style + outside + 200 * lattice + 100 * fine
        return total.mean(), torch.stack([part.detach().mean() for part in (content, style, outside, lattice, fine)])


class Trainer:
    def __init__(self, network, loss, compiled=False):
        self.parameters = network.parameters
        self.optimizer = torch.optim.Adam(self.parameters, lr=1e-2, betas=(0.9, 0.99), fused=True)
        self.judge = lambda x: loss(network(x), x)
        if compiled:
            self.judge = torch.compile(self.judge)

    def step(self, x, rate=1e-2):
        """The total and its parts; nothing is learned from gradients that aren't finite."""
        for group in self.optimizer.param_groups:
            group["lr"] = rate
        self.optimizer.zero_grad(set_to_none=True)
        total, parts = self.judge(x)
        total.backward()
        if torch.nn.utils.clip_grad_norm_(self.parameters, 5.0).isfinite():
            self.optimizer.step()
        return total.detach(), parts


def median_of_pytorch(options, trained):
    """Milliseconds a step."""
    torch.manual_seed(0)

    def picture(count, height, width):  # smooth, with noise
        coarse = F.interpolate(255 * torch.rand(count, 3, 9, 9), size=(height, width), mode="bicubic")
        return (coarse + 10 * torch.randn(count, 3, height, width)).clamp(0, 255)

    loss = Loss(LossNetwork(ROOT / "Models/loss-network.safetensors"), picture(1, 704, 880)[0])
    trainer = Trainer(Network(ROOT / "Models", trained == "all"), loss)
    crops, times = picture(8, 256, 256).split(1), []
    for count in range(3 + options.steps):
        begin = time.perf_counter()
        trainer.step(crops[count % 8])
        times.append(1e3 * (time.perf_counter() - begin))
    return statistics.median(times[3:])


def median_of_pastiche(options, trained):
    with tempfile.TemporaryDirectory() as folder:
        log = subprocess.run(
            [options.pastiche, "train", "--style", ROOT / "SampleImages/poppies.jpg", "-o", f"{folder}/style.safetensors",
             "--train", trained, "--iterations", str(3 + options.steps), "--checkpoint-every", "1000",
             "-j", str(options.threads), "--log-format", "json"], stderr=subprocess.PIPE, text=True, check=True).stderr
    events = [json.loads(line) for line in log.splitlines()]
    seconds = [event["seconds"] for event in events if event["event"] == "iteration"]
    return statistics.median(1e3 * (b - a) for a, b in zip(seconds[2:], seconds[3:]))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pastiche", required=True)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--steps", type=int, default=15, help="of each round that are timed")
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    torch.set_flush_denormal(True)  # before there are other threads: they take it over from this one
    torch.set_num_threads(options.threads)
    for trained in ("norms", "all"):
        rounds = [(median_of_pastiche(options, trained), median_of_pytorch(options, trained)) for _ in range(options.rounds)]
        ours, theirs = (statistics.median(times) for times in zip(*rounds))
        ratio = statistics.median(theirs / ours for ours, theirs in rounds)
        print(f"{trained}: pastiche {ours:.0f} ms a step, PyTorch {theirs:.0f} ms; {ratio:.2f} times as fast", flush=True)


if __name__ == "__main__":
    main()
