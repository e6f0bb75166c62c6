#!/usr/bin/env python3
"""
ingest.py [--pages N] [--runs N] [--tiny N] [throughput|cpu|tiny ...]: what an ingest costs, on a machine that does nothing else.

throughput  what two workers gain over one, beside what two bare tesseract processes gain over one (what the machine gives)
cpu         processor seconds a page of ingest beside those of convert, on the same files
tiny        N one-page born-digital reports: how many a second over each tenth, and the most memory of the supervisor

Runs of the sides alternate; medians are shown. The program is $TOLKA.
"""
import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TOLKA = os.path.abspath(os.environ.get("TOLKA") or ROOT / "build/release/tolka")
SCANS = sorted((ROOT / "corpus").glob("*-office.pdf"))
sys.path.insert(0, str(ROOT / "tests/faults"))


def spend(*commands, **environment):
    """(wall, processor) seconds of commands that run side by side."""
    before, begun = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    processes = [subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env={**os.environ, **environment})
                 for command in commands]
    for process in processes:
        if process.wait() not in (0, 1):
            raise SystemExit(f"{process.args}: exit status {process.returncode}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.monotonic() - begun, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def pictures(folder, count):
    """The first scanned pages of corpus/ as pictures, and each a report of its own."""
    for source in SCANS:
        subprocess.run(["pdfimages", "-png", str(source), str(folder / source.stem)], check=True)
    found = sorted(folder.glob("*.png"))
    for path in found[count:]:
        path.unlink()
    return found[:count]


def ingest(folder, files, jobs):
    store = folder / "archive.db"
    for path in folder.glob("archive.db*"):
        path.unlink()
    return spend([TOLKA, "ingest", "--store", str(store), "--jobs", str(jobs), "--progress", "none", *map(str, files)])


def tesseract(files, processes):
    """Each process reads its share, a list of pictures in one go; the texts go to other names than the lists, which they would cut short."""
    with tempfile.TemporaryDirectory() as folder:
        commands = []
        for i in range(processes):
            listed, texts = Path(folder) / f"{i}.list", Path(folder) / str(i)
            listed.write_text("\n".join(map(str, files[i::processes])))
            commands.append(["tesseract", str(listed), str(texts), "-l", "swe"])
        spent = spend(*commands, OMP_THREAD_LIMIT="1")
        if not all((Path(folder) / f"{i}.txt").stat().st_size for i in range(processes)):
            raise SystemExit("tesseract read nothing")
        return spent


def throughput(folder, options):
    files = pictures(folder, options.pages)
    sides = {"one worker": lambda: ingest(folder, files, 1), "two workers": lambda: ingest(folder, files, 2),
             "one tesseract": lambda: tesseract(files, 1), "two tesseracts": lambda: tesseract(files, 2)}
    walls = {name: [] for name in sides}
    for _ in range(options.runs):
        for name, run in sides.items():
            walls[name].append(run()[0])
    middle = {name: statistics.median(times) for name, times in walls.items()}
    for name, seconds in middle.items():
        print(f"{name:15}{seconds:8.1f} s for {len(files)} pages")
    ours, theirs = (middle["one worker"] / middle["two workers"]), (middle["one tesseract"] / middle["two tesseracts"])
    print(f"two gain over one: ingest {ours:.2f}, tesseract {theirs:.2f}; {ours / theirs:.2f} of it (0.95 is asked for, 1.85 on cores of one's own)")


def page_count(path):
    printed = subprocess.run(["pdfinfo", str(path)], check=True, capture_output=True, text=True).stdout
    return int(printed.split("Pages:")[1].split()[0])


def cpu(folder, options):
    files, pages = [], 0
    for path in SCANS:                      # whole files: each costs convert a start
        if pages < options.pages:
            files.append(path)
            pages += page_count(path)
    ours, theirs = [], []
    for _ in range(options.runs):
        ours.append(ingest(folder, files, 1)[1])
        theirs.append(spend([TOLKA, "convert", "-q", "-j", "1", "-o", str(folder / "out"), *map(str, files)])[1])
    a, b = statistics.median(ours) / pages, statistics.median(theirs) / pages
    print(f"processor seconds a page of {pages}: ingest {a:.2f}, convert {b:.2f}; ratio {a / b:.3f} (at most 1.03 is asked for)")


def tiny(folder, options):
    import made
    for number in range(options.tiny):
        place = folder / "in" / f"{number // 1000:03d}"
        place.mkdir(parents=True, exist_ok=True)
        (place / f"r{number:06d}.pdf").write_bytes(made.tiny_report(number))
    process = subprocess.Popen([TOLKA, "ingest", "--store", str(folder / "tiny.db"), "--progress", "json", str(folder / "in")],
                               stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    begun, done, tenths, peak = time.monotonic(), 0, [0.0], 0
    for line in process.stdout:
        if json.loads(line)["event"] == "report":
            done += 1
            if done % max(1, options.tiny // 10) == 0:
                tenths.append(time.monotonic() - begun)
                status = Path(f"/proc/{process.pid}/status").read_text()
                peak = max(peak, int(status.split("VmHWM:")[1].split()[0]))
    process.wait()
    rates = [options.tiny / 10 / (b - a) for a, b in zip(tenths, tenths[1:])]
    print(f"{done} reports, {done / tenths[-1]:.0f} a second (200 are asked for); by tenths " + " ".join(f"{rate:.0f}" for rate in rates))
    print(f"supervisor: {peak / 1024:.0f} MB at most (100 are asked for)")


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("what", nargs="*", default=[])
    parser.add_argument("--pages", type=int, default=24)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--tiny", type=int, default=100_000)
    options = parser.parse_args()
    for what in options.what or ["throughput", "cpu", "tiny"]:
        with tempfile.TemporaryDirectory(prefix="tolka-bench-") as folder:
            {"throughput": throughput, "cpu": cpu, "tiny": tiny}[what](Path(folder), options)


if __name__ == "__main__":
    main()
