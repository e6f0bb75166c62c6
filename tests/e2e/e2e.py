#!/usr/bin/env python3
"""e2e.py [-v] [TEST...]: the program as a process: formats, outputs, exit statuses, bad input. The program is $TOLKA."""
import csv
import io
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path
from xml.etree import ElementTree

import inputs

ROOT = Path(__file__).resolve().parents[2]
TOLKA = os.path.abspath(os.environ.get("TOLKA") or ROOT / "build/release/tolka")
BORN = inputs.CORPUS / "stiftelse-protokoll.pdf"
SCAN = inputs.CORPUS / "stiftelse-protokoll-office.pdf"
STATEMENT = inputs.CORPUS / "forbund-arsredovisning.pdf"
FACT_FIELDS = ("sha256 path page report_kind organisation period_from period_to table kind item label column column_from "
               "column_to text raw value unit confidence status bbox").split()
LONGEST_S = 120
OK, PROBLEMS, USAGE, UNREADABLE, UNWRITABLE = range(5)


def run(*arguments, stdin=b"", timeout=LONGEST_S):
    return subprocess.run([TOLKA, *map(str, arguments)], input=stdin, capture_output=True, timeout=timeout, check=False)


class Case(unittest.TestCase):
    def setUp(self):
        self.folder = Path(tempfile.mkdtemp(prefix="tolka-e2e-"))
        self.addCleanup(shutil.rmtree, self.folder)

    def file(self, name, data):
        path = self.folder / name
        path.write_bytes(data)
        return path

    def convert(self, *arguments, status=OK, **more):
        done = run("convert", "-q", *arguments, **more)
        self.assertEqual(done.returncode, status, done.stderr.decode(errors="replace"))
        return done

    def records(self, *arguments, **more):
        return json.loads(self.convert("-f", "json", *arguments, **more).stdout)


class Formats(Case):
    def test_json_holds_to_its_schema(self):
        import jsonschema      # Debian's python3-jsonschema
        schema = json.loads((ROOT / "schema/record.schema.json").read_text(encoding="utf-8"))
        text = self.file("blad.txt", "Årsredovisning 2020\n\nResultaträkning\nIntäkter   1 200   1 100\n".encode())
        for path, pages in ((STATEMENT, None), (SCAN, "2"), (text, None)):
            with self.subTest(path.name):
                arguments = ["--pages", pages] if pages else []
                jsonschema.Draft202012Validator(schema).validate(self.records(*arguments, path))

    def test_json_tells_where_it_comes_from(self):
        record = self.records(BORN)
        self.assertEqual(record["source"]["pages"], 3)
        self.assertEqual(record["source"]["bytes"], BORN.stat().st_size)
        self.assertEqual(record["source"]["path"], str(BORN))

    def test_json_of_born_digital_pages_was_not_recognised(self):
        self.assertEqual({p["origin"] for p in self.records(BORN)["pages"]}, {"text"})

    def test_every_row_has_a_cell_for_every_column(self):
        for table in self.records(STATEMENT)["tables"]:
            self.assertEqual({len(r["cells"]) for r in table["rows"]}, {len(table["columns"])}, table["id"])

    def test_jsonl_has_a_fact_a_line(self):
        lines = self.convert("-f", "jsonl", STATEMENT).stdout.decode().splitlines()
        self.assertGreater(len(lines), 50)
        for line in lines:
            self.assertEqual(set(json.loads(line)), set(FACT_FIELDS))

    def test_csv_says_the_same_as_jsonl(self):
        rows = list(csv.DictReader(io.StringIO(self.convert("-f", "csv", STATEMENT).stdout.decode(), newline="")))
        facts = [json.loads(x) for x in self.convert("-f", "jsonl", STATEMENT).stdout.decode().splitlines()]
        self.assertEqual(list(rows[0]), FACT_FIELDS)
        self.assertEqual([(r["label"], r["text"], r["table"]) for r in rows],
                         [(f["label"] or "", f["text"], f["table"]) for f in facts])

    def test_md_has_headings_and_tables(self):
        text = self.convert("-f", "md", STATEMENT).stdout.decode()
        self.assertRegex(text, r"(?m)\A# \S")
        self.assertIn("Förvaltningsberättelse", text)
        self.assertRegex(text, r"(?m)^\|.*Fordringar.*\| *212 764 *\|")

    def test_txt_is_the_text(self):
        text = self.convert("-f", "txt", BORN).stdout.decode()
        self.assertIn("Föregående protokoll", text)
        self.assertEqual(text.count("\f"), 2)

    def test_json_is_the_default_where_no_terminal_is(self):
        self.assertEqual(self.convert(BORN).stdout, self.convert("-f", "json", BORN).stdout)


class Layouts(Case):
    BBOX = re.compile(r"bbox (\d+) (\d+) (\d+) (\d+)")

    def words_of(self, path):
        return sorted(self.convert("-f", "txt", path).stdout.decode().split())

    def test_alto_holds_to_its_schema(self):
        alto = self.convert("-f", "alto", STATEMENT).stdout
        done = subprocess.run(["xmllint", "--noout", "--schema", str(ROOT / "tests/e2e/alto4.xsd"), "-"], input=alto, capture_output=True, check=False)
        self.assertEqual(done.returncode, 0, done.stderr.decode())
        strings = ElementTree.fromstring(alto).iter("{http://www.loc.gov/standards/alto/ns-v4#}String")
        self.assertGreater(sum(1 for _ in strings), 500)

    def test_hocr_has_boxes_within_boxes(self):
        tree = ElementTree.fromstring(self.convert("-f", "hocr", BORN).stdout)
        inside = {"ocrx_word": ("ocr_line", "ocr_header", "ocr_footer"), "ocr_line": ("ocr_par",), "ocr_header": ("ocr_par",),
                  "ocr_footer": ("ocr_par",), "ocr_par": ("ocr_carea",), "ocr_carea": ("ocr_page",)}
        parents = {child: parent for parent in tree.iter() for child in parent}
        words = []
        for element in tree.iter():
            kind = element.get("class", "").split(" ")[0]
            if kind not in inside:
                continue
            self.assertIn(parents[element].get("class").split(" ")[0], inside[kind])
            x0, y0, x1, y1 = map(int, self.BBOX.search(element.get("title")).groups())
            px0, py0, px1, py1 = map(int, self.BBOX.search(parents[element].get("title")).groups())
            self.assertTrue(px0 <= x0 < x1 <= px1 and py0 <= y0 < y1 <= py1, element.get("id"))
            if kind == "ocrx_word":
                words.append("".join(element.itertext()))
                self.assertRegex(element.get("title"), r"; x_wconf (\d\d?|100)\b")
        self.assertEqual(sorted(" ".join(words).split()), self.words_of(BORN))

    def test_layouts_are_input_again(self):
        facts = [(f["label"], f["column"], f["text"]) for f in map(json.loads, self.convert("-f", "jsonl", STATEMENT).stdout.decode().splitlines())]
        for form in ("alto", "hocr"):
            with self.subTest(form):
                path = self.file("bokslut.xml", self.convert("-f", form, STATEMENT).stdout)
                again = map(json.loads, self.convert("-f", "jsonl", path).stdout.decode().splitlines())
                self.assertEqual([(f["label"], f["column"], f["text"]) for f in again], facts)

    def test_broken_layout_is_told_in_one_line(self):
        for name, text in (("x.xml", b"<?xml version='1.0'?><alto><Layout><Page></Layout></alto>                         "),
                           ("y.hocr", b"<html><head><meta name='ocr-system' content='x'></head><body></body></html>")):
            done = run("convert", "-q", self.file(name, text))
            self.assertEqual(done.returncode, UNREADABLE)
            self.assertEqual(len(done.stderr.decode().splitlines()), 1)
            self.assertIn(name, done.stderr.decode())


class Drawings(Case):
    def test_pages_are_drawn(self):
        for path in (BORN, self.file("bokslut.xml", self.convert("-f", "alto", BORN).stdout)):
            self.convert("-f", "txt", "--pages", "2-3", "--debug-images", self.folder / "bilder", path)
            for number in (2, 3):
                png = (self.folder / "bilder" / f"{path.stem}-00{number}.png").read_bytes()
                self.assertEqual(png[:8], b"\x89PNG\r\n\x1a\n")

    def test_folder_that_cannot_be_made(self):
        self.one_line(run("convert", "-q", "-f", "txt", "--debug-images", self.file("fil", b"") / "ut", BORN), UNWRITABLE)

    def one_line(self, done, status):
        self.assertEqual(done.returncode, status)
        self.assertEqual(len(done.stderr.decode().splitlines()), 1)


class SearchablePdf(Case):
    def text_of(self, path):
        return subprocess.run(["pdftotext", "-raw", str(path), "-"], capture_output=True, check=True).stdout.decode()

    def pictures_of(self, path):
        folder = Path(tempfile.mkdtemp(dir=self.folder))
        subprocess.run(["pdfimages", "-all", str(path), str(folder / "i")], check=True)
        return [x.read_bytes() for x in sorted(folder.iterdir())]

    def written(self, path, *arguments):
        out = self.folder / "sökbar.pdf"
        self.convert("-f", "pdf", "-o", out, *arguments, path)
        self.assertEqual(subprocess.run(["qpdf", "--check", str(out)], capture_output=True, check=False).returncode, 0)
        return out

    def test_scan_becomes_searchable_and_keeps_its_pictures(self):
        out = self.written(SCAN, "--pages", "2")
        self.assertIn("Ansökningar", self.text_of(out))
        self.assertEqual(self.pictures_of(out), self.pictures_of(SCAN))
        self.assertLess(out.stat().st_size, SCAN.stat().st_size * 1.05)
        self.assertEqual(sorted(self.text_of(out).split()), sorted(self.convert("-f", "txt", "--pages", "2", SCAN).stdout.decode().split()))
        twice = self.written(out, "--ocr", "always", "--pages", "2")
        self.assertEqual(self.text_of(twice).count("Ansökningar"), self.text_of(out).count("Ansökningar"))

    def test_born_digital_pages_stay_as_they_are(self):
        self.assertEqual(self.text_of(self.written(BORN)), self.text_of(BORN))

    def test_pictures_become_pages(self):
        tiff = inputs.tiff(inputs.images_of(SCAN, b"CCITTFaxDecode")[1:2], 300)
        out = self.written(self.file("protokoll.tif", tiff))
        self.assertIn("Ansökningar", self.text_of(out))
        self.assertLess(out.stat().st_size, len(tiff) * 1.06)  # one dense page bears the file's frame alone

    def test_text_cannot_become_one(self):
        done = run("convert", "-q", "-f", "pdf", self.file("blad.txt", "Årsredovisning\n".encode()))
        self.assertEqual(done.returncode, UNREADABLE)
        self.assertIn("blad.txt", done.stderr.decode())


class Inputs(Case):
    def words_of(self, record):
        return " ".join(p["text"] for p in record["pages"])

    def test_tiff_with_several_pages(self):
        path = self.file("protokoll.tif", inputs.tiff(inputs.images_of(SCAN, b"CCITTFaxDecode")[1:], 300))
        record = self.records(path)
        self.assertEqual([p["page"] for p in record["pages"]], [1, 2])
        self.assertIn("Ansökningar", self.words_of(record))

    def test_jpeg(self):
        fax = inputs.CORPUS / "forbund-verksamhetsplan-fax.pdf"
        record = self.records(self.file("plan.jpg", inputs.images_of(fax, b"DCTDecode")[2][2]))
        self.assertIn("Tidpunkt", self.words_of(record))

    def test_png(self):
        record = self.records(self.file("blad.png", inputs.png_of_page(STATEMENT, 9, 200)))
        self.assertIn("Semesterlöneskuld", self.words_of(record))
        self.assertEqual(record["pages"][0]["origin"], "ocr")

    def test_text_with_form_feeds(self):
        record = self.records(self.file("text.txt", "Första sidan\fAndra sidan\n".encode()))
        self.assertEqual([p["page"] for p in record["pages"]], [1, 2])

    def test_standard_input(self):
        self.assertEqual(len(self.records("-", stdin=BORN.read_bytes())["pages"]), 3)
        self.assertIn("Andra", self.words_of(self.records("-", stdin="Första\fAndra\n".encode())))

    def test_pages_chooses(self):
        self.assertEqual([p["page"] for p in self.records("--pages", "1,3", BORN)["pages"]], [1, 3])
        self.assertEqual([p["page"] for p in self.records("--pages", "2-3", BORN)["pages"]], [2, 3])

    def test_ocr_always_reads_a_born_digital_page_again(self):
        self.assertEqual(self.records("--ocr", "always", "--pages", "2", BORN)["pages"][0]["origin"], "ocr")

    def test_ocr_never_recognises_nothing(self):
        done = run("convert", "-q", "--ocr", "never", "--pages", "2", SCAN)
        self.assertIn(done.returncode, (OK, PROBLEMS))
        self.assertNotIn("ansökningar", done.stdout.decode().lower())

    def test_a_misprint_is_told_and_left_as_printed(self):
        record = self.records(inputs.CORPUS / "brf-arsredovisning.pdf")
        verdicts = {c["verdict"] for t in record["tables"] for c in t["checks"]}
        cells = [c for t in record["tables"] for r in t["rows"] for c in r["cells"]]
        self.assertIn("misprint", verdicts)
        self.assertTrue(any(c["text"] == "12 185 000" and c["value"] == 12185000 for c in cells))


class Outputs(Case):
    def test_output_to_a_file(self):
        out = self.folder / "a.json"
        self.assertEqual(self.convert("-f", "json", "-o", out, BORN).stdout, b"")
        self.assertEqual(out.read_bytes(), self.convert("-f", "json", BORN).stdout)

    def test_output_of_several_to_a_folder(self):
        out = self.folder / "ut"
        out.mkdir()
        self.convert("-f", "txt", "-o", out, BORN, STATEMENT)
        self.assertEqual(sorted(p.name for p in out.iterdir()), ["forbund-arsredovisning.txt", "stiftelse-protokoll.txt"])

    def test_tables_of_two_inputs_of_one_name(self):
        self.convert("-o", self.folder, "--tables", self.folder, BORN, BORN)
        self.assertEqual([len(list(self.folder.glob(f"stiftelse-protokoll{n}-t1-*.csv"))) for n in ("", "-2")], [1, 1])

    def test_jobs_do_not_change_the_output(self):
        one, two = (self.convert("-f", "json", "--jobs", n, "--pages", "2-3", SCAN).stdout for n in (1, 2))
        self.assertEqual(one, two)
        self.assertEqual(two, self.convert("-f", "json", "--jobs", 2, "--pages", "2-3", SCAN).stdout)

    def test_two_runs_say_the_same(self):
        for form in ("json", "jsonl", "csv", "md", "txt"):
            first, second = (self.convert("-f", form, STATEMENT).stdout for _ in range(2))
            self.assertEqual(first, second, form)

    def test_output_that_cannot_be_written(self):
        blocked = self.file("fil", b"")
        for where in (blocked / "ut.json", self.folder / "saknas" / "ut.json", Path("/dev/full")):
            with self.subTest(where.name):
                self.one_line(run("convert", "-q", "-f", "json", "-o", where, BORN), UNWRITABLE)

    def test_output_folder_that_cannot_be_made(self):
        self.one_line(run("convert", "-q", "-o", self.file("fil", b"") / "ut", BORN, STATEMENT), UNWRITABLE)

    def test_full_standard_output(self):
        with open("/dev/full", "wb") as full:
            done = subprocess.run([TOLKA, "convert", "-q", "-f", "json", BORN], stdout=full, stderr=subprocess.PIPE, check=False)
        self.one_line(done, UNWRITABLE)

    def one_line(self, done, status):
        self.assertEqual(done.returncode, status, done.stderr)
        self.assertEqual(len(done.stderr.decode().strip().splitlines()), 1, done.stderr)

    def test_a_closed_standard_error_is_not_the_output(self):
        path, out = self.file("blad.txt", b"Rad \xff\n"), self.folder / "out.txt"
        command = [TOLKA, "convert", "-f", "txt", "-o", str(out), str(path)]
        done = subprocess.run(["sh", "-c", 'exec "$@" 2>&-', "sh", *command], timeout=LONGEST_S, check=False)
        self.assertEqual(done.returncode, PROBLEMS)
        self.assertNotIn("tolka:", out.read_text(encoding="utf-8"))


class BadInput(Case):
    def refused(self, path, status=UNREADABLE, name=None, **more):
        """Converting PATH ends with STATUS and one line that names it, and leaves nothing behind."""
        out = self.folder / "ut"
        out.mkdir(exist_ok=True)
        done = run("convert", "-q", "-f", "json", "-o", out / "ut.json", path, **more)
        said = done.stderr.decode(errors="replace").strip()
        self.assertEqual(done.returncode, status, said)
        self.assertEqual(len(said.splitlines()), 1, said)
        self.assertIn(name or Path(path).name, said)
        if status != PROBLEMS:
            self.assertEqual(list(out.iterdir()), [])
        return said

    def test_missing(self):
        self.refused(self.folder / "saknas.pdf")

    def test_empty(self):
        self.refused(self.file("tom.pdf", b""))
        self.refused(self.file("tom.txt", b""))

    def test_folder(self):
        self.refused(self.folder)

    def test_truncated_pdf(self):
        whole = SCAN.read_bytes()
        for share in (.02, .5, .97):
            with self.subTest(share):
                path = self.file("avhuggen.pdf", whole[:int(len(whole) * share)])
                done = run("convert", "-q", "-f", "json", "--ocr", "never", path)
                self.assertIn(done.returncode, (PROBLEMS, UNREADABLE), done.stderr)
                self.assertIn("avhuggen.pdf", done.stderr.decode())
                if done.returncode == PROBLEMS:
                    self.assertTrue(json.loads(done.stdout)["problems"])

    def test_encrypted_pdf(self):
        path = self.folder / "hemlig.pdf"
        subprocess.run(["qpdf", "--encrypt", "lösen", "ägare", "256", "--", BORN, path], check=True)
        self.assertRegex(self.refused(path).lower(), "encrypt|password")

    def test_pdf_of_no_pages(self):
        self.assertIn("page", self.refused(self.file("bladlös.pdf", inputs.pdf_without_pages()), name="bladl"))

    def test_text_named_pdf(self):
        self.refused(self.file("text.pdf", "Detta är inget dokument.\n".encode() * 50))

    def test_unknown_type(self):
        self.refused(self.file("data.bin", bytes(range(256)) * 40))

    def test_png_bomb(self):
        data = inputs.bomb()
        self.assertLess(len(data), 4_000_000)
        self.refused(self.file("bomb.png", data), timeout=30)

    def test_damaged_pictures(self):
        self.refused(self.file("kort.png", inputs.png_of_page(BORN, 3, 72)[:2000]))
        self.refused(self.file("fel.jpg", b"\xff\xd8\xff\xe0" + b"skrap" * 200))
        self.refused(self.file("fel.tif", b"II*\0\xff\xff\xff\x7f" + b"\0" * 100))

    def test_invalid_utf8(self):
        path = self.file("latin.txt", "Årsredovisning för året\n".encode("latin-1"))
        done = run("convert", "-q", "-f", "json", path)
        self.assertIn(done.returncode, (PROBLEMS, UNREADABLE))
        self.assertEqual(len(done.stderr.decode().strip().splitlines()), 1)
        if done.returncode == PROBLEMS:
            self.assertTrue(json.loads(done.stdout)["problems"])

    def test_one_bad_among_good(self):
        out = self.folder / "ut"
        out.mkdir()
        done = run("convert", "-q", "-f", "json", "-o", out, BORN, self.folder / "saknas.pdf")
        self.assertEqual(done.returncode, PROBLEMS, done.stderr)
        self.assertEqual([p.name for p in out.iterdir()], ["stiftelse-protokoll.json"])

    def test_a_name_of_odd_bytes(self):
        path = os.fsencode(self.folder) + b"/rad\nbrytning\xff.pdf"
        with open(path, "wb") as file:
            file.write(BORN.read_bytes())
        done = subprocess.run([TOLKA, b"convert", b"-q", b"-f", b"json", path], capture_output=True, check=False)
        self.assertEqual(done.returncode, OK, done.stderr)
        json.loads(done.stdout.decode("utf-8"))


class Repair(Case):
    FOLDED = "Har har Fjarrdalsatra inte fatt nagot stod for atgarden.\n"

    def normalize(self, text, *arguments, status=OK):
        done = run("normalize", *arguments, stdin=text)
        self.assertEqual(done.returncode, status, done.stderr.decode(errors="replace"))
        return done.stdout

    def test_a_line_of_ten_megabytes(self):
        out = self.normalize(self.FOLDED.strip().encode() * 180000)
        self.assertEqual(out.count(b"\n"), 0)
        self.assertIn("fått något stöd".encode(), out[-100:])

    def test_no_spaces_at_all(self):
        for text in (b"a" * 5000000, b"forsorjning" * 400000, b"a-" * 1000000):
            self.assertEqual(self.normalize(text), text)

    def test_invalid_bytes_pass(self):
        out = self.normalize(b"\xff\xfe" + self.FOLDED.encode() + b"\xc3\n\xed\xa0\x80", status=PROBLEMS)
        self.assertTrue(out.startswith(b"\xff\xfe") and out.endswith(b"\xc3\n\xed\xa0\x80"))

    def test_added_words_are_known(self):
        own = self.file("own.txt", "Stöd till Fjärrdalsåtra ges.\n".encode())
        model = self.folder / "own.model"
        self.assertNotIn("Fjärrdalsåtra", self.normalize(self.FOLDED.encode()).decode())
        self.assertEqual(run("train", "--add", "-q", "-o", model, own).returncode, OK)
        self.assertIn("Fjärrdalsåtra", self.normalize(self.FOLDED.encode(), "--model", model).decode())
        record = self.records("--model", model, self.file("text.txt", self.FOLDED.encode()))
        self.assertIn("Fjärrdalsåtra", record["pages"][0]["text"])


class Rules(Case):
    KIND = "kinds:\n  - kind: weather\n    items:\n      - {item: rain, labels: ['regn']}\n      - {item: result, labels: ['årets resultat']}\n"

    def check(self, *arguments):
        done = run("rules", "check", *arguments)
        return done.returncode, done.stdout.decode().splitlines(), done.stderr

    def test_shipped_rules_are_clean(self):
        self.assertEqual(self.check(), (OK, [], b""))

    def test_what_is_wrong_is_told_with_its_line(self):
        path = self.file("bad.yaml", b"kinds:\n  - kind: x\n    items:\n      - {item: y, labels: ['(a+)+$']}\n      - {item: y, labels: ['b']}\n"
                                     b"fields:\n  - {field: title, match: '('}\n")
        status, found, _ = self.check(path)
        self.assertEqual(status, PROBLEMS)
        self.assertTrue(any(line.startswith(f"{path}:7:") for line in found), found)
        self.assertTrue(any("told of twice" in line for line in found), found)

    def test_against_a_folder_names_what_is_never_met(self):
        self.convert("-q", "-o", str(self.folder / "report.json"), BORN)
        path = self.file("weather.yaml", self.KIND.encode())
        status, found, complaints = self.check("--against", str(self.folder), path)
        self.assertEqual((status, complaints), (PROBLEMS, b""))
        self.assertEqual([line.removeprefix(str(path)) for line in found],
                         [':2: "weather": no table of this kind in 1 report', ':4: "rain": no such line in 1 report',
                          ':5: "result": no such line in 1 report'])

    def test_against_converts_what_is_not_converted(self):
        (self.folder / "in").mkdir()
        (self.folder / "in/report.pdf").write_bytes(STATEMENT.read_bytes())
        status, found, _ = self.check("--against", str(self.folder / "in"))
        self.assertEqual(status, PROBLEMS)
        self.assertFalse([line for line in found if '"income_statement"' in line or '"annual_report"' in line])
        self.assertEqual(len([line for line in found if '"minutes": no report of this kind' in line]), 1)

    def test_against_nothing(self):
        (self.folder / "empty").mkdir()
        status, found, complaints = self.check("--against", str(self.folder / "empty"))
        self.assertEqual((status, found), (UNREADABLE, []))
        self.assertIn(b"no report", complaints)


class Usage(Case):
    def refused(self, *arguments):
        done = run(*arguments)
        self.assertEqual(done.returncode, USAGE, done.stderr)
        self.assertEqual(done.stdout, b"")
        self.assertTrue(done.stderr.strip())

    def test_wrong_usage(self):
        for arguments in ((), ("koka",), ("convert",), ("convert", "--koka", BORN), ("convert", "-f", "xml", BORN), ("convert", "-j", "0", BORN),
                          ("convert", "--pages", "3-1", BORN), ("convert", "--pages", "0", BORN), ("convert", "--pages", "x", BORN),
                          ("convert", "--ocr", "kanske", BORN), ("convert", "-o"), ("convert", "--page-timeout", "-1", BORN),
                          ("rules",), ("rules", "check", "--koka"), ("rules", "check", "--against"), ("train",), ("train", "--add", "-k", BORN, "-o", "x", BORN), ("train", "-b", BORN, "-o", "x", BORN), ("normalize", "a", "b")):
            with self.subTest(arguments):
                self.refused(*arguments)

    def test_help_and_version(self):
        for arguments in (("--help",), ("convert", "--help")):
            done = run(*arguments)
            self.assertEqual((done.returncode, done.stderr), (OK, b""))
            self.assertIn(b"convert", done.stdout)
        self.assertRegex(run("--version").stdout.decode(), r"^tolka \d+\.\d+\.\d+")

    def test_pages_that_are_not_there(self):
        self.assertEqual(run("convert", "-q", "-f", "json", "--pages", "99", BORN).returncode, UNREADABLE)


def main():
    program = unittest.main(exit=False, verbosity=2 if "-v" in sys.argv else 1)
    result = program.result
    failed = len(result.failures) + len(result.errors)
    broken = len({getattr(test, "test_case", test) for test, _ in result.failures + result.errors})      # a test with failed parts is one
    print(f"{result.testsRun - broken - len(result.skipped)} passed, {broken} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
