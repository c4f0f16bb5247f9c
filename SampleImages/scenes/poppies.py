"""Poppies: red poppies, cornflowers and daisies in ripening wheat, seen from low down, with trees and clouds behind."""
import math
import os
import random
import sys

sys.path.append(os.path.dirname(os.path.abspath(__file__)))
from studio import *

start(8)
elevation, rotation = 32, -70
sky(elevation, rotation, 0.15, clouds=1.5, lit=(1, 0.96, 0.9), shade=(0.52, 0.58, 0.7), cover=0.44, scale=1.15, seed=9.4)
sun(elevation, rotation, 5.0, (1, 0.9, 0.74))
haze = (700, (0.5, 0.6, 0.7))

red = leaf("red", (0.72, 0.035, 0.012), 0.25, 0.45, rough=0.5)
black = material("black", [(0.006, 0.006, 0.008), (0.02, 0.018, 0.02)], 60)
green = leaf("green", (0.16, 0.24, 0.05), 0.35, 0.4)
stalks = leaf("stalks", (0.13, 0.2, 0.05), 0.25, 0.2)
wheat = leaf("wheat", (0.5, 0.36, 0.11), 0.3, 0.4)
blue = leaf("blue", (0.06, 0.1, 0.6), 0.25, 0.35)
white = leaf("white", (0.8, 0.8, 0.76), 0.08, 0.35)
yellow = material("yellow", [(0.55, 0.33, 0.01), (0.75, 0.52, 0.03)], 60, bump=0.8)


def petals(count, reach, width, cup, stuff, wave=0.0, notch=0.0):
    """A ring of petals round the z axis, each a net bent upwards by cup, with a wavy edge."""
    points, faces, rows, columns = [], [], 9, 11
    for p in range(count):
        a = 6.283 * p / count + random.uniform(-0.12, 0.12)
        lift, shift = random.uniform(0.8, 1.2), random.uniform(0, 50)
        first = len(points)
        for r in range(rows):
            t = r / (rows - 1)
            for c in range(columns):
                s = c / (columns - 1) * 2 - 1
                angle = a + s * width * math.sin(min(1, t * 1.7 + 0.08) * math.pi / 2) * (1 - notch * t * t)
                far = reach * t * (1 - 0.16 * s * s * t)
                ripple = wave * t * t * noise.noise(Vector((s * 2.4 + shift, t * 2, p))) * reach
                points.append((far * math.cos(angle), far * math.sin(angle), cup * lift * reach * (t ** 1.7) + ripple + 0.02 * reach * (p % 2)))
        faces += [tuple(first + f for f in face) for face in grid_faces(rows, columns)]
    return points, faces, stuff


def joined(name, parts):
    """One mesh of several (points, faces, material)."""
    points, faces, kinds, stuffs = [], [], [], []
    for p, f, stuff in parts:
        faces += [tuple(len(points) + i for i in face) for face in f]
        kinds += [len(stuffs)] * len(f)
        points += p
        stuffs.append(stuff)
    data = mesh(name, points, faces, stuffs)
    data.polygons.foreach_set("material_index", kinds)
    return data


def parts_of(data, shift=(0, 0, 0)):
    return [tuple(v.co + Vector(shift)) for v in data.vertices], [tuple(p.vertices) for p in data.polygons], data.materials[0]


def tilted(part, head, turn):
    points, faces, stuff = part
    return [tuple(turn @ Vector(p) + Vector(head)) for p in points], faces, stuff


def flower(kind, tall):
    """A blossom on a bent stalk, with its foot at the origin."""
    a, lean = random.uniform(0, 6.283), random.uniform(0.04, 0.2) * tall
    head = (lean * math.cos(a), lean * math.sin(a), tall)
    line = curved([(0, 0, 0), (head[0] * 0.2, head[1] * 0.2, tall * 0.5), (head[0] * 0.9, head[1] * 0.9, tall * 0.95), head], 6)
    made = [parts_of(tube("stalk", line, [0.003, 0.0022, 0.002], stalks, 6))]
    turn = Vector((head[0] * 3 + random.uniform(-0.15, 0.15), head[1] * 3 + random.uniform(-0.15, 0.15), tall * random.uniform(0.25, 0.9))).to_track_quat("Z", "Y")
    if kind == "poppy":
        cup = random.uniform(0.45, 1.0)
        bloom = [petals(2, 0.045, 1.0, cup, red, 0.5), petals(2, 0.04, 1.05, cup * 1.25, red, 0.5)]
        bloom[1] = tilted(bloom[1], (0, 0, 0.001), Vector((0, 0, 1)).rotation_difference(Vector((0.05, 0, 1))) @ Vector((1, 0, 0)).rotation_difference(Vector((0, 1, 0))))
        bloom.append(parts_of(lathe("heart", [(0, 0), (0.006, 0.002), (0.008, 0.009), (0.007, 0.012), (0, 0.0125)], stalks, 12)))
        threads = bush("threads", black, 70, 0.009, (0.014, 0.014, 0.01))
        bloom.append(parts_of(threads, (0, 0, 0.006)))
    elif kind == "daisy":
        bloom = [petals(17, 0.024, 0.16, random.uniform(-0.1, 0.25), white, 0.1, 0.3),
                 parts_of(lathe("heart", [(0.007, -0.001), (0.007, 0.001), (0.005, 0.004), (0, 0.0052)], yellow, 14))]
    else:
        bloom = [petals(9, 0.02, 0.22, 0.7, blue, 0.8, -0.4), petals(7, 0.012, 0.2, 1.6, blue, 0.8),
                 parts_of(lathe("heart", [(0.0025, -0.012), (0.005, -0.006), (0.003, 0.0), (0, 0.0)], stalks, 10))]
    made += [tilted(part, head, turn) for part in bloom]
    return joined(kind, made)


def bud(tall):
    line = curved([(0, 0, 0), (0, 0.01, tall * 0.6), (0.01, 0.03, tall), (0.02, 0.045, tall - 0.02)], 6)
    egg = lathe("egg", [(0.007 * math.sin(t), -0.012 * math.cos(t)) for t in numpy.linspace(0.01, 3.13, 10)], stalks, 10)
    return joined("bud", [parts_of(tube("stalk", line, [0.0025, 0.002], stalks, 6)), parts_of(egg, (0.02, 0.045, tall - 0.03))])


def ear(tall):
    """A stem of wheat with its ear of grains and awns."""
    a = random.uniform(0, 6.283)
    out = Vector((math.cos(a), math.sin(a), 0))
    line = [out * 0.12 * tall * t * t * t + Vector((0, 0, tall * t)) for t in numpy.linspace(0, 1, 9)]
    points, faces = [], []
    for i in range(44):
        here = line[-1].lerp(line[-2], 0.9 * (1 - i / 44))
        b = i * 2.4
        side = Vector((math.cos(b), math.sin(b), 0)) * 0.006
        up = (line[-1] - line[-2]).normalized()
        wide = side.cross(up).normalized() * 0.003
        first = len(points)
        points += [here, here + side + up * 0.006 + wide, here + side * 1.2 + up * 0.016, here + side + up * 0.006 - wide, here + side * 5 + up * 0.075]
        faces += [(first, first + 1, first + 2, first + 3), (first + 2, first + 4, first + 1)]
    leaves = tuft("leaves", wheat, 4, tall * 0.7, 0.01, 0.005, 0.7)
    return joined("ear", [parts_of(tube("stem", line, [0.002, 0.0014], wheat, 5)), (points, faces, wheat), parts_of(leaves)])


def height(x, y):
    return 0.5 * noise.noise(Vector((x * 0.06, y * 0.06, 2))) * min(1, y / 8) + 0.012 * y


def field(count, low, high, patch=None):
    found = []
    while len(found) < count:
        y = math.exp(random.uniform(math.log(low), math.log(high)))
        x = y * random.uniform(-0.66, 0.66)
        if patch is None or noise.noise(Vector((x * 0.7, y * 0.5, patch))) > random.uniform(-0.35, 0.35):
            found.append((x, y, height(x, y)))
    return found


earth = material("earth", [(0.05, 0.05, 0.02), (0.14, 0.13, 0.05), (0.2, 0.17, 0.07)], 0.8, bump=0.8, world=True, haze=haze)
rows, columns = numpy.geomspace(0.3, 900, 260), numpy.linspace(-0.9, 0.9, 120)
hills = [(y * c, y, height(y * c, y) + max(0, y - 120) * 0.055 * (1 + noise.noise(Vector((y * c * 0.004, y * 0.003, 6))))) for y in rows for c in columns]
put("earth", mesh("earth", hills, grid_faces(len(rows), len(columns)), earth))

plant([tuft("grass", green, 34, 0.42, 0.14, 0.0035, 0.7) for _ in range(6)], field(5200, 0.75, 45), (0.6, 1.2))
plant([ear(random.uniform(0.55, 0.78)) for _ in range(9)], field(6200, 1.0, 45, 4), (0.8, 1.1), 0.09)
plant([flower("poppy", random.uniform(0.5, 0.68)) for _ in range(10)], field(1500, 0.95, 45, 7), (0.85, 1.2), 0.06)
plant([flower("cornflower", random.uniform(0.45, 0.62)) for _ in range(5)], field(600, 0.95, 18, 11), (0.9, 1.15), 0.06)
plant([flower("daisy", random.uniform(0.38, 0.56)) for _ in range(5)], field(800, 0.9, 18, 15), (0.9, 1.2), 0.06)
plant([bud(random.uniform(0.5, 0.65)) for _ in range(3)], field(250, 0.95, 15), (0.9, 1.15), 0.05)
# A few chosen ones close to the eye
for i, (x, y, size) in enumerate(((-0.3, 1.0, 1.08), (-0.16, 1.16, 1.2), (0.17, 1.02, 1.0), (0.36, 1.22, 1.24), (0.02, 1.45, 1.22), (-0.52, 1.4, 1.25), (0.62, 1.6, 1.3))):
    put("poppy", flower("poppy", 0.55), (x, y, height(x, y)), (0, 0, i * 2.1), size)

# Trees and a hedge at the far side
foliage = [leaf("foliage", c, 0.35, 0.35, haze=haze) for c in ((0.05, 0.1, 0.02), (0.09, 0.13, 0.03), (0.04, 0.075, 0.03))]
crowns = [bush("crown", stuff, 9000, 0.13, (1, 1, shape)) for stuff in foliage for shape in (0.9, 1.3)]
scatter(crowns, [(x + random.gauss(0, 1), 62 + random.gauss(0, 4), 2.6 + random.uniform(-0.5, 1.0)) for x in numpy.arange(-48, 48, 2.3)], (2.0, 3.2), 0.1)
scatter(crowns, [(x + random.gauss(0, 2), 64 + random.gauss(0, 3), 6 + random.uniform(-1, 2.5)) for x in (-34, -30, -27, -24, -12, 9, 13, 30, 35, 40)], (3, 4.6), 0.1)

camera((0, 0, 0.66), (0, 4, 0.82), lens=30, focus=(0, 1.35, 0.66), fstop=5.6)
render(960, 640, 16, exposure=0.5, bounces=5)
