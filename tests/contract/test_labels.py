"""Labels on the embedded desk, on both databases: filed once, handed out in every format, void when canceled."""

import io
from typing import Any

import pypdfium2
import pytest
import zxingcpp
from PIL import Image
from pypdf import PdfReader
from zebrafy import ZebrafyZPL

from lib.models.errors import Conflict, InvalidRequest, NotFound
from lib.models.shipments import LabelSize, Purchase, QuoteRequest, Shipment
from lib.models.team import TeamSettings
from lib.runtime import Runtime
from lib.shipping.label_service import LocalLabels
from lib.shipping.labels import label_pdf
from lib.shipping.service import LocalShipments
from lib.store.shipments import SHIPMENTS

BOX = {"length": 10, "width": 8, "height": 6, "weight": 5}
REQUEST = {
    "sender": {"name": "Ann Sender", "address": "500 7th Ave, New York, NY 10018"},
    "recipient": {"business": "A shop", "address": "1 Main St, Brooklyn, NY 11201"},
}


@pytest.fixture
def labels(desk_runtime: Runtime) -> LocalLabels:
    return LocalLabels(desk_runtime.engine, desk_runtime.files)


@pytest.fixture
def shipments(desk_runtime: Runtime) -> LocalShipments:
    return LocalShipments(desk_runtime.engine, TeamSettings)


def quoted(shipments: LocalShipments, parcels: int = 1) -> Shipment:
    return shipments.create(QuoteRequest.model_validate({**REQUEST, "parcels": [BOX] * parcels}))


def bought(shipments: LocalShipments, parcels: int = 1, size: LabelSize = "4x6") -> Shipment:
    shipment = quoted(shipments, parcels)
    return shipments.purchase(shipment.id, Purchase(rate_id=shipment.rates[0].id, label_size=size))


def changed(desk_runtime: Runtime, shipment: Shipment, **changes: Any) -> None:
    with desk_runtime.engine.begin() as connection:
        SHIPMENTS.update(connection, shipment.model_copy(update=changes))


def numbers(shipment: Shipment) -> list[str | None]:
    return [parcel.tracking_number for parcel in shipment.parcels]


def scanned(images: list[Image.Image]) -> list[str]:
    return [code.text for image in images for code in zxingcpp.read_barcodes(image)]


def scanned_pdf(pdf: bytes) -> list[str]:
    return scanned([page.render(scale=203 / 72).to_pil() for page in pypdfium2.PdfDocument(pdf)])


def test_labels_retrieve_gives_the_filed_label(
    labels: LocalLabels, shipments: LocalShipments, desk_runtime: Runtime
) -> None:
    shipment = bought(shipments, parcels=2, size="letter")
    name = f"labels/{shipment.id}.pdf"
    filed = desk_runtime.files.read(name)
    label = labels.retrieve(shipment.id)
    assert (label.content, label.media_type) == (filed, "application/pdf")
    assert label.filename == f"{shipment.tracking_number}.pdf"
    # What was filed is what was bought, whatever was noted on the shipment since.
    changed(desk_runtime, shipment, order_number="Later")
    assert labels.retrieve(shipment.id, size="letter").content == filed
    desk_runtime.files.delete(name)
    assert labels.retrieve(shipment.id).content == label_pdf(shipments.retrieve(shipment.id), "letter")


@pytest.mark.parametrize(
    ("size", "points"),
    [("4x6", (288, 432)), ("letter", (612, 792)), ("4x8", (288, 576)), ("a4", (595.3, 841.9)), ("a6", (297.6, 419.5))],
)
def test_labels_retrieve_in_any_size(
    labels: LocalLabels, shipments: LocalShipments, size: LabelSize, points: tuple[float, float]
) -> None:
    shipment = bought(shipments, parcels=2)
    pages = pypdfium2.PdfDocument(labels.retrieve(shipment.id, "pdf", size).content)
    assert [page.get_size() for page in pages] == [pytest.approx(points, abs=0.1)] * 2


def test_labels_retrieve_in_every_format_of_all_parcels_and_of_one(
    labels: LocalLabels, shipments: LocalShipments
) -> None:
    shipment = bought(shipments, parcels=3)
    first, second, third = numbers(shipment)
    assert len({first, second, third}) == 3

    zpl = labels.retrieve(shipment.id, "zpl")
    assert scanned(ZebrafyZPL(zpl.content.decode("ascii")).to_images()) == [first, second, third]
    assert (zpl.media_type, zpl.filename) == ("application/zpl", f"{first}.zpl")
    zpl = labels.retrieve(shipment.id, "zpl", "a6", parcel=3)
    assert scanned(ZebrafyZPL(zpl.content.decode("ascii")).to_images()) == [third]
    assert zpl.filename == f"{third}.zpl"

    png = labels.retrieve(shipment.id, "png")
    assert scanned([Image.open(io.BytesIO(png.content))]) == [first]
    assert (png.media_type, png.filename) == ("image/png", f"{first}.png")
    png = labels.retrieve(shipment.id, "png", "4x8", parcel=2)
    assert scanned([Image.open(io.BytesIO(png.content))]) == [second]

    assert scanned_pdf(labels.retrieve(shipment.id).content) == [first, second, third]
    pdf = labels.retrieve(shipment.id, parcel=2)
    assert scanned_pdf(pdf.content) == [second]
    assert pdf.filename == f"{second}.pdf"


def test_labels_have_names_that_are_safe_anywhere(
    labels: LocalLabels, shipments: LocalShipments, desk_runtime: Runtime
) -> None:
    shipment = bought(shipments, parcels=2)
    changed(desk_runtime, shipment, tracking_number='1"Z/../ 王\r\n9')
    assert labels.retrieve(shipment.id).filename == "1-Z-..-9.pdf"


@pytest.mark.parametrize("parcel", [0, -1, 3])
def test_labels_retrieve_of_no_parcel_says_how_many_there_are(
    labels: LocalLabels, shipments: LocalShipments, parcel: int
) -> None:
    shipment = bought(shipments, parcels=2)
    with pytest.raises(InvalidRequest) as caught:
        labels.retrieve(shipment.id, parcel=parcel)
    assert caught.value.fields == ["parcel"]
    assert caught.value.message == (
        f"There is no parcel {parcel}: shipment {shipment.id} has 2 parcels, counted from 1."
    )


@pytest.mark.parametrize("size", ["letter", "a4"])
def test_labels_retrieve_as_zpl_is_for_label_printers(
    labels: LocalLabels, shipments: LocalShipments, size: LabelSize
) -> None:
    shipment = bought(shipments, size=size)
    for asked in (None, size):
        with pytest.raises(InvalidRequest) as caught:
            labels.retrieve(shipment.id, "zpl", asked)
        assert caught.value.fields == ["size"]
        assert caught.value.message == (
            f"ZPL is for label printers, which take no sheet of the size {size}. Ask for size 4x6, 4x8 or a6."
        )


def test_labels_retrieve_of_a_quoted_shipment(labels: LocalLabels, shipments: LocalShipments) -> None:
    with pytest.raises(NotFound) as caught:
        labels.retrieve(quoted(shipments).id)
    assert caught.value.code == "label_not_found"
    with pytest.raises(NotFound) as caught:
        labels.retrieve("ship_none")
    assert caught.value.code == "shipment_not_found"


@pytest.mark.parametrize("how", [{"status": "canceled"}, {"refund_status": "refunded", "status": "in_transit"}])
def test_labels_of_a_canceled_shipment_are_void(
    labels: LocalLabels, shipments: LocalShipments, desk_runtime: Runtime, how: dict[str, str]
) -> None:
    good, void = bought(shipments), bought(shipments)
    changed(desk_runtime, void, **how)
    with pytest.raises(Conflict) as caught:
        labels.retrieve(void.id, "png")
    assert caught.value.code == "shipment_canceled"
    assert caught.value.message == (
        f"Canceled, so that the label is void and must not be used: {void.id}. Get rates for a new shipment."
    )
    assert void.purchased_rate is not None
    with pytest.raises(Conflict) as again:
        shipments.purchase(void.id, Purchase(rate_id=void.purchased_rate.id))
    assert (again.value.code, again.value.message) == ("shipment_canceled", caught.value.message)
    with pytest.raises(Conflict) as caught:
        labels.merged([good.id, void.id])
    assert (caught.value.code, caught.value.fields) == ("shipment_canceled", ["shipments.1"])
    assert void.id in caught.value.message
    assert good.id not in caught.value.message


def test_labels_merged_are_in_the_order_asked_for(labels: LocalLabels, shipments: LocalShipments) -> None:
    one, two, sheet = bought(shipments), bought(shipments, parcels=2), bought(shipments, size="letter")
    expected = [*numbers(sheet), *numbers(two), *numbers(one)]
    asked = [sheet.id, two.id, one.id]
    as_bought = labels.merged(asked)
    assert scanned_pdf(as_bought.content) == expected
    assert (as_bought.media_type, as_bought.filename) == ("application/pdf", "labels.pdf")
    texts = [page.extract_text() for page in PdfReader(io.BytesIO(as_bought.content)).pages]
    assert [next(line for line in text.splitlines() if line.startswith("Parcel")) for text in texts] == [
        "Parcel 1 of 1",
        "Parcel 1 of 2",
        "Parcel 2 of 2",
        "Parcel 1 of 1",
    ]
    heights = [page.get_size()[1] for page in pypdfium2.PdfDocument(as_bought.content)]
    assert heights == [792, 432, 432, 432]
    resized = labels.merged(asked, size="4x8")
    assert [page.get_size() for page in pypdfium2.PdfDocument(resized.content)] == [(288, 576)] * 4
    zpl = labels.merged(asked, "zpl", "4x6")
    assert scanned(ZebrafyZPL(zpl.content.decode("ascii")).to_images()) == expected


def test_labels_merged_names_every_shipment_without_a_label(labels: LocalLabels, shipments: LocalShipments) -> None:
    good, waiting = bought(shipments), quoted(shipments)
    with pytest.raises(NotFound) as caught:
        labels.merged([good.id, "ship_none", waiting.id])
    assert (caught.value.code, caught.value.fields) == ("label_not_found", ["shipments.1", "shipments.2"])
    assert caught.value.message == f"There is no label for ship_none, {waiting.id}: not kept here, or not bought."


def test_labels_merged_of_none_too_many_or_the_same(labels: LocalLabels, shipments: LocalShipments) -> None:
    shipment = bought(shipments)
    for count in (0, 201):
        with pytest.raises(InvalidRequest) as caught:
            labels.merged([f"ship_{index}" for index in range(count)])
        assert caught.value.fields == ["shipments"]
        assert f"1 to 200 shipments, not {count}" in caught.value.message
    with pytest.raises(InvalidRequest) as caught:
        labels.merged([shipment.id, "ship_1", shipment.id])
    assert caught.value.fields == ["shipments.2"]


def test_labels_merged_holds_no_more_than_500(labels: LocalLabels, shipments: LocalShipments) -> None:
    many = [bought(shipments, parcels=count) for count in (200, 200, 101)]
    with pytest.raises(InvalidRequest) as caught:
        labels.merged([shipment.id for shipment in many])
    assert caught.value.fields == ["shipments"]
    assert len(pypdfium2.PdfDocument(labels.merged([many[0].id, many[2].id]).content)) == 301
