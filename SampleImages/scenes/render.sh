#!/bin/bash
# Renders all the sample pictures again from nothing into the folder named by the argument.
# Needs the Debian packages blender (3.4), imagemagick and libimage-exiftool-perl.
set -euo pipefail

folder=$(realpath -m "${1:?usage: render.sh folder}")
here=$(dirname "$(realpath "$0")")
raw=$(mktemp -d)
trap 'rm -rf "$raw"' EXIT
mkdir -p "$folder"

for scene in alley canal colonnade island mountains poppies still-life teapot; do
    echo "$scene"
    nice -n 10 blender -b --python-exit-code 1 -P "$here/$scene.py" -- "$raw/$scene.png" > "$raw/log" 2>&1 \
        || { cat "$raw/log" >&2; exit 1; }
done

for name in canal colonnade island mountains poppies; do
    convert "$raw/$name.png" -strip -sampling-factor 4:2:0 -quality 90 "$folder/$name.jpg"
done
for name in still-life teapot; do
    convert "$raw/$name.png" -strip -depth 8 -define png:compression-level=9 -define png:exclude-chunks=date,time "$folder/$name.png"
done

# The alley lies on its side in the file, and says so, as pictures from cameras held upright do.
convert "$raw/alley.png" -strip -rotate 270 -sampling-factor 4:2:0 -quality 90 "$folder/alley.jpg"
exiftool -q -overwrite_original -n -Orientation=6 "$folder/alley.jpg"
