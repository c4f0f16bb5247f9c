#!/usr/bin/env python3
"""Makes the pictures beside this script: one small picture in every kind of PNG and JPEG that Pastiche reads.

    pip install pillow==13.0.0 numpy==2.4.6
    apt-get install libjpeg-turbo-progs        # cjpeg 2.1.5
    ./make_formats.py

A name says what the file is: colour type, bits a sample, and what is special. All show the same scene, as well as their
kind can: a landscape with a red sign at the left. PNG files are built chunk by chunk (zlib 1.2.13 or 1.3), JPEG files by
cjpeg, those with inks and the gray one by Pillow; the builders are those of the tests' fixtures.
"""
import struct, sys, zlib
from pathlib import Path

import numpy as np
from PIL import ImageCms

HERE = Path(__file__).resolve().parent
sys.dont_write_bytecode = True
sys.path.insert(0, str(HERE.parents[1] / "Tests" / "ImageFilesTests" / "Fixtures"))
from make_fixtures import (  # noqa: E402
    GRAY, GRAY_ALPHA, PALETTE, RGB, RGBA, chunk, cjpeg, exif_segment, icc_segments, orientation, pillow_jpeg, png, scan_script,
    segments_of, tiff, upright, with_segments)

WIDTH, HEIGHT = 48, 32


# The scene ----------------------------------------------------------------------------------------

def scene():
    """Red, green, blue [H, W, 3] and alpha [H, W, 1] in 0…1: sky, sun, hills, water, a sign; round the edges it fades."""
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH].astype(float)
    height = y / (HEIGHT - 1)
    sky = np.stack([0.35 + 0.6 * height, 0.55 + 0.35 * height, 0.95 - 0.25 * height], 2)
    colour = sky
    sun = np.clip(5.5 - np.hypot(x - 36, y - 8), 0, 1)[..., None]
    colour = colour * (1 - sun) + np.array([1, 0.93, 0.45]) * sun
    far = y > 15 + 3 * np.sin(x / 7)
    colour = np.where(far[..., None], np.stack([0.3 + x / 200, 0.42 - x / 400, 0.5 + 0 * x], 2), colour)
    near = y > 20 + 4 * np.cos(x / 11 + 1)
    colour = np.where(near[..., None], np.stack([0.12 + x / 160, 0.5 - height / 5, 0.16 + 0 * x], 2), colour)
    water = y > 26
    colour = np.where(water[..., None], np.stack([0.1 + 0 * x, 0.3 + 0.1 * np.sin(x / 2 + y), 0.55 + 0.2 * np.sin(x / 2 + y)], 2), colour)
    sign = (x >= 5) & (x < 13) & (y >= 9) & (y < 18) & ~((x >= 8) & (y >= 15) & (x < 10) | (x >= 10) & (y >= 12))
    colour = np.where(sign[..., None], np.array([0.85, 0.1, 0.1]), colour)
    edge = np.minimum(np.minimum(x, WIDTH - 1 - x), np.minimum(y, HEIGHT - 1 - y))
    return np.clip(colour, 0, 1), np.clip(edge / 6, 0, 1)[..., None]


def quantized(values, depth):
    return np.rint(values * ((1 << depth) - 1)).astype(int)


COLOUR, ALPHA = scene()
LIGHTNESS = COLOUR @ np.array([[0.299], [0.587], [0.114]])
PICTURE = quantized(COLOUR, 8).astype(np.uint8)


# PNG ----------------------------------------------------------------------------------------------

def palette_of(depth):
    """2**depth colours of the scene, the darkest first, and the index of each pixel's nearest."""
    flat = PICTURE.reshape(-1, 3).astype(int)
    order = flat[np.argsort(flat @ np.array([299, 587, 114]), kind="stable")]
    colours = order[np.linspace(0, len(order) - 1, 1 << depth).astype(int)]
    return colours, np.argmin(((flat[:, None] - colours[None]) ** 2).sum(2), 1).reshape(HEIGHT, WIDTH, 1)


def profile():
    """sRGB as an ICC profile of LittleCMS, without the hour at which it was made."""
    data = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    data[24:36] = struct.pack(">6H", 2000, 1, 1, 0, 0, 0)
    return bytes(data)


def png_files():
    kinds = {}
    for depth in (1, 2, 4, 8, 16):
        gray = quantized(LIGHTNESS, depth)
        kinds[f"gray_{depth}"] = (gray, depth, GRAY)
        key = gray[8, 36]  # the sun's
        kinds[f"gray_{depth}_tRNS"] = (gray, depth, GRAY, 0, chunk(b"tRNS", struct.pack(">H", *key)))
    for depth in (8, 16):
        colour, alpha = quantized(COLOUR, depth), quantized(ALPHA, depth)
        kinds[f"gray_alpha_{depth}"] = (np.concatenate([quantized(LIGHTNESS, depth), alpha], 2), depth, GRAY_ALPHA)
        kinds[f"rgb_{depth}"] = (colour, depth, RGB)
        kinds[f"rgb_{depth}_tRNS"] = (colour, depth, RGB, 0, chunk(b"tRNS", struct.pack(">3H", *colour[12, 6])))  # the sign's
        kinds[f"rgba_{depth}"] = (np.concatenate([colour, alpha], 2), depth, RGBA)
    for depth in (1, 2, 4, 8):
        colours, indices = palette_of(depth)
        plte = chunk(b"PLTE", colours.astype(np.uint8).tobytes())
        alphas = np.linspace(40, 250, (1 << depth) // 2).astype(np.uint8)  # the darker half; the rest is opaque
        kinds[f"palette_{depth}"] = (indices, depth, PALETTE, 0, plte)
        kinds[f"palette_{depth}_tRNS"] = (indices, depth, PALETTE, 0, plte + chunk(b"tRNS", alphas.tobytes()))
    for name in ("gray_1", "gray_16", "gray_alpha_8", "palette_4_tRNS", "rgb_8", "rgb_8_tRNS", "rgba_16"):
        samples, depth, colour, _, before, *_ = (*kinds[name], 0, b"")
        kinds[f"{name}_interlaced"] = (samples, depth, colour, 1, before if len(kinds[name]) > 3 else b"")
    rgb = kinds["rgb_8"]
    primaries = struct.pack(">8I", 31270, 32900, 64000, 33000, 30000, 60000, 15000, 6000)
    special = {
        "gAMA": chunk(b"gAMA", struct.pack(">I", 45455)),
        "cHRM": chunk(b"gAMA", struct.pack(">I", 45455)) + chunk(b"cHRM", primaries),
        "sRGB": chunk(b"sRGB", b"\0"),
        "iCCP": chunk(b"iCCP", b"sRGB\0\0" + zlib.compress(profile())),
        "pHYs": chunk(b"pHYs", struct.pack(">IIB", 11811, 11811, 1)),
        "texts": chunk(b"tEXt", b"Title\0The sign at the water") + chunk(b"zTXt", b"Description\0\0" + zlib.compress(b"A small scene. " * 8))
        + chunk(b"iTXt", "Author\0\0\0de\0Urheber\0Jürgen Beispiel".encode()),
    }
    for name, before in special.items():
        kinds[f"rgb_8_{name}"] = (*rgb, 0, before)
    files = {f"{name}.png": png(*arguments) for name, arguments in kinds.items()}
    stored = upright(quantized(COLOUR, 8), 8)
    files["rgb_8_orientation_6.png"] = png(stored, 8, RGB, 0, chunk(b"eXIf", orientation(6)))
    files["rgb_8_animation.png"] = animation()
    return files


def animation():
    """An APNG of two frames, of which the first is the default image."""
    second = png(quantized(COLOUR[:, ::-1], 8), 8, RGB)
    data, at = b"", 8
    while at < len(second):
        length, name = struct.unpack(">I4s", second[at:at + 8])
        data += second[at + 8:at + 8 + length] if name == b"IDAT" else b""
        at += 12 + length

    def control(number):
        return chunk(b"fcTL", struct.pack(">5I2H2B", number, WIDTH, HEIGHT, 0, 0, 1, 2, 0, 0))

    return png(quantized(COLOUR, 8), 8, RGB, 0, before=chunk(b"acTL", struct.pack(">II", 2, 0)) + control(0),
               after=control(1) + chunk(b"fdAT", struct.pack(">I", 2) + data))


# JPEG ---------------------------------------------------------------------------------------------

def inks():
    """Cyan, magenta, yellow, black [H, W, 4] in 0…1, with as much black as there can be."""
    light = COLOUR.max(2, keepdims=True)
    return np.concatenate([1 - COLOUR / np.maximum(light, 1e-9), 1 - light], 2)


def ycck():
    """Adobe's: inverted inks of which the first three are taken for red, green, blue inverted, and turned into Y'CbCr."""
    file = 255 * (1 - inks())
    r, g, b = np.moveaxis(255 - file[..., :3], 2, 0)
    luma = 0.299 * r + 0.587 * g + 0.114 * b
    stored = np.stack([luma, 128 + 0.564 * (b - luma), 128 + 0.713 * (r - luma), file[..., 3]], 2)
    # Pillow inverts what it is given.
    cmyk = pillow_jpeg(np.rint(np.clip(255 - stored, 0, 255)).astype(np.uint8), "CMYK")
    _, _, end = next(found for found in segments_of(cmyk) if found[0] == 0xEE)
    return cmyk[:end - 1] + b"\x02" + cmyk[end:]


def jpeg_files():
    kinds = {
        "gray": pillow_jpeg(quantized(LIGHTNESS, 8)[..., 0].astype(np.uint8), "L"),
        "444": cjpeg(PICTURE, "-sample", "1x1"),
        "422": cjpeg(PICTURE, "-sample", "2x1"),
        "420": cjpeg(PICTURE, "-sample", "2x2"),
        "440": cjpeg(PICTURE, "-sample", "1x2"),
        "411": cjpeg(PICTURE, "-sample", "4x1"),
        "410": cjpeg(PICTURE, "-sample", "4x2"),
        "rgb": cjpeg(PICTURE, "-rgb"),
        "cmyk": pillow_jpeg(np.rint(255 * inks()).astype(np.uint8), "CMYK"),
        "ycck": ycck(),
        "optimized": cjpeg(PICTURE, "-optimize"),
        "progressive_444": cjpeg(PICTURE, "-progressive", "-sample", "1x1"),
        "progressive_420": cjpeg(PICTURE, "-progressive", "-sample", "2x2"),
        "restart_markers": cjpeg(PICTURE, "-restart", "1B"),
        "several_scans": cjpeg(PICTURE, "-scans", str(scan_script("0;\n1;\n2;\n"))),
        "arithmetic": cjpeg(PICTURE, "-arithmetic"),
        "arithmetic_progressive": cjpeg(PICTURE, "-arithmetic", "-progressive"),
    }
    for value in range(1, 9):
        # Stored so that it stands upright once it is turned: 6 and 8 undo one another, the others themselves.
        stored = cjpeg(upright(PICTURE, {6: 8, 8: 6}.get(value, value)), "-sample", "1x1")
        kinds[f"orientation_{value}"] = with_segments(stored, exif_segment(orientation(value)))
    thumbnail = cjpeg(PICTURE[::3, ::3])
    camera = tiff([(0x0112, 3, 1), (0x010F, 2, b"A maker of cameras\0")], thumbnail=thumbnail, sub=[(0xA002, 3, WIDTH), (0xA003, 3, HEIGHT)])
    kinds["exif_with_thumbnail"] = with_segments(kinds["444"], exif_segment(camera))
    kinds["profile"] = with_segments(kinds["444"], *icc_segments(profile()))
    return {f"jpeg_{name}.jpg": file for name, file in kinds.items()}


def main():
    for old in [*HERE.glob("*.png"), *HERE.glob("*.jpg")]:
        old.unlink()
    for name, file in {**png_files(), **jpeg_files()}.items():
        (HERE / name).write_bytes(file)


if __name__ == "__main__":
    main()
