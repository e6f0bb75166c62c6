"""grid_page.py: a page set in a plausible type, written as saved words."""
import random

EM = 42  # 10 points at 300 dpi
WIDE, NARROW = "mwMWÅÄÖOQGDNHU%@", "iljtfrI.,:;'|()-/1"


def width(text, em):
    return sum(.28 if c in NARROW and not c.isdigit() else .78 if c in WIDE else .5 if c.isdigit() else .26
               if c == " "
               else .6 if c.isupper() else .48 for c in text) * em


class Page:
    """Items are placed by their baseline; lines of words are what a recogniser might make: one a piece, in
    the order of the calls."""

    def __init__(self, name, jitter=1):
        self.name, self.rules, self.lines, self.block = name, [], [], 0
        self.random = random.Random(name)
        self.jitter = jitter

    def text(self, x, y, text, align="l", em=EM, bold="-", skew=0.0):
        start = x - {"l": 0, "r": 1, "c": .5}[align] * width(text, em)
        words = []
        for word in text.split(" "):
            w = width(word, em)
            top = .68 if any(c.isupper() or c.isdigit() or c in "bdfhklitåäö" for c in word) else .48
            low = .2 if any(c in "gjpqy,;()" for c in word) else 0
            if set(word) <= set("-–—"):
                top, low = .3, -.22
            if set(word) <= set("._…•"):
                top, low = .14, .02
            base = y + skew * start
            box = [start, base - top * em, start + w - .06 * em, base + low * em]
            box = [round(v + self.random.uniform(-self.jitter, self.jitter)) for v in box]
            words.append("word %d %d %d %d 0.9 %s %s" % (*box, bold, word))
            start += w + width(" ", em)
        self.lines.append("line %d\n%s" % (self.block, "\n".join(words)))

    def cells(self, y, *cells, **more):
        """Cells as (x, text, align)."""
        for x, text, align in cells:
            if text:
                self.text(x, y, text, align, **more)

    def rule(self, x0, y0, x1, y1):
        self.rules.append("ruling %s %d %d %d %d" % ("h" if x1 - x0 > y1 - y0 else "v", x0, y0, x1, y1))

    def across(self, y, x0=300, x1=2180):
        self.rule(x0, y - 1, x1, y + 2)

    def down(self, x, y0, y1):
        self.rule(x - 1, y0, x + 2, y1)

    def write(self, folder):
        with open("%s/%s.words" % (folder, self.name), "w", encoding="utf-8") as out:
            out.write("\n".join(["page 2480 3508 300"] + self.rules + self.lines) + "\n")


def rows(page, y, pitch, columns, table, **more):
    """Lines of a table at even steps; columns are (x, align)."""
    for row in table:
        page.cells(y, *[(x, text, align) for (x, align), text in zip(columns, row)], **more)
        y += pitch
    return y


def prose(page, x, y, count, words="vi har under året prövat om stödet når dem som det är till för och funnit att"):
    for i in range(count):
        page.text(x, y, words if i + 1 < count else "det gör det")
        y += 55
    return y
