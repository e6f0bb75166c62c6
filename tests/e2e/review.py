#!/usr/bin/env python3
"""review.py [-v] [TEST...]: review, apply and train --from-corrections as a process. What a browser does with the page is tested by
tests/browser. The program is $TOLKA."""
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TOLKA = os.path.abspath(os.environ.get("TOLKA") or ROOT / "build/release/tolka")
BORN = ROOT / "corpus/stiftelse-protokoll.pdf"
OK, PROBLEMS, USAGE, UNREADABLE, UNWRITABLE = range(5)


class Case(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.made = Path(tempfile.mkdtemp(prefix="tolka-review-"))
        shutil.copy(BORN, cls.made / "report.pdf")
        subprocess.run([TOLKA, "convert", "-q", "-o", "report.json", "report.pdf"], cwd=cls.made, check=True, timeout=120)

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.made)

    def setUp(self):
        self.folder = Path(tempfile.mkdtemp(prefix="tolka-review-"))
        self.addCleanup(shutil.rmtree, self.folder)
        for name in ("report.pdf", "report.json"):
            shutil.copy(self.made / name, self.folder)

    def run_tolka(self, *arguments, status=OK, stdin=""):
        done = subprocess.run([TOLKA, *map(str, arguments)], cwd=self.folder, input=stdin, capture_output=True, text=True, timeout=120,
                              check=False)
        self.assertEqual(done.returncode, status, done.stderr)
        return done

    def record(self, name="report.json"):
        return json.loads((self.folder / name).read_text(encoding="utf-8"))

    def line(self, to, **more):
        """A correction of the first cell with a text."""
        record = self.record()
        for table in record["tables"]:
            for row, cells in enumerate(table["rows"]):
                for column, cell in enumerate(cells["cells"]):
                    if cell["text"] and cell["bbox"]:
                        return json.dumps({"tolka_correction": 1, "sha256": record["source"]["sha256"], "page": cell["page"],
                                           "bbox": cell["bbox"], "table": table["id"], "row": row, "column": column, "raw": cell["raw"],
                                           "text": cell["text"], "to": to} | more) + "\n"
        raise AssertionError("no cell")


class Review(Case):
    def test_page_of_a_file_has_its_pictures(self):
        self.run_tolka("review", "-q", "-o", "page.html", "report.pdf")
        page = (self.folder / "page.html").read_text(encoding="utf-8")
        self.assertEqual(len(re.findall(r'id="i\d+">data:image/(png|jpeg);base64,', page)), len(self.record()["pages"]))
        self.assertIn("Content-Security-Policy", page)
        self.assertNotRegex(page, r'(src|href)="https?:')

    def test_page_of_a_json_is_that_of_its_file(self):
        self.run_tolka("review", "-q", "-o", "a.html", "report.pdf")
        self.run_tolka("review", "-q", "-o", "b.html", "report.json")
        self.assertEqual((self.folder / "a.html").read_bytes(), (self.folder / "b.html").read_bytes())

    def test_report_that_moved_is_named(self):
        (self.folder / "report.pdf").rename(self.folder / "moved.pdf")
        done = self.run_tolka("review", "-q", "-o", "page.html", "report.json", status=PROBLEMS)
        self.assertIn("--source", done.stderr)
        self.assertNotIn("data:image/", (self.folder / "page.html").read_text(encoding="utf-8"))
        self.run_tolka("review", "-q", "-o", "page.html", "--source", "moved.pdf", "report.json")
        self.assertIn("data:image/", (self.folder / "page.html").read_text(encoding="utf-8"))

    def test_report_that_changed_gives_no_pictures(self):
        (self.folder / "report.pdf").write_bytes(b"%PDF-1.4 another")
        self.run_tolka("review", "-q", "-o", "page.html", "report.json", status=PROBLEMS)

    def test_language(self):
        self.run_tolka("review", "-q", "--lang", "en", "-o", "page.html", "report.json")
        self.assertIn('<html lang="en">', (self.folder / "page.html").read_text(encoding="utf-8"))
        self.run_tolka("review", "--lang", "xx", "report.json", status=USAGE)

    def test_several_go_to_a_folder(self):
        self.run_tolka("review", "-q", "-o", "pages", "report.json", "report.pdf")
        self.assertEqual(sorted(path.name for path in (self.folder / "pages").iterdir()), ["report-2.review.html", "report.review.html"])
        self.run_tolka("review", "report.json", "report.pdf", status=USAGE)

    def test_json_that_is_damaged(self):
        text = (self.folder / "report.json").read_text(encoding="utf-8")
        (self.folder / "bad.json").write_text(text[:len(text) // 2], encoding="utf-8")
        self.assertRegex(self.run_tolka("review", "-o", "page.html", "bad.json", status=UNREADABLE).stderr, r"bad.json: no JSON: line \d+")
        self.assertFalse((self.folder / "page.html").exists())

    def test_text_has_no_pictures(self):
        (self.folder / "blad.txt").write_text("Årsredovisning 2020\n\nIntäkter   1 200   1 100\nKostnader   -800   -700\n", encoding="utf-8")
        self.run_tolka("review", "-q", "-o", "page.html", "blad.txt")
        self.assertNotIn("data:image/", (self.folder / "page.html").read_text(encoding="utf-8"))


class Apply(Case):
    def test_json_is_changed_in_its_place_once(self):
        (self.folder / "c.jsonl").write_text(self.line("En människas ord", by="A", at="2026-01-02"), encoding="utf-8")
        self.assertIn("1 taken in, 0", self.run_tolka("apply", "c.jsonl", "report.json").stdout)
        once = (self.folder / "report.json").read_bytes()
        trace = self.record()["corrections"][-1]
        self.assertEqual((trace["to"], trace["reason"], trace["by"], trace["at"]), ("En människas ord", "person", "A", "2026-01-02"))
        self.assertIn("0 taken in, 1 there", self.run_tolka("apply", "c.jsonl", "report.json").stdout)
        self.assertEqual((self.folder / "report.json").read_bytes(), once)

    def test_record_with_corrections_holds_to_its_schema(self):
        import jsonschema      # Debian's python3-jsonschema
        schema = json.loads((ROOT / "schema/record.schema.json").read_text(encoding="utf-8"))
        self.run_tolka("apply", "-", "report.json", stdin=self.line("Något annat", by="A"))
        jsonschema.Draft202012Validator(schema).validate(self.record())

    def test_word_of_the_text_is_changed_in_its_place(self):
        import jsonschema
        record = self.record()
        number, line = next((n, line) for n, line in enumerate(record["pages"][0]["text"].split("\n"), 1) if len(line.split()) > 2)
        word = line.split()[1]
        one = {"tolka_correction": 1, "sha256": record["source"]["sha256"], "page": 1, "bbox": None, "line": number, "word": 2, "raw": word,
               "text": word, "to": "två ord"}
        self.assertIn("1 taken in", self.run_tolka("apply", "-", "report.json", stdin=json.dumps(one)).stdout)
        self.assertIn("1 there", self.run_tolka("apply", "-", "report.json", stdin=json.dumps(one)).stdout)
        record = self.record()
        self.assertEqual(record["pages"][0]["text"].split("\n")[number - 1].split()[1:3], ["två", "ord"])
        jsonschema.Draft202012Validator(json.loads((ROOT / "schema/record.schema.json").read_text(encoding="utf-8"))).validate(record)
        one["raw"] = "något annat"
        self.assertRegex(self.run_tolka("apply", "-", "report.json", stdin=json.dumps(one), status=PROBLEMS).stderr, "something else is read")

    def test_refusals_are_told_with_line_and_reason(self):
        lines = self.line("x", sha256="0" * 64) + self.line("x", raw="annat") + "nonsense\n" + self.line("x\u202e")
        before = (self.folder / "report.json").read_bytes()
        done = self.run_tolka("apply", "-", "report.json", stdin=lines, status=PROBLEMS)
        for reason in ("-:1: .*another report", "-:2: .*something else is read", "-:3: no JSON", "-:4: .*`to`"):
            self.assertRegex(done.stderr, reason)
        self.assertIn("0 taken in, 0 there already, 4 refused", done.stdout)
        self.assertEqual((self.folder / "report.json").read_bytes(), before)

    def test_output_leaves_the_json_alone(self):
        before = (self.folder / "report.json").read_bytes()
        self.run_tolka("apply", "-q", "-o", "new.json", "-", "report.json", stdin=self.line("Nytt"))
        self.assertEqual((self.folder / "report.json").read_bytes(), before)
        self.assertIn("Nytt", (self.folder / "new.json").read_text(encoding="utf-8"))

    def test_exit_statuses(self):
        self.run_tolka("apply", "gone.jsonl", "report.json", status=UNREADABLE)
        self.run_tolka("apply", "-", "gone.db", status=UNREADABLE)
        self.run_tolka("apply", "-", status=USAGE)
        self.run_tolka("apply", "-o", "gone/new.json", "-", "report.json", stdin=self.line("Nytt"), status=UNWRITABLE)
        (self.folder / "c.jsonl").write_text("")
        self.run_tolka("ingest", "-q", "--store", "a.db", "report.pdf")
        self.run_tolka("apply", "-o", "x.json", "c.jsonl", "a.db", status=USAGE)

    def test_store_takes_in_again_what_is_read_anew(self):
        self.run_tolka("ingest", "-q", "--store", "a.db", "report.pdf")
        self.run_tolka("apply", "-", "a.db", stdin=self.line("En människas ord"))
        for _ in range(2):
            self.run_tolka("export", "a.db", "-o", "out")
            self.assertIn("En människas ord", "".join(path.read_text(encoding="utf-8") for path in (self.folder / "out").glob("**/*.json")))
            self.run_tolka("ingest", "-q", "--redo", "--store", "a.db", "report.pdf")


class Train(Case):
    def test_corrections_make_a_model(self):
        (self.folder / "c.jsonl").write_text(self.line("Förbundets ledning", raw="Förbunqets leqning"), encoding="utf-8")
        self.run_tolka("train", "-q", "--from-corrections", "c.jsonl", "-o", "own.model")
        self.run_tolka("normalize", "--model", "own.model", stdin="Förbundet\n")

    def test_nothing_misread_is_told(self):
        (self.folder / "c.jsonl").write_text("", encoding="utf-8")
        self.run_tolka("train", "-q", "--from-corrections", "c.jsonl", "-o", "own.model", status=UNREADABLE)
        self.run_tolka("train", "-q", "--from-corrections", "gone", "-o", "own.model", status=UNREADABLE)


if __name__ == "__main__":
    program = unittest.main(exit=False, verbosity=2 if "-v" in sys.argv else 1)
    bad = len(program.result.failures) + len(program.result.errors)
    print(f"{program.result.testsRun - bad} passed, {bad} failed")
    sys.exit(bool(bad))
