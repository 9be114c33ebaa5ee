"""A real Chromium for the tests."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Error, Page, sync_playwright

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One browser a test process."""
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        pytest.skip("no Chromium here: sudo apt-get install chromium fonts-noto-cjk fonts-inter")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        with suppress(Error):
            browser.close()


class Watched:
    """A page, and everything on it that must never happen."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.errors: list[str] = []
        self.requests: list[str] = []
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("console", self._console)
        page.on("request", lambda request: self.requests.append(request.url))
        page.on("dialog", self._dialog)

    def _console(self, message: object) -> None:
        if getattr(message, "type", "") in {"error", "warning"}:
            self.errors.append(str(getattr(message, "text", message)))

    def _dialog(self, dialog: object) -> None:
        self.errors.append(f"a dialog opened: {getattr(dialog, 'message', '')}")
        dialog.dismiss()  # type: ignore[attr-defined]


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A fresh profile of a desktop."""
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="en-GB")
    context.set_default_timeout(10_000)
    yield context
    context.close()


@pytest.fixture
def watched(context: BrowserContext) -> Watched:
    """A page that notes errors, dialogs and requests."""
    return Watched(context.new_page())


def mount(page: Page, document: dict[str, Any]) -> None:
    """Put a map of a document in place of the one on a map page; it is `relmap` there."""
    page.locator(".rm-card").first.wait_for()
    page.evaluate(
        """async (doc) => {
          const { RelationshipMap } = await import("/assets/map.js");
          const before = document.getElementById("map");
          const root = before.cloneNode(false);
          before.replaceWith(root);
          globalThis.relmap = new RelationshipMap(root, doc);
        }""",
        document,
    )
