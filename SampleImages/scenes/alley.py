"""Alley: a narrow lane of old coloured houses climbs to a bell tower; shutters, flower pots, washing and cobbles."""
import math
import os
import random
import sys

sys.path.append(os.path.dirname(os.path.abspath(__file__)))
from studio import *

start(17)
elevation, rotation = 47, 128
sky(elevation, rotation, 0.13, clouds=1.4, lit=(1, 0.97, 0.92), shade=(0.52, 0.58, 0.7), cover=0.47, scale=1.3, seed=5.1)
sun(elevation, rotation, 6.0, (1, 0.9, 0.75))

stone = material("stone", [(0.26, 0.23, 0.18), (0.42, 0.37, 0.3), (0.56, 0.5, 0.42)], 1.6, (0.6, 0.9), 0.4, 14, world=True)
clay = material("clay", [(0.3, 0.12, 0.06), (0.45, 0.2, 0.1), (0.55, 0.32, 0.2)], 5, (0.7, 0.95), 0.25, 30, vary=0.2)
iron = material("iron", [(0.015, 0.015, 0.016), (0.04, 0.035, 0.03)], 20, (0.4, 0.7))
pane = material("pane", [(0.02, 0.025, 0.03), (0.05, 0.06, 0.07)], 2, (0.02, 0.06), 0.02, 3, Specular=0.8)
masonry = bricks("masonry", (0.34, 0.28, 0.2), (0.46, 0.4, 0.31), (0.3, 0.26, 0.2), 0.5, 0.24, (math.pi / 2, 0, 0), 0.8)
rubble = bricks("rubble", (0.3, 0.25, 0.19), (0.45, 0.38, 0.29), (0.36, 0.32, 0.26), 0.36, 0.17, (0, math.pi / 2, math.pi / 2), 1.0)
greens = [leaf("green", c) for c in ((0.07, 0.14, 0.025), (0.12, 0.19, 0.04), (0.05, 0.1, 0.03))]
blooms = [leaf("bloom", c, 0.25) for c in ((0.62, 0.03, 0.04), (0.7, 0.1, 0.3), (0.75, 0.45, 0.05))]
plants = [bush("plant", g, 700, 0.13) for g in greens]
bunches = [bush("bunch", b, 170, 0.13, (1.05, 1.05, 1)) for b in blooms]


def weathered(name, color):
    """Lime plaster in a colour, bleached, streaked by rain and crumbling near the ground."""
    made, n = new_material(name)
    place = n.add("NewGeometry").outputs["Position"]
    broad = n.noise(place, 0.9, 10, 0.65)
    streak = n.noise(n.add("VectorMath", {0: place, 1: (5, 5, 0.35)}, operation="MULTIPLY"), 1, 8, 0.6)
    grit = n.noise(place, 22, 8, 0.7)
    pale = tuple(c * 0.45 + 0.42 for c in color)
    tone = n.mix(n.range(broad, 0.42, 0.66), color, pale)
    tone = n.mix(n.range(streak, 0.5, 0.72, 0, 0.6), tone, (0.45, 0.4, 0.34), "MULTIPLY")
    level = n.add("SeparateXYZ", {0: place}).outputs["Z"]
    damp = n.range(n.math("ADD", n.math("MULTIPLY", level, 0.4), n.math("MULTIPLY", broad, 2)), 1.55, 0.95)
    tone = n.mix(damp, tone, n.mix(grit, (0.16, 0.13, 0.1), (0.42, 0.36, 0.29)))
    gone = n.range(n.noise(place, 1.7, 8, 0.6, 0.5), 0.6, 0.63)
    tone = n.mix(gone, tone, n.mix(grit, (0.25, 0.19, 0.13), (0.5, 0.42, 0.32)))
    high = n.math("SUBTRACT", n.math("ADD", n.math("MULTIPLY", grit, 0.5), broad), n.math("MULTIPLY", gone, 0.6))
    finish(n, n.add("BsdfPrincipled", {"Base Color": tone, "Roughness": 0.88, "Specular": 0.25,
                                       "Normal": n.add("Bump", {"Strength": 0.5, "Distance": 0.03, "Height": high})}))
    return made


def slope(y):
    """The height of the lane, which climbs in its farther part."""
    return 0.03 * y + 0.08 * max(0, y - 7)


def pot(place, size, kind=None):
    put("pot", lathe("pot", [(0, 0.02), (0.13, 0), (0.2, 0.3), (0.23, 0.3), (0.235, 0.37), (0.2, 0.36), (0.18, 0.32), (0, 0.32)], clay, 32), place, (0, 0, random.random() * 6), size)
    top = (place[0], place[1], place[2] + 0.52 * size)
    scatter([random.choice(plants)], [top], (0.33 * size, 0.42 * size))
    if random.random() < 0.75:
        scatter([random.choice(bunches)], [top], (0.36 * size, 0.42 * size))


def house(side, x, near, far, tall, color, trim, floors, door=True):
    """A house front along the lane at x; side is -1 at the left and 1 at the right."""
    depth, foot = 0.45, slope(near) - 0.6
    long = far - near
    paint = weathered("plaster", color)
    wood = material("shutter", [tuple(c * 0.6 for c in trim), trim, tuple(min(1, c * 1.5 + 0.03) for c in trim)], 2, (0.5, 0.8), 0.4, 25, stretch=(8, 8, 1))
    columns = max(1, int(long / 1.7))
    holes, windows = [], []
    for f in range(floors):
        for c in range(columns):
            middle = near + long * (c + 0.5) / columns + random.uniform(-0.1, 0.1)
            if f == 0 and door and c == 0:
                ground = slope(middle)
                holes.append(arch(middle, ground, 1.0, 2.25))
                for k in range(5):
                    box((x + side * (depth / 2 + 0.05 - 0.2), middle - 0.4 + 0.2 * k, ground + 1.1), (0.06, 0.195, 2.3), wood, 0.008)
                wall(arch(middle, ground - 0.05, 1.3, 2.45), [arch(middle, ground - 0.04, 0.98, 2.27)], 0.5, stone, (x + side * 0.2, 0, 0), (0, 0, math.pi / 2), 0.012)
                box((x - side * 0.25, middle, ground + 0.05), (0.6, 1.4, 0.2), stone, 0.02)
                continue
            level = slope(near) + 1.15 + 2.6 * f
            if level + 1.6 < slope(near) + tall:
                holes.append(rectangle(middle - 0.4, level, 0.8, 1.25))
                windows.append((middle, level))
    wall(rectangle(near, foot, long, tall + 0.6 + slope(near) - foot - 0.6), holes, depth, paint, (x + side * 0.225, 0, 0), (0, 0, math.pi / 2), 0.015)
    box((x + side * 2.5, (near + far) / 2, (foot + tall) / 2 + 0.2), (4.0, long, tall - foot), paint, 0)
    for middle, level in windows:
        box((x + side * 0.22, middle, level + 0.62), (0.03, 0.8, 1.25), pane, 0)
        for shift, size in (((0, 0), (0.05, 1.25)), ((0.2, 0.62), (0.8, 0.04)), ((-0.2, 0.62), (0.8, 0.04))):
            box((x + side * 0.2, middle, level + 0.625 + shift[0]), (0.05, *size), wood, 0.005)
        box((x - side * 0.03, middle, level - 0.05), (0.3, 1.05, 0.08), stone, 0.012)
        box((x - side * 0.01, middle, level + 1.33), (0.08, 1.0, 0.14), stone, 0.012)
        for s in (-1, 1):
            swing = random.choice((0.06, 0.1, 0.25, 0.7)) * s * side
            hinge = Vector((x - side * 0.04, middle + s * 0.43, level + 0.62))
            arm = Vector((-side * abs(math.sin(swing)), s * math.cos(swing), 0)) * 0.22
            angle = math.atan2(arm.y, arm.x) - math.pi / 2
            box(hinge + arm, (0.035, 0.43, 1.27), wood, 0.006, (0, 0, angle))
            for k in range(13):
                box(hinge + arm + Vector((0, 0, -0.54 + 0.09 * k)), (0.06, 0.34, 0.03), wood, 0.004, (0, 0, angle))
        if random.random() < 0.65:
            box((x - side * 0.2, middle, level + 0.08), (0.2, 0.8, 0.18), clay, 0.02)
            for k in range(3):
                here = (x - side * 0.22, middle - 0.28 + 0.28 * k, level + 0.24)
                scatter([random.choice(plants)], [here], (0.17, 0.24))
                scatter([bunches[int(middle) % 3]], [here], (0.2, 0.26))
    # Eaves of tiles
    for k in range(int(long / 0.2)):
        y = near + 0.1 + 0.2 * k
        put("tile", tube("tile", [(x - side * 0.42, y, slope(near) + tall), (x + side * 0.6, y, slope(near) + tall + 0.35)], [0.1, 0.085], clay, 12))
    box((x - side * 0.1, (near + far) / 2, slope(near) + tall - 0.16), (0.5, long, 0.1), stone, 0.02)
    put("pipe", tube("pipe", [(x - side * 0.07, far - 0.12, foot), (x - side * 0.07, far - 0.12, slope(near) + tall - 0.1)], [0.045, 0.045], iron, 12))


ochre, rose, cream, terra, blue = (0.62, 0.34, 0.1), (0.6, 0.24, 0.17), (0.66, 0.54, 0.36), (0.52, 0.19, 0.08), (0.3, 0.4, 0.45)
house(-1, -1.75, -2.0, 3.6, 7.2, rose, (0.05, 0.16, 0.15), 3)
house(-1, -1.6, 3.6, 7.4, 6.0, ochre, (0.08, 0.2, 0.1), 2)
house(-1, -1.85, 7.4, 12.4, 7.4, cream, (0.07, 0.16, 0.3), 3)
house(-1, -1.7, 12.4, 17.0, 6.0, terra, (0.1, 0.2, 0.12), 2)
house(1, 1.75, -2.0, 2.6, 6.6, cream, (0.25, 0.06, 0.04), 2)
house(1, 1.6, 2.6, 7.8, 5.6, terra, (0.05, 0.2, 0.2), 2)
house(1, 1.8, 7.8, 12.6, 6.4, blue, (0.6, 0.55, 0.46), 2)
house(1, 1.65, 12.6, 17.2, 5.4, ochre, (0.18, 0.08, 0.04), 2)

# An arch that spans the lane, and the tower behind it
foot = slope(12.5)
wall([(-1.9, foot), (-1.35, foot), *[(-1.35 * math.cos(math.pi * k / 24), foot + 2.2 + 1.35 * math.sin(math.pi * k / 24)) for k in range(25)], (1.35, foot), (1.9, foot), (1.9, foot + 4.4), (-1.9, foot + 4.4)],
     [], 1.0, masonry, (0, 12.6, 0))
for k in range(19):
    tile_x = -1.8 + 0.2 * k
    put("tile", tube("tile", [(tile_x, 12.0, foot + 4.4), (tile_x, 13.2, foot + 4.5)], [0.1, 0.1], clay, 12))
tower_y, tower_foot = 27.0, 1.5
for low, tall, wide in ((0, 8.6, 3.4), (8.6, 3.6, 3.0)):
    hole = [arch(0, tower_foot + low + 0.7, 1.2, 2.4)] if low else [arch(0, tower_foot + 5.4, 0.7, 1.6)]
    for turn in (0, math.pi / 2):
        for s in (-1, 1):
            shift = (0, tower_y + s * (wide / 2 - 0.25), 0) if turn == 0 else (s * (wide / 2 - 0.25), tower_y, 0)
            wall(rectangle(-wide / 2, tower_foot + low, wide, tall), hole, 0.5, masonry if turn == 0 else rubble, shift, (0, 0, turn), 0.02)
    box((0, tower_y, tower_foot + low + tall), (wide + 0.5, wide + 0.5, 0.3), stone, 0.05)
put("bell", lathe("bell", [(0.0, 1.1), (0.2, 1.05), (0.3, 0.6), (0.4, 0.2), (0.55, 0), (0.5, 0)], material("bronze", [(0.12, 0.1, 0.05), (0.2, 0.17, 0.08)], Metallic=0.8), 48), (0, tower_y, tower_foot + 9.6))
put("roof", lathe("roof", [(2.2, 12.3), (1.2, 13.3), (0.12, 15.2), (0.04, 15.3), (0.04, 16.2), (0, 16.2)], bricks("roof", (0.42, 0.16, 0.08), (0.5, 0.25, 0.14), (0.15, 0.08, 0.05), 0.2, 0.16, (math.pi / 2, 0, 0), 1.0), 8, smooth=False), (0, tower_y, tower_foot), (0, 0, math.pi / 8))

scatter(plants, [(s * random.uniform(0.7, 1.9), random.uniform(18.5, 21), slope(19) + random.uniform(0.2, 1.1)) for s in (-1, 1) for _ in range(14)], (0.5, 0.9))

# Cobbles, each a rounded stone, and steps where it grows steep
earth = material("earth", [(0.06, 0.05, 0.04), (0.13, 0.11, 0.09)], 6, world=True)
put("earth", mesh("earth", [(x, y, slope(y) - 0.02) for y in (-4, 7, 30) for x in (-3, 3)], grid_faces(3, 2), earth))
setts = material("sett", [(0.1, 0.095, 0.09), (0.21, 0.19, 0.17), (0.34, 0.3, 0.26)], 4, (0.3, 0.65), 0.35, 30, vary=0.4)
forms = []
for _ in range(8):
    outline = [(0.0, 0.03), (0.04, 0.029), (0.062, 0.022), (0.072, 0.0), (0.07, -0.05)]
    form = lathe("sett", outline[::-1], setts, 20)
    shift = Vector((random.random() * 50, 0, 0))
    for v in form.vertices:
        power = 4
        radius = math.hypot(v.co.x, v.co.y)
        if radius > 0:
            square = radius / (abs(v.co.x) ** power + abs(v.co.y) ** power) ** (1 / power)
            v.co.x *= square * (1 + 0.1 * noise.noise(v.co * 9 + shift))
            v.co.y *= square * (1 + 0.1 * noise.noise(v.co * 9 - shift))
        v.co.z += 0.008 * noise.noise(v.co * 14 + shift)
    forms.append(form)
row = 0
y = -0.8
while y < 19:
    for k in range(-13, 14):
        x = 0.152 * (k + 0.5 * (row % 2)) + random.gauss(0, 0.004)
        gutter = 0.05 * (1 - min(1, abs(x) / 1.4) ** 2) - 0.045
        put("sett", random.choice(forms), (x, y + 0.05 * math.cos(x * 1.1), slope(y) - gutter + random.gauss(0, 0.004)), (random.gauss(0, 0.04), random.gauss(0, 0.04), random.gauss(0, 0.06)), random.uniform(0.95, 1.05))
    y += 0.147
    row += 1

# Pots, a bench, lamps and washing
for side, x, y, size in ((-1, -1.42, 1.7, 1.0), (-1, -1.45, 2.35, 0.75), (-1, -1.3, 4.6, 0.95), (-1, -1.32, 6.9, 1.1), (-1, -1.5, 9.0, 1.2), (1, 1.4, 2.05, 1.15),
                         (1, 1.3, 3.3, 0.8), (1, 1.28, 5.4, 1.1), (1, 1.3, 6.1, 0.8), (1, 1.45, 8.4, 1.2), (1, 1.42, 10.6, 1.0)):
    pot((x, y, slope(y)), size)
vine = [(1.55, 4.3 + 0.25 * math.sin(t * 2.1) + 0.05 * t * t, slope(4) + t * 0.5) for t in numpy.linspace(0, 9.5, 40)]
put("vine", tube("vine", vine, [0.035, 0.012], material("vine", [(0.05, 0.035, 0.025), (0.12, 0.09, 0.06)], 20), 8))
scatter(plants, [(1.5 + random.gauss(0, 0.05), v[1] + random.gauss(0, 0.22), v[2] + random.gauss(0, 0.2)) for v in vine[8:] for _ in range(2)], (0.14, 0.28), 0.5)
scatter([bunches[1]], [(1.45 + random.gauss(0, 0.05), v[1] + random.gauss(0, 0.25), v[2] + random.gauss(0, 0.2)) for v in vine[10:]], (0.15, 0.28), 0.5)
cloths = [material("cloth", [c, tuple(min(1, v * 1.15) for v in c)], 3, (0.85, 0.95), 0.1, 60) for c in ((0.75, 0.73, 0.68), (0.16, 0.28, 0.5), (0.6, 0.12, 0.08), (0.75, 0.6, 0.25), (0.72, 0.7, 0.66))]
line = [(x, 5.6, 5.15 + 0.05 * x * x) for x in numpy.linspace(-1.7, 1.7, 24)]
put("line", tube("line", line, [0.008, 0.008], stone, 6))
for k, (left, wide, drop) in enumerate(((-1.35, 0.55, 0.8), (-0.7, 0.4, 0.6), (-0.2, 0.6, 0.95), (0.5, 0.35, 0.55), (0.95, 0.5, 0.75))):
    points = []
    for v in numpy.linspace(0, 1, 24):
        for u in numpy.linspace(0, 1, 24):
            x = left + wide * (u * (1 - 0.06 * v) + 0.03 * v)
            points.append((x, 5.6 + 0.1 * v * noise.noise(Vector((u * 2.2 + k * 9, v * 1.2, k))) + 0.02 * math.sin(u * 14 + k) * v, 5.15 + 0.05 * x * x - drop * v))
    put("cloth", mesh("cloth", points, grid_faces(24, 24), cloths[k]))
for side, x, y in ((-1, -1.6, 3.9), (1, 1.75, 8.2)):
    z = slope(y) + 3.1
    put("arm", tube("arm", curved([(x, y, z), (x - side * 0.25, y, z + 0.16), (x - side * 0.5, y, z + 0.08)]), [0.02, 0.015], iron, 8))
    put("lantern", lathe("lantern", [(0, 0.08), (0.03, 0.05), (0.13, 0.0), (0.125, -0.02), (0.07, -0.3), (0.02, -0.33), (0, -0.33)], iron, 6, smooth=False), (x - side * 0.5, y, z))

camera((0.12, -0.95, 1.6), (-0.02, 8, 3.05), lens=27)
render(640, 960, 22, exposure=0.75, bounces=5)
