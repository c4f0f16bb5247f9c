"""Colonnade: a walk of round arches beside a garden, with the sun throwing their shadows over tiles and bricks."""
import math
import os
import random
import sys

sys.path.append(os.path.dirname(os.path.abspath(__file__)))
from studio import *

start(21)
elevation, rotation = 38, 62
sky(elevation, rotation, 0.14, clouds=1.3, lit=(1, 0.97, 0.92), shade=(0.55, 0.6, 0.7), cover=0.48, seed=7.7)
sun(elevation, rotation, 6.5, (1, 0.9, 0.74), 0.7)

span, arches, width = 2.6, 9, 3.2  # The walk runs along y; its columns stand at x = width / 2

stone = material("stone", [(0.3, 0.25, 0.18), (0.5, 0.43, 0.33), (0.62, 0.56, 0.45)], 1.1, (0.6, 0.9), 0.35, 14, world=True)
plaster = material("plaster", [(0.5, 0.27, 0.13), (0.62, 0.38, 0.2), (0.7, 0.5, 0.32)], 0.8, (0.8, 0.95), 0.25, 9, world=True)
oak = material("oak", [(0.06, 0.032, 0.015), (0.13, 0.07, 0.035), (0.2, 0.12, 0.06)], 2, (0.5, 0.8), 0.4, 20, world=True, stretch=(1, 8, 8), vary=0.25)
dark = material("dark wood", [(0.02, 0.045, 0.04), (0.04, 0.08, 0.07), (0.07, 0.12, 0.1)], 3, (0.4, 0.7), 0.3, 20, stretch=(10, 10, 1))
side = bricks("bricks", (0.36, 0.13, 0.07), (0.5, 0.23, 0.12), (0.45, 0.4, 0.33), 0.25, 0.075, (0, math.pi / 2, math.pi / 2))
tiles = bricks("tiles", (0.4, 0.2, 0.12), (0.52, 0.32, 0.2), (0.2, 0.17, 0.14), 0.3, 0.3, (0, 0, math.pi / 4), 0.4)

long = span * arches
start_y = -2.6
box((0.0, start_y + long / 2, -0.1), (width + 0.9, long, 0.2), tiles, 0)
for step in (1, 2):
    box((width / 2 + 0.2 + 0.35 * step, start_y + long / 2, -0.1 - 0.15 * step), (0.9, long, 0.2), stone, 0.02)

# The outer arcade: columns with a wall of arches on them
shaft = curved([(0.17, 0.2), (0.172, 0.8), (0.165, 1.4), (0.145, 2.05)], 6)
base = [(0.0, 0.0), (0.26, 0.0), (0.26, 0.08), (0.25, 0.085), (0.262, 0.11), (0.25, 0.14), (0.21, 0.15), (0.2, 0.165), (0.215, 0.18), (0.2, 0.2)]
top = [(0.165, 2.06), (0.165, 2.09), (0.148, 2.1), (0.15, 2.13), (0.2, 2.22), (0.235, 2.27), (0.24, 2.3), (0.0, 2.3)]
column = lathe("column", base + shaft + top, stone, 48)
column.use_auto_smooth, column.auto_smooth_angle = True, 0.7
for i in range(arches + 1):
    y = start_y + span * i
    put("column", column, (width / 2, y, 0.0), (0, 0, i * 1.3))
    box((width / 2, y, 0.03), (0.56, 0.56, 0.1), stone, 0.012)
    box((width / 2, y, 2.33), (0.54, 0.54, 0.09), stone, 0.012)
spring = 2.375
openings = [arch(start_y + span * (i + 0.5), spring - 0.001, span - 0.5, 1.05 + 0.001) for i in range(arches)]


def arcade(x, thickness, stuff):
    """A wall over the columns: one outline that follows all the arches."""
    line = [(start_y - 0.25, spring)]
    for i in range(arches):
        middle, radius = start_y + span * (i + 0.5), (span - 0.5) / 2
        line += [(middle - radius * math.cos(math.pi * k / 28), spring + radius * math.sin(math.pi * k / 28)) for k in range(29)]
    end = start_y + long + 0.25
    line += [(end, spring), (end, 4.6), (start_y - 0.25, 4.6)]
    return wall(line, [], thickness, stuff, (x, 0, 0), (0, 0, math.pi / 2), 0.012)


arcade(width / 2, 0.4, plaster)
for i in range(arches):  # a moulding round each arch, inside and out
    middle, radius = start_y + span * (i + 0.5), (span - 0.5) / 2
    ring = [(middle - r * math.cos(math.pi * k / 28), spring + r * math.sin(math.pi * k / 28))
            for r, ks in ((radius - 0.01, range(29)), (radius + 0.17, range(28, -1, -1))) for k in ks]
    wall(ring, [], 0.46, stone, (width / 2, 0, 0), (0, 0, math.pi / 2), 0.012)

# The inner wall of bricks, with doors in stone frames and niches
doors = [start_y + span * (i + 0.5) for i in range(1, arches, 2)]
outline = [(start_y - 1, -0.1), (start_y + long + 1, -0.1), (start_y + long + 1, 4.6), (start_y - 1, 4.6)]
wall(outline, [arch(y, 0.0, 1.15, 2.5) for y in doors], 0.4, side, (-width / 2 - 0.2, 0, 0), (0, 0, math.pi / 2))
for y in doors:
    frame = arch(y, 0.0, 1.55, 2.72)
    wall(frame, [arch(y, 0.005, 1.13, 2.49)], 0.5, stone, (-width / 2 - 0.2, 0, 0), (0, 0, math.pi / 2), 0.015)
    for k in range(6):
        box((-width / 2 - 0.28, y - 0.48 + 0.192 * k, 1.25), (0.06, 0.188, 2.5), dark, 0.008)
    put("knob", lathe("knob", [(0.035 * math.sin(a), 0.035 * math.cos(a)) for a in numpy.linspace(0, math.pi, 12)], material("brass", [(0.5, 0.33, 0.1), (0.6, 0.42, 0.15)], Metallic=1.0), 16), (-width / 2 - 0.22, y + 0.35, 1.15))
box((-width / 2 + 0.01, start_y + long / 2, 0.12), (0.06, long, 0.26), stone, 0.01)

# The end of the walk, and the ceiling of beams and boards
wall([(-2, -0.1), (2, -0.1), (2, 4.6), (-2, 4.6)], [arch(0, 0.0, 1.7, 3.0)], 0.4, plaster, (0, start_y + long + 0.2, 0))
wall(arch(0, 0.0, 2.1, 3.2), [arch(0, 0.005, 1.66, 2.98)], 0.5, stone, (0, start_y + long + 0.2, 0), bevel=0.015)
for i in range(int(long / 0.65)):
    box((0, start_y + 0.3 + 0.65 * i, 4.05), (width + 0.1, 0.15, 0.2), oak, 0.012)
for i in range(15):
    box((-1.65 + 0.24 * i, start_y + long / 2, 4.18), (0.235, long, 0.04), oak, 0.004)
box((0, start_y + long / 2, 4.5), (width + 0.6, long, 0.4), plaster, 0)

# The garden: lawn, hedges, trees, cypresses, and hills
lawn = material("lawn", [(0.05, 0.09, 0.02), (0.1, 0.14, 0.035)], 1.5, bump=0.8, world=True)
put("lawn", mesh("lawn", [(1, -60, -0.5), (120, -60, -0.5), (120, 160, -0.5), (-90, 160, -0.5), (-90, 21.6, -0.5), (1, 21.6, -0.5)], [(0, 1, 2, 3, 4, 5)], lawn))
green, pale, olive = leaf("green", (0.06, 0.12, 0.02)), leaf("pale", (0.15, 0.22, 0.05)), leaf("olive", (0.05, 0.085, 0.035))
hedge = [bush("hedge", green, 7000, 0.09, (0.6, 1.2, 0.5)) for _ in range(3)]
scatter(hedge, [(5.2, y, 0.0) for y in numpy.arange(-8, 34, 1.1)], (0.9, 1.1))
crowns = [bush("crown", stuff, 16000, 0.07) for stuff in (green, pale, olive)]
tall = [bush("cypress", olive, 12000, 0.09, (0.28, 0.28, 1.6)) for _ in range(2)]
scatter(crowns, [(random.uniform(9, 34), random.uniform(-6, 48), random.uniform(1.2, 3.2)) for _ in range(46)], (1.6, 3.2), 0.2)
scatter(tall, [(7.8, y, 2.7) for y in numpy.arange(1, 46, 5.2)] + [(random.uniform(-8, 6), random.uniform(32, 44), 2.6) for _ in range(7)], (1.7, 2.3), 0.02)
scatter(hedge, [(x, 29, 0) for x in numpy.arange(-8, 6, 1.2)], (0.9, 1.2), 0.1)
tufts = [tuft("tuft", pale, 60, 0.12, 0.25, 0.008) for _ in range(3)]
scatter(tufts, [(random.uniform(2.5, 5), random.uniform(0, 24), -0.5) for _ in range(2500)], (0.7, 1.4))
scatter([bush("flowers", leaf("flower", (0.55, 0.05, 0.07)), 700, 0.05, (1, 1, 0.7))], [(4.5, random.uniform(0, 30), -0.3) for _ in range(70)], (0.15, 0.3))

# Pots with plants along the walk
clay = material("clay", [(0.3, 0.12, 0.06), (0.45, 0.2, 0.1), (0.55, 0.32, 0.2)], 5, (0.7, 0.95), 0.25, 30)
pot = lathe("pot", [(0, 0.02), (0.15, 0.0), (0.16, 0.02), (0.23, 0.34), (0.26, 0.35), (0.265, 0.42), (0.25, 0.43), (0.22, 0.42), (0.2, 0.36), (0, 0.36)], clay, 48)
blooms = leaf("blooms", (0.6, 0.05, 0.04), 0.3)
for i, y in enumerate((3.0, 5.15, 8.2, 10.4, 13.4, 15.6)):
    put("pot", pot, (-1.2, y, 0))
    scatter([bush("plant", pale if i % 2 else green, 900, 0.11, (1, 1, 0.9))], [(-1.2, y, 0.62)], (0.36, 0.44))
    if i % 2 == 0:
        scatter([bush("blooms", blooms, 160, 0.12, (1.1, 1.1, 1))], [(-1.2, y, 0.66)], (0.36, 0.44))
scatter([bush("fallen", leaf("fallen", (0.3, 0.14, 0.03)), 3, 0.5, (0.3, 0.3, 0))], [(random.uniform(-1.3, 1.5), random.uniform(1, 18), 0.006) for _ in range(60)], (0.06, 0.12), 0.05)

camera((-0.45, -0.6, 1.55), (0.22, 8, 1.72), lens=24)
render(851, 567, 40, exposure=0.45)
