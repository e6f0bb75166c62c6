#!/usr/bin/env python3
"""shared.py: the program on a database of PostgreSQL, beside other programs, against itself on a file."""
import html
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.request
from pathlib import Path

from cluster import Cluster

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/e2e"))
from serve import Server  # noqa: E402

TOLKA = os.path.abspath(os.environ.get("TOLKA") or ROOT / "build/release/tolka")
INPUTS = os.environ.get("INPUTS", "").split()       # folders of reports instead of the born-digital ones of corpus/, which are quick
LIMIT_S = 3600 if INPUTS else 300
cluster = None


def tolka(*arguments, status=0, limit=600, **more):
    """Runs the program; `status` is what it ends with, None: done, or done with problems."""
    result = subprocess.run([TOLKA, *map(str, arguments)], capture_output=True, text=True, timeout=limit, check=False, **more)
    assert result.returncode in ((0, 1) if status is None else (status,)), (arguments, result.returncode, result.stderr)
    return result


def tree(folder):
    return {path.name: path.read_bytes() for path in Path(folder).iterdir()}


class Shared(unittest.TestCase):
    count = 0

    def setUp(self):
        Shared.count += 1
        self.url = cluster.database(f"t{Shared.count}")
        self.folder = Path(tempfile.mkdtemp(prefix="tolka-shared-"))
        self.addCleanup(shutil.rmtree, self.folder)
        self.made = 0
        os.mkdir(self.folder / "in")
        for folder in INPUTS or [ROOT / "corpus"]:
            for path in sorted(Path(folder).glob("*.pdf")):
                if INPUTS or not path.stem.endswith(("copy", "office", "fax")):
                    shutil.copy(path, self.folder / "in")

    def export(self, store):
        self.made += 1
        folder = self.folder / f"out{self.made}"
        tolka("export", store, "-o", folder)
        return tree(folder)

    def expected(self):
        tolka("ingest", "-q", "--store", self.folder / "alone.db", "in", cwd=self.folder, status=None, limit=LIMIT_S)
        return self.export(self.folder / "alone.db")

    def enqueue(self, *more):
        tolka("ingest", "-q", "--enqueue", *more, "--store", self.url, "in", cwd=self.folder)

    def work(self, jobs=1, **more):
        return subprocess.Popen([TOLKA, "work", "-q", f"-j{jobs}", "--until-empty", "--store", self.url], cwd=self.folder, start_new_session=True,
                                stderr=open(os.environ.get("WORKER_LOG", os.devnull), "ab"), **more)

    def state(self):
        return json.loads(tolka("status", self.url, "-f", "json").stdout)

    def test_ingest_as_on_a_file(self):
        tolka("ingest", "-q", "--store", self.url, "in", cwd=self.folder)
        self.assertEqual(self.export(self.url), self.expected())
        for question in (["facts"], ["facts", "--kind", "income_statement"], ["facts", "--item", "equity"], ["facts", "--format", "jsonl"]):
            self.assertEqual(tolka(question[0], self.url, *question[1:]).stdout,
                             tolka(question[0], self.folder / "alone.db", *question[1:]).stdout)
        self.assertTrue(tolka("search", self.url, "årets", "resultat").stdout)

    def test_one_two_and_four_workers(self):
        expected = self.expected()
        for hosts, jobs in ((1, 1), (2, 1), (2, 2)):
            self.url = cluster.database(f"w{hosts * jobs}")
            self.enqueue()
            crowd = [self.work(jobs) for _ in range(hosts)]
            for host in crowd:
                self.assertIn(host.wait(timeout=LIMIT_S), (0, 1) if INPUTS else (0,))
            self.assertEqual(self.export(self.url), expected)

    def test_files_from_the_database(self):
        expected = self.expected()
        self.enqueue("--upload")
        os.rename(self.folder / "in", self.folder / "elsewhere")
        self.assertEqual(self.work().wait(timeout=300), 0)
        self.assertEqual(self.export(self.url), expected)
        self.assertEqual(cluster.sql("SELECT count(*) FROM tolka.content", self.url.split("@/")[1].split("?")[0]), "0")

    def test_copy_there_and_back(self):
        expected = self.expected()
        tolka("copy", self.folder / "alone.db", self.url)
        tolka("copy", self.url, self.folder / "back.db")
        self.assertEqual(self.export(self.url), expected)
        self.assertEqual(self.export(self.folder / "back.db"), expected)
        self.assertIn("not empty", tolka("copy", self.url, self.folder / "back.db", status=4).stderr)

    def test_another_recipe_is_refused(self):
        self.enqueue()
        self.assertIn("what waits is for", tolka("work", "-q", "--until-empty", "--no-normalize", "--store", self.url, status=2).stderr)

    def test_a_file_is_no_database(self):
        self.expected()
        self.assertIn("is a file", tolka("work", "-q", "--store", self.folder / "alone.db", status=2).stderr)

    def test_roles_have_what_they_need_and_no_more(self):
        base = self.url.split("@/")[1].split("?")[0]
        tolka("ingest", "-q", "--enqueue", "--store", self.url, "in/brf-arsredovisning.pdf", cwd=self.folder)
        subprocess.run(["psql", "-q", "-X", "-v", "ON_ERROR_STOP=1", "-f", ROOT / "schema/store/postgresql-roles.sql", self.url], check=True)
        for name in ("ingest", "worker", "reader"):
            cluster.sql(f"CREATE ROLE {name} LOGIN; GRANT tolka_{name} TO {name}", base)
        tolka("ingest", "-q", "--enqueue", "--upload", "--store", cluster.url(base, "ingest"), "in", cwd=self.folder)
        tolka("work", "-q", "--until-empty", "--store", cluster.url(base, "worker"), cwd=self.folder)
        self.assertEqual(len(tolka("facts", cluster.url(base, "reader")).stdout.splitlines()),
                         len(tolka("facts", self.url).stdout.splitlines()))
        self.assertIn("no right", tolka("ingest", "-q", "--store", cluster.url(base, "reader"), "in", cwd=self.folder, status=4).stderr)

    def test_metrics_and_status(self):
        self.enqueue()
        worker = subprocess.Popen([TOLKA, "work", "-q", "-j1", "--metrics", ":19188", "--store", self.url], cwd=self.folder)
        self.addCleanup(worker.wait)
        self.addCleanup(worker.terminate)
        for _ in range(100):
            time.sleep(0.1)
            try:
                with urllib.request.urlopen("http://127.0.0.1:19188/metrics", timeout=5) as answer:
                    text = answer.read().decode()
            except OSError:
                continue
            if "tolka_reports_done_total 6" in text:
                break
        self.assertIn("tolka_reports_done_total 6", text)
        self.assertEqual([machine["pid"] for machine in self.state()["machines"]], [worker.pid])

    def test_archive_in_the_browser(self):
        shutil.copy(ROOT / "corpus/brf-arsredovisning.pdf", self.folder)
        tolka("ingest", "-q", "--store", self.url, "brf-arsredovisning.pdf", cwd=self.folder)
        server = Server(self.url)
        self.addCleanup(server.stop)
        for page in ("", "reports", "organisations", "search?q=f%C3%B6rening*", "report/1", "report/1/table/1", "misprints", "problems"):
            self.assertEqual(server.ask("sv/" + page)[0], 200, page)
        review = server.ask("sv/report/1/review")[2]
        self.assertIn("12 185 000", review)
        post = html.unescape(re.search(r"corrections\?token=\w{32}", review)[0])
        record = json.loads(next(iter(self.export(self.url).values())))
        table, row, column, cell = next((table, r, c, cell) for table in record["tables"] for r, cells in enumerate(table["rows"])
                                        for c, cell in enumerate(cells["cells"]) if cell["text"] == "12 185 000")
        line = {"tolka_correction": 1, "sha256": record["source"]["sha256"], "page": cell["page"], "bbox": cell["bbox"], "table": table["id"],
                "row": row, "column": column, "raw": cell["raw"], "text": cell["text"], "to": "12 158 000"}
        self.assertEqual(server.ask("sv/report/1/" + post, method="POST", body=json.dumps(line), Sec_Fetch_Site="same-origin")[0], 200)
        self.assertIn("12 158 000", server.ask("sv/report/1/review")[2])
        cluster.stop()
        cluster.start()
        for _ in range(8):                      # several threads, each with a connection that was lost
            self.assertEqual(server.ask("sv/report/1")[0], 200)
        back = json.dumps({**line, "to": "12 185 000"})
        answers = [server.ask("sv/report/1/" + post, method="POST", body=back, Sec_Fetch_Site="same-origin")[0] for _ in range(2)]
        self.assertEqual(answers[1], 200)       # the first may learn that the server was away

    def test_log_is_an_object_a_line(self):
        (self.folder / "in/broken.pdf").write_bytes(b"%PDF-1.4 and no more")
        said = tolka("ingest", "--enqueue", "--log", "json", "--store", self.url, "in", "gone.pdf", cwd=self.folder, status=1).stderr
        said += tolka("work", "--until-empty", "--log", "json", "--store", self.url, cwd=self.folder, status=1).stderr
        said += tolka("work", "--log", "json", "--store", "nothing.db", status=4).stderr
        events = [json.loads(line) for line in said.splitlines()]
        told = {(event["level"], event["event"]) for event in events}
        self.assertEqual(told, {("info", "report"), ("info", "summary"), ("warning", "problem"), ("error", "message")})
        self.assertTrue(all(event["time"].endswith("Z") for event in events))

    def test_no_password_in_messages(self):
        result = tolka("status", "postgresql://anna:hemligt@127.0.0.1:1/x?password=hemligt", status=3)
        self.assertNotIn("hemligt", result.stderr)

    def test_given_back_when_asked_to_stop(self):
        self.enqueue()
        worker = subprocess.Popen([TOLKA, "work", "-q", "--store", self.url], cwd=self.folder, stderr=subprocess.DEVNULL)
        time.sleep(1.5)
        worker.terminate()
        self.assertIn(worker.wait(timeout=60), (0, 1))
        self.assertEqual(cluster.sql("SELECT count(*) FROM tolka.work WHERE run_id IS NOT NULL", self.url.split("@/")[1].split("?")[0]), "0")


def main():
    global cluster
    with Cluster() as cluster:
        program = unittest.main(exit=False, verbosity=int(os.environ.get("VERBOSE", "1")))
    bad = len(program.result.failures) + len(program.result.errors)
    print(f"{program.result.testsRun - bad} passed, {bad} failed")
    return bad > 0


if __name__ == "__main__":
    sys.exit(main())
