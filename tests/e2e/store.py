#!/usr/bin/env python3
"""store.py [-v] [TEST...]: what looks into a store, as processes. The programs are $TOLKA and $MAKE_STORE (tests/tools/make_store.c)."""
import csv
import io
import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import unittest
import zlib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TOLKA = os.path.abspath(os.environ.get("TOLKA") or ROOT / "build/release/tolka")
MAKE_STORE = os.path.abspath(os.environ.get("MAKE_STORE") or ROOT / "build/release/tools/make_store")
REPORTS, FACTS_A_REPORT = 60, 20
OK, PROBLEMS, USAGE, UNREADABLE, UNWRITABLE = range(5)


def run(*arguments, stdout=subprocess.PIPE):
    return subprocess.run([TOLKA, *map(str, arguments)], stdout=stdout, stderr=subprocess.PIPE, timeout=60, check=False)


class Case(unittest.TestCase):
    """Reports made by number: town number % 20, year 2000 + number % 24; 2 pages, 2 tables of 6 rows, one of them the heading."""

    @classmethod
    def setUpClass(cls):
        cls.base = Path(tempfile.mkdtemp(prefix="tolka-store-"))
        subprocess.run([MAKE_STORE, cls.base / "archive.db", str(REPORTS), "2", "40", "2", "6"], check=True, stdout=subprocess.DEVNULL)

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.base)

    def setUp(self):
        self.folder = Path(tempfile.mkdtemp(prefix="tolka-store-"))
        self.addCleanup(shutil.rmtree, self.folder)
        self.store = self.folder / "archive.db"
        shutil.copy(self.base / "archive.db", self.store)

    def tolka(self, *arguments, status=OK):
        done = run(*arguments)
        self.assertEqual(done.returncode, status, done.stderr.decode(errors="replace"))
        return done.stdout

    def sql(self, statement, *values):
        with sqlite3.connect(self.store) as connection:
            return connection.execute(statement, values).fetchall()

    def facts(self, *options):
        return [json.loads(line) for line in self.tolka("facts", self.store, "-f", "jsonl", *options).splitlines()]


class Facts(Case):
    def test_csv_says_the_same_as_jsonl(self):
        rows = list(csv.DictReader(io.StringIO(self.tolka("facts", self.store).decode(), newline="")))
        facts = self.facts()
        self.assertEqual(len(rows), REPORTS * FACTS_A_REPORT)
        self.assertEqual(list(rows[0]), list(facts[0]))
        self.assertEqual([row["value"] for row in rows], [str(fact["value"]) for fact in facts])

    def test_filters(self):
        self.assertEqual(len(self.facts("--organisation", "malmö")), REPORTS // 20 * FACTS_A_REPORT)
        self.assertEqual({f["kind"] for f in self.facts("--kind", "budget_followup")}, {"budget_followup"})
        self.assertEqual({f["item"] for f in self.facts("--item", "equity", "--kind", "cash_flow")}, {"equity"})
        self.assertEqual({f["report_kind"] for f in self.facts("--report-kind", "interim_report")}, {"interim_report"})
        self.assertEqual(self.facts("--kind", "nothing"), [])
        self.assertTrue(all(f["status"] == "read" for f in self.facts("--status", "read")))

    def test_period(self):
        for options, years in ((["--period", "2005"], {2005}), (["--period", "2005-12"], {2005}), (["--period", "2005-06"], set()),
                               (["--period", "2005..2007"], {2005, 2006, 2007}), (["--from", "2022"], {2022, 2023}),
                               (["--to", "2000-12-31"], {1999, 2000})):
            with self.subTest(options):
                self.assertEqual({int(f["column_to"][:4]) for f in self.facts(*options)}, years)

    def test_limit_and_output(self):
        out = self.folder / "facts.csv"
        self.assertEqual(self.tolka("facts", self.store, "--limit", "3", "-o", out), b"")
        self.assertEqual(len(out.read_bytes().split(b"\r\n")), 1 + 3 + 1)

    def test_a_filter_is_no_sql(self):
        self.assertEqual(self.facts("--kind", "x' OR '1'='1"), [])
        self.assertEqual(self.facts("--organisation", "%"), [])

    def test_wrong_usage(self):
        for arguments in ([], [self.store, self.store], [self.store, "-f", "xml"], [self.store, "--period", "soon"],
                          [self.store, "--status", "odd"], [self.store, "--limit", "0"], [self.store, "--kind"], ["--nothing"]):
            with self.subTest(arguments):
                self.tolka("facts", *arguments, status=USAGE)

    def test_full_standard_output(self):
        with open("/dev/full", "wb") as full:
            self.assertEqual(run("facts", self.store, stdout=full).returncode, UNWRITABLE)


class Stores(Case):
    """What is no store, for every command."""

    def each(self, path):
        for arguments in (["facts", path], ["search", path, "ord"], ["export", path, "-o", self.folder / "out"], ["status", path]):
            with self.subTest(arguments[0]):
                done = run(*arguments)
                self.assertEqual(done.returncode, UNREADABLE)
                self.assertEqual(done.stderr.count(b"\n"), 1)
                self.assertIn(str(path).encode(), done.stderr)

    def test_missing(self):
        self.each(self.folder / "none.db")
        self.assertFalse((self.folder / "none.db").exists())

    def test_foreign(self):
        path = self.folder / "foreign.db"
        path.write_bytes(b"%PDF-1.7" + bytes(5000))
        self.each(path)
        path.unlink()
        with sqlite3.connect(path) as connection:
            connection.execute("CREATE TABLE report (id)")
        self.each(path)

    def test_newer(self):
        self.sql("PRAGMA user_version = 99")
        self.each(self.store)

    def test_folder(self):
        self.each(self.folder)

    def test_cut(self):
        os.truncate(self.store, 60000)
        for arguments in (["facts", self.store], ["export", self.store, "-o", self.folder / "out"], ["status", self.store]):
            with self.subTest(arguments[0]):
                done = run(*arguments)
                self.assertEqual(done.returncode, UNREADABLE)
                self.assertIn(b"damaged", done.stderr)


class Search(Case):
    def search(self, *words, status=OK):
        return self.tolka("search", self.store, "-n", "1000", *words, status=status).decode().splitlines()

    def test_finds_the_page(self):
        lines = self.search("diarie17")
        self.assertEqual([line.split(": ")[0] for line in lines],
                         ["archive/000/report-000017.pdf:1", "archive/000/report-000017.pdf:2"])

    def test_all_words(self):
        both = self.search("diarie17", "Verksamhet")
        self.assertLessEqual(len(both), 2)
        self.assertEqual(self.search("diarie17", "diarie18"), [])

    def test_jsonl(self):
        hits = [json.loads(line) for line in self.tolka("search", self.store, "-f", "jsonl", "diarie1*").splitlines()]
        self.assertEqual(len(hits), 20)
        self.assertIn("«diarie1", hits[0]["snippet"])

    def test_odd_words(self):
        self.search("god OR", "NEAR(", '"', "a*b", "-", "x:y", "';--")
        self.search("!?", status=USAGE)

    def test_a_path_that_would_steer_the_terminal(self):
        self.sql("UPDATE report SET path = ?, has_record = 0", "\033[2J\n\u009b2J.pdf")
        self.sql("INSERT OR REPLACE INTO missing VALUES (?, 'missing', 'gone')", "\u009b2J.pdf")
        shown = "".join(self.search("diarie17"))
        shown += self.tolka("status", self.store, "--problems").decode()
        shown += run("export", self.store, "-o", self.folder / "out").stderr.decode()
        self.assertIn("2J.pdf", shown)
        self.assertNotRegex(shown, "[\033\u0080-\u009f]")


class Export(Case):
    def names(self):
        self.tolka("export", self.store, "-o", self.folder / "out")
        return sorted(path.name for path in (self.folder / "out").iterdir())

    def test_byte_for_byte(self):
        names = self.names()
        self.assertEqual(len(names), REPORTS)
        for path, size, data in self.sql("SELECT path, size, json FROM record JOIN report ON id = report_id"):
            text = data if len(data) == size else zlib.decompress(data)
            self.assertEqual((self.folder / "out" / (Path(path).stem + ".json")).read_bytes(), text)
            self.assertEqual(json.loads(text)["source"]["path"], path)

    def test_names_are_unique(self):
        self.sql("UPDATE report SET path = 'b/report-000001.pdf' WHERE id = 1")
        self.sql("UPDATE report SET path = 'c/REPORT-000001.tif' WHERE id = 3")
        names = self.names()
        self.assertEqual(len({name.lower() for name in names}), REPORTS)
        self.assertNotIn("report-000001.json", names)

    def test_names_are_safe(self):
        for number, path in enumerate(["../../up.pdf", "..", ".hidden", "-rf.pdf", "a\nb.pdf", "å" * 300 + ".pdf", "/", ""], 1):
            self.sql("UPDATE report SET path = ? WHERE id = ?", path, number)
        names = self.names()
        self.assertEqual(len(names), REPORTS)
        self.assertFalse([n for n in names if n[0] in ".-" or "\n" in n or len(n.encode()) > 255])
        self.assertEqual([p.name for p in self.folder.iterdir() if not p.name.startswith("archive.db")], ["out"])

    def test_what_has_no_record_is_told(self):
        self.sql("UPDATE report SET has_record = 0, state = 'failed' WHERE id = 1")
        done = run("export", self.store, "-o", self.folder / "out")
        self.assertEqual(done.returncode, PROBLEMS)
        self.assertIn(b"report-000000.pdf: has no record: failed", done.stderr)

    def test_a_folder_that_cannot_be_made(self):
        self.tolka("export", self.store, "-o", "/proc/none", status=UNWRITABLE)


class Status(Case):
    def test_text_and_json(self):
        text = self.tolka("status", self.store).decode()
        self.assertIn(f"reports   {REPORTS}, {REPORTS} done", text)
        told = json.loads(self.tolka("status", self.store, "-f", "json"))
        self.assertEqual(told["pages"], {"total": 2 * REPORTS, "done": 2 * REPORTS, "failed": 0, "left": 0})

    def test_problems_are_listed(self):
        self.sql("INSERT INTO problem (report_id, position, page, code, message, signal) VALUES (1, 0, 2, 'crash', 'died', 11)")
        self.sql("INSERT INTO missing VALUES ('gone.pdf', 'missing', 'No such file')")
        self.assertIn("archive/000/report-000000.pdf:2: crash: died\ngone.pdf: missing: No such file\n",
                      self.tolka("status", self.store, "--problems").decode())
        told = json.loads(self.tolka("status", self.store, "--problems", "-f", "json"))
        self.assertEqual(told["problems"], {"crash": 1, "missing": 1})
        self.assertEqual(told["problem_list"][0]["signal"], 11)
        self.assertEqual(told["reports"]["with_problems"], 1)

    def test_duplicates_are_listed(self):
        self.sql("INSERT INTO file VALUES ('copy.pdf', 1, 1, 1)")
        self.assertIn("copy.pdf: is the same file as archive/000/report-000000.pdf\n",
                      self.tolka("status", self.store, "--duplicates").decode())
        told = json.loads(self.tolka("status", self.store, "--duplicates", "-f", "json"))
        self.assertEqual(told["duplicates"][0], {"path": "copy.pdf", "like": "archive/000/report-000000.pdf", "likeness": 1})


class Sql(Case):
    def test_every_view_answers(self):
        for name, in self.sql("SELECT name FROM sqlite_schema WHERE type = 'view'"):
            with self.subTest(name):
                self.sql(f"SELECT * FROM {name} LIMIT 5")

    def test_facts_view_has_the_columns_of_facts(self):
        names = [column[1] for column in self.sql("PRAGMA table_info(facts)")]
        told = list(self.facts("--limit", "1")[0])
        self.assertEqual(names[:len(told) - 1], told[:-1])
        value = self.sql("SELECT sum(value) FROM facts")[0][0]
        self.assertAlmostEqual(value, sum(fact["value"] for fact in self.facts()), delta=0.01)

    def test_documented_questions(self):
        text = (ROOT / "docs/store.md").read_text(encoding="utf-8")
        blocks = re.findall(r"```sql\n(.*?)```", text, re.S)
        self.assertGreater(len(blocks), 6)
        for statement in blocks:
            with self.subTest(statement.split("\n")[0]):
                if "sqlar" not in statement:      # of the sqlite3 shell alone
                    self.sql(statement)

    def test_documented_python(self):
        text = (ROOT / "docs/store.md").read_text(encoding="utf-8")
        program = re.search(r"```python\n(.*?)```", text, re.S).group(1)
        subprocess.run([sys.executable, "-c", program], cwd=self.folder, check=True)

    def test_integrity(self):
        self.assertEqual(self.sql("PRAGMA integrity_check"), [("ok",)])
        self.sql("INSERT INTO page_text (page_text) VALUES ('integrity-check')")


if __name__ == "__main__":
    result = unittest.main(exit=False).result
    failed = len(result.failures) + len(result.errors)
    print(f"{result.testsRun - failed} passed, {failed} failed")
    sys.exit(1 if failed else 0)
