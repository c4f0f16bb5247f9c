"""What all the scenes share: a clean start, shader nodes in short form, sky, haze, shapes, scattering, rendering.

A scene is run as: blender -b -P scene.py -- picture.png [percent of size [samples]]
"""
import math
import random
import sys
import tempfile

import bpy
import numpy
from mathutils import Euler, Vector, noise


def start(seed=1):
    """An empty scene, and random numbers that are the same every time."""
    bpy.ops.wm.read_factory_settings(use_empty=True)
    random.seed(seed)
    noise.seed_set(seed)


def render(width, height, samples, exposure=0.0, look="Medium High Contrast", transparent=False, bounces=6):
    """Renders the scene into the PNG file named on the command line."""
    given = sys.argv[sys.argv.index("--") + 1:]
    scene = bpy.context.scene
    scene.render.engine = "CYCLES"
    scene.cycles.use_denoising = False
    scene.cycles.seed = 7
    scene.cycles.use_adaptive_sampling = True
    scene.cycles.adaptive_threshold = 0.03
    scene.cycles.samples = int(given[2]) if len(given) > 2 else samples
    scene.cycles.max_bounces = bounces
    scene.cycles.transparent_max_bounces = 12
    scene.cycles.sample_clamp_indirect = 4
    scene.cycles.caustics_reflective = False
    scene.cycles.caustics_refractive = False
    scene.render.resolution_x, scene.render.resolution_y = width, height
    scene.render.resolution_percentage = int(given[1]) if len(given) > 1 else 100
    scene.render.film_transparent = transparent
    scene.view_settings.view_transform = "Filmic"
    scene.view_settings.look = look
    scene.view_settings.exposure = exposure
    scene.render.image_settings.file_format = "PNG"
    scene.render.image_settings.color_mode = "RGBA" if transparent else "RGB"
    with tempfile.TemporaryDirectory() as folder:
        keep_passes(scene, folder)
        bpy.ops.render.render()
        passes = [read_pass(f"{folder}/{name}0001.exr") for name in PASSES]
    calm = bpy.data.images.new("calm", passes[0].shape[1], passes[0].shape[0], alpha=True, float_buffer=True)
    calm.alpha_mode = "PREMUL"
    calm.pixels.foreach_set(without_noise(*passes).ravel())
    calm.save_render(given[0], scene=scene)


PASSES = {"color": "Image", "albedo": "Denoising Albedo", "normal": "Denoising Normal"}


def keep_passes(scene, folder):
    """Has the picture written to the folder unfinished, with the colours and the directions of what is seen."""
    scene.view_layers[0].cycles.denoising_store_passes = True
    scene.use_nodes = True
    tree = scene.node_tree
    tree.nodes.clear()
    layers = tree.nodes.new("CompositorNodeRLayers")
    files = tree.nodes.new("CompositorNodeOutputFile")
    files.base_path = folder
    files.format.file_format = "OPEN_EXR"
    files.format.color_mode = "RGBA"
    files.format.color_depth = "32"
    files.file_slots.clear()
    for name, source in PASSES.items():
        files.file_slots.new(name)
        tree.links.new(layers.outputs[source], files.inputs[name])


def read_pass(path):
    image = bpy.data.images.load(path)
    image.colorspace_settings.name = "Non-Color"
    pixels = numpy.empty(len(image.pixels), numpy.float32)
    image.pixels.foreach_get(pixels)
    return pixels.reshape(image.size[1], image.size[0], 4)


def without_noise(color, albedo, normal, reach=6, likeness=0.07):
    """Averages the light of each pixel with that of near pixels that look alike in colour, surface and direction."""
    albedo, normal, alpha = albedo[..., :3], normal[..., :3], color[..., 3:]
    ground = albedo + 0.04
    light = without_sparks(color[..., :3]) / ground
    tone = light * ground
    tone = numpy.sqrt(tone / (1 + tone))
    height, width = alpha.shape[:2]
    around = [numpy.pad(part, ((reach + 1,) * 2, (reach + 1,) * 2, (0, 0)), "edge") for part in (light, tone, albedo, normal)]
    total, weights = numpy.zeros_like(light), numpy.zeros_like(alpha)
    inner = [part[reach:reach + height + 2, reach:reach + width + 2] for part in around]
    for y in range(2 * reach + 1):
        for x in range(2 * reach + 1):
            other = [part[y:y + height + 2, x:x + width + 2] for part in around]
            apart = ((other[1] - inner[1]) ** 2).sum(-1) / 3
            apart = sum(apart[i:i + height, j:j + width] for i in range(3) for j in range(3)) / 9 / likeness ** 2
            apart += (((other[2] - inner[2]) ** 2).sum(-1) / 0.05 ** 2)[1:-1, 1:-1]
            apart += (((other[3] - inner[3]) ** 2).sum(-1) / 0.25 ** 2)[1:-1, 1:-1]
            weight = numpy.exp(-apart)[..., None]
            total += weight * other[0][1:-1, 1:-1]
            weights += weight
    return numpy.concatenate([total / weights * ground, alpha], axis=2)


def without_sparks(color):
    """No pixel may be more than twice as bright as its second brightest neighbour."""
    bright = color.max(axis=2)
    edge = numpy.pad(bright, 1, "edge")
    height, width = bright.shape
    near = numpy.sort([edge[i:i + height, j:j + width] for i in range(3) for j in range(3) if (i, j) != (1, 1)], axis=0)
    return color * numpy.minimum(1, (near[-2] * 2 + 0.01) / numpy.maximum(bright, 1e-6))[..., None]


# Camera and light


def camera(place, target, lens=35, focus=None, fstop=2.8):
    data = bpy.data.cameras.new("camera")
    data.lens = lens
    data.clip_end = 50000
    if focus is not None:
        data.dof.use_dof = True
        data.dof.focus_distance = (Vector(focus) - Vector(place)).length
        data.dof.aperture_fstop = fstop
    made = put("camera", data, place)
    made.rotation_euler = aim(place, target)
    bpy.context.scene.camera = made
    return made


def aim(place, target):
    return (Vector(target) - Vector(place)).to_track_quat("-Z", "Y").to_euler()


def sun(elevation, rotation, strength, color=(1, 0.93, 0.82), angle=0.6):
    """Sunlight; the rotation is the compass bearing of the sun, clockwise from the y axis, in degrees."""
    data = bpy.data.lights.new("sun", "SUN")
    data.energy, data.color, data.angle = strength, color, math.radians(angle)
    made = put("sun", data, (0, 0, 0))
    made.rotation_euler = aim(sun_direction(elevation, rotation), (0, 0, 0))


def sun_direction(elevation, rotation):
    up, around = math.radians(elevation), math.radians(rotation)
    return Vector((math.cos(up) * math.sin(around), math.cos(up) * math.cos(around), math.sin(up)))


def area_light(place, target, size, power, color=(1, 1, 1)):
    data = bpy.data.lights.new("area", "AREA")
    data.shape = "RECTANGLE"
    data.size, data.size_y = size
    data.energy, data.color = power, color
    made = put("area", data, place)
    made.rotation_euler = aim(place, target)
    return made


def point_light(place, power, color=(1, 0.6, 0.28), radius=0.1):
    data = bpy.data.lights.new("point", "POINT")
    data.energy, data.color, data.shadow_soft_size = power, color, radius
    return put("point", data, place)


def sky(elevation, rotation, strength=0.12, dust=1.0, clouds=None, lit=(1, 1, 1), shade=(0.4, 0.45, 0.55),
        cover=0.5, scale=1.2, seed=0.0, sharpness=0.16, horizon=None):
    """A clear sky, and (where clouds, their brightness, is given) drifting clouds which the sun lights from its side.

    The horizon, where given, is the colour of the mist low in the sky.
    """
    world = bpy.data.worlds.new("sky")
    bpy.context.scene.world = world
    world.use_nodes = True
    n = Nodes(world.node_tree)
    air = n.add("TexSky", sky_type="NISHITA", sun_disc=False, sun_elevation=math.radians(elevation),
                sun_rotation=math.radians(rotation), dust_density=dust, ozone_density=2.0)
    color = n.add("VectorMath", {0: air, "Scale": strength}, operation="SCALE")
    if clouds:
        direction = n.add("TexCoord").outputs["Generated"]
        parts = n.add("SeparateXYZ", {0: direction})
        height = n.math("MAXIMUM", parts.outputs["Z"], 0.0)
        flat = n.add("VectorMath", {0: direction, "Scale": n.math("DIVIDE", 1.0, n.math("ADD", height, 0.13))},
                     operation="SCALE")
        place = n.add("VectorMath", {0: flat, 1: (seed, seed * 1.7, seed * 0.3)})
        towards = sun_direction(elevation, rotation) * 0.16
        nearer = n.add("VectorMath", {0: place, 1: (towards.x, towards.y, 0.05)})
        thick = n.noise(place, scale, 12, 0.56, 0.25)
        ahead = n.noise(nearer, scale, 12, 0.56, 0.25)
        amount = n.range(thick, cover, cover + sharpness)
        amount = n.math("MULTIPLY", amount, n.range(parts.outputs["Z"], 0.0, 0.1))
        light = n.range(n.math("SUBTRACT", thick, ahead), -0.07, 0.09)
        tone = n.mix(light, shade, lit)
        bright = n.add("VectorMath", {0: tone, "Scale": clouds}, operation="SCALE")
        color = n.mix(amount, color, bright)
        if horizon:
            color = n.mix(n.range(parts.outputs["Z"], -0.05, 0.14), horizon, color)
    back = n.add("Background", {"Color": color})
    n.link(back, n.add("OutputWorld").inputs["Surface"])
    return n


# Shader nodes


class Nodes:
    """Builds a node tree. Any argument may be a value, a node (its first output is meant) or an output."""

    def __init__(self, tree):
        self.tree = tree
        tree.nodes.clear()

    def add(self, kind, inputs=None, **settings):
        node = self.tree.nodes.new("ShaderNode" + kind)
        for key, value in settings.items():
            setattr(node, key, value)
        for key, value in (inputs or {}).items():
            self.set(node.inputs[key], value)
        return node

    def set(self, entry, value):
        if isinstance(value, (bpy.types.Node, bpy.types.NodeSocket)):
            self.link(value, entry)
        elif entry.type == "RGBA" and len(value) == 3:
            entry.default_value = (*value, 1)
        else:
            entry.default_value = value

    def link(self, source, entry):
        self.tree.links.new(source.outputs[0] if isinstance(source, bpy.types.Node) else source, entry)

    def math(self, operation, a, b=0.5, clamp=False):
        return self.add("Math", {0: a, 1: b}, operation=operation, use_clamp=clamp)

    def range(self, value, low, high, to_low=0.0, to_high=1.0):
        return self.add("MapRange", {"Value": value, "From Min": low, "From Max": high,
                                     "To Min": to_low, "To Max": to_high}, interpolation_type="SMOOTHSTEP")

    def mix(self, factor, a, b, blend="MIX"):
        return self.add("MixRGB", {0: factor, 1: a, 2: b}, blend_type=blend)

    def noise(self, place, scale, detail=6, rough=0.5, distortion=0.0):
        return self.add("TexNoise", {"Vector": place, "Scale": scale, "Detail": detail, "Roughness": rough,
                                     "Distortion": distortion}).outputs["Fac"]

    def ramp(self, factor, colors, low=0.3, high=0.7):
        """The colours evenly spaced between low and high, the range noise mostly keeps to."""
        node = self.add("ValToRGB", {0: factor})
        elements = node.color_ramp.elements
        while len(elements) < len(colors):
            elements.new(0.5)
        for i, color in enumerate(colors):
            elements[i].position = low + (high - low) * i / max(1, len(colors) - 1)
            elements[i].color = (*color, 1)
        return node


def new_material(name):
    made = bpy.data.materials.new(name)
    made.use_nodes = True
    return made, Nodes(made.node_tree)


def finish(n, surface):
    n.link(surface, n.add("OutputMaterial").inputs["Surface"])


def material(name, colors, scale=4.0, rough=(0.5, 0.8), bump=0.2, fine=30.0, vary=0.0, stretch=(1, 1, 1),
             haze=None, world=False, depth=0.05, **more):
    """Mottled stuff: noise picks among the colours, varies the roughness and raises bumps.

    vary changes the brightness from object to object; depth is how deep the bumps go; more are further inputs of the principled shader.
    """
    made, n = new_material(name)
    place = n.add("NewGeometry").outputs["Position"] if world else n.add("TexCoord").outputs["Object"]
    place = n.add("VectorMath", {0: place, 1: stretch}, operation="MULTIPLY")
    coarse = n.noise(place, scale, 8, 0.6, 0.4)
    color = n.ramp(coarse, colors)
    if vary:
        chance = n.add("ObjectInfo").outputs["Random"]
        color = n.add("HueSaturation", {"Color": color, "Value": n.range(chance, 0, 1, 1 - vary, 1 + vary),
                                        "Hue": n.range(n.noise(chance, 900, 0), 0.3, 0.7, 0.5 - vary * 0.06, 0.5 + vary * 0.06)})
    grain = n.noise(place, fine, 8, 0.65)
    dimple = n.add("Bump", {"Strength": bump, "Distance": depth, "Height": n.math("ADD", grain, coarse)})
    shader = n.add("BsdfPrincipled", {"Base Color": color, "Roughness": n.range(grain, 0.3, 0.7, *rough),
                                      "Normal": dimple, **more})
    finish(n, hazed(n, shader, *haze) if haze else shader)
    return made


def hazed(n, shader, distance, color):
    """The shader seen through air that glows in the given colour; distance is how far one sees before 63 % is haze."""
    far = n.add("CameraData").outputs["View Distance"]
    clear = n.math("POWER", math.e, n.math("DIVIDE", far, -distance))
    seen = n.math("MULTIPLY", n.math("SUBTRACT", 1.0, clear), n.add("LightPath").outputs["Is Camera Ray"])
    glow = n.add("Emission", {"Color": color})
    return n.add("MixShader", {0: seen, 1: shader, 2: glow})


def bricks(name, color, other, mortar, width, height, turn=(0, 0, 0), bump=0.6):
    """Masonry in world coordinates, with every brick its own shade, and dirt over all."""
    made, n = new_material(name)
    place = n.add("NewGeometry").outputs["Position"]
    flat = n.add("VectorRotate", {"Vector": place, "Rotation": turn}, rotation_type="EULER_XYZ")
    wavy = n.add("VectorMath", {0: flat, 1: n.add("VectorMath", {0: n.add("TexNoise", {"Vector": place, "Scale": 9.0}).outputs["Color"], "Scale": 0.018}, operation="SCALE")})
    tile = n.add("TexBrick", {"Vector": wavy, "Color1": color, "Color2": other, "Mortar": mortar, "Scale": 1.0, "Mortar Size": 0.008,
                              "Mortar Smooth": 0.4, "Brick Width": width, "Row Height": height, "Bias": -0.1})
    dirt = n.noise(place, 1.3, 10, 0.65)
    grit = n.noise(place, 40, 6, 0.65)
    shade = n.mix(0.8, tile.outputs["Color"], n.ramp(n.math("ADD", n.math("MULTIPLY", dirt, 0.7), n.math("MULTIPLY", grit, 0.3)), [(0.4, 0.37, 0.34), (1, 1, 1)], 0.35, 0.6), "MULTIPLY")
    high = n.math("SUBTRACT", n.math("MULTIPLY", grit, 0.35), tile.outputs["Fac"])
    dent = n.add("Bump", {"Strength": bump, "Distance": 0.012, "Height": high})
    finish(n, n.add("BsdfPrincipled", {"Base Color": shade, "Roughness": n.range(dirt, 0.35, 0.65, 0.45, 0.8), "Normal": dent}))
    return made


def leaf(name, color, vary=0.35, through=0.4, haze=None, rough=0.6):
    """Thin green (or any) stuff that lets some light through; vary changes the brightness and hue from leaf to leaf."""
    made, n = new_material(name)
    chance = n.math("MULTIPLY", n.math("ADD", n.add("ObjectInfo").outputs["Random"], n.add("NewGeometry").outputs["Random Per Island"]), 0.5)
    blotch = n.noise(n.add("NewGeometry").outputs["Position"], 1.3, 3)
    value = n.math("ADD", n.range(chance, 0, 1, 1 - vary, 1 + vary), n.range(blotch, 0.3, 0.7, -vary, vary))
    tint = n.add("HueSaturation", {"Color": color, "Value": value, "Hue": n.range(blotch, 0.3, 0.7, 0.5 - vary * 0.1, 0.5 + vary * 0.1)})
    face = n.add("BsdfPrincipled", {"Base Color": tint, "Roughness": rough, "Specular": 0.3})
    back = n.add("BsdfTranslucent", {"Color": tint})
    shader = n.add("MixShader", {0: through, 1: face, 2: back})
    finish(n, hazed(n, shader, *haze) if haze else shader)
    return made


def glowing(name, color, strength):
    made, n = new_material(name)
    finish(n, n.add("Emission", {"Color": color, "Strength": strength}))
    return made


def glass(name, color=(1, 1, 1), rough=0.0, ior=1.45):
    """Clear or coloured glass that casts a light shadow, so that no caustics are needed."""
    made, n = new_material(name)
    body = n.add("BsdfGlass", {"Color": color, "Roughness": rough, "IOR": ior})
    light = n.add("BsdfTransparent", {"Color": color})
    path = n.add("LightPath")
    finish(n, n.add("MixShader", {0: path.outputs["Is Shadow Ray"], 1: body, 2: light}))
    return made


# Shapes


def put(name, data, place=(0, 0, 0), turn=(0, 0, 0), size=1.0):
    made = bpy.data.objects.new(name, data)
    made.location = place
    made.rotation_euler = turn
    made.scale = size if hasattr(size, "__len__") else (size, size, size)
    bpy.context.collection.objects.link(made)
    return made


def mesh(name, points, faces, stuff, smooth=True):
    data = bpy.data.meshes.new(name)
    data.from_pydata([tuple(p) for p in points], [], faces)
    for each in stuff if isinstance(stuff, list) else [stuff]:
        data.materials.append(each)
    if smooth:
        data.polygons.foreach_set("use_smooth", [True] * len(data.polygons))
    data.update()
    return data


def grid_faces(rows, columns, closed=False):
    """The faces of a net of points in rows; closed joins the last column to the first."""
    return [(r * columns + c, r * columns + (c + 1) % columns, (r + 1) * columns + (c + 1) % columns, (r + 1) * columns + c)
            for r in range(rows - 1) for c in range(columns if closed else columns - 1)]


def lathe(name, outline, stuff, sides=64, smooth=True):
    """The outline, pairs of radius and height, turned around the z axis."""
    points = [(r * math.cos(a), r * math.sin(a), z) for r, z in outline
              for a in [2 * math.pi * i / sides for i in range(sides)]]
    return mesh(name, points, grid_faces(len(outline), sides, closed=True), stuff, smooth)


def curved(outline, steps=10):
    """A smooth line (Catmull-Rom) through the points."""
    points = [numpy.array(p, float) for p in [outline[0], *outline, outline[-1]]]
    line = []
    for a, b, c, d in zip(points, points[1:], points[2:], points[3:]):
        for t in numpy.arange(steps) / steps:
            line.append(0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t * t + (3 * b - a - 3 * c + d) * t ** 3))
    return [tuple(p) for p in [*line, points[-1]]]


def tube(name, line, radii, stuff, sides=16):
    """A pipe along the line whose radius runs evenly through radii."""
    points = []
    for i, here in enumerate(line):
        ahead = Vector(line[min(i + 1, len(line) - 1)]) - Vector(line[max(i - 1, 0)])
        turn = ahead.to_track_quat("Z", "Y")
        radius = numpy.interp(i / (len(line) - 1), numpy.linspace(0, 1, len(radii)), radii)
        for s in range(sides):
            a = 2 * math.pi * s / sides
            points.append(Vector(here) + turn @ Vector((radius * math.cos(a), radius * math.sin(a), 0)))
    faces = grid_faces(len(line), sides, closed=True)
    faces += [tuple(range(sides))[::-1], tuple(len(points) - sides + s for s in range(sides))]
    return mesh(name, points, faces, stuff)


def box(place, size, stuff, bevel=0.01, turn=(0, 0, 0)):
    """A box of the given size around the place, with its edges slightly rounded."""
    x, y, z = (s / 2 for s in size)
    points = [(a, b, c) for a in (-x, x) for b in (-y, y) for c in (-z, z)]
    faces = [(0, 1, 3, 2), (4, 6, 7, 5), (0, 4, 5, 1), (2, 3, 7, 6), (0, 2, 6, 4), (1, 5, 7, 3)]
    made = put("box", mesh("box", points, faces, stuff, smooth=False), place, turn)
    if bevel:
        rounding = made.modifiers.new("bevel", "BEVEL")
        rounding.width, rounding.segments = bevel, 2
    return made


def wall(outline, holes, thickness, stuff, place=(0, 0, 0), turn=(0, 0, 0), bevel=0.01):
    """A flat slab with holes, standing in the xz plane before it is turned; the outlines are lists of (x, z)."""
    data = bpy.data.curves.new("wall", "CURVE")
    data.dimensions = "2D"
    data.fill_mode = "BOTH"
    data.extrude = thickness / 2 - bevel
    data.bevel_depth, data.bevel_resolution = bevel, 1
    data.offset = -bevel
    for line in [outline, *holes]:
        spline = data.splines.new("POLY")
        spline.points.add(len(line) - 1)
        for point, (x, z) in zip(spline.points, line):
            point.co = (x, z, 0, 1)
        spline.use_cyclic_u = True
    data.materials.append(stuff)
    made = put("wall", data, place)
    made.rotation_mode = "QUATERNION"
    made.rotation_quaternion = Euler(turn).to_quaternion() @ Euler((math.pi / 2, 0, 0)).to_quaternion()
    return made


def rectangle(x, z, width, height):
    return [(x, z), (x + width, z), (x + width, z + height), (x, z + height)]


def arch(x, z, width, height, steps=24):
    """A doorway outline with a round top; x is its middle, z its foot, and the height is up to the top of the arch."""
    radius = width / 2
    top = [(x + radius * math.cos(math.pi * i / steps), z + height - radius + radius * math.sin(math.pi * i / steps))
           for i in range(steps + 1)]
    return [(x - radius, z), (x + radius, z), *top]


def rock(name, stuff, rough=0.35, detail=4, flat=0.7):
    """A boulder about one unit in size."""
    import bmesh
    form = bmesh.new()
    bmesh.ops.create_icosphere(form, subdivisions=detail, radius=0.5)
    shift = Vector((random.random(), random.random(), random.random())) * 50
    cuts = [(Vector((random.gauss(0, 1), random.gauss(0, 1), random.gauss(0, 1))).normalized(), random.uniform(0.27, 0.44)) for _ in range(16)]
    for v in form.verts:
        for away, reach in cuts:  # flat breaks
            v.co -= away * max(0, v.co.dot(away) - reach) * 0.92
        lump = noise.noise(v.co * 2.2 + shift) * rough + abs(noise.noise(v.co * 5 + shift)) * rough * 0.35
        lump += (noise.ridged_multi_fractal(v.co * 3 + shift, 0.9, 2.1, 6, 1.0, 2.0) - 1) * rough * 0.12
        v.co *= 1 + lump
        v.co.z *= flat
    data = bpy.data.meshes.new(name)
    form.to_mesh(data)
    form.free()
    data.materials.append(stuff)
    data.polygons.foreach_set("use_smooth", [True] * len(data.polygons))
    return data


def tuft(name, stuff, blades=60, height=0.4, spread=0.25, width=0.012, lean=0.5):
    """A bunch of bent grass blades."""
    points, faces = [], []
    for _ in range(blades):
        a, r = random.uniform(0, 6.283), spread * math.sqrt(random.random())
        foot = Vector((r * math.cos(a), r * math.sin(a), 0))
        b = random.uniform(0, 6.283)
        out = Vector((math.cos(b), math.sin(b), 0))
        side = Vector((-out.y, out.x, 0)) * width * random.uniform(0.6, 1.3)
        tall, bend = height * random.uniform(0.45, 1.15), lean * height * random.uniform(0.1, 1.2)
        first = len(points)
        for i in range(5):
            t = i / 4
            middle = foot + out * bend * t * t + Vector((0, 0, tall * (t - 0.25 * t * t * bend / max(tall, 0.001))))
            points += [middle - side * (1 - t * 0.95), middle + side * (1 - t * 0.95)]
        faces += [(first + 2 * i, first + 2 * i + 1, first + 2 * i + 3, first + 2 * i + 2) for i in range(4)]
    return mesh(name, points, faces, stuff)


def conifer(name, needles, bark, height=10.0, width=2.2, layers=26):
    """A spruce: a trunk, and whorls of drooping branches made of many small needle strips."""
    points, faces, kinds = [], [], []
    for i in range(layers):
        t = i / layers
        z = height * (0.08 + 0.92 * t)
        reach = width * (1 - t) ** 0.8 * random.uniform(0.75, 1.15) + 0.1
        for _ in range(max(5, int(15 * (1 - t)))):
            a = random.uniform(0, 6.283)
            out = Vector((math.cos(a), math.sin(a), 0))
            side = Vector((-out.y, out.x, 0))
            long = reach * random.uniform(0.6, 1.1)
            for _ in range(11):
                s = random.uniform(0.12, 1.0)
                here = out * long * s + Vector((0, 0, z - 0.4 * long * s * s)) + side * random.gauss(0, 0.12 * long)
                tip = here + (out * random.uniform(0.15, 0.4) + side * random.uniform(-0.3, 0.3)) * reach * 0.7 + Vector((0, 0, random.uniform(-0.3, 0.05) * reach * 0.6))
                half = Vector((random.uniform(-1, 1), random.uniform(-1, 1), random.uniform(-0.5, 0.5))) * 0.09 * (0.4 + reach * 0.4)
                first = len(points)
                points += [here - half, here + half, tip]
                faces.append((first, first + 1, first + 2))
                kinds.append(0)
    first, sides = len(points), 7
    for z, r in ((-0.5, 0.022), (0.95 * height, 0.003)):
        points += [(r * height * math.cos(6.283 * s / sides), r * height * math.sin(6.283 * s / sides), z) for s in range(sides)]
    for face in grid_faces(2, sides, closed=True):
        faces.append(tuple(first + f for f in face))
        kinds.append(1)
    data = mesh(name, points, faces, [needles, bark], smooth=False)
    data.polygons.foreach_set("material_index", kinds)
    return data


def bush(name, stuff, leaves=2500, size=0.05, shape=(1, 1, 1)):
    """A ball of leaves about two units across, with lumps and gaps."""
    points, faces = [], []
    shift = Vector((random.random(), random.random(), random.random())) * 40
    while len(faces) < leaves:
        d = Vector((random.gauss(0, 1), random.gauss(0, 1), random.gauss(0, 1))).normalized()
        reach = (0.75 + 0.55 * noise.noise(d * 1.7 + shift) + 0.2 * noise.noise(d * 5 + shift)) * random.uniform(0.6, 1.0) ** 0.4
        here = Vector((d.x * shape[0], d.y * shape[1], d.z * shape[2])) * reach
        u = Vector((random.gauss(0, 1), random.gauss(0, 1), random.gauss(0, 1))).normalized()
        v = u.orthogonal().normalized()
        long, wide = size * random.uniform(0.7, 1.4), size * 0.45
        first = len(points)
        points += [here, here + u * long * 0.5 + v * wide, here + u * long, here + u * long * 0.5 - v * wide]
        faces.append((first, first + 1, first + 2, first + 3))
    return mesh(name, points, faces, stuff, smooth=False)


def scatter(things, places, sizes=(0.7, 1.3), tilt=0.1, sink=0.0):
    """Puts one of the things, chosen, turned and sized at random, on each of the places."""
    for place in places:
        size = random.uniform(*sizes)
        put("scattered", random.choice(things), Vector(place) - Vector((0, 0, sink * size)),
            (random.gauss(0, tilt), random.gauss(0, tilt), random.uniform(0, 6.283)), size)


def plant(things, places, sizes=(0.7, 1.3), tilt=0.1):
    """Like scatter, but makes one mesh of it all: where thousands overlap, that renders many times faster."""
    stuffs = list({stuff.name: stuff for thing in things for stuff in thing.materials}.values())
    parts = [taken_apart(thing, stuffs) for thing in things]
    points, corners, counts, kinds, first = [], [], [], [], 0
    for place in places:
        own_points, own_corners, own_counts, own_kinds = random.choice(parts)
        turn = Euler((random.gauss(0, tilt), random.gauss(0, tilt), random.uniform(0, 6.283))).to_matrix()
        points.append(own_points @ (numpy.array(turn).T * random.uniform(*sizes)) + numpy.array(place))
        corners.append(own_corners + first)
        counts.append(own_counts)
        kinds.append(own_kinds)
        first += len(own_points)
    points, corners, counts, kinds = (numpy.concatenate(part) for part in (points, corners, counts, kinds))
    data = bpy.data.meshes.new("planted")
    for stuff in stuffs:
        data.materials.append(stuff)
    data.vertices.add(len(points))
    data.vertices.foreach_set("co", points.astype(numpy.float32).ravel())
    data.loops.add(len(corners))
    data.loops.foreach_set("vertex_index", corners.astype(numpy.int32))
    data.polygons.add(len(counts))
    data.polygons.foreach_set("loop_start", (numpy.cumsum(counts) - counts).astype(numpy.int32))
    data.polygons.foreach_set("loop_total", counts.astype(numpy.int32))
    data.polygons.foreach_set("material_index", kinds.astype(numpy.int32))
    data.polygons.foreach_set("use_smooth", numpy.ones(len(counts), bool))
    data.update(calc_edges=True)
    put("planted", data)


def taken_apart(data, stuffs):
    """The points, the corners of all faces in a row, the corner counts and the materials of the faces of a mesh."""
    points, corners = numpy.empty(len(data.vertices) * 3), numpy.empty(len(data.loops), int)
    counts, kinds = numpy.empty(len(data.polygons), int), numpy.empty(len(data.polygons), int)
    data.vertices.foreach_get("co", points)
    data.loops.foreach_get("vertex_index", corners)
    data.polygons.foreach_get("loop_total", counts)
    data.polygons.foreach_get("material_index", kinds)
    order = numpy.array([stuffs.index(stuff) for stuff in data.materials])
    return points.reshape(-1, 3), corners, counts, order[kinds]
