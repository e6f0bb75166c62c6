#!/usr/bin/env python3
"""installed.py [-v] [TEST...]: `make install` into a staging folder, what came of it at another place, examples/, and `make uninstall`."""
import fnmatch
import os
import pty
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
STAGE = Path(tempfile.mkdtemp(prefix="tolka-install-"))
INSTALLED = STAGE / "root/usr/local"
MOVED = STAGE / "moved here"            # what was installed must work wherever it is put, blanks in its name or not
STATEMENT = ROOT / "corpus/forbund-arsredovisning.pdf"
MISPRINT = ROOT / "corpus/brf-arsredovisning.pdf"
EXAMPLES = MOVED / "share/doc/tolka/examples"


def make(target):
    subprocess.run(["make", "-s", "-C", ROOT, target, "BUILD=release", f"DESTDIR={STAGE / 'root'}", "prefix=/usr/local",
                    "libdir=/usr/local/lib", "Q=@"], check=True, capture_output=True)


def files(folder):
    return sorted(str(p.relative_to(folder)) for p in folder.rglob("*") if not p.is_dir() or p.is_symlink())


def setUpModule():
    make("install")
    shutil.copytree(INSTALLED, MOVED, symlinks=True)


def tearDownModule():
    shutil.rmtree(STAGE)


def environment(**more):
    kept = {k: v for k, v in os.environ.items() if k not in ("TOLKA", "NO_COLOR", "LD_LIBRARY_PATH")}
    return kept | {"PATH": f'{MOVED / "bin"}:{os.environ["PATH"]}', "PKG_CONFIG_PATH": str(MOVED / "lib/pkgconfig"),
                   "LD_LIBRARY_PATH": str(MOVED / "lib"), "TERM": "xterm"} | more


def run(*command, **more):
    done = subprocess.run([str(c) for c in command], capture_output=True, text=True, env=environment(), check=False, **more)
    if done.returncode:
        raise AssertionError(f"{command}: exit status {done.returncode}\n{done.stderr}")
    return done.stdout


def on_terminal(*command, **more):
    """What COMMAND writes to a terminal."""
    master, slave = pty.openpty()
    process = subprocess.Popen([str(c) for c in command], stdin=slave, stdout=slave, stderr=slave, env=environment(**more))
    os.close(slave)
    written = b""
    while True:
        try:
            piece = os.read(master, 65536)
        except OSError:     # the other end is closed
            break
        if not piece:
            break
        written += piece
    os.close(master)
    process.wait()
    return written.decode(errors="replace")


def commands():
    return re.findall(r"^  ([a-z]+)  ", run(MOVED / "bin/tolka", "--help"), re.M)


class Installed(unittest.TestCase):
    def test_all_is_there(self):
        there = files(INSTALLED)
        for name in ("bin/tolka", "include/tolka.h", "lib/libtolka.a", "lib/libtolka.so", "lib/libtolka.so.0", "lib/pkgconfig/tolka.pc",
                     "share/tolka/sv.model", "share/tolka/rules/report.yaml", "share/tolka/record.schema.json", "share/man/man1/tolka.1",
                     "share/man/man3/tolka.3", "share/bash-completion/completions/tolka", "share/zsh/site-functions/_tolka",
                     "share/fish/vendor_completions.d/tolka.fish", "share/doc/tolka/README.md", "share/doc/tolka/examples/figures.c"):
            self.assertIn(name, there)

    def test_no_link_leads_out(self):
        for link in (p for p in INSTALLED.rglob("*") if p.is_symlink()):
            self.assertNotIn("/", os.readlink(link), link)

    def test_moved_program_finds_its_data(self):
        self.assertIn("total_assets", run("tolka", "convert", "-q", "-f", "csv", STATEMENT))
        self.assertEqual(run("tolka", "rules", "check"), "")

    def test_library_shows_only_its_header(self):
        shown = run("nm", "-D", "--defined-only", MOVED / "lib/libtolka.so").split("\n")
        names = {line.split()[2].split("@")[0] for line in shown if line} - {"TOLKA_0.1"}
        header = set(re.findall(r"^TOLKA_API[^;(]*?(tolka_[a-z_]+)\(", (ROOT / "lib/tolka.h").read_text(), re.M))
        self.assertEqual(names, header)
        static = run("nm", "-g", "--defined-only", MOVED / "lib/libtolka.a")
        self.assertEqual(set(re.findall(r" T (\w+)", static)), header)
        self.assertFalse(set(re.findall(r" [BDRV] (\w+)", static)))

    def test_header_is_plain_c_and_cpp(self):
        for compiler, standard in (("gcc", "c99"), ("g++", "c++11")):
            if shutil.which(compiler):
                run(compiler, f"-std={standard}", "-pedantic", "-Wall", "-Wextra", "-Werror", "-fsyntax-only", "-x",
                    "c" if compiler == "gcc" else "c++", MOVED / "include/tolka.h")

    def test_reference_is_the_headers(self):
        made = run("awk", "-v", "form=md", "-f", ROOT / "docs/reference.awk", ROOT / "lib/tolka.h")
        self.assertEqual(made, (ROOT / "docs/library.md").read_text(encoding="utf-8"), "run `make reference`")

    def test_packages_are_built_with_what_the_makefile_needs(self):
        needed = set(re.findall(r"^build (\S+)", (ROOT / "deps/packages.txt").read_text(), re.M))
        known = set(re.findall(r"[a-z0-9.+-]+", (ROOT / "debian/control").read_text()))
        self.assertEqual(needed - known, {"gcc", "libc6-dev", "libjpeg62-turbo-dev"})      # build-essential; called libjpeg-dev there

    def test_every_file_goes_into_a_package(self):
        lists = "\n".join(path.read_text() for path in (ROOT / "debian").glob("*.install"))
        patterns = [line.split()[0].replace("lib/*/", "lib/").replace("vendor-completions", "site-functions") for line in lists.splitlines() if line]
        for name in set(files(INSTALLED)) - {"share/doc/tolka/LICENSE"}:        # debian/rules takes that away
            self.assertTrue(any(fnmatch.fnmatch(f"usr/{name}", pattern) or f"usr/{name}".startswith(pattern + "/") for pattern in patterns), name)

    def test_every_command_has_a_manual_page(self):
        for command in commands():
            self.assertTrue((INSTALLED / f"share/man/man1/tolka-{command}.1").exists(), command)

    def test_help_fits_a_screen(self):
        for command in [None, *commands()]:
            lines = run("tolka", *([command] if command else []), "--help").splitlines()
            self.assertLessEqual(len(lines), 24, command)
            self.assertLessEqual(max(map(len, lines)), 80, command)

    def test_manual_page_names_the_options_of_the_help_and_no_other(self):
        for command in commands():
            page = (ROOT / f"docs/man/tolka-{command}.1.scd").read_text(encoding="utf-8").partition("# OPTIONS")[2].partition("\n# ")[0]
            told = {option for line in re.findall(r"^\*-.*", page, re.M) for option in re.findall(r"--[a-z][a-z-]*", line)}
            helped = run("tolka", command, "--help")
            self.assertLessEqual(told, set(re.findall(r"--[a-z][a-z-]*", helped)), command)
            self.assertLessEqual(set(re.findall(r"^ +(?:-\w, )?(--[a-z][a-z-]*)", helped, re.M)) - {"--help"}, told, command)


class Terminal(unittest.TestCase):
    def test_tables_are_aligned_and_coloured(self):
        written = on_terminal("tolka", "convert", STATEMENT)
        self.assertIn("SUMMA TILLGÅNGAR", written)
        self.assertIn("\033[", written.replace("\033[K", ""))

    def test_no_color_with_NO_COLOR(self):
        written = on_terminal("tolka", "convert", "-q", STATEMENT, NO_COLOR="1")
        self.assertIn("SUMMA TILLGÅNGAR", written)
        self.assertNotIn("\033", written)

    def test_no_color_in_a_file(self):
        self.assertNotIn("\033", run("tolka", "convert", "-f", "summary", STATEMENT))

    def test_json_on_a_terminal_when_asked_for(self):
        self.assertTrue(on_terminal("tolka", "convert", "-q", "-f", "json", STATEMENT).startswith("{"))


class Completion(unittest.TestCase):
    FORMATS = "json jsonl csv md txt"

    def bash(self, *words):
        script = f'source "{MOVED}/share/bash-completion/completions/tolka"; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _tolka; ' \
                 'printf "%s\\n" "${COMPREPLY[@]}"'
        return run("bash", "-c", script, "bash", *words).split()

    def test_bash(self):
        self.assertEqual(set(self.bash("tolka", "")), {*commands(), "--help", "--version"})
        self.assertEqual(self.bash("tolka", "conv"), ["convert"])
        self.assertEqual(set(self.bash("tolka", "convert", "--pa")), {"--pages", "--page-timeout"})
        self.assertEqual(self.bash("tolka", "convert", "--ocr", "n"), ["never"])
        for form in self.bash("tolka", "convert", "-f", ""):
            run("tolka", "convert", "-q", "-f", form, "--pages", "9", STATEMENT, "-o", STAGE / "written")

    def test_fish(self):
        if not shutil.which("fish"):
            self.skipTest("no fish")
        ask = lambda line: run("fish", "--no-config", "-c", f'source "{MOVED}/share/fish/vendor_completions.d/tolka.fish"; complete -C "{line}"')
        self.assertEqual(ask("tolka conv").split("\t")[0], "convert")
        self.assertIn("--page-timeout\t", ask("tolka convert --pa"))
        self.assertEqual(ask("tolka convert --ocr n").split(), ["never"])
        self.assertEqual({line.split("\t")[0] for line in ask("tolka ").splitlines()} & set(commands()), set(commands()))

    def test_zsh(self):
        if not shutil.which("zsh"):
            self.skipTest("no zsh")
        stubs = 'compadd() { print -l -- "$@"; }; _files() { :; }; _describe() { local -a a; a=("${(@P)@[-1]}"); print -l -- $a; }; '
        ask = lambda *words: run("zsh", "-f", "-c", stubs + 'words=("$@"); CURRENT=$#words; PREFIX=$words[CURRENT]; '
                                 f'source "{MOVED}/share/zsh/site-functions/_tolka"', "zsh", *words).splitlines()
        self.assertEqual({line.split(":")[0] for line in ask("tolka", "")} & set(commands()), set(commands()))
        self.assertTrue(any(line.startswith("--page-timeout:") for line in ask("tolka", "convert", "--pa")))
        self.assertIn("never", ask("tolka", "convert", "--ocr", ""))


class Examples(unittest.TestCase):
    def setUp(self):
        self.folder = Path(tempfile.mkdtemp(dir=STAGE))

    def shell(self, script):
        return run("sh", "-ec", script, cwd=self.folder)

    def figures(self, libraries, program="./figures"):
        flags = lambda *options: run("pkg-config", *options, "tolka").strip().replace(str(MOVED), str(MOVED).replace(" ", "\\ "))
        self.shell(f'cc -Wall -Wextra -Werror -o "{program}" "{EXAMPLES}/figures.c" {flags("--cflags")} {libraries(flags)}')
        self.assertRegex(self.shell(f'"{program}" {STATEMENT}'), r"total_assets +2013479 SEK +p\. \d+ at \d+,\d+")
        self.assertIn("12185000 is stated, 12158000 would add up: a misprint", self.shell(f'"{program}" {MISPRINT}'))

    def test_c_with_the_shared_library(self):
        self.figures(lambda flags: flags("--libs"))

    def test_c_with_the_static_library(self):
        # It finds its data beside itself, as the shared library does.
        self.figures(lambda flags: f'"{MOVED}/lib/libtolka.a" ' + flags("--static", "--libs"), MOVED / "bin/figures")

    def test_python(self):
        self.assertIn("26 of 26 checks hold", run(sys.executable, EXAMPLES / "tolka.py", STATEMENT))
        done = subprocess.run([sys.executable, EXAMPLES / "tolka.py", "saknas.pdf"], env=environment(), capture_output=True, text=True)
        self.assertEqual((done.returncode, done.stderr.strip()), (1, "tolka.py: saknas.pdf: there is no such file"))

    def test_python_takes_bytes_and_repairs_text(self):
        sys.path.insert(0, str(EXAMPLES))
        script = f"import sys; sys.path.insert(0, {str(EXAMPLES)!r}); import tolka\n" \
                 f"with tolka.Context(ocr='never', jobs=2) as c:\n" \
                 f"    print(c.convert(open({str(STATEMENT)!r}, 'rb').read(), pages='7', form='csv'))\n" \
                 f"    print(c.normalize('Forbundet har under aret arbetat.'))"
        said = run(sys.executable, "-B", "-c", script)
        self.assertIn("balance_sheet", said)
        self.assertIn("Förbundet har under året", said)

    def test_shell_pipeline(self):
        (self.folder / "in").mkdir()
        for report in (STATEMENT, MISPRINT):
            shutil.copy(report, self.folder / "in")
        self.shell(f'sh "{EXAMPLES}/archive.sh" in out')
        self.assertIn("\ttotal_assets\t2023-12-31\t2013479\tSEK\tconfirmed\t", (self.folder / "out/facts.tsv").read_text())
        self.assertIn("12 185 000", (self.folder / "out/look.tsv").read_text())

    def test_jq(self):
        said = self.shell(f'tolka convert -f jsonl {STATEMENT} | jq -r -f "{EXAMPLES}/facts.jq"')
        self.assertIn("operating_income\t2023-12-31\t4320000\tSEK", said)
        said = self.shell(f'tolka convert {MISPRINT} | jq -r -f "{EXAMPLES}/misprints.jq"')
        self.assertRegex(said, r"\t7\tnote\t.*\t12 185 000\t12158000\n")

    def test_sql_on_the_store(self):
        if "ingest" not in commands():
            self.skipTest("no ingest yet")
        (self.folder / "archive").mkdir()
        shutil.copy(STATEMENT, self.folder / "archive")
        said = self.shell(f'tolka ingest -q --store archive.store archive; sqlite3 archive.store < "{EXAMPLES}/store.sql"')
        self.assertRegex(said, r"\|2023\|2013479\|SEK\|confirmed\|")

    def test_duckdb(self):
        if not shutil.which("duckdb"):
            self.skipTest("no duckdb: Debian 12 has none")
        self.shell(f"mkdir facts; tolka convert -f jsonl -o facts {STATEMENT}")
        self.assertIn("2023-12-31", self.shell(f'duckdb < "{EXAMPLES}/facts.duckdb.sql"'))


class Uninstalled(unittest.TestCase):
    def test_nothing_is_left(self):
        make("uninstall")
        self.addCleanup(make, "install")
        self.assertEqual(files(STAGE / "root"), [])


def main():
    program = unittest.main(exit=False, verbosity=2 if "-v" in sys.argv else 1)
    result = program.result
    failed = len(result.failures) + len(result.errors)
    print(f"{result.testsRun - failed - len(result.skipped)} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
