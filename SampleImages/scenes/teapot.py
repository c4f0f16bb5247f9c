"""Teapot: a glazed earthenware pot, painted with blue bands and leaves, with a cup, on nothing: the ground is transparent."""
import math
import os
import random
import sys

sys.path.append(os.path.dirname(os.path.abspath(__file__)))
from studio import *

start(4)
world = bpy.data.worlds.new("room")
bpy.context.scene.world = world
world.use_nodes = True
n = Nodes(world.node_tree)
up = n.add("SeparateXYZ", {0: n.add("TexCoord").outputs["Generated"]}).outputs["Z"]
n.link(n.add("Background", {"Color": n.mix(n.range(up, -0.4, 0.7), (0.16, 0.12, 0.09), (0.3, 0.34, 0.4))}), n.add("OutputWorld").inputs["Surface"])
area_light((-2.2, -1.6, 2.4), (0, 0, 0.7), (1.3, 1.8), 150, (1, 0.93, 0.84))
area_light((2.6, -0.6, 1.6), (0, 0, 0.7), (0.7, 2.0), 40, (0.8, 0.9, 1))
area_light((0.6, 2.4, 2.2), (0, 0, 0.7), (1.5, 0.8), 60, (1, 0.95, 0.9))


def painted(name, bands, leaves):
    """Cream glaze with crackle and specks; blue bands at heights (low, high), and leaves between two heights."""
    made, n = new_material(name)
    place = n.add("TexCoord").outputs["Object"]
    parts = n.add("SeparateXYZ", {0: place})
    wobble = n.math("MULTIPLY", n.math("SUBTRACT", n.noise(place, 7, 3), 0.5), 0.022)
    level = n.math("ADD", parts.outputs["Z"], wobble)
    around = n.math("ARCTAN2", parts.outputs["Y"], parts.outputs["X"])
    ink = None
    for low, high in bands:
        inside = n.math("MULTIPLY", n.range(level, low - 0.004, low + 0.004), n.range(level, high + 0.004, high - 0.004))
        ink = n.math("MAXIMUM", ink, inside) if ink else inside
    low, high, count = leaves
    # Leaves: a row of pointed ovals that lean, each with its rib left bare
    tall = n.math("DIVIDE", n.math("SUBTRACT", level, low), high - low)
    shifted = n.math("ADD", n.math("MULTIPLY", around, count / 6.2832), n.math("MULTIPLY", tall, 0.45))
    across = n.math("SUBTRACT", n.math("FRACT", n.math("ADD", shifted, 20)), 0.5)
    wide = n.math("ABSOLUTE", n.math("ADD", across, n.math("MULTIPLY", n.math("SUBTRACT", n.noise(place, 9, 3), 0.5), 0.12)))
    oval = n.math("MULTIPLY", n.math("SINE", n.math("MULTIPLY", tall, math.pi)), 0.36)
    within = n.math("MULTIPLY", n.range(tall, 0.0, 0.02), n.range(tall, 1.0, 0.98))
    shape = n.math("MULTIPLY", n.range(n.math("SUBTRACT", oval, wide), -0.015, 0.02), within)
    rib = n.range(wide, 0.02, 0.045)
    veins = n.range(n.math("SINE", n.math("ADD", n.math("MULTIPLY", tall, 44), n.math("MULTIPLY", wide, -40))), -0.95, -0.5)
    leaf_ink = n.math("MULTIPLY", shape, n.math("MULTIPLY", rib, veins))
    brush = n.noise(n.add("VectorMath", {0: place, 1: (14, 14, 40)}, operation="MULTIPLY"), 1, 8, 0.6)
    blue = n.ramp(brush, [(0.012, 0.03, 0.16), (0.03, 0.08, 0.33), (0.09, 0.18, 0.45)])
    rust = n.ramp(brush, [(0.22, 0.05, 0.012), (0.38, 0.11, 0.025), (0.5, 0.2, 0.06)])
    cream = n.ramp(n.noise(place, 2.5, 8, 0.6), [(0.5, 0.42, 0.28), (0.64, 0.56, 0.41), (0.7, 0.64, 0.5)])
    specks = n.range(n.add("TexVoronoi", {"Vector": place, "Scale": 34.0, "Randomness": 1.0}), 0.1, 0.05)
    cream = n.mix(n.math("MULTIPLY", specks, n.range(n.noise(place, 5, 2), 0.45, 0.6)), cream, (0.2, 0.11, 0.05))
    crackle = n.add("TexVoronoi", {"Vector": n.add("VectorMath", {0: place, 1: n.add("VectorMath", {0: n.add("TexNoise", {"Vector": place, "Scale": 6.0}).outputs["Color"], "Scale": 0.1}, operation="SCALE")}), "Scale": 11.0}, feature="DISTANCE_TO_EDGE")
    cream = n.mix(n.range(crackle, 0.012, 0.002, 0, 0.35), cream, (0.22, 0.15, 0.09))
    color = n.mix(n.math("MULTIPLY", ink, n.range(brush, 0.25, 0.45, 0.75, 1)), cream, blue)
    color = n.mix(n.math("MULTIPLY", leaf_ink, 0.95), color, n.mix(n.math("GREATER_THAN", n.math("FRACT", n.math("MULTIPLY", n.math("FLOOR", n.math("ADD", shifted, 20)), 0.5)), 0.25), blue, rust))
    dimple = n.add("Bump", {"Strength": 0.12, "Distance": 0.02, "Height": n.math("ADD", n.noise(place, 4, 4), n.math("MULTIPLY", n.noise(n.add("VectorMath", {0: place, 1: (0.6, 0.6, 26)}, operation="MULTIPLY"), 1, 2), 0.5))})
    finish(n, n.add("BsdfPrincipled", {"Base Color": color, "Roughness": n.range(brush, 0.3, 0.7, 0.1, 0.28), "Specular": 0.55, "Clearcoat": 0.3, "Normal": dimple}))
    return made


pot = painted("pot", [(0.06, 0.09), (0.14, 0.155), (0.86, 0.9), (0.93, 0.945), (1.07, 1.1), (1.22, 1.3)], (0.2, 0.83, 13))
body = [(0.0, 0.03), (0.36, 0.03), (0.38, 0.0), (0.42, 0.0), (0.43, 0.04), (0.56, 0.16), (0.68, 0.36), (0.71, 0.54), (0.65, 0.74), (0.5, 0.9), (0.36, 0.98), (0.335, 1.02), (0.33, 1.05)]
lid = [(0.35, 1.035), (0.36, 1.055), (0.33, 1.075), (0.24, 1.125), (0.12, 1.165), (0.06, 1.185), (0.045, 1.21), (0.07, 1.245), (0.088, 1.28), (0.07, 1.315), (0.03, 1.33), (0.0, 1.332)]
for name, outline in (("body", body), ("lid", lid)):
    data = lathe(name, curved(outline, 8), pot, 160)
    for v in data.vertices:  # thrown by hand
        v.co.x *= 1 + 0.012 * noise.noise(v.co * 1.5)
        v.co.y *= 1 + 0.012 * noise.noise(v.co * 1.5 + Vector((7, 0, 0)))
    put(name, data)
spout = curved([(0.52, 0, 0.3), (0.72, 0, 0.4), (0.86, 0, 0.58), (0.93, 0, 0.8), (1.03, 0, 0.95), (1.1, 0, 1.0)], 10)
put("spout", tube("spout", spout, [0.2, 0.155, 0.11, 0.088, 0.078, 0.085], pot, 48)).modifiers.new("round", "SUBSURF").render_levels = 1
put("hollow", tube("hollow", [(1.06, 0, 0.972), (1.103, 0, 1.003)], [0.05, 0.066], material("hollow", [(0.02, 0.012, 0.008), (0.05, 0.03, 0.02)]), 32))
cane = material("cane", [(0.12, 0.05, 0.015), (0.26, 0.12, 0.04), (0.38, 0.2, 0.07)], 9, (0.35, 0.6), 0.3, 60)
handle = curved([(-0.5, 0, 0.86), (-0.74, 0, 0.97), (-0.97, 0, 0.9), (-1.05, 0, 0.68), (-0.95, 0, 0.44), (-0.78, 0, 0.3), (-0.62, 0, 0.25)], 12)
put("handle", tube("handle", handle, [0.075, 0.055, 0.052, 0.055, 0.052, 0.055, 0.085], pot, 32))
winding = []
for i in range(700):  # cane wound about the handle
    t = 18 + i / 700 * (len(handle) - 38)
    k = int(t)
    middle = Vector(handle[k]).lerp(Vector(handle[k + 1]), t - k)
    ahead = (Vector(handle[k + 1]) - Vector(handle[k])).normalized()
    out = Vector((0, 1, 0))
    a = i * 2 * math.pi / 25
    winding.append(middle + out * math.cos(a) * 0.064 + ahead.cross(out) * math.sin(a) * 0.064)
put("winding", tube("winding", winding, [0.0175, 0.0175], cane, 8))

# A cup of tea before it
cup_glaze = painted("cup", [(0.02, 0.045), (0.36, 0.385), (0.405, 0.415)], (0.08, 0.34, 9))
cup = [(0.0, 0.03), (0.12, 0.03), (0.13, 0.0), (0.155, 0.0), (0.17, 0.04), (0.24, 0.14), (0.275, 0.28), (0.285, 0.42), (0.28, 0.432), (0.268, 0.425), (0.258, 0.28), (0.22, 0.15), (0.13, 0.06), (0.0, 0.055)]
put("cup", lathe("cup", curved(cup, 8), cup_glaze, 96), (0.62, -0.72, 0))
tea = material("tea", [(0.16, 0.045, 0.006), (0.2, 0.06, 0.01)], 2, (0.02, 0.04), 0.01)
put("tea", lathe("tea", [(0.266, 0.36), (0.262, 0.355), (0.0, 0.355)], tea, 64), (0.62, -0.72, 0))

camera((0.3, -4.6, 2.3), (0.05, -0.05, 0.575), lens=62)
render(720, 560, 44, exposure=0.3, transparent=True)
