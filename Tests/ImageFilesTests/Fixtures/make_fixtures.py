#!/usr/bin/env python3
"""Makes the pictures beside this script, and what is expected of them.

    pip install pillow==13.0.0 numpy==2.4.6
    apt-get install libjpeg-turbo-progs        # cjpeg 2.1.5
    ./make_fixtures.py

`decodes/` has files that are read: PNG files built here chunk by chunk from arrays, so that the arrays are the
expected samples; JPEG files made by Pillow and cjpeg, whose expected samples are Pillow's. `<name>.rows` has the
samples as they must come: upright, RGB or RGBA, 8-bit or little-endian 16-bit. `refused/` has files that are not read,
each named by what it proves; `whole/` the pictures that they were made from; `metadata/` files
that say more than pixels; `resized/` pictures and their samples at other sizes. Nothing here is random but for the seed 4.
`SampleImages/formats/make_formats.py` builds its files with what is here.
"""
import io, shutil, struct, subprocess, tempfile, zlib
from pathlib import Path

import numpy as np
from PIL import Image

HERE = Path(__file__).parent
WIDTH, HEIGHT = 13, 9
random = np.random.default_rng(4)


# PNG, built by hand -------------------------------------------------------------------------------

GRAY, RGB, PALETTE, GRAY_ALPHA, RGBA = 0, 2, 3, 4, 6
CHANNELS = {GRAY: 1, RGB: 3, PALETTE: 1, GRAY_ALPHA: 2, RGBA: 4}
SIGNATURE = b"\x89PNG\r\n\x1a\n"


def chunk(name, data=b"", crc=None):
    body = name + data
    return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body) if crc is None else crc)


def header(width, height, depth, colour, interlaced=0):
    return chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, interlaced))


def packed(row, depth):
    """One row of samples [width, channels] as PNG packs them."""
    flat = row.reshape(-1)
    if depth == 16:
        return flat.astype(">u2").tobytes()
    if depth == 8:
        return flat.astype(np.uint8).tobytes()
    bits = (flat[:, None] >> np.arange(depth - 1, -1, -1)) & 1
    return np.packbits(bits.astype(np.uint8)).tobytes()


def filtered(samples, depth):
    """Rows of one (sub)picture, each with the next of the five filters."""
    height, width, channels = samples.shape
    step = max(1, channels * depth // 8)
    result, above = b"", None
    for y in range(height):
        row = packed(samples[y], depth)
        above = above or bytes(len(row))
        kind = y % 5
        out = bytearray()
        for x, value in enumerate(row):
            a = row[x - step] if x >= step else 0
            b = above[x]
            c = above[x - step] if x >= step else 0
            p = a + b - c
            paeth = min((abs(p - a), 0, a), (abs(p - b), 1, b), (abs(p - c), 2, c))[2]
            out.append((value - (0, a, b, (a + b) // 2, paeth)[kind]) & 255)
        result += bytes([kind]) + bytes(out)
        above = row
    return result


def image_data(samples, depth, interlaced):
    if not interlaced:
        return filtered(samples, depth)
    result = b""
    for x0, y0, dx, dy in ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)):
        part = samples[y0::dy, x0::dx]
        if part.size:
            result += filtered(part, depth)
    return result


def png(samples, depth, colour, interlaced=0, before=b"", after=b"", end=chunk(b"IEND")):
    """A file of `samples` [H, W, C], with chunks before and after the pixels, which stand in two IDAT chunks."""
    data = zlib.compress(image_data(samples, depth, interlaced))
    height, width, _ = samples.shape
    return (SIGNATURE + header(width, height, depth, colour, interlaced) + before
            + chunk(b"IDAT", data[:20]) + chunk(b"IDAT", data[20:]) + after + end)


def samples_of(colour, depth, width=WIDTH, height=HEIGHT):
    return random.integers(0, 1 << depth, (height, width, CHANNELS[colour]))


def write_rows(name, file, rows):
    """`rows` [H, W, 3|4] of uint8 or uint16, as expected of `file`."""
    (HERE / "decodes" / name).write_bytes(file)
    (HERE / "decodes" / (name + ".rows")).write_bytes(rows.astype("<u2" if rows.dtype == np.uint16 else np.uint8).tobytes())
    MANIFEST.append(f"{name} {rows.shape[1]} {rows.shape[0]} {rows.shape[2]} {16 if rows.dtype == np.uint16 else 8}")


def expanded(samples, colour, depth, palette=None):
    """Gray, palette and less than 8 bits as RGB or RGBA of 8 or 16 bits."""
    kind = np.uint16 if depth == 16 else np.uint8
    if colour == PALETTE:
        return palette[samples[..., 0]].astype(np.uint8)
    scaled = samples * (255 // ((1 << depth) - 1)) if depth < 8 else samples
    if colour in (GRAY, GRAY_ALPHA):
        scaled = np.concatenate([np.repeat(scaled[..., :1], 3, 2), scaled[..., 1:]], 2)
    return scaled.astype(kind)


def make_png_kinds():
    for interlaced in (0, 1):
        suffix = "_interlaced" if interlaced else ""
        for colour, name in ((GRAY, "gray"), (RGB, "rgb"), (GRAY_ALPHA, "gray_alpha"), (RGBA, "rgba")):
            for depth in (1, 2, 4, 8, 16) if colour == GRAY else (8, 16):
                samples = samples_of(colour, depth)
                write_rows(f"{name}_{depth}{suffix}.png", png(samples, depth, colour, interlaced), expanded(samples, colour, depth))
        for depth in (1, 2, 4, 8):
            palette = random.integers(0, 256, (1 << depth, 3))
            samples = samples_of(PALETTE, depth)
            plte = chunk(b"PLTE", palette.astype(np.uint8).tobytes())
            write_rows(f"palette_{depth}{suffix}.png", png(samples, depth, PALETTE, interlaced, plte), expanded(samples, PALETTE, depth, palette))
            # tRNS may be shorter than the palette; the rest is opaque.
            known = (1 << depth) // 2 + 1 if depth > 1 else 1
            alpha = np.concatenate([random.integers(0, 255, known), np.full((1 << depth) - known, 255)])[:, None]
            write_rows(f"palette_{depth}_tRNS{suffix}.png",
                       png(samples, depth, PALETTE, interlaced, plte + chunk(b"tRNS", alpha[:known].astype(np.uint8).tobytes())),
                       expanded(samples, PALETTE, depth, np.concatenate([palette, alpha], 1)))
        for colour, name in ((GRAY, "gray"), (RGB, "rgb")):
            for depth in (1, 2, 4, 8, 16) if colour == GRAY else (8, 16):
                samples = samples_of(colour, depth)
                key = samples[3, 4].copy()
                samples[5, 6:9] = key
                if depth == 16:
                    samples[0, 0] = key ^ 1  # not transparent, though its high byte is the key's
                shown = expanded(samples, colour, depth)
                opaque = 65535 if depth == 16 else 255
                alpha = np.where((samples == key).all(2, keepdims=True), 0, opaque).astype(shown.dtype)
                trns = chunk(b"tRNS", key.astype(">u2").tobytes())
                write_rows(f"{name}_{depth}_tRNS{suffix}.png", png(samples, depth, colour, interlaced, trns), np.concatenate([shown, alpha], 2))
    for width, height in ((1, 1), (1, 7), (7, 1), (3, 3), (5, 4)):
        for interlaced in (0, 1):
            samples = samples_of(RGB, 8, width, height)
            write_rows(f"rgb_8_{width}x{height}{'_interlaced' if interlaced else ''}.png", png(samples, 8, RGB, interlaced), expanded(samples, RGB, 8))


# EXIF ---------------------------------------------------------------------------------------------

def tiff(entries, order="<", thumbnail=b"", sub=()):
    """A TIFF structure: entries (tag, type, value) in IFD0, `sub` in the EXIF directory, a thumbnail in IFD1."""
    sizes = {1: 1, 2: 1, 3: 2, 4: 4, 7: 1}

    def directory(items, at, following):
        """The directory's bytes, its long values behind it."""
        start = at + 2 + 12 * len(items) + 4
        body, values = struct.pack(order + "H", len(items)), b""
        for tag, kind, value in sorted(items):
            if isinstance(value, bytes):
                count, raw = len(value), value
            else:
                count, raw = 1, struct.pack(order + {1: "B", 3: "H", 4: "I"}[kind], value)
            if len(raw) > 4:
                offset = start + len(values)
                values += raw
                raw = struct.pack(order + "I", offset)
            body += struct.pack(order + "HHI", tag, kind, count) + raw.ljust(4, b"\0")
        return body, values, following

    def laid(items, at, following):
        body, values, _ = directory(items, at, following)
        return body, values

    items = list(entries)
    if sub:
        items.append((0x8769, 4, 0))
    body, values = laid(items, 8, 0)
    sub_at = 8 + len(body) + 4 + len(values)
    sub_body, sub_values = laid(list(sub), sub_at, 0) if sub else (b"", b"")
    if sub:
        items[-1] = (0x8769, 4, sub_at)
        body, values = laid(items, 8, 0)
    first_at = sub_at + (len(sub_body) + 4 + len(sub_values) if sub else 0)
    result = (b"II*\0" if order == "<" else b"MM\0*") + struct.pack(order + "I", 8)
    result += body + struct.pack(order + "I", first_at if thumbnail else 0) + values
    if sub:
        result += sub_body + bytes(4) + sub_values
    if thumbnail:
        data_at = first_at + 2 + 12 * 3 + 4
        thumb, _ = laid([(0x0103, 3, 6), (0x0201, 4, data_at), (0x0202, 4, len(thumbnail))], first_at, 0)
        result += thumb + bytes(4) + thumbnail
    return result


def orientation(value, order="<"):
    return tiff([(0x0112, 3, value)], order)


def upright(stored, value):
    """`stored` turned as EXIF's orientation `value` asks for."""
    return {
        1: lambda a: a,
        2: lambda a: a[:, ::-1],
        3: lambda a: a[::-1, ::-1],
        4: lambda a: a[::-1],
        5: lambda a: a.transpose(1, 0, 2),
        6: lambda a: np.rot90(a, -1),
        7: lambda a: a.transpose(1, 0, 2)[::-1, ::-1],
        8: lambda a: np.rot90(a, 1),
    }[value](stored)


# JPEG ---------------------------------------------------------------------------------------------

def photograph(width=29, height=19):
    """Something smooth with an edge in it."""
    y, x = np.mgrid[0:height, 0:width]
    planes = [128 + 100 * np.sin(x / 5 + y / 9), 255 * x / width, 255 * y / height]
    picture = np.stack(planes, 2)
    picture[height // 3:, width // 2:] = picture[height // 3:, width // 2:][..., ::-1]
    return np.clip(picture, 0, 255).astype(np.uint8)


def pillow_jpeg(picture, mode="RGB", **options):
    out = io.BytesIO()
    Image.fromarray(picture, mode).save(out, "JPEG", **{"quality": 90, "subsampling": 0, **options})
    return out.getvalue()


def cjpeg(picture, *options):
    with tempfile.NamedTemporaryFile(suffix=".ppm") as file:
        Image.fromarray(picture).save(file, "PPM")
        file.flush()
        return subprocess.run(["cjpeg", "-quality", "90", *options, file.name], check=True, capture_output=True).stdout


def decoded(file):
    return np.asarray(Image.open(io.BytesIO(file)).convert("RGB"))


def segment(code, data):
    return bytes([0xFF, code]) + struct.pack(">H", len(data) + 2) + data


def with_segments(file, *segments):
    """Behind SOI."""
    return file[:2] + b"".join(segments) + file[2:]


def exif_segment(structure):
    return segment(0xE1, b"Exif\0\0" + structure)


def segments_of(file):
    """(code, start, end) up to the first SOS, whose end is that of its header."""
    at, result = 2, []
    while True:
        code, length = file[at + 1], struct.unpack(">H", file[at + 2:at + 4])[0]
        result.append((code, at, at + 2 + length))
        at += 2 + length
        if code == 0xDA:
            return result


def changed_frame(file, code=None, depth=None, size=None):
    """With another SOF marker, sample depth or (width, height)."""
    result = bytearray(file)
    start = next(start for kind, start, _ in segments_of(file) if kind in (0xC0, 0xC1, 0xC2))
    if code is not None:
        result[start + 1] = code
    if depth is not None:
        result[start + 4] = depth
    if size is not None:
        result[start + 5:start + 9] = struct.pack(">HH", size[1], size[0])
    return bytes(result)


def make_jpeg_kinds():
    picture = photograph()
    kinds = {
        "gray": pillow_jpeg(picture[..., 0], "L"),
        "444": cjpeg(picture, "-sample", "1x1"),
        "422": cjpeg(picture, "-sample", "2x1"),
        "420": cjpeg(picture, "-sample", "2x2"),
        "440": cjpeg(picture, "-sample", "1x2"),
        "411": cjpeg(picture, "-sample", "4x1"),
        "410": cjpeg(picture, "-sample", "4x2"),
        "rgb": cjpeg(picture, "-rgb"),
        "progressive": cjpeg(picture, "-progressive", "-sample", "1x1"),
        "progressive_420": cjpeg(picture, "-progressive", "-sample", "2x2"),
        "optimized": cjpeg(picture, "-optimize"),
        "restart": cjpeg(picture, "-restart", "1B"),
        "progressive_restart_thumbnail": with_segments(
            cjpeg(picture, "-progressive", "-restart", "1B"),
            exif_segment(tiff([(0x0112, 3, 1)], thumbnail=cjpeg(photograph(8, 6))))),
        "arithmetic": cjpeg(picture, "-arithmetic"),
        "arithmetic_progressive": cjpeg(picture, "-arithmetic", "-progressive"),
        "several_scans": cjpeg(picture, "-scans", str(scan_script("0;\n1;\n2;\n"))),
        "1x1": cjpeg(picture[:1, :1]),
        "1x17": cjpeg(picture[:17, :1]),
        "17x1": cjpeg(picture[:1, :17]),
    }
    for name, file in kinds.items():
        write_rows(f"{name}.jpg", file, decoded(file))
    for order, suffix in (("<", ""), (">", "_big_endian")):
        for value in range(1, 9):
            if order == ">" and value not in (6, 2):
                continue
            file = with_segments(kinds["444"], exif_segment(orientation(value, order)))
            write_rows(f"orientation_{value}{suffix}.jpg", file, upright(decoded(kinds["444"]), value))
    for value in (0, 9, 65535):
        file = with_segments(kinds["444"], exif_segment(orientation(value)))
        write_rows(f"orientation_{value}_is_none.jpg", file, decoded(file))
    # A second EXIF segment doesn't count, nor does an orientation in XMP.
    xmp = b'http://ns.adobe.com/xap/1.0/\0<x:xmpmeta xmlns:x="adobe:ns:meta/" tiff:Orientation="6"/>'
    file = with_segments(kinds["444"], segment(0xE1, xmp), exif_segment(orientation(3)), exif_segment(orientation(6)))
    write_rows("orientation_of_the_first_EXIF.jpg", file, upright(decoded(kinds["444"]), 3))
    # Adobe's: inverted samples; R = C·K/255.
    cmyk = np.concatenate([picture, np.full(picture.shape[:2] + (1,), 200, np.uint8)], 2)
    cmyk[4:9, :, 3] = 90
    file = pillow_jpeg(cmyk, "CMYK", quality=95)
    inverted = 255 - np.asarray(Image.open(io.BytesIO(file))).astype(int)
    write_rows("cmyk.jpg", file, np.rint(inverted[..., :3] * inverted[..., 3:] / 255).astype(np.uint8))
    ycck = ycck_of(file)
    inverted = 255 - np.asarray(Image.open(io.BytesIO(ycck))).astype(int)
    write_rows("ycck.jpg", ycck, np.rint(inverted[..., :3] * inverted[..., 3:] / 255).astype(np.uint8))


def ycck_of(file):
    """The same components, called YCCK by Adobe's marker: other colours, but valid ones."""
    code, start, end = next(s for s in segments_of(file) if s[0] == 0xEE)
    return file[:end - 1] + b"\x02" + file[end:]


def scan_script(text):
    path = Path(tempfile.gettempdir()) / "pastiche-fixtures.scans"
    path.write_text(text)
    return path


def make_png_orientations():
    samples = samples_of(RGBA, 8)
    for value in range(1, 9):
        eight = expanded(samples, RGBA, 8)
        exif = chunk(b"eXIf", orientation(value, ">" if value % 2 else "<"))
        where = {"after": exif} if value in (5, 6) else {"before": exif}
        name = f"orientation_{value}{'_after_IDAT' if value in (5, 6) else ''}.png"
        write_rows(name, png(samples, 8, RGBA, value % 2, **where), upright(eight, value))
    wrong = chunk(b"eXIf", orientation(6), crc=1)
    write_rows("eXIf_with_wrong_CRC_is_dropped.png", png(samples, 8, RGBA, 0, wrong), expanded(samples, RGBA, 8))
    prefixed = chunk(b"eXIf", b"Exif\0\0" + orientation(6))
    write_rows("eXIf_with_JPEG_header.png", png(samples, 8, RGBA, 0, prefixed), upright(expanded(samples, RGBA, 8), 6))


# Refused ------------------------------------------------------------------------------------------

def refuse(name, file):
    (HERE / "refused" / name).write_bytes(file)


def make_refused():
    samples = samples_of(RGB, 8, 40, 30)
    whole = png(samples, 8, RGB)
    (HERE / "whole" / "rgb.png").write_bytes(whole)
    data = zlib.compress(image_data(samples, 8, 0))
    start = SIGNATURE + header(40, 30, 8, RGB)
    end = chunk(b"IEND")
    refuse("empty.png", b"")
    refuse("text.jpg", b"This is not a picture.\n")
    refuse("gif.png", b"GIF89a\1\0\1\0")
    refuse("short.png", SIGNATURE[:5])
    refuse("signature_only.png", SIGNATURE)
    refuse("truncated_in_IHDR.png", whole[:20])
    refuse("truncated_in_IDAT.png", whole[:1000])
    refuse("truncated_in_IDAT_interlaced.png", png(samples, 8, RGB, 1)[:1000])
    refuse("no_IDAT.png", start + end)
    refuse("no_IEND.png", whole[:-12])
    refuse("wrong_CRC_in_IHDR.png", SIGNATURE + header(40, 30, 8, RGB)[:-4] + b"\0\0\0\0" + whole[33:])
    refuse("wrong_CRC_in_IDAT.png", start + chunk(b"IDAT", data, crc=1) + end)
    refuse("wrong_Adler_in_IDAT.png", start + chunk(b"IDAT", data[:-4] + b"\0\0\0\0") + end)
    refuse("too_few_rows.png", start + chunk(b"IDAT", zlib.compress(image_data(samples[:20], 8, 0))) + end)
    refuse("bad_filter.png", start + chunk(b"IDAT", zlib.compress(b"\x07" + image_data(samples, 8, 0)[1:])) + end)
    refuse("unknown_critical_chunk.png", start + chunk(b"ABCD") + chunk(b"IDAT", data) + end)
    refuse("palette_missing.png", SIGNATURE + header(40, 30, 8, PALETTE) + chunk(b"IDAT", data) + end)
    refuse("bad_bit_depth.png", SIGNATURE + header(40, 30, 3, RGB) + chunk(b"IDAT", data) + end)
    refuse("zero_width.png", SIGNATURE + header(0, 30, 8, RGB) + chunk(b"IDAT", data) + end)
    refuse("zero_height.png", SIGNATURE + header(40, 0, 8, RGB) + chunk(b"IDAT", data) + end)
    for width, height in ((65501, 1), (1, 65501), (2**31 - 1, 2**31 - 1), (2**32 - 1, 1), (20000, 20000)):
        refuse(f"{width}x{height}.png", SIGNATURE + header(width, height, 8, RGB) + chunk(b"IDAT", data) + end)

    picture = photograph(64, 48)
    whole = cjpeg(picture)
    (HERE / "whole" / "baseline.jpg").write_bytes(whole)
    (HERE / "whole" / "progressive.jpg").write_bytes(cjpeg(picture, "-progressive"))
    scan = segments_of(whole)[-1][2]
    refuse("signature_only.jpg", whole[:3])
    refuse("truncated_in_header.jpg", whole[:100])
    refuse("truncated_before_scan.jpg", whole[:segments_of(whole)[-1][1]])
    refuse("truncated_in_scan.jpg", whole[:scan + 200])
    refuse("truncated_progressive.jpg", (lambda file: file[:len(file) * 2 // 3])(cjpeg(picture, "-progressive")))
    refuse("marker_in_scan.jpg", whole[:scan + 200] + b"\xff\xd9" + whole[scan + 202:])
    broken = bytearray(whole)
    broken[scan + 150:scan + 400] = bytes(250)
    refuse("bytes_zeroed_in_scan.jpg", bytes(broken))
    refuse("no_quantization_table.jpg", b"".join([whole[:2]] + [whole[a:b] for code, a, b in segments_of(whole) if code != 0xDB] + [whole[scan:]]))
    refuse("lossless.jpg", changed_frame(whole, code=0xC3))
    refuse("lossless_arithmetic.jpg", changed_frame(whole, code=0xCB))
    refuse("hierarchical.jpg", changed_frame(whole, code=0xC5))
    refuse("12_bits.jpg", changed_frame(whole, code=0xC1, depth=12))
    refuse("two_components.jpg", two_components())
    refuse("zero_height.jpg", changed_frame(whole, size=(64, 0)))
    refuse("65535x65535.jpg", changed_frame(whole, size=(65535, 65535)))
    refuse("20000x20000.jpg", changed_frame(whole, size=(20000, 20000)))
    many = cjpeg(picture, "-scans", str(scan_script("0,1,2: 0-0, 0, 0;\n1: 1-63, 0, 0;\n2: 1-63, 0, 0;\n0: 1-63, 0, 0;\n")))
    last = many.rindex(b"\xff\xda")
    refuse("103_scans.jpg", many[:last] + many[last:-2] * 100 + many[-2:])


def two_components():
    """Baseline with the third component taken from frame and scan headers."""
    whole = cjpeg(photograph(64, 48))
    result = whole[:2]
    for code, start, end in segments_of(whole):
        body = whole[start + 4:end]
        if code == 0xC0:
            body = body[:5] + b"\x02" + body[6:12]
        elif code == 0xDA:
            body = b"\x02" + body[1:5] + body[7:]
        elif code == 0xE0:
            continue  # JFIF would promise YCbCr
        result += segment(code, body)
    return result + whole[segments_of(whole)[-1][2]:]


# Metadata -----------------------------------------------------------------------------------------

def profile(space, size):
    """A profile of sRGB, or of gray with its curve, and as many bytes of a tag that nobody knows as make it `size` long."""
    numbers = lambda *values: struct.pack(f">{len(values)}i", *[round(v * 65536) for v in values])
    xyz = lambda *values: b"XYZ \0\0\0\0" + numbers(*values)
    curve = b"para\0\0\0\0\0\3\0\0" + numbers(2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045)
    tags = {b"wtpt": xyz(0.9642, 1, 0.8249), b"kTRC": curve} if space == b"GRAY" else {
        b"wtpt": xyz(0.9642, 1, 0.8249), b"rXYZ": xyz(0.43607, 0.22249, 0.01392), b"gXYZ": xyz(0.38515, 0.71687, 0.09708),
        b"bXYZ": xyz(0.14307, 0.06061, 0.71410), b"rTRC": curve, b"gTRC": curve, b"bTRC": curve}
    start = 128 + 4 + 12 * (len(tags) + 1)
    table, data = struct.pack(">I", len(tags) + 1), b""
    for name, body in tags.items():
        table += struct.pack(">4sII", name, start + len(data), len(body))
        data += body
    rest = size - start - len(data)
    table += struct.pack(">4sII", b"test", start + len(data), rest)
    data += b"data\0\0\0\0" + random.integers(0, 256, size - 128, dtype=np.uint8).tobytes()[:rest - 8]
    head = struct.pack(">I4sI4s4s4s", size, b"test", 0x04300000, b"mntr", space, b"XYZ ") + bytes(12) + b"acsp"
    return head.ljust(68, b"\0") + numbers(0.9642, 1, 0.8249) + bytes(48) + table + data


def icc_segments(data, size=65519):
    pieces = [data[at:at + size] for at in range(0, len(data), size)]
    return [segment(0xE2, b"ICC_PROFILE\0" + bytes([number + 1, len(pieces)]) + piece) for number, piece in enumerate(pieces)]


def make_metadata():
    def write(name, file):
        (HERE / "metadata" / name).write_bytes(file)

    picture = photograph()
    plain = cjpeg(picture)
    rgb = profile(b"RGB ", 70000)
    (HERE / "metadata" / "rgb.icc").write_bytes(rgb)
    exif = tiff([(0x0112, 3, 6), (0x010F, 2, b"Maker of cameras\0"), (0x0100, 4, 29), (0x0101, 3, 19)],
                thumbnail=b"\xff\xd8 a small picture \xff\xd9", sub=[(0xA002, 3, 29), (0xA003, 4, 19)])
    xmp = (b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description '
           b'xmlns:tiff="http://ns.adobe.com/tiff/1.0/" xmlns:exif="http://ns.adobe.com/exif/1.0/" xmlns:xmp="http://ns.adobe.com/xap/1.0/" '
           b'xmlns:dc="http://purl.org/dc/elements/1.1/" tiff:Orientation="6" exif:PixelXDimension = \'29\'>'
           b"<exif:PixelYDimension>19</exif:PixelYDimension><xmp:Thumbnails><rdf:Alt>AAAA</rdf:Alt></xmp:Thumbnails>"
           b"<dc:title>A title</dc:title></rdf:Description></rdf:RDF></x:xmpmeta>")
    jfif = segments_of(plain)[0]
    density = plain[jfif[1]:jfif[1] + 11] + b"\x01" + struct.pack(">HH", 300, 150) + plain[jfif[1] + 16:jfif[2]]
    first, *rest = icc_segments(rgb)
    rest_of_file = plain[jfif[2]:]
    write("everything.jpg", plain[:2] + density + exif_segment(exif) + segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + xmp)
          + b"".join(rest) + first + segment(0xFE, b"A comment") + rest_of_file)
    write("piece_of_profile_missing.jpg", with_segments(plain, first))
    gray = pillow_jpeg(picture[..., 0], "L")
    write("gray_profile.jpg", with_segments(gray, *icc_segments(profile(b"GRAY", 300))))
    write("exif_in_two_segments.jpg", (lambda long: with_segments(plain, segment(0xE1, b"Exif\0\0" + long[:60000]), segment(0xE1, b"Exif\0\0" + long[60000:])))(
        tiff([(0x0112, 3, 1), (0x927C, 7, bytes(70000)), (0x9999, 2, b"at the end\0")])))
    write("exif_with_broken_entries.jpg", with_segments(plain, exif_segment(
        tiff([(0x0112, 3, 3)]).replace(b"\x01\0\x12\x01", b"\x04\0\x12\x01")[:22]
        + struct.pack("<HHIIHHIIHHII", 0x010F, 2, 100, 5000, 0x8769, 2, 4, 0, 0x0131, 99, 1, 0) + bytes(4))))

    samples = samples_of(RGB, 8)
    xyz = struct.pack(">8I", 31270, 32900, 64000, 33000, 30000, 60000, 15000, 6000)
    texts = (chunk(b"tEXt", b"Title\0Caf\xe9") + chunk(b"zTXt", b"Description\0\0" + zlib.compress(b"long " * 100))
             + chunk(b"iTXt", b"Author\0\1\0de\0Autor\0" + zlib.compress("Jürgen".encode())))
    xmp_chunk = chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + xmp)
    raw = chunk(b"zTXt", b"Raw profile type exif\0\0" + zlib.compress(b"\nexif\n 4\n00000000\n"))
    write("everything.png", png(samples, 8, RGB, 0, before=chunk(b"iCCP", b"a name\0\0" + zlib.compress(rgb)) + chunk(b"gAMA", struct.pack(">I", 45455))
          + chunk(b"cHRM", xyz) + chunk(b"pHYs", struct.pack(">IIB", 11811, 5906, 1)) + texts, after=xmp_chunk + raw + chunk(b"eXIf", exif)))
    write("sRGB.png", png(samples, 8, RGB, 0, before=chunk(b"sRGB", b"\1") + chunk(b"gAMA", struct.pack(">I", 45455))))
    write("gray_profile.png", png(samples_of(GRAY, 8), 8, GRAY, 0, before=chunk(b"iCCP", b"x\0\0" + zlib.compress(profile(b"GRAY", 300)))))
    bomb = zlib.compress(bytes(20_000_000), 9)
    write("profile_bomb.png", png(samples, 8, RGB, 0, before=chunk(b"iCCP", b"x\0\0" + bomb)))
    write("text_bomb.png", png(samples, 8, RGB, 0, before=chunk(b"zTXt", b"x\0\0" + bomb)))
    write("2000_texts.png", png(samples, 8, RGB, 0, before=chunk(b"tEXt", b"x\0y") * 2000))
    write("broken_chunks.png", png(samples, 8, RGB, 0, before=chunk(b"gAMA", b"\0\0") + chunk(b"cHRM", struct.pack(">8I", *([90000] * 8)))
          + chunk(b"sRGB", b"\x09") + chunk(b"pHYs", b"\0") + chunk(b"tEXt", b"no NUL") + chunk(b"tEXt", b"Key\0a\0b") + chunk(b"zTXt", b"Key\0\7")
          + chunk(b"iTXt", b"Key\0\0\0\0") + chunk(b"iCCP", b"x\0\0broken") + chunk(b"iCCP", b"y") + chunk(b"eXIf", b"neither")
          + chunk(b"tEXt", b"Good\0text", crc=1), after=chunk(b"cHRM", xyz)))


# Other sizes --------------------------------------------------------------------------------------

def resized(samples, width, height):
    """Pillow's Lanczos on float samples, colours weighted by alpha: no rounding and no clamping on the way."""
    top = 65535 if samples.dtype == np.uint16 else 255
    planes = samples.astype(np.float32)
    if samples.shape[2] == 4:
        planes[..., :3] *= planes[..., 3:]
    planes = np.stack([np.asarray(Image.fromarray(np.ascontiguousarray(planes[..., c])).resize((width, height), Image.LANCZOS))
                       for c in range(samples.shape[2])], 2)
    if samples.shape[2] == 4:
        alpha = np.rint(np.clip(planes[..., 3:], 0, top))
        colour = np.where(alpha > 0, planes[..., :3] / np.where(alpha > 0, planes[..., 3:], 1), 0)
        planes = np.concatenate([colour, alpha], 2)
    return np.rint(np.clip(planes, 0, top)).astype(samples.dtype)


def make_resized():
    for name, channels, depth in (("rgb_8", 3, 8), ("rgba_8", 4, 8), ("rgb_16", 3, 16), ("rgba_16", 4, 16)):
        samples = random.integers(0, 1 << depth, (31, 47, channels)).astype(np.uint16 if depth == 16 else np.uint8)
        if channels == 4:
            samples[5:20, 10:30, 3] = 0
        (HERE / "resized" / f"{name}.png").write_bytes(png(samples.astype(int), depth, RGBA if channels == 4 else RGB))
        for width, height in ((47, 31), (20, 13), (46, 30), (1, 1), (5, 31), (47, 4), (94, 62), (100, 7)):
            rows = resized(samples, width, height)
            (HERE / "resized" / f"{name}_{width}x{height}.rows").write_bytes(rows.astype("<u2" if depth == 16 else np.uint8).tobytes())


MANIFEST = []


def main():
    for folder in ("decodes", "refused", "whole", "metadata", "resized"):
        shutil.rmtree(HERE / folder, ignore_errors=True)
        (HERE / folder).mkdir()
    make_png_kinds()
    make_png_orientations()
    make_jpeg_kinds()
    make_refused()
    make_metadata()
    make_resized()
    (HERE / "decodes" / "manifest.txt").write_text("\n".join(MANIFEST) + "\n")


if __name__ == "__main__":
    main()
