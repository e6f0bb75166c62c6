#!/usr/bin/env python3
"""queue_alone.py [REPORTS PAGES WORKERS BATCH]: the queue alone on a PostgreSQL of its own (tools/queue_bench): pages a second, and the
processor time of the server and of the workers, which other load on the machine does not change."""
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/postgres"))
from cluster import Cluster  # noqa: E402  (found beside)

BENCH = os.environ.get("QUEUE_BENCH") or ROOT / "build/release/tools/queue_bench"


def server_s(cluster):
    """Processor seconds of the server: its own, and of the processes that it started, alive or gone."""
    pid = cluster.process.pid
    while True:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        try:
            fields = [Path(f"/proc/{each}/stat").read_text().rsplit(")", 1)[1].split() for each in (pid, *children)]
        except FileNotFoundError:           # one ended meanwhile
            continue
        ticks = sum(int(number) for number in fields[0][11:15]) + sum(int(f[11]) + int(f[12]) for f in fields[1:])
        return ticks / os.sysconf("SC_CLK_TCK")


def main():
    reports, pages, workers, batch = (int(word) for word in (sys.argv[1:] + ["4000", "4", "2", "64"][len(sys.argv) - 1:]))
    with Cluster(settings=["fsync=off"]) as cluster:
        url = cluster.database("queue")
        before = server_s(cluster)
        print(subprocess.run([BENCH, url, str(reports), str(pages), str(workers), str(batch)], check=True, capture_output=True, text=True).stdout,
              end="")
        print(f"server: {(server_s(cluster) - before) / reports / pages * 1e6:.0f} us of CPU a page, taking in as well")


if __name__ == "__main__":
    main()
