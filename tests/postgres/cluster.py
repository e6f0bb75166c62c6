#!/usr/bin/env python3
"""A PostgreSQL of its own for the tests, in a temporary folder, reached by a socket there alone.

As a program: cluster.py COMMAND...; the command finds a database of that server in TOLKA_TEST_STORE."""
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

SETTINGS = ("max_connections=300", "shared_buffers=128MB", "max_wal_size=2GB")


def find(name):
    """The newest server's program `name`; None when there is no PostgreSQL."""
    places = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda p: int(p.parts[-3]))
    return str(places[-1]) if places else shutil.which(name)


class Cluster:
    """Started by `with`, stopped and thrown away at its end. The server refuses root: then it runs as nobody."""

    def __init__(self, settings=(), addresses="", port=5432):
        self.folder = Path(tempfile.mkdtemp(prefix="tolka-pg-"))
        self.settings = [*SETTINGS, f"listen_addresses={addresses}", f"port={port}", *settings]
        self.port = port
        self.process = None
        self.user = pwd.getpwnam("nobody") if os.geteuid() == 0 else None

    def __enter__(self):
        os.chmod(self.folder, 0o777)
        self._run(find("initdb"), "-D", self.folder / "data", "-A", "trust", "-U", "tolka", "-E", "UTF8", "--locale=C.UTF-8", "-N")
        with open(self.folder / "data/pg_hba.conf", "a", encoding="ascii") as rules:
            rules.write("host all all 10.231.0.0/16 trust\n")
        self.start()
        return self

    def standby(self, port):
        """A second server that follows this one, to be entered by `with`."""
        other = Cluster(["hot_standby=on"], "127.0.0.1", port)
        os.chmod(other.folder, 0o777)
        self._run(find("pg_basebackup"), "-h", self.folder, "-p", self.port, "-U", "tolka", "-D", other.folder / "data", "-R", "-c", "fast",
                  "-X", "stream")
        other.start()
        return other

    def __exit__(self, *_):
        self.close()

    def close(self):
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _identity(self):
        return {"user": self.user.pw_uid, "group": self.user.pw_gid, "extra_groups": []} if self.user else {}

    def _run(self, *command):
        subprocess.run([str(word) for word in command], check=True, stdout=subprocess.DEVNULL, cwd=self.folder, **self._identity())

    def start(self):
        options = [word for setting in self.settings for word in ("-c", setting)]
        with open(self.folder / "log", "ab") as log:
            self.process = subprocess.Popen([find("postgres"), "-D", str(self.folder / "data"), "-k", str(self.folder), *options],
                                            stdout=log, stderr=log, cwd=self.folder, start_new_session=True, **self._identity())
        for _ in range(600):
            if self.process.poll() is not None:
                raise RuntimeError((self.folder / "log").read_text())
            if subprocess.run([find("pg_isready"), "-q", "-h", self.folder, "-p", str(self.port), "-U", "tolka"], check=False).returncode == 0:
                return
            time.sleep(0.1)
        raise RuntimeError("PostgreSQL does not come up")

    def stop(self, how=signal.SIGINT):
        """SIGINT throws the connections out, SIGQUIT is a crash; what was committed is there at the next start."""
        if self.process:
            self.process.send_signal(how)
            self.process.wait()
            self.process = None

    def sql(self, text, base="tolka"):
        return subprocess.run(["psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-h", self.folder, "-p", str(self.port), "-U", "tolka", base, "-c", text],
                              check=True, capture_output=True, text=True).stdout.strip()

    def database(self, name):
        """A new database; its URL."""
        self.sql(f"CREATE DATABASE {name}", "postgres")
        return self.url(name)

    def url(self, name, user="tolka"):
        return f"postgresql://{user}@/{name}?host={self.folder}&port={self.port}"

    def socket(self):
        return str(self.folder / f".s.PGSQL.{self.port}")


def main():
    with Cluster(settings=["fsync=off"]) as cluster:
        return subprocess.run(sys.argv[1:], env={**os.environ, "TOLKA_TEST_STORE": cluster.database("test")}, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
