"""/rate_cards: try, apply, list, read, remove, and the limits of what is taken."""

import base64
import io
from datetime import date

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lib.models.rate_cards import CARD_KINDS
from tests.api.calling import Client

CARD = {
    "kind": "adjustment",
    "name": "UPS agreement",
    "effective": "2031-01-01",
    "content": "provider,service,percent\nups,ground,-12.5\n",
}


def load(client: Client, **changes):
    return client.post("/v1/rate_cards", json=CARD | changes)


def test_a_card_is_applied_listed_read_and_removed(client: Client) -> None:
    made = load(client)
    assert made.status_code == 200
    body = made.json()
    assert (body["message"], body["status"], body["events"]) == ("Rate card applied.", 200, ["rate_card.applied"])
    card = body["data"]
    assert {**card, "id": "", "created_at": ""} == {
        "object": "rate_card", "id": "", "kind": "adjustment", "name": "UPS agreement", "effective": "2031-01-01",
        "until": None, "currency": "usd", "providers": ["ups"], "row_count": 1, "layout": "Shipdesk's simple layout",
        "created_at": "",
    }  # fmt: skip
    listed = client.get("/v1/rate_cards").json()
    assert listed["data"] == [card]
    assert listed["pagination"] == {"limit": 25, "page": 1, "has_more": False, "total_count": 1}
    read = client.get(f"/v1/rate_cards/{card['id']}").json()["data"]
    rows = [{"type": "change", "line": 2, "provider": "ups", "service": "ground", "percent": -12.5, "amount": 0}]
    assert read == card | {"rows": rows}
    removed = client.request("DELETE", f"/v1/rate_cards/{card['id']}")
    assert (removed.status_code, removed.json()["data"]) == (200, card)
    gone = client.get(f"/v1/rate_cards/{card['id']}")
    assert (gone.status_code, gone.json()["code"]) == (404, "rate_card_not_found")


def test_a_dry_run_reports_and_keeps_nothing(client: Client) -> None:
    body = client.post("/v1/rate_cards?dry_run=true", json=CARD).json()
    assert body["message"] == "Nothing was changed. Can be applied."
    assert {name: body["data"][name] for name in ("rows_read", "added", "changed", "removed", "problem_count")} == {
        "rows_read": 1, "added": 1, "changed": 0, "removed": 0, "problem_count": 0,
    }  # fmt: skip
    assert body["data"]["examples"] == [{"what": "ups ground", "before": None, "after": "-12.5 %"}]
    assert client.get("/v1/rate_cards").json()["data"] == []


def test_what_is_wrong_is_told_by_line(client: Client) -> None:
    wrong = {"content": "provider,service,percent\nups,gruond,-12.5\n"}
    tried = client.post("/v1/rate_cards?dry_run=true", json=CARD | wrong).json()
    message = "ups has no service “gruond”; did you mean ground?"
    assert tried["data"]["problems"] == [{"line": 2, "sheet": None, "column": "service", "message": message}]
    assert tried["message"] == "Nothing was changed. Cannot be applied as it is."
    refused = load(client, **wrong)
    assert refused.status_code == 400
    assert refused.json()["message"] == f"Nothing was applied. line 2, service: {message}."
    assert (refused.json()["errors"], refused.json()["code"]) == (["content"], "invalid_rate_card")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"kind": "gift"}, "kind"),
        ({"name": ""}, "name"),
        ({"effective": "soon"}, "effective"),
        ({"currency": "eur"}, "currency"),
        ({"content": None}, "body"),
        ({"until": "2030-12-31"}, "body"),
    ],
)
def test_a_body_that_is_wrong_names_the_field(client: Client, changes, field: str) -> None:
    response = load(client, **changes)
    assert (response.status_code, response.json()["errors"]) == (400, [field])


@pytest.mark.parametrize("kind", CARD_KINDS)
def test_a_template_can_be_sent_back(client: Client, kind: str) -> None:
    found = client.get(f"/v1/rate_cards/templates/{kind}")
    assert found.headers["content-type"] == "text/csv; charset=utf-8"
    assert found.headers["content-disposition"] == f'attachment; filename="{kind}_rate_card.csv"'
    report = client.post("/v1/rate_cards?dry_run=true", json=CARD | {"kind": kind, "content": found.text}).json()
    assert report["data"]["problem_count"] == 0


def test_a_workbook_of_a_carrier_fits_where_other_bodies_do_not(client: Client) -> None:
    book = openpyxl.Workbook()
    book.active.title = "UPS Ground"
    book.active.append([None, "Zones", *range(2, 9)])
    for pounds in range(1, 151):
        book.active.append([None, f"{pounds} Lbs.", *[pounds + zone for zone in range(2, 9)]])
    held = io.BytesIO()
    book.save(held)
    changes = {"kind": "published", "content": None, "content_base64": base64.b64encode(held.getvalue()).decode()}
    report = client.post("/v1/rate_cards?dry_run=true", json=CARD | changes).json()["data"]
    assert (report["layout"], report["rows_read"], report["problem_count"]) == ("UPS daily rates workbook", 150, 0)
    large = load(client, content="#" * 1_500_000)
    assert (large.status_code, large.json()["code"]) == (400, "invalid_rate_card")
    larger = load(client, content="#" * 5_000_000)
    assert larger.json()["message"] == "The body is larger than 5 MB, which is the limit."
    elsewhere = client.post("/v1/shipments", json={"tags": ["#" * 1_000_000]})
    assert elsewhere.json()["message"] == "The body is larger than 1 MB, which is the limit."


def test_a_stranger_gets_nowhere(stranger: Client) -> None:
    calls = [
        stranger.get("/v1/rate_cards"), stranger.get("/v1/rate_cards/templates/courier"),
        stranger.post("/v1/rate_cards", json=CARD), stranger.request("DELETE", "/v1/rate_cards/rcard_1"),
    ]  # fmt: skip
    assert {call.status_code for call in calls} == {401}


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    name=st.sampled_from([*CARD, "until", "content_base64"]),
    value=st.none() | st.integers() | st.text() | st.dates().map(date.isoformat) | st.lists(st.text(), max_size=2),
)
def test_any_value_is_answered(client: Client, name: str, value) -> None:
    response = client.post("/v1/rate_cards?dry_run=true", json=CARD | {name: value})
    assert response.status_code in (200, 400)
    assert response.json()["status"] == response.status_code
