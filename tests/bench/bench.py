#!/usr/bin/env python3
"""bench.py [OPTIONS] [PDF...]: speed and memory of tolka beside bare tesseract and ocrmypdf. `make bench` runs it.

Each scan is read by `tolka convert --jobs 1` into JSON and `--jobs 2` into a searchable PDF, by `OMP_THREAD_LIMIT=1 tesseract -l swe` on
the page images as they lie in the file (one page after the other), and by `ocrmypdf -l swe --jobs 2 --output-type pdf -O0`. The runs take
turns, so that what else the machine does falls on all alike; the figures are medians over the repeats.

--repeats N   how often (3)       --no-ocrmypdf   leave it out        --shared DIR   instead of ../shared
--repairs-only  only the last table         --no-repairs    leave it out

Last the repair of text alone: REPAIR_BYTES of prose through `tolka normalize`, with marks and without, and a piece of the same through
`hunspell -l` (which only finds the words it does not know) and `hunspell -a` (which also suggests), in MB a CPU second. The prose is
corpus/'s own text, or that of ../shared where it stands, over and over.
PDF: other scans than corpus/*-office.pdf and ../shared/scans/000-office.pdf. The program is $TOLKA, else build/release/tolka.

CPU is user and system time of the process and all it started; peak is the largest resident set of any one process of them.
"""
import argparse
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TOLKA = os.path.abspath(os.environ.get("TOLKA") or ROOT / "build/release/tolka")
TOOLS = ("tolka -j1", "tolka -j2", "tesseract", "ocrmypdf")
WRITES = {"tolka -j1": "json", "tolka -j2": "pdf"}
# Figures beside those of bare recognition: what tolka with N workers is measured against.
AGAINST = {"tolka -j1": ("tesseract",), "tolka -j2": ("ocrmypdf", "tesseract")}
KIB_A_MIB = 1024
MB = 1_000_000
REPAIR_BYTES = 20 * MB
HUNSPELL_BYTES = {"hunspell -l": MB, "hunspell -a": 4_000}  # what it does in a few seconds
FOLD = str.maketrans("åäöéÅÄÖÉ", "aaoeAAOE")


class Cost:
    def __init__(self, wall_s=0., cpu_s=0., peak_kib=0):
        self.wall_s, self.cpu_s, self.peak_kib = wall_s, cpu_s, peak_kib

    def __add__(self, other):
        return Cost(self.wall_s + other.wall_s, self.cpu_s + other.cpu_s, max(self.peak_kib, other.peak_kib))


def measured(command, **environment):
    """Runs COMMAND; its cost, with that of the processes it started and waited for."""
    start = time.monotonic()
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env={**os.environ, **environment})
    said = child.stderr.read()
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode not in (0, 1) or (child.returncode and command[0] != TOLKA):
        sys.exit(f"{' '.join(map(str, command))}: exit status {child.returncode}: {said.decode(errors='replace').strip()}")
    return Cost(time.monotonic() - start, usage.ru_utime + usage.ru_stime, usage.ru_maxrss)


class Scan:
    def __init__(self, pdf, folder):
        self.pdf, self.out = pdf, folder / "out"
        stem = folder / f"{pdf.parent.parent.name}-{pdf.stem}"
        subprocess.run(["pdfimages", "-all" if b"DCTDecode" in pdf.read_bytes() else "-tiff", pdf, stem], check=True)
        self.images = sorted(folder.glob(f"{stem.name}-[0-9]*.*"))
        info = subprocess.run(["pdfinfo", pdf], capture_output=True, text=True, check=True).stdout
        if len(self.images) != int(re.search(r"Pages:\s+(\d+)", info)[1]):
            sys.exit(f"{pdf}: not a scan of one picture a page")

    def read(self, tool):
        if tool in WRITES:
            written = WRITES[tool]
            return measured([TOLKA, "convert", "-q", "-f", written, "--jobs", tool[-1], "-o", f"{self.out}.{written}", self.pdf])
        if tool == "ocrmypdf":
            return measured(["ocrmypdf", "-q", "-l", "swe", "--jobs", "2", "--output-type", "pdf", "-O0", self.pdf, f"{self.out}.pdf"])
        total = Cost()
        for image in self.images:
            total += measured(["tesseract", image, self.out, "-l", "swe"], OMP_THREAD_LIMIT="1")
        return total


def medians(runs):
    return Cost(*(statistics.median(getattr(r, name) for r in runs) for name in ("wall_s", "cpu_s", "peak_kib")))


def show(rows):
    widths = [max(len(r[i]) for r in rows) for i in range(len(rows[0]))]
    for number, row in enumerate(rows):
        print("  ".join(c.ljust(w) if i < 2 else c.rjust(w) for i, (c, w) in enumerate(zip(row, widths))).rstrip())
        if not number:
            print("-" * (sum(widths) + 2 * len(widths) - 2))


def rows_of(name, pages, costs):
    rows = []
    for tool, cost in costs.items():
        beside = [f"{100 * cost.wall_s / costs[o].wall_s:.0f} % wall, {100 * cost.cpu_s / costs[o].cpu_s:.0f} % CPU of {o}"
                  for o in AGAINST.get(tool, ()) if o in costs][:1]
        rows.append([name, tool, str(pages), f"{pages / cost.wall_s:.2f}", f"{cost.cpu_s / pages:.2f}", f"{cost.peak_kib / KIB_A_MIB:.0f}",
                     beside[0] if beside else ""])
        name = ""
    return rows


def prose(shared):
    """Clean Swedish text of at least REPAIR_BYTES: paragraphs, over and over."""
    files = sorted((shared / "sv/dev").glob("*.txt"))
    text = "".join(f.read_text(encoding="utf-8") for f in files)
    if not text:
        pdfs = [p for p in sorted((ROOT / "corpus").glob("*.pdf")) if p.with_suffix(".json").exists()]
        text = "".join(subprocess.run(["pdftotext", p, "-"], capture_output=True, text=True, check=True).stdout for p in pdfs)
    return text * (REPAIR_BYTES // len(text.encode()) + 1)


def cut(text, size):
    """About the first SIZE bytes, to a line's end."""
    return text[:text.index("\n", len(text.encode()[:size].decode(errors="ignore")))] + "\n"


def repair_rows(shared, folder):
    clean = cut(prose(shared), REPAIR_BYTES)
    rows = [["text", "program", "MB", "CPU s", "MB/CPU s"]]
    for name, text in (("clean", clean), ("marks lost", clean.translate(FOLD))):
        programs = {"tolka normalize": ([TOLKA, "normalize"], REPAIR_BYTES)}
        if shutil.which("hunspell"):
            programs |= {h: (["hunspell", "-d", "sv_SE", "-i", "utf-8", h.split()[1]], size) for h, size in HUNSPELL_BYTES.items()}
        for program, (command, size) in programs.items():
            path = folder / "prose.txt"
            path.write_text(cut(text, size) if size < REPAIR_BYTES else text, encoding="utf-8")
            if program == "hunspell -a":  # reads commands: a text's line is one by its first sign
                path.write_text("".join("^" + line + "\n" for line in path.read_text(encoding="utf-8").splitlines()), encoding="utf-8")
                command = ["sh", "-c", 'exec "$@" <"$0"', path, *command]
            else:
                command = [*command, path]
            cost, mb = measured(command), path.stat().st_size / MB
            rows.append([name, program, f"{mb:.3f}", f"{cost.cpu_s:.2f}", f"{mb / cost.cpu_s:.4f}"])
            name = ""
    return rows


def scan_table(arguments):
    pdfs = arguments.pdfs or sorted((ROOT / "corpus").glob("*-office.pdf")) + \
        [p for p in [arguments.shared / "scans/000-office.pdf"] if p.exists()]
    tools = [t for t in TOOLS if not (t == "ocrmypdf" and (arguments.no_ocrmypdf or not shutil.which(t)))]
    with tempfile.TemporaryDirectory(prefix="tolka-bench-") as folder:
        scans = [Scan(pdf.resolve(), Path(folder)) for pdf in pdfs]
        runs = {(scan, tool): [] for scan in scans for tool in tools}
        for turn in range(arguments.repeats):
            for scan in scans:
                for tool in tools[turn % len(tools):] + tools[:turn % len(tools)]:
                    runs[scan, tool].append(scan.read(tool))
                    if sys.stderr.isatty():
                        print(f"\r\033[K{turn + 1}/{arguments.repeats} {scan.pdf.name} {tool}", end="", file=sys.stderr)
        if sys.stderr.isatty():
            print("\r\033[K", end="", file=sys.stderr)
        table = [["scan", "program", "pages", "pages/s", "CPU s/page", "peak MiB", "beside"]]
        totals = {tool: Cost() for tool in tools}
        for scan in scans:
            costs = {tool: medians(runs[scan, tool]) for tool in tools}
            totals = {tool: totals[tool] + costs[tool] for tool in tools}
            table += rows_of(scan.pdf.stem, len(scan.images), costs)
        if len(scans) > 1:
            table += rows_of("TOTAL", sum(len(s.images) for s in scans), totals)
        show(table)


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("pdfs", nargs="*", type=Path)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--no-ocrmypdf", action="store_true")
    parser.add_argument("--shared", type=Path, default=ROOT.parent / "shared")
    parser.add_argument("--repairs-only", action="store_true")
    parser.add_argument("--no-repairs", action="store_true")
    arguments = parser.parse_args()
    if not arguments.repairs_only:
        scan_table(arguments)
    if not arguments.no_repairs:
        print()
        with tempfile.TemporaryDirectory(prefix="tolka-bench-") as folder:
            show(repair_rows(arguments.shared, Path(folder)))


if __name__ == "__main__":
    main()
