#!/usr/bin/python3
"""variants.py [OPTIONS] SCAN.pdf...: the same pages turned, askew and at other resolutions; how well each is read, and its CPU time.

SCAN.pdf holds one picture a page; beside it lies NAME.json, the true answers, where SCAN is NAME-LEVEL.
--pages N          the first N pages only (default 4)
--variants LIST    of: asis turn90 turn180 turn270 skew3 skew5 skew-3 skew-5 dpi100 dpi150 dpi200 dpi400 dpi600 (default: all)
The program is $TOLKA, else build/release/tolka. Debian's python3-opencv, python3-img2pdf and poppler-utils; so /usr/bin/python3.
"""
import argparse
import json
import os
import re
import resource
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

import cv2
import img2pdf
from PIL import Image

import measure

ROOT = Path(__file__).resolve().parents[2]
VARIANTS = "asis turn90 turn180 turn270 skew3 skew5 skew-3 skew-5 dpi100 dpi150 dpi200 dpi400 dpi600".split()


def pictures(pdf, count, folder):
    """(file, dpi) of each picture in PDF."""
    subprocess.run(["pdfimages", "-png", "-l", str(count), str(pdf), f"{folder}/p"], check=True)
    listed = subprocess.run(["pdfimages", "-list", "-l", str(count), str(pdf)], capture_output=True, text=True, check=True).stdout
    return [(path, int(line.split()[12])) for path, line in zip(sorted(Path(folder).glob("p*.png")), listed.splitlines()[2:])]


def askew(image, degrees):
    """IMAGE turned counterclockwise; what leaves the sheet is lost, as on a scanner."""
    height, width = image.shape
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1)
    return cv2.warpAffine(image, matrix, (width, height), flags=cv2.INTER_LINEAR, borderValue=255)


def vary(image, dpi, variant):
    """The variant of IMAGE and its resolution."""
    kind, amount = re.fullmatch(r"([a-z]+)(-?\d*)", variant).groups()
    if kind == "turn":
        return cv2.rotate(image, {"90": cv2.ROTATE_90_CLOCKWISE, "180": cv2.ROTATE_180, "270": cv2.ROTATE_90_COUNTERCLOCKWISE}[amount]), dpi
    if kind == "skew":
        return askew(image, int(amount)), dpi
    if kind == "dpi":
        factor = int(amount) / dpi
        return cv2.resize(image, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA if factor < 1 else cv2.INTER_CUBIC), int(amount)
    return image, dpi


def write(pages, variant, target):
    """TARGET, a PDF of the variants of PAGES; bilevel pages stay so."""
    files = []
    for path, dpi in pages:
        image = cv2.imread(str(path), cv2.IMREAD_GRAYSCALE)
        bilevel = ((image == 0) | (image == 255)).all()
        image, dpi = vary(image, dpi, variant)
        out = Image.fromarray(((image > 140) * 255).astype("uint8")).convert("1") if bilevel else Image.fromarray(image)
        name = path.with_suffix(".tif" if bilevel else ".jpg")
        out.save(name, dpi=(dpi, dpi), **({"compression": "group4", "strip_size": 1 << 30} if bilevel else {"quality": 85}))
        files.append(str(name))
    target.write_bytes(img2pdf.convert(files, nodate=True, engine=img2pdf.Engine.internal))


def first_pages(truth, count):
    """TRUTH without what stands on later pages."""
    pages = {n: p for n, p in truth["pages"].items() if int(n) <= count}
    tables = [t for t in truth["tables"] if any(p <= count for p in t["pages"])]
    cut = {t["id"] for t in tables if any(p > count for p in t["pages"])}
    last = max((p for t in tables if t["id"] in cut for p in t["pages"] if p <= count), default=None)
    if last:      # a table that goes on: its page is left out
        first = min(p for t in tables if t["id"] in cut for p in t["pages"])
        pages = {n: p for n, p in pages.items() if int(n) < first}
    return {"pages": pages, "tables": [t for t in tables if t["id"] not in cut]}


def read(program, pdf):
    """The records of PDF and the CPU seconds that they took."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run([program, "convert", "-q", "-j1", str(pdf)], capture_output=True, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return json.loads(done.stdout or "{}"), after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("scans", nargs="+", type=Path)
    parser.add_argument("--pages", type=int, default=4)
    parser.add_argument("--variants", default=" ".join(VARIANTS))
    arguments = parser.parse_args()
    program = os.environ.get("TOLKA") or str(ROOT / "build/release/tolka")
    print("scan                             variant   text.f1  CPU s  rotation, skew, dpi")
    for scan in arguments.scans:
        truth = json.loads((scan.parent / (scan.stem.rsplit("-", 1)[0] + ".json")).read_text(encoding="utf-8"))
        truth = first_pages(truth, arguments.pages)
        for variant in arguments.variants.split():
            with tempfile.TemporaryDirectory() as folder:
                target = Path(folder, "variant.pdf")
                write(pictures(scan, arguments.pages, folder), variant, target)
                got, seconds = read(program, target)
            counts = Counter()
            measure.measure_text(truth, got, counts)
            seen = " ".join(f"{p['rotation']},{p['skew']:.1f},{p['dpi']}" for p in got.get("pages", []))
            print(f"{scan.stem:32} {variant:9} {measure.figure(counts, 'text.f1'):.4f} {seconds:6.1f}  {seen}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
