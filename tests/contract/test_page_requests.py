"""Every form of a request for rates that the API page shows, posted to /v1, on both databases."""

from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from starlette.applications import Starlette
from starlette.routing import Mount

from lib.api.app import create_api
from lib.desk.local import LocalDesk
from lib.models.team import InStorePickup, TeamSettings
from lib.store.files import Files
from tests.api.calling import KEY, Client
from tests.contract.test_shipments import FLOOR_TEN, TEMPE_KEPT
from tests.examples import EXAMPLE, PLACEHOLDERS, QUOTABLE, TEMPE

LINE, LINE2 = "500 7th ave, New York, NY, 10018", "Floor 10"
FIELDS = {"line1": "500 7th ave", "line2": "Floor 10", "city": "New York", "state": "NY", "postal_code": "10018"}
PEOPLE = {"name": "Kyle Grzybowski", "email": "kyle.grzybowski@packagex.io", "phone": "+923066545454"}
BOX = {"length": 10, "width": 10, "height": 10, "weight": 70}
COFFEE = {"name": "Dispatch Roasters Coffee", "attributes": ["cold_storage", "requires_equipment"]}
TEQUILA = {"name": "Dispatch Roasters Tequila", "attributes": ["confidential"]}
# The table of the page, with what else a parcel has.
PARCEL_DEFAULTS = {
    "type": None,
    "length": None,
    "width": None,
    "height": None,
    "weight": None,
    "nonstandard_packaging": False,
    "external_container_id": None,
    "container_number": None,
    "unpacked": False,
    "special_handling_tags": [],
    "layout_id": None,
    "tracking_number": None,
    "label_url": None,
    "contents": [],
    "defective": False,
    "missing": False,
    "received": False,
    "manifest_id": None,
    "fulfillment_id": None,
    "status": "in_storage",
}
CONTENT_DEFAULTS = {
    "attributes": [],
    "sku": None,
    "quantity": 1,
    "value": None,
    "weight": None,
    "origin_country": None,
    "harmonized_code": None,
}


@pytest.fixture
def desk(emptied: sa.Engine, tmp_path: Path) -> LocalDesk:
    return LocalDesk(emptied, Files(tmp_path.as_uri()), sign=str, bootstrap_key=KEY)


@pytest.fixture
def client(emptied: sa.Engine, desk: LocalDesk) -> Client:
    api = create_api(lambda: desk, engine=lambda: emptied)
    return Client(Starlette(routes=[Mount("/v1", api)]), headers={"PX-API-KEY": KEY})


def posted(client: Client, path: str, body: dict[str, Any]) -> dict[str, Any]:
    response = client.post(f"/v1/{path}", json=body)
    assert response.status_code == 200, response.text
    data: dict[str, Any] = response.json()["data"]
    return data


def quoted(client: Client, **changes: Any) -> dict[str, Any]:
    return posted(client, "shipments", QUOTABLE | changes)


def refused(client: Client, **changes: Any) -> tuple[int, list[str], str, str]:
    response = client.post("/v1/shipments", json=QUOTABLE | changes)
    answer = response.json()
    assert answer["status"] == response.status_code
    return response.status_code, answer["errors"], answer["code"], answer["message"]


def place(address: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in address.items() if name not in ("id", "hash")}


def without_ids(parcel: dict[str, Any]) -> dict[str, Any]:
    """A parcel as kept, its own id and those of its contents seen to and taken away."""
    assert parcel["id"].startswith("prcl_")
    assert all(content["id"].startswith("cont_") for content in parcel["contents"])
    contents = [{name: content[name] for name in content if name != "id"} for content in parcel["contents"]]
    return {name: value for name, value in parcel.items() if name != "id"} | {"contents": contents}


def kept_parcel(**given: Any) -> dict[str, Any]:
    contents = [CONTENT_DEFAULTS | content for content in given.get("contents", [])]
    return PARCEL_DEFAULTS | given | {"contents": contents}


def test_the_whole_example(client: Client) -> None:
    location = posted(client, "locations", {"id": "loc_xyz", "name": "Tempe", "address": TEMPE["address"]})
    fulfillment = posted(client, "fulfillments", {"id": "ful_xyz", "order_number": "ORDER-12345"})
    assert (location["id"], fulfillment["id"]) == ("loc_xyz", "ful_xyz")
    shipment = posted(client, "shipments", EXAMPLE)
    assert {name: shipment[name] for name in PLACEHOLDERS} == PLACEHOLDERS
    for party in ("sender", "recipient"):
        assert place(shipment[party]["address"]) == TEMPE_KEPT
        assert {name: shipment[party][name] for name in PEOPLE} == PEOPLE
    assert [without_ids(parcel) for parcel in shipment["parcels"]] == [kept_parcel(**EXAMPLE["parcel"])]
    assert {name: shipment["options"][name] for name in EXAMPLE["options"]} == EXAMPLE["options"]
    assert (shipment["type"], shipment["order_number"]) == ("outbound", "ORDER-12345")
    assert {rate["provider"]["id"] for rate in shipment["rates"]} == {"ups", "usps", "fedex"}
    assert shipment["recommended_rate"] in shipment["rates"]
    assert client.get(f"/v1/shipments/{shipment['id']}").json()["data"] == shipment


def test_a_contact_by_its_id_and_by_an_object(client: Client) -> None:
    contact = posted(client, "contacts", PEOPLE | {"id": "ctct_11fkZ8", "business": "Dispatch", "address": LINE})
    by_id = quoted(client, sender="ctct_11fkZ8", recipient={"contact_id": "ctct_11fkZ8"})
    for party in ("sender", "recipient"):
        assert by_id[party] == {
            **PEOPLE,
            "business": "Dispatch",
            "contact_id": "ctct_11fkZ8",
            "address": contact["address"],
            "metadata": {},
        }
    assert place(contact["address"]) == FLOOR_TEN | {
        "line2": "",
        "formatted_address": "500 7th ave, New York, NY 10018",
    }


def test_what_is_given_beside_a_contact_goes_before_it(client: Client) -> None:
    posted(client, "contacts", PEOPLE | {"id": "ctct_a", "address": LINE})
    other = {"contact_id": "ctct_a", "email": "name@example.com", "address": TEMPE["address"]}
    sender = quoted(client, sender=other)["sender"]
    assert place(sender["address"]) == TEMPE_KEPT
    assert (sender["name"], sender["email"], sender["contact_id"]) == (PEOPLE["name"], "name@example.com", "ctct_a")
    upstairs = quoted(client, sender={"contact_id": "ctct_a", "address_line2": LINE2})["sender"]
    assert place(upstairs["address"]) == FLOOR_TEN


@pytest.mark.parametrize(
    ("sender", "field"), [("ctct_bare", "sender"), ({"contact_id": "ctct_bare"}, "sender.contact_id")]
)
def test_a_contact_without_an_address(client: Client, sender: Any, field: str) -> None:
    posted(client, "contacts", {"id": "ctct_bare", "name": "Kyle Grzybowski"})
    assert refused(client, sender=sender) == (
        400,
        [field],
        "no_address",
        f"{field}: contact ctct_bare has no address. Give it one first, or name an address.",
    )
    elsewhere = {"contact_id": "ctct_bare", "address": LINE}
    assert quoted(client, sender=elsewhere)["sender"]["name"] == "Kyle Grzybowski"


@pytest.mark.parametrize("missing", ["name", "email", "phone", "address"])
def test_a_party_without_a_contact_needs_all_four(client: Client, missing: str) -> None:
    party = {name: value for name, value in TEMPE.items() if name != missing}
    status, errors, code, message = refused(client, recipient=party)
    assert (status, errors, code) == (400, [f"recipient.{missing}"], "invalid_request")
    assert message == f"recipient.{missing}: is required"


@pytest.mark.parametrize(
    "address",
    [
        {"address": LINE, "address_line2": LINE2},
        {"address": FIELDS},
        {"address": FIELDS | {"country_code": "US"}},
        {"address": FIELDS | {"state": "New York"}},
        {"address": "addr_11fkZ8wQzscUj9SZaX1By1"},
        {"address": "loc_11fkZ8wQzscUj9SZaX1By1"},
    ],
)
def test_every_form_of_an_address(client: Client, address: dict[str, Any]) -> None:
    posted(client, "addresses", FIELDS | {"id": "addr_11fkZ8wQzscUj9SZaX1By1"})
    posted(client, "locations", {"id": "loc_11fkZ8wQzscUj9SZaX1By1", "name": "New York", "address": FIELDS})
    shipment = quoted(client, sender=PEOPLE | address, recipient=PEOPLE | address)
    for party in ("sender", "recipient"):
        assert place(shipment[party]["address"]) == FLOOR_TEN
        assert shipment[party]["name"] == PEOPLE["name"]


def test_a_shipment_is_found_by_the_address_it_was_sent_from(client: Client) -> None:
    posted(client, "addresses", FIELDS | {"id": "addr_ny"})
    shipment = quoted(client, sender=PEOPLE | {"address": "addr_ny"})
    quoted(client)
    found = client.get("/v1/shipments?sender_address_id=addr_ny").json()["data"]
    assert [one["id"] for one in found] == [shipment["id"]]


def test_a_location_without_an_address(client: Client) -> None:
    posted(client, "locations", {"id": "loc_bare", "name": "Nowhere yet"})
    assert refused(client, recipient=PEOPLE | {"address": "loc_bare"}) == (
        400,
        ["recipient.address"],
        "no_address",
        "recipient.address: location loc_bare has no address. Give it one first, or name an address.",
    )
    assert quoted(client, location_id="loc_bare")["location_id"] == "loc_bare"


def test_everything_unknown_is_named_at_once(client: Client) -> None:
    unknown = {"sender": "ctct_1", "recipient": PEOPLE | {"address": "addr_1"}, **PLACEHOLDERS}
    assert refused(client, **unknown) == (
        404,
        ["sender", "recipient.address", "location_id", "fulfillment_id"],
        "reference_not_found",
        "Nothing is stored under sender ctct_1, recipient.address addr_1, location_id loc_xyz, fulfillment_id ful_xyz.",
    )
    assert client.get("/v1/shipments").json()["pagination"]["total_count"] == 0


@pytest.mark.parametrize("weight", [{}, {"weight": 2.5}])
def test_a_predefined_package_with_and_without_its_weight(client: Client, weight: dict[str, Any]) -> None:
    given = {"type": "usps_small_flat_rate_box", **weight}
    shipment = quoted(client, parcels=[given])
    assert [without_ids(parcel) for parcel in shipment["parcels"]] == [kept_parcel(**given)]
    assert {rate["provider"]["id"] for rate in shipment["rates"]} == {"usps"}


def test_an_own_size_has_every_property_of_the_table_at_its_default(client: Client) -> None:
    shipment = quoted(client, parcels=[BOX])
    assert [without_ids(parcel) for parcel in shipment["parcels"]] == [kept_parcel(**BOX)]


def test_every_property_of_the_table_is_kept_as_given(client: Client) -> None:
    given = EXAMPLE["parcel"] | {"defective": True, "missing": True, "unpacked": True}
    shipment = quoted(client, parcels=[given])
    assert [without_ids(parcel) for parcel in shipment["parcels"]] == [kept_parcel(**given)]
    assert [content["attributes"] for content in shipment["parcels"][0]["contents"]] == [
        ["confidential"],
        ["cold_storage", "requires_equipment"],
    ]


@pytest.mark.parametrize("direction", ["inbound", "outbound"])
def test_type(client: Client, direction: str) -> None:
    assert quoted(client, type=direction)["type"] == direction


def without_parcels(**changes: Any) -> dict[str, Any]:
    return {name: value for name, value in QUOTABLE.items() if name != "parcel"} | changes


def test_a_fulfillment_brings_its_parcels_and_contents(client: Client) -> None:
    packed = [BOX | {"weight": 5, "contents": [TEQUILA]}, BOX | {"contents": [COFFEE]}]
    kept = posted(client, "fulfillments", {"id": "ful_1", "order_number": "A-1", "parcels": packed})
    shipment = posted(client, "shipments", without_parcels(fulfillment_id="ful_1"))
    assert [without_ids(parcel) for parcel in shipment["parcels"]] == [kept_parcel(**parcel) for parcel in packed]
    assert [parcel["contents"] for parcel in shipment["parcels"]] == [parcel["contents"] for parcel in kept["parcels"]]
    assert (shipment["fulfillment_id"], shipment["order_number"]) == ("ful_1", "A-1")
    assert shipment["rates"]


def test_parcels_of_the_request_stand_before_those_of_the_fulfillment(client: Client) -> None:
    posted(client, "fulfillments", {"id": "ful_1", "parcels": [BOX | {"contents": [TEQUILA]}, BOX]})
    one = quoted(client, parcel=BOX | {"weight": 1}, fulfillment_id="ful_1")["parcels"]
    assert [without_ids(parcel) for parcel in one] == [kept_parcel(**BOX | {"weight": 1, "contents": [TEQUILA]})]
    filled = quoted(client, parcel=BOX | {"contents": [COFFEE]}, fulfillment_id="ful_1")["parcels"]
    assert [without_ids(parcel) for parcel in filled] == [kept_parcel(**BOX | {"contents": [COFFEE]})]
    two = quoted(client, parcels=[BOX, BOX], fulfillment_id="ful_1")["parcels"]
    assert [without_ids(parcel) for parcel in two] == [kept_parcel(**BOX)] * 2


def test_a_fulfillment_with_contents_alone_needs_parcels(client: Client) -> None:
    posted(client, "fulfillments", {"id": "ful_1", "contents": [TEQUILA, COFFEE]})
    response = client.post("/v1/shipments", json=without_parcels(fulfillment_id="ful_1"))
    assert (response.status_code, response.json()["errors"]) == (400, ["parcels"])
    assert response.json()["message"] == "Fulfillment ful_1 has no parcels; give the parcels of this shipment."
    shipment = quoted(client, parcel=BOX, fulfillment_id="ful_1")
    assert [without_ids(parcel) for parcel in shipment["parcels"]] == [kept_parcel(**BOX, contents=[TEQUILA, COFFEE])]


def test_without_a_fulfillment_parcels_are_needed(client: Client) -> None:
    for body in (without_parcels(), without_parcels(parcels=[])):
        response = client.post("/v1/shipments", json=body)
        assert (response.status_code, response.json()["errors"]) == (400, ["parcels"])
        assert response.json()["message"] == "parcels: must hold at least 1"


def test_a_fulfillment_may_be_picked_up(client: Client, desk: LocalDesk) -> None:
    desk.team.update(TeamSettings(pickup=InStorePickup(active=True, price=250)))
    posted(client, "fulfillments", {"id": "ful_1", "parcels": [BOX]})
    both = posted(client, "shipments", without_parcels(fulfillment_id="ful_1"))
    assert {rate["type"] for rate in both["rates"]} == {"delivery", "pickup"}
    assert [rate["amount"] for rate in both["rates"] if rate["type"] == "pickup"] == [250]
    assert {rate["type"] for rate in quoted(client)["rates"]} == {"delivery"}
    chosen = QUOTABLE["options"] | {"rate_types": ["delivery"]}
    delivered = posted(client, "shipments", without_parcels(fulfillment_id="ful_1", options=chosen))
    assert {rate["type"] for rate in delivered["rates"]} == {"delivery"}


def test_a_shipment_keeps_its_own_copy_of_what_it_refers_to(client: Client) -> None:
    posted(client, "contacts", PEOPLE | {"id": "ctct_a", "address": LINE})
    posted(client, "locations", {"id": "loc_a", "name": "New York", "address": LINE})
    posted(client, "fulfillments", {"id": "ful_a", "parcels": [BOX | {"contents": [COFFEE]}]})
    recipient = PEOPLE | {"address": "loc_a"}
    body = without_parcels(sender="ctct_a", recipient=recipient, location_id="loc_a", fulfillment_id="ful_a")
    shipment = posted(client, "shipments", body)
    for path in ("contacts/ctct_a", "locations/loc_a", "fulfillments/ful_a"):
        assert client.request("DELETE", f"/v1/{path}").status_code == 200
        assert client.get(f"/v1/{path}").status_code == 404
    assert client.get(f"/v1/shipments/{shipment['id']}").json()["data"] == shipment
    refreshed = posted(client, f"shipments/{shipment['id']}/refresh", {})
    assert [parcel["contents"] for parcel in refreshed["parcels"]] == [shipment["parcels"][0]["contents"]]
