"""/v1/exports by the API page's own body, to the file and its signed link."""

import time
from typing import Any
from urllib.parse import urlsplit

import pytest

from lib.runtime import Runtime
from lib.store.links import sign_path
from tests.api.calling import Client, quoted
from tests.examples import QUICK_START


def finished(client: Client, body: dict[str, Any]) -> dict[str, Any]:
    export: dict[str, Any] = client.post("/v1/exports", json=body).json()
    deadline = time.monotonic() + 30
    while export["status"] in ("queued", "processing"):
        assert time.monotonic() < deadline
        time.sleep(0.05)
        export = client.get(f"/v1/exports/{export['id']}").json()
    assert export["status"] == "completed", export
    return export


@pytest.fixture(scope="module")
def shipment_ids(client: Client) -> list[str]:
    return [quoted(client)["id"] for _ in range(3)]


@pytest.fixture(scope="module")
def export(client: Client, shipment_ids: list[str]) -> dict[str, Any]:
    assert shipment_ids
    return finished(client, QUICK_START)


def test_quick_start_is_queued_as_the_page_shows(client: Client) -> None:
    response = client.post("/v1/exports", json=QUICK_START)
    export = response.json()
    assert response.status_code == 200
    page = ["id", "resource", "status", "created_at", "estimated_completion", "download_url", "expires_at"]
    assert set(page) <= set(export)
    assert export["id"].startswith("exp_")
    assert {name: export[name] for name in ("resource", "status", "download_url")} == {
        "resource": "shipment",
        "status": "queued",
        "download_url": None,
    }


def test_unsupported_resource_is_refused_as_the_page_shows(client: Client) -> None:
    response = client.post("/v1/exports", json=QUICK_START | {"resource": "invalid_resource"})
    assert response.status_code == 400
    assert response.json() == {
        "error": "invalid_resource",
        "message": "Unsupported resource type: invalid_resource",
        "details": {"resource": "invalid_resource"},
    }


def test_file_is_what_the_preview_showed(client: Client, export: dict[str, Any], shipment_ids: list[str]) -> None:
    preview = client.post("/v1/exports/preview", json=QUICK_START).json()
    download = client.get(urlsplit(export["download_url"]).path)
    assert download.text == preview["csv"]
    assert set(preview["columns"]) == set(QUICK_START["csv_field_options"]["columns"])
    assert preview["total_count"] == 3
    assert [row[0] for row in preview["rows"]] == shipment_ids[::-1]


def test_link_opens_without_a_key(stranger: Client, client: Client, export: dict[str, Any]) -> None:
    link = export["download_url"]
    assert link.startswith(f"http://localhost/v1/exports/{export['id']}/download?signature=")
    response = stranger.get(link, headers={"Accept-Encoding": "gzip"})
    assert response.status_code == 200
    headers = response.headers
    assert headers["Content-Encoding"] == "identity"
    assert headers["Content-Type"] == "text/csv; charset=utf-8"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Accept-Ranges"] == "bytes"
    assert int(headers["Content-Length"]) == len(response.content) == export["size"]
    assert headers["Content-Disposition"].startswith('attachment; filename="shipment-export-')
    assert headers["Content-Disposition"].endswith('.csv"')
    by_key = client.get(urlsplit(link).path)
    assert by_key.content == response.content


def test_head_tells_the_length(stranger: Client, export: dict[str, Any]) -> None:
    response = stranger.request("HEAD", export["download_url"])
    assert (response.status_code, response.content) == (200, b"")
    assert int(response.headers["Content-Length"]) == export["size"]


def test_range(stranger: Client, export: dict[str, Any]) -> None:
    whole = stranger.get(export["download_url"]).content
    part = stranger.get(export["download_url"], headers={"Range": "bytes=3-9"})
    assert (part.status_code, part.content) == (206, whole[3:10])
    assert part.headers["Content-Range"] == f"bytes 3-9/{len(whole)}"
    rest = stranger.get(export["download_url"], headers={"Range": "bytes=10-"})
    assert (rest.status_code, rest.content) == (206, whole[10:])
    beyond = stranger.get(export["download_url"], headers={"Range": f"bytes={len(whole)}-"})
    assert beyond.status_code == 416


def test_tampered_and_expired_links(stranger: Client, held: Runtime, export: dict[str, Any]) -> None:
    link, path = export["download_url"], urlsplit(export["download_url"]).path
    tampered = stranger.get(link.replace("signature=", "signature=x"))
    assert tampered.status_code == 403
    assert tampered.json()["error"] == "forbidden"
    stale = stranger.get(sign_path(held.engine, path, clock=lambda: time.time() - 15 * 60 - 2))
    assert (stale.status_code, stale.json()["error"]) == (403, "link_expired")
    other = link.replace(export["id"], "exp_other")
    assert stranger.get(other).status_code == 403
    assert stranger.get(path).status_code == 401


def test_every_read_signs_a_link_that_opens(client: Client, stranger: Client, export: dict[str, Any]) -> None:
    record = client.get(f"/v1/exports/{export['id']}").json()
    assert stranger.get(record["download_url"]).status_code == 200
    listed = client.get("/v1/exports?limit=500").json()
    assert listed["pagination"]["total_count"] == len(listed["data"])
    found = next(item for item in listed["data"] if item["id"] == export["id"])
    assert stranger.get(found["download_url"]).status_code == 200


def test_unknown_export(client: Client) -> None:
    for path in ("/v1/exports/exp_none", "/v1/exports/exp_none/download"):
        response = client.get(path)
        assert (response.status_code, response.json()["error"]) == (404, "export_not_found")


def test_parts_go_on_only_with_the_same_file(stranger: Client, export: dict[str, Any]) -> None:
    link = export["download_url"]
    tag = stranger.request("HEAD", link).headers["ETag"]
    assert tag == f'"{export["sha256"]}"'
    whole = stranger.get(link).content
    same = stranger.get(link, headers={"Range": "bytes=5-", "If-Range": tag})
    assert (same.status_code, same.content) == (206, whole[5:])
    other = stranger.get(link, headers={"Range": "bytes=5-", "If-Range": '"another"'})
    assert (other.status_code, other.content) == (200, whole)


def test_cancel_retry_and_delete(client: Client, shipment_ids: list[str]) -> None:
    assert shipment_ids
    made = finished(client, QUICK_START | {"options": {"limit": 1}})
    path = f"/v1/exports/{made['id']}"
    for verb in ("cancel", "retry"):
        refused = client.post(f"{path}/{verb}")
        assert (refused.status_code, refused.json()["error"]) == (409, "export_completed")
    assert client.get("/v1/exports?status=completed&resource=shipment&limit=500").json()["pagination"]["total_count"]
    assert client.get("/v1/exports?status=done").status_code == 400
    gone = client.request("DELETE", path)
    assert (gone.status_code, gone.json()["id"]) == (200, made["id"])
    for answer in (
        client.get(path),
        client.request("DELETE", path),
        client.post(f"{path}/cancel"),
        client.post(f"{path}/retry"),
    ):
        assert (answer.status_code, answer.json()["error"]) == (404, "export_not_found")
