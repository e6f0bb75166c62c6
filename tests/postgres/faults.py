#!/usr/bin/env python3
"""
faults.py [TEST...]: many hosts on one PostgreSQL, and what goes wrong there: hosts, workers and servers die, cables are cut, disks fill
up, clocks are wrong, a page takes each host down with it. Nothing may be lost, nothing done twice, and the exports must be those of one
ingest into a file. KILLS, REPORTS and QUEUED in the environment make it longer, INPUTS names folders to read instead of made reports.
"""
import collections
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

from cluster import Cluster
from hosts import Host, Network, Relay, can_have_networks
from shared import ROOT, TOLKA, tolka, tree

sys.path.insert(0, str(ROOT / "tests/faults"))
import made  # noqa: E402  (found beside)

KILLS = int(os.environ.get("KILLS", "12"))
REPORTS = int(os.environ.get("REPORTS", "250"))
QUEUED = int(os.environ.get("QUEUED", "100000"))
INPUTS = os.environ.get("INPUTS", "").split()
FAKETIME = next(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"), None)
LIMIT_S = 600 if KILLS <= 12 and not INPUTS else 14400
SECOND_PORT = 5433


class Case(unittest.TestCase):
    count = 0
    addresses = ""

    def setUp(self):
        Case.count += 1
        self.base = f"t{Case.count}"
        self.folder = Path(tempfile.mkdtemp(prefix="tolka-hosts-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.inputs = self.folder / "in"
        self.inputs.mkdir()
        self.hosts, self.exports = [], 0
        self.addCleanup(lambda: [host.kill() or host.wait() for host in self.hosts])
        self.cluster = Cluster(addresses=self.addresses)
        self.addCleanup(self.cluster.close)
        self.cluster.__enter__()
        self.url = self.cluster.database(self.base)

    def make(self, count):
        for number in range(count):
            (self.inputs / f"r{number:05d}.pdf").write_bytes(made.tiny_report(number, 1 + number % 7))

    def sql(self, text):
        return self.cluster.sql(text, self.base)

    def export(self, store):
        self.exports += 1
        folder = self.folder / f"out{self.exports}"
        tolka("export", store, "-o", folder)
        return tree(folder)

    def expected(self):
        tolka("ingest", "-q", "--store", self.folder / "alone.db", *(INPUTS or [self.inputs]), status=None, limit=LIMIT_S)
        return self.export(self.folder / "alone.db")

    def enqueue(self, *more):
        tolka("ingest", "-q", "--enqueue", *more, "--store", self.url, *(INPUTS or [self.inputs]), limit=LIMIT_S)

    def words(self, url=None):
        return [TOLKA, "work", "-q", "-j2", "--until-empty", "--store", str(url or self.url)]

    def work(self, url=None, network=None, **more):
        words = self.words(url)
        with open(self.folder / "said", "ab") as said:
            host = Host(network.command(*words) if network else words, stdout=subprocess.DEVNULL, stderr=said, **more)
        self.hosts.append(host)
        return host

    def said(self):
        return (self.folder / "said").read_text(errors="replace")

    def wait_until(self, question, wanted="t", seconds=60):
        until = time.monotonic() + seconds
        while self.sql(f"SELECT {question}") != wanted:
            self.assertLess(time.monotonic(), until, question)
            time.sleep(0.02)

    def begun(self):
        self.wait_until("EXISTS (SELECT 1 FROM tolka.report WHERE state = 'done')")

    def finish(self, expected):
        """All who work end well, and all that was to be done is done, once."""
        for host in self.hosts:
            if not host.ended or host.process.returncode >= 0:
                self.assertIn(host.wait(LIMIT_S), (0, 1), self.said()[-3000:])
        self.check(expected)

    def check(self, expected):
        self.assertEqual(self.sql("SELECT count(*) FROM tolka.work"), "0")
        self.assertEqual(self.sql("SELECT count(*) FROM tolka.packed"), "0")
        self.assertEqual(self.sql("SELECT count(*) FROM tolka.report WHERE state = 'queued'"), "0")
        self.assertEqual(self.export(self.url), expected)

    def forget_lease(self, host="%"):
        """As if a minute had passed since the last word of the host."""
        self.sql(f"UPDATE tolka.run SET lease_until = lease_until - 60000 WHERE ended_at IS NULL AND host LIKE '{host} %'")


class Killed(Case):
    def test_random_kills(self):
        """Workers, whole hosts, the server and the cables between, at random times over one run."""
        dice, ended = random.Random(7), collections.Counter()
        self.make(0 if INPUTS else REPORTS)
        expected = self.expected()
        self.enqueue()
        relays = [Relay(self.cluster.socket()) for _ in range(3)]
        urls = [f"postgresql://tolka@127.0.0.1:{relay.port}/{self.base}" for relay in relays]
        for url in urls:
            self.work(url)
        for number in range(KILLS):
            time.sleep(dice.uniform(0.05, 0.6) if not INPUTS else dice.uniform(0.5, 15))
            what = dice.choice(("worker", "host", "host", "server", "cable"))
            ended[what] += 1
            at = dice.randrange(len(relays))
            if what == "server":
                self.cluster.stop(dice.choice((signal.SIGINT, signal.SIGQUIT)))
                time.sleep(dice.uniform(0, 0.5))
                self.cluster.start()
            elif what == "cable":
                relays[at].cut()
                time.sleep(dice.uniform(0, 0.5))
                relays[at].mend()
            elif what == "worker":
                self.hosts[at].kill_worker(dice)
            else:
                self.hosts[at].kill()
                self.hosts[at].wait()
            if self.hosts[at].ended:
                self.hosts[at] = self.work(urls[at])
                self.hosts.pop()
            if number + 1 < KILLS and self.sql("SELECT count(*) FROM tolka.work") == "0":
                self.enqueue("--redo")              # all is done before all were killed: once more
        print(f"{KILLS} kills: {dict(ended)}", end=" ", flush=True)
        self.work()
        self.finish(expected)


class Hung(Case):
    def test_host_that_comes_back_late_is_refused(self):
        self.make(60)
        expected = self.expected()
        self.enqueue()
        late = self.work()
        self.begun()
        late.kill(signal.SIGSTOP)
        self.sql("UPDATE tolka.run SET host = 'elsewhere ' || host")    # its process is nobody's here
        self.forget_lease()
        self.work().wait()
        self.check(expected)
        written = self.sql("SELECT sum(xmin::text::bigint) FROM tolka.record")
        late.kill(signal.SIGCONT)
        self.finish(expected)
        self.assertEqual(self.sql("SELECT sum(xmin::text::bigint) FROM tolka.record"), written)

    def test_page_that_takes_each_host_down_is_given_up(self):
        self.make(5)
        shutil.copy(ROOT / "corpus/stiftelse-protokoll-office.pdf", self.inputs / "deadly.pdf")
        self.enqueue()
        deaths = 0
        deadly = "FROM tolka.work w JOIN tolka.report r ON r.id = w.report_id WHERE r.path LIKE '%deadly.pdf' AND w.page = 1"
        while deaths < 20:
            host = self.work()
            while not host.ended and self.sql(f"SELECT count(*) {deadly} AND w.run_id IS NOT NULL") == "0":
                time.sleep(0.01)
            if host.ended:
                break
            time.sleep(0.2)                         # in a worker's hands by now
            if self.sql("SELECT count(*) FROM tolka.fault WHERE code = 'quarantined'") == "0":
                deaths += 1
                host.kill()
            host.wait()
        self.assertEqual(self.sql("SELECT code FROM tolka.problem WHERE page = 1"), "quarantined", self.said())
        self.assertEqual(self.sql("SELECT count(*) FROM tolka.problem"), "1")
        self.assertEqual(self.sql("SELECT count(*) FROM tolka.report WHERE state = 'done'"), "6")
        self.assertLessEqual(deaths, 7)             # three among others, three alone, and one before it began

    @unittest.skipUnless(FAKETIME, "needs libfaketime")
    def test_clocks_that_are_wrong_by_an_hour(self):
        self.make(80)
        expected = self.expected()
        self.enqueue()
        for shift in ("+1h", "-1h", "+0"):
            self.work(env={**os.environ, "LD_PRELOAD": str(FAKETIME), "FAKETIME": shift, "DONT_FAKE_MONOTONIC": "1"})
        self.begun()
        self.assertEqual(self.sql("SELECT count(*) FROM tolka.run WHERE abs(lease_until - extract(epoch FROM now()) * 1000) > 120000"), "0")
        self.finish(expected)
        self.assertEqual(self.sql("SELECT count(*) FROM tolka.run WHERE ended_at IS NULL"), "0")


class Cut(Case):
    addresses = "*"

    @unittest.skipUnless(can_have_networks(), "no right to make networks")
    def test_hosts_on_networks_of_their_own(self):
        """Two hosts that see the server through a cable alone; one cable is cut for a moment, the other until it is given up."""
        self.make(120)
        expected = self.expected()
        self.enqueue()
        networks = [Network(number) for number in (1, 2)]
        for network in networks:
            self.addCleanup(network.close)
            self.work(f"postgresql://tolka@{network.address}/{self.base}?tcp_user_timeout=2000", network)
        self.begun()
        networks[0].cut()
        networks[1].cut()
        time.sleep(0.5)
        networks[0].mend()
        time.sleep(4)
        self.forget_lease("tolka-host2")
        networks[1].mend()
        self.finish(expected)
        self.assertEqual(self.sql("SELECT count(DISTINCT split_part(host, ' ', 1)) FROM tolka.run WHERE host LIKE 'tolka-host%'"), "2")


class FailedOver(Case):
    addresses = "127.0.0.1"

    def test_second_server_takes_over(self):
        self.make(150)
        expected = self.expected()
        self.enqueue()
        second = self.cluster.standby(SECOND_PORT)
        self.addCleanup(second.close)
        self.sql("ALTER SYSTEM SET synchronous_standby_names = '*'")
        self.sql("SELECT pg_reload_conf()")
        url = f"postgresql://tolka@127.0.0.1:5432,127.0.0.1:{SECOND_PORT}/{self.base}?target_session_attrs=read-write"
        for _ in range(2):
            self.work(url)
        self.begun()
        self.cluster.stop(signal.SIGQUIT)
        time.sleep(0.5)
        second.sql("SELECT pg_promote()", "postgres")
        second.sql("ALTER SYSTEM RESET synchronous_standby_names", "postgres")
        second.sql("SELECT pg_reload_conf()", "postgres")
        self.cluster, self.url = second, second.url(self.base)
        self.finish(expected)


class Full(Case):
    def test_full_disk_under_the_database(self):
        self.make(200)
        expected = self.expected()
        disk = self.cluster.folder / "disk"
        disk.mkdir()
        mount = ["mount", "-t", "tmpfs", "-o", f"size=200m,uid={self.cluster.user.pw_uid if self.cluster.user else os.getuid()},mode=700"]
        if subprocess.run([*mount, "tmpfs", str(disk)], capture_output=True, check=False).returncode:
            self.skipTest("no right to mount a small disk")
        self.addCleanup(subprocess.run, ["umount", "-l", str(disk)], check=False)
        self.cluster.sql(f"CREATE TABLESPACE small LOCATION '{disk}'", "postgres")
        self.cluster.sql("CREATE DATABASE small TABLESPACE small", "postgres")
        self.base, self.url = "small", self.cluster.url("small")
        self.enqueue()
        used = shutil.disk_usage(disk).used
        subprocess.run(["mount", "-o", f"remount,size={used + 300_000}", str(disk)], check=True)
        self.assertEqual(self.work().wait(), 4, self.said())
        self.assertIn("no space left", self.said())
        self.hosts.clear()
        subprocess.run(["mount", "-o", "remount,size=200m", str(disk)], check=True)
        self.work()
        self.finish(expected)


class Long(Case):
    def test_many_pages_wait(self):
        """What waits costs neither a claim nor a look: real reports before a long queue go as fast as without it."""
        self.make(60)
        self.enqueue()
        self.work().wait()
        self.enqueue("--redo")
        self.sql("INSERT INTO tolka.report (id, sha256, path, bytes, pages, state, recipe_id, run_id) "
                 "SELECT 1000000 + i, lpad(i::text, 64, '0'), 'made/' || i, 1, 100, 'queued', (SELECT max(id) FROM tolka.recipe), 1 "
                 f"FROM generate_series(1, {QUEUED // 100}) i")
        self.sql("INSERT INTO tolka.work (report_id, page, recipe_id) SELECT 1000000 + i, p, (SELECT max(id) FROM tolka.recipe) "
                 f"FROM generate_series(1, {QUEUED // 100}) i, generate_series(1, 100) p")
        self.sql("VACUUM ANALYZE tolka.work")
        begin = time.monotonic()
        state = json.loads(tolka("status", self.url, "-f", "json").stdout)
        looked = time.monotonic() - begin
        self.assertGreaterEqual(state["pages"]["left"], QUEUED)
        begin = time.monotonic()
        host = self.work()
        self.wait_until("count(*) FROM tolka.report WHERE state = 'done' AND id < 1000000", "60")
        worked = time.monotonic() - begin
        host.process.terminate()
        host.wait()
        print(f"status {looked:.2f} s, 60 reports {worked:.2f} s", end=" ", flush=True)
        self.assertLess(looked, 3)
        self.assertLess(worked, 15)


def main():
    program = unittest.main(exit=False, verbosity=int(os.environ.get("VERBOSE", "1")))
    bad = len(program.result.failures) + len(program.result.errors)
    print(f"{program.result.testsRun - bad} passed, {bad} failed")
    return bad > 0


if __name__ == "__main__":
    sys.exit(main())
