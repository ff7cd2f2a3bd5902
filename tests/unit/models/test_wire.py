"""The wire format: what is read, what is refused and under which path, what is written."""

from datetime import UTC, datetime

import pytest
from pydantic import TypeAdapter, ValidationError

from lib.models.base import UtcDateTime, iso_instant
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


@pytest.mark.parametrize("spelling", [True, "yesterday", None, []])
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
