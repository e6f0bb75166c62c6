"""A small client of the WebDriver protocol (W3C), over chromedriver; Python's standard library alone."""
import base64
import json
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

ELEMENT = "element-6066-11e4-a52e-4f735466cecf"
KEYS = {"Enter": "\ue007", "Escape": "\ue00c", "Tab": "\ue004", "Up": "\ue013", "Down": "\ue015", "Left": "\ue012", "Right": "\ue014",
        "F2": "\ue032", "Backspace": "\ue003"}


class Failure(Exception):
    """What the driver answered when it could not do as told."""


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


class Browser:
    """One headless Chromium with one window; a context manager. `downloads` is the folder where files go."""

    def __init__(self, width=1400, height=900, dark=False):
        self.folder = tempfile.mkdtemp(prefix="tolka-browser-")
        self.downloads = os.path.join(self.folder, "downloads")
        os.mkdir(self.downloads)
        self.port = free_port()
        self.driver = subprocess.Popen(["chromedriver", f"--port={self.port}"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.session = self.process = None
        arguments = ["--headless=new", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--disable-background-networking",
                     "--disable-component-update", f"--window-size={width},{height}", f"--user-data-dir={self.folder}/profile"]
        if dark:
            arguments.append("--force-dark-mode")
        if os.geteuid() == 0:
            arguments.append("--no-sandbox")  # Chromium's own cage does not start for root
        options = {"args": arguments, "prefs": {"download.default_directory": self.downloads, "download.prompt_for_download": False},
                   "binary": shutil.which("chromium")}
        self.start({"goog:chromeOptions": options, "goog:loggingPrefs": {"browser": "ALL"}})

    def start(self, capabilities):
        for attempt in range(100):
            try:
                answer = self.call("POST", "/session", {"capabilities": {"alwaysMatch": capabilities}}, whole=True)
                self.session, self.process = answer["sessionId"], answer["capabilities"].get("goog:processID")
                return
            except (urllib.error.URLError, ConnectionError):
                if attempt == 99 or self.driver.poll() is not None:
                    raise
                time.sleep(0.1)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        try:
            self.call("DELETE", "")
        except (OSError, Failure):
            pass
        self.driver.terminate()
        self.driver.wait(20)
        self.end_browser()
        shutil.rmtree(self.folder, ignore_errors=True)

    def end_browser(self):
        """A browser whose driver broke down lives on: it is ours to end, by its number, if that is still a Chromium of ours."""
        try:
            if self.process and self.folder in Path(f"/proc/{self.process}/cmdline").read_text(encoding="utf-8"):
                os.kill(self.process, signal.SIGKILL)
        except OSError:
            pass

    def call(self, method, path, body=None, whole=False):
        base = f"http://127.0.0.1:{self.port}" + (f"/session/{self.session}" if self.session else "")
        data = None if method != "POST" else json.dumps(body or {}).encode()
        request = urllib.request.Request(base + path, data=data, method=method, headers={"Content-Type": "application/json"})
        try:
            with urllib.request.urlopen(request, timeout=120) as answer:
                value = json.load(answer)["value"]
        except urllib.error.HTTPError as error:
            raise Failure(json.load(error)["value"]["message"]) from None
        return value if whole or not isinstance(value, dict) else value

    def open(self, url):
        self.call("POST", "/url", {"url": url})

    def run(self, script, *args):
        """The value of `script`, the body of a function."""
        return self.call("POST", "/execute/sync", {"script": script, "args": list(args)})

    def keys(self, *keys):
        """Presses keys one by one, wherever the focus is; names of KEYS or texts."""
        actions = []
        for key in keys:
            for letter in [KEYS[key]] if key in KEYS else key:
                actions += [{"type": "keyDown", "value": letter}, {"type": "keyUp", "value": letter}]
        self.call("POST", "/actions", {"actions": [{"type": "key", "id": "keyboard", "actions": actions}]})

    def devtools(self, command, **parameters):
        """A command of Chromium's own protocol."""
        return self.call("POST", "/goog/cdp/execute", {"cmd": command, "params": parameters})

    def media(self, *features, kind=""):
        """What the page is told of the reader's wishes, as pairs of names and values; none: nothing."""
        self.devtools("Emulation.setEmulatedMedia", media=kind, features=[{"name": name, "value": value} for name, value in features])

    def size(self, width=0, height=0):
        """The size of the page in its own pixels; 0, 0: that of the window."""
        self.devtools("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)

    def click(self, x, y):
        self.call("POST", "/actions", {"actions": [{"type": "pointer", "id": "mouse", "actions": [
            {"type": "pointerMove", "x": int(x), "y": int(y)}, {"type": "pointerDown", "button": 0}, {"type": "pointerUp", "button": 0}]}]})

    def wait(self, script, *args, seconds=10):
        """Waits until `script` gives something true, and returns it."""
        until = time.monotonic() + seconds
        while True:
            value = self.run(script, *args)
            if value:
                return value
            if time.monotonic() > until:
                raise Failure(f"never came true: {script}")
            time.sleep(0.05)

    def screenshot(self, path=None):
        png = base64.b64decode(self.call("GET", "/screenshot"))
        if path:
            with open(path, "wb") as file:
                file.write(png)
        return png

    def complaints(self):
        """What went wrong in the page, by the browser's own log."""
        return [entry["message"] for entry in self.call("POST", "/se/log", {"type": "browser"}) if entry["level"] == "SEVERE"]
