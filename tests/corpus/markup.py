"""The source markup of the sample reports: parsing, and the arithmetic of their tables. corpus/README.md describes it."""
import re
from decimal import ROUND_HALF_UP, Decimal

AMOUNT = re.compile(r"^([+\-–−]?)\s*(\d[\d ]*)(,\d+)?\s*(%|kr|tkr)?$")
REFERENCE = re.compile(r"[a-z_][\w]*(?:\.[a-z_]\w*)?(?:@\d+)?")
ROW = re.compile(r"^(?P<flag>[!_]?)\s*(?:\[(?P<key>\w+)(?:=(?P<formula>[^\]]+))?\])?\s*(?P<rest>.*)$")
NUMERIC = "r"


class SourceError(Exception):
    """A source that cannot be understood; the message says which and why."""


def number(text):
    """The number that a cell's text states as Decimal, or None."""
    match = AMOUNT.match(text.strip())
    if not match:
        return Decimal(0) if text.strip() in ("-", "–") else None
    value = Decimal(match[2].replace(" ", "") + (match[3] or "").replace(",", "."))
    return -value if match[1] in ("-", "–", "−") else value


def amount(value, decimals=0, minus="-"):
    """VALUE as Swedish print: a space between thousands, a decimal comma."""
    value = Decimal(value).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    whole, _, part = f"{abs(value):.{decimals}f}".partition(".")
    groups = f"{int(whole):,}".replace(",", " ")
    return (minus if value < 0 else "") + groups + ("," + part if part else "")


class Row:
    def __init__(self, line, columns, where):
        match = ROW.match(line)
        self.bold, self.group = match["flag"] == "!", match["flag"] == "_"
        self.key, self.formula = match["key"], match["formula"]
        cells = [c.strip() for c in match["rest"].split("|")]
        if len(cells) > len(columns):
            raise SourceError(f"{where}: {len(cells)} cells in a table of {len(columns)} columns: {line}")
        self.cells = cells + [""] * (len(columns) - len(cells))


class Table:
    """A table as the source has it; `printed` holds the cells as they are printed once the report is worked out."""
    def __init__(self, options, caption, where):
        self.id, self.kind, self.columns = options["id"], options["kind"], options["cols"]
        self.header, self.look = int(options.get("header", 1)), options.get("look", "plain")
        self.decimals, self.options = int(options.get("dec", 0)), options
        self.caption, self.where, self.rows, self.breaks, self.printed = caption, where, [], [], []
        self.numeric = [i for i, c in enumerate(self.columns) if c == NUMERIC]

    def row_of(self, key):
        for row in self.rows:
            if row.key == key:
                return row
        raise SourceError(f"{self.where}: no row {key} in table {self.id}")

    def leaves_above(self, row):
        """The keyed rows without a formula between ROW and the nearest formula or group heading above it."""
        out = []
        for other in reversed(self.rows[:self.rows.index(row)]):
            if other.group or other.formula:
                break
            if other.key:
                out.append(other.key)
        return out[::-1]


class Report:
    def __init__(self):
        self.meta, self.blocks, self.tables, self.checks, self.misprints = {}, [], {}, [], {}

    def read_cell(self, table, row, column):
        """What stands in the numeric column COLUMN (from 0) of ROW: text, or a formula to work out, or None."""
        at = table.numeric[column]
        text = row.cells[at]
        if text.startswith("="):
            return text[1:]
        if text or not row.formula:
            return None
        return "+".join(table.leaves_above(row)) if row.formula == "+" else row.formula

    def value(self, table, row, column, seen=()):
        """The value of a cell before any misprint."""
        if (table.id, row.key, column) in seen:
            raise SourceError(f"{table.where}: {table.id}.{row.key} depends on itself")
        formula = self.read_cell(table, row, column)
        if formula is None:
            return number(row.cells[table.numeric[column]]) or Decimal(0)
        return self.work_out(formula, table, column, seen + ((table.id, row.key, column),))

    def work_out(self, formula, table, column, seen=(), lookup=None):
        """FORMULA's value, standing in numeric column COLUMN of TABLE (None in running text)."""
        def one(match):
            name, _, col = match[0].partition("@")
            owner, _, key = name.rpartition(".")
            other = self.tables[owner] if owner else table
            at = int(col) - 1 if col else column
            return "(%s)" % (lookup or self.value_at)(other, other.row_of(key), at, seen)
        return Decimal(eval(REFERENCE.sub(one, formula), {"__builtins__": {}, "Decimal": Decimal}))  # our own sources

    def value_at(self, table, row, column, seen):
        return "Decimal('%s')" % self.value(table, row, column, seen)

    def print_tables(self, minus):
        for table in self.tables.values():
            table.printed = [self.print_row(table, i, row, minus) for i, row in enumerate(table.rows)]

    def print_row(self, table, index, row, minus):
        out = [self.fill(c) for c in row.cells]
        for column, at in enumerate(table.numeric):
            if index >= table.header and self.read_cell(table, row, column) is not None:
                out[at] = amount(self.value(table, row, column), self.decimals_of(table, row), minus)
            elif out[at].startswith("-") and number(out[at]) is not None and len(out[at]) > 1:
                out[at] = minus + out[at][1:]
            wrong = self.misprints.get((table.id, row.key, column))
            out[at] = wrong or out[at]
        return out

    def decimals_of(self, table, row):
        """As many decimals as the row's own written cells have, else the table's."""
        for at in table.numeric:
            match = AMOUNT.match(row.cells[at])
            if match and match[3]:
                return len(match[3]) - 1
        return table.decimals

    def fill(self, text):
        """TEXT with its {formulas} worked out: {x} as it is, {x:k} in thousands, {x:m} in millions, {x:p} in percent."""
        def one(match):
            formula, _, how = match[1].partition(":")
            value = self.work_out(formula, None, None)
            scale = {"k": Decimal(1000), "m": Decimal(1000000), "p": Decimal("0.01")}.get(how, Decimal(1))
            return amount(value / scale, {"m": 1}.get(how, 0))
        return re.sub(r"\{([^}]+)\}", one, text)


def parse(path):
    report, lines = Report(), open(path, encoding="utf-8").read().split("\n")
    i = 0
    while lines[i].strip() != "%%":
        key, _, value = lines[i].partition(":")
        report.meta[key.strip()] = value.strip()
        i += 1
    while (i := i + 1) < len(lines):
        line = lines[i].rstrip()
        if line.startswith("=table "):
            i = parse_table(report, lines, i, path)
        elif line.startswith("="):
            directive(report, line, f"{path}:{i + 1}")
        elif line.startswith("#"):
            marks, _, text = line.partition(" ")
            report.blocks.append((f"h{len(marks)}", text))
        elif line:
            i = parse_text(report, lines, i)
    return report


def parse_text(report, lines, i):
    """A paragraph, bullet (* ) or small print (> ): its lines up to an empty line or the next block are joined."""
    kind, text = {"* ": ("li", lines[i][2:]), "> ": ("note", lines[i][2:])}.get(lines[i][:2], ("p", lines[i]))
    while i + 1 < len(lines) and lines[i + 1].strip() and lines[i + 1][0] not in "#=*>":
        i += 1
        text += " " + lines[i].strip()
    report.blocks.append((kind, text.strip()))
    return i


def directive(report, line, where):
    name, _, rest = line[1:].partition(" ")
    if name == "check":
        report.checks.append(rest)
    elif name == "misprint":
        cell, _, text = rest.partition(" ")
        match = re.fullmatch(r"(\w+)\.(\w+)@(\d+)", cell)
        report.misprints[match[1], match[2], int(match[3]) - 1] = text
    elif name in ("page", "header", "footer", "toc", "sign", "title", "lead", "space"):
        report.blocks.append((name, rest))
    else:
        raise SourceError(f"{where}: unknown directive ={name}")


def parse_table(report, lines, i, path):
    head, _, caption = lines[i][7:].partition("caption=")
    options = dict(part.split("=", 1) for part in head.split())
    table = Table(options, caption.strip(), f"{path}:{i + 1}")
    while lines[i := i + 1].strip() != "=end":
        if lines[i].strip() == "=break":
            table.breaks.append(len(table.rows))
        elif lines[i].strip():
            table.rows.append(Row(lines[i].rstrip(), table.columns, f"{path}:{i + 1}"))
    if table.id in report.tables:
        raise SourceError(f"{table.where}: table {table.id} stands twice")
    report.tables[table.id] = table
    report.blocks.append(("table", table.id))
    return i


def check(report, tables):
    """What does not add up in the printed TABLES (id -> rows of text): (place, printed, expected), misprints too."""
    def printed(table, row, column, _seen):
        text = tables[table.id][table.rows.index(row)][table.numeric[column]]
        value = number(text)
        if value is None:
            raise SourceError(f"{table.where}: {table.id}.{row.key} column {column + 1} is no number: {text!r}")
        return "Decimal('%s')" % value
    wrong = []
    for table in report.tables.values():
        for i, row in enumerate(table.rows[table.header:], table.header):
            for column, at in enumerate(table.numeric):
                formula = report.read_cell(table, row, column)
                if formula is None:
                    continue
                want = amount(report.work_out(formula, table, column, lookup=printed), report.decimals_of(table, row))
                have = tables[table.id][i][at]
                if number(have) != number(want):
                    wrong.append((f"{table.id}.{row.key}@{column + 1}", have, want))
    for line in report.checks:
        left, _, right = line.partition("==")
        a, b = (report.work_out(side, None, None, lookup=printed) for side in (left, right))
        if a != b:
            wrong.append((line, str(a), str(b)))
    return wrong
