"""Headless Chromium driven over its DevTools protocol, through a pipe: no port, no further package."""

import json
import os
import shlex
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

PATIENCE = 60.0  # seconds for one page; a loaded two-core machine needs some 2


def find() -> str | None:
    return next((path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None)


class Browser:
    """One browser with one tab and no network. Close it with `close()` or use it as a context manager."""

    def __init__(self, executable: str):
        to_browser, our_out = os.pipe()
        our_in, from_browser = os.pipe()
        self.profile = tempfile.TemporaryDirectory(prefix="chromium-", ignore_cleanup_errors=True)
        flags = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--remote-debugging-pipe",
                 "--hide-scrollbars", "--allow-file-access-from-files", f"--user-data-dir={self.profile.name}",
                 # every host is unresolvable: a page that needs the network shows it
                 "--host-resolver-rules=MAP * ~NOTFOUND", "about:blank"]
        # The browser reads its descriptor 3 and writes its descriptor 4.
        shell = f"exec {shlex.join([executable, *flags])} 3<&{to_browser} 4>&{from_browser}"
        self.process = subprocess.Popen(["bash", "-c", shell], pass_fds=(to_browser, from_browser),
                                        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(to_browser), os.close(from_browser)
        self.out, self.incoming = os.fdopen(our_out, "wb"), os.fdopen(our_in, "rb")
        os.set_blocking(self.incoming.fileno(), False)
        self.buffer, self.count, self.events, self.session = b"", 0, [], None
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(f"{domain}.enable")

    def call(self, method: str, **parameters) -> dict:
        self.count += 1
        message = {"id": self.count, "method": method, "params": parameters}
        if self.session:
            message["sessionId"] = self.session
        self.out.write(json.dumps(message).encode() + b"\0")
        self.out.flush()
        answer = self.wait(lambda m: m.get("id") == message["id"], f"an answer to {method}")
        if "error" in answer:
            raise RuntimeError(f"{method}: {answer['error']['message']}")
        return answer["result"]

    def wait(self, wanted, what: str) -> dict:
        """The next message for which `wanted` is true; every other one is kept in `events`."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            self.buffer += self.incoming.read() or b""
            while b"\0" in self.buffer:
                raw, self.buffer = self.buffer.split(b"\0", 1)
                message = json.loads(raw)
                self.events.append(message)
                if wanted(message):
                    return message
            if self.process.poll() is not None:
                raise RuntimeError(f"Chromium ended with exit code {self.process.returncode} before {what}")
            time.sleep(0.005)
        raise TimeoutError(f"no {what} within {PATIENCE:.0f} s")

    def open(self, page: Path, width: int, dark: bool) -> None:
        """Load a local page at a width in CSS pixels, in the light or dark colour scheme, until its formulas are set."""
        self.events.clear()
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=900, deviceScaleFactor=1, mobile=width < 600)
        scheme = "dark" if dark else "light"
        self.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])
        self.call("Page.navigate", url=page.resolve().as_uri())
        self.wait(lambda m: m.get("method") == "Page.loadEventFired", f"load event of {page}")
        self.evaluate("(async () => { if (window.MathJax && MathJax.startup) await MathJax.startup.promise; "
                      "await document.fonts.ready; })()")

    def evaluate(self, expression: str):
        """The value of a JavaScript expression in the page."""
        answer = self.call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in answer:
            raise RuntimeError(answer["exceptionDetails"].get("exception", {}).get("description", "error in the page"))
        return answer["result"].get("value")

    def complaints(self) -> list[str]:
        """Errors of the console, uncaught exceptions and failed or foreign requests since the page was opened."""
        found = []
        for event in self.events:
            method, parameters = event.get("method"), event.get("params", {})
            if method == "Runtime.exceptionThrown":
                found.append("exception: " + parameters["exceptionDetails"].get("text", ""))
            elif method == "Runtime.consoleAPICalled" and parameters["type"] == "error":
                found.append("console: " + " ".join(str(a.get("value", a)) for a in parameters["args"]))
            elif method == "Log.entryAdded" and parameters["entry"]["level"] == "error":
                found.append(f"log: {parameters['entry']['text']} {parameters['entry'].get('url', '')}")
            elif method == "Network.requestWillBeSent":
                url = parameters["request"]["url"]
                if not url.startswith(("file:", "data:", "blob:")):
                    found.append(f"needs the network: {url}")
        return found

    def screenshot(self, path: Path) -> None:
        """The whole page as PNG."""
        import base64

        answer = self.call("Page.captureScreenshot", format="png", captureBeyondViewport=True)
        path.write_bytes(base64.b64decode(answer["data"]))

    def close(self) -> None:
        try:
            self.session = None
            self.call("Browser.close")
        except (RuntimeError, TimeoutError, BrokenPipeError):
            self.process.kill()
        self.process.wait(timeout=PATIENCE)
        self.out.close(), self.incoming.close()
        self.profile.cleanup()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
