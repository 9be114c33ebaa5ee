"""Takes the pictures of docs/images from a running demo.

make demo &
.venv/bin/python scripts/screenshots.py http://127.0.0.1:8000
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

IMAGES = Path(__file__).parent.parent / "docs" / "images"
PICTURES = {
    "map": ("/customers/northwind/map", (1440, 900), "en-GB", "light"),
    "map-dark-zh": ("/customers/northwind/map", (1440, 900), "zh-CN", "dark"),
    "matrix": ("/customers/huading/matrix", (1440, 900), "en-GB", "light"),
    "decision-chain": ("/customers/huading/chain?deal=dc-renewal", (1440, 900), "en-GB", "light"),
    "phone": ("/customers/northwind/map", (390, 844), "en-GB", "light"),
}


def main(address: str) -> None:
    """One file a picture."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox"]
        )
        for name, (path, (width, height), locale, scheme) in PICTURES.items():
            context = browser.new_context(
                viewport={"width": width, "height": height},
                locale=locale,
                color_scheme="dark" if scheme == "dark" else "light",
            )
            page = context.new_page()
            page.goto(address.rstrip("/") + path)
            page.wait_for_load_state("networkidle")
            page.screenshot(path=str(IMAGES / f"{name}.png"))
            context.close()
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8000")
