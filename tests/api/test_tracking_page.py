"""The public tracking page: what it tells, and that it tells nothing else."""

import re
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Any

import pytest
from starlette.applications import Starlette

from lib.api.tracking_page import tracking_page
from lib.desk.protocol import Desk
from lib.models.shipments import Shipment, TrackingUpdate
from lib.models.trackers import TrackerCreate
from lib.runtime import Runtime
from lib.store.database import writing
from lib.store.shipments import SHIPMENTS
from lib.store.trackers import TRACKERS
from tests.api.calling import Client
from tests.contract.tracked import followed, tracker_of

PARTY = {
    "email": "private-{}@example.com",
    "phone": "+12025550{}",
    "business": "Privatebusiness{}",
}


def party(position: int, line1: str, city: str, state: str, postal_code: str) -> dict[str, Any]:
    fields = {name: text.format(100 + position) for name, text in PARTY.items()}
    address = {"line1": line1, "line2": f"Privatefloor {position}", "city": city, "state": state}
    return {"name": f"Privatename{position}", **fields, "address": {**address, "postal_code": postal_code}}


PRIVATE_QUOTE: dict[str, Any] = {
    "sender": party(1, "1 Privatestreet", "New York", "NY", "10018"),
    "recipient": party(2, "2 Privatestreet", "Tempe", "AZ", "85282"),
    "parcel": {
        "length": 10, "width": 10, "height": 10, "weight": 17.25, "container_number": "PRIVATECONTAINER",
        "external_container_id": "ctnr_private", "layout_id": "lay_private", "manifest_id": "mfst_private",
        "contents": [{"name": "Privatecontent", "sku": "PRIVATESKU", "value": 987654}],
    },
    "options": {"providers": ["ups"], "provider_instructions": "Privateinstructions"},
    "tags": ["privatetag"],
    "metadata": {"privatekey": "privatevalue"},
    "notes": "Privatenotes",
    "order_number": "PRIVATEORDER",
    "rma_number": "PRIVATERMA",
    "invoice_number": "PRIVATEINVOICE",
    "purchase_order": "PRIVATEPO",
    "reference_number": "PRIVATEREFERENCE",
    "account_id": "PRIVATEACCOUNT",
}  # fmt: skip


def tell(held: Runtime, shipment: Shipment, updates: list[TrackingUpdate], due: datetime | None = None) -> None:
    """Make these all that is known of the shipment's tracker."""
    tracker = tracker_of(held.engine, shipment)
    changes = {"tracking_updates": updates, "status": updates[-1].status, "estimated_delivery_at": due}
    with writing(held.engine).begin() as connection:
        TRACKERS.update(connection, tracker.model_copy(update=changes))


@pytest.fixture(scope="module")
def visitor(desk: Desk) -> Client:
    """Somebody without a key."""
    return Client(Starlette(routes=[tracking_page(lambda: desk)]))


def shown(visitor: Client, tracker_id: str | None) -> str:
    response = visitor.get(f"/track/{tracker_id}")
    assert response.status_code == 200
    return unescape(response.text)


def words(html: str) -> str:
    body = html.split("<body>")[1]
    return " ".join(re.sub(r"<[^>]+>", " ", body).split())


def test_page_tells_where_the_parcel_is_and_nothing_private(visitor: Client, held: Runtime) -> None:
    shipment = followed(held.engine, "PKGX-5LO98Q3-UR2VMEB", quote=PRIVATE_QUOTE)
    assert shipment.purchased_rate is not None
    assert shipment.purchased_rate.service_level.name.startswith("UPS")
    # Noon in Tempe on November 24 is 19:00 UTC; the year is written because it is not this one.
    at = datetime(2031, 11, 24, 19, 0, tzinfo=UTC)
    private = {"message": "Privatemessage", "comment": "Privatecomment", "images": ["https://private.example/door"]}
    stops = [
        {"status": "created", "created_at": at - timedelta(days=2)},
        {"status": "in_transit", "address": "7 Privatestreet, Denver, CO 80202", "created_at": at - timedelta(days=1)},
        {"status": "delayed", "address": "Left with Privatename3, Privatecity", "created_at": at},
        {"status": "out_for_delivery", "address": "Tempe, AZ", "created_at": at + timedelta(minutes=65)},
    ]
    updates = [TrackingUpdate.model_validate({**private, **stop, "location_id": "loc_private"}) for stop in stops]
    tell(held, shipment, updates, due=at + timedelta(hours=8))
    html = shown(visitor, shipment.tracker_id)
    assert words(html) == (
        "Test number: no real parcel Out for delivery Expected Mon, Nov 24, 2031, by 8 pm "
        f"Carrier {shipment.purchased_rate.service_level.name} Number PKGX-5LO98Q3-UR2VMEB To Tempe, AZ "
        "Course Out for delivery Tempe, AZ · Mon, Nov 24, 2031, 1:05 pm Delayed Mon, Nov 24, 2031, 12 pm "
        "On the way Denver, CO · Sun, Nov 23, 2031, 12 pm Label made Sat, Nov 22, 2031, 12 pm "
        "Times are local to Tempe, AZ."
    )
    assert "private" not in html.lower()
    rate = shipment.purchased_rate
    secrets = [
        "2025550", "17.25", "85282", "10018", "80202", "ctct_", "prcl_", "cont_", rate.id, shipment.id,
        f"{rate.amount / 100:.2f}", f"{rate.billed_amount / 100:.2f}", str(rate.amount),
        shipment.recipient.address.id, shipment.recipient.address.hash,
    ]  # fmt: skip
    assert [secret for secret in secrets if secret in html] == []


def test_page_is_plain_and_keeps_to_itself(visitor: Client, desk: Desk) -> None:
    tracker = desk.trackers.create(TrackerCreate(tracking_number="1Z999AA10123456784"))
    response = visitor.get(f"/track/{tracker.id}")
    assert response.headers["Content-Type"] == "text/html; charset=utf-8"
    policy = response.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in policy
    assert response.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert response.headers["Referrer-Policy"] == "no-referrer"
    assert response.headers["Cache-Control"] == "no-store"
    assert "<script" not in response.text
    assert " style=" not in response.text
    assert '<meta name="robots" content="noindex, nofollow">' in response.text
    page = "https://wwwapps.ups.com/WebTracking/track?track=yes&amp;trackNums=1Z999AA10123456784"
    assert re.findall(r'(?:src|href)="([^"]*)"', response.text) == [page]
    assert words(response.text).startswith(
        "Label made No delivery date yet Carrier UPS Number 1Z999AA10123456784 Course Label made"
    )
    assert words(response.text).endswith("Times are UTC.")


def test_completed_parcel_says_when(visitor: Client, held: Runtime) -> None:
    shipment = followed(held.engine, "PKGX-5LO98Q3-0000001", quote=PRIVATE_QUOTE)
    tell(held, shipment, [TrackingUpdate(status="delivered", created_at=datetime(2031, 11, 25, 0, 30, tzinfo=UTC))])
    assert "Delivered Mon, Nov 24, 2031, 5:30 pm Carrier UPS" in words(shown(visitor, shipment.tracker_id))


def test_everything_is_escaped(visitor: Client, held: Runtime) -> None:
    shipment = followed(held.engine, "PKGX-5LO98Q3-0000002", quote=PRIVATE_QUOTE)
    assert shipment.purchased_rate is not None
    hostile = "<script>alert(1)</script>&\"'"
    rate = shipment.purchased_rate
    level = rate.service_level.model_copy(update={"name": hostile})
    with writing(held.engine).begin() as connection:
        SHIPMENTS.update(
            connection,
            shipment.model_copy(update={"purchased_rate": rate.model_copy(update={"service_level": level})}),
        )
        tracker = tracker_of(held.engine, shipment)
        TRACKERS.update(connection, tracker.model_copy(update={"tracking_number": hostile, "carrier_url": hostile}))
    html = visitor.get(f"/track/{shipment.tracker_id}").text
    assert "<script" not in html
    assert html.count("&lt;script&gt;alert(1)&lt;/script&gt;&amp;&quot;&#x27;") == 3


@pytest.mark.parametrize(
    "identifier", ["track_none", "ship_1", "track_%00", "track_'--", "%3Cscript%3E", "track_" + "a" * 200]
)
def test_unknown_link_is_a_friendly_404(visitor: Client, identifier: str) -> None:
    response = visitor.get(f"/track/{identifier}")
    assert response.status_code == 404
    assert response.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert "Nothing to track here" in response.text
    assert "<script" not in response.text
