"""Shipments that cross a border on both databases: own prices, customs, purchase, commercial invoice."""

import io
from datetime import UTC, datetime
from typing import Any

import pytest
from pypdf import PdfReader

from lib.models.errors import Conflict, InvalidRequest, NotFound
from lib.models.shipments import Purchase, QuoteRequest, RefreshRequest, Shipment, ShipmentUpdate
from lib.models.team import Courier, InternationalPrice, TeamSettings
from lib.runtime import Runtime
from lib.shipping.invoices import invoice_pdf
from lib.shipping.rates import quoted_shipment
from lib.shipping.service import LocalShipments

SHOP = {
    "name": "Kyle Grzybowski",
    "email": "kyle.grzybowski@packagex.io",
    "phone": "212 555 0100",
    "address": "500 7th ave, Floor 10, New York, NY, 10018, USA",
}
OTTAWA = {
    "name": "Kyle Grzybowski",
    "business": "A firm",
    "phone": "613 555 0100",
    "address": {
        "line1": "111 Wellington St",
        "city": "Ottawa",
        "state": "Ontario",
        "postal_code": "k1a0a9",
        "country_code": "Canada",
    },
}
BOX = {"length": 10, "width": 8, "height": 6, "weight": 5}
COFFEE = {
    "description": "Dispatch Roasters Coffee",
    "quantity": 4,
    "value": 18_50,
    "weight": 1.1,
    "sku": "DRC-1",
    "origin_country": "US",
    "harmonized_code": "0901.21",
}
CUSTOMS = {"incoterm": "DAP", "signer": "Kyle Grzybowski", "certify": True, "items": [COFFEE]}
NEEDED = "This shipment crosses a border. Before it can be bought, customs needs"
PRICES = [
    InternationalPrice(country_code=code, max_weight_lb=weight, price=price, days=days)
    for code, weight, price, days in (
        ("CA", 5, 24_00, 5),
        ("CA", 20, 44_00, 5),
        ("CA", 20, 84_00, 2),
        ("US", 9, 31_00, 4),
    )
]
TEAM = TeamSettings(courier=Courier(name="City bikes", international=PRICES))
AT = datetime(2026, 8, 3, 16, tzinfo=UTC)


@pytest.fixture
def desk(desk_runtime: Runtime) -> LocalShipments:
    return LocalShipments(desk_runtime.engine, lambda: TEAM)


def request(**changes: Any) -> QuoteRequest:
    body = {"sender": SHOP, "recipient": OTTAWA, "parcels": [BOX], "customs": CUSTOMS}
    return QuoteRequest.model_validate(body | changes)


def offered(shipment: Shipment) -> list[tuple[str, int, str, int | None]]:
    return [
        (rate.provider.name, rate.amount, rate.service_level.code, rate.service_level.days) for rate in shipment.rates
    ]


def customs(**changes: Any) -> dict[str, Any]:
    return {**CUSTOMS, **changes}


def test_international_is_quoted_by_own_prices_and_refused_by_carriers_in_words(desk: LocalShipments) -> None:
    shipment = desk.create(request())
    assert shipment.recipient.address.model_dump(exclude={"id", "hash"}) == {
        "line1": "111 Wellington St",
        "line2": "",
        "city": "Ottawa",
        "state": "Ontario",
        "state_code": "ON",
        "postal_code": "K1A 0A9",
        "country": "Canada",
        "country_code": "CA",
        "formatted_address": "111 Wellington St, Ottawa ON K1A 0A9, Canada",
        "textarea": "111 Wellington St\nOttawa ON K1A 0A9\nCanada",
        "timezone": None,
        "verified": False,
        "coordinates": None,
    }
    assert shipment.recipient.phone == "+16135550100"
    assert offered(shipment) == [("City bikes", 24_00, "ground", 5), ("City bikes", 84_00, "two_day", 2)]
    cheapest = shipment.rates[0]
    assert (cheapest.provider.id, cheapest.test_label, cheapest.retail_amount) == ("self", False, None)
    assert cheapest.breakdown is not None
    assert cheapest.breakdown.price_list == "City bikes prices abroad"
    assert [line.rule for line in cheapest.breakdown.lines] == ["City bikes prices abroad: up to 5 lb to Canada"]
    assert {each.provider: (each.status, each.reason) for each in shipment.outcomes} == {
        "self": ("rates", None),
        "ups": ("not_served", "No international list of UPS is loaded here"),
        "fedex": ("not_served", "No international list of FedEx is loaded here"),
        "usps": ("not_served", "No international list of USPS is loaded here"),
        "upssurepost": ("not_served", "SurePost goes to addresses within the United States only"),
        "doordash": ("not_served", "DoorDash drives between places that are both in the United States only"),
        "marketplace": ("not_served", "The cards of independent couriers go by miles between two US ZIP Codes"),
    }
    assert desk.retrieve(shipment.id).model_dump_json() == shipment.model_dump_json()


def test_international_parcels_are_priced_each_and_arrive_by_the_senders_clock() -> None:
    heavy = {**BOX, "weight": 15}
    shipment = quoted_shipment(request(parcels=[BOX, heavy]), TEAM, AT)
    assert offered(shipment)[0] == ("City bikes", 24_00 + 44_00, "ground", 5)
    # Five business days after Monday, 8 pm in New York: nothing says which of Canada's zones it is.
    assert shipment.rates[0].service_level.estimated_delivery == datetime(2026, 8, 11, 0, tzinfo=UTC)
    london = {"address": "10 Downing Street, London SW1A 2AA, UK"}
    to_london = TeamSettings(
        courier=Courier(international=[InternationalPrice(country_code="GB", max_weight_lb=9, price=1, days=5)])
    )
    assert quoted_shipment(request(recipient=london), to_london, AT).rates[0].service_level.estimated_delivery == (
        datetime(2026, 8, 10, 19, tzinfo=UTC)
    )


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"parcels": [{**BOX, "weight": 21}]}, "A parcel is over the 20 lb that your own prices reach"),
        (
            {"recipient": {"address": "Platz der Republik 1, 11011 Berlin, Germany"}},
            "The settings have no own price to Germany",
        ),
        ({"sender": OTTAWA}, "There are no own prices for parcels within Canada"),
    ],
)
def test_international_without_a_price_of_ones_own_has_no_rates(
    desk: LocalShipments, changes: dict[str, Any], reason: str
) -> None:
    shipment = desk.create(request(**changes))
    assert shipment.rates == []
    assert {each.status for each in shipment.outcomes} == {"not_served"}
    assert next(each.reason for each in shipment.outcomes if each.provider == "self") == reason


def test_international_from_abroad_to_the_united_states(desk: LocalShipments) -> None:
    shipment = desk.create(request(sender=OTTAWA, recipient=SHOP, options={"max_delivery_days": 30}))
    assert offered(shipment) == [("City bikes", 31_00, "ground", 4)]
    bought = desk.purchase(shipment.id, Purchase(rate_id=shipment.rates[0].id))
    assert bought.status == "created"
    assert "NOEEI" not in text_of(desk.commercial_invoice(shipment.id))


@pytest.mark.parametrize("address", ["1 Calle Sol, San Juan, PR 00901", "PSC 1, APO, AE 09012"])
def test_territories_and_military_mail_are_at_home(desk: LocalShipments, address: str) -> None:
    shipment = desk.create(request(recipient={**OTTAWA, "phone": None, "address": address}, customs=None))
    assert "usps" in {rate.provider.id for rate in shipment.rates}
    assert not [note for note in shipment.notes_on_rates if "customs" in note]
    assert desk.purchase(shipment.id, Purchase(rate_id=shipment.rates[0].id)).paid
    with pytest.raises(Conflict) as caught:
        desk.commercial_invoice(shipment.id)
    assert caught.value.code == "not_international"


@pytest.mark.parametrize(
    ("given", "fields"),
    [
        (None, ["customs.items", "customs.signer", "customs.certify"]),
        (customs(items=[]), ["customs.items"]),
        (customs(signer=" "), ["customs.signer"]),
        (customs(certify=False), ["customs.certify"]),
        (
            customs(items=[COFFEE, {"description": " ", "value": 0, "origin_country": "Mars"}]),
            ["customs.items.1.description", "customs.items.1.value", "customs.items.1.origin_country"],
        ),
        (customs(items=[{**COFFEE, "quantity": 1, "value": 2500_00}]), ["customs.eel"]),
        (customs(items=[{**COFFEE, "quantity": 1, "value": 2500_00}], eel="NOEEI 30.37(a)"), ["customs.eel"]),
    ],
)
def test_international_needs_customs_before_it_is_bought(
    desk: LocalShipments, given: dict[str, Any] | None, fields: list[str]
) -> None:
    shipment = desk.create(request(customs=given))
    (note,) = [note for note in shipment.notes_on_rates if note.startswith(NEEDED)]
    with pytest.raises(InvalidRequest) as caught:
        desk.purchase(shipment.id, Purchase(rate_id=shipment.rates[0].id))
    assert (caught.value.fields, caught.value.code, caught.value.message) == (fields, "customs_incomplete", note)
    assert desk.retrieve(shipment.id).purchased_rate is None
    with pytest.raises(Conflict) as invoice:
        desk.commercial_invoice(shipment.id)
    assert (invoice.value.fields, invoice.value.code) == (fields, "customs_incomplete")


def test_international_no_longer_asks_for_the_customs_that_an_update_brings(desk: LocalShipments) -> None:
    shipment = desk.create(request(customs=None))
    (note,) = shipment.notes_on_rates
    assert note.startswith(NEEDED)
    assert desk.update(shipment.id, ShipmentUpdate(customs=customs())).notes_on_rates == []
    assert desk.update(shipment.id, ShipmentUpdate(customs=None)).notes_on_rates == [note]


@pytest.mark.parametrize(
    ("items", "eel"),
    [
        ([{**COFFEE, "quantity": 1, "value": 2499_99}], None),
        ([{**COFFEE, "quantity": 1, "value": 2500_00}], "AES X20260101000001"),
        ([{**COFFEE, "quantity": 2, "value": 2000_00}], "x20260101000001"),
        ([{**COFFEE, "quantity": 2, "value": 2000_00}], "NOEEI 30.36"),
    ],
)
def test_international_with_the_eel_that_its_value_asks_for(
    desk: LocalShipments, items: list[dict[str, Any]], eel: str | None
) -> None:
    shipment = desk.create(request(customs=customs(items=items, eel=eel)))
    assert not [note for note in shipment.notes_on_rates if "customs" in note]
    assert desk.purchase(shipment.id, Purchase(rate_id=shipment.rates[0].id)).paid
    assert (eel or "NOEEI 30.37(a)") in text_of(desk.commercial_invoice(shipment.id))


def test_exemption_for_canada_holds_for_canada_alone(desk: LocalShipments) -> None:
    london = {**OTTAWA, "phone": None, "address": "10 Downing Street, London SW1A 2AA, UK"}
    dear = customs(items=[{**COFFEE, "quantity": 1, "value": 2500_00}], eel="NOEEI 30.36")
    assert "customs.eel" in desk.create(request(recipient=london, customs=dear)).notes_on_rates[-1]


def test_customs_items_come_from_the_contents(desk: LocalShipments) -> None:
    coffee = {"name": "Dispatch Roasters Coffee", "quantity": 4, "value": 18_50, "weight": 1.1, "origin_country": "US"}
    parcel = {**BOX, "contents": [coffee, {"name": "Leaflet", "value": 1, "origin_country": "US"}]}
    shipment = desk.create(request(parcels=[parcel], customs=customs(items=[])))
    assert shipment.notes_on_rates == ["The customs items are taken from the contents of the parcels."]
    assert desk.purchase(shipment.id, Purchase(rate_id=shipment.rates[0].id)).paid
    text = text_of(desk.commercial_invoice(shipment.id))
    assert "Dispatch Roasters Coffee" in text
    assert "74.01" in text


def test_contents_that_do_not_say_enough_are_named(desk: LocalShipments) -> None:
    parcels = [BOX, {**BOX, "contents": [{"name": "Dispatch Roasters Tequila", "attributes": ["confidential"]}]}]
    shipment = desk.create(request(parcels=parcels, customs=customs(items=[])))
    with pytest.raises(InvalidRequest) as caught:
        desk.purchase(shipment.id, Purchase(rate_id=shipment.rates[0].id))
    assert caught.value.fields == ["parcels.1.contents.0.value", "parcels.1.contents.0.origin_country"]


def test_documents_need_no_value(desk: LocalShipments) -> None:
    papers = customs(contents_type="documents", items=[{"description": "Papers", "value": 0, "origin_country": "US"}])
    shipment = desk.create(request(customs=papers))
    assert desk.purchase(shipment.id, Purchase(rate_id=shipment.rates[0].id)).paid


def test_refreshed_rates_still_tell_what_customs_needs(desk: LocalShipments) -> None:
    shipment = desk.create(request(customs=None))
    fresh = desk.refresh(shipment.id, RefreshRequest(options={"verify_addresses": True}))
    assert offered(fresh) == offered(shipment)
    assert fresh.notes_on_rates == [
        "Addresses were checked by ZIP, city and state; whether the street exists was not.",
        (
            "Addresses abroad were checked by the postal code and province of their country; whether city and street "
            "exist was not."
        ),
        shipment.notes_on_rates[-1],
    ]


@pytest.mark.parametrize(
    ("address", "fields", "words"),
    [
        (
            "111 Wellington St, Ottawa ON 12345, Canada",
            ["recipient.address.postal_code"],
            "12345 is not a postal code of Canada. Use one such as K1A 0B1.",
        ),
        ("10 Downing Street, London, UK", ["recipient.address.postal_code"], "The postal code is missing"),
        (
            {"line1": "1 George St", "city": "Sydney", "postal_code": "2000", "country": "Australia", "state": "X"},
            ["recipient.address.state"],
            '"X" is not a state of Australia. Use NSW.',
        ),
    ],
)
def test_address_abroad_that_its_post_could_not_place_is_refused(
    desk: LocalShipments, address: str | dict[str, str], fields: list[str], words: str
) -> None:
    with pytest.raises(InvalidRequest) as caught:
        desk.create(request(recipient={"address": address}))
    assert caught.value.fields == fields
    assert words in caught.value.message


def text_of(pdf: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


def test_commercial_invoice_says_what_customs_asks(desk: LocalShipments) -> None:
    shipment = desk.create(request())
    bought = desk.purchase(shipment.id, Purchase(rate_id=shipment.rates[0].id, order_number="ORDER-12345"))
    pdf = desk.commercial_invoice(shipment.id)
    assert pdf == desk.commercial_invoice(shipment.id)
    lines = [line.strip() for line in text_of(pdf).splitlines()]
    for line in (
        "Commercial invoice",
        bought.id,
        bought.tracking_number,
        "ORDER-12345",
        "500 7th ave",
        "Floor 10",
        "New York, NY 10018",
        "United States",
        "+12125550100",
        "A firm",
        "111 Wellington St",
        "Ottawa ON K1A 0A9",
        "Canada",
        "Merchandise",
        "DAP",
        "Return",
        "NOEEI 30.37(a)",
        "Dispatch Roasters Coffee (DRC-1)",
        "0901.21",
        "4",
        "18.50",
        "74.00",
        "4.4",
        "I certify that the particulars on this invoice are true and correct.",
        "Signature: Kyle Grzybowski",
        "Page 1 of 1",
    ):
        assert line in lines, line


def test_commercial_invoice_goes_on_over_several_pages(desk: LocalShipments) -> None:
    items = [{**COFFEE, "description": f"<b>Kaffee</b> & Tee Nº {number}"} for number in range(100)]
    shipment = desk.create(request(customs=customs(items=items, eel="AES X20260101000001")))
    named = shipment.model_copy(update={"invoice_number": "INV-2026-0815"})
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(invoice_pdf(named))).pages]
    assert len(pages) > 1
    for position, page in enumerate(pages, start=1):
        assert f"Page {position} of {len(pages)}" in page
        assert "Invoice INV-2026-0815" in page
        assert "Unit, USD" in page
    whole = "\n".join(pages)
    for number in range(100):
        assert f"<b>Kaffee</b> & Tee Nº {number} (DRC-1)" in whole
    assert "7,400.00" in pages[-1]
    assert "Signature: Kyle Grzybowski" in pages[-1]


def test_commercial_invoice_of_an_unknown_shipment(desk: LocalShipments) -> None:
    with pytest.raises(NotFound):
        desk.commercial_invoice("ship_none")
