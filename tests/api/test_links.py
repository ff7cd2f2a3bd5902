"""Signed links: one path and query, fifteen minutes, nobody else's secret."""

from urllib.parse import parse_qs, urlsplit

import pytest
import sqlalchemy as sa

from lib.models.errors import Forbidden
from lib.store.links import download_path, label_path, sign_path, verify_path

PATH = "/v1/exports/exp_1/download"
NOON = 1_800_000_000.0


def signature_of(link: str) -> str:
    (signature,) = parse_qs(urlsplit(link).query)["signature"]
    return signature


def test_paths() -> None:
    assert download_path("exp_1") == PATH
    assert label_path("ship_1") == "/v1/shipments/ship_1/label"


@pytest.mark.parametrize("later", [0, 15 * 60])
def test_link_opens_its_path_for_fifteen_minutes(engine: sa.Engine, later: int) -> None:
    link = sign_path(engine, PATH, clock=lambda: NOON)
    assert urlsplit(link).path == PATH
    verify_path(engine, PATH, signature_of(link), clock=lambda: NOON + later)


def test_link_expires(engine: sa.Engine) -> None:
    signature = signature_of(sign_path(engine, PATH, clock=lambda: NOON))
    with pytest.raises(Forbidden) as caught:
        verify_path(engine, PATH, signature, clock=lambda: NOON + 15 * 60 + 1)
    assert caught.value.code == "link_expired"


@pytest.mark.parametrize("other", ["/v1/exports/exp_2/download", "/v1/exports/exp_1", PATH + "/", ""])
def test_link_opens_no_other_path(engine: sa.Engine, other: str) -> None:
    signature = signature_of(sign_path(engine, PATH, clock=lambda: NOON))
    with pytest.raises(Forbidden):
        verify_path(engine, other, signature, clock=lambda: NOON)


PARAMETERS = [("size", "4x6"), ("parcel", "2")]


def test_link_carries_its_parameters_and_opens_with_them_in_any_order(engine: sa.Engine) -> None:
    link = sign_path(engine, PATH, PARAMETERS, clock=lambda: NOON)
    asked = parse_qs(urlsplit(link).query)
    assert {name: asked[name] for name in ("size", "parcel")} == {"size": ["4x6"], "parcel": ["2"]}
    for parameters in (PARAMETERS, PARAMETERS[::-1]):
        verify_path(engine, PATH, signature_of(link), parameters, clock=lambda: NOON)


@pytest.mark.parametrize(
    "other",
    [
        [],
        PARAMETERS[:1],
        [("size", "4x6"), ("parcel", "1")],
        [*PARAMETERS, ("format", "zpl")],
        [*PARAMETERS, ("parcel", "2")],
        [("size", "4x6&parcel=2")],
    ],
)
def test_link_opens_with_no_other_parameters(engine: sa.Engine, other: list[tuple[str, str]]) -> None:
    signature = signature_of(sign_path(engine, PATH, PARAMETERS, clock=lambda: NOON))
    with pytest.raises(Forbidden):
        verify_path(engine, PATH, signature, other, clock=lambda: NOON)


def test_link_without_parameters_opens_with_none(engine: sa.Engine) -> None:
    signature = signature_of(sign_path(engine, PATH, clock=lambda: NOON))
    with pytest.raises(Forbidden):
        verify_path(engine, PATH, signature, PARAMETERS, clock=lambda: NOON)


def test_every_changed_character_is_noticed(engine: sa.Engine) -> None:
    signature = signature_of(sign_path(engine, PATH, clock=lambda: NOON))
    # The last of 43 base-64 characters carries two bits that decoding drops; it is covered by the one before it.
    for index in range(len(signature) - 1):
        changed = signature[:index] + ("A" if signature[index] != "A" else "B") + signature[index + 1 :]
        with pytest.raises(Forbidden):
            verify_path(engine, PATH, changed, clock=lambda: NOON)


@pytest.mark.parametrize("signature", ["", ".", "a.b", "é", "x" * 5000])
def test_nonsense_is_refused(engine: sa.Engine, signature: str) -> None:
    with pytest.raises(Forbidden):
        verify_path(engine, PATH, signature, clock=lambda: NOON)
