#!/usr/bin/env python3
"""Makes `colors/`: pictures in many spaces, and what they are in sRGB.

    pip install pillow==13.0.0 numpy==2.4.6      # Pillow with Little CMS 2.17
    apt-get install liblcms2-2                   # 2.14, by which the profiles are made
    ./make_colors.py

`<name>.icc` are profiles made here; `<name>.png` or `.jpg` has a grid of colours and a ramp of gray with that profile,
and `<name>.rows` the same in sRGB, 8 bits, by Little CMS through Pillow (perceptual intent). What no profile says
(PNG's chunks, EXIF) is in files named by it, whose `.rows` come from a profile that says the same.
"""
import ctypes, io, struct, zlib
from ctypes import byref, c_double, c_uint16, c_uint32, c_void_p
from pathlib import Path

import numpy as np
from PIL import Image, ImageCms

from make_fixtures import GRAY, HERE, RGB, SIGNATURE, chunk, header, image_data

OUT = HERE / "colors"
OUT.mkdir(exist_ok=True)
cms = ctypes.CDLL("liblcms2.so.2")
for name in ("cmsCreateRGBProfile", "cmsCreateGrayProfile", "cmsBuildGamma", "cmsBuildParametricToneCurve", "cmsBuildTabulatedToneCurve16",
             "cmsCreateProfilePlaceholder", "cmsPipelineAlloc", "cmsStageAllocCLut16bit", "cmsStageAllocToneCurves"):
    getattr(cms, name).restype = c_void_p
cms.cmsBuildGamma.argtypes = [c_void_p, c_double]


class xyY(ctypes.Structure):
    _fields_ = [("x", c_double), ("y", c_double), ("Y", c_double)]


class Triple(ctypes.Structure):
    _fields_ = [("r", xyY), ("g", xyY), ("b", xyY)]


def saved(profile):
    size = c_uint32()
    cms.cmsSaveProfileToMem(c_void_p(profile), None, byref(size))
    data = ctypes.create_string_buffer(size.value)
    cms.cmsSaveProfileToMem(c_void_p(profile), data, byref(size))
    data = bytearray(data.raw[:size.value])
    data[24:36] = bytes(12)
    return bytes(data)


def parametric(*values):
    return cms.cmsBuildParametricToneCurve(None, 4, (c_double * 5)(*values))


D65, D50 = (0.3127, 0.3290), (0.3457, 0.3585)


def rgb(white, primaries, curve):
    p = [xyY(primaries[i], primaries[i + 1], 1) for i in (0, 2, 4)]
    return cms.cmsCreateRGBProfile(byref(xyY(*white, 1)), byref(Triple(*p)), (c_void_p * 3)(curve, curve, curve))


SRGB_CURVE = parametric(2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045)
REC709_CURVE = parametric(1 / 0.45, 1 / 1.099, 0.099 / 1.099, 1 / 4.5, 0.081)
SRGB, ADOBE = (0.64, 0.33, 0.30, 0.60, 0.15, 0.06), (0.64, 0.33, 0.21, 0.71, 0.15, 0.06)
P3, REC2020 = (0.68, 0.32, 0.265, 0.69, 0.15, 0.06), (0.708, 0.292, 0.17, 0.797, 0.131, 0.046)
PROPHOTO = (0.7347, 0.2653, 0.1596, 0.8404, 0.0366, 0.0001)
table = [round(65535 * (i / 1023) ** 2.2) for i in range(1024)]
profiles = {
    "rgb": rgb(D65, ADOBE, cms.cmsBuildGamma(None, 563 / 256)),
    "p3": rgb(D65, P3, SRGB_CURVE),
    "prophoto": rgb(D50, PROPHOTO, cms.cmsBuildGamma(None, 1.8)),
    "rec2020": rgb(D65, REC2020, REC709_CURVE),
    "sampled": rgb(D65, ADOBE, cms.cmsBuildTabulatedToneCurve16(None, 1024, (c_uint16 * 1024)(*table))),
    "linear": rgb(D65, SRGB, cms.cmsBuildGamma(None, 1.0)),
    "gray": cms.cmsCreateGrayProfile(byref(xyY(*D50, 1)), c_void_p(cms.cmsBuildGamma(None, 1.8))),
}


def tables(space, channels, nodes, lab_of):
    """A profile of tables alone: Lab of a grid of samples, and, for RGB, samples of a grid of Lab."""
    profile = cms.cmsCreateProfilePlaceholder(None)
    cms.cmsSetColorSpace(c_void_p(profile), c_uint32(int.from_bytes(space, "big")))
    cms.cmsSetPCS(c_void_p(profile), c_uint32(0x4C616220))
    cms.cmsSetDeviceClass(c_void_p(profile), c_uint32(0x70727472))  # prtr
    cms.cmsSetProfileVersion.argtypes = [c_void_p, c_double]
    cms.cmsSetProfileVersion(c_void_p(profile), 4.3)

    def write(tag, grid, inputs, values):
        pipeline = cms.cmsPipelineAlloc(None, inputs, 3)
        data = np.clip(np.round(values * 65535), 0, 65535).astype(np.uint16).ravel()
        stage = cms.cmsStageAllocCLut16bit(None, grid, inputs, 3, (c_uint16 * len(data))(*data.tolist()))
        for part in (cms.cmsStageAllocToneCurves(None, inputs, None), stage, cms.cmsStageAllocToneCurves(None, 3, None)):
            assert cms.cmsPipelineInsertStage(c_void_p(pipeline), 1, c_void_p(part))
        assert cms.cmsWriteTag(c_void_p(profile), c_uint32(int.from_bytes(tag, "big")), c_void_p(pipeline))

    grid = np.stack(np.meshgrid(*[np.linspace(0, 1, nodes)] * channels, indexing="ij"), -1).reshape(-1, channels)
    lab = lab_of(grid)
    write(b"A2B0", nodes, channels, np.stack([lab[:, 0] / 100, (lab[:, 1] + 128) / 255, (lab[:, 2] + 128) / 255], -1))
    if channels == 3 and lab_of is not lab_of_scan:
        light, a, b = (np.stack(np.meshgrid(*[np.linspace(0, 1, 33)] * 3, indexing="ij"), -1).reshape(-1, 3) * [1, 2.55, 2.55] - [0, 1.28, 1.28]).T
        write(b"B2A0", 33, 3, np.stack([light + b / 2 + a / 2, light + b / 2 - a / 2, light - b], -1))
    return profile


def lab_of_rgb(v):
    l = v.mean(1)
    return np.stack([100 * l, 200 * (v[:, 0] - v[:, 1]) / 2, 200 * (l - v[:, 2]) / 2], -1)


def lab_of_scan(v):
    """Like RGB, but without a way back, as scanners' profiles are."""
    return lab_of_rgb(v)


def lab_of_inks(v):
    c, m, y, k = v.T
    return np.stack([100 * (1 - k) * (1 - 0.45 * c) * (1 - 0.5 * m) * (1 - 0.1 * y), 70 * (m - c) * (1 - k), (80 * y - 45 * c - 10 * m) * (1 - k)], -1)


profiles["tables"] = tables(b"RGB ", 3, 9, lab_of_rgb)
profiles["scan"] = tables(b"RGB ", 3, 9, lab_of_scan)
profiles["inks"] = tables(b"CMYK", 4, 5, lab_of_inks)
icc = {name: saved(profile) for name, profile in profiles.items()}
for name, data in icc.items():
    (OUT / f"{name}.icc").write_bytes(data)

# A grid of 6 levels a side, and 40 grays.
side = np.linspace(0, 255, 6).round()
grid = np.concatenate([np.stack(np.meshgrid(side, side, side, indexing="ij"), -1).reshape(-1, 3),
                       np.repeat(np.linspace(0, 255, 40).round()[:, None], 3, 1)]).astype(np.uint8).reshape(16, 16, 3)
gray = np.arange(256, dtype=np.uint8).reshape(16, 16, 1)
srgb = ImageCms.createProfile("sRGB")


def in_srgb(samples, mode, profile):
    source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
    image = Image.fromarray(samples.squeeze(), mode)
    return ImageCms.profileToProfile(image, source, srgb, renderingIntent=0, outputMode="RGB").tobytes()


def png(samples, colour, depth, *chunks):
    return SIGNATURE + header(16, 16, depth, colour) + b"".join(chunks) + chunk(b"IDAT", zlib.compress(image_data(samples, depth, 0), 9)) + chunk(b"IEND")


def iccp(data):
    return chunk(b"iCCP", b"a profile\0\0" + zlib.compress(data, 9))


def write(name, data, rows):
    (OUT / name).write_bytes(data)
    (OUT / f"{name}.rows").write_bytes(rows)


for name in ("rgb", "p3", "prophoto", "rec2020", "sampled", "linear", "tables", "scan"):
    write(f"{name}.png", png(grid, RGB, 8, iccp(icc[name])), in_srgb(grid, "RGB", icc[name]))
write("gray.png", png(gray, GRAY, 8, iccp(icc["gray"])), in_srgb(gray, "L", icc["gray"]))
write("padded.png", png(grid, RGB, 8, iccp(icc["p3"] + bytes(37))), in_srgb(grid, "RGB", icc["p3"]))
chrm = lambda white, primaries: chunk(b"cHRM", struct.pack(">8I", *[round(v * 100_000) for v in white + primaries]))
gama = lambda value: chunk(b"gAMA", struct.pack(">I", value))
write("gama_chrm.png", png(grid, RGB, 8, gama(round(100_000 * 256 / 563)), chrm(D65, ADOBE)), in_srgb(grid, "RGB", icc["rgb"]))
write("gama_linear.png", png(grid, RGB, 8, gama(100_000)), in_srgb(grid, "RGB", icc["linear"]))
write("gama_absurd.png", png(grid, RGB, 8, gama(1)), grid.tobytes())
write("cicp_p3.png", png(grid, RGB, 8, chunk(b"cICP", bytes([12, 13, 0, 1]))), in_srgb(grid, "RGB", icc["p3"]))
write("cicp_before_iccp.png", png(grid, RGB, 8, chunk(b"cICP", bytes([12, 13, 0, 1])), iccp(icc["rgb"])), in_srgb(grid, "RGB", icc["p3"]))
write("cicp_2020.png", png(grid, RGB, 8, chunk(b"cICP", bytes([9, 14, 0, 1]))), in_srgb(grid, "RGB", icc["rec2020"]))
write("srgb_before_gama.png", png(grid, RGB, 8, chunk(b"sRGB", b"\0"), gama(100_000)), grid.tobytes())
write("cicp_narrow.png", png(grid, RGB, 8, chunk(b"cICP", bytes([9, 14, 0, 0]))), grid.tobytes())


def jpeg(image, **options):
    data = io.BytesIO()
    image.save(data, "JPEG", quality=95, subsampling=0, **options)
    return data.getvalue()


def exif(space, index):
    """The colour space, and the interoperability index, of a little-endian EXIF."""
    entries = [struct.pack("<HHII", 0xA001, 3, 1, space)]
    details = 8 + 2 + 12 + 4
    exchange = details + 2 + 12 * (2 if index else 1) + 4
    if index: entries.append(struct.pack("<HHII", 0xA005, 4, 1, exchange))
    data = b"II*\0" + struct.pack("<I", 8) + struct.pack("<HHHII", 1, 0x8769, 4, 1, details) + bytes(4)
    data += struct.pack("<H", len(entries)) + b"".join(entries) + bytes(4)
    if index: data += struct.pack("<HHHI4s", 1, 1, 2, 4, index + b"\0") + bytes(4)
    return b"Exif\0\0" + data


for name, space, index, profile in (("exif_r03", 0xFFFF, b"R03", "rgb"), ("exif_r98", 1, b"R98", None), ("exif_2", 2, None, "rgb"), ("exif_uncalibrated", 0xFFFF, None, None)):
    data = jpeg(Image.fromarray(grid), exif=exif(space, index))
    samples = np.asarray(Image.open(io.BytesIO(data)))
    write(f"{name}.jpg", data, in_srgb(samples, "RGB", icc[profile]) if profile else samples.tobytes())

inks = np.stack(np.meshgrid(*[np.array([0, 80, 170, 255])] * 4, indexing="ij"), -1).astype(np.uint8).reshape(16, 16, 4)
data = jpeg(Image.fromarray(inks, "CMYK"), icc_profile=icc["inks"])
image = Image.open(io.BytesIO(data))
source = ImageCms.ImageCmsProfile(io.BytesIO(icc["inks"]))
write("inks.jpg", data, ImageCms.profileToProfile(image, source, srgb, renderingIntent=0, outputMode="RGB").tobytes())

# 16 bits, by arithmetic: light for all samples of a ramp, and sRGB's curve.
ramp = np.linspace(0, 65535, 256).round().astype(np.uint16).reshape(16, 16, 1)
wide = np.repeat(ramp, 3, 2)


def encoded(light):
    light = np.clip(light, 0, 1)
    return np.where(light <= 0.0031308, 12.92 * light, 1.055 * light ** (1 / 2.4) - 0.055)


def pq(v):
    root = v ** (32 / 2523)
    return 10_000 / 203 * (np.maximum(root - 3424 / 4096, 0) / (2413 / 128 - 2392 / 128 * root)) ** (16_384 / 2610)


rows = lambda light: np.round(65535 * encoded(light)).astype("<u2").tobytes()
write("linear16.png", png(wide, RGB, 16, gama(100_000)), rows(wide / 65535))
write("pq16.png", png(wide, RGB, 16, chunk(b"cICP", bytes([9, 16, 0, 1])), chunk(b"mDCV", bytes(range(24))), chunk(b"cLLI", bytes(range(8)))), rows(pq(wide / 65535)))
write("hlg16.png", png(wide, RGB, 16, chunk(b"cICP", bytes([9, 18, 0, 1]))), wide.astype("<u2").tobytes())
