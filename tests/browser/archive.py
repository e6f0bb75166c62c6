#!/usr/bin/env python3
"""archive.py: `tolka serve` in headless Chromium: found, looked at, corrected by keyboard alone; what is hostile is inert; each page is
fit for people who do not see it well or use no pointer."""
import json
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
import urllib.parse
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path[:0] = [str(HERE), str(ROOT / "tests/e2e")]
from browser import CHECKER, READY, TOLKA, tolka  # noqa: E402
from serve import Server  # noqa: E402
from webdriver import Browser  # noqa: E402

MISPRINTED = ROOT / "corpus/brf-arsredovisning.pdf"   # a note's total, 12 185 000, whose addends come to 12 158 000
STATEMENT = ROOT / "corpus/forbund-arsredovisning.pdf"
EVIL = "</td></script><script>window.caught=1</script><img src=x onerror='window.caught=2'>\"'`"
HOSTILE = f"""Årsredovisning 2022

Brf {EVIL}

{EVIL} {"x" * 10000} ord

Resultaträkning (tkr)

                                                   2022     2021
"'<b onclick=window.caught=3>                     1 200    1 100
Kostnader <svg onload=window.caught=4>             -800     -700
Summa {"å" * 300}                                  400      400

"><svg onload=window.caught=5>
"""
# What the browser's focus tells of itself: where it is, and whether it can be seen.
FOCUS = """const at = document.activeElement, box = at.getBoundingClientRect(), look = getComputedStyle(at), svg = at.closest('svg');
    const order = [...document.querySelectorAll('*')].indexOf(at);
    const seen = svg ? getComputedStyle(at.querySelector('circle')).r !== '6px' : look.outlineStyle !== 'none' && parseFloat(look.outlineWidth) > 0;
    return at === document.body ? null : [order, seen && box.width > 0 && box.right > 0, at.outerHTML.slice(0, 90)];"""


class Archive:
    """A store of a report with a misprint, one of several years, and one that means harm, served."""
    folder = Path(tempfile.mkdtemp(prefix="tolka-archive-"))
    store = folder / "archive.db"

    @classmethod
    def make(cls):
        (cls.folder / "in").mkdir()
        for report in (MISPRINTED, STATEMENT):
            shutil.copy(report, cls.folder / "in")
        (cls.folder / "in/hostile \"'<script>window.caught=6<.txt").write_text(HOSTILE, encoding="utf-8")
        tolka("ingest", "-q", "--store", cls.store, cls.folder / "in")
        cls.server = Server(cls.store)
        cls.browser = Browser()

    @classmethod
    def end(cls):
        cls.browser.__exit__()
        cls.server.stop()
        shutil.rmtree(cls.folder, ignore_errors=True)

    @classmethod
    def records(cls):
        """The store's reports as they are now, by the name of their file."""
        out = Path(tempfile.mkdtemp(dir=cls.folder))
        tolka("export", cls.store, "-o", out)
        found = [json.loads(path.read_text(encoding="utf-8")) for path in out.glob("**/*.json")]
        return {Path(record["source"]["path"]).name: record for record in found}


def setUpModule():
    Archive.make()


def tearDownModule():
    Archive.end()


class Case(unittest.TestCase):
    def setUp(self):
        self.browser = Archive.browser

    def open(self, path):
        self.browser.open(Archive.server.url + path)

    def open_review(self, path):
        self.open(path)
        self.browser.run("localStorage.clear()")
        self.open(path)
        self.browser.wait(READY)

    def text(self, selector="main"):
        return self.browser.run("return document.querySelector(arguments[0]).textContent", selector)

    def follow(self, contains):
        """Comes by Tab to the link whose text or address has `contains` in it, and presses Enter."""
        for _ in range(80):
            self.browser.keys("Tab")
            if self.browser.run("const a = document.activeElement; return a.tagName.toLowerCase() === 'a' && "
                                "(a.textContent + ' ' + a.getAttribute('href')).includes(arguments[0])", contains):
                before = self.browser.run("return location.href")
                self.browser.keys("Enter")
                self.browser.wait("return location.href !== arguments[0] && document.readyState === 'complete'", before)
                return
        self.fail(f"Tab never came to {contains!r}")

    def report(self, name):
        """The address of a report, found in the list of all."""
        self.open("sv/reports")
        return self.browser.run("return [...document.querySelectorAll('main td a')].find(a => a.closest('tr').textContent.includes(arguments[0]) "
                                "&& /report/.test(a.href)).getAttribute('href')", name)


class Finding(Case):
    def test_search_leads_to_the_page_with_the_words_marked(self):
        self.open("sv/")
        self.browser.run("document.getElementById('q').focus()")
        self.browser.keys("Samordningsförb*", "Enter")
        self.browser.wait("return /search/.test(location.href) && document.querySelector('mark')")
        self.assertIn("Samordningsförb", self.text("mark"))
        self.follow("/page/")
        self.assertIn("Samordningsförbundet Fyrådalen", self.text("pre"))

    def test_point_of_a_chart_leads_to_its_cell(self):
        self.open("sv/organisations")
        self.follow("Fyrådalen")
        chart = self.browser.run("const a = document.querySelector('svg a'); return [a.getAttribute('aria-label'), a.getAttribute('href')]")
        self.follow(chart[1])
        digits, cell = (re.sub(r"\D", "", text) for text in (chart[0].split(": ")[1], self.text("h1")))
        self.assertTrue(cell and digits.startswith(cell), (digits, cell))        # the cell may be in thousands


class Correcting(Case):
    def test_misprint_is_found_and_corrected_by_keyboard_and_its_check_turns(self):
        self.open("sv/")
        self.follow("misprints")
        self.follow("#check")
        self.assertIn("12158000", re.sub(r"\s", "", self.text(":target")))
        self.open("sv/")
        self.follow("reports")
        self.follow(MISPRINTED.name)
        self.follow("/review")
        self.browser.wait(READY)
        failing = "return document.querySelectorAll('.check.misprint').length"
        failed = self.browser.run(failing)
        for _ in range(60):
            self.browser.keys("n")
            if self.browser.run("return document.activeElement.textContent").replace("\u00a0", " ") == "12 185 000":
                break
        self.browser.keys("Enter", "12 158 000", "Enter")
        self.assertEqual(self.browser.run(failing), failed - 1)
        self.browser.keys("s")
        self.browser.wait("return /sparade/.test(document.getElementById('say').textContent)")
        cells = [(cell["text"], cell["status"]) for table in Archive.records()[MISPRINTED.name]["tables"] for row in table["rows"] for cell in row["cells"]]
        self.assertIn(("12 158 000", "corrected"), cells)
        self.open("sv/misprints")
        self.assertNotIn("12185000", re.sub(r"\s", "", self.text()))

    def test_word_of_the_text_is_corrected_by_keyboard(self):
        path = self.report(STATEMENT.name)
        self.open_review(f"sv/{path}/review")
        page = "document.getElementById('x2')"
        self.browser.run(f"{page}.parentElement.querySelector('summary').focus()")
        self.browser.keys("Enter")
        self.browser.wait(f"return {page}.querySelector('.word')")
        self.browser.keys("Tab", "Right", "Right")
        was = self.browser.run("return document.activeElement.textContent")
        self.assertEqual(was, self.browser.run(f"return {page}.querySelectorAll('.word')[2].textContent"))
        self.browser.keys("Enter", "Zebraförbundet", "Enter", "s")
        self.browser.wait("return /sparade/.test(document.getElementById('say').textContent)")
        self.assertEqual(self.browser.run(CHECKER), [])
        self.assertIn(f"{STATEMENT.name}:2: ", tolka("search", Archive.store, "Zebraförbundet").stdout)
        for redo in (False, True):
            if redo:
                tolka("ingest", "-q", "--redo", "--store", Archive.store, Archive.folder / "in")
            record = Archive.records()[STATEMENT.name]
            trace = record["corrections"][-1]
            self.assertEqual((trace["from"], trace["to"], trace["reason"], trace["page"]), (was, "Zebraförbundet", "person", 2))
            self.assertIn("Zebraförbundet", record["pages"][1]["text"])
        self.open_review(f"sv/{path}/review")
        self.browser.run(f"{page}.parentElement.open = true")
        self.browser.wait(f"return {page}.querySelector('.word.corrected')?.textContent === 'Zebraförbundet'")

    def test_form_of_a_cell_corrects_it(self):
        path = self.report(MISPRINTED.name)
        self.open(f"sv/{path}/cell/1/1/0")
        self.browser.run("document.getElementById('to').select(); document.getElementById('to').focus()")
        self.browser.keys("Rättad etikett", "Enter")
        self.browser.wait("return document.querySelector('[role=status]')")
        self.assertIn("Rättad etikett", self.text("h1"))


class Every(Case):
    """What holds for each page."""

    def pages(self):
        own, hostile = self.report(MISPRINTED.name), self.report("hostile")
        lists = ["", "reports", "organisations", "search?q=ord", "search?q=finnsinte", "doubtful", "misprints", "misread", "problems", "missing",
                 "organisation?key=" + urllib.parse.quote("samordningsförbundet fyrådalen"), "report/999999"]
        return [f"sv/{page}" for page in lists] + [f"sv/{report}{page}" for report in (own, hostile)
                                                   for page in ("", "/page/1", "/table/1", "/cell/1/1/0", "/cell/1/1/1", "/review")]

    def test_pages_are_accessible(self):
        for number, page in enumerate(self.pages()):
            self.open(page.replace("sv/", ("sv/", "en/")[number % 2], 1))
            self.assertEqual(self.browser.run(CHECKER), [], page)

    def test_pages_are_accessible_in_the_dark(self):
        self.browser.media(("prefers-color-scheme", "dark"))
        self.addCleanup(self.browser.media)
        for page in self.pages()[::3]:
            self.open(page)
            self.assertEqual(self.browser.run(CHECKER), [], page)

    def test_focus_goes_in_order_and_is_seen(self):
        for page in self.pages():
            self.open(page)
            last = -1
            for _ in range(10):
                self.browser.keys("Tab")
                at = self.browser.run(FOCUS)
                if not at:
                    break
                self.assertTrue(at[1], f"{page}: {at[2]}")
                self.assertGreater(at[0], last, f"{page}: {at[2]}")
                last = at[0]

    def test_narrow_pages_do_not_run_over(self):
        self.browser.size(400, 800)
        self.addCleanup(self.browser.size)
        for page in self.pages():
            self.open(page)
            self.assertLessEqual(self.browser.run("return document.documentElement.scrollWidth - innerWidth"), 0, page)

    def test_place_that_is_walked_to_is_seen_on_a_narrow_screen(self):
        self.browser.size(400, 800)
        self.addCleanup(self.browser.size)
        self.open_review(f"sv/{self.report(MISPRINTED.name)}/review")
        self.browser.run("document.getElementById('repaired').click(); document.getElementById('repaired').blur()")
        self.browser.keys("n")
        self.assertTrue(self.browser.run("""const at = document.activeElement, box = at.getBoundingClientRect();
            return at.contains(document.elementFromPoint((box.left + box.right) / 2, (box.top + box.bottom) / 2));"""))

    def test_hostile_report_is_inert(self):
        self.browser.complaints()
        hostile = self.report("hostile")
        pages = ["", "/page/1", "/table/1", "/cell/1/1/0", "/cell/1/2/1", "/review"]
        for page in [f"sv/{hostile}{page}" for page in pages] + ["sv/reports", "sv/doubtful", "sv/search?q=ord", "sv/organisations", "sv/search?q=" + EVIL]:
            self.open(urllib.parse.quote(page, safe="/?="))
            self.browser.run("for (const one of document.querySelectorAll('details')) one.open = true")
            self.assertIsNone(self.browser.run("return window.caught ?? null"), page)
            self.assertEqual(self.browser.run("return document.querySelectorAll('main img:not(#image), main script, main b').length"), 0, page)
            self.assertIsNone(self.browser.run("return [...document.querySelectorAll('main *')].find(one => one.hasAttribute('onload') || one.hasAttribute('onclick')) ?? null"), page)
        self.assertEqual([line for line in self.browser.complaints() if "picture/" not in line], [])   # a text has no picture


if __name__ == "__main__":
    program = unittest.main(exit=False, verbosity=2 if "-v" in sys.argv else 1)
    bad = len(program.result.failures) + len(program.result.errors)
    print(f"{program.result.testsRun - bad} passed, {bad} failed")
    sys.exit(bool(bad))
