"""A PDF printed, laid on a scanner and read in again, at five levels of care."""
import contextlib
import io
import subprocess
import tempfile
import zlib
from pathlib import Path

import cv2
import img2pdf
import numpy as np
from PIL import Image

# dpi; largest skew in degrees; width of the blur in pixels; grain; how many specks a square inch; how uneven the light is.
LEVELS = {
    "clean": {"dpi": 300, "skew": .2, "blur": .5, "grain": 3, "specks": 0, "shade": 0, "gain": 0, "bilevel": False, "quality": 80},
    "office": {"dpi": 300, "skew": .7, "blur": .7, "grain": 7, "specks": .5, "shade": 6, "gain": 0, "bilevel": True},
    "copy": {"dpi": 200, "skew": 1.1, "blur": .75, "grain": 12, "specks": 6, "shade": 16, "gain": 14, "bilevel": True},
    "fax": {"dpi": 200, "skew": 1.3, "blur": .85, "grain": 5, "specks": 2, "shade": 34, "gain": 0, "bilevel": False, "quality": 34},
    "photo": {"dpi": 220, "skew": .9, "blur": .8, "grain": 8, "specks": 0, "shade": 60, "gain": 0, "bilevel": False, "quality": 55},
}
PAPER, INK = 246, 22


def turned(page, level, rng):
    """The sheet as it lay: a little askew and moved; beyond its edge is the lid."""
    height, width = page.shape
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), rng.uniform(-level["skew"], level["skew"]), rng.uniform(.995, 1))
    matrix[:, 2] += rng.uniform(-5, 5, 2)
    return cv2.warpAffine(page, matrix, (width, height), flags=cv2.INTER_LINEAR, borderValue=PAPER)


def lit(shape, depth, rng):
    """Light that falls off to one side and has a soft cloud in it."""
    height, width = shape
    cloud = cv2.resize(rng.uniform(-.3, .3, (6, 5)).astype(np.float32), (width, height), interpolation=cv2.INTER_CUBIC)
    ramp = np.linspace(0, rng.choice((-1, 1)), width, dtype=np.float32)[None, :] * .5 + \
        np.linspace(0, rng.choice((-1, 1)), height, dtype=np.float32)[:, None] * .5
    return depth * (ramp + cloud - 1) / 2


def soiled(image, level, rng):
    """Specks of dirt, one to two pixels wide, and for the poor levels the marks of punch holes and a dark edge."""
    height, width = image.shape
    for _ in range(int(level["specks"] * height * width / level["dpi"] ** 2)):
        y, x = int(rng.integers(2, height - 3)), int(rng.integers(2, width - 3))
        image[y:y + int(rng.integers(1, 3)), x:x + int(rng.integers(1, 3))] = INK
    if level["shade"] > 10:
        for y in (.5 - 40 / 297, .5 + 40 / 297):      # two holes, 80 mm apart
            cv2.circle(image, (int(width * 12 / 210), int(height * y)), int(level["dpi"] * .11), 95, -1, cv2.LINE_AA)
        edge = int(rng.integers(3, 10))
        image[:, width - edge:] = 60
    return image


def scanned(page, level, rng):
    ink = cv2.GaussianBlur(turned(page, level, rng), (0, 0), level["blur"]).astype(np.float32)
    ink = INK + ink / 255 * (PAPER - INK) - level["gain"]
    ink += lit(page.shape, level["shade"], rng) + rng.normal(0, level["grain"], page.shape).astype(np.float32)
    image = soiled(np.clip(ink, 0, 255).astype(np.uint8), level, rng)
    if not level["bilevel"]:
        return image
    return ((image > 148 + int(rng.integers(-10, 10))) * 255).astype(np.uint8)


def scan(source, target, name):
    """Writes TARGET, the scan of the PDF SOURCE at the level NAME; the same pixels every time."""
    level, cut = LEVELS[name], []
    rng = np.random.default_rng(zlib.crc32(f"{Path(source).stem} {name}".encode()))
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["pdftoppm", "-r", str(level["dpi"]), "-gray", str(source), f"{folder}/p"], check=True)
        for page in sorted(Path(folder).glob("p*.pgm")):
            image = Image.fromarray(scanned(cv2.imread(str(page), cv2.IMREAD_GRAYSCALE), level, rng))
            if level["bilevel"]:
                out = page.with_suffix(".tif")
                image.convert("1", dither=Image.Dither.NONE).save(out, compression="group4", dpi=(level["dpi"],) * 2)
            else:
                out = page.with_suffix(".jpg")
                image.save(out, quality=level["quality"], dpi=(level["dpi"],) * 2)
            cut.append(str(out))
        with contextlib.redirect_stdout(io.StringIO()):      # img2pdf tells of its settings there
            Path(target).write_bytes(img2pdf.convert(cut, nodate=True, engine=img2pdf.Engine.internal))
