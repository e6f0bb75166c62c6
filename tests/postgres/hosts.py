"""Hosts for the tests: a network of its own each (ip netns) where the machine allows it, else a group of processes; and a relay between a
host and the server, which can be cut."""
import os
import signal
import socket
import subprocess
import threading


def can_have_networks():
    made = subprocess.run(["ip", "netns", "add", "tolka-probe"], capture_output=True, check=False).returncode == 0
    return made and subprocess.run(["ip", "netns", "del", "tolka-probe"], check=False).returncode == 0


class Relay:
    """Passes what comes to a port of its own on to `target`, (host, port) or the path of a socket, until it is cut."""

    def __init__(self, target):
        self.target, self.alive, self.pairs, self.lock = target, True, [], threading.Lock()
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            try:
                client = self.listener.accept()[0]
            except OSError:
                return
            try:
                if not self.alive:
                    raise OSError("cut")
                server = socket.socket(socket.AF_UNIX if isinstance(self.target, str) else socket.AF_INET)
                server.connect(self.target)
            except OSError:
                client.close()
                continue
            with self.lock:
                self.pairs.append((client, server))
            for here, there in ((client, server), (server, client)):
                threading.Thread(target=self._pass, args=(here, there), daemon=True).start()

    @staticmethod
    def _pass(here, there):
        try:
            while data := here.recv(1 << 16):
                there.sendall(data)
        except OSError:
            pass
        for end in (here, there):
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def cut(self, back=False):
        """What is connected is lost, in the middle of a word; nothing new comes through until mend()."""
        self.alive = back
        with self.lock:
            pairs, self.pairs = self.pairs, []
        for pair in pairs:
            for end in pair:
                try:
                    end.shutdown(socket.SHUT_RDWR)
                except OSError:
                    pass
                end.close()

    def mend(self):
        self.alive = True

    def close(self):
        self.cut()
        self.listener.close()


class Network:
    """A host's cable to the server: a pair of virtual interfaces, 10.231.NUMBER.1 on the server's side."""

    def __init__(self, number):
        self.name, self.device = f"tolka-host{number}", f"tolka{number}"
        self.address = f"10.231.{number}.1"
        self.close()
        inside = ["ip", "-n", self.name]
        for command in (["ip", "netns", "add", self.name],
                        ["ip", "link", "add", self.device, "type", "veth", "peer", "name", "eth0", "netns", self.name],
                        ["ip", "addr", "add", self.address + "/30", "dev", self.device], ["ip", "link", "set", self.device, "up"],
                        [*inside, "addr", "add", f"10.231.{number}.2/30", "dev", "eth0"], [*inside, "link", "set", "eth0", "up"],
                        [*inside, "link", "set", "lo", "up"]):
            subprocess.run(command, check=True, capture_output=True)

    def cut(self):
        """Not a word comes through, and nobody is told."""
        subprocess.run(["ip", "link", "set", self.device, "down"], check=True)

    def mend(self):
        subprocess.run(["ip", "link", "set", self.device, "up"], check=True)

    def close(self):
        subprocess.run(["ip", "link", "del", self.device], check=False, capture_output=True)
        subprocess.run(["ip", "netns", "del", self.name], check=False, capture_output=True)

    def command(self, *words):
        """`words` run on the host, which has a name of its own: the server's lease alone tells whether it lives."""
        return ["ip", "netns", "exec", self.name, "unshare", "-u", "sh", "-c", f'hostname {self.name}; exec "$@"', "sh", *words]


class Host:
    """A `tolka work` on a host: the process group of the program and its workers."""

    def __init__(self, command, **more):
        self.process = subprocess.Popen(command, start_new_session=True, **more)

    def kill(self, how=signal.SIGKILL):
        """All of it at once, as when the power goes."""
        try:
            os.killpg(self.process.pid, how)
        except ProcessLookupError:
            pass

    def kill_worker(self, dice):
        """One of the processes that read pages."""
        listed = f"/proc/{self.process.pid}/task/{self.process.pid}/children"
        try:
            with open(listed, encoding="ascii") as file:
                workers = file.read().split()
            os.kill(int(dice.choice(workers)), signal.SIGKILL)
        except (OSError, IndexError):
            pass

    def wait(self, timeout=300):
        return self.process.wait(timeout=timeout)

    @property
    def ended(self):
        return self.process.poll() is not None
