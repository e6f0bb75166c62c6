#!/usr/bin/env python3
"""million.py [REPORTS]: how soon the first row of a question is there in a database of a million made reports."""
import os
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/postgres"))
from cluster import Cluster  # noqa: E402  (found beside)

TOLKA = os.path.abspath(os.environ.get("TOLKA") or ROOT / "build/release/tolka")
TIMES, LIMIT_S = 5, 0.2
QUESTIONS = (
    ["facts", "--kind", "income_statement", "--period", "2011"],
    ["facts", "--kind", "balance_sheet", "--period", "1990..2030"],
    ["facts", "--kind", "balance_sheet", "--period", "1955"],
    ["facts", "--item", "equity", "--period", "2011"],
    ["facts", "--kind", "cash_flow", "--item", "equity", "--period", "2011"],
    ["facts", "--organisation", "organisation 17"],
    ["facts", "--status", "doubtful"],
    ["facts"],
    ["search", "kommunen", "budget"],
    ["search", "kommunen", "diarie314159"],
    ["search", "ord100", "ort200"],
    ["search", "finnsinte", "kommunen"],
)


def first_row(url, question):
    begin = time.perf_counter()
    with subprocess.Popen([TOLKA, question[0], url, *question[1:]], stdout=subprocess.PIPE) as process:
        if question[0] == "facts":
            process.stdout.readline()
        row = process.stdout.readline()
        seconds = time.perf_counter() - begin
        process.stdout.close()
        process.terminate()
    return seconds, row


def measure(url):
    late = 0
    for question in QUESTIONS:
        runs = sorted(first_row(url, question)[0] for _ in range(TIMES))
        late += runs[TIMES // 2] > LIMIT_S
        print(f"{' '.join(question):60} {runs[TIMES // 2] * 1000:7.0f} ms (least {runs[0] * 1000:.0f}, most {runs[-1] * 1000:.0f})", flush=True)
    return late


def main():
    if "TOLKA_TEST_STORE" in os.environ:
        return measure(os.environ["TOLKA_TEST_STORE"]) > 0
    with Cluster(settings=["fsync=off", "shared_buffers=1GB"]) as cluster:
        url = cluster.database("million")
        subprocess.run([TOLKA, "ingest", "-q", "--enqueue", "--store", url, "/nonexistent"], check=False, capture_output=True)
        cluster.sql("TRUNCATE tolka.recipe, tolka.run, tolka.missing", "million")
        subprocess.run(["psql", "-q", "-X", "-v", "ON_ERROR_STOP=1", "-v", f"reports={sys.argv[1] if len(sys.argv) > 1 else 1000000}", "-f",
                        ROOT / "tests/scale/million.sql", url], check=True)
        return measure(url) > 0


if __name__ == "__main__":
    sys.exit(main())
