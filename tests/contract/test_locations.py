"""Locations and kept addresses on the embedded desk, on both databases."""

from typing import Any

import pytest
import sqlalchemy as sa

from lib.directory.addresses import LocalAddresses
from lib.directory.locations import LocalLocations
from lib.models.errors import Conflict, InvalidRequest, NotFound
from lib.models.kept_addresses import AddressCreate, AddressUpdate, KeptAddress
from lib.models.lists import ListQuery
from lib.models.locations import Location, LocationCreate, LocationUpdate
from tests.contract.test_contacts import happened
from tests.contract.test_shipments import FLOOR_TEN, TEMPE_KEPT
from tests.examples import TEMPE

LINE = "500 7th ave, New York, NY, 10018"
COLUMNS = {
    "id", "name", "code", "email", "address", "service_levels", "provider_instructions", "operating_hours", "holidays",
    "users", "groups", "created_at", "updated_at", "updated_by", "organization_id", "metadata", "last_audited_at",
}  # fmt: skip
WORKDAY = {"active": True, "open": "09:00", "close": "17:00"}
USUAL_WEEK = {
    **dict.fromkeys(("monday", "tuesday", "wednesday", "thursday", "friday"), WORKDAY),
    **dict.fromkeys(("saturday", "sunday"), WORKDAY | {"active": False}),
}


@pytest.fixture
def locations(emptied: sa.Engine) -> LocalLocations:
    return LocalLocations(emptied)


@pytest.fixture
def addresses(emptied: sa.Engine) -> LocalAddresses:
    return LocalAddresses(emptied)


def made(locations: LocalLocations, **fields: Any) -> Location:
    return locations.create(LocationCreate.model_validate({"name": "Tempe", **fields}))


def kept(addresses: LocalAddresses, **fields: Any) -> KeptAddress:
    return addresses.create(AddressCreate.model_validate(fields))


def place(address: KeptAddress) -> dict[str, Any]:
    return address.model_dump(include=set(TEMPE_KEPT))


def test_locations_create_needs_a_name_only(locations: LocalLocations) -> None:
    location = made(locations)
    assert location.id.startswith("loc_")
    assert location.model_dump(mode="json", exclude={"id", "created_at", "updated_at"}) == {
        "object": "location",
        "name": "Tempe",
        "code": None,
        "email": None,
        "address": None,
        "service_levels": [],
        "provider_instructions": None,
        "operating_hours": USUAL_WEEK,
        "holidays": [],
        "users": [],
        "groups": [],
        "last_audited_at": None,
        "updated_by": None,
        "organization_id": None,
        "metadata": {},
    }
    assert location.model_dump().keys() >= COLUMNS
    assert locations.retrieve(location.id) == location


def test_locations_create_with_everything(locations: LocalLocations, emptied: sa.Engine) -> None:
    location = made(
        locations,
        id="loc_xyz",
        code="NY1",
        email="name@example.com",
        address=LINE,
        address_line2="Floor 10",
        service_levels=["ground", "two_day"],
        provider_instructions="Ring twice",
        operating_hours={"saturday": {"open": "10:00", "close": "14:00"}},
        holidays=["2026-12-25", {"date": "2026-07-03", "name": "Independence Day, observed"}],
        users=["user_1", {"id": "user_2", "name": "Kyle Grzybowski"}],
        last_audited_at="2026-01-31T09:30:00Z",
        metadata={"department": "Sales"},
    )
    document = location.model_dump(mode="json", exclude={"created_at", "updated_at", "updated_by", "organization_id"})
    address = document.pop("address")
    assert {name: address[name] for name in FLOOR_TEN} == FLOOR_TEN
    assert document == {
        "object": "location",
        "id": "loc_xyz",
        "name": "Tempe",
        "code": "NY1",
        "email": "name@example.com",
        "service_levels": ["ground", "two_day"],
        "provider_instructions": "Ring twice",
        "operating_hours": USUAL_WEEK | {"saturday": {"active": True, "open": "10:00", "close": "14:00"}},
        "holidays": [
            {"date": "2026-12-25", "name": None},
            {"date": "2026-07-03", "name": "Independence Day, observed"},
        ],
        "users": [{"id": "user_1", "name": ""}, {"id": "user_2", "name": "Kyle Grzybowski"}],
        "groups": [],
        "last_audited_at": "2026-01-31T09:30:00.000Z",
        "metadata": {"department": "Sales"},
    }
    assert locations.retrieve("loc_xyz") == location
    assert happened(emptied, "loc_xyz") == ["location.created"]
    with pytest.raises(Conflict):
        made(locations, id="loc_xyz")


def test_locations_update_leaves_the_other_days_as_they_are(locations: LocalLocations) -> None:
    location = made(locations, operating_hours={"sunday": {"open": "10:00", "close": "14:00"}}, code="NY1")
    hours = {"monday": {"active": False}}
    after = locations.update(location.id, LocationUpdate.model_validate({"operating_hours": hours, "code": None}))
    assert after.operating_hours.model_dump() == USUAL_WEEK | {
        "monday": WORKDAY | {"active": False},
        "sunday": {"active": True, "open": "10:00", "close": "14:00"},
    }
    assert (after.code, after.name) == (None, "Tempe")


def test_locations_refuse_what_cannot_be_right(locations: LocalLocations) -> None:
    with pytest.raises(InvalidRequest) as caught:
        made(locations, email="nobody", address="1 Main St, Tempe AZ")
    assert caught.value.fields == ["address.postal_code", "email"]
    with pytest.raises(NotFound) as missing:
        made(locations, groups=["grp_none"], address="loc_none")
    assert missing.value.fields == ["groups.0", "address"]
    assert locations.list(ListQuery()).total_count == 0


def test_locations_list_and_delete(locations: LocalLocations) -> None:
    for name in ("Mesa", "a depot", "Tempe"):
        made(locations, name=name, address=TEMPE["address"] if name == "Mesa" else None, code=f"{name[0]}7")
    assert [location.name for location in locations.list(ListQuery()).items] == ["a depot", "Mesa", "Tempe"]
    assert locations.list(ListQuery(direction="desc")).items[0].name == "Tempe"
    found = locations.list(ListQuery(filters={"search": "arizona mills"})).items
    assert [location.name for location in found] == ["Mesa"]
    assert [location.name for location in locations.list(ListQuery(filters={"search": "a7"})).items] == ["a depot"]
    locations.delete(found[0].id)
    with pytest.raises(NotFound):
        locations.retrieve(found[0].id)


@pytest.mark.parametrize(
    "fields",
    [
        {"address": LINE, "address_line2": "Floor 10"},
        {"line1": "500 7th ave", "line2": "Floor 10", "city": "New York", "state": "New York", "postal_code": "10018"},
        {"address": {"line1": "500 7th ave", "line2": "Floor 10", "postal_code": "10018"}},
    ],
)
def test_addresses_create(addresses: LocalAddresses, fields: dict[str, Any]) -> None:
    address = kept(addresses, id="addr_one", metadata={"a": 1}, **fields)
    assert place(address) == FLOOR_TEN
    assert (address.id, address.metadata, address.object, len(address.hash)) == ("addr_one", {"a": 1}, "address", 64)
    assert addresses.retrieve("addr_one") == address
    with pytest.raises(Conflict):
        kept(addresses, id="addr_one", **fields)


def test_addresses_refuse_what_is_none(addresses: LocalAddresses) -> None:
    for fields, expected in (
        ({}, ["postal_code"]),
        ({"line1": "500 7th ave", "state": "Nowhere", "postal_code": "10018"}, ["state"]),
        ({"address": "1 Main St, Tempe AZ"}, ["address.postal_code"]),
        ({"address": {"postal_code": "00000"}}, ["address.postal_code"]),
        ({"address": "?"}, ["address.postal_code"]),
        ({"address": " "}, ["address"]),
    ):
        with pytest.raises(InvalidRequest) as caught:
            kept(addresses, **fields)
        assert caught.value.fields == expected, fields
    assert addresses.list(ListQuery()).total_count == 0


def test_addresses_update(addresses: LocalAddresses, emptied: sa.Engine) -> None:
    first = kept(addresses, address=LINE, metadata={"a": 1, "b": 2})
    upstairs = addresses.update(first.id, AddressUpdate.model_validate({"line2": "Floor 10", "metadata": {"a": None}}))
    assert place(upstairs) == FLOOR_TEN
    assert (upstairs.id, upstairs.hash, upstairs.metadata) == (first.id, first.hash, {"b": 2})
    assert addresses.update(first.id, AddressUpdate(address_line2="Floor 11")).line2 == "Floor 11"
    moved = addresses.update(first.id, AddressUpdate.model_validate({"address": TEMPE["address"]}))
    assert place(moved) == TEMPE_KEPT
    assert (moved.id, moved.created_at, moved.hash == first.hash) == (first.id, first.created_at, False)
    with pytest.raises(InvalidRequest) as caught:
        addresses.update(first.id, AddressUpdate(postal_code="10018"))
    assert caught.value.fields == ["postal_code"]
    assert addresses.retrieve(first.id) == moved
    assert happened(emptied, first.id) == ["address.created", *["address.updated"] * 3]


def test_addresses_list_and_delete(addresses: LocalAddresses) -> None:
    first = kept(addresses, address=LINE)
    upstairs = kept(addresses, address=LINE, address_line2="Floor 10")
    tempe = kept(addresses, **TEMPE["address"], metadata={"department": "Sales"})
    newest_first = sorted([first, upstairs, tempe], key=lambda one: (one.created_at, one.id), reverse=True)
    assert addresses.list(ListQuery()).items == newest_first
    assert {one.id for one in addresses.list(ListQuery(filters={"hash": first.hash})).items} == {first.id, upstairs.id}
    for filters in ({"search": "tempe mills"}, {"metadata.department": "Sales"}):
        assert addresses.list(ListQuery(filters=filters)).items == [tempe]
    assert addresses.delete(tempe.id) == tempe
    with pytest.raises(NotFound):
        addresses.retrieve(tempe.id)
