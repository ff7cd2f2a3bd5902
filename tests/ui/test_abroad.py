"""The compare page with a place in another country."""

import pytest
from streamlit.testing.v1 import AppTest

from lib.desk.protocol import Desk
from lib.models.team import Courier, InternationalPrice, TeamSettings
from lib.ui.places import place_note
from tests.ui.conftest import APP, TIMEOUT_S, texts

OTTAWA = "111 Wellington St, Ottawa, Ontario k1a0a9, Canada"
PRICE = InternationalPrice(country_code="CA", max_weight_lb=20, price=44_00, days=5)


def get_rates(app: AppTest) -> AppTest:
    app.text_input("compare_from_place").set_value("10018")
    app.text_input("compare_to_place").set_value(OTTAWA)
    app.number_input("compare_parcel_0_weight").set_value(5.0)
    return app.button("compare_get_rates").click().run()


@pytest.mark.parametrize(
    ("typed", "note"),
    [
        (OTTAWA, ":material/location_on: 111 Wellington St, Ottawa ON K1A 0A9, Canada"),
        (
            "111 Wellington St, Ottawa ON 12345, Canada",
            ":material/info: Canada: 12345 is not a postal code of Canada. Use one such as K1A 0B1.",
        ),
        ("Canada", ":material/info: Canada: The city is missing; without it nothing can be delivered there."),
    ],
)
def test_place_abroad_is_read_while_it_is_typed(typed: str, note: str) -> None:
    assert place_note(typed) == note


def test_place_abroad_without_own_prices_says_who_does_not_go_there(app: AppTest) -> None:
    get_rates(app)
    assert not app.exception
    said = texts(app)
    assert "New York, NY 10018 :material/arrow_forward: Ottawa ON K1A 0A9, Canada" in said
    for carrier in ("UPS", "FedEx", "USPS"):
        assert f"No international list of {carrier} is loaded here" in said


def test_place_abroad_with_an_own_price_is_still_there_after_a_reload(app: AppTest, desk: Desk) -> None:
    desk.team.update(TeamSettings(courier=Courier(international=[PRICE])))
    get_rates(app)
    assert app.dataframe[0].value["Price"].tolist() == [44.0]
    assert app.dataframe[0].value["By"].tolist() == ["8 pm"]
    assert "buying it asks for a customs declaration" in texts(app)
    again = AppTest.from_file(APP, default_timeout=TIMEOUT_S)
    again.query_params["shipment"] = app.query_params["shipment"]
    again.run()
    assert not again.exception
    assert again.text_input("compare_to_place").value == "111 Wellington St, Ottawa ON K1A 0A9, Canada"
    desk.team.update(TeamSettings())
