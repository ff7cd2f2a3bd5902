"""The wire format: what is read, what is refused and under which path, what is written."""

from datetime import UTC, datetime

import pytest
from pydantic import TypeAdapter, ValidationError

from lib.models.addresses import Coordinates
from lib.models.base import UtcDateTime, iso_instant, merged_metadata
from lib.models.errors import InvalidRequest
from lib.models.ids import looks_like_id, new_id
from lib.models.lists import Page
from lib.models.options import ShipmentOptions
from lib.models.shipments import QuoteRequest, ShipmentCreate

INSTANT = TypeAdapter(UtcDateTime)
PLACE = {"address": "10018"}
NAMED = {"name": "A", "email": "a@example.com", "phone": "+12025550100", **PLACE}
BOX = {"length": 10, "width": 10, "height": 10, "weight": 2}


def problems(model, body) -> dict[str, str]:
    with pytest.raises(ValidationError) as caught:
        model.model_validate(body)
    return {".".join(map(str, problem["loc"])): problem["type"] for problem in caught.value.errors()}


@pytest.mark.parametrize(
    "spelling",
    ["2024-12-25T14:30:45.123Z", "2024-12-25T09:30:45.123-05:00", 1735137045123, 1735137045.123],
)
def test_every_spelling_of_an_instant_is_the_same_instant(spelling):
    assert INSTANT.validate_python(spelling) == datetime(2024, 12, 25, 14, 30, 45, 123000, UTC)


def test_an_instant_is_written_as_iso_in_utc():
    assert iso_instant(datetime(2024, 12, 25, 14, 30, 45, 123999, UTC)) == "2024-12-25T14:30:45.123Z"


@pytest.mark.parametrize(
    "spelling",
    [True, "yesterday", None, [], 1e300, -1e300, 10**30, "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-01:00"],
)
def test_what_is_no_instant_is_refused(spelling):
    with pytest.raises(ValidationError):
        INSTANT.validate_python(spelling)


@pytest.mark.parametrize(
    ("weight", "kind"),
    [(0, "greater_than"), (-1, "greater_than"), (200, "less_than_equal"), ("5", "float_type"),
     (True, "float_type"), (float("nan"), "finite_number")],
)  # fmt: skip
def test_a_weight_that_no_scale_shows_is_refused_by_its_path(weight, kind):
    body = {"sender": PLACE, "recipient": PLACE, "parcels": [BOX | {"weight": weight}]}
    assert problems(QuoteRequest, body) == {"parcels.0.weight": kind}


def test_one_parcel_may_be_called_parcel():
    request = QuoteRequest.model_validate({"sender": PLACE, "recipient": PLACE, "parcel": BOX})
    assert [parcel.weight for parcel in request.parcels] == [2]


def test_a_price_needs_two_places_only_but_the_api_asks_for_names():
    QuoteRequest.model_validate({"sender": PLACE, "recipient": PLACE, "parcels": [BOX]})
    assert problems(ShipmentCreate, {"sender": PLACE, "recipient": NAMED, "parcels": [BOX]}) == {
        "sender.full.name": "missing",
        "sender.full.email": "missing",
        "sender.full.phone": "missing",
    }


@pytest.mark.parametrize("sender", ["ctct_abc", {"contact_id": "ctct_abc"}, NAMED])
def test_a_sender_is_a_contact_or_a_person(sender):
    ShipmentCreate.model_validate({"sender": sender, "recipient": NAMED, "parcels": [BOX]})


@pytest.mark.parametrize("nothing", [None, False, []])
def test_false_null_and_empty_all_mean_no_filter(nothing):
    options = ShipmentOptions.model_validate({"providers": nothing, "service_levels": nothing})
    assert (options.providers, options.service_levels) == (None, None)


def test_both_spellings_of_verify_address_are_read():
    assert ShipmentOptions.model_validate({"verify_address": True}).verify_addresses
    assert ShipmentOptions.model_validate({"verify_addresses": True}).verify_addresses


def test_unknown_fields_are_ignored():
    assert "colour" not in QuoteRequest.model_validate(
        {"sender": PLACE, "recipient": PLACE, "parcels": [BOX], "colour": "red"}
    ).model_dump()  # fmt: skip


def test_ids_tell_their_kind_and_never_repeat():
    ids = {new_id("ship") for _ in range(1000)}
    assert len(ids) == 1000
    assert all(looks_like_id(one, "ship") and len(one) == 37 for one in ids)
    assert not looks_like_id("ship_../../etc", "ship")


@pytest.mark.parametrize(("page", "total", "more"), [(1, 25, False), (1, 26, True), (2, 26, False)])
def test_a_page_knows_whether_another_follows(page, total, more):
    assert Page[int](items=[], page=page, limit=25, total_count=total).has_more is more


@pytest.mark.parametrize("latitude", [90.001, -91, "33.4", True, float("nan"), float("inf"), None])
def test_a_point_lies_on_the_earth(latitude):
    assert set(problems(Coordinates, {"latitude": latitude, "longitude": 0})) == {"latitude"}
    assert Coordinates(latitude=-90, longitude=180).longitude == 180


def test_metadata_is_merged_and_null_removes():
    kept = {"department": "Sales", "project": "Q1 Launch"}
    assert merged_metadata(kept, {"project": None, "floor": 3, "absent": None}) == {"department": "Sales", "floor": 3}
    assert kept == {"department": "Sales", "project": "Q1 Launch"}


def test_metadata_does_not_grow_without_end():
    kept = {str(number): number for number in range(50)}
    assert merged_metadata(kept, {"49": "changed"})["49"] == "changed"
    assert len(merged_metadata(kept, {"49": None, "50": 50})) == 50
    with pytest.raises(InvalidRequest, match="would have 51 keys, must hold at most 50") as caught:
        merged_metadata(kept, {"50": 50})
    assert caught.value.fields == ["metadata"]
