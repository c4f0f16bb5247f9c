"""Canal: old houses by night, their windows and the lanterns lit and mirrored in the water, under a moonlit sky."""
import math
import os
import random
import sys

sys.path.append(os.path.dirname(os.path.abspath(__file__)))
from studio import *

start(29)

# A deep blue sky with stars and moonlit clouds
world = bpy.data.worlds.new("night")
bpy.context.scene.world = world
world.use_nodes = True
n = Nodes(world.node_tree)
direction = n.add("TexCoord").outputs["Generated"]
up = n.add("SeparateXYZ", {0: direction}).outputs["Z"]
color = n.ramp(up, [(0.13, 0.1, 0.12), (0.04, 0.08, 0.19), (0.015, 0.036, 0.12)], -0.02, 0.5)
flat = n.add("VectorMath", {0: direction, "Scale": n.math("DIVIDE", 1.0, n.math("ADD", n.math("MAXIMUM", up, 0.0), 0.2))}, operation="SCALE")
cover = n.noise(flat, 1.5, 10, 0.58, 0.4)
moon = sun_direction(21, 17)
near_moon = n.add("VectorMath", {0: direction, 1: tuple(moon)}, operation="DOT_PRODUCT").outputs["Value"]
glow = n.math("POWER", n.math("MAXIMUM", near_moon, 0.0), 60)
cloud = n.mix(glow, (0.035, 0.045, 0.085), (0.75, 0.68, 0.55))
stars = n.math("MULTIPLY", n.range(n.add("TexVoronoi", {"Vector": direction, "Scale": 60.0}), 0.075, 0.02), n.range(n.noise(direction, 60, 1), 0.45, 0.6))
color = n.mix(stars, color, (1.3, 1.3, 1.4))
color = n.mix(n.range(cover, 0.46, 0.68, 0, 0.9), color, cloud)
color = n.mix(n.range(near_moon, 0.99945, 0.9996), color, n.mix(n.noise(direction, 55, 5), (1.5, 1.35, 1.1), (6, 5.6, 4.6)))
n.link(n.add("Background", {"Color": color}), n.add("OutputWorld").inputs["Surface"])
sun(35, 215, 0.16, (0.55, 0.7, 1.0), 3)

stone = material("stone", [(0.16, 0.14, 0.12), (0.28, 0.25, 0.21), (0.4, 0.36, 0.3)], 1.6, (0.5, 0.9), 0.4, 14, world=True)
quay = bricks("quay", (0.2, 0.17, 0.14), (0.3, 0.26, 0.21), (0.1, 0.09, 0.08), 0.7, 0.3, (math.pi / 2, 0, 0), 1.0)
tiles = material("tiles", [(0.14, 0.06, 0.035), (0.26, 0.11, 0.06)], 5, (0.6, 0.9), 0.3, 30, vary=0.2)
frame = material("frame", [(0.5, 0.47, 0.4), (0.62, 0.58, 0.5)], 8, (0.4, 0.6))
iron = material("iron", [(0.015, 0.015, 0.016), (0.04, 0.035, 0.03)], 20, (0.4, 0.7))
dark_pane = material("pane", [(0.01, 0.012, 0.02), (0.03, 0.035, 0.045)], 2, (0.02, 0.08), 0.02, 3)


def lit_pane(name, color, strength):
    """A window one cannot quite look into: curtains, and a lamp somewhere behind."""
    made, n = new_material(name)
    place = n.add("NewGeometry").outputs["Position"]
    folds = n.noise(n.add("VectorMath", {0: place, 1: (9, 9, 0.7)}, operation="MULTIPLY"), 1, 5)
    things = n.noise(place, 1.7, 5)
    light = n.math("MULTIPLY", n.range(folds, 0.3, 0.7, 0.5, 1.2), n.range(things, 0.3, 0.65, 0.25, 1.2))
    finish(n, n.add("Emission", {"Color": color, "Strength": n.math("MULTIPLY", light, strength)}))
    return made


panes = [lit_pane("amber", (1, 0.5, 0.16), 2.6), lit_pane("gold", (1, 0.62, 0.25), 3.4), lit_pane("rose", (1, 0.4, 0.16), 1.8)]


def house(left, wide, tall, y, paint, floors, gable):
    """A house front that looks to the water, with windows, a door, and a pointed, stepped or plain top."""
    middle, top = left + wide / 2, 0.9 + tall
    outline = [(left, 0.6), (left + wide, 0.6), (left + wide, top)]
    if gable == "step":
        count = 5
        for k in range(count):
            x = left + wide * (1 - (k + 1) / (2 * count + 1))
            outline += [(x + wide / (2 * count + 1), top + 0.45 * k), (x + wide / (2 * count + 1), top + 0.45 * (k + 1)), (x, top + 0.45 * (k + 1))]
        outline += [(2 * middle - x, z) for x, z in outline[:2:-1]]
    elif gable == "point":
        outline += [(middle + 0.25, top + wide * 0.55), (middle - 0.25, top + wide * 0.55)]
    outline.append((left, top))
    columns = 3 if wide > 3.6 else 2
    holes, height = [], tall / floors
    for f in range(floors):
        for c in range(columns):
            x = left + wide * (c + 0.5) / columns
            if f == 0 and c == columns // 2:
                holes.append(arch(x, 0.95, 0.95, 2.1))
                box((x, y + 0.2, 1.95), (1.0, 0.06, 2.1), random.choice(DOORS), 0)
                wall(arch(x, 0.9, 1.25, 2.28), [arch(x, 0.91, 0.93, 2.09)], 0.4, stone, (0, y + 0.1, 0), bevel=0.012)
                continue
            w, h, z = 0.78, min(1.5, height * 0.58), 0.9 + height * f + height * 0.27
            holes.append(rectangle(x - w / 2, z, w, h))
            lit = random.random() < 0.56
            box((x, y + 0.22, z + h / 2), (w + 0.1, 0.03, h + 0.1), random.choice(panes) if lit else dark_pane, 0)
            for shift, size in (((0, 0), (0.05, h)), ((0, h * 0.18), (w, 0.05)), ((-w / 2 + 0.03, 0), (0.06, h)), ((w / 2 - 0.03, 0), (0.06, h)), ((0, -h * 0.2), (w, 0.03))):
                box((x + shift[0], y + 0.17, z + h / 2 + shift[1]), (size[0], 0.06, size[1]), frame, 0.006)
            box((x, y - 0.02, z - 0.06), (w + 0.24, 0.3, 0.1), stone, 0.015)
            box((x, y - 0.0, z + h + 0.09), (w + 0.2, 0.12, 0.17), stone, 0.015)
    if gable:
        holes.append(arch(middle, top + 0.1, 0.6, 0.95))
        box((middle, y + 0.22, top + 0.5), (0.7, 0.03, 1.0), random.choice(panes), 0)
    wall(outline, holes, 0.4, paint, (0, y + 0.2, 0), bevel=0.015)
    box((middle, y + 2.6, 0.6 + tall / 2), (wide - 0.02, 4.4, tall), paint, 0)
    peak = top + wide * 0.52 if gable else top + 1.3
    if gable:
        mesh_roof = [(left, y + 0.4, top), (middle, y + 0.4, peak), (left + wide, y + 0.4, top), (left, y + 5, top), (middle, y + 5, peak), (left + wide, y + 5, top)]
        put("roof", mesh("roof", mesh_roof, [(0, 1, 4, 3), (1, 2, 5, 4)], tiles, smooth=False))
    else:
        for k in range(int(wide / 0.19)):
            x = left + 0.1 + 0.19 * k
            put("tile", tube("tile", [(x, y - 0.35, top - 0.02), (x, y + 2.2, top + 1.3)], [0.1, 0.1], tiles, 10))
        box((middle, y - 0.1, top - 0.15), (wide, 0.5, 0.14), stone, 0.02)
    x = left + wide * random.choice((0.25, 0.75))
    box((x, y + 1.8, peak + 0.1), (0.6, 0.5, 1.5), quay, 0.02)
    put("pot", lathe("pot", [(0.12, 0), (0.1, 0.4), (0, 0.4)], tiles, 16), (x, y + 1.8, peak + 0.8))


def paint(color):
    return material("paint", [tuple(c * 0.55 for c in color), color, tuple(c * 0.6 + 0.2 for c in color)], 0.9, (0.75, 0.95), 0.35, 12, world=True)


def brick(a, b):
    return bricks("brick", a, b, (0.32, 0.28, 0.24), 0.24, 0.075, (math.pi / 2, 0, 0), 0.8)


DOORS = [material("door", [tuple(c * 0.6 for c in color), color], 3, (0.3, 0.6), 0.3, 20, stretch=(9, 9, 1)) for color in ((0.03, 0.12, 0.08), (0.25, 0.03, 0.02), (0.03, 0.06, 0.17))]
left = -17.0
fronts = [(3.7, 7.6, paint((0.5, 0.3, 0.12)), 3, ""), (3.2, 7.2, brick((0.3, 0.08, 0.05), (0.4, 0.14, 0.08)), 3, "step"), (4.2, 6.2, paint((0.5, 0.17, 0.1)), 2, ""),
          (3.3, 8.2, paint((0.3, 0.37, 0.4)), 3, "point"), (4.0, 7.0, brick((0.22, 0.09, 0.06), (0.34, 0.17, 0.1)), 3, "step"), (3.1, 6.0, paint((0.55, 0.47, 0.33)), 2, "point"),
          (4.2, 7.8, paint((0.48, 0.2, 0.12)), 3, ""), (3.4, 7.0, brick((0.34, 0.12, 0.07), (0.42, 0.2, 0.12)), 3, "step"), (3.9, 6.4, paint((0.32, 0.38, 0.26)), 2, "point"), (3.6, 7.6, paint((0.5, 0.36, 0.2)), 3, "")]
for wide, tall, stuff, floors, gable in fronts:
    house(left, wide, tall, random.uniform(-0.12, 0.12), stuff, floors, gable)
    left += wide

# A church behind, the quay with lanterns, boats, and the water
box((4.5, 16, 8), (3.4, 3.4, 16), quay, 0.03)
box((4.5, 16, 16.1), (3.9, 3.9, 0.4), stone, 0.05)
box((4.5, 16, 17.5), (2.6, 2.6, 2.6), quay, 0.03)
wall(rectangle(3.2, 16.2, 2.6, 2.6), [arch(4.5, 16.6, 1.0, 1.9)], 0.2, quay, (0, 14.65, 0))
box((4.5, 14.75, 17.5), (1.0, 0.03, 1.9), panes[0], 0)
put("spire", lathe("spire", [(2.1, 18.7), (0.9, 20.4), (0.5, 22), (0.05, 26), (0.03, 27.2), (0, 27.2)], tiles, 8, smooth=False), (4.5, 16, 0), (0, 0, math.pi / 8))
box((0, -1.4, -0.55), (60, 3.0, 2.8), quay, 0.02)
box((0, -2.75, 0.88), (60, 0.5, 0.16), stone, 0.03)
for x in numpy.arange(-15.5, 18, 4.4):
    put("post", tube("post", [(x, -2.5, 0.9), (x, -2.5, 1.2), (x, -2.5, 3.5)], [0.1, 0.055, 0.045, 0.04], iron, 12))
    globe = put("globe", lathe("globe", [(0.06, 0), (0.15, 0.1), (0.17, 0.3), (0.05, 0.36)], glowing("lantern", (1, 0.58, 0.22), 24), 12), (x, -2.5, 3.5))
    globe.visible_shadow = globe.visible_diffuse = False
    put("cap", lathe("cap", [(0.22, 0.35), (0.1, 0.48), (0.02, 0.58), (0, 0.58)], iron, 12), (x, -2.5, 3.5))
    point_light((x, -2.5, 3.62), 130, (1, 0.56, 0.22), 0.2)
bush_green = leaf("green", (0.08, 0.13, 0.03))
crown = bush("crown", bush_green, 6000, 0.12)
for x in (-8.6, 0.4, 9.4):
    put("trunk", tube("trunk", curved([(x, -1.7, 0.8), (x + 0.1, -1.7, 2.2), (x - 0.05, -1.7, 3.6)]), [0.16, 0.1], stone, 12))
    scatter([crown], [(x + random.gauss(0, 0.5), -1.7 + random.gauss(0, 0.3), 4.2 + random.gauss(0, 0.4)) for _ in range(3)], (0.8, 1.2), 0.3)
hull = [material("hull", [tuple(c * 0.5 for c in color), color], 3, (0.25, 0.5), 0.3, 20) for color in ((0.3, 0.04, 0.03), (0.04, 0.14, 0.2), (0.3, 0.24, 0.14))]
for i, (x, y, turn) in enumerate(((-5.0, -4.2, 0.05), (3.6, -4.3, -0.08), (8.6, -5.4, 0.35))):
    points = []
    for s in numpy.linspace(-1, 1, 40):
        half = 0.75 * (1 - abs(s) ** 2.4) ** 0.8 + 0.02
        for a in numpy.linspace(0, math.pi, 15):
            points.append((2.2 * s * (1 + 0.1 * abs(math.cos(a))), half * math.cos(a), 0.42 + 0.22 * s * s - 0.6 * math.sin(a) ** 0.7 * (1 - 0.3 * abs(s))))
    boat = put("boat", mesh("boat", points, grid_faces(40, 15), hull[i]), (x, y, 0.12), (0.04, 0, turn))
    boat.modifiers.new("thick", "SOLIDIFY").thickness = 0.07
    for k in (-0.9, 0.1, 1.1):
        box((k, 0, 0.3), (0.25, 1.25, 0.05), hull[2], 0.01).parent = boat
    put("rope", tube("rope", curved([(x - 1.9, y + 0.1, 0.75), (x - 2.1, -3.4, 0.6), (x - 2.2, -2.9, 1.0)]), [0.02, 0.02], stone, 6))

water, n = new_material("water")
place = n.add("NewGeometry").outputs["Position"]
swell = n.noise(n.add("VectorMath", {0: place, 1: (0.55, 1.5, 1)}, operation="MULTIPLY"), 1.0, 3, 0.45, 0.3)
small = n.noise(n.add("VectorMath", {0: place, 1: (2.2, 5, 1)}, operation="MULTIPLY"), 1.0, 3)
bump = n.add("Bump", {"Strength": 0.3, "Distance": 0.28, "Height": n.math("ADD", swell, n.math("MULTIPLY", small, 0.16))})
finish(n, n.add("BsdfPrincipled", {"Base Color": (0.004, 0.012, 0.018), "Roughness": 0.04, "IOR": 1.33, "Specular": 0.9, "Normal": bump}))
put("water", mesh("water", [(-60, -40, 0), (60, -40, 0), (60, 0, 0), (-60, 0, 0)], [(0, 1, 2, 3)], water))

camera((-2.5, -17.0, 2.6), (0.6, 0, 4.4), lens=26)
render(960, 640, 24, exposure=1.15)
