"""Shipments in a list are as they are alone: every field as kept, every link one that opens."""

import json
from typing import Any

import sqlalchemy as sa

from lib.desk.protocol import Desk
from lib.models.team import Courier, InternationalPrice, TeamSettings
from lib.runtime import Runtime
from lib.store.database import writing
from lib.store.shipments import SHIPMENTS
from lib.store.tables import shipments
from tests.api.calling import Client, bought, quoted
from tests.api.test_address_checks import CUSTOMS, OTTAWA
from tests.examples import EXAMPLE

HERE = "http://localhost"
CANADA = InternationalPrice(country_code="CA", max_weight_lb=100, price=24_00, days=5)


def listed(client: Client, shipment: dict[str, Any]) -> dict[str, Any]:
    """The shipment as the list has it that finds this one alone."""
    answer = client.get(f"/v1/shipments?search={shipment['id']}").json()
    assert answer["pagination"] == {"limit": 25, "page": 1, "has_more": False, "total_count": 1}
    (found,) = answer["data"]
    return dict(found)


def as_kept(held: Runtime, shipment: dict[str, Any]) -> dict[str, Any]:
    return SHIPMENTS.get(held.engine, shipment["id"]).model_dump(mode="json")


def test_a_fresh_quote_is_listed_whole(client: Client, held: Runtime) -> None:
    shipment = quoted(client, notes="“Zürich” \\ \n", metadata={"n": 1.50, "deep": {"list": [None, True]}})
    found = listed(client, shipment)
    assert found == shipment == as_kept(held, shipment)
    assert list(found) == list(shipment)
    assert found["metadata"] == {"n": 1.5, "deep": {"list": [None, True]}}
    assert all(rate["breakdown"]["lines"] for rate in found["rates"])


def test_a_bought_one_is_listed_with_links_that_open(client: Client, stranger: Client, held: Runtime) -> None:
    _, shipment = bought(client, parcels=[EXAMPLE["parcel"], EXAMPLE["parcel"]])
    found = listed(client, shipment)
    links = [found.pop("label_url"), *(parcel.pop("label_url") for parcel in found["parcels"])]
    path = f"{HERE}/v1/shipments/{shipment['id']}/label?"
    assert [link.partition("signature=")[0] for link in links] == [path, f"{path}parcel=1&", f"{path}parcel=2&"]
    assert [stranger.get(link).status_code for link in links] == [200, 200, 200]
    kept = as_kept(held, shipment)
    for one in (kept, *kept["parcels"]):
        one.pop("label_url")
    assert found == {**kept, "tracking_url": f"{HERE}/track/{kept['tracker_id']}"}


def test_one_that_crosses_a_border_is_listed_with_its_invoice(client: Client, stranger: Client, desk: Desk) -> None:
    desk.team.update(TeamSettings(courier=Courier(international=[CANADA])))
    complete, incomplete = (quoted(client, recipient=OTTAWA, options={}, customs=given) for given in (CUSTOMS, None))
    desk.team.update(TeamSettings())
    link = listed(client, complete)["commercial_invoice_url"]
    assert link.startswith(f"{HERE}/v1/shipments/{complete['id']}/commercial_invoice?signature=")
    assert stranger.get(link).headers["Content-Type"] == "application/pdf"
    assert listed(client, incomplete)["commercial_invoice_url"] is None


def test_one_kept_before_there_were_some_fields_is_listed_with_them(client: Client, held: Runtime) -> None:
    shipment = quoted(client)
    document = {name: value for name, value in shipment.items() if name not in ("customs", "tracker_id")}
    with writing(held.engine).begin() as connection:
        kept = shipments.c.id == shipment["id"]
        connection.execute(sa.update(shipments).where(kept).values(document=json.dumps(document)))
    assert listed(client, shipment) == shipment
