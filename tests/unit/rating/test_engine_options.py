"""What the options of a quote do to its prices, worked out by hand.

Base of the sums, 5 lb from New York to a business in Chicago (zone 5) on 3 August 2026: UPS Ground 18.65 and fuel
26.5 % = 23.59; FedEx Ground 18.53, delivery
area 4.45 and fuel 26 % = 28.95.
"""

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.models.options import PROVIDERS, ShipmentOptions
from lib.models.rates import CUSTOMER_LINES
from lib.models.team import Courier, CourierBand, Discount, TeamSettings
from lib.rating.providers import REGISTRY
from lib.rating.quoting import RatingParcel, quote
from tests.unit.rating.engine_cases import lists, parcels, request
from tests.unit.rating.stand_ins import StandIn

UPS, FEDEX = 2359, 2895
COURIER = Courier(active=True, name="City bikes", bands=[CourierBand(max_weight_lb=50, max_miles=25, price=900)])
UNKNOWN_PREMIUM = (
    "The premium of FedEx for an on-demand pickup is not known here and not included; the settings take your own "
    "figure."
)
TEN_PERCENT = Discount(min_checkout_total=5000, percent=10)
FIVE_OFF = Discount(min_checkout_total=10_000, amount=500, providers=["ups", "usps"])


def _found(options, **changes):
    """Rates by service."""
    asked = request(options=ShipmentOptions(**options), **changes)
    return {rate.service_level.id: rate for rate in quote(asked).rates}


def _lines(rate, *codes):
    return [(line.label, line.amount, line.rule, line.estimate) for line in rate.breakdown.lines if line.code in codes]


def _reason(provider, options, **changes):
    asked = quote(request(options=ShipmentOptions(**options), **changes))
    return next((each.status, each.reason) for each in asked.outcomes if each.provider == provider)


@pytest.mark.parametrize(
    ("checkout_total", "ups", "fedex"),
    [
        (0, UPS, FEDEX),
        (4999, UPS, FEDEX),
        (5000, 2123, 2605),  # 10 % of 23.59 is 2.359, of 28.95 is 2.895: half a cent rounds up
        (10_000, 1859, 2605),  # 5.00 takes more off than 10 %, but not from FedEx
    ],
)
def test_a_discount_is_the_customers_and_not_the_teams(checkout_total, ups, fedex):
    team = TeamSettings(discounts=[TEN_PERCENT, FIVE_OFF])
    found = _found({"checkout_total": checkout_total}, team=team)
    assert (found["ups_ground"].amount, found["fedex_ground"].amount) == (ups, fedex)
    assert (found["ups_ground"].billed_amount, found["fedex_ground"].billed_amount) == (UPS, FEDEX)
    assert found["ups_ground"].breakdown.total == ups
    assert found["ups_ground"].breakdown.billed == UPS


def test_a_discount_is_a_line_that_says_its_rule():
    found = _found({"checkout_total": 12_345}, team=TeamSettings(discounts=[TEN_PERCENT, FIVE_OFF]))
    assert _lines(found["ups_ground"], "discount") == [
        ("Discount", -500, "5.00 USD off from a checkout of 100.00 USD on, by your settings", False)
    ]
    assert _lines(found["fedex_ground"], "discount") == [
        ("Discount", -290, "10 % off from a checkout of 50.00 USD on, by your settings", False)
    ]


def test_a_discount_takes_no_more_than_the_price_and_no_tip():
    team = TeamSettings(discounts=[Discount(min_checkout_total=1, amount=1_000_00)], courier=COURIER)
    near = {"destination_zip": "10011", "team": team}
    rate = _found({"checkout_total": 1, "same_day_tip_amount": 300}, **near)["self_courier"]
    assert (rate.billed_amount, rate.amount) == (1200, 300)
    assert [(line.code, line.amount) for line in rate.breakdown.lines] == [
        ("base", 900),
        ("tip", 300),
        ("discount", -900),
    ]


def test_amount_is_billed_amount_and_upcharge_less_discount(monkeypatch):
    monkeypatch.setitem(REGISTRY, "marketplace", StandIn("marketplace", 1000, upcharge=250))
    options = {"checkout_total": 5000, "request_provider_pickup": True}
    team = TeamSettings(discounts=[TEN_PERCENT], pickup_premium={"marketplace": 400})
    rate = _found(options, team=team)["marketplace_any"]
    # 10.00 and the pickup of 4.00 are billed; 10 % of 16.50 is 1.65.
    assert (rate.billed_amount, rate.amount) == (1400, 1485)
    assert [(line.code, line.amount) for line in rate.breakdown.lines] == [
        ("base", 1000),
        ("provider_pickup", 400),
        ("upcharge", 250),
        ("discount", -165),
    ]
    assert (rate.breakdown.billed, rate.breakdown.total) == (1400, 1485)
    assert _lines(rate, "upcharge") == [("Up-charge", 250, "As the stand-in likes", False)]


def test_the_recommended_rate_is_the_one_the_team_pays_least_for(monkeypatch):
    monkeypatch.setitem(REGISTRY, "marketplace", StandIn("marketplace", 1000, upcharge=5_000))
    found = quote(request())
    assert (found.recommended.provider.id, found.recommended.billed_amount, found.recommended.amount) == (
        "marketplace",
        1000,
        6000,
    )


def test_a_pickup_on_demand_is_a_line_where_the_team_knows_its_price():
    team = TeamSettings(pickup_premium={"ups": 1245, "usps": 0})
    found = _found({"request_provider_pickup": True}, team=team)
    assert _lines(found["ups_ground"], "provider_pickup") == [
        ("On-demand pickup", 1245, "For coming on demand; your own figure for UPS, from the settings", False)
    ]
    assert (found["ups_ground"].billed_amount, found["ups_ground"].amount) == (UPS + 1245, UPS + 1245)
    assert found["fedex_ground"].amount == FEDEX
    assert UNKNOWN_PREMIUM in found["fedex_ground"].breakdown.notes
    assert UNKNOWN_PREMIUM not in _found({}, team=team)["fedex_ground"].breakdown.notes
    assert "USPS comes on demand without a premium, by your own settings." in (
        found["usps_ground_advantage"].breakdown.notes
    )
    assert not _lines(_found({}, team=team)["ups_ground"], "provider_pickup")


def test_a_tip_is_added_to_same_day_rates_of_couriers_only():
    team = TeamSettings(courier=COURIER)
    found = _found({"same_day_tip_amount": 500}, destination_zip="10011", team=team)
    assert (found["self_courier"].billed_amount, found["self_courier"].amount) == (1400, 1400)
    assert _lines(found["self_courier"], "tip") == [
        ("Tip", 500, "As given in same_day_tip_amount, for the courier", False)
    ]
    assert not any(_lines(rate, "tip") for service, rate in found.items() if service != "self_courier")
    later = COURIER.model_copy(update={"service_level": "next_day"})
    found = _found({"same_day_tip_amount": 500}, destination_zip="10011", team=TeamSettings(courier=later))
    assert found["self_courier"].amount == 900


@pytest.mark.parametrize(
    ("declared", "ups", "fedex", "usps"),
    [
        (100_00, 0, 0, 340),
        (100_01, 511, 495, 440),
        (300_00, 511, 495, 445),
        (450_00, 850, 825, 745),  # five hundreds begun: 5 x 1.70, 5 x 1.65
        (750_00, 1360, 1320, 1195),  # 8 x 1.70, 8 x 1.65; 8.95 and two hundreds begun above 600 at 1.50
        (5_000_00, 8500, 8250, 7495),  # 50 x 1.70, 50 x 1.65; 8.95 and 44 x 1.50
    ],
)
def test_a_declared_value_costs_what_the_carrier_publishes(declared, ups, fedex, usps):
    found = _found({"declared_value": declared})
    paid = {
        service: [line.amount for line in found[service].breakdown.lines if line.code == "declared_value"]
        for service in ("ups_ground", "fedex_ground", "usps_ground_advantage")
    }
    assert [sum(amounts) for amounts in paid.values()] == [ups, fedex, usps]
    assert found["ups_ground"].amount == UPS + ups
    assert found["fedex_ground"].amount == FEDEX + fedex


def test_a_declared_value_says_its_rule_and_whether_it_is_an_estimate():
    found = _found({"declared_value": 450_00})
    assert _lines(found["ups_ground"], "declared_value") == [
        ("Declared value", 850, "450.00 USD: 1.70 for every 100 begun, at least 5.11, since Dec 22, 2025", True)
    ]
    assert _lines(found["fedex_ground"], "declared_value") == [
        ("Declared value", 825, "450.00 USD: 1.65 for every 100 begun, at least 4.95, since Jan 5, 2026", False)
    ]
    free = _found({"declared_value": 80_00})["ups_ground"]
    assert "UPS covers up to 100.00 USD a parcel without a fee." in free.breakdown.notes


def test_every_parcel_has_its_declared_value_and_signature():
    two = (RatingParcel(5, 9, 9, 9), RatingParcel(5, 9, 9, 9))
    rate = _found({"declared_value": 450_00, "signature": "adult"}, parcels=two)["fedex_ground"]
    assert [
        (line.code, line.amount, line.parcel)
        for line in rate.breakdown.lines
        if line.code in {"declared_value", "signature"}
    ] == [("declared_value", 825, 0), ("declared_value", 825, 1), ("signature", 1000, 0), ("signature", 1000, 1)]


@pytest.mark.parametrize(
    ("signature", "price_list", "fedex", "usps"),
    [
        ("direct", "retail", 760, 495),
        ("direct", "commercial", 760, 395),
        ("adult", "retail", 1000, 840),
        ("indirect", "retail", 760, None),
        ("none", "retail", None, None),
    ],
)
def test_a_signature_costs_what_the_carrier_publishes(signature, price_list, fedex, usps):
    found = _found({"signature": signature}, team=TeamSettings(usps_price_list=price_list))
    paid = {service: [line[1] for line in _lines(rate, "signature")] for service, rate in found.items()}
    assert paid["fedex_ground"] == ([] if fedex is None else [fedex])
    assert paid.get("usps_ground_advantage", []) == ([] if usps is None else [usps])
    assert paid["ups_ground"] == []
    told = "UPS publishes no fee for a signature here, so none is included." in found["ups_ground"].breakdown.notes
    assert told is (signature != "none")


def test_what_a_carrier_cannot_do_is_said():
    assert _reason("usps", {"signature": "indirect"}) == ("not_served", "USPS has no indirect signature")
    assert _reason("usps", {"declared_value": 5_000_01}) == (
        "not_served",
        "USPS insures up to 5,000.00 USD, less than the declared value of 5,000.01 USD",
    )
    team = TeamSettings(courier=COURIER)
    rate = _found({"declared_value": 500_00}, destination_zip="10011", team=team)["self_courier"]
    assert rate.amount == 900
    assert "City bikes publishes no fee for a declared value, so none is included." in rate.breakdown.notes


def test_rate_types_bring_what_the_counter_does():
    team = TeamSettings.model_validate(
        {
            "pickup": {"active": True, "name": "Front desk", "ready_mins": 90},
            "received": {"active": True, "price": 250},
            "discounts": [{"min_checkout_total": 1, "percent": 50}],
        }
    )
    assert not {"self_pickup", "self_received"} & set(_found({}, team=team))
    assert _reason("self", {}, team=team) == (
        "filtered",
        "Your own courier is not switched on in the settings; 2 taken out by rate_types",
    )
    found = _found({"rate_types": ["pickup", "received"], "checkout_total": 1, "lead_time_mins": 30}, team=team)
    assert set(found) == {"self_pickup", "self_received"}
    pickup, received = found["self_pickup"], found["self_received"]
    assert (pickup.type, pickup.service_level.rate_type, pickup.amount, pickup.billed_amount) == (
        "pickup",
        "pickup",
        0,
        0,
    )
    # Asked at noon in New York, to leave half an hour later, ready 90 minutes after that.
    assert pickup.pickup_at == pickup.service_level.estimated_delivery == datetime(2026, 8, 3, 18, tzinfo=UTC)
    assert (pickup.service_level.name, pickup.service_level.terms) == (
        "Front desk",
        "Collected at the sender's counter",
    )
    assert (received.amount, received.billed_amount, received.service_level.code) == (125, 250, "on_demand")
    assert (received.test_label, received.provider.id) == (False, "self")


def test_rate_types_that_nobody_offers_are_said():
    found = quote(request(options=ShipmentOptions(rate_types=["delivery", "pickup", "received"])))
    assert len(found.rates) == 17
    assert found.notes == [
        "Pickup rates were asked for, but in-store pickup is not switched on in the settings.",
        "Received rates were asked for, but handing over at the counter is not switched on in the settings.",
    ]
    only = quote(request(options=ShipmentOptions(rate_types=["pickup"])))
    assert only.notes[-1] == "No rate meets rate_types, so all rates are shown."
    assert len(only.rates) == 17


discounts = st.lists(
    st.builds(Discount, min_checkout_total=st.integers(1, 20_000), percent=st.floats(0.01, 100))
    | st.builds(Discount, min_checkout_total=st.integers(1, 20_000), amount=st.integers(1, 10_000)),
    max_size=3,
)
teams = st.builds(
    TeamSettings,
    usps_price_list=lists,
    courier=st.just(COURIER),
    discounts=discounts,
    pickup_premium=st.dictionaries(st.sampled_from(PROVIDERS), st.integers(0, 5_000)),
)
options = st.builds(
    ShipmentOptions,
    checkout_total=st.integers(0, 30_000),
    declared_value=st.integers(0, 6_000_00),
    signature=st.sampled_from(["none", "direct", "indirect", "adult"]),
    request_provider_pickup=st.booleans(),
    same_day_tip_amount=st.integers(0, 2_000),
    rate_types=st.just(["delivery", "pickup"]),
)


@settings(max_examples=60, deadline=None)
@given(teams, options, st.lists(parcels(), min_size=1, max_size=3))
def test_lines_sum_exactly_to_the_amount_whatever_is_asked_for(team, asked, boxes):
    found = quote(request(team=team, options=asked, parcels=tuple(boxes), destination_zip="10011"))
    assert found.recommended is None or found.recommended.billed_amount == min(
        rate.billed_amount for rate in found.rates
    )
    for rate in found.rates:
        lines = rate.breakdown.lines
        assert rate.amount == rate.breakdown.total == sum(line.amount for line in lines)
        assert rate.billed_amount == sum(line.amount for line in lines if line.code not in CUSTOMER_LINES)
        assert 0 <= rate.amount <= rate.billed_amount
        assert [line.code for line in lines if line.amount < 0] in ([], ["discount"])
