"""Fulfillments on the embedded desk, on both databases."""

from typing import Any

import pytest
import sqlalchemy as sa

from lib.directory.contacts import LocalContacts
from lib.directory.fulfillments import LocalFulfillments
from lib.directory.locations import LocalLocations
from lib.models.contacts import ContactCreate
from lib.models.errors import Conflict, InvalidRequest, NotFound
from lib.models.fulfillments import Fulfillment, FulfillmentCreate, FulfillmentUpdate
from lib.models.lists import ListQuery
from lib.models.locations import LocationCreate
from tests.contract.test_contacts import happened
from tests.contract.test_shipments import TEMPE_KEPT
from tests.examples import EXAMPLE, TEMPE

BOX = {"length": 10, "width": 10, "height": 10, "weight": 70}
TEQUILA, COFFEE = EXAMPLE["parcel"]["contents"]


@pytest.fixture
def fulfillments(emptied: sa.Engine) -> LocalFulfillments:
    LocalLocations(emptied).create(LocationCreate(id="loc_xyz", name="Tempe"))
    return LocalFulfillments(emptied)


def made(fulfillments: LocalFulfillments, **fields: Any) -> Fulfillment:
    return fulfillments.create(FulfillmentCreate.model_validate(fields))


def test_fulfillments_create_needs_nothing(fulfillments: LocalFulfillments) -> None:
    fulfillment = made(fulfillments)
    assert fulfillment.id.startswith("ful_")
    assert fulfillment.model_dump(exclude={"id", "created_at", "updated_at"}) == {
        "object": "fulfillment",
        "order_number": None,
        "status": "ready_to_ship",
        "location_id": None,
        "recipient": None,
        "parcels": [],
        "contents": [],
        "notes": None,
        "updated_by": None,
        "organization_id": None,
        "metadata": {},
    }


def test_fulfillments_create_with_everything(fulfillments: LocalFulfillments, emptied: sa.Engine) -> None:
    fulfillment = made(
        fulfillments,
        id="ful_xyz",
        order_number="ORDER-12345",
        status="packing",
        location_id="loc_xyz",
        recipient=TEMPE,
        parcels=[EXAMPLE["parcel"], {"type": "usps_small_flat_rate_box"}],
        contents=[TEQUILA],
        notes="Handle with care",
        metadata={"department": "Sales"},
    )
    assert fulfillments.retrieve("ful_xyz") == fulfillment
    assert fulfillment.model_dump(include={"order_number", "status", "location_id", "notes", "metadata"}) == {
        "order_number": "ORDER-12345",
        "status": "packing",
        "location_id": "loc_xyz",
        "notes": "Handle with care",
        "metadata": {"department": "Sales"},
    }
    recipient = fulfillment.recipient
    assert recipient is not None
    assert recipient.address.model_dump(include=set(TEMPE_KEPT)) == TEMPE_KEPT
    assert (recipient.name, recipient.phone) == (TEMPE["name"], TEMPE["phone"])
    first, second = [parcel.model_dump(exclude_none=True, exclude_unset=True) for parcel in fulfillment.parcels]
    assert first == EXAMPLE["parcel"]
    assert second == {"type": "usps_small_flat_rate_box"}
    assert [content.name for content in fulfillment.contents] == ["Dispatch Roasters Tequila"]
    assert happened(emptied, "ful_xyz") == ["fulfillment.created"]
    with pytest.raises(Conflict):
        made(fulfillments, id="ful_xyz")


@pytest.mark.parametrize("recipient", ["ctct_a", {"contact_id": "ctct_a"}])
def test_fulfillments_for_a_contact(fulfillments: LocalFulfillments, emptied: sa.Engine, recipient: Any) -> None:
    contact = LocalContacts(emptied).create(ContactCreate.model_validate({**TEMPE, "id": "ctct_a"}))
    kept = made(fulfillments, recipient=recipient).recipient
    assert kept is not None
    assert (kept.contact_id, kept.name, kept.address) == ("ctct_a", TEMPE["name"], contact.address)


@pytest.mark.parametrize(
    ("fields", "error", "wrong"),
    [
        ({"location_id": "loc_none"}, NotFound, ["location_id"]),
        ({"recipient": "ctct_none"}, NotFound, ["recipient"]),
        ({"recipient": {"name": "N"}}, InvalidRequest, ["recipient.address"]),
        ({"recipient": {"address": "85282", "phone": "12"}}, InvalidRequest, ["recipient.phone"]),
        ({"parcels": [BOX, {"type": "usps_small_flat_box"}]}, InvalidRequest, ["parcels.1.type"]),
    ],
)
def test_fulfillments_refuse_what_cannot_be_shipped(
    fulfillments: LocalFulfillments, fields: dict[str, Any], error: type[Exception], wrong: list[str]
) -> None:
    kept = made(fulfillments, order_number="A-1")
    with pytest.raises(error) as caught:
        made(fulfillments, **fields)
    assert getattr(caught.value, "fields") == wrong  # noqa: B009
    with pytest.raises(error):
        fulfillments.update(kept.id, FulfillmentUpdate.model_validate({**fields, "order_number": "A-2"}))
    assert fulfillments.list(ListQuery()).items == [kept]


def test_fulfillments_update_list_and_delete(fulfillments: LocalFulfillments) -> None:
    first = made(fulfillments, order_number="A-1", parcels=[{**BOX, "contents": [COFFEE]}], location_id="loc_xyz")
    second = made(fulfillments, order_number="A-2", contents=[TEQUILA], metadata={"a": 1, "b": 2})
    after = fulfillments.update(
        first.id, FulfillmentUpdate.model_validate({"status": "shipped", "location_id": None, "notes": "Gone"})
    )
    changed = {"status": "shipped", "location_id": None, "notes": "Gone", "updated_at": after.updated_at}
    assert after.model_dump() == first.model_dump() | changed
    assert fulfillments.retrieve(first.id) == after
    assert fulfillments.update(second.id, FulfillmentUpdate(metadata={"a": None})).metadata == {"b": 2}

    def found(**filters: str) -> list[str]:
        return [one.id for one in fulfillments.list(ListQuery(filters=filters)).items]

    assert (found(status="shipped"), found(status="shipped,packing"), found(order_number="A-2")) == (
        [first.id],
        [first.id],
        [second.id],
    )
    assert (found(search="coffee"), found(search="tequila"), found(location_id="loc_xyz")) == (
        [first.id],
        [second.id],
        [],
    )
    assert fulfillments.delete(first.id) == after
    with pytest.raises(NotFound):
        fulfillments.retrieve(first.id)
