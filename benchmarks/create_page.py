"""The create page, cold: bytes, requests, JavaScript, time until usable, blocking time, layout shift.

Beside it, in the same run and browser, a Gradio page with the same fields. Fonts and people's media are not
counted. Usable is the end of the first frame in which the text field is there and the page's own scripts have run; a
font that is still on its way does not keep anybody from typing. The upload client comes once the page has
loaded and is counted apart. "Slow phone" is a processor 4 times slower, 150 ms latency and 1.6 Mbit/s.

    python -m benchmarks.create_page
"""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, CDPSession, Page, Playwright, sync_playwright

from benchmarks.rows import Row, show
from benchmarks.studio_server import ROOT, free_port, studio, wait_for

SLOW_PHONE = {"offline": False, "latency": 150, "downloadThroughput": 200_000, "uploadThroughput": 94_000}
RUNS = 21
OBSERVE = """
window.__shift = 0; window.__blocked = 0; window.__ran = false;
document.addEventListener('DOMContentLoaded', () => { window.__ran = true; });
window.__usable = new Promise(done => (function look() {
  const field = window.__ran && document.querySelector('textarea');
  if (!field || !field.getClientRects().length) return requestAnimationFrame(look);
  const drawn = new MessageChannel();
  drawn.port1.onmessage = () => done(performance.now());
  drawn.port2.postMessage(null);
})());
new PerformanceObserver(list => list.getEntries().forEach(entry => {
  if (!entry.hadRecentInput) window.__shift += entry.value; })).observe({type: 'layout-shift', buffered: true});
new PerformanceObserver(list => list.getEntries().forEach(entry => {
  window.__blocked += Math.max(0, entry.duration - 50); })).observe({type: 'longtask', buffered: true});
"""


@dataclass
class Weight:
    """What one cold load brought over the wire, in bytes, by the kind of thing."""

    bytes_by_kind: dict[str, float] = field(default_factory=dict)
    requests: int = 0

    @property
    def total_bytes(self) -> float:
        return sum(self.bytes_by_kind.values()) - self.bytes_by_kind.get("Upload client", 0)


@dataclass(frozen=True)
class Load:
    """One cold load. Times are milliseconds, `usable_ms` from navigation."""

    usable_ms: float
    blocked_ms: float
    shift: float


def main() -> None:
    with (
        sync_playwright() as playwright,
        _browser(playwright) as browser,
        studio("web") as running,
        _gradio() as other,
    ):
        cookie = {"name": "sessionid", "value": running.session, "url": running.url}
        pages = [(running.url + "/", cookie), (other, None)]
        cold, beside = (_weighed(browser, *page) for page in pages)
        ours, theirs = {}, {}
        for slow in (False, True):
            ours[slow], theirs[slow] = _loads_in_turns(browser, pages, slow)
    show(
        Row(
            name="bytes over the wire", value=_kb(cold.total_bytes), unit="KB", limit=64, note=_beside(beside)
        )
    )
    show(Row(name="requests", value=cold.requests, unit="", limit=12, note=f"Gradio {beside.requests}"))
    script = cold.bytes_by_kind.get("Script", 0)
    show(Row(name="JavaScript", value=_kb(script), unit="KB", limit=32, note=_beside(beside, "Script")))
    later = cold.bytes_by_kind.get("Upload client", 0)
    show(Row(name="upload client", value=_kb(later), unit="KB"))
    for slow, profile in ((False, "desktop"), (True, "slow phone")):
        mine = statistics.median(load.usable_ms for load in ours[slow])
        gradio = statistics.median(load.usable_ms for load in theirs[slow])
        note = f"{mine:.0f} ms against {gradio:.0f} ms"
        show(
            Row(
                name=f"usable, {profile}",
                value=round(mine / gradio, 3),
                unit="x Gradio",
                limit=0.35,
                note=note,
            )
        )
        blocked = statistics.median(load.blocked_ms for load in ours[slow])
        show(Row(name=f"blocking time, {profile}", value=round(blocked), unit="ms", limit=100 if slow else 0))
        shift = max(load.shift for load in ours[slow])
        show(Row(name=f"layout shift, {profile}", value=round(shift, 4), unit="", limit=0.02))


def _weighed(browser: Browser, url: str, cookie: Any) -> Weight:
    """A load of its own: listening to the wire takes time of the machine, which timed loads are to have."""
    weight, kinds = Weight(), {}

    def answered(event: Any) -> None:
        is_upload_client = "/js/upload." in event["response"]["url"]
        kinds[event["requestId"]] = "Upload client" if is_upload_client else event["type"]
        is_ours = event["response"]["url"].startswith("http") and "/media/" not in event["response"]["url"]
        if event["type"] != "Font" and is_ours:
            weight.requests += 1

    def finished(event: Any) -> None:
        kind = kinds.get(event["requestId"], "Font")
        if kind not in ("Font", "Media"):
            weight.bytes_by_kind[kind] = weight.bytes_by_kind.get(kind, 0) + event["encodedDataLength"]

    with _page(browser, cookie) as (page, wire):
        wire.send("Network.enable")
        wire.on("Network.responseReceived", answered)
        wire.on("Network.loadingFinished", finished)
        page.goto(url, wait_until="networkidle")
    return weight


def _loads_in_turns(browser: Browser, pages: list[tuple[str, Any]], slow: bool) -> Iterator[list[Load]]:
    """The loads of each page: in turns, so that a machine that grows faster or slower does so for all of them."""
    rounds = [[_timed(browser, url, cookie, slow=slow) for url, cookie in pages] for _ in range(RUNS)]
    return ([each[place] for each in rounds] for place in range(len(pages)))


def _timed(browser: Browser, url: str, cookie: Any, *, slow: bool) -> Load:
    with _page(browser, cookie, is_phone=slow) as (page, wire):
        page.add_init_script(OBSERVE)
        if slow:
            wire.send("Network.enable")
            wire.send("Emulation.setCPUThrottlingRate", {"rate": 4})
            wire.send("Network.emulateNetworkConditions", SLOW_PHONE)
        page.goto(url, wait_until="load")
        usable = _read(wire, "window.__usable")
        page.wait_for_load_state("networkidle")
        blocked, shift = _read(wire, "[window.__blocked, window.__shift]")
    return Load(usable_ms=usable, blocked_ms=blocked, shift=shift)


@contextmanager
def _page(browser: Browser, cookie: Any, *, is_phone: bool = False) -> Iterator[tuple[Page, CDPSession]]:
    """A page in a fresh, empty profile."""
    width, height = (390, 844) if is_phone else (1440, 900)
    context = browser.new_context(viewport={"width": width, "height": height}, reduced_motion="reduce")
    try:
        if cookie:
            context.add_cookies([cookie])
        page = context.new_page()
        yield page, context.new_cdp_session(page)
    finally:
        context.close()


def _read(wire: CDPSession, expression: str) -> Any:
    """Playwright's own evaluate would put its helpers into the page first: work that the page is not to blame for."""
    asked = {"expression": expression, "awaitPromise": True, "returnByValue": True}
    return wire.send("Runtime.evaluate", asked)["result"]["value"]


@contextmanager
def _browser(playwright: Playwright) -> Iterator[Browser]:
    path = os.environ.get("STUDIO_TEST_BROWSER") or shutil.which("chromium") or shutil.which("google-chrome")
    browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
    try:
        yield browser
    finally:
        browser.close()


@contextmanager
def _gradio() -> Iterator[str]:
    """A Gradio server in an environment of its own."""
    with tempfile.TemporaryDirectory(prefix="studio-gradio-") as folder:
        home = Path(folder) / "venv"
        subprocess.run([sys.executable, "-m", "venv", str(home)], check=True)
        python = home / "bin" / "python"
        subprocess.run([str(python), "-m", "pip", "install", "-q", "gradio"], check=True, stdout=sys.stderr)
        port = free_port()
        quiet = os.environ | {"GRADIO_ANALYTICS_ENABLED": "False", "HF_HUB_OFFLINE": "1"}
        page = ROOT / "benchmarks" / "gradio_page.py"
        process = subprocess.Popen([str(python), str(page), str(port)], env=quiet, stdout=sys.stderr)
        try:
            wait_for(f"http://127.0.0.1:{port}/")
            yield f"http://127.0.0.1:{port}/"
        finally:
            process.terminate()
            process.wait(timeout=20)


def _kb(size: float) -> float:
    return round(size / 1024, 1)


def _beside(weight: Weight, kind: str | None = None) -> str:
    size = weight.bytes_by_kind.get(kind, 0) if kind else weight.total_bytes
    return f"Gradio {_kb(size)} KB"


if __name__ == "__main__":
    main()
