#!/usr/bin/env python3
"""eval.py [OPTIONS] [NAME...]: how well tolka reads, as one table. `make eval` runs it.

Converts corpus/ (born digital and scans) and, where it stands, ../shared (scans, a real scan, text repairs), and scores the
records against the true answers. measure.py says what each column means. NAME: only reports whose name begins so.

--corpus-only     leave ../shared out
--repairs-only    only the text repairs of ../shared
--scan-repairs    only what the repair does to scans: each is converted with it and with --no-normalize
--floors FILE     the least that each level of corpus/ must reach; exit status 1 where it does not
--set-floors      write FILE anew, just under what was measured
--cache DIR       where outputs are kept (build/eval); one that is newer than program, rules and input is used again
--jobs N          workers of each convert (2)
--shared DIR      instead of ../shared
The program is $TOLKA, else build/release/tolka.
"""
import argparse
import hashlib
import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import lines
import measure

ROOT = Path(__file__).resolve().parents[2]
# How far under the measured figure a floor is set: recognition differs a little between builds of its libraries.
SLACK = {"fact.silent": 3.0, "fact.doubtful": .02}
SLACK_ELSE = .01


def documents(shared, names):
    """(set, name, level, input, answers) of everything to convert."""
    out = []
    folders = [("corpus", ROOT / "corpus")] + ([("shared", shared / "scans"), ("shared", shared / "real")] if shared else [])
    for group, folder in folders:
        for answers in sorted(folder.glob("*.json")):
            name = answers.stem
            for pdf in sorted(folder.glob(f"{name}.pdf")) + sorted(folder.glob(f"{name}-*.pdf")):
                level = pdf.stem[len(name) + 1:] or ("real" if folder.name == "real" else "born-digital")
                if not names or any(name.startswith(n) for n in names):
                    out.append((group, name, level, pdf, answers))
    return out


class Program:
    def __init__(self, arguments):
        self.path = os.environ.get("TOLKA") or str(ROOT / "build/release/tolka")
        self.cache, self.jobs = Path(arguments.cache), arguments.jobs
        self.cache.mkdir(parents=True, exist_ok=True)
        parts = [Path(self.path), *(ROOT / "schema/rules").glob("*"), *(ROOT / "normalize/data").glob("*")]
        self.built = max((p.stat().st_mtime for p in parts if p.exists()), default=0)

    def convert(self, pdf, *options):
        """The records of PDF; {} and a word on standard error when there are none."""
        place = hashlib.sha256(" ".join([str(pdf.resolve()), *options]).encode()).hexdigest()[:8]
        out = self.cache / f"{pdf.stem}-{place}.json"
        if not out.exists() or out.stat().st_mtime < max(self.built, pdf.stat().st_mtime):
            command = [self.path, "convert", "-q", "-f", "json", "-j", str(self.jobs), *options, "-o", str(out), str(pdf)]
            out.unlink(missing_ok=True)
            done = subprocess.run(command, stderr=subprocess.PIPE, text=True, check=False)
            if done.returncode:
                print(f"{pdf.name}: exit status {done.returncode}: {done.stderr.strip()}", file=sys.stderr)
        return json.loads(out.read_text(encoding="utf-8")) if out.exists() else {}

    def normalize(self, text):
        done = subprocess.run([self.path, "normalize", "-"], input=text.encode(), capture_output=True, check=False)
        return done.stdout.decode() if done.returncode == 0 else None


def show(heads, rows):
    """Prints an aligned table: the first two columns to the left, the others to the right; None is a rule."""
    widths = [max(len(r[i]) for r in [heads] + [r for r in rows if r]) for i in range(len(heads))]
    for row in [heads, None] + rows:
        cells = [c.ljust(w) if i < 2 else c.rjust(w) for i, (c, w) in enumerate(zip(row or [""] * len(heads), widths))]
        print("  ".join(cells).rstrip() if row else "-" * (sum(widths) + 2 * len(widths) - 2))


def page_table(program, found):
    rows, totals = [], {}
    for group, name, level, pdf, answers in found:
        counts = measure.measure(json.loads(answers.read_text(encoding="utf-8")), program.convert(pdf))
        rows.append([name, level] + [measure.printed(counts, c) for c in measure.COLUMNS])
        totals.setdefault((group, level), Counter()).update(counts)
    rows.append(None)
    for (group, level), counts in sorted(totals.items()):
        rows.append([f"TOTAL {group}", level] + [measure.printed(counts, c) for c in measure.COLUMNS])
    show(["report", "level", *measure.COLUMNS], rows)
    return totals


def sentences(answers):
    pages = json.loads(answers.read_text(encoding="utf-8"))["pages"]
    return [text for page in pages.values() for kind, text in page if kind in ("p", "li")]


def repairs(shared):
    """(name, damage, lines in, true lines, lines to skip) of each text to repair."""
    read = lambda path: path.read_text(encoding="utf-8").rstrip("\n").split("\n")
    texts = [(p.stem, read(p)) for p in sorted((shared / "sv/dev").glob("*.txt"))]
    texts += [(f"sentences of {n}", sentences(shared / f"scans/{n}.json")) for n in ("000", "003")]
    out = [(name, "marks lost", [lines.fold(x) for x in true], true, ()) for name, true in texts]
    gold = shared / "gold"
    skip = lines.doubtful_lines((gold / "001.doubt.txt").read_text(encoding="utf-8"))
    out.append(("001.raw", "recogniser", read(gold / "001.raw.txt"), read(gold / "001.gold.txt"), skip))
    return out + [(name, "none", true, true, ()) for name, true in texts]


def repair_table(program, shared):
    if program.normalize("prov\n") is None:
        print("\nnormalize: not in this program, or it does not run")
        return
    rows = []
    for name, damage, raw, true, skip in repairs(shared):
        text = program.normalize("\n".join(raw) + "\n")
        output = text.rstrip("\n").split("\n") if text is not None else []
        if len(output) != len(true):
            rows.append([name, damage, f"{len(output)} lines for {len(true)}"] + [""] * (len(lines.COLUMNS) - 1))
        else:
            rows.append([name, damage, *lines.printed(lines.measure(raw, true, output, skip))])
    print()
    show(["text", "damage", *lines.COLUMNS], rows)


def scan_repair_table(program, found):
    """The words of scans with the repair and without: rows of figures, then what the repair broke."""
    rows, totals, lost = [], {}, []
    for _, name, level, pdf, answers in found:
        truth = json.loads(answers.read_text(encoding="utf-8"))
        if level == "born-digital" or not truth["pages"]:
            continue
        with_it, without = program.convert(pdf), program.convert(pdf, "--no-normalize")
        counts = Counter(), Counter()
        broken, mended = measure.moved(truth, without, with_it)
        for record, into in zip((without, with_it), counts):
            measure.measure_text(truth, record, into)
        counts[1].update(lost=broken.total(), won=mended.total(), changes=len(with_it.get("corrections", [])))
        lost += [f"{name} {level}: lost {word}" for word in broken.elements()]
        rows.append(repair_row(name, level, *counts))
        for total, part in zip(totals.setdefault(level, (Counter(), Counter())), counts):
            total.update(part)
    rows += [None] + [repair_row("TOTAL", level, *counts) for level, counts in sorted(totals.items())]
    show(["scans", "level", "words", "text.f1", "repaired", "diacritic", "repaired", "won", "lost", "changes"], rows)
    print("\n".join(lost))


def repair_row(name, level, before, after):
    figures = [measure.printed(c, f) for f in ("text.f1", "text.diacritic") for c in (before, after)]
    return [name, level, str(after["word_want"]), *figures] + [str(after[k]) for k in ("won", "lost", "changes")]


def under_floors(totals, floors):
    wrong = []
    for level, least in floors.items():
        for name, limit in least.items():
            have = measure.figure(totals.get(("corpus", level), Counter()), name)
            if have > limit if name in measure.LOWER_IS_BETTER else have < limit:
                wrong.append(f"corpus {level}: {name} is {have:.4f}, its limit {limit}")
    return wrong


def set_floors(totals, path):
    floors = {}
    for (group, level), counts in sorted(totals.items()):
        for name in measure.COLUMNS if group == "corpus" else ():
            slack = SLACK.get(name, SLACK_ELSE)
            have = measure.figure(counts, name)
            limit = have + slack if name in measure.LOWER_IS_BETTER else max(0, have - slack)
            floors.setdefault(level, {})[name] = round(limit, 3)
    path.write_text(json.dumps(floors, indent=1) + "\n", encoding="utf-8")


def main():
    parser = argparse.ArgumentParser(usage=__doc__, add_help=True)
    parser.add_argument("names", nargs="*")
    parser.add_argument("--corpus-only", action="store_true")
    parser.add_argument("--repairs-only", action="store_true")
    parser.add_argument("--scan-repairs", action="store_true")
    parser.add_argument("--floors", type=Path)
    parser.add_argument("--set-floors", action="store_true")
    parser.add_argument("--cache", default=str(ROOT / "build/eval"))
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--shared", type=Path, default=ROOT.parent / "shared")
    arguments = parser.parse_args()
    shared = arguments.shared if arguments.shared.is_dir() and not arguments.corpus_only else None
    program = Program(arguments)
    if arguments.repairs_only:
        if shared:
            repair_table(program, shared)
        return 0
    if arguments.scan_repairs:
        scan_repair_table(program, documents(shared, arguments.names))
        return 0
    totals = page_table(program, documents(shared, arguments.names))
    if shared and not arguments.names:
        repair_table(program, shared)
    if arguments.floors and arguments.set_floors:
        set_floors(totals, arguments.floors)
    elif arguments.floors:
        floors = json.loads(arguments.floors.read_text(encoding="utf-8"))
        wrong = under_floors(totals, floors)
        limits = sum(map(len, floors.values()))
        print("\n".join(wrong + [f"{limits - len(wrong)} passed, {len(wrong)} failed"]))
        return 1 if wrong else 0
    return 0


if __name__ == "__main__":
    sys.exit(main())
