"""A law: whatever stands in one place of a good body, the answer is an answer of the API and never a crash."""

import copy
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.api.calling import Client
from tests.examples import QUICK_START, QUOTABLE

Path = tuple[str | int, ...]

LEAVES = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text()
    | st.sampled_from(["ctct_1", "addr_1", "loc_1", "10018", "2024-01-01", "all", "x" * 3000, 10**30])
)  # fmt: skip
ANYTHING = LEAVES | st.lists(LEAVES, max_size=2) | st.dictionaries(st.text(), LEAVES, max_size=2)
FLOOD = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def places(value: Any, path: Path = ()) -> Iterator[Path]:
    yield path
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        yield from places(item, (*path, key))


def changed(body: Any, path: Path, value: Any) -> Any:
    if not path:
        return value
    body = copy.deepcopy(body)
    node = body
    for key in path[:-1]:
        node = node[key]
    node[path[-1]] = value
    return body


@pytest.fixture(scope="module")
def shipment_path(client: Client) -> str:
    return f"/v1/shipments/{client.post('/v1/shipments', json=QUOTABLE).json()['data']['id']}"


@FLOOD
@given(path=st.sampled_from(list(places(QUOTABLE))), value=ANYTHING)
def test_quote(client: Client, path: Path, value: Any) -> None:
    response = client.post("/v1/shipments", json=changed(QUOTABLE, path, value))
    assert response.status_code in (200, 400, 404)
    assert response.json()["status"] == response.status_code


@FLOOD
@given(path=st.sampled_from(list(places({"options": QUOTABLE["options"]}))), value=ANYTHING)
def test_refresh(client: Client, shipment_path: str, path: Path, value: Any) -> None:
    body = changed({"options": QUOTABLE["options"]}, path, value)
    response = client.post(f"{shipment_path}/refresh", json=body)
    assert response.status_code in (200, 400)
    assert response.json()["status"] == response.status_code


@FLOOD
@given(path=st.sampled_from(list(places(QUICK_START))), value=ANYTHING)
def test_export_preview(client: Client, path: Path, value: Any) -> None:
    response = client.post("/v1/exports/preview", json=changed(QUICK_START, path, value))
    assert response.status_code in (200, 400)
    assert set(response.json()) == (
        {"columns", "rows", "csv", "total_count", "estimated_size"}
        if response.status_code == 200
        else {"error", "message", "details"}
    )


@FLOOD
@given(
    name=st.sampled_from(["status", "provider", "created_at", "order_by", "page", "type"]) | st.text(), value=st.text()
)
def test_list(client: Client, name: str, value: str) -> None:
    response = client.get("/v1/shipments", params={name: value})
    assert response.status_code in (200, 400)
    assert response.json()["status"] == response.status_code
