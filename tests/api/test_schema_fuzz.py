"""The API against its own description: whatever is sent, no crash, and no answer that the description does not tell of.

`make fuzz` makes over 10,000 calls, spread evenly over the operations, instead of the few of every test run, and tells
how many there were of each status.
"""

import os
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.checks import CheckContext, not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
)
from starlette.applications import Starlette

from lib.api.app import create_api, every_route, mounted
from lib.api.rate_limits import RateLimits
from lib.desk.local import open_desk
from tests.api.calling import KEY, Client, quoted

OPERATIONS = sum(route.include_in_schema for route in every_route())
CALLS = int(os.environ.get("FUZZ_CALLS", "500"))
SHARE = max(1, CALLS // OPERATIONS)
ANSWERS: Counter[int] = Counter()

API = Starlette(routes=[mounted(create_api(open_desk, limits=RateLimits(1_000_000)))])
SCHEMA = schemathesis.openapi.from_asgi("/v1/openapi.json", API)
SCHEMA.config.phases.examples.enabled = False
SCHEMA.config.phases.coverage.enabled = False
SCHEMA.config.generation.with_security_parameters = False


@pytest.fixture(scope="module")
def kept(client: Client) -> dict[str, str]:
    """Ids under which something is kept, by the name of the parameter; made from the description's own examples."""
    shipment = quoted(client)
    found = {"shipment_id": shipment["id"], "rate_id": shipment["rates"][0]["id"]}
    paths = SCHEMA.raw_schema["paths"]
    for path in paths:
        collection, _, name = path.rpartition("/{")
        if "{" not in collection and "post" in paths.get(collection, {}):
            body = paths[collection]["post"]["requestBody"]["content"]["application/json"]["example"]
            answer = client.post(f"/v1{collection}", json=body).json()
            if "id" in (item := answer.get("data") or answer):
                found.setdefault(name.removesuffix("}"), item["id"])
    return found


def name_what_is_kept(case: schemathesis.Case, kept: dict[str, str]) -> None:
    """Put ids that are known here in the place of every other random one: else all that is asked is not found."""
    for values in (case.path_parameters, case.body):
        for name in kept.keys() & (values.keys() if isinstance(values, dict) else ()):
            if len(str(values[name])) % 2:
                values[name] = kept[name]


@pytest.fixture(scope="module", autouse=True)
def counted() -> Iterator[None]:
    """Says at the end what was answered; pytest shows it with -s."""
    yield
    print(f"\n{ANSWERS.total():,} calls: {dict(sorted(ANSWERS.items()))}")  # noqa: T201


def status_is_told(_context: CheckContext, response: schemathesis.Response, case: schemathesis.Case) -> None:
    """Stricter than the library's: what falls under `default` is a failure here."""
    assert str(response.status_code) in case.operation.definition.raw["responses"], response.text


CHECKS: list[Any] = [
    not_a_server_error,
    status_is_told,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]


@SCHEMA.parametrize()
@settings(max_examples=SHARE, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck), database=None)
def test_every_answer_is_as_described(kept: dict[str, str], case: schemathesis.Case) -> None:
    name_what_is_kept(case, kept)
    response = case.call(headers={"PX-API-KEY": KEY})
    ANSWERS[response.status_code] += 1
    case.validate_response(response, checks=CHECKS)
