"""Prices by rate cards, worked out by hand from FedEx's published 18.53 for 5 lb to zone 5 by Ground."""

from dataclasses import replace
from datetime import UTC, date, datetime

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.models.options import ShipmentOptions
from lib.models.team import Courier, CourierBand, TeamSettings
from lib.rating.batch import rate_many, zip_numbers
from lib.rating.cards.book import CardBook
from lib.rating.cards.templates import template
from lib.rating.price_lists import list_for
from lib.rating.quoting import RatingParcel, RatingRequest, quote
from tests.unit.rating.card_cases import book, card
from tests.unit.rating.engine_cases import MONDAY_NOON, parcels, request, ship_times, zips

# A tenth of fuel keeps the sums easy; New York to Chicago is zone 5 for FedEx and UPS, 60618 without an area fee.
CHICAGO = "60618"
TEAM = TeamSettings(fuel_percent={"fedex_ground": 10, "ups_ground": 10})
NEGOTIATED = "provider,service,package,max_weight_lb,5\nfedex,ground,package,5,12.34\n"
COURIERS = """courier,service_level,max_weight_lb,max_miles,price_usd
City bikes,same_day,10,10,9.00
City bikes,same_day,10,25,14.00
Night van,next_day,50,25,11.50
"""


def _rates(**changes):
    asked = request(**({"team": TEAM, "destination_zip": CHICAGO} | changes))
    return {rate.service_level.id: rate for rate in quote(asked).rates}


def _fedex(*cards, **changes):
    return _rates(cards=book(*cards), **changes)["fedex_ground"]


def _lines(rate):
    return [(line.code, line.amount) for line in rate.breakdown.lines]


def test_without_cards_the_published_price_stands_alone():
    rate = _fedex()
    assert (rate.amount, rate.billed_amount, rate.retail_amount) == (2038, 2038, None)
    assert _lines(rate) == [("base", 1853), ("fuel", 185)]


def test_an_adjustment_is_a_line_on_the_base_price_and_fuel_is_on_what_is_left():
    rate = _fedex(card("adjustment", "provider,service,percent\nfedex,ground,-12.5\n", name="Our agreement"))
    assert _lines(rate) == [("base", 1853), ("adjustment", -232), ("fuel", 162)]
    assert (rate.amount, rate.billed_amount, rate.retail_amount) == (1783, 1783, 2038)
    line = rate.breakdown.lines[1]
    assert line.rule == "-12.5 % on the base price, by rate card “Our agreement” of Jul 1, 2026"
    assert rate.breakdown.price_list == "FedEx Standard List Rates 2026"
    assert "The published price is $20.38, by FedEx Standard List Rates 2026." in rate.breakdown.notes


def test_an_adjustment_may_raise_the_price():
    rate = _fedex(card("adjustment", "provider,service,percent\nfedex,,10\n"))
    assert _lines(rate) == [("base", 1853), ("adjustment", 185), ("fuel", 204)]
    assert (rate.billed_amount, rate.retail_amount) == (2242, 2038)


def test_the_narrowest_change_of_the_newest_card_counts():
    wide = card("adjustment", "provider,service,percent\nfedex,,-50\nfedex,ground,-10\n", number=1)
    assert dict(_lines(_fedex(wide)))["adjustment"] == -185
    newer = card("adjustment", "provider,service,percent\nfedex,,-20\n", number=2)
    assert dict(_lines(_fedex(wide, newer)))["adjustment"] == -371
    other = card("adjustment", "provider,service,percent\nfedex,express_saver,-20\n", number=3)
    assert dict(_lines(_fedex(wide, other)))["adjustment"] == -185


def test_a_variant_is_not_meant_by_the_name_of_its_service():
    named = card("adjustment", "provider,service,percent\nfedex,two_day,-10\n")
    package = (RatingParcel(5, 12, 8, 5, "fedex_medium_box"),)
    rates = _rates(cards=book(named), parcels=package)
    assert rates["fedex_two_day_one_rate"].retail_amount is None
    wide = _rates(cards=book(card("adjustment", "provider,service,percent\nfedex,,-10\n")), parcels=package)
    assert wide["fedex_two_day_one_rate"].retail_amount == rates["fedex_two_day_one_rate"].billed_amount


def test_a_negotiated_price_replaces_the_list_price_and_names_the_card():
    rate = _fedex(card("negotiated", NEGOTIATED, name="Contract 77", until=date(2026, 12, 31)))
    assert _lines(rate) == [("base", 1234), ("fuel", 123)]
    assert (rate.amount, rate.billed_amount, rate.retail_amount) == (1357, 1357, 2038)
    found = rate.breakdown
    assert (found.price_list, found.effective, found.until) == ("Contract 77", date(2026, 7, 1), date(2026, 12, 31))
    assert found.lines[0].rule == "Contract 77: zone 5, 5 lb, package"
    assert found.notes[-2:] == [
        "The published price is $20.38, by FedEx Standard List Rates 2026.", "Fees and fuel are the published ones.",
    ]  # fmt: skip


def test_a_negotiated_price_keeps_the_fees_of_the_list():
    plain, dear = RatingParcel(5, 12, 8, 5), RatingParcel(5, 50, 8, 1)
    own = card("negotiated", "provider,service,package,max_weight_lb,5\nfedex,ground,package,50,12.34\n")
    assert "additional_handling" not in dict(_lines(_fedex(own, parcels=(plain,))))
    listed, ours = _fedex(parcels=(dear,)), _fedex(own, parcels=(dear,))
    assert dict(_lines(ours))["additional_handling"] == dict(_lines(listed))["additional_handling"]
    assert dict(_lines(ours))["base"] == 1234


def test_a_shipment_that_a_card_prices_only_in_part_keeps_the_list():
    both = (RatingParcel(5, 12, 8, 5), RatingParcel(9, 12, 8, 5))
    own = card("negotiated", NEGOTIATED)
    assert _fedex(own, parcels=both).retail_amount is None
    assert _fedex(own, parcels=both).amount == _fedex(parcels=both).amount
    discount = card("adjustment", "provider,service,percent\nfedex,,-10\n", number=2)
    assert _fedex(own, discount, parcels=both).retail_amount == _fedex(parcels=both).amount
    assert _lines(_fedex(own, discount)) == [("base", 1234), ("fuel", 123)]


def test_a_price_by_the_pound_is_never_taken_for_the_price_of_a_parcel():
    text = "provider,service,package,max_weight_lb,5\nups,ground,package,150,50\nups,ground,per_lb_over_150,,1.05\n"
    cards, large = book(card("negotiated", text)), (RatingParcel(20, 30, 30, 30),)
    listed, ours = _rates(parcels=large)["ups_ground"], _rates(cards=cards, parcels=large)["ups_ground"]
    assert listed.breakdown.parcels[0].billable == 195
    assert (ours.billed_amount, ours.retail_amount) == (listed.billed_amount, None)


def test_an_up_charge_stands_between_what_is_billed_and_what_is_asked():
    text = "provider,service,percent,amount_usd\n,,5,0.50\nups,,0,0\n"
    cards = book(card("upcharge", text, name="House rule"))
    rate = _rates(cards=cards)["fedex_ground"]
    assert _lines(rate) == [("base", 1853), ("fuel", 185), ("upcharge", 152)]
    assert (rate.amount, rate.billed_amount, rate.retail_amount) == (2190, 2038, None)
    assert rate.breakdown.lines[-1].rule == "+5 % and +$0.50, by rate card “House rule” of Jul 1, 2026"
    ups = _rates(cards=cards)["ups_ground"]
    assert ups.amount == ups.billed_amount


def test_an_up_charge_is_on_the_price_after_the_discount():
    discount = card("adjustment", "provider,service,percent\nfedex,ground,-12.5\n")
    charge = card("upcharge", "provider,service,percent,amount_usd\nfedex,ground,10,0\n", number=2)
    rate = _fedex(discount, charge)
    assert _lines(rate) == [("base", 1853), ("adjustment", -232), ("fuel", 162), ("upcharge", 178)]
    assert (rate.amount, rate.billed_amount, rate.retail_amount) == (1961, 1783, 2038)


def test_own_couriers_of_cards_stand_beside_the_one_of_the_settings():
    courier = Courier(active=True, name="Our van", bands=[CourierBand(max_weight_lb=50, max_miles=50, price=2000)])
    cards = book(card("courier", COURIERS, name="Couriers 2026"))
    found = _rates(destination_zip="10128", team=TeamSettings(courier=courier), cards=cards)
    ours = {name: rate for name, rate in found.items() if rate.provider.id == "self"}
    assert {name: (rate.provider.name, rate.amount, rate.service_level.days) for name, rate in ours.items()} == {
        "self_courier": ("Our van", 2000, 0),
        "self_city_bikes_same_day": ("City bikes", 900, 0),
        "self_night_van_next_day": ("Night van", 1150, 1),
    }
    bikes = ours["self_city_bikes_same_day"].breakdown
    assert (bikes.price_list, bikes.effective) == ("Couriers 2026", date(2026, 7, 1))
    assert bikes.lines[0].rule == "Couriers 2026: up to 10 lb and 10 miles"
    assert not ours["self_city_bikes_same_day"].test_label


def test_independent_couriers_are_the_marketplace():
    cards = book(card("marketplace", COURIERS))
    found = _rates(destination_zip="10128", cards=cards)["marketplace_night_van_next_day"]
    assert (found.provider.id, found.provider.name, found.provider.marketplace) == ("marketplace", "Night van", True)
    far = {each.provider: each for each in quote(request(cards=cards)).outcomes}["marketplace"]
    assert (far.status, far.reason) == ("not_served", "710 miles are more than the 25 that the rate card reaches")


def test_a_courier_asks_what_its_newest_card_says():
    older = card("courier", COURIERS, number=1)
    newer = card(
        "courier", "courier,service_level,max_weight_lb,max_miles,price_usd\nCity bikes,same_day,10,25,10.00\n",
        number=2, effective=date(2026, 8, 3),
    )  # fmt: skip
    cards = book(older, newer)
    sunday = datetime(2026, 8, 2, 16, tzinfo=UTC)
    for at, bikes in ((sunday, 900), (MONDAY_NOON, 1000)):
        found = _rates(destination_zip="10128", cards=cards, ship_at=at)
        assert found["self_city_bikes_same_day"].amount == bikes
        assert found["self_night_van_next_day"].amount == 1150


def test_surepost_is_priced_by_zone_from_a_card():
    cards = book(card("negotiated", template("negotiated")))
    light = (RatingParcel(0.4, 8, 6, 2),)
    rate = _rates(cards=cards, parcels=light)["upssurepost_ground"]
    assert (rate.amount, rate.retail_amount, rate.service_level.name) == (730, None, "UPS SurePost")
    assert rate.breakdown.zone == "5"
    heavy = {each.provider: each for each in quote(request(cards=cards)).outcomes}["upssurepost"]
    assert heavy.reason == "A parcel is over the 1 lb that the rate card reaches"


def test_surepost_is_priced_by_distance_from_a_card():
    text = "max_weight_lb,max_miles,price_usd\n10,500,8.10\n10,1000,9.20\n"
    by_miles = card("negotiated", text, name="SurePost by miles", number=2)
    rate = _rates(cards=book(card("negotiated", template("negotiated")), by_miles))["upssurepost_ground"]
    assert (rate.amount, rate.breakdown.price_list) == (920, "SurePost by miles")


LIST = """provider,price_list,service,package,max_weight_lb,2,3,4,5,6,7,8
ups,daily,ground,package,5,10,10,10,11.11,12,12,12
"""


def test_the_days_decide_which_list_holds():
    newer = card("published", LIST, name="UPS autumn", effective=date(2026, 9, 1), until=date(2026, 9, 30))
    cards = book(newer)
    found = {
        day: _rates(cards=cards, ship_at=datetime(2026, *day, 16, tzinfo=UTC))["ups_ground"].breakdown
        for day in ((8, 31), (9, 1), (9, 30), (10, 1))
    }
    assert {day: each.price_list for day, each in found.items()} == {
        (8, 31): "UPS Daily Rates 2026",
        (9, 1): "UPS autumn",
        (9, 30): "UPS autumn",
        (10, 1): "UPS Daily Rates 2026",
    }
    assert found[9, 1].lines[0].amount == 1111
    assert (found[9, 1].effective, found[9, 1].until, found[9, 1].in_period) == (
        date(2026, 9, 1), date(2026, 9, 30), True,
    )  # fmt: skip


def test_services_that_a_newer_list_leaves_out_stay_on_the_older_one():
    cards = book(card("published", LIST, name="UPS autumn"))
    found = _rates(cards=cards)
    assert found["ups_ground"].breakdown.price_list == "UPS autumn"
    assert found["ups_next_day_air"].breakdown.price_list == "UPS Daily Rates 2026"


def test_a_loaded_list_comes_before_a_printed_one_of_the_same_day():
    printed = list_for("ups", "daily", "ground", date(2026, 8, 3), "package")[0]
    cards = book(card("published", LIST, name="UPS corrected", effective=printed.effective))
    assert list_for("ups", "daily", "ground", date(2026, 8, 3), "package", cards=cards)[0].name == "UPS corrected"


EVERYTHING = book(
    card("adjustment", "provider,service,percent\nups,,-10\nfedex,ground,-12.5\nusps,,3.33\n", number=1),
    card("negotiated", template("negotiated"), number=2),
    card("upcharge", template("upcharge"), number=3),
    card("courier", COURIERS, number=4),
    card("marketplace", COURIERS, number=5),
    card("published", LIST, number=6),
)
NOTHING = book(
    card("adjustment", "provider,service,percent\nups,,0\nfedex,,0\nusps,,0\n", number=1),
    card("upcharge", "provider,service,percent,amount_usd\n,,0,0\n", number=2),
)
laws = settings(max_examples=40, deadline=None)


@st.composite
def requests(draw: st.DrawFn) -> RatingRequest:
    return request(
        origin_zip=draw(zips),
        destination_zip=draw(zips),
        parcels=tuple(draw(st.lists(parcels(), min_size=1, max_size=3))),
        residential=draw(st.booleans()),
        ship_at=draw(ship_times),
    )


def _whole(asked):
    return [rate.model_dump(exclude={"id", "created_at"}) for rate in quote(asked).rates]


@laws
@given(requests())
def test_a_change_of_zero_percent_changes_nothing(asked):
    assert _whole(replace(asked, cards=NOTHING)) == _whole(asked)


@laws
@given(requests())
def test_lines_sum_to_the_amount_under_any_cards(asked):
    published = {rate.service_level.id: rate for rate in quote(asked).rates}
    for rate in quote(replace(asked, cards=EVERYTHING)).rates:
        charged = sum(line.amount for line in rate.breakdown.lines if line.code == "upcharge")
        assert sum(line.amount for line in rate.breakdown.lines) == rate.breakdown.total == rate.amount
        assert rate.billed_amount + charged == rate.amount > 0
        listed = published.get(rate.service_level.id)
        if rate.retail_amount is not None and rate.service_level.id != "ups_ground":
            assert rate.retail_amount == listed.amount


@laws
@given(requests(), st.floats(0.05, 150))
def test_a_heavier_parcel_never_costs_less_under_discounts_and_up_charges(asked, pounds):
    cards = book(
        card("adjustment", "provider,service,percent\nups,,-37.77\nfedex,,-12.5\nusps,,9\n"),
        card("upcharge", "provider,service,percent,amount_usd\n,,7.5,0.33\n", number=2),
    )
    first, *others = asked.parcels
    heavier = replace(first, weight=max(first.weight, pounds))
    before, after = (
        {rate.service_level.id: rate.amount for rate in quote(replace(asked, parcels=boxes, cards=cards)).rates}
        for boxes in (asked.parcels, (heavier, *others))
    )
    assert {service: cents for service, cents in after.items() if cents < before.get(service, 0)} == {}


@pytest.mark.parametrize("cards", [EVERYTHING, CardBook.EMPTY], ids=["cards", "none"])
def test_the_batch_and_the_single_quote_agree(cards):
    random = np.random.default_rng(7)
    asked = [
        request(
            origin_zip="10001",
            destination_zip=str(random.choice(["60601", "10128", "90012", "33139", "11201"])),
            parcels=tuple(RatingParcel(random.gamma(1, 4) + 0.05, *random.gamma(3, 3, 3)) for _ in range(count)),
            residential=bool(random.random() < 0.5),
            options=ShipmentOptions(return_other_rates=False),
            team=TEAM,
            cards=cards,
        )
        for count in random.integers(1, 3, 150)
    ]
    boxes = [parcel for each in asked for parcel in each.parcels]
    table = rate_many(
        origin_zip=zip_numbers([each.origin_zip for each in asked]),
        destination_zip=zip_numbers([each.destination_zip for each in asked]),
        weight=np.array([box.weight for box in boxes]),
        sides=np.array([(box.length, box.width, box.height) for box in boxes]),
        residential=np.array([each.residential for each in asked]),
        owner=np.repeat(np.arange(len(asked)), [len(each.parcels) for each in asked]),
        on=MONDAY_NOON.date(),
        team=TEAM,
        cards=cards,
    )
    for row, single in enumerate(asked):
        many = {name: cents for name, cents in zip(table.services, table.cents[row], strict=True) if cents >= 0}
        assert many == {rate.service_level.id: rate.billed_amount for rate in quote(single).rates}
