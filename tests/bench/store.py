#!/usr/bin/env python3
"""store.py [STORE]: how soon the first row of a question to a large store is there. Makes the store (100,000 reports) when it is not."""
import os
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TOLKA = os.path.abspath(os.environ.get("TOLKA") or ROOT / "build/release/tolka")
MAKE_STORE = os.path.abspath(os.environ.get("MAKE_STORE") or ROOT / "build/release/tools/make_store")
REPORTS, TIMES, LIMIT_S = 100000, 5, 0.2
QUESTIONS = (
    ("facts: a kind and a year", ["facts", "--kind", "income_statement", "--period", "2011"], True),
    ("facts: a kind and many years", ["facts", "--kind", "balance_sheet", "--period", "1990..2030"], True),
    ("facts: a kind and a year that is not there", ["facts", "--kind", "balance_sheet", "--period", "1955"], False),
    ("facts: an item and a year", ["facts", "--item", "equity", "--period", "2011"], True),
    ("facts: kind, item and year", ["facts", "--kind", "cash_flow", "--item", "equity", "--period", "2011"], True),
    ("facts: an organisation and a kind", ["facts", "--organisation", "malmö", "--kind", "income_statement"], True),
    ("facts: an organisation's number", ["facts", "--organisation", "212009-0009", "--period", "2010..2015"], True),
    ("facts: an organisation that is not there", ["facts", "--organisation", "inte"], False),
    ("facts: doubtful ones", ["facts", "--status", "doubtful"], True),
    ("facts: all", ["facts"], True),
    ("search: two common words", ["search", "kommunen", "budget"], True),
    ("search: a common and a rare word", ["search", "kommunen", "diarie31415"], True),
    ("search: two words of the middle", ["search", "ord100x", "ord200x"], True),
    ("search: a phrase of common words", ["search", '"kommunen budget"'], True),
    ("search: a beginning", ["search", "diarie3141*"], True),
    ("search: without marks", ["search", "natt", "namnden"], None),
    ("search: nothing", ["search", "finnsinte", "kommunen"], False),
)


def first_row(arguments, store):
    """Seconds to the first row after any heading, and whether there was one."""
    command = [TOLKA, arguments[0], store, *arguments[1:]]
    begin = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        if arguments[0] == "facts":
            process.stdout.readline()
        row = process.stdout.readline()
        seconds = time.perf_counter() - begin
        process.stdout.close()
        process.terminate()
    return seconds, bool(row)


def main():
    store = sys.argv[1] if len(sys.argv) > 1 else str(ROOT / "build/bench-store.db")
    if not os.path.exists(store):
        print(subprocess.run([MAKE_STORE, store, str(REPORTS)], check=True, capture_output=True, text=True).stdout, end="")
    late = 0
    for name, arguments, expected in QUESTIONS:
        runs = [first_row(arguments, store) for _ in range(TIMES)]
        seconds = sorted(run[0] for run in runs)
        late += seconds[TIMES // 2] > LIMIT_S
        if expected is not None and any(run[1] != expected for run in runs):
            print(f"{name}: {'no row' if expected else 'a row'} that was not expected")
            late += 1
        print(f"{name:46} {seconds[TIMES // 2] * 1000:7.0f} ms (least {seconds[0] * 1000:.0f}, most {seconds[-1] * 1000:.0f})")
    return 1 if late else 0


if __name__ == "__main__":
    sys.exit(main())
