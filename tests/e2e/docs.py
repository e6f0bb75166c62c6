#!/usr/bin/env python3
"""docs.py [-v] [DOCUMENT...]: runs what the documents show. A ```sh block is run, the blocks of a document in order in one folder; a
```text block right after it is what it printed, or the beginnings of lines of it. In the folder lie, under the names that
documents use, sample reports of corpus/: report.pdf, scan.pdf, archive/; and the source tree's examples/ and my-rules/."""
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TOLKA = Path(os.environ.get("TOLKA") or ROOT / "build/release/tolka").resolve()
CORPUS = ROOT / "corpus"
DOCUMENTS = [ROOT / "README.md", ROOT / "README.sv.md", *sorted((ROOT / "docs").glob("*.md"))]
# What other tests run, or what changes the machine: tests/fresh.sh and `make check` itself, tests/deb.sh.
ELSEWHERE = re.compile(r"(make|sudo make|sudo apt|sudo ldconfig|git clone|cc|tar|duckdb)\b")
BLOCK = re.compile(r"^```(sh|text)[^\n]*\n(.*?)^```", re.M | re.S)


def prepare(folder):
    (folder / "archive").mkdir()
    for name in ("forbund-arsredovisning", "brf-arsredovisning", "namnd-delarsrapport"):
        shutil.copy(CORPUS / f"{name}.pdf", folder / "archive")
    shutil.copy(CORPUS / "forbund-arsredovisning.pdf", folder / "report.pdf")
    shutil.copy(CORPUS / "forbund-arsredovisning-office.pdf", folder / "scan.pdf")
    shutil.copy(CORPUS / "brf-arsredovisning.pdf", folder / "misprint.pdf")
    (folder / "old-ocr.txt").write_text("Forbundet har under aret arbetat med samverkan.\n", encoding="utf-8")
    (folder / "texts").mkdir()
    for number, source in enumerate(sorted((CORPUS / "src").glob("*.txt"))):
        shutil.copy(source, folder / f"texts/{number}.txt")
    shutil.copytree(ROOT / "examples", folder / "examples")
    shutil.copytree(ROOT / "schema/rules", folder / "my-rules")


def blocks(document):
    """(kind, text) of each block that is run or compared, a ```text only where it follows a ```sh."""
    text = document.read_text(encoding="utf-8")
    end, last = 0, None
    for match in BLOCK.finditer(text):
        if match[1] == "sh" or (last == "sh" and not text[end:match.start()].strip()):
            yield match[1], match[2]
        last, end = match[1], match.end()


def plain(line):
    """What may differ from one version to the next: how sure the recogniser was, how long it took."""
    return re.sub(r"\d+ %|\d+\.\d s|\s+", lambda m: " " if m[0].isspace() else "#", line).strip()


def missing_line(shown, printed):
    """The first of the SHOWN lines that PRINTED does not have in this order; None when all are there."""
    left = iter([plain(line) for line in printed.splitlines()])
    for line in shown.splitlines():
        if line.strip() and not any(other.startswith(plain(line)) for other in left):
            return line
    return None


def run(script, folder):
    env = {k: v for k, v in os.environ.items() if k != "TOLKA"}
    env |= {"PATH": f'{TOLKA.parent}:{env["PATH"]}', "LIBTOLKA": str(TOLKA.parent / "lib/libtolka.so.0"), "NO_COLOR": "1"}
    return subprocess.run(["bash", "-ec", script], cwd=folder, env=env, capture_output=True, text=True, timeout=300,
                          check=False)


def check(document, verbose):
    passed = failed = 0
    printed = ""
    folder = Path(tempfile.mkdtemp(prefix="tolka-docs-"))
    prepare(folder)
    for kind, text in blocks(document):
        if kind == "text":
            absent = missing_line(text, printed)
            wrong = absent and f"does not print:\n{absent}\nbut:\n{printed}"
        else:
            lines = [line for line in text.splitlines() if not ELSEWHERE.match(line)]
            done = run("\n".join(lines), folder)
            printed = done.stdout
            wrong = done.returncode and f"exit status {done.returncode}:\n{text}{done.stderr}"
        passed, failed = passed + (not wrong), failed + bool(wrong)
        if wrong or verbose:
            print(f"{document.name}: {wrong or text}")
    shutil.rmtree(folder)
    return passed, failed


def main(arguments):
    verbose = "-v" in arguments
    chosen = [Path(a) for a in arguments if a != "-v"] or DOCUMENTS
    counts = [check(document, verbose) for document in chosen]
    print(f"{sum(p for p, _ in counts)} passed, {sum(f for _, f in counts)} failed")
    return 1 if any(f for _, f in counts) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
