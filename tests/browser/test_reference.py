"""The reference of the API opens without a network and can be tried."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.support.browser import Watched

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


PATIENCE_MS = 60_000
"""Its document is large: laying it out takes seconds where others use the machine, too."""


def test_the_reference_needs_no_network(watched: Watched, site: str) -> None:
    page = watched.page
    page.set_default_timeout(PATIENCE_MS)
    page.goto(site + "/docs")
    batch = page.locator(".opblock-summary-path", has_text="/batch")
    expect(batch).to_be_visible(timeout=PATIENCE_MS)
    page.locator(".opblock-summary-control", has_text="List customers").click()
    page.get_by_role("button", name="Try it out").click()
    page.get_by_role("button", name="Execute").click()
    response = page.locator(".live-responses-table .microlight").first
    expect(response).to_contain_text("next_cursor", timeout=PATIENCE_MS)
    outside = [url for url in watched.requests if not url.startswith((site, "data:"))]
    assert outside == [] and watched.errors == []
