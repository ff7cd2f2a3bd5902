from datetime import time
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from lib.desk.protocol import Desk
from lib.models.errors import InvalidRequest
from lib.models.hours import OperatingHours
from lib.models.options import ShipmentOptions
from lib.models.team import Discount, InternationalPrice, TeamSettings
from lib.ui.api_keys import may_do
from lib.ui.hours import open_hours
from lib.ui.settings.couriers import band, price_abroad
from lib.ui.settings.discounts import discount
from lib.ui.settings.prices import fuel_fields
from tests.ui.conftest import texts

DISCOUNT_COLUMNS = ("Cart total from, $", "Percent off", "Or amount off, $", "Carriers")


@pytest.fixture
def settings(app: AppTest) -> AppTest:
    return app.switch_page("pages/settings.py").run()


def test_price_list_and_fuel_are_saved(settings: AppTest, desk: Desk) -> None:
    assert not settings.exception
    settings.get("button_group")[0].set_value("commercial")
    settings.get("button_group")[1].set_value(["media_mail"])
    settings.number_input("settings_fuel_ups_ground").set_value(18.25)
    settings.button("settings_save_prices").click().run()
    assert not settings.exception
    assert "Saved." in texts(settings)
    assert desk.team.retrieve() == TeamSettings(
        usps_price_list="commercial", books_only_services=["media_mail"], fuel_percent={"ups_ground": 18.25}
    )


def test_usual_options_and_cutoff_are_saved_on_top_of_the_others(settings: AppTest, desk: Desk) -> None:
    before = desk.team.update(
        TeamSettings(usps_price_list="commercial", default_options=ShipmentOptions(same_day_tip_amount=150))
    )
    settings.run()
    settings.multiselect("settings_providers").set_value(["ups", "usps"])
    settings.multiselect("settings_service_levels").set_value(["ground"])
    settings.multiselect("settings_rate_types").set_value(["delivery", "pickup"])
    settings.number_input("settings_max_days").set_value(4)
    settings.number_input("settings_lead_time").set_value(90)
    settings.toggle("settings_other_rates").set_value(False)
    settings.toggle("settings_verify").set_value(True)
    settings.selectbox("settings_cutoff").set_value(17)
    settings.button("settings_save_delivery").click().run()
    assert not settings.error
    options = ShipmentOptions(
        providers=["ups", "usps"], service_levels=["ground"], rate_types=["delivery", "pickup"], max_delivery_days=4,
        lead_time_mins=90, return_other_rates=False, verify_addresses=True, same_day_tip_amount=150,
    )  # fmt: skip
    assert desk.team.retrieve() == before.model_copy(update={"default_options": options, "cutoff_hour": 17})
    desk.team.update(TeamSettings())


def test_days_that_no_parcel_takes_are_refused_by_name(settings: AppTest, desk: Desk) -> None:
    before = desk.team.retrieve()
    settings.number_input("settings_max_days").set_value(400)
    settings.button("settings_save_delivery").click().run()
    assert "**Days until arrival" in settings.error[0].value
    assert "at most 365, not 400" in settings.error[0].value
    assert desk.team.retrieve() == before


def test_counter_and_premiums_are_saved_in_cents(settings: AppTest, desk: Desk) -> None:
    settings.toggle("settings_pickup_active").set_value(True)
    settings.number_input("settings_pickup_price").set_value(3.5)
    settings.number_input("settings_pickup_ready").set_value(45)
    settings.text_input("settings_received_name").set_value("At the desk")
    settings.number_input("settings_premium_ups").set_value(12.35)
    settings.number_input("settings_premium_usps").set_value(0.0)
    settings.button("settings_save_pickup").click().run()
    assert not settings.error
    saved = desk.team.retrieve()
    assert (saved.pickup.active, saved.pickup.price, saved.pickup.ready_mins) == (True, 350, 45)
    assert (saved.received.active, saved.received.name) == (False, "At the desk")
    assert saved.pickup_premium == {"ups": 1235, "usps": 0}


def test_price_below_zero_is_refused_in_dollars(settings: AppTest) -> None:
    settings.number_input("settings_received_price").set_value(-2.0)
    settings.button("settings_save_pickup").click().run()
    assert "at least \\$0.00, not \N{MINUS SIGN}\\$2.00" in settings.error[0].value


def test_discounts_and_hours_typed_into_the_tables_are_saved(settings: AppTest, desk: Desk) -> None:
    row = {"Cart total from, $": 100.0, "Percent off": 12.5, "Carriers": ["ups", "fedex"]}
    settings.session_state["settings_discounts_rows_0"] = {"edited_rows": {}, "added_rows": [row], "deleted_rows": []}
    settings.button("settings_save_discounts").click().run()
    assert not settings.error
    assert desk.team.retrieve().discounts == [
        Discount(min_checkout_total=100_00, percent=12.5, providers=["ups", "fedex"])
    ]
    edited = {5: {"Open": True, "From": "10:00:00", "To": "14:30:00"}, 0: {"Open": False}}
    settings.session_state["settings_couriers_hours_0"] = {"edited_rows": edited, "added_rows": [], "deleted_rows": []}
    settings.toggle("settings_doordash_active").set_value(True)
    settings.button("settings_save_couriers").click().run()
    assert not settings.error
    saved = desk.team.retrieve().doordash
    week = OperatingHours().model_dump()
    week["monday"]["active"] = False
    week["saturday"] = {"active": True, "open": "10:00", "close": "14:30"}
    assert (saved.active, saved.hours.model_dump()) == (True, week)


def test_own_courier_is_switched_on(settings: AppTest, desk: Desk) -> None:
    settings.toggle("settings_courier_active").set_value(True)
    settings.text_input("settings_courier_name").set_value("Van *1*")
    settings.button("settings_save_couriers").click().run()
    courier = desk.team.retrieve().courier
    assert (courier.active, courier.name) == (True, "Van *1*")
    assert [band.price for band in courier.bands] == [900, 1400, 1500, 2200]


def test_prices_abroad_typed_into_the_table_are_saved(settings: AppTest, desk: Desk) -> None:
    before = desk.team.retrieve()
    rows = [{"To": "CA", "Up to, lb": 5.0, "Price, $": 24.5, "Days": 5}]
    settings.session_state["settings_couriers_abroad_0"] = {"edited_rows": {}, "added_rows": rows, "deleted_rows": []}
    settings.button("settings_save_couriers").click().run()
    assert not settings.error
    saved = desk.team.retrieve()
    assert saved.courier.international == [InternationalPrice(country_code="CA", max_weight_lb=5, price=24_50, days=5)]
    desk.team.update(before)


def test_fuel_over_a_hundred_percent_is_refused_and_nothing_saved(settings: AppTest, desk: Desk) -> None:
    before = desk.team.retrieve()
    settings.number_input("settings_fuel_ups_air").set_value(140.0)
    settings.button("settings_save_prices").click().run()
    assert "at most 100" in settings.error[0].value
    assert desk.team.retrieve() == before


def test_key_is_shown_once_and_revoked(settings: AppTest, desk: Desk) -> None:
    settings.text_input("settings_key_name").set_value("Ware*house*")
    settings.button("settings_make_key").click().run()
    secret = settings.code[0].value
    assert desk.api_keys.opens(secret).scopes == ("read", "ship", "export")
    assert "Ware\\*house\\*" in texts(settings)
    assert "may look, ship and export" in texts(settings)
    settings.button("settings_hide_secret").click().run()
    assert not settings.code
    key = next(iter(desk.api_keys.list()))
    settings.button(f"settings_confirm_{key.id}").click().run()
    assert not desk.api_keys.opens(secret)
    assert "revoked just now" in texts(settings)


def test_key_opens_only_what_was_chosen(settings: AppTest, desk: Desk) -> None:
    settings.text_input("settings_key_name").set_value("Reports")
    pills = next(found for found in settings.get("button_group") if found.key == "settings_key_scopes")
    pills.set_value(["read"])
    settings.button("settings_make_key").click().run()
    assert not settings.exception
    assert desk.api_keys.opens(settings.code[0].value).scopes == ("read",)
    assert "may look ·" in texts(settings)


def test_key_that_opens_nothing_is_refused(settings: AppTest) -> None:
    settings.text_input("settings_key_name").set_value("Nothing")
    pills = next(found for found in settings.get("button_group") if found.key == "settings_key_scopes")
    pills.set_value([])
    settings.button("settings_make_key").click().run()
    assert "Choose what the key may do" in settings.error[0].value


@pytest.mark.parametrize(
    ("scopes", "words"),
    [
        (("read",), "may look"),
        (("read", "export"), "may look and export"),
        (("read", "ship", "export"), "may look, ship and export"),
        (("admin",), "may do everything"),
        ((), "may do nothing"),
    ],
)
def test_what_a_key_may_do_in_words(scopes: tuple[Any, ...], words: str) -> None:
    assert may_do(scopes) == words


def test_nameless_key_is_refused(settings: AppTest) -> None:
    settings.button("settings_make_key").click().run()
    assert "Name the key" in settings.error[0].value


def test_published_fuel_is_shown_with_its_date() -> None:
    assert [field.name for field in fuel_fields()] == ["ups_ground", "ups_air", "fedex_ground", "fedex_express"]
    assert all(field.percent is not None and field.since for field in fuel_fields())


def test_rate_card_row_becomes_cents() -> None:
    row = {"Up to, lb": 10.0, "Up to, miles": 25.0, "Price, $": 14.285}
    assert band(0, row) == {"max_weight_lb": 10.0, "max_miles": 25.0, "price": 1429}


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ({"Up to, lb": 10.0, "Up to, miles": None, "Price, $": 14.0}, "Row 3: fill in “Up to, miles”"),
        ({"Up to, lb": 0.0, "Up to, miles": 5.0, "Price, $": 14.0}, "Row 3: “Up to, lb” has to be above 0"),
        ({"Up to, lb": 10.0, "Up to, miles": 5.0, "Price, $": -1.0}, "Row 3: “Price, $” has to be from 0"),
        ({"Up to, lb": 151.0, "Up to, miles": 5.0, "Price, $": 1.0}, "at most 150, not 151"),
    ],
)
def test_rate_card_row_that_cannot_be(row: dict[str, float | None], words: str) -> None:
    with pytest.raises(InvalidRequest, match="Row 3") as caught:
        band(2, row)
    assert words in caught.value.message
    assert caught.value.fields == ["rate_card"]


def test_price_abroad_becomes_cents() -> None:
    row = {"To": "GB", "Up to, lb": 10.5, "Price, $": 14.285, "Days": 3.0}
    assert price_abroad(0, row) == {"country_code": "GB", "max_weight_lb": 10.5, "price": 1429, "days": 3}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"To": None}, "Row 2 abroad: fill in “To”."),
        ({"Up to, lb": 151.0}, "Row 2 abroad: “Up to, lb” has to be above 0 and at most 150, not 151."),
        ({"Price, $": -1.0}, "Row 2 abroad: “Price, $” has to be from 0 and at most 10,000, not -1."),
        ({"Days": None}, "Row 2 abroad: fill in “Days”."),
        ({"Days": 91.0}, "Row 2 abroad: “Days” has to be from 0 and at most 90, not 91."),
        ({"Days": 2.5}, "Row 2 abroad: “Days” has to be a whole number."),
    ],
)
def test_price_abroad_that_cannot_be(change: dict[str, Any], words: str) -> None:
    with pytest.raises(InvalidRequest) as caught:
        price_abroad(1, {"To": "GB", "Up to, lb": 10.0, "Price, $": 14.0, "Days": 3.0} | change)
    assert (caught.value.message, caught.value.fields) == (words, ["prices_abroad"])


@pytest.mark.parametrize(
    ("row", "kept"),
    [
        ((100.0, 10.0, None, []), {"min_checkout_total": 100_00, "percent": 10.0, "providers": None}),
        ((0.5, float("nan"), 4.995, ["ups"]), {"min_checkout_total": 50, "amount": 500, "providers": ["ups"]}),
    ],
)
def test_discount_row_as_kept(row: tuple[Any, ...], kept: dict[str, Any]) -> None:
    assert discount(0, dict(zip(DISCOUNT_COLUMNS, row, strict=True))) == kept


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ((None, 10.0, None, []), "Row 2: fill in “Cart total from, $”."),
        ((100.0, None, None, []), "Row 2: fill in either “Percent off” or “Or amount off, $”."),
        ((100.0, 10.0, 5.0, []), "Row 2: fill in either “Percent off” or “Or amount off, $”."),
        ((100.0, 101.0, None, None), "Row 2: “Percent off” has to be above 0 and at most 100, not 101."),
    ],
)
def test_discount_row_that_cannot_be(row: tuple[Any, ...], words: str) -> None:
    with pytest.raises(InvalidRequest) as caught:
        discount(1, dict(zip(DISCOUNT_COLUMNS, row, strict=True)))
    assert (caught.value.message, caught.value.fields) == (words, ["discounts"])


@pytest.mark.parametrize(
    ("opens", "closes", "words"),
    [
        (time(17), time(9), "Friday: “From” has to be before “To”."),
        (time(9), None, "Friday: fill in “From” and “To”; take the tick from a closed day."),
    ],
)
def test_hours_that_cannot_be(opens: time, closes: time | None, words: str) -> None:
    with pytest.raises(InvalidRequest) as caught:
        open_hours("friday", {"Open": True, "From": opens, "To": closes})
    assert caught.value.message == words
