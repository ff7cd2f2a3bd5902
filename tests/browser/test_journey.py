"""The main job, as a stranger does it: quote, compare, buy, look around with samples, export, download."""

import csv
import io
import re
from datetime import UTC, datetime

import httpx
import pypdfium2
import pytest
import zxingcpp
from playwright.sync_api import Page, expect

API_KEY = "browser-tests"

pytestmark = pytest.mark.browser


def quote(page: Page) -> None:
    """Two ZIPs and a weight, then Enter."""
    page.goto("/")
    page.get_by_label("From: ZIP or address").fill("10018")
    expect(page.get_by_text("New York, NY")).to_be_visible()
    page.get_by_label("To: ZIP or address").fill("85282")
    expect(page.get_by_text("Tempe, AZ")).to_be_visible()
    page.get_by_label("Parcel: weight, lb").fill("5")
    page.get_by_label("Parcel: weight, lb").press("Enter")
    expect(page.get_by_role("heading", name="New York, NY 10018")).to_be_visible()


def test_quote_buy_export_download(page: Page, server: str):
    quote(page)
    # Ground Advantage retail of 2026-04-26, 5 lb to zone 8; Priority Mail the same: no other line belongs to them.
    expect(page.get_by_text("$26.05", exact=True)).to_be_visible()
    expect(page.get_by_role("heading", name="Why USPS Priority Mail costs $36.90")).to_be_visible()

    page.get_by_role("button", name="Buy for $36.90").click()
    dialog = page.get_by_role("dialog")
    for field, value in {
        "From: name": "Sample Sender",
        "From: street": "1 Sample Street",
        "To: name": "Sample Recipient",
        "To: street": "2 Sample Street",
    }.items():
        dialog.get_by_label(field).fill(value)
    dialog.get_by_label("To: street").press("Tab")
    dialog.get_by_role("button", name="Continue").click()
    dialog.get_by_label("Reference (optional)").fill("Browser test")
    dialog.get_by_role("button", name="Buy for $36.90").dblclick()
    expect(page.get_by_role("heading", name="Bought")).to_be_visible()
    expect(page.get_by_text("Test label.", exact=True)).to_be_visible()
    expect(page.get_by_role("img", name=re.compile("Test label marked SAMPLE"))).to_be_visible()
    with page.expect_download() as downloading:
        page.get_by_role("button", name=re.compile("Download test label")).click()
    label = downloading.value.path().read_bytes()
    number = zxingcpp.read_barcodes(_picture(label))[0].text
    assert re.fullmatch(r"PKGX-[0-9A-Z]{7}-[0-9A-Z]{7}", number)
    expect(page.get_by_text(number, exact=True)).to_be_visible()

    page.get_by_role("button", name="Other formats and sizes").click()
    page.get_by_role("combobox", name="Format").click()
    page.get_by_role("option", name="ZPL").click()
    with page.expect_download() as downloading:
        page.get_by_role("button", name="Download ZPL").click()
    assert downloading.value.suggested_filename == f"{number}.zpl"
    assert downloading.value.path().read_bytes().startswith(b"^XA")
    page.keyboard.press("Escape")

    bought = _api(server, "/shipments?statuses=created")
    assert [(one["tracking_number"], one["amount"]) for one in bought["data"]] == [(number, 3690)]
    page.reload()
    expect(page.get_by_text(number, exact=True)).to_be_visible()

    page.get_by_role("link", name="Exports").click()
    _compare_file_with_preview(page, server, {number})


def test_find_follow_return_void(page: Page, server: str):
    shipment_id, number = _bought(server)
    page.goto("/shipments?shipments_stage=To+hand+over")
    page.get_by_label("Find").fill(number)
    page.get_by_label("Find").press("Enter")
    expect(page.get_by_text("1 shipment", exact=True)).to_be_visible()
    table = page.get_by_test_id("data-grid-canvas").bounding_box()
    assert table is not None
    # The table is a canvas: the first row's box lies under its head.
    page.mouse.click(table["x"] + 15, table["y"] + 50)
    expect(page).to_have_url(re.compile(f"shipment={shipment_id}"))
    expect(page.get_by_text(number, exact=True)).to_be_visible()
    page.reload()
    expect(page.get_by_role("button", name=re.compile("Download test label"))).to_be_visible()

    with page.expect_popup() as opening:
        page.get_by_role("link", name="Tracking page").click()
    expect(opening.value.get_by_text(number)).to_be_visible()
    opening.value.close()

    page.get_by_role("button", name="Make the return").click()
    expect(page.get_by_text("The return, quoted at today's prices.")).to_be_visible()
    expect(page.get_by_role("button", name="Compare its rates")).to_be_visible()
    page.go_back()
    expect(page.get_by_text(number, exact=True)).to_be_visible()
    page.get_by_role("button", name="Void", exact=True).click()
    page.get_by_role("button", name="Void the label").click()
    expect(page.get_by_text("The label is void and its price given back.")).to_be_visible()
    expect(page.get_by_role("button", name="Void the label")).to_be_hidden()
    assert _api(server, f"/shipments/{shipment_id}")["data"]["refund_status"] == "refunded"


def _bought(server: str) -> tuple[str, str]:
    """Id and tracking number of a shipment bought over the API."""
    headers = {"PX-API-KEY": API_KEY}
    contact = {"email": "sample@example.com", "phone": "212 555 0100"}
    sender = {"name": "Sample Sender", "address": "1 Sample Street, New York, NY 10018", **contact}
    recipient = {"name": "Sample Recipient", "address": "2 Sample Street, Tempe, AZ 85282", **contact}
    body = {"sender": sender, "recipient": recipient, "parcels": [{"type": "usps_small_flat_rate_box"}]}
    quoted = httpx.post(f"{server}/v1/shipments", headers=headers, json=body).json()["data"]
    purchase = {"rate_id": quoted["rates"][0]["id"]}
    answer = httpx.post(f"{server}/v1/shipments/{quoted['id']}/purchase", headers=headers, json=purchase, timeout=30)
    assert answer.status_code == httpx.codes.OK, answer.text
    return quoted["id"], answer.json()["data"]["tracking_number"]


def _picture(pdf: bytes):
    return pypdfium2.PdfDocument(pdf)[0].render(scale=203 / 72).to_pil()


def _compare_file_with_preview(page: Page, server: str, numbers: set[str]) -> None:
    expect(page.get_by_role("heading", name=re.compile(r"shipments? in this file"))).to_be_visible()
    page.get_by_role("button", name="Create export").click()
    download = page.get_by_role("link", name=re.compile("Download CSV"))
    expect(download).to_be_visible()
    with page.expect_download() as downloading:
        download.click()
    content = downloading.value.path().read_bytes()
    newest = _api(server, "/exports")["data"][0]
    recipe = {name: newest[name] for name in ("resource", "options", "csv_field_options")}
    preview = httpx.post(f"{server}/v1/exports/preview", headers={"PX-API-KEY": API_KEY}, json=recipe).json()
    assert content.startswith(preview["csv"].encode())
    rows = list(csv.DictReader(io.StringIO(content.decode(), newline="")))
    assert len(rows) == newest["rows_total"] == preview["total_count"]
    assert {row["tracking_number"] for row in rows} >= numbers
    assert recipe["csv_field_options"]["timezone"] == "America/New_York"
    made = datetime.strptime(rows[0]["created_at"], "%m/%d/%Y %I:%M:%S %p")  # noqa: DTZ007
    assert abs((made - datetime.now(UTC).replace(tzinfo=None)).total_seconds()) < 6 * 3600


def _api(server: str, path: str) -> dict:
    answer = httpx.get(f"{server}/v1{path}", headers={"PX-API-KEY": API_KEY})
    assert answer.status_code == httpx.codes.OK, answer.text
    return answer.json()
