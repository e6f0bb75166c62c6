#!/usr/bin/env python3
"""simulate.py: many machines on one database, as discrete events, fed with measured figures.

A machine has workers that read a page each in a drawn time. What they have read is written down together, at most a tenth of a second
later, in one transaction of the database: a queue before its processors, each transaction costs so much and each page in it so much, and a
commit waits for the disk. Machines die (what they held comes back when their lease is over) and return; the database restarts."""
import argparse
import heapq
import random

# Measured: docs/scale.md. Seconds.
PAGE_S = 1.73            # a worker's CPU for a scanned page, recognition and all
TRANSACTION_S = 0.0007   # of the server's CPU, whatever is in it
PAGE_DB_S = 0.0037       # of the server's CPU for a page: claim, result, its share of the record's rows and the full text
COMMIT_S = 0.002         # the disk
FLUSH_S = 0.1
LEASE_S = 60.0
AHEAD_A_WORKER = 2       # pages that are held besides those in hand


class Database:
    """Processors that serve transactions in the order they come; down for a while now and then."""

    def __init__(self, processors):
        self.free = [0.0] * processors
        heapq.heapify(self.free)
        self.busy = 0.0
        self.down_until = 0.0

    def serve(self, now, pages):
        """When a transaction that comes now is committed."""
        cost = TRANSACTION_S + pages * PAGE_DB_S
        begin = max(now, heapq.heappop(self.free), self.down_until)
        heapq.heappush(self.free, begin + cost)
        self.busy += cost
        return begin + cost + COMMIT_S


class Machine:
    def __init__(self, workers):
        self.workers = workers
        self.done = 0      # read and not written down
        self.idle = 0      # workers that wait for pages
        self.epoch = 0     # of its life: what was before its death means nothing
        self.flushing = False
        self.alive = True


def simulate(machines, workers, processors, seconds, mtbf_s, restart_every_s, seed=1):
    dice = random.Random(seed)
    database = Database(processors)
    crowd = [Machine(workers) for _ in range(machines)]
    events, number = [], 0
    written = lost = transactions = restarts = deaths = 0
    waits = []

    def at(time, kind, machine, epoch):
        nonlocal number
        number += 1
        heapq.heappush(events, (time, number, kind, machine, epoch))

    def read_page(now, index):
        at(now + dice.lognormvariate(0, 0.4) * PAGE_S / 1.0833, "page", index, crowd[index].epoch)

    for index in range(machines):
        for _ in range(workers):
            at(dice.uniform(0, PAGE_S), "page", index, 0)
        at(dice.expovariate(1 / mtbf_s), "death", index, 0)
    at(dice.expovariate(1 / restart_every_s), "restart", 0, 0)
    while events and events[0][0] < seconds:
        now, _, kind, index, epoch = heapq.heappop(events)
        machine = crowd[index]
        if kind == "restart":
            database.down_until = now + dice.uniform(5, 30)
            restarts += 1
            at(now + dice.expovariate(1 / restart_every_s), "restart", 0, 0)
            continue
        if kind == "back":
            machine.alive = True
            machine.done = machine.idle = 0
            machine.flushing = False
            for _ in range(workers):
                read_page(now, index)
            at(now + dice.expovariate(1 / mtbf_s), "death", index, machine.epoch)
            continue
        if epoch != machine.epoch or not machine.alive:
            continue
        if kind == "death":
            deaths += 1
            machine.alive = False
            machine.epoch += 1
            lost += machine.done + workers  # read for nothing: what was in hand, and what was not written down
            at(now + dice.uniform(60, 600), "back", index, machine.epoch)
        elif kind == "page":
            machine.done += 1
            if machine.done <= workers * AHEAD_A_WORKER:
                read_page(now, index)  # from what is held ahead
            else:
                machine.idle += 1
            if not machine.flushing:
                machine.flushing = True
                at(now + FLUSH_S, "flush", index, machine.epoch)
        elif kind == "flush":
            pages, machine.done = machine.done, 0
            transactions += 1
            end = database.serve(now, pages)
            waits.append(end - now)
            written += pages
            at(end, "written", index, machine.epoch)
        elif kind == "written":
            for _ in range(machine.idle):
                read_page(now, index)
            machine.idle = 0
            machine.flushing = machine.done > 0
            if machine.flushing:
                at(now + FLUSH_S, "flush", index, machine.epoch)
    waits.sort()
    ideal = machines * workers / PAGE_S * seconds
    return {"machines": machines, "workers": machines * workers, "pages_s": written / seconds, "of_ideal": 100 * written / ideal,
            "database": 100 * database.busy / processors / seconds, "transactions_s": transactions / seconds,
            "p99_ms": 1000 * waits[int(len(waits) * 0.99)], "deaths": deaths, "restarts": restarts, "lost": 100 * lost / max(1, written)}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=1800)
    parser.add_argument("--mtbf", type=float, default=6 * 3600, help="seconds between two deaths of a machine")
    parser.add_argument("--restarts", type=float, default=900, help="seconds between two restarts of the database")
    parser.add_argument("--shapes", default="1x32,10x32,100x32,1000x1,100x8/8,1000x32/64", help="MACHINESxWORKERS[/PROCESSORS of the database], ...")
    arguments = parser.parse_args()
    print("| machines | workers | processors of the database | pages a second | of what the workers could | database busy | transactions a second "
          "| 99 % written within | machines died | restarts | read for nothing |")
    print("|---|---|---|---|---|---|---|---|---|---|---|")
    for shape in arguments.shapes.split(","):
        size, _, processors = shape.partition("/")
        machines, workers = map(int, size.split("x"))
        row = simulate(machines, workers, int(processors or 4), arguments.seconds, arguments.mtbf, arguments.restarts)
        print(f"| {machines} | {row['workers']} | {processors or 4} | {row['pages_s']:.1f} | {row['of_ideal']:.1f} % | {row['database']:.1f} % | "
              f"{row['transactions_s']:.0f} | {row['p99_ms']:.0f} ms | {row['deaths']} | {row['restarts']} | {row['lost']:.3f} % |", flush=True)


if __name__ == "__main__":
    main()
