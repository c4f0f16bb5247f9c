"""What a large batch takes: python3 measure_batch.py --pastiche PATH soak|million

soak     10,000 pictures of every kind in SampleImages/formats, with a manifest: resident memory
         and descriptors after 500 and at the end.
million  1,000,000 files of 8x8 pixels, in one directory and in a thousand, and these by a list in
         no order: the time to the first picture, the peak memory then, and after some seconds more.

Files are made below --folder, and removed. Needs nothing but Python 3.
"""

import argparse
import json
import os
import pathlib
import random
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import time
import zlib

package = pathlib.Path(__file__).resolve().parents[2]


def tiny_png():
    """An RGB picture of 8x8 pixels."""

    def chunk(kind, data):
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    header = struct.pack(">IIBBBBB", 8, 8, 8, 2, 0, 0, 0)
    rows = zlib.compress((b"\0" + bytes(range(24))) * 8)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


class Run:
    """A run of the program, event by event."""

    def __init__(self, options, folder, *arguments):
        self.start = time.monotonic()
        self.process = subprocess.Popen(
            [options.pastiche, *arguments, "-o", folder / "out", "--log-format", "json"],
            stderr=subprocess.PIPE, text=True,
            env={**os.environ, "PASTICHE_MODELS": str(package / "Models")})

    def events(self):
        for line in self.process.stderr:
            yield json.loads(line), time.monotonic() - self.start

    def status(self, name):
        """A number of kilobytes in /proc/PID/status."""
        for line in open(f"/proc/{self.process.pid}/status"):
            if line.startswith(name + ":"):
                return int(line.split()[1])

    def descriptors(self):
        return len(os.listdir(f"/proc/{self.process.pid}/fd"))


def soak(options, folder):
    kinds = sorted(
        p for p in (package / "SampleImages/formats").iterdir()
        if p.suffix in (".png", ".jpg", ".jpeg"))
    inputs = folder / "in"
    inputs.mkdir()
    for number in range(options.count or 10_000):
        kind = kinds[number % len(kinds)]
        os.link(copied(kind, folder), inputs / f"{number:05}{kind.suffix}")
    run = Run(options, folder, inputs, "--max-side", "96", "--manifest")
    ended, first = 0, None
    for event, _ in run.events():
        if event["event"] in ("done", "failed"):
            ended += 1
            if ended == 500:
                first = run.status("VmRSS"), run.descriptors()
            if ended % 100 == 0:
                last = run.status("VmRSS"), run.descriptors()
        if event["event"] == "finished":
            summary = event
    run.process.wait()
    print(f"{summary['done']} done, {summary['failed']} failed in {summary['seconds']:.0f} s, "
          f"exit {run.process.returncode}")
    print(f"resident after 500: {first[0]} kB, at the end: {last[0]} kB "
          f"({100 * (last[0] / first[0] - 1):+.1f} %); descriptors {first[1]}, {last[1]}")


def copied(file, folder):
    copy = folder / file.name
    if not copy.exists():
        shutil.copy(file, copy)
    return copy


def million(options, folder):
    count = options.count or 1_000_000
    png = tiny_png()
    for name, per in (("one directory", count), ("a thousand directories", max(count // 1000, 1))):
        inputs = folder / "in"
        shutil.rmtree(inputs, ignore_errors=True)
        for number in range(count):
            directory = inputs / f"{number // per:04}"
            if number % per == 0:
                directory.mkdir(parents=True)
            (directory / f"IMG_{number:07}.png").write_bytes(png)
        watch(options, folder, f"{count} in {name}", inputs, "-r")
    paths = [f"{inputs}/{number // per:04}/IMG_{number:07}.png\n" for number in range(count)]
    random.Random(1).shuffle(paths)
    (folder / "list").write_text("".join(paths))
    watch(options, folder, f"{count} by a list", "--files-from", folder / "list")


def watch(options, folder, name, *arguments):
    run = Run(options, folder, *arguments, "--manifest")
    first, done = None, 0
    for event, seconds in run.events():
        if event["event"] != "done":
            continue
        done += 1
        if first is None:
            first, peak = seconds, run.status("VmHWM")
        if seconds > first + options.seconds:
            break
    later = run.status("VmHWM")
    run.process.send_signal(signal.SIGINT)
    run.process.stderr.read()
    print(f"{name}: first picture after {first:.2f} s, peak {peak * 1024 / 1e6:.1f} MB, "
          f"after {done} pictures {later * 1024 / 1e6:.1f} MB, exit {run.process.wait()}", flush=True)
    shutil.rmtree(folder / "out")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["soak", "million"])
    parser.add_argument("--pastiche", default=str(package / ".build/release/pastiche"))
    parser.add_argument("--folder", default=None, help="where files are made, and removed")
    parser.add_argument("--count", type=int, default=None, help="pictures, in place of the usual")
    parser.add_argument("--seconds", type=float, default=10, help="how long a million is watched")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="pastiche-batch-", dir=options.folder) as name:
        {"soak": soak, "million": million}[options.what](options, pathlib.Path(name))
    sys.exit(0)
