"""Island: a wooded rock with a lighthouse in a rolling sea, under evening clouds."""
import math
import os
import random
import sys

sys.path.append(os.path.dirname(os.path.abspath(__file__)))
from studio import *

start(3)
elevation, rotation = 7, -84
sky(elevation, rotation, 0.2, dust=2.5, clouds=1.0, lit=(1.0, 0.5, 0.26), shade=(0.2, 0.2, 0.32), cover=0.43, scale=1.0, seed=4.2, sharpness=0.2, horizon=(0.8, 0.42, 0.26))
sun(elevation, rotation, 6.5, (1, 0.58, 0.3), 1.0)
camera((-6, -56, 4.2), (-1.5, 0, 7.4), lens=37)
haze = (1500, (0.5, 0.36, 0.34))

# The sea
water, n = new_material("water")
place = n.add("NewGeometry").outputs["Position"]
ripple = n.add("Bump", {"Strength": 0.35, "Distance": 0.12, "Height": n.noise(place, 1.6, 6, 0.6)})
foam = n.range(n.math("ADD", n.add("Attribute", attribute_name="foam").outputs["Fac"], n.math("MULTIPLY", n.noise(place, 2.5, 8, 0.7), 0.9)), 0.75, 1.15)
deep = n.add("BsdfPrincipled", {"Base Color": (0.006, 0.045, 0.06), "Roughness": 0.06, "IOR": 1.33, "Specular": 0.5, "Normal": ripple})
froth = n.add("BsdfDiffuse", {"Color": (0.75, 0.78, 0.8)})
finish(n, hazed(n, n.add("MixShader", {0: foam, 1: deep, 2: froth}), 2600, haze[1]))
sea = put("sea", mesh("sea", [], [], water))
waves = sea.modifiers.new("waves", "OCEAN")
waves.resolution = waves.viewport_resolution = 16
waves.spatial_size, waves.size = 90, 1.0
waves.repeat_x, waves.repeat_y = 7, 6
waves.wave_scale, waves.choppiness, waves.wind_velocity = 1.5, 1.2, 13
waves.random_seed, waves.time = 5, 3.0
waves.use_foam, waves.foam_layer_name, waves.foam_coverage = True, "foam", 0.08
sea.location = (-315, -110, 0)

far_sea = [(-9000, 350, -0.3), (9000, 350, -0.3), (9000, 15000, -0.3), (-9000, 15000, -0.3)]
put("far sea", mesh("far sea", far_sea, [(0, 1, 2, 3)], water))

# The rock
stone = material("stone", [(0.03, 0.027, 0.027), (0.12, 0.1, 0.085), (0.24, 0.2, 0.16), (0.36, 0.31, 0.25)], 0.6, (0.6, 0.95), 0.9, 1.6, world=True, stretch=(1, 1, 1.8), depth=0.7, haze=haze)
grass = leaf("grass", (0.1, 0.13, 0.03), haze=haze)


def height(x, y):
    far = math.hypot(x / 17, y / 11)
    wobble = noise.fractal(Vector((x * 0.09, y * 0.09, 1)), 0.9, 2.1, 7)
    cliff = 1 / (1 + math.exp((far - 1 - wobble * 0.25) * 9))
    ledge = noise.ridged_multi_fractal(Vector((x * 0.1, y * 0.1, 7)), 0.9, 2.1, 8, 1.0, 2.0)
    hill = 5.5 + 4.5 * math.exp(-((x - 5) / 6.5) ** 2) - 0.06 * abs(x + 4)
    return cliff * (hill + wobble * 1.3 + ledge * 1.9) - 2.6 + 0.45 * ledge * math.exp(-(far - 1.05) ** 2 * 8)


count = 420
points = [(x, y, height(x, y)) for y in numpy.linspace(-20, 20, count) for x in numpy.linspace(-30, 30, count)]
put("rock", mesh("rock", points, grid_faces(count, count), stone))

# What grows on it, and the lighthouse
needles, bark = leaf("needles", (0.035, 0.07, 0.02), 0.45, 0.25, haze=haze), material("bark", [(0.05, 0.03, 0.02), (0.12, 0.08, 0.05)])
spots = []
while len(spots) < 3200:
    x, y = random.uniform(-19, 19), random.uniform(-12, 12)
    z = height(x, y)
    if z > 3.0 and abs(height(x + 0.4, y) - z) + abs(height(x, y + 0.4) - z) < 0.5 and math.hypot(x - 8.5, y) > 1.6:
        spots.append((x, y, z))
scatter([tuft("tuft", grass, 50, 0.6, 0.35, 0.025) for _ in range(4)], spots, sink=0.05)
trees = [conifer("tree", needles, bark, 4.2, 1.0, 22) for _ in range(5)]
scatter(trees, [s for s in spots if s[0] < 5.5][:130], (0.45, 1.15), 0.06)
scatter([bush("bush", needles, 900, 0.1) for _ in range(3)], spots[200:420], (0.25, 0.6), 0.2)
boulders = [rock("boulder", stone, 0.6) for _ in range(5)]
ring = [(a, random.uniform(0.98, 1.35)) for a in [random.uniform(0, 6.283) for _ in range(110)]]
scatter(boulders, [(17 * r * math.cos(a), 11 * r * math.sin(a), random.uniform(-0.6, 0.3)) for a, r in ring], (0.6, 3.2), 0.6)

base = height(8.5, 0) - 0.3
white = material("white", [(0.6, 0.56, 0.5), (0.8, 0.78, 0.74)], 1.2, bump=0.15, haze=haze)
red = material("red", [(0.35, 0.035, 0.02), (0.5, 0.06, 0.03)], 1.2, haze=haze)
put("tower", lathe("tower", [(1.0, 0), (0.95, 0.4), (0.9, 0.4), (0.72, 3), (0.63, 5.0), (0.62, 5.0)], white, 48), (8.5, 0, base))
put("band", lathe("band", [(0.81, 1.9), (0.74, 3.1)], red, 48), (8.5, 0, base))
put("deck", lathe("deck", [(0.6, 5.0), (0.9, 5.05), (0.9, 5.2), (0.0, 5.2)], red, 48, smooth=False), (8.5, 0, base))
put("lamp", lathe("lamp", [(0.42, 5.2), (0.42, 6.0)], glowing("lamp", (1, 0.7, 0.3), 7), 12, smooth=False), (8.5, 0, base))
put("roof", lathe("roof", [(0.55, 6.0), (0.45, 6.15), (0.1, 6.6), (0.04, 6.9), (0, 6.9)], red, 48), (8.5, 0, base))
for i in range(12):
    a = 6.283 * i / 12
    box((8.5 + 0.42 * math.cos(a), 0.42 * math.sin(a), base + 5.6), (0.05, 0.05, 0.8), red, 0)
    box((8.5 + 0.86 * math.cos(a), 0.86 * math.sin(a), base + 5.4), (0.03, 0.03, 0.45), red, 0)

render(960, 640, 32)
