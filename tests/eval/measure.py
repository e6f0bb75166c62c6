"""What `tolka` read, measured against what a report truly says. Python's standard library only.

text.f1         words found, page by page, as bags of words; the words of a table over several pages are sought on all of them
text.diacritic  share of the true words with å, ä, ö or é that were found
table.f1        adjacency relations (Göbel et al., ICDAR 2013 table competition): each cell with its nearest right and lower
                neighbour that is not empty
table.kind      tables whose best match has the right kind
fact.f1         triples of row label, column heading and value, of every number below the heading rows
fact.value      share of the true values found in the table, wherever in it
fact.silent     numbers under a true label and heading with a wrong value and no doubt about it, per 1000 true facts
fact.doubtful   share of the numbers that are marked doubtful
report          fields of the report's description that are right
"""
import re
import unicodedata
from collections import Counter

LOWER_IS_BETTER = {"fact.silent", "fact.doubtful"}
COLUMNS = ("text.f1", "text.diacritic", "table.f1", "table.kind", "fact.f1", "fact.value", "fact.silent", "fact.doubtful", "report")

SIGNS = {}
for signs, plain in (("‐‑‒–—−", "-"), ("”“„»«″", '"'), ("’‘´`", "'"), ("•▪\u00a0\u202f", " "), ("…", ".")):
    SIGNS.update(dict.fromkeys(map(ord, signs), plain))
MARKED = re.compile("[åäöéÅÄÖÉ]")
AMOUNT = re.compile(r"([+-]?) ?(\d{1,3}(?:[ .]\d{3})+|\d+)(?:,(\d+))? ?(?:%|kr|tkr|mkr|st)?")
STATES_FACTS = frozenset("income_statement balance_sheet cash_flow note budget budget_followup project_costs cost_split "
                         "statistics multi_year".split())
REPORT_KINDS = (("årsredovisning", "annual_report"), ("delårsredovisning", "interim_report"),
                ("delårsrapport", "interim_report"), ("verksamhetsplan", "activity_plan"))
# Which counts make which figure: hits over wants, or twice the hits over wants and haves.
F1 = {"text.f1": "word", "table.f1": "relation", "fact.f1": "fact"}
SHARES = {"text.diacritic": ("marked_hit", "marked_want", 1), "fact.value": ("value_hit", "fact_want", 1),
          "fact.silent": ("silent", "fact_want", 1000), "fact.doubtful": ("doubtful", "fact_have", 1)}
COUNTS = {"table.kind": ("kind_hit", "table_want"), "report": ("field_hit", "field_want")}


def unify(text):
    """TEXT in NFC with one kind of dash, quote and space."""
    return unicodedata.normalize("NFC", text or "").translate(SIGNS)


def bag(texts):
    """The words of TEXTS; a token without a letter or digit is none."""
    return Counter(w for t in texts for w in unify(t).split() if re.search(r"\w", w))


def squeeze(text):
    return "".join(unify(text).split()).lower()


def stated(text):
    """The number that a cell's text is, or None."""
    match = AMOUNT.fullmatch(" ".join(unify(text).split()))
    if not match:
        return None
    size = float(re.sub("[ .]", "", match[2]) + "." + (match[3] or "0"))
    return -size if match[1] == "-" else size


def cells_of(table):
    """The rows of a table of tolka's output, as texts."""
    return [[cell.get("text", "") for cell in row["cells"]] for row in table["rows"]]


def bags(truth, got):
    """The words of each page (or of the pages that a table over several binds together), true and read, as bags."""
    tables = {t["id"]: t for t in truth["tables"]}
    broken = [t for t in truth["tables"] if len(t["pages"]) > 1]
    shared = {page for t in broken for page in t["pages"]}
    read = {page["page"]: page.get("text", "") for page in got.get("pages", [])}
    groups = [[int(p)] for p in truth["pages"] if int(p) not in shared] + ([sorted(shared)] if shared else [])
    for group in groups:
        texts = [cell for t in broken for row in t["rows"] for cell in row] if group[0] in shared else []
        for kind, item in (i for p in group for i in truth["pages"].get(str(p), [])):
            if kind != "table":
                texts.append(item)
            elif tables[item] not in broken:
                texts += [cell for row in tables[item]["rows"] for cell in row]
        yield bag(texts), bag(read.get(p, "") for p in group)


def measure_text(truth, got, counts):
    for want, have in bags(truth, got):
        found = want & have
        counts["word_hit"] += found.total()
        counts["word_want"] += want.total()
        counts["word_have"] += have.total()
        counts["marked_want"] += sum(n for w, n in want.items() if MARKED.search(w))
        counts["marked_hit"] += sum(n for w, n in found.items() if MARKED.search(w))


def moved(truth, before, after):
    """The true words that BEFORE had and AFTER has not, and the other way round, as bags."""
    lost, won = Counter(), Counter()
    for (want, had), (_, have) in zip(bags(truth, before), bags(truth, after)):
        lost += (want & had) - have
        won += (want & have) - had
    return lost, won


def relations(rows):
    """The adjacency relations of a grid: (text, neighbour's text, direction), as a bag."""
    grid, out = [[squeeze(cell) for cell in row] for row in rows], Counter()
    below = {}      # column → the nearest text under the row at hand
    for row in reversed(grid):
        right = ""
        for column in range(len(row) - 1, -1, -1):
            text = row[column]
            if not text:
                continue
            if right:
                out[text, right, "right"] += 1
            if column in below:
                out[text, below[column], "below"] += 1
            right = below[column] = text
    return out


def facts_of(rows, header, value_at):
    """(label, heading), value, place of each number below HEADER heading rows."""
    width = max(map(len, rows), default=0)
    heads = ["".join(squeeze(row[c]) for row in rows[:header] if c < len(row)) for c in range(width)]
    out = []
    for r, row in enumerate(rows[header:], header):
        for c in range(1, len(row)):
            value = value_at(r, c)
            if value is not None:
                out.append(((squeeze(row[0]), heads[c]), value, (r, c)))
    return out


def likeness(true_table, true_relations, candidate):
    """How much of a true table CANDIDATE holds: its relations, and a little for its cells."""
    rows = cells_of(candidate)
    have = relations(rows)
    alike = 2 * (have & true_relations).total() / max(1, have.total() + true_relations.total())
    want = Counter(filter(None, (squeeze(c) for row in true_table["rows"] for c in row)))
    cells = Counter(filter(None, (squeeze(c) for row in rows for c in row)))
    return alike + .001 * (want & cells).total() / max(1, want.total())


def best_match(true_table, true_relations, free):
    best, score = None, 0
    for candidate in free:
        apart = true_table["pages"] and candidate.get("pages") and not set(true_table["pages"]) & set(candidate["pages"])
        alike = 0 if apart else likeness(true_table, true_relations, candidate)
        if alike > score:
            best, score = candidate, alike
    return best


def measure_facts(want, table, counts):
    rows = cells_of(table)
    place = lambda r, c: table["rows"][r]["cells"][c]
    have = facts_of(rows, table.get("header_rows", 0), lambda r, c: place(r, c).get("value"))
    counts["fact_have"] += len(have)
    counts["fact_hit"] += (Counter(f[:2] for f in want) & Counter(f[:2] for f in have)).total()
    counts["value_hit"] += (Counter(f[1] for f in want) & Counter(f[1] for f in have)).total()
    true_values = {}
    for name, value, _ in want:
        true_values.setdefault(name, set()).add(value)
    for name, value, at in have:
        doubtful = place(*at).get("status") == "doubtful"
        counts["doubtful"] += doubtful
        counts["silent"] += name in true_values and value not in true_values[name] and not doubtful


def measure_tables(truth, got, counts):
    free = list(got.get("tables", []))
    for table in truth["tables"]:
        true_relations = relations(table["rows"])
        want = []
        if table["kind"] in STATES_FACTS:
            want = facts_of(table["rows"], table["header"], lambda r, c, t=table: stated(t["rows"][r][c]))
        counts["table_want"] += 1
        counts["relation_want"] += true_relations.total()
        counts["fact_want"] += len(want)
        match = best_match(table, true_relations, free)
        if match is None:
            continue
        free = [t for t in free if t is not match]
        have = relations(cells_of(match))
        counts["relation_have"] += have.total()
        counts["relation_hit"] += (have & true_relations).total()
        counts["kind_hit"] += match.get("kind") == table["kind"]
        if want:
            measure_facts(want, match, counts)
    counts["relation_have"] += sum(relations(cells_of(t)).total() for t in free)
    counts["spurious"] += len(free)


def measure_report(truth, got, counts):
    meta, said = truth["meta"], got.get("report") or {}
    period = said.get("period") or {}
    title = meta.get("report", "").lower()
    pairs = [(meta.get("orgnr"), said.get("orgnr")), (meta.get("period_from"), period.get("from")),
             (meta.get("period_to"), period.get("to")), (meta.get("decided"), said.get("decided")),
             (next((kind for word, kind in REPORT_KINDS if title.startswith(word)), None), said.get("kind"))]
    for want, have in pairs:
        counts["field_want"] += bool(want)
        counts["field_hit"] += bool(want) and squeeze(want) == squeeze(have)
    name, read = squeeze(meta.get("organisation")), squeeze(said.get("organisation"))
    counts["field_want"] += bool(name)      # with or without an abbreviation after it, either name will do
    counts["field_hit"] += bool(name and read and (name in read or (read in name and len(read) > 5)))


def measure(truth, got):
    """The counts behind every figure, for one report; counts of several reports may be added."""
    counts = Counter()
    measure_text(truth, got, counts)
    measure_tables(truth, got, counts)
    measure_report(truth, got, counts)
    return counts


def figure(counts, name):
    """The figure NAME of COUNTS as a number from 0 to 1 (fact.silent: per 1000)."""
    if name in F1:
        stem = F1[name]
        return 2 * counts[stem + "_hit"] / max(1, counts[stem + "_want"] + counts[stem + "_have"])
    hit, want, scale = SHARES[name] if name in SHARES else (*COUNTS[name], 1)
    return scale * counts[hit] / max(1, counts[want])


def printed(counts, name):
    """The figure NAME as the table shows it."""
    if name in COUNTS:
        hit, want = COUNTS[name]
        return f"{counts[hit]}/{counts[want]}"
    return f"{figure(counts, name):.{ {'fact.silent': 1, 'fact.doubtful': 3}.get(name, 4)}f}"
