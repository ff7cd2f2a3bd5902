"""Contacts, groups, locations, addresses, fulfillments and read labels on /v1: answers, defaults and refusals."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.api.calling import Client
from tests.api.test_any_body import ANYTHING, FLOOD, Path, changed, places
from tests.api.test_shipments import ENVELOPE
from tests.examples import EXAMPLE, TEMPE

BODIES: dict[str, dict[str, Any]] = {
    "contacts": {
        **TEMPE,
        "alternate_names": ["A name"],
        "alternate_emails": ["name@example.com"],
        "alternate_phones": ["+12125550100"],
        "alternate_addresses": ["500 7th ave, New York, NY, 10018"],
        "groups": ["grp_a"],
        "locations": [{"id": "loc_a"}],
        "is_primary": True,
        "metadata": {"department": "Sales"},
    },
    "groups": {"name": "Group A", "resource": "contact", "location_id": "loc_a", "add": [], "remove": ["ctct_a"]},
    "locations": {
        "name": "Tempe",
        "address": TEMPE["address"],
        "service_levels": ["ground"],
        "operating_hours": {"monday": {"active": True, "open": "10:00", "close": "14:00"}},
        "holidays": ["2026-12-25", {"date": "2026-07-04", "name": "Independence Day"}],
        "users": ["user_1"],
        "last_audited_at": "2026-01-31T09:30:00Z",
    },
    "addresses": {**TEMPE["address"], "metadata": {"department": "Sales"}},
    "fulfillments": {"order_number": "A-1", "recipient": TEMPE, "parcels": [EXAMPLE["parcel"]], "contents": []},
    "shipping_label_inferences": {
        "recipient": TEMPE,
        "provider": {"id": "usps", "name": "USPS"},
        "dimensions": {"length": 10, "width": 8, "height": 4},
        "matches": [{"contact": "ctct_a", "score": 0.9}],
        "error_details": {"blur": 3},
        "barcode_values": ["420100189400"],
    },
}
SINGULAR = {
    "contacts": "contact",
    "groups": "group",
    "locations": "location",
    "addresses": "address",
    "fulfillments": "fulfillment",
    "shipping_label_inferences": "shipping_label_inference",
}
LIMITS = {
    "contacts": 10,
    "groups": 10,
    "locations": 25,
    "addresses": 25,
    "fulfillments": 25,
    "shipping_label_inferences": 10,
}


@pytest.mark.parametrize("plural", BODIES)
def test_the_five_routes(client: Client, plural: str) -> None:
    body = {"name": "A name", "resource": "contact", "postal_code": "85282", "colour": "red"}
    noun = SINGULAR[plural]
    answer = client.post(f"/v1/{plural}", json=body).json()
    made = answer["data"]
    assert list(answer) == ENVELOPE
    assert (answer["status"], answer["message"], answer["events"]) == (
        200,
        f"{noun.replace('_', ' ').capitalize()} created.",
        [f"{noun}.created"],
    )
    assert made["object"] == noun
    assert "colour" not in made
    path = f"/v1/{plural}/{made['id']}"
    assert client.get(path).json()["data"] == made
    listed = client.get(f"/v1/{plural}").json()
    assert listed["pagination"] == {"limit": LIMITS[plural], "page": 1, "has_more": False, "total_count": 1}
    assert listed["data"] == [made]
    changed = client.post(path, json={"metadata": {"a": "b"}}).json()
    assert (changed["data"]["metadata"], changed["events"]) == ({"a": "b"}, [f"{noun}.updated"])
    assert client.get(f"/v1/{plural}?metadata.a=b").json()["data"] == [changed["data"]]
    gone = client.request("DELETE", path).json()
    assert (gone["data"], gone["events"]) == (changed["data"], [f"{noun}.deleted"])
    missing = client.get(path)
    assert (missing.status_code, missing.json()["code"]) == (404, f"{noun}_not_found")


@pytest.mark.parametrize(
    ("plural", "body", "problems"),
    [
        ("contacts", {}, {"name": "is required"}),
        ("contacts", {"name": " "}, {"name": 'must have at least 1 characters, was " "'}),
        (
            "contacts",
            {"name": "A", "id": "loc_a"},
            {"id": 'must be ctct_ and letters, digits or underscores, was "loc_a"'},
        ),
        ("contacts", {"name": "A", "id": f"ctct_{'a' * 100}"}, {"id": "must have at most 100 characters"}),
        ("contacts", {"name": "A", "groups": [5]}, {"groups.0": "must be an object, was 5"}),
        ("contacts", {"name": "A", "groups": [{"name": "x"}]}, {"groups.0.id": "is required"}),
        ("contacts", {"name": "A", "is_primary": 1}, {"is_primary": "must be true or false, was 1"}),
        (
            "contacts",
            {"name": "A", "alternate_addresses": [{"city": 5}]},
            {"alternate_addresses.0.city": "must be text, was 5"},
        ),
        ("groups", {"name": "A"}, {"resource": "is required"}),
        (
            "groups",
            {"name": "A", "resource": "item"},
            {"resource": "must be one of 'contact' or 'location', was \"item\""},
        ),
        (
            "locations",
            {"name": "A", "operating_hours": {"monday": {"open": "9"}}},
            {"operating_hours.monday.open": 'must look like ^([01][0-9]|2[0-3]):[0-5][0-9]$, was "9"'},
        ),
        ("locations", {"name": "A", "holidays": [0]}, {"holidays.0": "must be an object, was 0"}),
        (
            "fulfillments",
            {"parcels": [{"length": 1}]},
            {f"parcels.0.{side}": "give width, height, weight, or a predefined package as type"
             for side in ("width", "height", "weight")},
        ),
        ("fulfillments", {"recipient": {"name": 5}}, {"recipient.name": "must be text, was 5"}),
        ("fulfillments", {"contents": [{}]}, {"contents.0.name": "is required"}),
        ("shipping_label_inferences", {"provider": {"id": "ups"}}, {"provider.name": "is required"}),
        ("shipping_label_inferences", {"barcode_values": [5]}, {"barcode_values.0": "must be text, was 5"}),
        ("shipping_label_inferences", {"matches": ["x"]}, {"matches.0": 'must be an object, was "x"'}),
    ],
)  # fmt: skip
def test_bodies_that_cannot_be_kept(
    client: Client, plural: str, body: dict[str, Any], problems: dict[str, str]
) -> None:
    response = client.post(f"/v1/{plural}", json=body)
    assert (response.status_code, response.json()["errors"]) == (400, list(problems))
    assert response.json()["message"] == "; ".join(f"{path}: {message}" for path, message in problems.items())


@pytest.mark.parametrize("field", ["name", "groups", "metadata", "is_primary"])
def test_what_has_to_be_there_cannot_be_taken_away(client: Client, field: str) -> None:
    made = client.post("/v1/contacts", json={"name": "A name"}).json()["data"]
    path = f"/v1/contacts/{made['id']}"
    response = client.post(path, json={field: None})
    assert (response.status_code, response.json()["errors"]) == (400, [field])
    assert client.request("DELETE", path).json()["data"] == made


def test_contacts_are_ordered_by_relevance_when_searched_only(client: Client) -> None:
    names = ("anna", "ann", "annabel")
    ids = [client.post("/v1/contacts", json={"name": name}).json()["data"]["id"] for name in names]
    found = client.get("/v1/contacts?search=ann&order_by=_relevance&limit=2").json()
    assert [contact["name"] for contact in found["data"]] == ["ann", "anna"]
    assert found["pagination"] == {"limit": 2, "page": 1, "has_more": True, "total_count": 3}
    refused = client.get("/v1/contacts?order_by=_relevance")
    assert (refused.status_code, refused.json()["errors"]) == (400, ["order_by"])
    for identifier in ids:
        client.request("DELETE", f"/v1/contacts/{identifier}")


@pytest.fixture(scope="module")
def stored(client: Client) -> Client:
    """The client, once what the bodies refer to is there."""
    client.post("/v1/groups", json={"id": "grp_a", "name": "Group Z", "resource": "contact"})
    client.post("/v1/locations", json={"id": "loc_a", "name": "Tempe"})
    return client


@FLOOD
@given(data=st.data(), plural=st.sampled_from(list(BODIES)), value=ANYTHING)
def test_any_body(stored: Client, data: st.DataObject, plural: str, value: Any) -> None:
    path: Path = data.draw(st.sampled_from(list(places(BODIES[plural]))))
    body = changed(BODIES[plural], path, value)
    response = stored.post(f"/v1/{plural}", json=body)
    assert response.status_code in (200, 400, 404, 409), response.text
    assert response.json()["status"] == response.status_code
    if response.status_code == 200:
        one = f"/v1/{plural}/{response.json()['data']['id']}"
        assert stored.post(one, json=body).status_code in (200, 400)
        assert stored.request("DELETE", one).status_code == 200
