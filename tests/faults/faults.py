#!/usr/bin/env python3
"""
faults.py [--full] [-v] [TEST...]: an ingest that is killed, starved, cheated and fed with poison. Nothing may be lost, done twice or left
out. --full runs each test at the size that counts (`make faults`); without, a short form (`make check`). The program is $TOLKA.
"""
import json
import os
import random
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
import unittest
from collections import Counter
from pathlib import Path

import made

ROOT = Path(__file__).resolve().parents[2]
TOLKA = os.path.abspath(os.environ.get("TOLKA") or ROOT / "build/release/tolka")
DUMP = str(Path(TOLKA).parent / "tools/dump_store")
CORPUS = ROOT / "corpus"
SCANS = ROOT.parent / "shared/scans"
FULL = "--full" in sys.argv
OK, PROBLEMS, USAGE, UNREADABLE, UNWRITABLE = range(5)
LONGEST_S = 7200 if FULL else 300


def find_workers(parent):
    """The processes that `parent` started."""
    try:
        return [int(pid) for pid in Path(f"/proc/{parent}/task/{parent}/children").read_text().split()]
    except (FileNotFoundError, ProcessLookupError):
        return []


class Case(unittest.TestCase):
    def setUp(self):
        self.folder = Path(tempfile.mkdtemp(prefix="tolka-faults-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.inputs = self.folder / "in"
        self.inputs.mkdir()
        self.store = self.folder / "archive.db"

    def make(self, count, pages=1, start=0):
        for number in range(start, start + count):
            (self.inputs / f"r{number:05d}.pdf").write_bytes(made.tiny_report(number, pages if isinstance(pages, int) else pages(number)))

    def command(self, *arguments, store=None):
        return [TOLKA, "ingest", "--store", str(store or self.store), *map(str, arguments)]

    def ingest(self, *arguments, status=OK, store=None, **more):
        done = subprocess.run(self.command(*arguments, store=store), capture_output=True, timeout=LONGEST_S, check=False, **more)
        if status is not None:
            self.assertEqual(done.returncode, status, done.stderr.decode(errors="replace")[-2000:])
        return done

    def events(self, *arguments, **more):
        done = self.ingest("--progress", "json", *arguments, **more)
        return [json.loads(line) for line in done.stdout.splitlines()]

    def summary(self, *arguments, **more):
        return self.events(*arguments, **more)[-1]

    def start(self, *arguments, **more):
        process = subprocess.Popen(self.command("--progress", "json", *arguments), stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE, **more)
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.stderr.close)
        self.addCleanup(lambda: process.poll() is None and process.kill())
        return process

    def dump(self, store=None):
        done = subprocess.run([DUMP, str(store or self.store)], capture_output=True, timeout=LONGEST_S, check=True)
        return done.stdout

    def check_integrity(self, store=None):
        with sqlite3.connect(store or self.store) as connection:
            self.assertEqual(connection.execute("PRAGMA integrity_check").fetchone()[0], "ok")
        connection.close()


class Same(Case):
    def test_store_holds_what_convert_writes(self):
        sources = [CORPUS / "namnd-delarsrapport.pdf", CORPUS / "stiftelse-protokoll.pdf"]
        (self.inputs / "a.txt").write_text("Resultaträkning\nIntakter   1 200   1 100\n\fSida 2\n", encoding="utf-8")
        sources.append(self.inputs / "a.txt")
        self.ingest(*sources)
        out = self.folder / "json"
        out.mkdir()
        subprocess.run([DUMP, str(self.store), str(out)], capture_output=True, check=True)
        stored = {path.read_bytes() for path in out.iterdir()}
        for source in sources:
            converted = subprocess.run([TOLKA, "convert", "-q", "-f", "json", str(source)], capture_output=True, check=True)
            self.assertIn(converted.stdout, stored)

    def test_jobs_do_not_show(self):
        self.make(40, pages=lambda number: 1 + number % 7)
        stores = [self.folder / f"{jobs}.db" for jobs in (1, 2, 5)]
        for jobs, store in zip((1, 2, 5), stores):
            self.ingest("--jobs", jobs, self.inputs, store=store)
        self.assertEqual(self.dump(stores[0]), self.dump(stores[1]))
        self.assertEqual(self.dump(stores[0]), self.dump(stores[2]))

    def test_done_work_is_skipped_and_changes_are_seen(self):
        self.make(5)
        shutil.copy(self.inputs / "r00001.pdf", self.inputs / "x-copy.pdf")
        first = self.summary(self.inputs)
        self.assertEqual((first["reports_done"], first["duplicates"]), (5, 1))
        again = self.summary(self.inputs)
        self.assertEqual((again["reports_done"], again["unchanged"] + again["duplicates"]), (0, 6))
        (self.inputs / "r00003.pdf").write_bytes(made.tiny_report(333))
        changed = self.summary(self.inputs)
        self.assertEqual(changed["reports_done"], 1)
        redone = self.summary("--redo", self.inputs)
        self.assertEqual(redone["reports_done"], 5)

    def test_two_at_once_share_the_work(self):
        count = 300 if FULL else 60
        self.make(count)
        alone = self.folder / "alone.db"
        self.ingest(self.inputs, store=alone)
        runs = [self.start("--jobs", "2", str(self.inputs)) for _ in range(2)]
        outputs = [process.communicate(timeout=LONGEST_S)[0] for process in runs]
        self.assertEqual([process.returncode for process in runs], [OK, OK])
        pages = Counter(event["path"] for output in outputs for event in map(json.loads, output.splitlines())
                        if event["event"] == "page")
        self.assertEqual(set(pages.values()), {1})
        self.assertEqual(len(pages), count)
        self.assertEqual(self.dump(), self.dump(alone))


class Killed(Case):
    """SIGKILL at random moments, to a random worker or to the master."""

    def drive(self, paths, kills, pause, seed=7):
        """Ingests `paths` with `kills` kills; returns how often each page came back from a worker, and the number of kills."""
        rng = random.Random(seed)
        done, killed, pages = False, 0, Counter()
        while not done:
            with tempfile.TemporaryFile() as out:
                process = subprocess.Popen(self.command("--progress", "json", "--jobs", "2", *paths), stdout=out,
                                           stderr=subprocess.DEVNULL)
                while process.poll() is None and b'"page",' not in os.pread(out.fileno(), 1 << 20, 0):
                    time.sleep(0.01)        # a kill before anything is done would prove little
                while process.poll() is None and killed < kills:
                    time.sleep(rng.uniform(*pause))
                    victims = find_workers(process.pid)
                    if rng.random() < 0.5 or not victims:
                        process.kill()
                        killed += 1
                        break
                    try:
                        os.kill(rng.choice(victims), signal.SIGKILL)
                        killed += 1
                    except ProcessLookupError:
                        pass
                process.wait(timeout=LONGEST_S)
                done = process.returncode in (OK, PROBLEMS)
                out.seek(0)
                for line in out:
                    event = json.loads(line) if line.endswith(b"}\n") else {}
                    if event.get("event") == "page":
                        pages[event["path"], event["page"]] += 1
        return pages, killed

    def check(self, paths, kills, pause):
        undisturbed = self.folder / "undisturbed.db"
        self.ingest(*paths, store=undisturbed, status=None)
        pages, killed = self.drive(paths, kills, pause)
        self.check_integrity()
        self.assertEqual(self.dump(), self.dump(undisturbed))
        self.assertLessEqual(max(pages.values()), 1 + killed)
        print(f"  {killed} kills, {len(pages)} pages, {sum(pages.values()) - len(pages)} of them done again", file=sys.stderr)
        return killed

    def test_kills_lose_nothing(self):
        self.make(2500 if FULL else 60, pages=lambda number: 1 + number % 9)
        self.check([self.inputs], 200 if FULL else 5, (0.01, 0.3) if FULL else (0.02, 0.2))

    @unittest.skipUnless(FULL, "takes an hour of processor")
    def test_kills_over_scans_lose_nothing(self):
        paths = [CORPUS] + ([SCANS] if SCANS.is_dir() else [])
        self.check(paths, 200, (0.1, 4))


class Quarantined(Case):
    """Work that runs held when they died."""

    def after_deaths(self, lost, tried):
        """Leaves one report of three pages half done, as if so many runs had died over its second page."""
        self.make(30, pages=3)
        found = None
        while not found:                    # killed before its pages were written down, or after: once more
            self.store.unlink(missing_ok=True)
            process = self.start("--jobs", "1", str(self.inputs))
            for line in process.stdout:
                if json.loads(line)["event"] == "report":
                    break
            process.kill()
            process.wait()
            with sqlite3.connect(self.store) as connection:
                found = connection.execute("SELECT report_id, page FROM work WHERE page BETWEEN 1 AND 3 LIMIT 1").fetchone()
                if found:
                    connection.execute("UPDATE work SET lost = ?, attempts = ? WHERE report_id = ? AND page = ?", (lost, tried, *found))
            connection.close()

    def test_innocent_work_is_done(self):
        self.after_deaths(lost=7, tried=1)
        summary = self.summary(self.inputs)
        self.assertEqual((summary["reports_left"], summary["pages_failed"]), (0, 0))

    def test_deadly_work_is_given_up_and_the_rest_done(self):
        self.after_deaths(lost=7, tried=5)
        summary = self.summary(self.inputs, status=PROBLEMS)
        self.assertEqual((summary["reports_left"], summary["pages_failed"], summary["reports_failed"]), (0, 1, 0))
        with sqlite3.connect(self.store) as connection:
            self.assertEqual(connection.execute("SELECT code FROM problems").fetchall(), [("quarantined",)])
        connection.close()


class Starved(Case):
    """The store cannot be written, or the files go away."""

    def assert_says(self, done, *words):
        text = done.stderr.decode(errors="replace")
        for word in words:
            self.assertIn(word, text)

    def test_store_that_cannot_be_made(self):
        self.make(1)
        done = self.ingest(self.inputs, store=self.folder / "no/such/folder.db", status=UNWRITABLE)
        self.assert_says(done, "folder.db")

    def test_store_that_is_something_else(self):
        self.make(1)
        self.store.write_bytes(b"not a database, whatever its name says" * 100)
        self.ingest(self.inputs, status=UNWRITABLE)

    def test_store_that_is_read_only(self):
        self.make(2)
        self.ingest(self.inputs)
        self.make(2, start=10)
        before = self.dump()
        os.chmod(self.store, 0o444)
        os.chmod(self.folder, 0o555)
        self.addCleanup(os.chmod, self.folder, 0o755)
        nobody = (lambda: os.setuid(65534)) if os.geteuid() == 0 else None      # nothing is read-only to root
        done = self.ingest(self.inputs, status=UNWRITABLE, preexec_fn=nobody)
        self.assert_says(done, "archive.db")
        self.assertEqual(self.dump(), before)

    def test_store_that_is_locked(self):
        self.make(2)
        self.ingest(self.inputs)
        self.make(2, start=10)
        lock = sqlite3.connect(self.store, isolation_level=None)
        lock.execute("BEGIN IMMEDIATE")
        begun = time.monotonic()
        done = self.ingest(self.inputs, status=UNWRITABLE)
        self.assertLess(time.monotonic() - begun, 120)
        self.assert_says(done, "locked")
        lock.execute("ROLLBACK")
        lock.close()
        self.assertEqual(self.summary(self.inputs)["reports_done"], 2)

    def run_full(self, store, limit=None):
        """Ingests into too little room, then into enough; the result is that of an undisturbed run."""
        self.make(400)
        undisturbed = self.folder / "undisturbed.db"
        self.ingest(self.inputs, store=undisturbed)
        done = self.ingest(self.inputs, store=store, status=UNWRITABLE,
                           preexec_fn=(lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))) if limit else None)
        self.assert_says(done, store.name)
        self.check_integrity(store)
        if not limit:
            moved = self.folder / store.name
            for path in store.parent.glob(store.name + "*"):
                shutil.copy(path, self.folder / path.name)
            store = moved
        self.ingest(self.inputs, store=store)
        self.check_integrity(store)
        self.assertEqual(self.dump(store), self.dump(undisturbed))

    def test_limit_on_the_size_of_files(self):
        self.run_full(self.store, 600_000)

    def test_full_disk(self):
        disk = self.folder / "disk"
        disk.mkdir()
        mount = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(disk)], capture_output=True, check=False)
        if mount.returncode:
            self.skipTest("no right to mount a small disk")
        self.addCleanup(subprocess.run, ["umount", str(disk)], check=False)
        self.run_full(disk / "full.db")

    def test_files_that_vanish(self):
        self.make(60)
        hidden = self.folder / "hidden"
        undisturbed = self.folder / "undisturbed.db"
        self.ingest(self.inputs, store=undisturbed)
        process = self.start("--jobs", "1", str(self.inputs))
        for line in process.stdout:
            if json.loads(line)["event"] == "page":
                break
        self.inputs.rename(hidden)
        out, _ = process.communicate(timeout=LONGEST_S)
        self.assertEqual(process.returncode, PROBLEMS)
        summary = json.loads(out.splitlines()[-1])
        self.assertGreater(summary["missing"], 0)
        hidden.rename(self.inputs)
        self.ingest(self.inputs)
        self.check_integrity()
        self.assertEqual(self.dump(), self.dump(undisturbed))


class Interrupted(Case):
    def test_once_finishes_what_is_in_hand(self):
        self.make(120)
        process = self.start("--jobs", "1", str(self.inputs))
        for line in process.stdout:
            if json.loads(line)["event"] == "report":
                break
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=LONGEST_S)
        self.assertEqual(process.returncode, PROBLEMS)
        self.assertIn(b"goes on", err)
        left = json.loads(out.splitlines()[-1])["reports_left"]
        self.assertGreater(left, 0)
        self.assertEqual(self.summary(self.inputs)["reports_done"], left)

    def test_twice_stops_now(self):
        self.make(300)
        process = self.start("--jobs", "2", str(self.inputs))
        for line in process.stdout:
            if json.loads(line)["event"] == "report":
                break
        process.send_signal(signal.SIGTERM)
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=20)
        undisturbed = self.folder / "undisturbed.db"
        self.ingest(self.inputs)
        self.ingest(self.inputs, store=undisturbed)
        self.assertEqual(self.dump(), self.dump(undisturbed))

    def test_watch_takes_what_arrives_whole(self):
        self.make(2)
        process = self.start("--watch", str(self.inputs))
        self.wait_for(process, "report", 2)
        sub = self.inputs / "new"
        sub.mkdir()
        data = made.tiny_report(77, 3)
        with open(sub / "slow.pdf", "wb") as slow:          # a copy that takes its time
            slow.write(data[:300])
            slow.flush()
            time.sleep(2.5)
            slow.write(data[300:])
        (self.inputs / ".part").write_bytes(made.tiny_report(78))
        (self.inputs / ".part").rename(self.inputs / "moved.pdf")
        events = self.wait_for(process, "report", 2)
        self.assertEqual({Path(event["path"]).name for event in events}, {"slow.pdf", "moved.pdf"})
        process.send_signal(signal.SIGTERM)
        out, _ = process.communicate(timeout=60)
        summary = json.loads(out.splitlines()[-1])
        self.assertEqual((summary["reports_done"], summary["reports_failed"], process.returncode), (4, 0, OK))

    def wait_for(self, process, name, count):
        found = []
        for line in process.stdout:
            event = json.loads(line)
            found += [event] if event["event"] == name else []
            if len(found) == count:
                break
        return found


class Poisoned(Case):
    def account(self, summary):
        return sum(summary[name] for name in ("reports_done", "reports_failed", "duplicates", "missing", "unchanged", "failed_before"))

    def write_inputs(self):
        born = [path for path in sorted(CORPUS.glob("*.pdf")) if not path.stem.endswith(("-office", "-copy", "-fax"))]
        scans = sorted(set(CORPUS.glob("*.pdf")) - set(born))
        sources = [path.read_bytes() for path in (born * 40 + scans if FULL else born)]      # recognition is slow
        for name, data in made.damaged(sources, 1000 if FULL else 12):
            (self.inputs / name).write_bytes(data)
        for name, data in made.crafted():
            (self.inputs / name).write_bytes(data)

    def write_odd_names(self):
        odd = self.inputs / "odd"
        odd.mkdir()
        names = [b"line\nbreak.pdf", b"tab\tand 'quotes\".pdf", b"invalid-\xff\xfe.pdf", b"-option.pdf", "åäö €.pdf".encode(),
                 b"a" * 250 + b".pdf", b"%s%n.pdf", b"no-ending", b"\x1b[31mred.pdf"]
        for number, name in enumerate(names):
            Path(os.fsdecode(os.fsencode(odd) + b"/" + name)).write_bytes(made.tiny_report(9000 + number))
        (odd / "circle").symlink_to(odd)
        (odd / "up").symlink_to(self.inputs)
        (odd / "self").symlink_to(odd / "self")
        (odd / "nowhere.pdf").symlink_to(odd / "nothing")
        os.mkfifo(odd / "pipe.pdf")
        (odd / "other.xyz").write_bytes(b"\0\1\2 nothing we read")
        deep = odd
        for _ in range(60):
            deep = deep / "d"
        deep.mkdir(parents=True)
        (deep / "deep.pdf").write_bytes(made.tiny_report(9999))
        return len(names) + 1

    def test_names_and_links(self):
        count = self.write_odd_names()
        summary = self.summary(self.inputs, status=PROBLEMS)
        self.assertEqual((summary["reports_done"], summary["missing"], summary["reports_failed"]), (count, 2, 0))
        self.assertEqual(summary["other"], 2)

    def test_every_input_is_accounted_for(self):
        self.write_inputs()
        count = len(list(self.inputs.iterdir()))
        begun = time.monotonic()
        summary = self.summary("--page-timeout", "60" if FULL else "20", self.inputs, status=PROBLEMS)
        self.assertEqual((self.account(summary), summary["reports_left"], summary["pages_left"]), (count, 0, 0), summary)
        print(f"  {count} inputs in {time.monotonic() - begun:.0f} s: {summary}", file=sys.stderr)
        self.check_integrity()
        again = self.summary(self.inputs, status=PROBLEMS)
        self.assertEqual((again["reports_done"], again["reports_failed"]), (0, 0))

    def test_a_volume_of_many_pages(self):
        count = 100_000 if FULL else 1000
        (self.inputs / "volume.pdf").write_bytes(made.many_pages(count))
        summary = self.summary("--jobs", "2", self.inputs)
        self.assertEqual((summary["pages_done"], summary["reports_done"]), (count, 1))


def main():
    arguments = [argument for argument in sys.argv if argument != "--full"]
    program = unittest.main(argv=arguments, exit=False, verbosity=1)
    failed = len(program.result.failures) + len(program.result.errors)
    print(f"{program.result.testsRun - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
