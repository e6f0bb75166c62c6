"""Inputs for the end-to-end tests, made from corpus/ with the standard library: pictures, and files that are broken in some way."""
import re
import struct
import subprocess
import zlib
from pathlib import Path

CORPUS = Path(__file__).resolve().parents[2] / "corpus"


def images_of(pdf, encoding):
    """(width, height, data) of each picture of ENCODING in one of our own scans, as it lies in the file."""
    out = []
    data = pdf.read_bytes()
    for match in re.finditer(rb"<<((?:(?!endobj).)*?)>>\s*stream\r?\n", data, re.S):
        head = match[1]
        if b"/" + encoding in head and b"/Image" in head:
            field = lambda name, head=head: int(re.search(rb"/" + name + rb"\s+(\d+)", head)[1])
            out.append((field(b"Width"), field(b"Height"), data[match.end():match.end() + field(b"Length")]))
    return out


def tiff(pages, dpi):
    """A TIFF of several bilevel pages from their CCITT group 4 data."""
    out, last = bytearray(b"II*\0\0\0\0\0"), 4
    for width, height, data in pages:
        at = len(out)
        out += data + b"\0" * (len(data) % 2) + struct.pack("<II", dpi, 1)
        where = len(out)
        tags = [(256, 4, width), (257, 4, height), (258, 3, 1), (259, 3, 4), (262, 3, 1), (273, 4, at), (277, 3, 1), (278, 4, height),
                (279, 4, len(data)), (282, 5, where - 8), (283, 5, where - 8), (296, 3, 2)]
        out[last:last + 4] = struct.pack("<I", where)
        out += struct.pack("<H", len(tags))
        for tag, kind, value in tags:
            out += struct.pack("<HHII", tag, kind, 1, value)
        last = len(out)
        out += b"\0\0\0\0"
    return bytes(out)


def png(width, height, rows, dpi=0):
    """A grey PNG; ROWS is the compressed picture data."""
    def chunk(name, data):
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
    resolution = chunk(b"pHYs", struct.pack(">IIB", round(dpi / .0254), round(dpi / .0254), 1)) if dpi else b""
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)) + resolution + \
        chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def png_of_page(pdf, page, dpi):
    """Page PAGE of PDF as a PNG, over poppler's renderer."""
    made = subprocess.run(["pdftoppm", "-r", str(dpi), "-gray", "-f", str(page), "-l", str(page), pdf], capture_output=True, check=True)
    width, height = map(int, re.match(rb"P5\s+(\d+)\s+(\d+)\s+255\s", made.stdout).groups())
    body = made.stdout[len(made.stdout) - width * height:]
    rows = b"".join(b"\0" + body[y * width:(y + 1) * width] for y in range(height))
    return png(width, height, zlib.compress(rows), dpi)


def bomb(side=50000):
    """A PNG that is small as a file and SIDE x SIDE pixels as a picture."""
    squeeze, row = zlib.compressobj(9), b"\0" * (side + 1)
    rows = b"".join(squeeze.compress(row) for _ in range(side)) + squeeze.flush()
    return png(side, side, rows)


def pdf_without_pages():
    objects = [b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[]/Count 0>>"]
    out, places = bytearray(b"%PDF-1.4\n"), []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = len(out)
    out += b"xref\n0 3\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % p for p in places)
    return bytes(out + b"trailer\n<</Size 3/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % table)
