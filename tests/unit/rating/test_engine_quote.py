"""Outcomes, filters and their fallback, packages, and what a rate says about itself."""

from datetime import UTC, date, datetime

import pytest

from lib.models.errors import InvalidRequest
from lib.models.options import PROVIDERS, ShipmentOptions
from lib.models.parcels import ParcelInput
from lib.models.team import Courier, CourierBand, TeamSettings
from lib.rating.providers import REGISTRY
from lib.rating.providers.ups import Ups
from lib.rating.quoting import RatingParcel, quote, resolve_parcels
from tests.unit.rating.engine_cases import prices, request

TIMES = "\N{MULTIPLICATION SIGN}"
UP = "sides rounded up"
LEAST_40 = "at least 40 lb for additional handling by size"
COURIER = Courier(
    active=True,
    name="City bikes",
    bands=[
        CourierBand(max_weight_lb=10, max_miles=10, price=900),
        CourierBand(max_weight_lb=50, max_miles=25, price=2200),
    ],
)


def _outcomes(**changes):
    return {each.provider: each for each in quote(request(**changes)).outcomes}


def _box(code, weight=None, **sides):
    return resolve_parcels([ParcelInput(type=code, weight=weight, **sides)])


def test_every_provider_asked_has_an_outcome():
    found = _outcomes()
    assert set(found) == set(PROVIDERS)
    assert {code: (each.status, each.rates) for code, each in found.items()} == {
        "usps": ("rates", 3),
        "ups": ("rates", 7),
        "fedex": ("rates", 7),
        "self": ("not_served", 0),
        "upssurepost": ("not_served", 0),
        "doordash": ("not_served", 0),
        "marketplace": ("not_served", 0),
    }
    assert all(each.reason for each in found.values() if each.status == "not_served")
    assert "publishes no SurePost prices" in found["upssurepost"].reason


def test_services_have_the_names_and_codes_of_the_api():
    found = quote(request()).rates
    assert {rate.service_level.id: (rate.service_level.code, rate.service_level.name) for rate in found} == {
        "usps_ground_advantage": ("ground", "USPS Ground Advantage"),
        "usps_priority_mail": ("two_day", "Priority Mail"),
        "usps_priority_mail_express": ("next_day", "Priority Mail Express"),
        "ups_ground": ("ground", "UPS Ground"),
        "ups_three_day_select": ("three_day", "UPS 3 Day Select"),
        "ups_second_day_air": ("two_day", "UPS 2nd Day Air"),
        "ups_second_day_air_am": ("two_day_early", "UPS 2nd Day Air A.M."),
        "ups_next_day_air_saver": ("next_day_later", "UPS Next Day Air Saver"),
        "ups_next_day_air": ("next_day", "UPS Next Day Air"),
        "ups_next_day_air_early": ("next_day_early", "UPS Next Day Air Early"),
        "fedex_ground": ("ground", "FedEx Ground"),
        "fedex_express_saver": ("three_day", "FedEx Express Saver"),
        "fedex_two_day": ("two_day", "FedEx 2Day"),
        "fedex_two_day_am": ("two_day_early", "FedEx 2Day AM"),
        "fedex_standard_overnight": ("next_day_later", "FedEx Standard Overnight"),
        "fedex_priority_overnight": ("next_day", "FedEx Priority Overnight"),
        "fedex_first_overnight": ("next_day_early", "FedEx First Overnight"),
    }


def test_fedex_ground_to_a_home_is_home_delivery():
    home = prices(request(residential=True))
    assert "fedex_home_delivery" in home
    assert "fedex_ground" not in home


def test_prices_for_books_are_quoted_only_where_the_team_asked_for_them():
    assert {"usps_media_mail", "usps_library_mail"}.isdisjoint(prices(request()))
    found = quote(request(team=TeamSettings(books_only_services=["media_mail"])))
    media = next(rate for rate in found.rates if rate.service_level.id == "usps_media_mail")
    assert media.service_level.terms == "2\N{EN DASH}8 business days, books and media only"
    assert (media.service_level.code, media.service_level.name) == ("ground", "Media Mail")
    assert found.recommended == media
    assert "usps_library_mail" not in {rate.service_level.id for rate in found.rates}


def test_service_level_filter_says_what_it_took_out():
    found = quote(request(options=ShipmentOptions(service_levels=["two_day"])))
    assert sorted(rate.service_level.id for rate in found.rates) == [
        "fedex_two_day",
        "ups_second_day_air",
        "usps_priority_mail",
    ]
    ups = next(each for each in found.outcomes if each.provider == "ups")
    assert (ups.status, ups.rates, ups.reason) == ("rates", 1, "6 taken out by service_levels")
    assert found.notes == []


def test_max_delivery_days_counts_days_on_the_calendar():
    friday = datetime(2026, 8, 7, 16, tzinfo=UTC)
    for days, expected in ((2, 0), (3, 6)):
        options = ShipmentOptions(max_delivery_days=days, return_other_rates=False)
        assert len(quote(request(ship_at=friday, options=options)).rates) == expected


def test_only_the_providers_named_are_asked():
    found = quote(request(options=ShipmentOptions(providers=["usps"])))
    assert {rate.provider.id for rate in found.rates} == {"usps"}
    assert {each.provider: (each.status, each.rates, each.reason) for each in found.outcomes} == {
        "usps": ("rates", 3, None)
    } | dict.fromkeys(set(PROVIDERS) - {"usps"}, ("filtered", 0, "Not asked: left out by providers"))


def test_when_filters_remove_everything_all_rates_but_offline_ones_come_back():
    team = TeamSettings(courier=COURIER.model_copy(update={"offline_delivery": True}))
    asked = request(destination_zip="10011", team=team)
    assert "self_courier" in prices(asked)
    options = ShipmentOptions(service_levels=["on_demand"])
    found = quote(request(destination_zip="10011", team=team, options=options))
    assert len(found.rates) == 17
    assert "self_courier" not in prices(found)
    assert found.notes == ["No rate meets service_levels, so all rates are shown."]
    own = next(each for each in found.outcomes if each.provider == "self")
    assert (own.status, own.rates, own.reason) == ("filtered", 0, "1 taken out by service_levels")


def test_providers_without_rates_fall_back_to_the_others():
    found = quote(request(options=ShipmentOptions(providers=["doordash"])))
    assert len(found.rates) == 17
    assert found.notes == ["No rate meets providers, so all rates are shown."]
    assert found.recommended is not None


def test_without_other_rates_nothing_comes_back():
    options = ShipmentOptions(providers=["usps"], rate_types=["pickup"], return_other_rates=False)
    found = quote(request(options=options))
    assert (found.rates, found.recommended) == ([], None)
    assert found.notes == ["Pickup rates were asked for, but in-store pickup is not switched on in the settings."]
    assert (found.outcomes[0].status, found.outcomes[0].reason) == ("filtered", "3 taken out by rate_types")


def test_a_failing_provider_leaves_the_others_standing(monkeypatch, caplog):
    def fail(_lot):
        raise RuntimeError("no prices today")

    broken = Ups()
    monkeypatch.setattr(broken, "price", fail)
    monkeypatch.setitem(REGISTRY, "ups", broken)
    found = _outcomes()
    assert (found["ups"].status, found["ups"].reason) == ("error", "The prices could not be worked out")
    assert found["fedex"].rates == 7
    assert "no prices today" in caplog.text


def test_own_courier_charges_the_cheapest_band_per_parcel():
    team = TeamSettings(courier=COURIER)
    near = {"destination_zip": "10011", "team": team, "options": ShipmentOptions(providers=["self"])}
    assert prices(request(**near)) == {"self_courier": 900}
    assert prices(request(**near, parcels=(RatingParcel(5, 9, 9, 9), RatingParcel(20, 9, 9, 9)))) == {
        "self_courier": 3100
    }
    rate = quote(request(**near)).rates[0]
    assert (rate.provider.name, rate.test_label, rate.service_level.code) == ("City bikes", False, "same_day")
    assert rate.service_level.terms == "Same business day"
    far = _outcomes(team=team)["self"]
    assert far.reason == "710 miles are more than the 25 that the rate card reaches"


@pytest.mark.parametrize(
    ("provider", "changes", "reason"),
    [
        ("usps", {"parcels": (RatingParcel(71, 9, 9, 9),)}, "Above what USPS takes: 70 lb, 130 in length plus girth"),
        (
            "ups",
            {"parcels": (RatingParcel(10, 109, 9, 9),)},
            "Above what UPS takes: 150 lb, 108 in long, 165 in length plus girth, or more than the packaging holds",
        ),
        ("ups", {"destination_zip": "09012"}, "UPS publishes no zone from ZIP 100 to 090"),
        ("fedex", {"destination_zip": "00901"}, "FedEx publishes no zone from ZIP 100 to 009"),
        ("ups", {"parcels": _box("usps_small_flat_rate_box")}, "UPS does not take Small Flat Rate Box"),
        (
            "fedex",
            {"parcels": (RatingParcel(20, 50, 28, 27),)},
            "The FedEx list ends at 150 lb; this is billed above that",
        ),
    ],
)
def test_a_provider_says_why_it_does_not_serve(provider, changes, reason):
    found = _outcomes(**changes)[provider]
    assert (found.status, found.rates, found.reason) == ("not_served", 0, reason)


def test_predefined_packages_are_priced_and_named_by_their_carrier_only():
    small = quote(request(parcels=_box("usps_small_flat_rate_box")))
    assert [(rate.service_level.name, rate.amount) for rate in small.rates] == [
        ("Priority Mail Small Flat Rate Box", 1365)
    ]
    assert small.rates[0].breakdown.zone == "Not zoned"
    envelope = quote(request(parcels=_box("usps_express_flat_rate_envelope")))
    assert [rate.service_level.name for rate in envelope.rates] == ["Priority Mail Express Flat Rate Envelope"]
    one_rate = quote(request(parcels=_box("fedex_medium_box", 10)))
    assert {rate.service_level.name for rate in one_rate.rates} >= {"FedEx 2Day", "FedEx 2Day One Rate"}
    assert not any("Ground" in rate.service_level.name for rate in one_rate.rates)
    simple = quote(request(parcels=_box("ups_simple_rate_xs", 3)))
    assert {rate.service_level.id for rate in simple.rates} == {
        "ups_ground_simple_rate",
        "ups_three_day_select_simple_rate",
        "ups_second_day_air_simple_rate",
        "ups_next_day_air_saver_simple_rate",
    }


def test_weight_left_out_is_the_most_the_package_holds():
    assert _box("usps_small_flat_rate_box") == (RatingParcel(70, 8.6875, 5.4375, 1.75, "usps_small_flat_rate_box"),)


@pytest.mark.parametrize(
    ("given", "fields", "words"),
    [
        ({"type": "usps_smal_flat_rate_box"}, ["parcels.1.type"], "usps_small_flat_rate_box"),
        ({"type": "nothing like it"}, ["parcels.1.type"], "There is no package type"),
        ({"type": "ups_pak"}, ["parcels.1.weight"], "weight of the UPS Express Pak"),
        (
            {"type": "ups_custom_package", "weight": 3.0},
            ["parcels.1.length", "parcels.1.width", "parcels.1.height"],
            "",
        ),
    ],
)
def test_packages_that_do_not_say_enough_name_the_field(given, fields, words):
    good = ParcelInput(type="usps_small_flat_rate_box")
    with pytest.raises(InvalidRequest) as caught:
        resolve_parcels([good, ParcelInput(**given)])
    assert caught.value.fields == fields
    assert words in caught.value.message


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"origin_zip": "1000"}, ["sender.address.postal_code"]),
        ({"destination_zip": "K1A 0B1"}, ["recipient.address.postal_code"]),
        ({"parcels": ()}, ["parcels"]),
        ({"parcels": (RatingParcel(0, 5, 5, 5),)}, ["parcels.0.weight"]),
        ({"parcels": (RatingParcel(1, 5, -5, float("nan")),)}, ["parcels.0.width", "parcels.0.height"]),
        ({"parcels": (RatingParcel(1, 5, 5, 5, "no_such_box"),)}, ["parcels.0.type"]),
    ],
)
def test_bad_input_names_the_field(changes, fields):
    with pytest.raises(InvalidRequest) as caught:
        quote(request(**changes))
    assert caught.value.fields == fields


def _breakdown(service, **changes):
    return next(rate.breakdown for rate in quote(request(**changes)).rates if rate.service_level.id == service)


def test_explanation_in_full():
    found = _breakdown("ups_ground", destination_zip="90012", residential=True, parcels=(RatingParcel(12, 18, 14, 12),))
    assert found.model_dump() == {
        "price_list": "UPS Daily Rates 2026",
        "effective": date(2025, 12, 22),
        "until": None,
        "in_period": True,
        "zone": "8",
        "zone_source": "chart",
        "parcels": [
            {
                "actual": 12.0,
                "dimensional": 22.0,
                "billable": 22.0,
                "divisor": 139,
                "rule": f"Actual 12 lb; sides rounded up 18 {TIMES} 14 {TIMES} 12 in ÷ 139 = 22 lb",
            }
        ],
        "lines": [
            {
                "code": "base",
                "label": "Base price",
                "amount": 4661,
                "rule": "UPS Daily Rates 2026: zone 8, 22 lb, package",
                "estimate": True,
                "parcel": None,
            },
            {
                "code": "residential",
                "label": "Residential delivery",
                "amount": 650,
                "rule": "Per parcel to a home, since Dec 22, 2025",
                "estimate": True,
                "parcel": None,
            },
            {
                "code": "fuel",
                "label": "Fuel",
                "amount": 1407,
                "rule": "26.5 % of base and surcharges, UPS fuel since Jun 15, 2026",
                "estimate": True,
                "parcel": None,
            },
        ],
        "notes": [
            "UPS may add a delivery area fee at some ZIP Codes; its ZIP list is not published here, so it is not in.",
            "The delivery days are an estimate: they are not from a document of the carrier.",
        ],
        "total": 6718,
    }


@pytest.mark.parametrize(
    ("service", "parcel", "billable", "rule"),
    [
        ("usps_ground_advantage", RatingParcel(0.4, 8, 6, 2), 0.5, "Actual 6.4 oz"),
        (
            "usps_priority_mail",
            RatingParcel(20, 36, 18, 18),
            70.0,
            f"Actual 20 lb; sides rounded up 36 {TIMES} 18 {TIMES} 18 in ÷ 139 = 84 lb, charged as 70 lb",
        ),
        (
            "ups_ground",
            RatingParcel(20, 50, 10, 10),
            40.0,
            f"Actual 20 lb; {UP} 50 {TIMES} 10 {TIMES} 10 in ÷ 139 = 36 lb; {LEAST_40}",
        ),
        (
            "fedex_ground",
            RatingParcel(30, 98, 6, 6),
            90.0,
            f"Actual 30 lb; {UP} 98 {TIMES} 6 {TIMES} 6 in ÷ 139 = 26 lb; at least 90 lb for an oversize parcel",
        ),
        ("usps_ground_advantage", RatingParcel(9, 40, 20, 18), 9.0, "The price does not depend on the weight"),
    ],
)
def test_the_weight_that_is_charged_is_explained(service, parcel, billable, rule):
    found = _breakdown(service, parcels=(parcel,)).parcels[0]
    assert (found.billable, found.rule) == (billable, rule)


def test_ups_charges_by_the_pound_above_its_list():
    # 54 x 27 x 27 = 39,366 / 139 = 283.2 -> 284 lb; zone 5: 0.91 a pound = 258.44
    found = _breakdown("ups_ground", parcels=(RatingParcel(60, 54, 27, 27),))
    assert (found.lines[0].amount, found.parcels[0].billable) == (25844, 284.0)
    assert [line.code for line in found.lines] == ["base", "oversize", "fuel"]


def test_oversized_ground_advantage_has_one_price_per_zone():
    # 40 in long, 40 + 2 x (20 + 18) = 116 in length plus girth; zone 5 of the April 2026 list: 203.80
    found = _breakdown("usps_ground_advantage", parcels=(RatingParcel(9, 40, 20, 18),))
    assert [(line.code, line.amount) for line in found.lines] == [
        ("base", 20380),
        ("nonstandard_length", 1000),
        ("nonstandard_volume", 2100),
    ]


def test_several_parcels_are_explained_one_by_one():
    found = _breakdown("ups_ground", residential=True, parcels=(RatingParcel(5, 9, 9, 9), RatingParcel(7, 9, 9, 9)))
    assert [(line.code, line.parcel) for line in found.lines] == [
        ("base", 0),
        ("base", 1),
        ("residential", 0),
        ("residential", 1),
        ("fuel", None),
    ]


def test_the_teams_own_fuel_is_used():
    found = _breakdown("ups_ground", team=TeamSettings(fuel_percent={"ups_ground": 10.0}))
    fuel = next(line for line in found.lines if line.code == "fuel")
    assert (fuel.rule, fuel.estimate) == ("10 % of base and surcharges, as set by the team", False)
    assert fuel.amount == 187  # 10 % of 18.65 (zone 5, 5 lb) is 1.865


@pytest.mark.parametrize(
    ("service", "ship_at", "period", "in_period"),
    [
        ("usps_priority_mail", date(2026, 11, 23), (date(2026, 4, 26), date(2027, 1, 17)), True),
        ("usps_priority_mail", date(2027, 2, 1), (date(2026, 4, 26), date(2027, 1, 17)), False),
        ("usps_priority_mail_express", date(2026, 11, 23), (date(2025, 10, 5), date(2026, 1, 18)), False),
        ("usps_priority_mail_express", date(2026, 3, 2), (date(2026, 1, 19), date(2026, 4, 25)), True),
        ("usps_ground_advantage_cubic", date(2026, 11, 23), (date(2025, 10, 5), date(2026, 1, 18)), False),
        ("ups_ground", date(2025, 12, 1), (date(2024, 12, 23), date(2025, 12, 21)), True),
        ("ups_ground", date(2026, 12, 31), (date(2025, 12, 22), None), True),
        ("ups_ground", date(2027, 1, 4), (date(2025, 12, 22), None), False),
        ("fedex_ground", date(2025, 12, 1), (date(2026, 1, 5), None), False),
    ],
)
def test_each_price_names_its_list_and_whether_it_holds(service, ship_at, period, in_period):
    moment = datetime(ship_at.year, ship_at.month, ship_at.day, 17, tzinfo=UTC)
    team = TeamSettings(usps_price_list="commercial" if service.endswith("cubic") else "retail")
    found = _breakdown(service, ship_at=moment, team=team)
    assert (found.effective, found.until) == period
    assert found.in_period is in_period
    assert in_period or found.notes
