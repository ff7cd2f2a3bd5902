"""Labels over /v1: by key or by a link that opens exactly one file, in the right dress."""

import io
from typing import Any

import httpx
import pypdfium2
import pytest
import zxingcpp
from PIL import Image

from lib.runtime import Runtime
from lib.store.database import writing
from lib.store.shipments import SHIPMENTS
from tests.api.calling import Client, bought, quoted
from tests.examples import EXAMPLE


@pytest.fixture(scope="module")
def single(client: Client) -> dict[str, Any]:
    return bought(client)[1]


@pytest.fixture(scope="module")
def pair(client: Client) -> dict[str, Any]:
    """A shipment of two parcels."""
    return bought(client, parcels=[EXAMPLE["parcel"], EXAMPLE["parcel"]])[1]


def path(shipment: dict[str, Any]) -> str:
    return f"/v1/shipments/{shipment['id']}/label"


def numbers(shipment: dict[str, Any]) -> list[str]:
    return [parcel["tracking_number"] for parcel in shipment["parcels"]]


def scanned(response: httpx.Response) -> list[str]:
    """The codes on every page of a PDF."""
    assert response.status_code == 200, response.text
    pages = [page.render(scale=203 / 72).to_pil() for page in pypdfium2.PdfDocument(response.content)]
    return [code.text for page in pages for code in zxingcpp.read_barcodes(page)]


def test_label_by_key_and_by_link(client: Client, stranger: Client, single: dict[str, Any]) -> None:
    link = single["label_url"]
    assert link.startswith(f"http://localhost{path(single)}?signature=")
    by_link, by_key = stranger.get(link), client.get(path(single))
    assert (by_link.status_code, by_key.status_code) == (200, 200)
    assert by_link.content == by_key.content
    assert scanned(by_link) == [single["tracking_number"]]
    assert single["parcels"][0]["label_url"] == link
    assert stranger.get(link.replace("signature=", "signature=x")).status_code == 403
    assert stranger.get(path(single)).status_code == 401


@pytest.mark.parametrize(
    ("query", "media_type", "disposition"),
    [
        ("", "application/pdf", 'inline; filename="{}.pdf"'),
        ("?format=pdf&size=a4", "application/pdf", 'inline; filename="{}.pdf"'),
        ("?format=png", "image/png", 'inline; filename="{}.png"'),
        ("?format=zpl&size=4x8", "application/zpl", 'attachment; filename="{}.zpl"'),
    ],
)
def test_label_comes_as_what_it_is(
    client: Client, single: dict[str, Any], query: str, media_type: str, disposition: str
) -> None:
    response = client.get(path(single) + query)
    assert response.status_code == 200
    assert response.headers["Content-Type"] == media_type
    assert response.headers["Content-Disposition"] == disposition.format(single["tracking_number"])
    assert response.headers["X-Content-Type-Options"] == "nosniff"


def test_label_of_each_parcel_by_its_own_link(client: Client, stranger: Client, pair: dict[str, Any]) -> None:
    first, second = numbers(pair)
    assert scanned(stranger.get(pair["label_url"])) == [first, second]
    read_again = client.get(f"/v1/shipments/{pair['id']}").json()["data"]
    for shipment in (pair, read_again):
        links = [parcel["label_url"] for parcel in shipment["parcels"]]
        assert [link.split("&")[0] for link in links] == [
            f"http://localhost{path(pair)}?parcel=1",
            f"http://localhost{path(pair)}?parcel=2",
        ]
        assert [scanned(stranger.get(link)) for link in links] == [[first], [second]]
    png = client.get(f"{path(pair)}?format=png&parcel=2")
    assert [code.text for code in zxingcpp.read_barcodes(Image.open(io.BytesIO(png.content)))] == [second]
    assert png.headers["Content-Disposition"] == f'inline; filename="{second}.png"'


def test_link_opens_exactly_its_file(stranger: Client, single: dict[str, Any], pair: dict[str, Any]) -> None:
    whole, second = pair["label_url"], pair["parcels"][1]["label_url"]
    for changed in (
        f"{whole}&format=zpl",
        f"{whole}&size=a4",
        f"{whole}&parcel=1",
        second.replace("parcel=2", "parcel=1"),
        second.replace("parcel=2&", ""),
        f"{second}&parcel=1",
        f"{second}&more=1",
        whole.replace(pair["id"], single["id"]),
    ):
        response = stranger.get(changed)
        assert (response.status_code, response.json()["code"]) == (403, "forbidden"), changed


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("format=docx", "format"),
        ("size=a5", "size"),
        ("parcel=0", "parcel"),
        ("parcel=2", "parcel"),
        ("parcel=one", "parcel"),
        ("format=zpl&size=letter", "size"),
        ("format=zpl&size=a4", "size"),
    ],
)
def test_label_of_no_such_kind_is_400(client: Client, single: dict[str, Any], query: str, field: str) -> None:
    response = client.get(f"{path(single)}?{query}")
    assert (response.status_code, response.json()["errors"]) == (400, [field])


def test_shipment_not_bought_has_no_label(client: Client) -> None:
    shipment = quoted(client)
    assert shipment["label_url"] is None
    # What a client says of a label of its own is no link of ours.
    own = quoted(client, parcels=[EXAMPLE["parcel"] | {"label_url": "/v1/exports/exp_1/download"}])
    assert own["parcels"][0]["label_url"] == "/v1/exports/exp_1/download"
    for url in (path(shipment), f"/v1/labels?shipments={shipment['id']}"):
        response = client.get(url)
        assert (response.status_code, response.json()["code"]) == (404, "label_not_found")


def test_label_of_a_canceled_shipment_is_409(client: Client, stranger: Client, held: Runtime) -> None:
    shipment = bought(client)[1]
    kept = SHIPMENTS.get(held.engine, shipment["id"])
    with writing(held.engine).begin() as connection:
        SHIPMENTS.update(connection, kept.model_copy(update={"status": "canceled"}))
    for response in (client.get(path(shipment)), stranger.get(shipment["label_url"])):
        assert (response.status_code, response.json()["code"]) == (409, "shipment_canceled")
        assert "void" in response.json()["message"]
    merged = client.get(f"/v1/labels?shipments={shipment['id']}")
    assert (merged.status_code, merged.json()["errors"]) == (409, ["shipments.0"])


@pytest.mark.parametrize("query", ["shipments={0},{1}", "shipments={0}&shipments={1}", "shipments={0},%20{1},&size=a6"])
def test_labels_in_one_file(client: Client, single: dict[str, Any], pair: dict[str, Any], query: str) -> None:
    response = client.get(f"/v1/labels?{query.format(pair['id'], single['id'])}")
    assert scanned(response) == [*numbers(pair), *numbers(single)]
    assert response.headers["Content-Type"] == "application/pdf"
    assert response.headers["Content-Disposition"] == 'inline; filename="labels.pdf"'


def test_labels_in_one_file_for_a_label_printer(client: Client, single: dict[str, Any], pair: dict[str, Any]) -> None:
    response = client.get(f"/v1/labels?shipments={single['id']},{pair['id']}&format=zpl")
    assert response.headers["Content-Type"] == "application/zpl"
    assert response.content.count(b"^XA") == 3


@pytest.mark.parametrize(
    ("query", "errors"),
    [
        ("", ["shipments"]),
        ("?shipments=", ["shipments"]),
        ("?shipments={},ship_none", ["shipments.1"]),
        ("?shipments={},{}", ["shipments.1"]),
        ("?shipments={}&format=png", ["format"]),
        ("?shipments={}&format=zpl&size=a4", ["size"]),
    ],
)
def test_labels_name_what_is_wrong(client: Client, single: dict[str, Any], query: str, errors: list[str]) -> None:
    response = client.get(f"/v1/labels{query.replace('{}', single['id'])}")
    assert (response.status_code, response.json()["errors"]) == (404 if "ship_none" in query else 400, errors)


def test_labels_need_a_key(stranger: Client, single: dict[str, Any]) -> None:
    assert stranger.get(f"/v1/labels?shipments={single['id']}").status_code == 401
