"""The reference of the API opens without a network and can be tried."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.support.browser import Watched

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


def test_the_reference_needs_no_network(watched: Watched, site: str) -> None:
    page = watched.page
    page.set_default_timeout(60_000)  # its document is large, and opening one part lays it out
    page.goto(site + "/docs")
    expect(page.locator(".opblock-summary-path", has_text="/batch")).to_be_visible()
    page.locator(".opblock-summary-control", has_text="List customers").click()
    page.get_by_role("button", name="Try it out").click()
    page.get_by_role("button", name="Execute").click()
    expect(page.locator(".live-responses-table .microlight").first).to_contain_text("next_cursor")
    outside = [url for url in watched.requests if not url.startswith((site, "data:"))]
    assert outside == [] and watched.errors == []
