#!/usr/bin/env python3
"""
serve_load.py [--store STORE] [--reports N] [--readers N] [--seconds S]: `tolka serve` under readers that leaf through a store without pause and
a writer that corrects figures. Says how long pages took by kind; exits 1 when a page was not answered, or more than 5 % took
over 100 ms. Without --store one of N reports is made. The programs are $TOLKA and $MAKE_STORE.

A reader asks for a page, and for the next when it has that; --pause gives it the time to read, in seconds on average (0: none).
"""
import argparse
import html
import http.client
import multiprocessing
import os
import random
import re
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TOLKA = os.path.abspath(os.environ.get("TOLKA") or ROOT / "build/release/tolka")
MAKE_STORE = os.path.abspath(os.environ.get("MAKE_STORE") or ROOT / "build/release/tools/make_store")
LIMIT_S, PROCESSES = 0.1, 2
WORDS = ("kommun", "budget", "resultat", "avvikelse prognos", "nämnden omsorg", "kommunen året")


def fetch(connection, path, body=None):
    """(status, seconds, text)"""
    begun = time.perf_counter()
    headers = {"Content-Type": "application/x-www-form-urlencoded"} if body else {}
    connection.request("POST" if body else "GET", path, body, headers)
    answer = connection.getresponse()
    text = answer.read()
    return answer.status, time.perf_counter() - begun, text


def choose(rng, root, reports):
    """The kind of the next page, and its address."""
    report = rng.randrange(1, reports + 1)
    kind = rng.choice(("overview", "reports", "kind", "organisations", "organisation", "search", "report", "table", "cell", "page",
                       "misprints", "doubtful", "problems"))
    address = {"overview": "", "reports": f"reports?after=archive/{rng.randrange(max(1, reports // 1000)):03d}/report-&id=0",
               "kind": f"reports?kind=annual_report&after=archive/{rng.randrange(max(1, reports // 1000)):03d}/&id=0",
               "organisations": "organisations", "organisation": "organisation?key=" + urllib.parse.quote(rng.choice(choose.keys)),
               "search": f"search?q={urllib.parse.quote(rng.choice(WORDS))}&r={rng.randrange(reports)}",
               "report": f"report/{report}", "table": f"report/{report}/table/1", "cell": f"report/{report}/cell/1/2/1",
               "page": f"report/{report}/page/1", "misprints": f"misprints?r={report}&t=0&n=0",
               "doubtful": f"doubtful?after={report << 24}", "problems": "problems"}[kind]
    return kind, f"{root}{rng.choice(('sv', 'en'))}/{address}"


def read(where, root, reports, until, pause, seed, results):
    rng, connection = random.Random(seed), http.client.HTTPConnection(*where, timeout=30)
    while time.monotonic() < until:
        kind, path = choose(rng, root, reports)
        try:
            status, seconds, _ = fetch(connection, path)
        except (OSError, http.client.HTTPException):
            status, seconds = 0, 30
            connection.close()
        results.append((kind, status, seconds))
        if pause:
            time.sleep(rng.expovariate(1 / pause))


def write(where, root, reports, until, results):
    rng, connection = random.Random(1), http.client.HTTPConnection(*where, timeout=60)
    while time.monotonic() < until:
        path = f"{root}sv/report/{rng.randrange(1, reports + 1)}/cell/1/{rng.randrange(2, 8)}/1"
        text = fetch(connection, path)[2].decode()
        fields = {name: html.unescape(value) for name, value in re.findall(r'name="(\w+)" (?:type="\w+" )?value="([^"]*)"', text)}
        if "token" not in fields:
            continue
        fields |= {"to": str(rng.randrange(10000)), "do": "correct"}
        status, seconds, _ = fetch(connection, path, urllib.parse.urlencode(fields))
        results.append(("correction", 200 if status == 303 else status, seconds))
        time.sleep(0.5)


def readers(where, root, reports, until, pause, numbers, keys, queue):
    choose.keys, results = keys, []
    threads = [threading.Thread(target=read, args=(where, root, reports, until, pause, number, results)) for number in numbers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    queue.put(results)


def report_on(results):
    """Prints a line a kind; returns True when all is well."""
    kinds = {}
    for kind, status, seconds in results:
        kinds.setdefault(kind, []).append((seconds, status))
    print(f"{'':14}{'pages':>8}{'errors':>8}{'median':>9}{'95 %':>9}{'99 %':>9}{'most':>9}   ms")
    shown = [*sorted(kinds.items()), ("all readers", [entry for kind, entries in kinds.items() if kind != "correction" for entry in entries])]
    for kind, entries in shown:
        times = sorted(seconds for seconds, _ in entries)
        errors = sum(status != 200 for _, status in entries)
        quantiles = [times[min(len(times) - 1, int(len(times) * q))] * 1000 for q in (0.5, 0.95, 0.99, 1)]
        print(f"{kind:14}{len(times):8}{errors:8}" + "".join(f"{q:9.1f}" for q in quantiles))
    errors = sum(status != 200 for _, status, _ in results)
    return errors == 0 and quantiles[1] <= LIMIT_S * 1000


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--store")
    parser.add_argument("--reports", type=int, default=100_000)
    parser.add_argument("--readers", type=int, default=20)
    parser.add_argument("--seconds", type=float, default=300)
    parser.add_argument("--pause", type=float, default=0)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        store = options.store
        if not store:
            store = str(Path(folder) / "archive.db")
            subprocess.run([MAKE_STORE, store, str(options.reports)], check=True, stdout=subprocess.DEVNULL)
        server = subprocess.Popen([TOLKA, "serve", store, "--port", "0"], stdout=subprocess.PIPE, text=True)
        url = urllib.parse.urlsplit(server.stdout.readline().strip())
        where, root = (url.hostname, url.port), url.path
        listed = fetch(http.client.HTTPConnection(*where, timeout=30), root + "sv/organisations")[2].decode()
        keys = [urllib.parse.unquote(key) for key in re.findall(r'organisation\?key=([^"]+)"', listed)]
        until, queue, results = time.monotonic() + options.seconds, multiprocessing.Queue(), []
        processes = [multiprocessing.Process(target=readers, args=(where, root, options.reports, until, options.pause,
                                                                   range(i, options.readers, PROCESSES), keys, queue))
                     for i in range(PROCESSES)]
        for process in processes:
            process.start()
        write(where, root, options.reports, until, results)
        for _ in processes:
            results += queue.get(timeout=120)
        for process in processes:
            process.join()
        used = [int(number) for number in Path(f"/proc/{server.pid}/stat").read_text().rsplit(")", 1)[1].split()[11:13]]
        server.terminate()
        print(f"the server used {sum(used) * 1000 / os.sysconf('SC_CLK_TCK') / len(results):.1f} ms of processor a page")
        good = report_on(results) and server.wait(timeout=30) == 0
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
