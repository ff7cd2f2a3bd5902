"""/v1/export_templates, and relative dates in /v1/exports, over HTTP."""

import time
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.api.calling import Client, quoted
from tests.examples import QUICK_START

RECIPE = {**QUICK_START, "options": {"limit": "all", "created_at": "today"}}
LOOK = QUICK_START["csv_field_options"]


def saved(client: Client, name: str, **changes: Any) -> dict[str, Any]:
    response = client.post("/v1/export_templates", json={"name": name, "recipe": RECIPE, **changes})
    assert response.status_code == 200, response.text
    template: dict[str, Any] = response.json()["data"]
    return template


def test_a_template_is_kept_found_changed_and_deleted(client: Client) -> None:
    made = client.post("/v1/export_templates", json={"name": "Today", "recipe": RECIPE, "colour": "red"}).json()
    template = made["data"]
    assert (made["message"], made["events"]) == ("Export template created.", ["export_template.created"])
    assert template["recipe"]["options"] == RECIPE["options"]
    assert template["url"] == f"http://localhost/exports?template={template['id']}"
    path = f"/v1/export_templates/{template['id']}"
    assert client.get(path).json()["data"] == template
    listed = client.get("/v1/export_templates?search=today").json()
    assert (listed["data"], listed["pagination"]["total_count"]) == ([template], 1)
    schedule = {"cron": "0 6 * * 1", "keep": 3}
    changed = client.post(path, json={"schedule": schedule}).json()["data"]
    assert changed["schedule"] == {"cron": "0 6 * * 1", "timezone": None, "keep": 3, "active": True}
    assert changed["next_run_at"].endswith(":00:00.000Z")
    assert client.post(path, json={"schedule": None}).json()["data"]["next_run_at"] is None
    gone = client.request("DELETE", path).json()
    assert (gone["data"]["id"], gone["events"]) == (template["id"], ["export_template.deleted"])
    missing = client.get(path)
    assert (missing.status_code, missing.json()["code"]) == (404, "export_template_not_found")


def test_run_it_ends_in_a_file_with_the_days_it_meant(client: Client) -> None:
    shipment = quoted(client)
    template = saved(client, "Run by hand")
    path = f"/v1/export_templates/{template['id']}"
    ran = client.post(f"{path}/run").json()
    export = ran["data"]
    assert (ran["events"], export["template_id"], export["scheduled_at"]) == (["export.created"], template["id"], None)
    assert export["options"]["created_at"].startswith("equals:20")
    deadline = time.monotonic() + 30
    while export["status"] in ("queued", "processing"):
        assert time.monotonic() < deadline
        time.sleep(0.05)
        export = client.get(f"/v1/exports/{export['id']}").json()
    listed = client.get(f"{path}/runs").json()
    assert [one["id"] for one in listed["data"]] == [export["id"]]
    link = urlsplit(listed["data"][0]["download_url"])
    assert link.netloc == "localhost"
    assert shipment["id"] in client.get(f"{link.path}?{link.query}").text
    assert client.get(path).json()["data"]["last_export_id"] == export["id"]


def test_what_one_desk_gives_another_takes(client: Client) -> None:
    template = saved(client, "To be sent: a/b", schedule={"cron": "0 6 * * 1"})
    path = f"/v1/export_templates/{template['id']}"
    file = client.get(f"{path}/file")
    assert file.headers["Content-Disposition"] == 'attachment; filename="export-template-to-be-sent-a-b.json"'
    assert file.headers["Content-Type"] == "application/json"
    whole = client.get(path).json()["data"]
    client.request("DELETE", path)
    for body in (file.json(), whole):
        again = client.post("/v1/export_templates", json=body).json()["data"]
        same = ("name", "recipe", "schedule", "next_run_at")
        assert {name: again[name] for name in same} == {name: template[name] for name in same}
        client.request("DELETE", f"/v1/export_templates/{again['id']}")


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": None}, "name"),
        (
            {"recipe": {**RECIPE, "csv_field_options": {**LOOK, "datetime_format": "YYYY"}}},
            "recipe.csv_field_options.datetime_format",
        ),
        (
            {"recipe": {**RECIPE, "csv_field_options": {**LOOK, "properties": "fold"}}},
            "recipe.csv_field_options.properties",
        ),
        ({"recipe": {**RECIPE, "options": {"created_at": "yesterdy"}}}, "recipe.options.created_at"),
        ({"schedule": {"cron": "0 6 * *"}}, "schedule.cron"),
        ({"schedule": {"keep": 3}}, "schedule.cron"),
        ({"schedule": {"cron": "0 6 * * *", "keep": 0}}, "schedule.keep"),
        ({"schedule": {"cron": "0 6 * * *", "active": "yes"}}, "schedule.active"),
    ],
)
def test_what_is_wrong_is_named_by_its_path(client: Client, wrong: dict[str, Any], field: str) -> None:
    response = client.post("/v1/export_templates", json={"name": "Wrong", "recipe": RECIPE, **wrong})
    assert (response.status_code, response.json()["errors"]) == (400, [field])


def test_a_name_is_taken_once(client: Client) -> None:
    saved(client, "Every day")
    again = client.post("/v1/export_templates", json={"name": "EVERY DAY", "recipe": RECIPE})
    assert (again.status_code, again.json()["errors"]) == (409, ["name"])


def test_relative_dates_in_exports_and_previews(client: Client) -> None:
    shipment = quoted(client)
    preview = client.post("/v1/exports/preview", json=RECIPE).json()
    assert shipment["id"] in [row[0] for row in preview["rows"]]
    before = client.post("/v1/exports/preview", json={**RECIPE, "options": {"created_at": "last_year"}}).json()
    assert before["total_count"] == 0
    for path in ("/v1/exports", "/v1/exports/preview"):
        misspelt = client.post(path, json={**RECIPE, "options": {"updated_at": "last_mnth"}})
        assert misspelt.status_code == 400
        told = misspelt.json()
        assert told["error"] == "unknown_name"
        assert told["details"]["nearest"] == "last_month"
        assert told["message"].startswith("options.updated_at: “last_mnth” is neither")
