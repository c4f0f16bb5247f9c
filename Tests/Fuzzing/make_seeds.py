#!/usr/bin/env python3
"""Makes the files that fuzzing begins with:
make_seeds.py png|jpeg|streams|safetensors|foreign|pytorch|onnx|variables DIRECTORY

Pictures are those of SampleImages/formats and of the tests' fixtures, as far as they are small, and small ones that say
much, put together here; weights are those of the tests' fixtures, or made here, of networks so small that most of a file
is its header, and one style is of Models. Behind each file stand two bytes that choose what is done with it
(Sources/Fuzzing/Input.swift).
"""
import base64, hashlib, io, json, struct, sys, zipfile, zlib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PICTURES = [ROOT / "SampleImages" / "formats", ROOT / "Tests" / "ImageFilesTests" / "Fixtures"]
FOREIGN = ROOT / "Tests" / "ForeignWeightsTests" / "Fixtures"
LARGEST_PICTURE = 1 << 13
LARGEST_WEIGHTS = (1 << 15) - 2
PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"


def files(*extensions):
    paths = (path for folder in PICTURES for path in sorted(folder.rglob("*")) if path.suffix in extensions)
    return {f"{path.parent.name}-{path.name}": path.read_bytes() for path in paths
            if 0 < path.stat().st_size <= LARGEST_PICTURE}


# Pictures that say much ---------------------------------------------------------------------------

def fixture(name):
    return (ROOT / "Tests" / "ImageFilesTests" / "Fixtures" / name).read_bytes()


def chunk(name, data):
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def chunks(png):
    offset = len(PNG_SIGNATURE)
    while offset < len(png):
        length = struct.unpack_from(">I", png, offset)[0]
        yield png[offset + 4:offset + 8], png[offset + 8:offset + 8 + length]
        offset += length + 12


def segment(marker, data):
    return struct.pack(">BBH", 0xFF, marker, len(data) + 2) + data


def raw_profile(kind, data):
    digits = data.hex()
    lines = "\n".join(digits[start:start + 72] for start in range(0, len(digits), 72))
    return f"Raw profile type {kind}".encode() + b"\0\0" + zlib.compress(f"\n{kind}\n{len(data):8}\n{lines}\n".encode())


def resource(number, data):
    return b"8BIM" + struct.pack(">HHI", number, 0, len(data)) + data + b"\0" * (len(data) % 2)


def tiff(entries, order="<", thumbnail=b""):
    """A structure of one directory, and one of a thumbnail; entries are (tag, type, count, value of four bytes or data)."""
    head = b"II*\0" if order == "<" else b"MM\0*"
    place = 8 + 2 + 12 * len(entries) + 4
    body, data = b"", b""
    for tag, kind, count, value in entries:
        body += struct.pack(order + "HHI", tag, kind, count)
        if len(value) <= 4:
            body += value.ljust(4, b"\0")
        else:
            body += struct.pack(order + "I", place + len(data))
            data += value
    second = place + len(data)
    if thumbnail:
        last = struct.pack(order + "HHHIIHHIII", 2, 0x0201, 4, 1, second + 30, 0x0202, 4, 1, len(thumbnail), 0) + thumbnail
        data += last
    return head + struct.pack(order + "IH", 8, len(entries)) + body + struct.pack(order + "I", second if thumbnail else 0) + data


XMP = """<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF
xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about=""
xmlns:tiff="http://ns.adobe.com/tiff/1.0/" xmlns:exif="http://ns.adobe.com/exif/1.0/"
xmlns:GPano="http://ns.google.com/photos/1.0/panorama/" xmlns:xmpNote="http://ns.adobe.com/xmp/note/"
xmlns:Camera="http://ns.google.com/photos/1.0/camera/" xmlns:xmp="http://ns.adobe.com/xap/1.0/"
xmlns:mwg-rs="http://www.metadataworkinggroup.com/schemas/regions/"
xmlns:stDim="http://ns.adobe.com/xap/1.0/sType/Dimensions#" xmlns:MP="http://ns.microsoft.com/photo/1.2/"
xmlns:hdrgm="http://ns.adobe.com/hdr-gain-map/1.0/" xmlns:Container="http://ns.google.com/photos/1.0/container/"
xmlns:dcterms="http://purl.org/dc/terms/" tiff:Orientation="6" tiff:ImageWidth="48" exif:PixelXDimension="48"
GPano:FullPanoWidthPixels="96" GPano:CroppedAreaLeftPixels="3" Camera:MotionPhoto="1" hdrgm:Version="1.0"
xmpNote:HasExtendedXMP="%s"><tiff:ImageLength>32</tiff:ImageLength><exif:SubjectArea><rdf:Seq><rdf:li>1</rdf:li>
</rdf:Seq></exif:SubjectArea><xmp:Thumbnails/><mwg-rs:Regions rdf:parseType="Resource"><mwg-rs:AppliedToDimensions
stDim:w="48" stDim:h="32" stDim:unit="pixel"/></mwg-rs:Regions><MP:RegionInfo/><Container:Directory/>
<dcterms:provenance>x</dcterms:provenance></rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="w"?>"""


def says_much():
    """EXIF, XMP with its digest, XMP's extension, Photoshop's resources, a profile."""
    extension = b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF><rdf:Description/></rdf:RDF></x:xmpmeta>'
    digest = hashlib.md5(extension).hexdigest().upper()
    exif = tiff([(0x0112, 3, 1, b"\6\0"), (0x011A, 5, 1, struct.pack("<II", 72, 1)), (0x0132, 2, 20, b"2020:01:01 00:00:00\0"),
                 (0x8769, 4, 1, struct.pack("<I", 8)), (0xA002, 4, 1, struct.pack("<I", 48))],
                thumbnail=b"\xff\xd8a thumbnail\xff\xd9")
    photoshop = resource(0x0404, b"\x1c\2\x05\0\5title") + resource(0x040C, b"thumbnail") + resource(0x0425, b"digest")
    return exif, XMP.replace("%s", digest).encode(), digest.encode(), extension, photoshop, fixture("colors/rgb.icc")


def rich_png():
    exif, xmp, _, _, photoshop, profile = says_much()
    pixels = b"".join(b"\0" + bytes((7 * x + 31 * y) % 256 for x in range(24)) for y in range(4))
    texts = [chunk(b"tEXt", b"Title\0a title"), chunk(b"zTXt", b"Comment\0\0" + zlib.compress(b"a comment " * 9)),
             chunk(b"iTXt", b"Author\0\0\0en\0Author\0" + "ä".encode()),
             chunk(b"iTXt", b"Source\0\1\0en\0Source\0" + zlib.compress(b"a source"))]
    iccp = chunk(b"iCCP", b"a profile\0\0" + zlib.compress(profile))
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", 8, 4, 8, 2, 0, 0, 0))
    end = chunk(b"IDAT", zlib.compress(pixels)) + chunk(b"IEND", b"")
    yield "everything", header + iccp + chunk(b"pHYs", struct.pack(">IIB", 2835, 2835, 1)) + chunk(b"eXIf", exif) + chunk(
        b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + xmp) + b"".join(texts) + end
    for kind, data in (("exif", b"Exif\0\0" + exif), ("xmp", xmp), ("iptc", photoshop), ("icc", profile), ("APP1", exif)):
        yield f"raw-{kind}", header + chunk(b"zTXt", raw_profile(kind, data)) + end
    yield "raw-text", header + chunk(b"tEXt", b"Raw profile type 8bim\0\n8bim\n      18\n" + resource(0x404, b"\x1c\2\5\0\1x").hex().encode()) + end
    yield "color", header + chunk(b"cICP", bytes([9, 16, 0, 1])) + chunk(b"mDCV", bytes(24)) + chunk(b"cLLI", bytes(8)) + chunk(
        b"gAMA", struct.pack(">I", 45455)) + chunk(b"cHRM", struct.pack(">8I", 31270, 32900, 64000, 33000, 30000, 60000, 15000, 6000)) + end
    yield "unknown", header + chunk(b"sBIT", b"\5\6\5") + chunk(b"prVt", b"copied") + chunk(b"prVT", b"not copied") + chunk(
        b"tIME", struct.pack(">HBBBBB", 2020, 1, 1, 0, 0, 0)) + end
    yield "animation", header + chunk(b"acTL", struct.pack(">II", 2, 0)) + chunk(
        b"fcTL", struct.pack(">IIIIIHHBB", 0, 8, 4, 0, 0, 1, 10, 0, 0)) + chunk(b"IDAT", zlib.compress(pixels)) + chunk(
        b"fcTL", struct.pack(">IIIIIHHBB", 1, 8, 4, 0, 0, 1, 10, 0, 0)) + chunk(
        b"fdAT", struct.pack(">I", 2) + zlib.compress(pixels)) + chunk(b"IEND", b"")
    for name in ("gray", "tables", "scan", "sampled", "linear"):
        data = fixture(f"colors/{name}.icc") if (ROOT / f"Tests/ImageFilesTests/Fixtures/colors/{name}.icc").exists() else b""
        packed = zlib.compress(data, 9)
        if data and len(packed) <= LARGEST_PICTURE:
            yield f"profile-{name}", header + chunk(b"iCCP", b"p\0\0" + packed) + end


def rich_jpeg():
    exif, xmp, digest, extension, photoshop, profile = says_much()
    picture = fixture("decodes/444.jpg")
    inks = fixture("decodes/cmyk.jpg")
    pieces = [segment(0xE1, b"Exif\0\0" + exif), segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + xmp)]
    pieces += [segment(0xE1, b"http://ns.adobe.com/xmp/extension/\0" + digest + struct.pack(">II", len(extension), start)
                       + extension[start:start + 50]) for start in range(0, len(extension), 50)]
    pieces += [segment(0xED, b"Photoshop 3.0\0" + photoshop), segment(0xFE, b"a comment")]
    half = len(profile) // 2
    pieces += [segment(0xE2, b"ICC_PROFILE\0\1\2" + profile[:half]), segment(0xE2, b"ICC_PROFILE\0\2\2" + profile[half:])]
    yield "everything", picture[:2] + b"".join(pieces) + picture[2:]
    two = picture[:2] + segment(0xE2, b"MPF\0" + tiff([
        (0xB000, 7, 4, b"0100"), (0xB001, 4, 1, struct.pack("<I", 2)),
        (0xB002, 7, 32, bytes(16) + struct.pack("<IIIHH", 0, len(inks), len(picture) + 80, 0, 0))])) + picture[2:]
    yield "companion", two + inks
    cameras = [segment(0xE0, b"JFXX\0\x10"), segment(0xE2, b"urn:iso:std:iso:ts:21496:-1\0\0\0\0\0"), segment(0xEB, b"JP\0\1\0\0"),
               segment(0xEC, b"Ducky\0\1\0\4\0\0\0\x50"), segment(0xE5, b"a camera's own"), segment(0xEF, b"another's")]
    yield "cameras", picture[:2] + b"".join(cameras) + picture[2:]
    yield "film", picture + b"\0\0\0\x18ftypmp42" + bytes(40)
    yield "samsung", picture + bytes(30) + b"SEFT"
    yield "padding", picture + bytes(64)
    yield "big-endian", picture[:2] + segment(0xE1, b"Exif\0\0" + tiff([(0x0112, 3, 1, b"\0\3")], ">")) + picture[2:]
    inks_profile = fixture("colors/inks.icc")
    if len(inks_profile) <= LARGEST_PICTURE:
        yield "inks", inks[:2] + segment(0xE2, b"ICC_PROFILE\0\1\1" + inks_profile) + inks[2:]


def pngs():
    return files(".png") | {f"rich-{name}.png": PNG_SIGNATURE + data for name, data in rich_png()}


def jpegs():
    return files(".jpg") | {f"rich-{name}.jpg": data for name, data in rich_jpeg()}


def streams():
    pictures = sorted(((name, data) for name, data in (pngs() | jpegs()).items() if len(data) < 1500), key=lambda pair: len(pair[1]))
    seeds = {f"{a}+{b}": first + second for (a, first), (b, second) in zip(pictures[::2], pictures[1::2])}
    few = [data for _, data in pictures[:12]]
    seeds["twelve"] = b"".join(few)
    seeds["stray"] = few[0] + few[1] + b"stray"
    seeds["companions"] = dict(rich_jpeg())["companion"] + few[0]
    return seeds


# Weights ------------------------------------------------------------------------------------------

def layers(width, blocks):
    """Names, shapes of weights [O, I, K, K] and norms of the published network."""
    wide = 4 * width
    yield "conv1", (width, 3, 9, 9), "in1"
    yield "conv2", (2 * width, width, 3, 3), "in2"
    yield "conv3", (wide, 2 * width, 3, 3), "in3"
    for block in range(1, blocks + 1):
        for index in (1, 2):
            yield f"res{block}.conv{index}", (wide, wide, 3, 3), f"res{block}.in{index}"
    yield "deconv1", (2 * width, wide, 3, 3), "in4"
    yield "deconv2", (width, 2 * width, 3, 3), "in5"
    yield "deconv3", (3, width, 9, 9), None


def count(shape):
    result = 1
    for extent in shape:
        result *= extent
    return result


def safetensors(tensors, metadata=None, dtype="F16"):
    """Tensors by name: shapes; each is filled with halves."""
    header, data = ({"__metadata__": metadata} if metadata else {}), b""
    value, code = {"F16": (b"\0\x38", 2), "F32": (b"\0\0\0\x3f", 4)}[dtype]
    for name, shape in sorted(tensors.items()):
        start = len(data)
        integer = name.endswith("num_batches_tracked")
        data += bytes(8) if integer else value * count(shape)
        header[name] = {"dtype": "I64" if integer else dtype, "shape": list(shape), "data_offsets": [start, len(data)]}
    text = json.dumps(header, separators=(",", ":")).encode()
    return struct.pack("<Q", len(text)) + text + data


def digest(tensors):
    hashed = hashlib.sha256()
    for name, shape in sorted(tensors.items()):
        hashed.update(f"{name}\0{','.join(map(str, shape))}\0".encode() + b"\0\0\0\x3f" * count(shape))
    return hashed.hexdigest()


def network(width, blocks):
    return {"format_version": "1", "architecture": "fast-neural-style", "width": str(width), "residual_blocks": str(blocks),
            "padding": "reflection", "upsampling": "nearest", "output_activation": "identity", "epsilon": "1e-05",
            "input_range": "-1.95,2.3"}


ABOUT = {"name": "small", "licence": "none", "training": "none"}
NORM = {"norm": "instance", "groups": "1"}


def weights():
    small = list(layers(1, 0))
    base = {f"{name}.weight": shape for name, shape, _ in small}
    norms = {f"{norm}.{part}": shape[:1] for _, shape, norm in small if norm for part in ("gamma", "beta")}
    biases = {f"{name}.bias": shape[:1] for name, shape, norm in small}
    statistics = {f"{norm}.{part}": shape[:1] for _, shape, norm in small if norm for part in ("mean", "variance")}
    colors = {"color.matrix": (3, 3), "color.shift": (3,)}
    style = {"format_version": "1", "kind": "style", "base": "base", "base_sha256": digest(base)} | NORM | ABOUT
    advice = {"best_size": "800", "grain": "4.0", "margin": "16", "painter": "nobody"}
    whole = network(1, 0) | NORM | ABOUT
    seeds = {
        "base": safetensors(base, network(1, 0) | {"kind": "base"} | ABOUT),
        "style": safetensors(norms | colors, style | advice),
        "style-batch": safetensors(norms | colors | statistics, style | {"norm": "batch"}, "F32"),
        "network": safetensors(base | norms | biases, whole | {"kind": "network"}),
        "network-group": safetensors(base | norms | biases | statistics, whole | {"norm": "group"}, "F32"),
        "network-zero": safetensors(base | norms | biases, whole | {"padding": "zero"}),
        "checkpoint": safetensors(norms, {"format_version": "1", "kind": "checkpoint"} | ABOUT),
        "empty": safetensors({}),
        "texts": safetensors({"a": (2,), "empty": (0, 4)}, {"key": "ä\n\"\\\u0001", "\u00e9": "1", "x": "\U0001f600"}),
    }
    for path in sorted((ROOT / "Tests/WeightFilesTests/Fixtures").glob("*.safetensors")):
        seeds[path.stem] = path.read_bytes()
    seeds["great-wave"] = (ROOT / "Models/great-wave.safetensors").read_bytes()
    return seeds


def published():
    parts = {f"{name}.conv2d.{part}": shape if part == "weight" else shape[:1]
             for name, shape, _ in layers(1, 5) for part in ("weight", "bias")}
    parts |= {f"{norm}.{part}": shape[:1] for _, shape, norm in layers(1, 5) if norm for part in ("weight", "bias")}
    statistics = {f"{norm}.{part}": () if part == "num_batches_tracked" else shape[:1] for _, shape, norm in layers(1, 5) if norm
                  for part in ("running_mean", "running_var", "num_batches_tracked")}
    return {
        "published": safetensors(parts, {"format": "pt"}),
        "published-f32": safetensors(parts, dtype="F32"),
        "wrapped": safetensors({f"module.{name}": shape for name, shape in parts.items()}),
        "statistics": safetensors(parts | statistics),
        "style": weights()["style"],
        "few": safetensors({name: parts[name] for name in list(parts)[:4]}),
    }


def foreign(pattern):
    return {path.stem: path.read_bytes() for path in sorted(FOREIGN.glob(pattern)) if path.stat().st_size <= LARGEST_WEIGHTS}


# PyTorch's pickles --------------------------------------------------------------------------------

def text(value):
    return b"X" + struct.pack("<I", len(value)) + value.encode()


def number(value):
    return b"J" + struct.pack("<i", value)


def numbers(values):
    return b"(" + b"".join(map(number, values)) + b"t"


def named(name):
    return b"c" + "\n".join(name.rsplit(".", 1)).encode() + b"\n"


def storage(key, elements, kind="torch.FloatStorage", view=b""):
    return b"(" + text("storage") + named(kind) + text(key) + text("cpu") + number(elements) + view + b"tQ"


def tensor(stored, shape, offset=0, rebuilt="tensor_v2", more=b""):
    strides = [count(shape[place + 1:]) for place in range(len(shape))]
    arguments = stored + number(offset) + numbers(shape) + numbers(strides) + b"\x89}" + more
    return named(f"torch._utils._rebuild_{rebuilt}") + b"(" + arguments + b"tR"


def dictionary(members):
    return b"}(" + b"".join(text(name) + value for name, value in members.items()) + b"u"


def pickle(body):
    return b"\x80\2" + body + b"."


def archive(files, method=zipfile.ZIP_STORED):
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", method) as zipped:
        for name, data in files.items():
            zipped.writestr(zipfile.ZipInfo(f"a/{name}"), data, method)
    return written.getvalue()


def saved(root, storages, method=zipfile.ZIP_STORED):
    files = {"data.pkl": pickle(root), "byteorder": b"little"}
    return archive(files | {f"data/{key}": data for key, data in storages.items()}, method)


def stream(root, storages):
    keys = b"](" + b"".join(map(text, storages)) + b"e"
    parts = [b"\x8a\nl\xfc\x9cF\xf9 j\xa8P\x19", number(1001), dictionary({"little_endian": b"\x88"}), root, keys]
    return b"".join(map(pickle, parts)) + b"".join(struct.pack("<q", len(data) // 4) + data for data in storages.values())


def pytorch():
    """Fixtures; and the network without residual blocks, all numbers in one storage, in forms that those don't have."""
    shapes, places, elements = {}, {}, 0
    for name, shape, norm in layers(1, 0):
        shapes |= {f"{name}.weight": shape, f"{name}.bias": shape[:1]}
        shapes |= {f"{norm}.{part}": shape[:1] for part in ("weight", "bias") if norm}
    for name, shape in shapes.items():
        places[name] = elements
        elements += count(shape)
    storages = {"0": b"\0\0\0\x3f" * elements}

    def network(kind="torch.FloatStorage", view=b"", bytes=1, **how):
        stored = storage("0", elements * bytes, kind, view)
        return {name: tensor(stored, shape, places[name], **how) for name, shape in shapes.items()}

    plain = dictionary(network())
    untyped = network("torch.storage.UntypedStorage", bytes=4, rebuilt="tensor_v3", more=named("torch.float32"))
    parameters = {name: named("torch._utils._rebuild_parameter") + b"(" + value + b"\x88}tR" for name, value in network().items()}
    ordered = named("collections.OrderedDict") + b"(](" + b"".join(
        b"](" + text(name) + value + b"e" for name, value in network().items()) + b"etR"
    size = named("torch.Size") + b"(" + numbers([2, 3]) + b"tR"
    device = named("torch.device") + b"(" + text("cuda") + b"K\0tR"
    scalar = named("numpy.core.multiarray.scalar") + b")R"
    checkpoint = {"epoch": b"K\2", "size": size, "device": device, "rate": b"G" + bytes(8), "none": b"N"}
    few = dictionary({"w": tensor(storage("0", 2), (2,))})
    return foreign("*.pth") | {
        "plain": saved(plain, storages),
        "untyped": saved(dictionary(untyped), storages),
        "parameters": saved(dictionary(parameters), storages),
        "ordered": saved(ordered, storages),
        "checkpoint": saved(dictionary(checkpoint | {"model": plain}), storages),
        "foreign": saved(dictionary({"scalar": scalar}), {}),
        "old": stream(plain, storages),
        "view": stream(dictionary(network(view=b"(" + text("v") + b"K\0J" + struct.pack("<i", elements) + b"t")), storages),
        "few": saved(few, {"0": bytes(8)}),
        "few-old": stream(few, {"0": bytes(8)}),
        "deflated": saved(few, {"0": bytes(8)}, zipfile.ZIP_DEFLATED),
        "arrays": archive({"w.npy": b"\x93NUMPY"}),
        "empty": archive({}),
        "tar": b"storages".ljust(257, b"\0") + b"ustar\0" + bytes(249),
        "pickle": pickle(dictionary({"w": b"K\0"})),
    }


# ONNX ---------------------------------------------------------------------------------------------

def message(field, data):
    """A field of less than 128 bytes."""
    return bytes([field << 3 | 2, len(data)]) + data


def onnx():
    """Fixtures; and one that says what our own files do, with statistics that the norm doesn't use."""
    files = foreign("onnx/*.onnx")
    about = network(1, 1) | NORM | ABOUT | {"kind": "network", "best_size": "800", "after": "nobody"}
    about |= {f"tensor.{norm}.{part}": base64.b64encode(b"\0\0\0\x3f" * shape[0]).decode()
              for _, shape, norm in layers(1, 1) if norm for part in ("mean", "variance")}
    files["own"] = files["width1_trace_9"] + b"".join(
        message(14, message(1, key.encode()) + message(2, value.encode())) for key, value in about.items())
    return files


# TensorFlow's variables ---------------------------------------------------------------------------

def variables():
    """A manifest, a NUL, and what the files of a number of values are filled with."""
    def manifest(blocks, **others):
        shapes = []
        for name, (outputs, inputs, size, _), _ in layers(1, blocks):
            channels = [outputs, inputs] if name in ("deconv1", "deconv2") else [inputs, outputs]
            shapes += [[size, size, *channels], [outputs], [outputs]]
        entries = {f"Variable_{place}" if place else "Variable": {"filename": str(count(shape)), "shape": shape}
                   for place, shape in enumerate(shapes)}
        return json.dumps(entries | others, separators=(",", ":")).encode()

    halves = b"\0" + b"\0\0\0\x3f"
    return {
        "whole": manifest(1) + halves,
        "small": manifest(0) + halves,
        "many": manifest(5) + b"\0" + struct.pack("<5f", 1, -2, 0.25, 1e-30, 1e30),
        "zeros": manifest(1),
        "infinite": manifest(1) + b"\0" + struct.pack("<3f", 1, 2, float("inf")),
        "elsewhere": manifest(1, Variable_3={"filename": "../72", "shape": [3, 3, 1, 2]}) + halves,
        "itself": manifest(1, Variable_1={"filename": "manifest.json", "shape": [1]}) + halves,
        "missing": manifest(1, Variable_1={"filename": "5", "shape": [1]}) + halves,
        "surplus": manifest(1, beta1_power={"filename": "1", "shape": []}) + halves,
        "other": manifest(0, Variable={"filename": "243", "shape": [9, 9, 3, 512]}) + halves,
        "nothing": b"{}",
    }


MAKERS = {"png": pngs, "jpeg": jpegs, "streams": streams, "safetensors": weights, "foreign": published,
          "pytorch": pytorch, "onnx": onnx, "variables": variables}

if __name__ == "__main__":
    if len(sys.argv) != 3 or sys.argv[1] not in MAKERS:
        sys.exit(__doc__)
    folder = Path(sys.argv[2])
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in MAKERS[sys.argv[1]]().items():
        choices = [zlib.crc32(name.encode()) & 0xFFFF]
        # What says much is written as it is, as PNG and as JPEG.
        if name.startswith("rich-"):
            choices += [0, 16]
        # Under the first norm a style needs no statistics.
        if sys.argv[1] == "pytorch":
            choices += [0]
        for choice in choices:
            (folder / f"{name}-{choice}").write_bytes(data + struct.pack(">H", choice))
