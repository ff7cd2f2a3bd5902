import pytest
from streamlit.testing.v1 import AppTest

from lib.desk.protocol import Desk
from lib.models.errors import InvalidRequest
from lib.ui.settings_form import _band, fuel_fields
from tests.ui.conftest import texts


@pytest.fixture
def settings(app: AppTest) -> AppTest:
    return app.switch_page("pages/settings.py").run()


def test_price_list_and_fuel_are_saved(settings: AppTest, desk: Desk) -> None:
    assert not settings.exception
    settings.get("button_group")[0].set_value("commercial")
    settings.get("button_group")[1].set_value(["media_mail"])
    settings.number_input("settings_fuel_ups_ground").set_value(18.25)
    settings.selectbox("settings_cutoff").set_value(17)
    settings.button("settings_save").click().run()
    assert not settings.exception
    assert "Saved." in texts(settings)
    saved = desk.team.retrieve()
    assert saved.books_only_services == ["media_mail"]
    assert (saved.usps_price_list, saved.fuel_percent, saved.cutoff_hour) == ("commercial", {"ups_ground": 18.25}, 17)


def test_own_courier_is_switched_on(settings: AppTest, desk: Desk) -> None:
    settings.toggle("settings_courier_active").set_value(True)
    settings.text_input("settings_courier_name").set_value("Van *1*")
    settings.button("settings_save").click().run()
    courier = desk.team.retrieve().courier
    assert (courier.active, courier.name) == (True, "Van *1*")
    assert [band.price for band in courier.bands] == [900, 1400, 1500, 2200]


def test_fuel_over_a_hundred_percent_is_refused_and_nothing_saved(settings: AppTest, desk: Desk) -> None:
    before = desk.team.retrieve()
    settings.number_input("settings_fuel_ups_air").set_value(140.0)
    settings.button("settings_save").click().run()
    assert "at most 100" in settings.error[0].value
    assert desk.team.retrieve() == before


def test_key_is_shown_once_and_revoked(settings: AppTest, desk: Desk) -> None:
    settings.text_input("settings_key_name").set_value("Ware*house*")
    settings.button("settings_make_key").click().run()
    secret = settings.code[0].value
    assert desk.api_keys.opens(secret)
    assert "Ware\\*house\\*" in texts(settings)
    settings.button("settings_hide_secret").click().run()
    assert not settings.code
    key = next(iter(desk.api_keys.list()))
    settings.button(f"settings_confirm_{key.id}").click().run()
    assert not desk.api_keys.opens(secret)
    assert "revoked just now" in texts(settings)


def test_nameless_key_is_refused(settings: AppTest) -> None:
    settings.button("settings_make_key").click().run()
    assert "Name the key" in settings.error[0].value


def test_published_fuel_is_shown_with_its_date() -> None:
    assert [field.name for field in fuel_fields()] == ["ups_ground", "ups_air", "fedex_ground", "fedex_express"]
    assert all(field.percent is not None and field.since for field in fuel_fields())


def test_rate_card_row_becomes_cents() -> None:
    row = {"Up to, lb": 10.0, "Up to, miles": 25.0, "Price, $": 14.285}
    assert _band(0, row) == {"max_weight_lb": 10.0, "max_miles": 25.0, "price": 1429}


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ({"Up to, lb": 10.0, "Up to, miles": None, "Price, $": 14.0}, "row 3: fill in “Up to, miles”"),
        ({"Up to, lb": 0.0, "Up to, miles": 5.0, "Price, $": 14.0}, "row 3: “Up to, lb” has to be above 0"),
        ({"Up to, lb": 10.0, "Up to, miles": 5.0, "Price, $": -1.0}, "row 3: “Price, $” has to be from 0"),
        ({"Up to, lb": 151.0, "Up to, miles": 5.0, "Price, $": 1.0}, "at most 150, not 151"),
    ],
)
def test_rate_card_row_that_cannot_be(row: dict[str, float | None], words: str) -> None:
    with pytest.raises(InvalidRequest, match="Rate card") as caught:
        _band(2, row)
    assert words in caught.value.message
