"""The Exports page in a real browser: what only reruns of a part of the page, links and downloads show."""

import re

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import API_KEY

pytestmark = pytest.mark.browser

SIDE = {
    "name": "Sample Sender",
    "email": "sample@example.com",
    "phone": "212 555 0100",
    "address": "1 Sample Street, New York, NY 10018",
}
QUOTE = {"sender": SIDE, "recipient": SIDE, "parcels": [{"length": 12, "width": 9, "height": 6, "weight": 5}]}


def choose(page: Page, field: str, option: str) -> None:
    page.get_by_role("combobox", name=field).click()
    page.get_by_role("option", name=option, exact=True).click()


def test_template_is_saved_opened_by_its_link_scheduled_run_and_deleted(page: Page, server: str) -> None:
    quoted = httpx.post(f"{server}/v1/shipments", headers={"PX-API-KEY": API_KEY}, json=QUOTE)
    assert quoted.status_code == httpx.codes.OK, quoted.text
    page.goto("/exports")
    choose(page, "Created", "This year")
    page.get_by_role("button", name="Save as template").click()
    page.get_by_role("textbox", name="Name").fill("Browser sample")
    page.get_by_role("button", name="Save template").click()
    expect(page.get_by_text("Browser sample is saved.")).to_be_visible()
    expect(page).to_have_url(re.compile(r"/exports\?template=tmpl_"))

    page.goto(page.url)
    expect(page.get_by_text("From the template Browser sample")).to_be_visible()
    expect(page.get_by_role("combobox", name="Created")).to_have_value("This year")
    page.get_by_role("tab", name="Templates").click()
    page.get_by_text("Browser sample by hand").click()
    expect(page.get_by_text("Not made yet")).to_be_visible()
    # A list that is opened while the page still moves closes again: wait for what is below it to stand.
    page.get_by_text("Add a template from a file").click(trial=True)
    choose(page, "Make it by itself", "Every day")
    page.get_by_role("button", name="Save schedule").click()
    expect(page.get_by_text("Browser sample is made every day at 6:00 am.")).to_be_visible()

    page.get_by_role("button", name="Run now").click()
    expect(page.get_by_text("By Browser sample")).to_be_visible()
    with page.expect_download() as downloading:
        page.get_by_role("link", name="Download CSV").first.click()
    assert downloading.value.path().read_text().startswith("id,created_at,status,provider,")
    page.get_by_role("button", name="More", exact=True).first.click()
    page.get_by_role("button", name="Delete").click()
    expect(page.get_by_text("By Browser sample")).to_be_hidden()

    page.get_by_role("tab", name="Templates").click()
    page.get_by_text("Browser sample every day at 6:00 am").click()
    page.get_by_role("button", name="Delete").click()
    page.get_by_role("button", name="Delete for good").click()
    expect(page.get_by_text("Browser sample is deleted.")).to_be_visible()
    expect(page.get_by_text("None yet.")).to_be_visible()
