#!/usr/bin/env python3
"""
serve.py: `tolka serve` as a browser sees it, over the loopback: its pages and their links, who gets in, what writes, and how it ends.
The program is $TOLKA, the maker of stores $MAKE_STORE.
"""
import html
import http.client
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import unittest
import urllib.parse
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TOLKA = os.path.abspath(os.environ.get("TOLKA") or ROOT / "build/release/tolka")
MAKE_STORE = os.path.abspath(os.environ.get("MAKE_STORE") or ROOT / "build/release/tools/make_store")
TIMEOUT_S = 60


class Server:
    """A running `tolka serve`."""

    def __init__(self, store, *options):
        self.process = subprocess.Popen([TOLKA, "serve", str(store), "--port", "0", *options], stdout=subprocess.PIPE,
                                        stderr=subprocess.PIPE, text=True)
        self.url = self.process.stdout.readline().strip()
        parts = urllib.parse.urlsplit(self.url)
        self.host, self.port, self.root = parts.hostname, parts.port, parts.path

    def ask(self, path, method="GET", body=None, root=None, **headers):
        """Returns (status, headers, text) for the page at `path` under the key."""
        connection = http.client.HTTPConnection(self.host, self.port, timeout=TIMEOUT_S)
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, (self.root if root is None else root) + path, body, headers)
        answer = connection.getresponse()
        text = answer.read().decode("utf-8")
        connection.close()
        return answer.status, answer.headers, text

    def stop(self, number=signal.SIGTERM):
        self.process.send_signal(number)
        try:
            self.process.wait(timeout=TIMEOUT_S)
        finally:
            self.process.stdout.close()
            self.process.stderr.close()
        return self.process.returncode


class Case(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = Path(tempfile.mkdtemp(prefix="tolka-serve-"))
        cls.store = cls.folder / "archive.db"
        subprocess.run([MAKE_STORE, str(cls.store), "130"], check=True, capture_output=True, timeout=TIMEOUT_S)
        cls.server = Server(cls.store)

    @classmethod
    def tearDownClass(cls):
        cls.server.stop()
        shutil.rmtree(cls.folder, ignore_errors=True)

    def page(self, path, **more):
        status, headers, text = self.server.ask(path, **more)
        self.assertEqual(status, 200, f"{path}: {text[:300]}")
        return text


class Pages(Case):
    def test_every_link_leads_somewhere(self):
        seen, waiting = set(), ["sv/", "en/"]
        while waiting and len(seen) < 250:
            path = waiting.pop(0)
            if path in seen:
                continue
            seen.add(path)
            text = self.page(path)
            links = [html.unescape(link) for link in re.findall(r'href="([^"]*)"', text)]
            for link in links[:12] + links[-25:]:
                target = urllib.parse.urljoin("http://x/" + path, link)
                self.assertTrue(target.startswith("http://x/"), link)
                target = target[len("http://x/"):].split("#")[0]
                if target not in seen:
                    waiting.append(target)
        kinds = {re.sub(r"\d+", "N", path.split("?")[0]) for path in seen}
        for kind in ("sv/report/N", "sv/report/N/table/N", "sv/organisation", "sv/misprints", "en/doubtful", "style.css"):
            self.assertIn(kind, kinds)

    def test_address_without_language_leads_to_the_readers(self):
        status, headers, _ = self.server.ask("", Accept_Language="sv")
        self.assertEqual((status, headers["Location"]), (303, "sv/"))

    def test_nothing_of_another_is_let_into_a_page(self):
        _, headers, text = self.server.ask("sv/reports")
        policy = headers["Content-Security-Policy"]
        for word in ("default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'"):
            self.assertIn(word, policy)
        self.assertNotIn("unsafe", policy)
        self.assertEqual(headers["X-Content-Type-Options"], "nosniff")
        self.assertEqual(headers["Referrer-Policy"], "same-origin")
        self.assertEqual(headers["Cache-Control"], "no-store")
        self.assertNotIn("<script", text)

    def test_search_finds_and_marks(self):
        word = re.search(r"<pre[^>]*>(\w+)", self.page("sv/report/7/page/1")).group(1)
        text = self.page("sv/search?q=" + urllib.parse.quote(word))
        self.assertIn("<mark>", text)

    def test_head_has_no_body(self):
        status, headers, text = self.server.ask("sv/", method="HEAD")
        self.assertEqual((status, text), (200, ""))


class Door(Case):
    def test_no_key_no_archive(self):
        for root in ("/", "/sv/reports", "/" + "0" * 32 + "/", "/" + "a" * 33 + "/", "//", "/" + self.server.root[1:-2] + "/"):
            status, _, text = self.server.ask("", root=root)
            self.assertEqual(status, 404, root)
            self.assertNotIn("nav", text)

    def test_another_name_is_refused(self):
        for host in ("evil.example", f"evil.example:{self.server.port}", f"127.0.0.1:{self.server.port + 1}", ""):
            self.assertIn(self.server.ask("sv/", Host=host)[0], (400, 421))
        self.assertEqual(self.server.ask("sv/", Host=f"localhost:{self.server.port}")[0], 200)

    def test_other_methods_are_refused(self):
        for method in ("PUT", "DELETE", "OPTIONS", "PATCH", "TRACE"):
            self.assertEqual(self.server.ask("sv/", method=method)[0], 405)

    def test_what_is_too_large_is_refused(self):
        self.assertEqual(self.server.ask("sv/search?q=" + "a" * 9000)[0], 413)
        self.assertEqual(self.server.ask("sv/" + "a" * 600)[0], 404)
        self.assertEqual(self.server.ask("sv/reports?" + "&".join(f"a{i}=1" for i in range(40)))[0], 413)
        self.assertEqual(self.server.ask("sv/report/1/cell/1/2/1", method="POST", body="to=" + "a" * 2_000_000)[0], 413)
        self.assertIn(self.server.ask("sv/?q=" + "a" * 60000)[0], (400, 414, 431))

    def test_hostile_addresses_are_answered(self):
        for path in ("sv/..%2f..%2fetc", "sv/%00", "sv/report/1e9", "sv/reports?after=%ff%fe&id=-1", "sv/search?q=%22%22*",
                     "sv/search?q=AND+OR+NOT+(", "sv/organisation?key=%27;--", "sv/report/1/table/1?row=-5"):
            self.assertIn(self.server.ask(path)[0], (200, 404), path)


class Writing(Case):
    def form(self, path):
        fields = dict(re.findall(r'name="(\w+)" (?:type="\w+" )?value="([^"]*)"', self.page(path)))
        return {name: html.unescape(value) for name, value in fields.items() if name in ("token", "raw", "text", "to")}

    def send(self, path, fields, **headers):
        return self.server.ask(path, method="POST", body=urllib.parse.urlencode(fields),
                               **{"Content_Type": "application/x-www-form-urlencoded", **headers})

    def test_a_correction_is_kept(self):
        path = "sv/report/3/cell/1/2/1"
        fields = {**self.form(path), "to": "4 711", "by": "Läsare", "do": "correct"}
        status, headers, text = self.send(path, fields, Origin=f"http://{self.server.host}:{self.server.port}", Sec_Fetch_Site="same-origin")
        self.assertEqual((status, headers["Location"]), (303, "1?saved=1"), text)
        after = self.page(path + "?saved=1")
        self.assertIn("4 711", after)
        self.assertIn("rättad av en människa", after)
        self.assertIn('role="status"', after)
        self.assertEqual(self.send(path, {**fields, "to": "5 000"})[0], 409)         # it says something else by now

    def test_a_write_from_elsewhere_changes_nothing(self):
        path = "sv/report/4/cell/1/2/1"
        before = self.page(path)
        fields = {**self.form(path), "to": "1", "do": "correct"}
        self.assertEqual(self.send(path, fields, Origin="http://evil.example")[0], 403)
        self.assertEqual(self.send(path, fields, Sec_Fetch_Site="cross-site")[0], 403)
        self.assertEqual(self.send(path, {**fields, "token": "0" * 32})[0], 403)
        self.assertEqual(self.send(path, {"to": "1"})[0], 403)
        self.assertEqual(self.send("sv/report/4", fields)[0], 404)
        self.assertEqual(self.page(path), before)

    def test_a_correction_that_is_no_text_is_refused(self):
        path = "sv/report/5/cell/1/2/1"
        self.assertEqual(self.send(path, {**self.form(path), "to": "1\x1b[31m", "do": "correct"})[0], 409)


class Reviewing(unittest.TestCase):
    """A report that was read, beside its pictures."""

    @classmethod
    def setUpClass(cls):
        cls.folder = Path(tempfile.mkdtemp(prefix="tolka-serve-"))
        cls.report = cls.folder / "report.pdf"
        shutil.copy(ROOT / "corpus/namnd-delarsrapport.pdf", cls.report)
        subprocess.run([TOLKA, "ingest", "--store", str(cls.folder / "a.db"), str(cls.report)], check=True, capture_output=True,
                       timeout=TIMEOUT_S)
        cls.server = Server(cls.folder / "a.db")

    @classmethod
    def tearDownClass(cls):
        cls.server.stop()
        shutil.rmtree(cls.folder, ignore_errors=True)

    def test_the_page_may_run_its_own_script_only(self):
        status, headers, text = self.server.ask("sv/report/1/review")
        self.assertEqual((status, headers["Content-Type"]), (200, "text/html; charset=utf-8"))
        self.assertIn("default-src 'none'", headers["Content-Security-Policy"])
        self.assertRegex(text, r"<meta http-equiv=\"Content-Security-Policy\"[^>]*script-src 'sha256-")
        self.assertIn("report/1/review", self.server.ask("sv/report/1")[2])

    def test_pictures_are_those_of_the_pages(self):
        connection = http.client.HTTPConnection(self.server.host, self.server.port, timeout=TIMEOUT_S)
        connection.request("GET", self.server.root + "sv/report/1/picture/1")
        answer = connection.getresponse()
        data = answer.read()
        connection.close()
        self.assertEqual(answer.status, 200)
        self.assertEqual({"image/png": b"\x89PNG", "image/jpeg": b"\xff\xd8\xff\xe0"}[answer.headers["Content-Type"]], data[:4])
        self.assertEqual(self.server.ask("sv/report/1/picture/999")[0], 404)

    def test_corrections_are_taken_in(self):
        page = self.server.ask("sv/report/1/review")[2]
        post = html.unescape(re.search(r"corrections\?token=\w{32}", page)[0])
        stored = json.loads(subprocess.run([TOLKA, "convert", "-q", "-f", "json", str(self.report)], check=True, capture_output=True).stdout)
        table = next(table for table in stored["tables"] if table["header_rows"] < len(table["rows"]))
        row, cell = table["header_rows"], table["rows"][table["header_rows"]]["cells"][-1]
        line = {"tolka_correction": 1, "sha256": stored["source"]["sha256"], "page": cell["page"], "bbox": cell["bbox"], "table": table["id"],
                "row": row, "column": len(table["columns"]) - 1, "raw": cell["raw"], "text": cell["text"], "to": cell["text"] + "9"}
        answer = self.server.ask("sv/report/1/" + post, method="POST", body=json.dumps(line) + "\n", Content_Type="text/plain; charset=utf-8",
                                 Sec_Fetch_Site="same-origin")
        self.assertEqual(answer[0], 200, answer[2])
        other = {**line, "raw": "another", "to": "1"}
        answer = self.server.ask("sv/report/1/" + post, method="POST", body=json.dumps(other) + "\n")
        self.assertEqual(answer[0], 409, answer[2])
        self.assertEqual(self.server.ask("sv/report/1/corrections", method="POST", body=json.dumps(line))[0], 403)


class Process(unittest.TestCase):
    def setUp(self):
        self.folder = Path(tempfile.mkdtemp(prefix="tolka-serve-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.store = self.folder / "archive.db"
        subprocess.run([MAKE_STORE, str(self.store), "3"], check=True, capture_output=True, timeout=TIMEOUT_S)

    def run_serve(self, *arguments):
        return subprocess.run([TOLKA, "serve", *arguments], capture_output=True, timeout=TIMEOUT_S, check=False, text=True)

    def test_it_ends_at_a_signal(self):
        for number in (signal.SIGINT, signal.SIGTERM):
            server = Server(self.store)
            self.assertEqual(server.ask("sv/")[0], 200)
            self.assertEqual(server.stop(number), 0)

    def test_read_only_takes_no_corrections(self):
        server = Server(self.store, "--read-only")
        self.addCleanup(server.stop)
        text = server.ask("sv/report/1/cell/1/2/1")[2]
        self.assertNotIn("<form class=\"correct\"", text)
        self.assertEqual(server.ask("sv/report/1/cell/1/2/1", method="POST", body="to=1")[0], 403)

    def test_a_key_of_ones_own(self):
        key = self.folder / "key"
        key.write_text("0123456789abcdef" * 2 + "\n")
        server = Server(self.store, "--key-file", str(key))
        self.addCleanup(server.stop)
        self.assertTrue(server.url.endswith("/" + "0123456789abcdef" * 2 + "/"))
        key.write_text("short\n")
        self.assertEqual(self.run_serve(str(self.store), "--key-file", str(key)).returncode, 2)

    def test_what_cannot_be_served(self):
        self.assertEqual(self.run_serve(str(self.folder / "none.db")).returncode, 3)
        self.assertEqual(self.run_serve(str(self.store), "--address", "somewhere").returncode, 2)
        server = Server(self.store)
        self.addCleanup(server.stop)
        taken = self.run_serve(str(self.store), "--port", str(server.port))
        self.assertEqual(taken.returncode, 4)
        self.assertIn("in use", taken.stderr)


def main():
    program = unittest.main(exit=False, verbosity=1)
    failed = len(program.result.failures) + len(program.result.errors)
    print(f"{program.result.testsRun - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
