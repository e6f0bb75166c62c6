"""PDF pages set in Helvetica with the standard library alone, for tests of what stands where."""
import re
import zlib

WIDTH, HEIGHT = 595, 842
# Helvetica's widths of characters 32 to 126, in thousandths of the size (Adobe's AFM files); letters with marks are as wide as without.
WIDTHS = [278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278] + [556] * 10 + [
    278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833, 722, 778, 667, 778, 722, 667, 611,
    722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556, 333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556,
    556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584]
PLAIN = str.maketrans("åäöÅÄÖé", "aaoAAOe")
MARKS = {"•": 350, "–": 556}


def width(text, size):
    return sum(MARKS.get(c) or WIDTHS[ord(c) - 32] for c in text.translate(PLAIN)) * size / 1000


def halves(word):
    """Where a word may be hyphenated: before a consonant between vowels."""
    return [m.start() + 1 for m in re.finditer("[aeiouyåäö][bdfgklmnprstv][aeiouyåäö]", word) if 3 <= m.start() + 1 <= len(word) - 3]


def wrap(text, size, room):
    """TEXT in lines no wider than ROOM, long words hyphenated."""
    lines, line, words = [], "", text.split(" ")
    while words:
        word = words.pop(0)
        more = f"{line} {word}".strip()
        if width(more, size) <= room:
            line = more
            continue
        fits = [k for k in halves(word) if word.isalpha() and width(f"{line} {word[:k]}-".strip(), size) <= room]
        if fits:
            lines.append(f"{line} {word[:fits[-1]]}-".strip())
            words.insert(0, word[fits[-1]:])
        else:
            lines.append(line)
            words.insert(0, word)
        line = ""
    return lines + [line]


class Pages:
    """Pages with text in places; y is measured from the top."""

    def __init__(self):
        self.pages = [[]]

    def new_page(self):
        self.pages.append([])

    def text(self, x, y, text, size=10, bold=False):
        code = text.encode("cp1252").replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")
        self.pages[-1].append(b"BT /%s %g Tf %g %g Td (%s) Tj ET" % (b"B" if bold else b"R", size, x, HEIGHT - y, code))

    def right(self, x, y, text, size=10, bold=False):
        self.text(x - width(text, size), y, text, size, bold)

    def paragraph(self, x, y, text, room, size=10, bold=False):
        """Sets lines one under another and gives the height at which the next would stand."""
        for line in wrap(text, size, room):
            self.text(x, y, line, size, bold)
            y += 1.3 * size
        return y

    def flow(self, columns, paragraphs, size=10):
        """PARAGRAPHS down COLUMNS, each (x, top, width, bottom); None among them turns the page. "# " before a text makes a heading."""
        columns = list(columns)
        x, y, room, bottom = columns.pop(0)
        for text in paragraphs:
            heading = text.startswith("# ")
            for line in wrap(text[2:] if heading else text, 1.3 * size if heading else size, room):
                if y > bottom - (40 if heading else 0):
                    while columns[0] is None:
                        columns.pop(0)
                        self.new_page()
                    x, y, room, bottom = columns.pop(0)
                self.text(x, y, line, 1.3 * size if heading else size, heading)
                y += 1.3 * size
            y += .6 * size

    def save(self):
        count, objects = len(self.pages), []
        kids = b" ".join(b"%d 0 R" % (5 + 2 * i) for i in range(count))
        font = b"<</Type/Font/Subtype/Type1/BaseFont/%s/Encoding/WinAnsiEncoding>>"
        objects += [b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[%s]/Count %d>>" % (kids, count), font % b"Helvetica",
                    font % b"Helvetica-Bold"]
        for i, page in enumerate(self.pages):
            body = zlib.compress(b"\n".join(page))
            objects.append(b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 %d %d]/Resources<</Font<</R 3 0 R/B 4 0 R>>>>/Contents %d 0 R>>"
                           % (WIDTH, HEIGHT, 6 + 2 * i))
            objects.append(b"<</Length %d/Filter/FlateDecode>>\nstream\n%s\nendstream" % (len(body), body))
        out, places = bytearray(b"%PDF-1.4\n"), []
        for number, body in enumerate(objects, 1):
            places.append(len(out))
            out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
        table = len(out)
        out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1) + b"".join(b"%010d 00000 n \n" % p for p in places)
        return bytes(out + b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, table))
