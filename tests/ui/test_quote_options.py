from collections.abc import Iterator

import pytest
from streamlit.testing.v1 import AppTest

from lib.desk.protocol import Desk
from lib.models.options import ShipmentOptions
from lib.models.rate_cards import RateCardUpload
from lib.models.shipments import Shipment
from lib.models.team import Discount, InStorePickup, TeamSettings
from tests.ui.conftest import APP, TIMEOUT_S, texts
from tests.ui.test_compare_rates import get_rates


@pytest.fixture(autouse=True)
def usual_settings(desk: Desk) -> Iterator[None]:
    yield
    desk.team.update(TeamSettings())


def answer(app: AppTest, desk: Desk) -> Shipment:
    return desk.shipments.retrieve(str(app.query_params["shipment"]))


def open_app() -> AppTest:
    return AppTest.from_file(APP, default_timeout=TIMEOUT_S).run()


def test_every_field_reaches_the_desk_in_its_unit(app: AppTest, desk: Desk) -> None:
    app.multiselect("compare_option_providers").set_value(["fedex"])
    app.multiselect("compare_option_service_levels").set_value(["ground", "two_day"])
    app.multiselect("compare_option_rate_types").set_value(["delivery"])
    app.number_input("compare_option_max_delivery_days").set_value(9)
    app.number_input("compare_option_same_day_tip_amount").set_value(2.5)
    app.number_input("compare_option_declared_value").set_value(250.0)
    app.number_input("compare_option_checkout_total").set_value(99.99)
    app.selectbox("compare_option_signature").set_value("direct")
    app.toggle("compare_option_request_provider_pickup").set_value(True)
    app.text_area("compare_option_provider_instructions").set_value(" Back door ")
    get_rates(app)
    assert not app.exception
    shipment = answer(app, desk)
    assert shipment.options == ShipmentOptions(
        providers=["fedex"], service_levels=["ground", "two_day"], rate_types=["delivery"], max_delivery_days=9,
        same_day_tip_amount=250, declared_value=250_00, checkout_total=99_99, signature="direct",
        request_provider_pickup=True, provider_instructions="Back door",
    )  # fmt: skip
    assert {rate.provider.id for rate in shipment.rates} == {"fedex"}
    lines = app.table[0].value["Line"].tolist()
    assert "Direct signature" in lines
    assert "Declared value" in lines


def test_what_is_left_alone_is_left_to_the_settings(desk: Desk) -> None:
    usual = ShipmentOptions(providers=["usps"], request_provider_pickup=True, same_day_tip_amount=100)
    desk.team.update(TeamSettings(default_options=usual))
    app = open_app()
    assert app.multiselect("compare_option_providers").placeholder == "USPS"
    assert app.toggle("compare_option_request_provider_pickup").value
    assert answer(get_rates(app), desk).options == usual
    app.toggle("compare_option_request_provider_pickup").set_value(False)
    app.number_input("compare_option_same_day_tip_amount").set_value(0.0)
    changed = answer(get_rates(app), desk).options
    assert changed == usual.model_copy(update={"request_provider_pickup": False, "same_day_tip_amount": 0})


def test_reload_fills_the_options_that_differ(app: AppTest, desk: Desk) -> None:
    app.number_input("compare_option_max_delivery_days").set_value(6)
    app.number_input("compare_option_declared_value").set_value(120.5)
    shipment = answer(get_rates(app), desk)
    again = AppTest.from_file(APP, default_timeout=TIMEOUT_S)
    again.query_params["shipment"] = shipment.id
    again.run()
    assert not again.exception
    assert again.number_input("compare_option_max_delivery_days").value == 6
    assert again.number_input("compare_option_declared_value").value == 120.5
    assert again.number_input("compare_option_checkout_total").value is None


def test_declared_value_that_nobody_covers_is_refused_by_name(app: AppTest) -> None:
    app.number_input("compare_option_declared_value").set_value(60_000.0)
    get_rates(app)
    assert "Declared value.** Declared value has to be at most" in app.error[0].value
    assert "50,000.00, not \\$60,000.00" in app.error[0].value
    assert app.number_input("compare_option_declared_value").value == 60_000.0


def test_options_that_leave_nothing_show_all_rates_and_say_so(app: AppTest, desk: Desk) -> None:
    app.multiselect("compare_option_service_levels").set_value(["same_day"])
    get_rates(app)
    assert [warning.value for warning in app.warning] == ["No rate meets service levels, so all rates are shown."]
    assert answer(app, desk).rates
    assert "so all rates" not in "".join(str(markdown.value) for markdown in app.markdown)


def test_without_other_rates_every_carrier_says_what_took_its_rates_out(desk: Desk) -> None:
    desk.team.update(TeamSettings(default_options=ShipmentOptions(return_other_rates=False)))
    app = open_app()
    app.multiselect("compare_option_service_levels").set_value(["same_day"])
    get_rates(app)
    assert not app.exception
    assert "There is no rate for this shipment" in app.warning[0].value
    assert "taken out by service levels" in texts(app)


def test_pickup_at_the_counter_is_told_apart_and_wins_no_badge(desk: Desk) -> None:
    desk.team.update(TeamSettings(pickup=InStorePickup(active=True, price=100)))
    app = open_app()
    app.multiselect("compare_option_rate_types").set_value(["delivery", "pickup"])
    get_rates(app)
    table = app.dataframe[0].value
    assert table.iloc[0][["Service", "Price", "Note"]].tolist() == [
        "★ Own courier In-store pickup", 1.0, "Collected at your counter",
    ]  # fmt: skip
    cheapest = min(rate.amount for rate in answer(app, desk).rates if rate.type == "delivery")
    assert app.metric[0].value == f"${cheapest / 100:,.2f}"


def test_only_pickup_is_offered_with_when_it_is_ready(desk: Desk) -> None:
    desk.team.update(TeamSettings(pickup=InStorePickup(active=True, price=100)))
    app = open_app()
    app.multiselect("compare_option_rate_types").set_value(["pickup"])
    get_rates(app)
    assert "Collected at your counter, ready " in texts(app)
    assert [metric.value for metric in app.metric] == ["$1.00"] * 3


def test_discount_and_card_lines_lead_from_what_you_pay_to_the_customers_price(desk: Desk) -> None:
    desk.team.update(TeamSettings(discounts=[Discount(min_checkout_total=100_00, amount=1_00)]))
    card = desk.rate_cards.apply(
        RateCardUpload.model_validate(
            {
                "kind": "upcharge", "name": "Handling", "effective": "2026-01-01",
                "content": "provider,service,percent,amount_usd\n,,0,3.00\n",
            }
        )
    )  # fmt: skip
    app = open_app()
    app.number_input("compare_option_checkout_total").set_value(150.0)
    get_rates(app)
    rate = next(rate for rate in answer(app, desk).rates if f"${rate.amount / 100:,.2f}" == app.metric[2].value)
    desk.rate_cards.delete(card.id)
    rows = app.table[0].value[["Line", "Amount"]].to_numpy().tolist()
    paid, customer = (f"**\\${cents / 100:,.2f}**" for cents in (rate.billed_amount, rate.billed_amount + 200))
    assert rows[-4:] == [
        ["**You pay**", paid],
        ["Up\\-charge", "\\$3.00"],
        ["Discount", "\N{MINUS SIGN}\\$1.00"],
        ["**Your customer pays**", customer],
    ]


def test_list_price_is_struck_through_where_the_team_pays_less(desk: Desk) -> None:
    card = desk.rate_cards.apply(
        RateCardUpload.model_validate(
            {
                "kind": "adjustment", "name": "UPS *agreement*", "effective": "2026-01-01",
                "content": "provider,service,percent\nups,ground,-10\n",
            }
        )
    )  # fmt: skip
    app = open_app()
    app.multiselect("compare_option_providers").set_value(["ups"])
    get_rates(app)
    shipment = answer(app, desk)
    desk.rate_cards.delete(card.id)
    ground = next(rate for rate in shipment.rates if rate.service_level.id == "ups_ground")
    assert ground.retail_amount is not None
    assert ground.retail_amount > ground.amount
    words = f"${ground.retail_amount / 100:,.2f}"
    table = app.dataframe[0].value
    assert table.loc[table["Service"] == "■ UPS Ground", "List price"].tolist() == [words]
    assert f"list price ~~\\{words}~~" in texts(app)
