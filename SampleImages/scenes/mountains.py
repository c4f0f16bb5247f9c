"""Mountains: an alpine valley in the morning, with a lake, spruces, boulders and a meadow in front of snowy peaks."""
import math
import os
import random
import sys

sys.path.append(os.path.dirname(os.path.abspath(__file__)))
from studio import *

start(11)
elevation, rotation = 30, -98
sky(elevation, rotation, 0.13, clouds=1.25, lit=(1.0, 0.95, 0.88), shade=(0.5, 0.56, 0.66), cover=0.5, scale=1.0, seed=2.6)
sun(elevation, rotation, 5.2)
haze = (11000, (0.36, 0.47, 0.64))


def step(value, low, high):
    t = min(1, max(0, (value - low) / (high - low)))
    return t * t * (3 - 2 * t)


PEAKS = ((-900, 3300, 1050, 700), (750, 3900, 1250, 800), (2300, 4300, 1000, 800), (-2500, 4200, 1250, 800), (80, 4800, 900, 700))


def height(x, y):
    """The land: a meadow at the camera, a lake basin behind it, and walls of rock that rise with distance."""
    meadow = 2.2 * noise.noise(Vector((x * 0.02, y * 0.02, 3))) + 0.5 * noise.noise(Vector((x * 0.11, y * 0.11, 4)))
    bank = 26 - 3.5 * step(y, 8, 26) - 30.5 * step(y, 18, 150) + meadow
    hills = noise.fractal(Vector((x * 0.004, y * 0.004, 9)), 0.9, 2.1, 8)
    side = step(abs(x + 40 - 0.12 * y), 120 + 0.06 * y, 520 + 0.25 * y)
    far = step(y, 800, 3000)
    warp = 0.25 * noise.noise(Vector((x * 0.001, y * 0.001, 2)))
    ridge = noise.ridged_multi_fractal(Vector((x * 0.00075 + warp, y * 0.00075, 5.3)), 1.0, 2.1, 10, 0.95, 2.0)
    peaks = sum(tall * math.exp(-math.hypot(x - a, (y - b) * 0.8) / wide) for a, b, tall, wide in PEAKS)
    walls = far * (150 + 0.9 * peaks) * (0.45 + ridge * 0.45) + side * step(y, 150, 900) * 190 * (0.22 + ridge * 0.62)
    shore = step(y, 560, 900) * 26
    return bank + walls + shore + hills * (5 + 26 * max(far, side * step(y, 60, 400)))


rows = numpy.geomspace(3, 7000, 620)
columns = numpy.linspace(-0.85, 0.85, 620)
points = [(y * c, y, height(y * c, y)) for y in rows for c in columns]

land, n = new_material("land")
geometry = n.add("NewGeometry")
place = geometry.outputs["Position"]
level = n.add("SeparateXYZ", {0: place}).outputs["Z"]
steep = n.add("SeparateXYZ", {0: geometry.outputs["Normal"]}).outputs["Z"]
blotch = n.noise(place, 0.012, 12, 0.62)
grain = n.noise(place, 0.15, 12, 0.7)
layers = n.noise(n.add("VectorMath", {0: place, 1: (0.004, 0.004, 0.05)}, operation="MULTIPLY"), 1, 10, 0.7, 0.6)
cliff = n.ramp(layers, [(0.09, 0.085, 0.085), (0.2, 0.185, 0.17), (0.33, 0.3, 0.27)])
green = n.ramp(grain, [(0.035, 0.055, 0.012), (0.085, 0.115, 0.025), (0.16, 0.16, 0.05)])
cover = n.range(n.math("ADD", steep, n.math("MULTIPLY", blotch, 0.5)), 0.98, 1.12)
cover = n.math("MULTIPLY", cover, n.range(n.math("ADD", level, n.math("MULTIPLY", blotch, 150)), 330, 230))
ground = n.mix(cover, cliff, green)
snow = n.math("MULTIPLY", n.range(n.math("ADD", level, n.math("MULTIPLY", blotch, 420)), 520, 660),
              n.range(n.math("ADD", steep, n.math("MULTIPLY", grain, 0.35)), 0.8, 0.9))
ground = n.mix(snow, ground, (0.82, 0.85, 0.9))
dimple = n.add("Bump", {"Strength": 0.8, "Distance": 6.0, "Height": n.noise(place, 0.06, 12, 0.7)})
finish(n, hazed(n, n.add("BsdfPrincipled", {"Base Color": ground, "Roughness": 0.9, "Specular": 0.2, "Normal": dimple}), *haze))
put("land", mesh("land", points, grid_faces(len(rows), len(columns)), land))

lake, n = new_material("lake")
ripple = n.noise(n.add("VectorMath", {0: n.add("NewGeometry").outputs["Position"], 1: (0.25, 0.6, 1)}, operation="MULTIPLY"), 1, 5)
bump = n.add("Bump", {"Strength": 0.05, "Distance": 0.4, "Height": ripple})
finish(n, hazed(n, n.add("BsdfPrincipled", {"Base Color": (0.012, 0.07, 0.085), "Roughness": 0.03, "IOR": 1.33, "Normal": bump}), *haze))
put("lake", mesh("lake", [(-900, 60, 0), (900, 60, 0), (900, 1500, 0), (-900, 1500, 0)], [(0, 1, 2, 3)], lake))

needles, bark = leaf("needles", (0.03, 0.065, 0.02), 0.4, 0.25, haze=haze), material("bark", [(0.05, 0.03, 0.02), (0.13, 0.09, 0.06)])
trees = [conifer("tree", needles, bark, 13, 2.6, 24) for _ in range(6)]
spots = []
while len(spots) < 7500:
    y = math.exp(random.uniform(math.log(45), math.log(1900)))
    x = y * random.uniform(-0.8, 0.8)
    z = height(x, y)
    steepness = abs(height(x + 3, y) - z) + abs(height(x, y + 3) - z)
    patch = noise.noise(Vector((x * 0.012, y * 0.006, 8)))
    clear = -0.05 if y > 230 else 0.22
    if 1.2 < z < 190 and steepness < 5 and patch > clear and (y > 130 or abs(x) > 24):
        spots.append((x, y, z))
scatter(trees, spots, (0.55, 1.35), 0.03, 0.3)

# The meadow at our feet
def near(count, low, high):
    found = []
    for _ in range(count):
        y = math.exp(random.uniform(math.log(low), math.log(high)))
        x = y * random.uniform(-0.65, 0.65)
        found.append((x, y, height(x, y)))
    return found


grass = leaf("grass", (0.2, 0.24, 0.05), 0.4, 0.45)
dry = leaf("dry", (0.36, 0.29, 0.11), 0.3, 0.4)
plant([tuft("tuft", grass, 70, 0.42, 0.3, 0.011) for _ in range(6)], near(7500, 3.2, 60), (0.6, 1.5))
plant([tuft("dry", dry, 25, 0.6, 0.3, 0.006) for _ in range(3)], near(1500, 3.2, 50), (0.6, 1.3))
blossoms = []
for color in ((0.75, 0.6, 0.05), (0.7, 0.7, 0.66), (0.38, 0.12, 0.5)):
    petal = leaf("petal", color, 0.15, 0.3)
    blossoms.append(bush("blossom", petal, 40, 0.5, (1, 1, 0.4)))
plant(blossoms, [(x, y, z + random.uniform(0.25, 0.5)) for x, y, z in near(4200, 4, 55)], (0.025, 0.055), 0.4)
stone = material("stone", [(0.025, 0.025, 0.024), (0.09, 0.085, 0.075), (0.19, 0.175, 0.15), (0.09, 0.1, 0.045)], 4, (0.7, 0.95), 1.0, 14, depth=0.12)
boulders = [rock("boulder", stone, 0.35, 6) for _ in range(5)]
scatter(boulders, near(60, 7, 120), (0.3, 1.9), 0.4, 0.05)
for x, y, size in ((-3.0, 8.5, 2.9), (-4.9, 10.0, 2.2), (4.4, 11.5, 2.8), (5.9, 12.5, 2.0), (0.9, 15, 1.8), (2.4, 7.0, 1.1)):
    put("boulder", random.choice(boulders), (x, y, height(x, y) + size * 0.15), (0.2, 0.1, x), size)

eye = height(0, 0) + 2.6
camera((0, 0, eye), (0, 100, eye + 3.0), lens=28)
render(960, 640, 18, bounces=5)
