"""Still life: fruit in a bowl, a wine bottle and a glass on an old table, in the light of a window at the left."""
import math
import os
import random
import sys

sys.path.append(os.path.dirname(os.path.abspath(__file__)))
from studio import *

start(5)
camera((0.04, -1.08, 0.36), (0.015, 0, 0.118), lens=58, focus=(0.0, -0.12, 0.1), fstop=5.6)

# The room: a plaster wall, a table of boards, a window to the left
plaster = material("plaster", [(0.1, 0.13, 0.13), (0.2, 0.21, 0.17), (0.36, 0.3, 0.2)], 2.6, (0.75, 0.95), 0.35, 14)
box((0, 0.75, 0.5), (5, 0.1, 4), plaster, 0)
wood, n = new_material("wood")
place = n.add("TexCoord").outputs["Object"]
chance = n.add("ObjectInfo").outputs["Random"]
moved = n.add("VectorMath", {0: place, 1: n.add("CombineXYZ", {0: n.math("MULTIPLY", chance, 30), 1: n.math("MULTIPLY", chance, 70)})})
fibre = n.noise(n.add("VectorMath", {0: moved, 1: (1.6, 34, 34)}, operation="MULTIPLY"), 1, 10, 0.6, 1.1)
pores = n.noise(n.add("VectorMath", {0: moved, 1: (9, 420, 100)}, operation="MULTIPLY"), 1, 4, 0.6)
stain = n.noise(moved, 5, 6)
color = n.ramp(n.math("ADD", n.math("MULTIPLY", fibre, 0.75), n.math("MULTIPLY", pores, 0.25)), [(0.045, 0.018, 0.007), (0.16, 0.07, 0.025), (0.3, 0.15, 0.06)], 0.32, 0.66)
color = n.mix(n.range(stain, 0.45, 0.7), color, (0.05, 0.022, 0.01), "MULTIPLY")
bump = n.add("Bump", {"Strength": 0.35, "Distance": 0.004, "Height": n.math("ADD", fibre, pores)})
finish(n, n.add("BsdfPrincipled", {"Base Color": color, "Roughness": n.range(n.math("ADD", stain, fibre), 0.7, 1.3, 0.28, 0.6), "Normal": bump}))
for i in range(9):
    box((0, -0.62 + 0.148 * i, -0.02), (2.4, 0.145, 0.04), wood, 0.003)

area_light((-1.55, -0.25, 0.95), (0, 0, 0.1), (0.9, 1.2), 85, (1.0, 0.93, 0.84))
area_light((1.8, -1.2, 0.9), (0, 0, 0.1), (1.5, 1.5), 8, (0.75, 0.85, 1.0))
# Cross bars, so that what shines shows a window
for place, size in (((-1.5, -0.24, 0.93), (0.03, 0.03, 1.3)), ((-1.5, -0.24, 0.93), (0.03, 1.0, 0.03))):
    box(place, size, plaster, 0, (0, -0.55, 0.17))
world = bpy.data.worlds.new("room")
bpy.context.scene.world = world
world.color = (0.012, 0.013, 0.016)


# Fruit
def skin(name, main, blush, low, high, spots=None, rough=0.3, peel=0.0, peel_scale=90, through=0.06):
    """Peel that shades from one colour to another, with streaks from pole to pole, or pits where peel is set."""
    made, n = new_material(name)
    place = n.add("TexCoord").outputs["Object"]
    streak = n.noise(n.add("VectorMath", {0: place, 1: (60, 60, 6)}, operation="MULTIPLY"), 1, 6)
    broad = n.noise(place, 14, 4)
    fine = n.noise(place, peel_scale * 4, 3)
    color = n.mix(n.range(n.math("ADD", n.math("MULTIPLY", streak, 0.5), n.math("MULTIPLY", broad, 0.5)), low, high), main, blush)
    if spots:
        dots = n.add("TexVoronoi", {"Vector": place, "Scale": 210})
        color = n.mix(n.range(dots, 0.2, 0.1, 0, 0.8), color, spots)
    pits = n.add("TexVoronoi", {"Vector": place, "Scale": peel_scale * 4}, feature="SMOOTH_F1")
    bump = n.add("Bump", {"Strength": max(peel, 0.06), "Distance": 0.003, "Height": n.math("ADD", pits, n.math("MULTIPLY", fine, 0.4))})
    finish(n, n.add("BsdfPrincipled", {"Base Color": color, "Roughness": n.range(broad, 0.3, 0.7, rough * 0.8, rough * 1.3),
                                       "Subsurface": through, "Subsurface Radius": (0.012, 0.006, 0.003), "Subsurface Color": main, "Normal": bump}))
    return made


def fruit(name, outline, stuff, lumps=0.04):
    """A turned outline, a little out of true."""
    data = lathe(name, curved(outline, 12), stuff, 96)
    shift = Vector((random.random(), random.random(), 0)) * 30
    for v in data.vertices:
        angle = math.atan2(v.co.y, v.co.x)
        scale = 1 + lumps * noise.noise(v.co * 22 + shift) + lumps * 0.35 * math.cos(5 * angle) * max(0, -v.co.z / 0.04)
        v.co.x *= scale
        v.co.y *= scale
    return data


stem = material("stem", [(0.03, 0.015, 0.008), (0.12, 0.07, 0.03)], 40)
apple_form = [(0.0005, 0.018), (0.008, 0.024), (0.02, 0.033), (0.034, 0.026), (0.0405, 0.004), (0.036, -0.02), (0.024, -0.034), (0.014, -0.0355), (0.006, -0.03), (0.0005, -0.027)]
pear_form = [(0.0005, 0.062), (0.008, 0.064), (0.016, 0.056), (0.021, 0.036), (0.029, 0.014), (0.037, -0.008), (0.036, -0.026), (0.024, -0.039), (0.01, -0.04), (0.0005, -0.036)]
orange_form = [(0.0005, 0.0345), (0.012, 0.0345), (0.03, 0.024), (0.0395, 0.0), (0.03, -0.024), (0.012, -0.0345), (0.0005, -0.035)]
lemon_form = [(0.0005, 0.05), (0.006, 0.047), (0.012, 0.038), (0.024, 0.024), (0.029, 0.0), (0.024, -0.022), (0.011, -0.036), (0.005, -0.041), (0.0005, -0.042)]
red = skin("red", (0.36, 0.012, 0.012), (0.52, 0.2, 0.035), 0.52, 0.68, (0.7, 0.45, 0.2))
green = skin("green", (0.28, 0.34, 0.03), (0.45, 0.16, 0.03), 0.55, 0.72, (0.55, 0.55, 0.25))
pear_skin = skin("pear", (0.46, 0.36, 0.05), (0.34, 0.12, 0.02), 0.5, 0.75, (0.16, 0.09, 0.02), 0.38)
orange_skin = skin("orange", (0.75, 0.2, 0.008), (0.66, 0.26, 0.01), 0.4, 0.6, None, 0.36, 0.5, 110)
lemon_skin = skin("lemon", (0.75, 0.5, 0.025), (0.6, 0.48, 0.05), 0.4, 0.6, None, 0.36, 0.4, 110)
stalk = tube("stalk", curved([(0, 0, 0), (0.001, 0.0, 0.012), (0.005, 0.002, 0.024)]), [0.0012, 0.001, 0.0018], stem, 8)


def lay(form, skin_of, place, turn=(0, 0, 0), size=1.0, stalk_at=None):
    made = put("fruit", fruit("fruit", form, skin_of), place, turn, size)
    if stalk_at is not None:
        put("stalk", stalk, (0, 0, stalk_at)).parent = made
    return made


# A bowl of glazed stoneware, heaped
glaze = material("glaze", [(0.03, 0.07, 0.12), (0.05, 0.13, 0.2), (0.14, 0.25, 0.3)], 16, (0.08, 0.25), 0.05, 60, stretch=(1, 1, 2.5))
bowl = [(0.0, 0.012), (0.045, 0.012), (0.05, 0.0), (0.056, 0.0), (0.058, 0.012), (0.1, 0.035), (0.138, 0.078), (0.145, 0.086), (0.142, 0.089), (0.134, 0.081), (0.096, 0.042), (0.05, 0.022), (0.0, 0.02)]
put("bowl", lathe("bowl", curved(bowl, 6), glaze, 128), (-0.1, 0.05, 0.0))
for form, which, place, turn, size, at in (
        (apple_form, red, (-0.165, 0.01, 0.083), (0.3, -0.25, 0.4), 1.05, 0.018),
        (orange_form, orange_skin, (-0.075, -0.025, 0.078), (0.5, 0.4, 0), 1.0, None),
        (apple_form, green, (-0.025, 0.05, 0.088), (-0.3, 0.5, 1), 1.0, 0.018),
        (orange_form, orange_skin, (-0.15, 0.1, 0.085), (0.2, 1.4, 0), 1.05, None),
        (lemon_form, lemon_skin, (-0.06, 0.11, 0.09), (1.4, 0.3, 0.6), 1.0, None),
        (pear_form, pear_skin, (-0.095, 0.03, 0.148), (0.25, 1.05, 0.5), 0.98, 0.06)):
    lay(form, which, place, turn, size, at)
# and fruit before it
lay(pear_form, pear_skin, (0.075, -0.12, 0.0395), (0.06, 0.05, 0.3), 1.0, 0.06)
lay(apple_form, red, (-0.015, -0.2, 0.0365), (0.12, -0.1, 1.2), 1.03, 0.018)
lay(lemon_form, lemon_skin, (-0.17, -0.19, 0.029), (1.57, 0.1, 0.75), 1.0, None)


# Grapes spill out at the right
def grapes(center, count, reach):
    dark = material("grape", [(0.02, 0.006, 0.03), (0.06, 0.012, 0.05), (0.13, 0.06, 0.12)], 40, (0.25, 0.6), 0.04, 200, vary=0.35)
    berry = lathe("berry", [(0.011 * math.sin(a), 0.0122 * math.cos(a)) for a in numpy.linspace(0.01, 3.13, 24)], dark, 32)
    taken = []
    while len(taken) < count:
        u, v = random.gauss(0, 0.5), random.gauss(0, 0.42)
        here = Vector((center[0] + u * reach, center[1] + v * reach * 0.7, 0.0115))
        while any((here - t).length < 0.0205 for t in taken):
            here.z += 0.002
        if here.z < 0.05:
            taken.append(here)
            put("berry", berry, here, (random.random() * 3, random.random() * 3, 0), random.uniform(0.92, 1.06))
    twig = curved([(center[0] - 0.05, center[1], 0.045), (center[0], center[1] + 0.01, 0.058), (center[0] + 0.05, center[1] + 0.03, 0.066), (center[0] + 0.075, center[1] + 0.03, 0.075)])
    put("twig", tube("twig", twig, [0.001, 0.0016, 0.0024], stem, 8))


grapes((0.2, -0.14), 62, 0.07)

# Bottle and glass
bottle = [(0.0, 0.02), (0.02, 0.012), (0.036, 0.0), (0.0375, 0.006), (0.0375, 0.17), (0.036, 0.19), (0.027, 0.212), (0.0165, 0.228), (0.0145, 0.25), (0.014, 0.285), (0.0155, 0.287), (0.0155, 0.296), (0.0135, 0.298)]
inner = [(max(r - 0.0022, 0), z + 0.003) for r, z in bottle[::-1]]
put("bottle", lathe("bottle", bottle + inner[1:], glass("bottle glass", (0.16, 0.3, 0.08), 0.02, 1.5), 96), (0.13, 0.14, 0))
put("wine in bottle", lathe("wine", [(0.0, 0.02), (0.0345, 0.008), (0.0349, 0.14), (0.0, 0.14)], glass("red wine", (0.2, 0.006, 0.012), 0, 1.33), 96), (0.13, 0.14, 0))
paper = material("paper", [(0.5, 0.42, 0.3), (0.66, 0.58, 0.43), (0.72, 0.66, 0.52)], 30, (0.8, 0.9), 0.06)
label = [(0.0379 * math.sin(a), -0.0379 * math.cos(a), z) for z in (0.055, 0.135) for a in numpy.linspace(-1.15, 1.0, 40)]
put("label", mesh("label", label, grid_faces(2, 40), paper), (0.13, 0.14, 0))
ink = material("ink", [(0.16, 0.02, 0.02), (0.25, 0.03, 0.03)], 30)
for low, high, a, b in ((0.06, 0.062, -1.1, 0.95), (0.128, 0.13, -1.1, 0.95), (0.098, 0.116, -0.5, 0.35), (0.082, 0.085, -0.8, 0.65), (0.073, 0.076, -0.6, 0.45)):
    line = [(0.0381 * math.sin(t), -0.0381 * math.cos(t), z) for z in (low, high) for t in numpy.linspace(a, b, 30)]
    put("print", mesh("print", line, grid_faces(2, 30), ink), (0.13, 0.14, 0))
cork = material("cork", [(0.25, 0.14, 0.07), (0.45, 0.29, 0.16)], 150, bump=0.3)
put("cork", lathe("cork", [(0, 0.27), (0.0115, 0.27), (0.0118, 0.31), (0.011, 0.312), (0, 0.312)], cork, 32), (0.13, 0.14, 0))

cup = [(0.0, 0.004), (0.034, 0.0), (0.0345, 0.0015), (0.012, 0.006), (0.0045, 0.012), (0.0035, 0.04), (0.0045, 0.075), (0.016, 0.084), (0.034, 0.105), (0.039, 0.13), (0.037, 0.155), (0.0325, 0.18)]
hollow = [(0.0318, 0.18), (0.036, 0.155), (0.038, 0.13), (0.033, 0.1065), (0.015, 0.0865), (0.0, 0.084)]
put("glass", lathe("glass", curved(cup, 6) + curved(hollow, 6), glass("clear"), 96), (0.245, 0.03, 0))
wine = [(0.0, 0.0842), (0.015, 0.0867), (0.0328, 0.1067), (0.0377, 0.128), (0.0378, 0.129), (0.0, 0.129)]
put("wine", lathe("wine", wine, glass("wine", (0.4, 0.01, 0.02), 0, 1.33), 96), (0.245, 0.03, 0))

# A crumpled linen cloth at the left, hanging over the edge of the table
linen, n = new_material("linen")
place = n.add("TexCoord").outputs["Object"]
weave = n.math("ADD", n.add("TexWave", {"Vector": place, "Scale": 260, "Distortion": 1.5}, bands_direction="X").outputs["Fac"],
               n.add("TexWave", {"Vector": place, "Scale": 260, "Distortion": 1.5}, bands_direction="Y").outputs["Fac"])
band = n.range(n.math("PINGPONG", n.math("ADD", n.add("SeparateXYZ", {0: n.add("TexCoord").outputs["UV"]}).outputs["Y"], 0), 0.07), 0.052, 0.056)
bump = n.add("Bump", {"Strength": 0.25, "Distance": 0.001, "Height": weave})
cloth = n.mix(n.range(n.noise(place, 60, 5), 0.3, 0.7), (0.55, 0.5, 0.41), (0.68, 0.63, 0.54))
finish(n, n.add("BsdfPrincipled", {"Base Color": n.mix(band, cloth, (0.33, 0.05, 0.035)), "Roughness": 0.9, "Sheen": 0.4, "Specular": 0.1, "Normal": bump}))
side = 220
points = []
for v in numpy.linspace(0, 0.34, side):
    for u in numpy.linspace(0, 0.6, side):
        here = Vector((u * 7, v * 7, 0.4))
        fold = abs(noise.noise(Vector((u * 9 + v * 3, v * 2.2, 1.0)))) * 0.034 + 0.012 * abs(noise.noise(here * 2.1)) + 0.004 * noise.noise(here * 5)
        squeeze = 0.035 * noise.noise(here)
        points.append((-0.62 + u + squeeze, -0.36 + v + 0.035 * noise.noise(here + Vector((9, 9, 9))) - u * 0.12, 0.003 + fold))
data = mesh("cloth", points, grid_faces(side, side), linen)
uv = data.uv_layers.new()
for corner in data.loops:
    uv.data[corner.index].uv = ((corner.vertex_index % side) / side, (corner.vertex_index // side) / side)
put("cloth", data).modifiers.new("thick", "SOLIDIFY").thickness = 0.0015

render(840, 560, 44, exposure=0.2, bounces=12)
