"""Every file of an export by its link: what it is called, what type it has, and what is in it."""

import csv
import gzip
import io
import json
from typing import Any
from urllib.parse import urlsplit

import openpyxl
import pyarrow.parquet as pq
import pytest

from tests.api.calling import Client, quoted
from tests.api.test_exports import finished
from tests.examples import QUICK_START

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.fixture(scope="module")
def shipment_ids(client: Client) -> list[str]:
    made = [quoted(client)["id"] for _ in range(3)]
    assert client.post(f"/v1/shipments/{made[0]}", json={"notes": "=1+1"}).status_code == 200
    return made


def body(**more: Any) -> dict[str, Any]:
    """The quick start with the notes, and more."""
    look = QUICK_START["csv_field_options"]
    columns = look["columns"] | {"notes": True}
    return QUICK_START | {"csv_field_options": look | {"columns": columns} | more.pop("look", {})} | more


@pytest.fixture(scope="module")
def export(client: Client, shipment_ids: list[str]) -> dict[str, Any]:
    assert shipment_ids
    return finished(client, body(formats=["jsonl", "parquet", "xlsx"]))


def test_every_link_opens_its_file(stranger: Client, export: dict[str, Any], shipment_ids: list[str]) -> None:
    ids = shipment_ids[::-1]
    expected = {
        "_csv_url": ("csv", "text/csv; charset=utf-8", ".csv"),
        "_json_url": ("jsonl", "application/x-ndjson", ".jsonl"),
        "_parquet_url": ("parquet", "application/vnd.apache.parquet", ".parquet"),
        "_xlsx_url": ("xlsx", _XLSX, ".xlsx"),
        "_csv_sanitized_url": ("csv_sanitized", "text/csv; charset=utf-8", "-sanitized.csv"),
    }
    files = {file["kind"]: file for file in export["files"]}
    contents = {}
    for link, (kind, media_type, ending) in expected.items():
        response = stranger.get(export[link], headers={"Accept-Encoding": "gzip"})
        assert (response.status_code, response.headers["Content-Type"]) == (200, media_type)
        assert response.headers["Content-Encoding"] == "identity"
        assert response.headers["Content-Disposition"].endswith(f'{ending}"')
        assert int(response.headers["Content-Length"]) == len(response.content) == files[kind]["size"]
        contents[kind] = response.content
    assert export["_csv_error_url"] is None
    assert [row[0] for row in csv.reader(io.StringIO(contents["csv"].decode()))] == ["id", *ids]
    assert [json.loads(line)["id"] for line in contents["jsonl"].splitlines()] == ids
    assert pq.read_table(io.BytesIO(contents["parquet"]))["id"].to_pylist() == ids
    sheet = openpyxl.load_workbook(io.BytesIO(contents["xlsx"])).active
    assert [row[0] for row in sheet.iter_rows(values_only=True)] == ["id", *ids]
    held = list(csv.reader(io.StringIO(contents["csv_sanitized"].decode())))
    assert [(row[0], row[4]) for row in held] == [("id", "notes"), (shipment_ids[0], "=1+1")]


def test_the_record_tells_of_formulas_and_failures(export: dict[str, Any]) -> None:
    expected = {
        "rows_done": 3, "rows_total": 3, "rows_failed": 0, "rows_defused": 1,
        "formats": ["jsonl", "parquet", "xlsx"], "gzip": False,
    }  # fmt: skip
    assert {name: export[name] for name in expected} == expected
    assert export["csv_field_options"]["formulas"] == "defuse"
    assert not {"csv_url", "json_url"} & set(export)


def test_links_are_of_one_file_and_need_their_signature(
    stranger: Client, client: Client, export: dict[str, Any]
) -> None:
    link = export["_xlsx_url"]
    path = urlsplit(link).path
    assert path == f"/v1/exports/{export['id']}/files/xlsx"
    assert stranger.get(path).status_code == 401
    assert stranger.get(link.replace("/files/xlsx", "/files/jsonl")).status_code == 403
    assert client.get(path).status_code == 200
    assert stranger.get(link, headers={"Range": "bytes=0-1"}).content == b"PK"
    assert stranger.request("HEAD", link).headers["Content-Type"] == _XLSX
    again = client.get(f"/v1/exports/{export['id']}").json()
    assert stranger.get(again["_parquet_url"]).status_code == 200
    listed = client.get("/v1/exports?limit=100").json()["data"]
    found = next(item for item in listed if item["id"] == export["id"])
    assert stranger.get(found["_json_url"]).status_code == 200


def test_a_file_that_is_not_there(client: Client, export: dict[str, Any]) -> None:
    missing = client.get(f"/v1/exports/{export['id']}/files/csv_error")
    assert (missing.status_code, missing.json()["error"]) == (404, "not_found")
    unknown = client.get(f"/v1/exports/{export['id']}/files/docx")
    assert unknown.status_code == 400
    assert client.post("/v1/exports", json=body(formats=["docx"])).status_code == 400


def test_gzip_is_a_file_and_not_an_encoding(stranger: Client, client: Client, shipment_ids: list[str]) -> None:
    packed = finished(client, body(gzip=True, formats=["jsonl"], options={"limit": 2}))
    for link, ending in (("download_url", ".csv.gz"), ("_json_url", ".jsonl.gz")):
        response = stranger.get(packed[link])
        assert response.headers["Content-Type"] == "application/gzip"
        assert response.headers["Content-Encoding"] == "identity"
        assert response.headers["Content-Disposition"].endswith(f'{ending}"')
        assert shipment_ids[2].encode() in gzip.decompress(response.content)
    assert gzip.decompress(stranger.get(packed["_json_url"]).content).count(b"\n") == 2


def test_byte_order_mark_and_formulas_as_they_are(stranger: Client, client: Client, shipment_ids: list[str]) -> None:
    chosen = body(look={"byte_order_mark": True, "formulas": "keep"})
    preview = client.post("/v1/exports/preview?rows=500", json=chosen).json()
    made = finished(client, chosen)
    content = stranger.get(made["_csv_url"]).content
    assert content == preview["csv"].encode()
    assert content.startswith(b"\xef\xbb\xbfid,")
    assert [row[4] for row in preview["rows"] if row[0] == shipment_ids[0]] == ["=1+1"]
    assert (preview["columns"][0], preview["estimated_size"]) == ("id", made["size"])
    assert (made["_csv_sanitized_url"], made["rows_defused"]) == (None, 0)


def test_preview_shows_as_many_rows_as_asked(client: Client, shipment_ids: list[str]) -> None:
    preview = client.post("/v1/exports/preview?rows=2", json=body()).json()
    assert [row[0] for row in preview["rows"]] == shipment_ids[:0:-1]
    for rows in (0, 501):
        assert client.post(f"/v1/exports/preview?rows={rows}", json=body()).status_code == 400
