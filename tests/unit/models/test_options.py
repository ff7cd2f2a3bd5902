"""Options: what was given, what the team's settings fill in, and what goes back to them."""

import pytest
from pydantic import ValidationError

from lib.models.options import ShipmentOptions
from lib.models.team import Discount, TeamSettings

DEFAULTS = ShipmentOptions(
    providers=["ups", "usps"],
    max_delivery_days=5,
    lead_time_mins=60,
    provider_timeout=2_000,
    verify_addresses=True,
    return_other_rates=False,
    provider_instructions="Ring twice",
)


def test_what_is_left_out_is_as_the_team_has_set_it():
    given = ShipmentOptions.model_validate({"lead_time_mins": 0, "service_levels": ["ground"]})
    assert given.over(DEFAULTS).model_dump() == {
        **DEFAULTS.model_dump(),
        "lead_time_mins": 0,
        "service_levels": ["ground"],
    }
    assert ShipmentOptions().over(DEFAULTS) == DEFAULTS


@pytest.mark.parametrize("nothing", [None, False])
@pytest.mark.parametrize(
    "name",
    ["providers", "service_levels", "rate_types", "max_delivery_days", "lead_time_mins", "checkout_total",
     "same_day_tip_amount", "declared_value", "signature", "provider_instructions", "provider_timeout",
     "tracker_chained_status"],
)  # fmt: skip
def test_false_and_null_restore_the_default(name, nothing):
    given = ShipmentOptions.model_validate({name: nothing})
    assert given.model_fields_set == set()
    assert getattr(given.over(DEFAULTS), name) == getattr(DEFAULTS, name)


@pytest.mark.parametrize(
    "name", ["verify_address", "verify_addresses", "return_other_rates", "request_provider_pickup"]
)
def test_false_is_an_answer_for_a_switch(name):
    plain = ShipmentOptions(verify_addresses=True, return_other_rates=True, request_provider_pickup=True)
    kept = "verify_addresses" if name == "verify_address" else name
    assert getattr(ShipmentOptions.model_validate({name: False}).over(plain), kept) is False
    assert getattr(ShipmentOptions.model_validate({name: None}).over(plain), kept) is True


def test_changes_keep_the_rest_and_null_goes_back_to_the_teams_default():
    before = ShipmentOptions(providers=["fedex"], lead_time_mins=5, verify_addresses=False).over(DEFAULTS)
    after = before.changed({"providers": None, "verify_address": None, "checkout_total": 700, "colour": 1}, DEFAULTS)
    assert after.model_dump() == {**DEFAULTS.model_dump(), "lead_time_mins": 5, "checkout_total": 700}


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"provider_timeout": 499}, "provider_timeout"),
        ({"provider_timeout": 20_001}, "provider_timeout"),
        ({"signature": "blood"}, "signature"),
        ({"declared_value": 50_000_01}, "declared_value"),
        ({"declared_value": 1.5}, "declared_value"),
        ({"lead_time_mins": True}, "lead_time_mins"),
        ({"same_day_tip_amount": -1}, "same_day_tip_amount"),
        ({"rate_types": ["delivered"]}, "rate_types"),
    ],
)
def test_what_no_option_can_be_is_refused(given, field):
    with pytest.raises(ValidationError) as caught:
        ShipmentOptions.model_validate(given)
    assert {problem["loc"][0] for problem in caught.value.errors()} == {field}


def test_the_bounds_of_the_timeout_are_allowed():
    assert [ShipmentOptions(provider_timeout=each).provider_timeout for each in (500, 20_000)] == [500, 20_000]
    assert ShipmentOptions().provider_timeout == 15_000


@pytest.mark.parametrize("given", [{}, {"percent": 5, "amount": 100}])
def test_a_discount_is_a_percentage_or_an_amount(given):
    with pytest.raises(ValidationError, match="either percent or amount"):
        Discount.model_validate({"min_checkout_total": 1, **given})


def test_settings_survive_being_written_and_read():
    team = TeamSettings.model_validate(
        {
            "default_options": {"providers": ["usps"], "rate_types": False},
            "discounts": [{"min_checkout_total": 5000, "percent": 10}],
            "pickup": {"active": True},
            "doordash": {"active": True, "hours": {"saturday": {"open": "10:00", "close": "12:30"}}},
            "pickup_premium": {"ups": 1245},
        }
    )
    assert TeamSettings.model_validate_json(team.model_dump_json()) == team
    assert (team.pickup.name, team.received.active) == ("In-store pickup", False)
    hours = team.doordash.hours
    assert (hours.monday.active, hours.monday.open, hours.monday.close) == (True, "09:00", "17:00")
    assert (hours.saturday.active, hours.sunday.active) == (True, False)
