"""The bodies of the API page on exports posted word for word, and the answer's fields as it shows them."""

import json
from pathlib import Path

import pytest

from lib.models.base import parse_instant
from tests.api.calling import Client

BODIES = json.loads((Path(__file__).parents[1] / "data" / "export_bodies.json").read_text(encoding="utf-8"))
FIELDS = ("id", "resource", "status", "created_at", "estimated_completion", "download_url", "expires_at")


@pytest.mark.parametrize("name", BODIES)
def test_bodies_of_the_page_are_queued(client: Client, name: str) -> None:
    response = client.post("/v1/exports", json=BODIES[name])
    export = response.json()
    assert response.status_code == 200, export
    assert {field: export[field] for field in FIELDS if not field.endswith(("_at", "completion"))} == {
        "id": export["id"],
        "resource": BODIES[name]["resource"],
        "status": "queued",
        "download_url": None,
    }
    assert export["id"].startswith("exp_")
    created, completed, expired = (
        parse_instant(export[field]) for field in ("created_at", "estimated_completion", "expires_at")
    )
    assert created < completed < expired


def test_column_of_no_resource_is_refused_with_the_nearest(client: Client) -> None:
    body = json.loads(json.dumps(BODIES["inferences"]))
    body["csv_field_options"]["columns"]["barcode_value"] = True
    response = client.post("/v1/exports", json=body)
    assert response.status_code == 400
    assert response.json()["message"] == (
        "A shipping label inference has no column “barcode_value”; did you mean “barcode_values”?"
    )
