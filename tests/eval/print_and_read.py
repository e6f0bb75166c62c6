#!/usr/bin/python3
"""print_and_read.py TEXT OUT_PREFIX [--langs eng,swe] [--pages N] [--seed S]: what a recogniser does to printed lines.

Prints lines of TEXT (one paragraph a line) in several fonts, degrades the pages as office scanners do, recognises them with
Tesseract, and writes OUT_PREFIX.LANG.raw.txt and OUT_PREFIX.LANG.gold.txt: the same number of lines, read and true. A line
whose reading cannot be paired with its truth is left out. count_confusions.py makes the table that `tolka train` takes.
Needs Debian's python3-opencv, python3-pil, fonts-liberation, fonts-crosextra-carlito, fonts-crosextra-caladea, tesseract-ocr.
"""
import difflib, glob, os, random, subprocess, sys, tempfile, textwrap
import cv2, numpy as np
from PIL import Image, ImageDraw, ImageFont

FONTS = ["liberation/LiberationSans-Regular", "liberation/LiberationSerif-Regular", "crosextra/Carlito-Regular",
         "crosextra/Caladea-Regular", "liberation/LiberationSans-Bold", "liberation/LiberationSerif-Italic"]
# dpi, skew (degrees), blur (sigma), noise, thicken, bilevel
LEVELS = [(300, .15, .5, 3, 0, False), (300, .5, .6, 6, 0, True), (200, .8, .7, 10, 0, True), (200, .8, .7, 10, 1, True),
          (200, 1.0, .9, 12, 0, False)]
LINES_A_PAGE, CHARS_A_LINE, POINT = 44, 84, 10.5


def font_path(name):
    base = os.path.basename(name) + ".ttf"
    found = sorted(glob.glob("/usr/share/fonts/truetype/**/" + base, recursive=True))
    return found[0] if found else sys.exit("no font " + base)


def page_image(lines, font, dpi):
    face = ImageFont.truetype(font_path(font), round(POINT * dpi / 72))
    img = Image.new("L", (round(8.27 * dpi), round(11.69 * dpi)), 255)
    draw = ImageDraw.Draw(img)
    for i, line in enumerate(lines):
        draw.text((round(.8 * dpi), round((.8 + i * .22) * dpi)), line, font=face, fill=10)
    return np.array(img)


def scan(img, level, rng):
    dpi, skew, blur, noise, thick, bilevel = level
    h, w = img.shape
    m = cv2.getRotationMatrix2D((w / 2, h / 2), rng.uniform(-skew, skew), 1)
    m[:, 2] += rng.uniform(-3, 3, 2)
    img = cv2.warpAffine(img, m, (w, h), flags=cv2.INTER_CUBIC, borderValue=250)
    if thick:
        img = cv2.erode(img, np.ones((2, 2), np.uint8))
    img = cv2.GaussianBlur(img, (0, 0), blur).astype(np.float32) + rng.normal(0, noise, img.shape)
    img = np.clip(img, 0, 255).astype(np.uint8)
    return ((img > 140 + rng.integers(-20, 20)) * 255).astype(np.uint8) if bilevel else img


def recognise(img, dpi, lang, folder):
    path = os.path.join(folder, "page.png")
    cv2.imwrite(path, img)
    out = subprocess.run(["tesseract", path, "-", "-l", lang, "--psm", "6", "--dpi", str(dpi)], check=True,
                         capture_output=True, env=dict(os.environ, OMP_THREAD_LIMIT="1"))
    return [l.strip() for l in out.stdout.decode().splitlines() if l.strip()]


def pair(truth, read):
    """Pairs lines in order: each true line with the most alike of the next few read ones."""
    at = 0
    for line in truth:
        best = max(((difflib.SequenceMatcher(None, line, read[k], autojunk=False).ratio(), -k)
                    for k in range(at, min(at + 4, len(read)))), default=(0, 0))
        if best[0] > .6:
            at = 1 - best[1]
            yield line, read[at - 1]


def main(argv):
    opt = {k: argv[argv.index(k) + 1] for k in ("--langs", "--pages", "--seed") if k in argv}
    seed = int(opt.get("--seed", 1))
    rng, pick = np.random.default_rng(seed), random.Random(seed)
    paragraphs = [l.strip() for l in open(argv[0], encoding="utf-8") if 60 < len(l) < 1500]
    langs = opt.get("--langs", "eng,swe").split(",")
    files = {l: [open(f"{argv[1]}.{l}.{k}.txt", "w", encoding="utf-8") for k in ("gold", "raw")] for l in langs}
    with tempfile.TemporaryDirectory() as folder:
        for n in range(int(opt.get("--pages", 30))):
            lines = []
            while len(lines) < LINES_A_PAGE:
                lines += textwrap.wrap(pick.choice(paragraphs), CHARS_A_LINE, break_long_words=False, break_on_hyphens=False)
            lines = lines[:LINES_A_PAGE]
            level = LEVELS[n % len(LEVELS)]
            img = scan(page_image(lines, FONTS[n % len(FONTS)], level[0]), level, rng)
            for lang in langs:
                for gold, raw in pair(lines, recognise(img, level[0], lang, folder)):
                    files[lang][0].write(gold + "\n")
                    files[lang][1].write(raw + "\n")
                for f in files[lang]:
                    f.flush()


main(sys.argv[1:])
