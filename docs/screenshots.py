"""Make the pictures in the README from the running program, playing the sample papers; and the icon
for phones that know no SVG, from the one in SVG.

make screenshots        (needs Chromium; writes docs/images/ and static/img/icon.png)
"""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from coolpapers.network import find_free_port

ROOT = Path(__file__).resolve().parent.parent
IMAGES = ROOT / "docs" / "images"
ICONS = ROOT / "static" / "img"
# Pixels that iOS asks for.
ICON = 180
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]

# Name, path, width and height of the window, theme.
PICTURES = (
    ("listing-light", "/arxiv/cs.CL?date=2026-09-15", 1200, 860, "light"),
    ("listing-dark", "/arxiv/hep-th?date=2026-09-15", 1200, 860, "dark"),
    ("phone", "/arxiv/astro-ph.GA", 390, 800, "light"),
    ("search", "/arxiv/search?query=sparse+attention", 1200, 860, "light"),
)


def _wait_for(address: str, deadline: float) -> None:
    """Return when the address answers with a listing; SystemExit when it does not in time."""
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(address, timeout=5) as answer:
                if b"2609.9" in answer.read():
                    return
        except OSError:
            pass
        time.sleep(0.5)
    sys.exit(f"{address} shows no papers; see the program's lines above.")


def _take(page: Page, address: str, picture: tuple[str, str, int, int, str]) -> None:
    name, path, width, height, theme = picture
    page.set_viewport_size({"width": width, "height": height})
    page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
    page.goto(address + path)
    page.screenshot(path=IMAGES / f"{name}.png")
    print(f"{IMAGES / name}.png")


def _draw_icon(page: Page) -> None:
    """The icon without most of the margin that Android cuts off."""
    page.set_viewport_size({"width": ICON, "height": ICON})
    size = ICON * 1.5
    drawing = (ICONS / "icon.svg").read_text().replace("<svg", f'<svg width="{size}"', 1)
    page.set_content(f'<body style="margin: {(ICON - size) / 2}px; overflow: hidden">{drawing}')
    page.screenshot(path=ICONS / "icon.png")


def main() -> None:
    """Start the program on the samples, look at it, stop it."""
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if not chromium:
        sys.exit("No Chromium was found: install one (Debian: apt install chromium).")
    IMAGES.mkdir(exist_ok=True)
    address = f"http://127.0.0.1:{(port := find_free_port())}"
    with tempfile.TemporaryDirectory(prefix="coolpapers-") as var:
        program = subprocess.Popen(
            [sys.executable, "-m", "coolpapers.run"],
            cwd=ROOT,
            env={
                **os.environ,
                "COOLPAPERS_VAR": var,
                "PORT": str(port),
                "ARXIV_REPLAY": str(ROOT / "papers" / "arxiv" / "replay" / "samples"),
            },
        )
        try:
            _wait_for(f"{address}/arxiv/cs.CL?date=2026-09-18", time.monotonic() + 120)
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
                for picture in PICTURES:
                    _take(browser.new_page(), address, picture)
                _draw_icon(browser.new_page())
                browser.close()
        finally:
            program.send_signal(signal.SIGINT)
            program.wait(60)


if __name__ == "__main__":
    main()
