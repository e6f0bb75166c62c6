#!/usr/bin/python3
"""symbols.py [--level LEVEL]... [--keep DIR] [--wrong]: how well signs that the Swedish model cannot say are read.

Four pages, one in each of four fonts, of 200 amounts, percentages, paragraph signs, ranges, bullets and rarer signs, are printed, scanned
at five levels of care and read. symbols: the share of the true words with a sign that were found; figures: how many of the true words of
digits alone (and a percent sign) were not found, and how many are not found without a second look at signs and figures (first_look.c),
once without those that have a percent sign, which a first look cannot read. --wrong lists what was not found and what
was found instead. The program is $TOLKA, else build/release/tolka; `make tools` makes the rest. Needs what tests/corpus needs; so
/usr/bin/python3.
"""
import argparse
import json
import os
import random
import re
import subprocess
import sys
import tempfile
from collections import Counter, defaultdict
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TOOLS = ROOT / "build/release/tools"
sys.path.insert(0, str(ROOT / "tests/corpus"))

from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfgen.canvas import Canvas

import scan
import typeset

FONTS = ("carlito", "caladea", "serif", "sans")
LEVELS = ("clean", "office", "copy", "fax", "photo")
LEAST = {"clean": .99, "office": .99}
LEAST_ELSE = .95
NAMES = {"%": "percent", "§": "section", "–": "dash", "•": "bullet", "½": "half", "@": "at", "#": "number", "*": "star", "ü": "u umlaut"}
MONTHS = "januari februari mars april maj juni juli augusti september oktober november december".split()
LABELS = ("Personal", "Hyror och lokaler", "Verksamhetens andel", "Bidrag till föreningar", "Köpta tjänster", "Räntor", "Avskrivningar",
          "Resor och möten", "Information", "Utbildning", "Försäkringar", "Konsulter")
CHANCE = random.Random(11)


def amount():
    return f"{CHANCE.randint(1, 1999) * CHANCE.choice((1, 10, 1000)) + CHANCE.randint(0, 9):,}".replace(",", " ")


def percentage():
    whole = CHANCE.randint(0, 120)
    return CHANCE.choice((f"{whole} %", f"{whole},{CHANCE.randint(0, 9)} %", f"{whole}%", f"-{whole % 20},{CHANCE.randint(1, 9)} %"))


def item(kind):
    """A line with one or two signs in it."""
    label, number = CHANCE.choice(LABELS), CHANCE.randint(2, 48)
    day, month = CHANCE.randint(1, 28), CHANCE.choice(MONTHS)
    if kind == "amount":
        return f"{label} {amount()} {amount()}"
    if kind == "percent":
        return f"{label} {amount()} {percentage()} {percentage()}"
    if kind == "section":
        return CHANCE.choice((f"Enligt {number} § i stadgarna gäller detta", f"§ {number} {label}", f"Beslut enligt {number} kap. {number % 9 + 1} § lagen",
                              f"Se §§ {number}–{number + 2} i reglementet"))
    if kind == "range":
        return CHANCE.choice((f"Perioden {day} {month}–{(day + 5) % 28 + 1} december", f"Åren {1990 + number}–{1991 + number} var bättre",
                              f"Mellan {number}–{number + 10} personer deltog", f"{label} – en översikt"))
    if kind == "bullet":
        return f"• {label} {amount()} kr"
    return CHANCE.choice((f"Kontakt: info{number}@exempel.se", f"Ärende #{number} är avslutat", f"* avser {label.lower()}",
                          f"Under ½ år användes {number}½ tjänst", f"Inköpt i München av Müller {number} st"))


def lines_of_page():
    kinds = ["amount"] * 8 + ["percent"] * 14 + ["section"] * 9 + ["range"] * 9 + ["bullet"] * 6 + ["rare"] * 8
    CHANCE.shuffle(kinds)
    return [item(kind) for kind in kinds]


def typeset_pages(pdf):
    """Writes PDF and returns the lines of each page."""
    canvas, pages = Canvas(str(pdf), pagesize=A4, invariant=1), []
    for family in FONTS:
        typeset.register(family)
        pages.append(lines_of_page())
        canvas.setFont(f"{family}-Regular", 11)
        for i, line in enumerate(pages[-1]):
            words, x = line.split(" "), 70
            for k, word in enumerate(words):      # an amount's groups stand close, as a writer sets them
                canvas.drawString(x, A4[1] - 60 - 13.6 * i, word)
                x += pdfmetrics.stringWidth(word + " ", f"{family}-Regular", 11)
                if k + 1 < len(words) and re.fullmatch(r"[-\d,]+%?", words[k + 1]) and not re.fullmatch(r"\d{3}", words[k + 1]) and k:
                    x += 14
        canvas.showPage()
    canvas.save()
    return pages


def words(text):
    return Counter(text.replace("−", "-").split())


def texts(pdf):
    """The text of each page as the program reads it, and as it does without a second look."""
    program = os.environ.get("TOLKA") or str(ROOT / "build/release/tolka")
    read = subprocess.run([program, "convert", "-q", str(pdf)], capture_output=True, check=False).stdout
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([TOOLS / "first_look", "save", pdf, f"{folder}/pages"], check=True)
        first = subprocess.run([TOOLS / "replay", "show", f"{folder}/pages"], capture_output=True, check=False, cwd=ROOT).stdout
    return [[words(page["text"]) for page in json.loads(done or '{"pages": []}')["pages"]] for done in (read, first)]


def measure(pages, read):
    """(sign → [found, all], figures that were not found, those of digits alone, what was not found, what was found instead)."""
    signs, wrong, plain, missed, instead = defaultdict(lambda: [0, 0]), 0, 0, [], []
    for lines, have in zip(pages, read):
        want = words("\n".join(lines))
        for word, count in want.items():
            found = min(count, have[word])
            for sign in set(word) & set(NAMES):
                signs[NAMES[sign]][0] += found
                signs[NAMES[sign]][1] += count
            wrong += (count - found) * bool(re.fullmatch(r"[-\d,]+%?", word))
            plain += (count - found) * bool(re.fullmatch(r"[-\d,]+", word))
            missed += [word] * (count - found)
        instead += list((have - want).elements())
    return signs, wrong, plain, missed, instead


def report(level, pages, target, list_wrong):
    """Prints how a level was read; whether that is good enough."""
    read, first = texts(target)
    signs, wrong, plain, missed, instead = measure(pages, read)
    _, first_wrong, first_plain, *_ = measure(pages, first)
    found, total = (sum(n[i] for n in signs.values()) for i in (0, 1))
    least = LEAST.get(level, LEAST_ELSE)
    good = found >= least * total and plain <= first_plain
    print(f"{level:7} symbols {found / max(1, total):.4f} of {total} (at least {least}); figures wrong {wrong} (first look {first_wrong}), "
          f"of digits alone {plain} (at most {first_plain}){'' if good else '  FAILED'}\n        "
          + ", ".join(f"{k} {a}/{b}" for k, (a, b) in sorted(signs.items())), flush=True)
    if list_wrong:
        print("        not found: " + " ".join(missed) + "\n        instead:   " + " ".join(instead))
    return good


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("--level", action="append", choices=LEVELS)
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--wrong", action="store_true")
    arguments = parser.parse_args()
    failed = 0
    with tempfile.TemporaryDirectory() as folder:
        folder = arguments.keep or Path(folder)
        folder.mkdir(exist_ok=True)
        pages = typeset_pages(folder / "symbols.pdf")
        for level in arguments.level or LEVELS:
            target = folder / f"symbols-{level}.pdf"
            if not target.exists():
                scan.scan(folder / "symbols.pdf", target, level)
            failed += not report(level, pages, target, arguments.wrong)
    print(f"{len(arguments.level or LEVELS) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
