"""A report set in type: a born-digital PDF and the true answers (what stands on which page)."""
import random
import re
import zlib

from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

MM = 72 / 25.4
NO_BREAK = "\u00a0"
FOLDER = {"carlito": "crosextra/Carlito", "caladea": "crosextra/Caladea", "serif": "liberation/LiberationSerif",
          "sans": "liberation/LiberationSans", "narrow": "liberation/LiberationSansNarrow"}

# A house's looks: fonts for text and headings, sizes, margins, where its furniture stands, how its figures stand.
BASE = {"font": "carlito", "heading": "carlito", "size": 11, "leading": 1.32, "left": 25, "right": 25, "top": 24, "bottom": 24,
        "sizes": (18, 14, 12, 11), "rule_h1": False, "justify": False, "bullet": "•", "minus": "-", "figures": "first",
        "header_at": "right", "footer_at": "right", "caps_groups": False, "table_size": 10, "pad": 1.6, "furniture": 9}
HOUSES = {
    "samverkan": {**BASE},
    "association": {**BASE, "font": "caladea", "heading": "carlito", "size": 10.5, "sizes": (17, 13, 11, 10.5), "rule_h1": True,
                    "figures": "last", "caps_groups": True, "footer_at": "center", "left": 28, "right": 24, "table_size": 10},
    "council": {**BASE, "font": "sans", "heading": "sans", "size": 10, "leading": 1.42, "sizes": (16, 12.5, 10.5, 10), "bullet": "–",
                "minus": "–", "header_at": "split", "footer_at": "left", "table_size": 9, "pad": 2.4, "top": 32},
    "foundation": {**BASE, "font": "serif", "heading": "serif", "size": 12, "leading": 1.25, "sizes": (16, 13, 12, 12), "justify": True,
                   "footer_at": "center", "table_size": 11, "pad": 1.2, "left": 30, "right": 30},
    "planning": {**BASE, "font": "caladea", "heading": "caladea", "size": 11, "sizes": (17, 13, 11.5, 11), "bullet": "•",
                 "footer_at": "center", "header_at": "left", "table_size": 10, "pad": 2},
    "modern": {**BASE, "font": "sans", "heading": "carlito", "size": 10, "leading": 1.5, "sizes": (22, 15, 12, 10), "left": 32,
               "right": 28, "footer_at": "split", "table_size": 9.5, "pad": 2.6, "figures": "last", "furniture": 8},
}


def register(family):
    for face in ("Regular", "Bold", "Italic"):
        if f"{family}-{face}" not in pdfmetrics.getRegisteredFontNames():
            pdfmetrics.registerFont(TTFont(f"{family}-{face}", f"/usr/share/fonts/truetype/{FOLDER[family]}-{face}.ttf"))


def wrap(text, font, size, width):
    """TEXT in lines no wider than WIDTH (a longer word stands alone); \\n and \\- in the source break a line."""
    lines, text = [], re.sub(r"(?<=\d) (?=\d{3}(?!\d))", NO_BREAK, text)      # an amount stays on one line
    for part in text.replace("\\-", "-\\n").split("\\n"):
        line = ""
        for word in part.split(" "):
            more = f"{line} {word}".strip()
            if line and pdfmetrics.stringWidth(more, font, size) > width:
                lines.append(line)
                more = word
            line = more
        lines.append(line)
    return [line.replace(NO_BREAK, " ") for line in lines]


def true_text(text):
    return text.replace("\\-", "").replace("\\n", " ")


class Press:
    """Sets blocks one under another, turns the page when it is full, and notes what came to stand where."""

    def __init__(self, report, path):
        self.report, self.house = report, HOUSES[report.meta["house"]]
        for family in {self.house["font"], self.house["heading"]}:
            register(family)
        self.canvas = Canvas(path, pagesize=A4, invariant=1)
        self.canvas.setTitle(report.meta["report"])
        self.canvas.setAuthor(report.meta["organisation"])
        self.pages, self.tables, self.page, self.header, self.footer = {}, {}, 1, "", ""
        self.left, self.right = self.house["left"] * MM, A4[0] - self.house["right"] * MM
        self.width, self.floor = self.right - self.left, self.house["bottom"] * MM
        self.y = self.ceiling = A4[1] - self.house["top"] * MM

    def face(self, bold=False, italic=False):
        return f"{self.house['font']}-{'Bold' if bold else 'Italic' if italic else 'Regular'}"

    def note(self, kind, text):
        self.pages.setdefault(str(self.page), []).append([kind, text])

    def turn(self):
        self.furniture()
        self.canvas.showPage()
        self.page += 1
        self.y = self.ceiling

    def need(self, height):
        if self.y - height < self.floor and self.y < self.ceiling:
            self.turn()

    def furniture(self):
        size = self.house["furniture"]
        self.canvas.setFont(self.face(), size)
        for kind, text, y in (("header", self.header, A4[1] - 15 * MM), ("footer", self.footer, 13 * MM)):
            at = self.house[f"{kind}_at"]
            parts = [p.strip() for p in text.replace("{page}", str(self.page)).split("|")] if text else []
            for i, part in enumerate(parts):
                self.note(kind, part)
                if at == "split" and i:
                    self.canvas.drawRightString(self.right, y, part)
                elif at in ("left", "split"):
                    self.canvas.drawString(self.left, y - i * size * 1.2, part)
                elif at == "center":
                    self.canvas.drawCentredString(A4[0] / 2, y - i * size * 1.2, part)
                else:
                    self.canvas.drawRightString(self.right, y - i * size * 1.2, part)

    def line(self, text, font, size, x, y, width=0):
        """One line of text; WIDTH > 0 spreads its words over that width."""
        self.canvas.setFont(font, size)
        gaps = text.count(" ")
        if width and gaps:
            extra = (width - pdfmetrics.stringWidth(text, font, size)) / gaps
            for word in text.split(" "):
                self.canvas.drawString(x, y, word)
                x += pdfmetrics.stringWidth(word + " ", font, size) + extra
        else:
            self.canvas.drawString(x, y, text)

    def paragraph(self, kind, text, font=None, size=None, indent=0, after=.55, bullet=""):
        font, size = font or self.face(), size or self.house["size"]
        lines, step = wrap(text, font, size, self.width - indent), size * self.house["leading"]
        self.need(step * min(3, len(lines)))
        start, rest = self.page, []
        for i, line in enumerate(lines):
            if self.y - step < self.floor:
                self.note(kind, " ".join(rest))
                self.turn()
                rest = []
            self.y -= step
            rest.append(line)
            if bullet and not i:
                self.line(bullet, font, size, self.left + indent - size * .95, self.y)
            spread = self.width - indent if self.house["justify"] and kind == "p" and i + 1 < len(lines) else 0
            self.line(line, font, size, self.left + indent, self.y, spread)
        self.note(kind, " ".join(rest))
        self.y -= step * after

    def heading(self, level, text):
        size = self.house["sizes"][level - 1]
        font = f"{self.house['heading']}-{'Bold' if level < 4 else 'Italic'}"
        self.need(size * 2 + 4 * self.house["size"] * self.house["leading"])
        if self.y < self.ceiling:
            self.y -= size * .75
        for line in wrap(text, font, size, self.width):
            self.y -= size * 1.22
            self.line(line, font, size, self.left, self.y)
        self.note(f"h{level}", text)
        self.y -= size * .28
        if level == 1 and self.house["rule_h1"]:
            self.rule(self.left, self.right, self.y, 1)
            self.y -= size * .3

    def rule(self, x0, x1, y, width=.5):
        self.canvas.setLineWidth(width)
        self.canvas.line(x0, y, x1, y)

    def title(self, kind, text):
        size = 26 if kind == "title" else 14
        for line in wrap(text, self.face(kind == "title"), size, self.width):
            self.y -= size * 1.3
            self.line(line, self.face(kind == "title"), size, self.left, self.y)
        self.note("title" if kind == "title" else "p", true_text(text))
        self.y -= size * .5

    def contents(self, text):
        title, _, page = (p.strip() for p in text.rpartition("|"))
        font, size = self.face(), self.house["size"]
        self.y -= size * 1.6
        end = self.right - pdfmetrics.stringWidth(page, font, size)
        start = self.left + pdfmetrics.stringWidth(title + " ", font, size)
        dots = int((end - start) / pdfmetrics.stringWidth(".", font, size)) - 1
        self.line(title, font, size, self.left, self.y)
        self.line("." * dots, font, size, start, self.y)
        self.line(page, font, size, end, self.y)
        self.note("p", f"{title} {page}")

    def signatures(self, text):
        size, half = self.house["size"], self.width / 2
        self.need(size * 5)
        self.y -= size * 3.2
        for i, person in enumerate(text.split("|")):
            name, _, role = (p.strip() for p in person.partition(","))
            x = self.left + i * half
            self.scrawl(x + 4, self.y + 3, name)
            self.rule(x, x + half * .8, self.y)
            self.line(name, self.face(), size, x, self.y - size * 1.25)
            self.line(role, self.face(), size, x, self.y - size * 2.5)
            self.note("sign", f"{name} {role}".strip())
        self.y -= size * 3

    def scrawl(self, x, y, name):
        """A name written by hand, more or less: a run of curves that the name decides."""
        rng = random.Random(zlib.crc32(name.encode()))
        path = self.canvas.beginPath()
        path.moveTo(x, y)
        tall = {0, rng.randrange(3, 9), rng.randrange(3, 9)}
        for i in range(rng.randrange(7, 15)):
            high = rng.uniform(11, 18) if i in tall else rng.uniform(2, 8)
            path.curveTo(x + rng.uniform(-3, 4), y + high, x + rng.uniform(3, 9), y + high * .8, x + 4, y + rng.uniform(-3, 1))
            x += rng.uniform(4, 8)
        self.canvas.saveState()
        self.canvas.setLineWidth(.9)
        self.canvas.setStrokeColorRGB(.1, .12, .4)
        self.canvas.drawPath(path)
        self.canvas.restoreState()

    def set(self):
        for kind, text in self.report.blocks:
            text = self.report.fill(text) if kind not in ("header", "footer", "table") else text
            if kind == "page":
                self.turn()
            elif kind in ("header", "footer"):
                setattr(self, kind, text)
            elif kind[0] == "h":
                self.heading(int(kind[1]), text)
            elif kind == "table":
                TableSetter(self, self.report.tables[text]).set()
            elif kind == "li":
                self.paragraph("li", text, indent=self.house["size"] * 1.6, after=.2, bullet=self.house["bullet"])
            elif kind == "note":
                self.paragraph("note", text, self.face(italic=True), self.house["size"] - 1.5)
            elif kind == "space":
                self.y -= float(text) * MM
            else:
                {"p": self.paragraph, "title": self.title, "lead": self.title}.get(kind, lambda k, t: {
                    "toc": self.contents, "sign": self.signatures}[k](t))(kind, text)
        self.furniture()
        self.canvas.save()
        keep = ("organisation", "orgnr", "report", "period_from", "period_to", "decided", "dnr")
        return {"meta": {k: self.report.meta[k] for k in keep if k in self.report.meta},
                "pages": {k: self.pages[k] for k in sorted(self.pages, key=int)},
                "tables": [self.tables[t] for t in self.report.tables]}


class TableSetter:
    """One table: column widths, then row by row, over as many pages as it takes."""

    def __init__(self, press, table):
        self.press, self.table, self.house = press, table, press.house
        self.size, self.pad = self.house["table_size"], self.house["pad"]
        self.gap = 5 if table.look == "ruled" else 4
        self.widths = self.column_widths()
        self.lines = [self.cell_lines(i) for i in range(len(table.printed))]

    def font(self, index):
        row = self.table.rows[index]
        return self.press.face(row.bold or row.group or index < self.table.header)

    def shown(self, index, text):
        return text.upper() if self.table.rows[index].group and self.house["caps_groups"] else text

    def natural(self, column):
        parts = [(self.font(i), part) for i, row in enumerate(self.table.printed) for part in row[column].replace("\\-", "-\\n").split("\\n")]
        return max(pdfmetrics.stringWidth(p, f, self.size) for f, p in parts) + 2 * self.gap

    def column_widths(self):
        given = self.table.options.get("w")
        if given:
            shares = [float(x) for x in given.split(",")]
            return [self.press.width * s / 100 for s in shares]
        widths = [self.natural(c) for c in range(len(self.table.columns))]
        for c in self.table.numeric:
            widths[c] = max(widths[c] + 6, self.size * 5.5)
        widths[0] = self.press.width - sum(widths[1:])
        return widths

    def cell_lines(self, index):
        return [wrap(self.shown(index, c), self.font(index), self.size, w - 2 * self.gap)
                for c, w in zip(self.table.printed[index], self.widths)]

    def height(self, index):
        row = self.table.rows[index]
        lead = self.size * .7 if row.group and self.table.look != "ruled" else 0
        return lead + max(map(len, self.lines[index])) * self.size * 1.2 + 2 * self.pad

    def set(self):
        press, table = self.press, self.table
        total = sum(map(self.height, range(len(table.rows)))) + self.size * 3
        whole = press.ceiling - press.floor
        press.need(total if total < whole and not table.breaks and table.options.get("split") != "yes" else self.size * 9)
        if table.caption:
            press.heading(3, table.caption)
        self.start()
        for i in range(len(table.rows)):
            if i in table.breaks or press.y - self.height(i) < press.floor:
                press.turn()
                self.start()
                if table.options.get("repeat") == "yes":
                    for h in range(table.header):
                        self.row(h)
                        press.note("repeat", " ".join(true_text(c) for c in table.printed[h] if c))
            self.row(i)
        press.y -= self.size * 1.4

    def start(self):
        """Notes that a part of the table stands on this page."""
        press, table = self.press, self.table
        record = press.tables.setdefault(table.id, {
            "id": table.id, "kind": table.kind, "header": table.header, "unit": table.options.get("unit"),
            "caption": table.caption, "pages": [], "rows": [
                [true_text(self.shown(i, c)) for c in row] for i, row in enumerate(table.printed)]})
        record["pages"].append(press.page)
        press.note("table", table.id)
        press.y -= self.size * .3

    def row(self, index):
        press, table, canvas = self.press, self.table, self.press.canvas
        row, height, top = table.rows[index], self.height(index), press.y
        bottom, x = top - height, press.left
        if table.look == "shaded" and index >= table.header and (index - table.header) % 2 == 0:
            canvas.setFillGray(.9)
            canvas.rect(press.left, bottom, sum(self.widths), height, stroke=0, fill=1)
            canvas.setFillGray(0)
        tallest = max(map(len, self.lines[index]))
        for column, (lines, width) in enumerate(zip(self.lines[index], self.widths)):
            kind = table.columns[column]
            down = tallest - len(lines) if kind != "l" and self.house["figures"] == "last" or index < table.header else 0
            y = bottom + self.pad + (tallest - down) * self.size * 1.2 - self.size * .95
            for line in lines:
                self.text(line, kind, index, x, y, width)
                y -= self.size * 1.2
            x += width
        self.rules(index, row, top, bottom)
        press.y = bottom

    def text(self, line, kind, index, x, y, width):
        canvas = self.press.canvas
        canvas.setFont(self.font(index), self.size)
        if kind in "rt":
            canvas.drawRightString(x + width - self.gap, y, line)
        elif kind == "c":
            canvas.drawCentredString(x + width / 2, y, line)
        else:
            inset = self.size if self.table.options.get("indent") == "yes" and self.plain_row(index) and x == self.press.left else 0
            canvas.drawString(x + self.gap + inset, y, line)

    def plain_row(self, index):
        row = self.table.rows[index]
        return index >= self.table.header and not row.bold and not row.group

    def rules(self, index, row, top, bottom):
        press, table, x = self.press, self.table, self.press.left
        end = press.left + sum(self.widths)
        if table.look == "ruled":
            press.canvas.setLineWidth(.6)
            for width in self.widths:
                press.canvas.rect(x, bottom, width, top - bottom)
                x += width
        elif table.look == "lines" or (table.look in ("totals", "shaded") and index == table.header - 1):
            press.rule(press.left, end, bottom, .4 if table.look == "lines" else .9)
        elif table.look == "totals" and row.bold:
            figures = sum(w for w, k in zip(self.widths, table.columns) if k not in "rt")
            press.rule(press.left + figures if table.options.get("short") == "yes" else press.left, end, top, .5)


def typeset(report, path):
    """Writes the PDF of REPORT to PATH; returns its answers."""
    report.print_tables(HOUSES[report.meta["house"]]["minus"])
    return Press(report, path).set()
