#!/usr/bin/env python3
"""pictures.py [-v] [TEST...]: one short page in every encoding that files hold pictures in, and documents whose pages are of different kinds.
The program is $TOLKA."""
import struct
import subprocess
import sys
import unittest
import zlib

import anypage
import e2e
import inputs

PAGE = 3  # of anypage.SCAN: a short one


def pdf(pages):
    """A PDF of PAGES, each (width, height, image dictionary, image data, content after the picture, font dictionary). Without a dictionary
    the data is not drawn."""
    objects = [b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[%s]/Count %d>>"
               % (b" ".join(b"%d 0 R" % (3 + 3 * i) for i in range(len(pages))), len(pages))]
    for width, height, entries, data, content, font in pages:
        at = len(objects) + 1
        content = b"q %d 0 0 %d 0 0 cm /I Do Q\n" % (width, height) * bool(entries) + content
        objects += [b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 %d %d]/Resources<</XObject<</I %d 0 R>>/Font<</F %s>>>>/Contents %d 0 R>>"
                    % (width, height, at + 1, font or b"<<>>", at + 2),
                    b"<</Type/XObject/Subtype/Image%s/Length %d>>\nstream\n%s\nendstream" % (entries, len(data), data),
                    b"<</Length %d>>\nstream\n%s\nendstream" % (len(content), content)]
    out, places = bytearray(b"%PDF-1.5\n"), []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1) + b"".join(b"%010d 00000 n \n" % p for p in places)
    return bytes(out + b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, table))


def jbig2(width, height, mmr):
    """CCITT group 4 data as the segments that a PDF holds: page information and a generic region coded as MMR (ITU-T T.88, 7.4)."""
    page = struct.pack(">IIIIBH", width, height, 0, 0, 0, 0)
    region = struct.pack(">IIIIBB", width, height, 0, 0, 0, 1) + mmr
    return b"".join(struct.pack(">IBBBI", number, kind, 0, 1, len(data)) + data for number, (kind, data) in enumerate(((48, page), (38, region))))


def tiff16(width, rows, dpi):
    """A gray TIFF of 16 bits, not packed."""
    data = b"".join(struct.pack(f"<{width}H", *(v * 257 for v in row)) for row in rows)
    tags = [(256, 4, width), (257, 4, len(rows)), (258, 3, 16), (259, 3, 1), (262, 3, 1), (273, 4, 16), (277, 3, 1), (278, 4, len(rows)),
            (279, 4, len(data)), (282, 5, 8), (283, 5, 8), (296, 3, 2)]
    out = b"II*\0" + struct.pack("<III", 16 + len(data), dpi, 1) + data + struct.pack("<H", len(tags))
    return out + b"".join(struct.pack("<HHII", tag, kind, 1, value) for tag, kind, value in tags) + b"\0\0\0\0"


class OnePage(e2e.Case):
    plain = None      # the words of the page

    @classmethod
    def setUpClass(cls):
        cls.width, cls.height, cls.rows = anypage.page_of(anypage.SCAN, PAGE)
        cls.samples = b"".join(map(bytes, cls.rows))

    def words(self, name, data):
        return set(self.records(self.file(name, data))["pages"][0]["text"].split())

    def setUp(self):
        super().setUp()
        if OnePage.plain is None:
            OnePage.plain = self.words("plain.png", anypage.png(self.rows))
        self.assertGreater(len(self.plain), 12)

    def one(self, entries, data, width=None, height=None):
        """A page that is one picture, at the resolution of anypage."""
        width, height, points = width or self.width, height or self.height, 72 / anypage.DPI
        size = b"/Width %d/Height %d" % (width, height)
        return round(self.width * points), round(self.height * points), size + entries, data, b"", None

    def scan(self):
        return self.one(b"/ColorSpace/DeviceGray/BitsPerComponent 8/Filter/FlateDecode", zlib.compress(self.samples, 1))


class Pictures(OnePage):
    def assert_reads(self, name, data):
        self.assertGreater(len(self.plain & self.words(name, data)), .75 * len(self.plain))

    def assert_pdf_reads(self, entries, data, **size):
        self.assert_reads("page.pdf", pdf([self.one(entries, data, **size)]))

    def test_gray_of_16_bits(self):
        self.assert_pdf_reads(b"/ColorSpace/DeviceGray/BitsPerComponent 16/Filter/FlateDecode",
                              zlib.compress(bytes(b for v in self.samples for b in (v, v)), 1))

    def test_tiff_of_16_bits(self):
        self.assert_reads("page.tif", tiff16(self.width, self.rows, anypage.DPI))

    def test_cmyk(self):
        self.assert_pdf_reads(b"/ColorSpace/DeviceCMYK/BitsPerComponent 8/Filter/FlateDecode",
                              zlib.compress(b"".join(b"\0\0\0" + bytes((255 - v,)) for v in self.samples), 1))

    def test_palette(self):
        shades = b"".join(b"%02x" % (17 * i) * 3 for i in range(16))
        rows = [row + row[-1:] * (self.width % 2) for row in map(bytes, self.rows)]
        self.assert_pdf_reads(b"/ColorSpace[/Indexed/DeviceRGB 15<" + shades + b">]/BitsPerComponent 4/Filter/FlateDecode",
                              zlib.compress(bytes(a & 0xF0 | b >> 4 for row in rows for a, b in zip(row[::2], row[1::2])), 1))

    def test_stencil(self):
        stride = (self.width + 7) // 8
        bits = b"".join(int("".join("01"[v > 140] for v in row).ljust(8 * stride, "1"), 2).to_bytes(stride, "big") for row in self.rows)
        self.assert_pdf_reads(b"/ImageMask true/BitsPerComponent 1/Filter/FlateDecode", zlib.compress(bits, 1))

    def test_jpeg_2000(self):
        source = self.file("page.pgm", b"P5\n%d %d\n255\n" % (self.width, self.height) + self.samples)
        for name, entries in (("page.jp2", b""), ("page.j2k", b"/ColorSpace/DeviceGray/BitsPerComponent 8")):
            with self.subTest(name=name):
                target = self.file(name, b"")
                subprocess.run(["opj_compress", "-i", source, "-o", target, "-r", "12"], capture_output=True, check=True)
                with open(target, "rb") as packed:
                    self.assert_pdf_reads(entries + b"/Filter/JPXDecode", packed.read())

    def test_jbig2(self):
        width, height, mmr = inputs.images_of(anypage.SCAN, b"CCITTFaxDecode")[PAGE - 1]
        self.assert_pdf_reads(b"/ColorSpace/DeviceGray/BitsPerComponent 1/Decode[1 0]/Filter/JBIG2Decode", jbig2(width, height, mmr),
                              width=width, height=height)


class Layers(OnePage):
    """Text over a picture, and pages of several kinds in one document."""

    FONT = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>"
    LINES = ("Verksamheten har under året bedrivits enligt planen.", "Styrelsen har hållit sex möten med protokoll.",
             "Kostnaderna för lokaler ökade jämfört med budgeten.", "Förbundet har tre anställda och en ordförande.")

    def lines(self, lines, mode, font=FONT):
        """A page of LINES over nothing; their font is Helvetica with FONT."""
        set_ = b"".join(b"(%s) Tj T*\n" % line.encode("cp1252").replace(b"(", b"").replace(b")", b"") for line in lines)
        return 595, 842, b"", b"", b"BT %d Tr /F 11 Tf 20 TL 60 760 Td\n%sET" % (mode, set_), font

    def layered(self, lines):
        """The scan with lines that nobody sees over it."""
        return self.scan()[:4] + self.lines(lines, 3)[4:]

    def pages(self, *pages):
        return self.records(self.file("mixed.pdf", pdf(pages)))["pages"]

    def assert_found(self, page, words):
        self.assertGreater(len(words & set(page["text"].split())), .75 * len(words))

    def test_a_document_of_three_kinds_of_pages(self):
        """A scan, a page of its own text, and a scan with the layer of a recogniser that read rubbish."""
        rubbish = ["Vcrk5amhetcn h4r undcr #ret bedr1v1t5 cnl1gt p1anen", "5tyre1scn har ha11it scx m0tcn mcd pr0t0ko11"] * 9
        scan, text, bad = self.pages(self.scan(), self.lines(self.LINES, 0), self.layered(rubbish))
        self.assertEqual([page["origin"] for page in (scan, text, bad)], ["ocr", "text", "ocr"])
        self.assert_found(scan, self.plain)
        self.assert_found(text, set(" ".join(self.LINES).split()))
        self.assert_found(bad, self.plain)

    def test_a_broken_encoding(self):
        """Text whose font says another character for each of its letters is read as it looks."""
        pairs = b"".join(b"<%02X><%04X>\n" % (code, 0x40 + (code * 7) % 26) for code in range(0x61, 0x7B))
        cmap = b"/CIDInit/ProcSet findresource begin 12 dict begin begincmap /CMapName/X def/CMapType 2 def\n" \
            b"1 begincodespacerange<00><FF>endcodespacerange 26 beginbfchar\n%sendbfchar endcmap end end" % pairs
        font = self.FONT[:-2] + b"/ToUnicode 4 0 R>>"     # object 4 is the page's picture, which it does not draw
        width, height, _, _, content, _ = self.lines(self.LINES, 0)
        page, = self.pages((width, height, b"", cmap, content, font))
        self.assertEqual(page["origin"], "ocr")
        self.assert_found(page, set(" ".join(self.LINES).split()))


if __name__ == "__main__":
    result = unittest.main(exit=False, verbosity=2 if "-v" in sys.argv else 1).result
    failed = len(result.failures) + len(result.errors)
    print(f"{result.testsRun - failed} passed, {failed} failed")
    sys.exit(1 if failed else 0)
