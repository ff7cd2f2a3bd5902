"""Loading and removing sample shipments, on both databases."""

from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from lib.models.lists import ListQuery
from lib.models.shipments import QuoteRequest
from lib.models.team import TeamSettings
from lib.runtime import Runtime
from lib.shipping import samples as samples_module
from lib.shipping.label_service import LocalLabels
from lib.shipping.labels import label_pdf
from lib.shipping.samples import LocalSamples
from lib.shipping.service import LocalShipments
from lib.store.database import open_database
from lib.store.tables import shipments

FEW = 30


@pytest.fixture
def few_samples(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(samples_module, "SAMPLE_COUNT", FEW)


def documents(engine: sa.Engine) -> list[Any]:
    with engine.connect() as connection:
        return list(connection.execute(sa.select(shipments.c.document, shipments.c.sample).order_by(shipments.c.id)))


@pytest.fixture
def shop(desk_runtime: Runtime) -> LocalShipments:
    return LocalShipments(desk_runtime.engine, TeamSettings)


@pytest.mark.usefixtures("few_samples")
def test_samples_come_once_and_go_without_a_trace(desk_runtime: Runtime, shop: LocalShipments) -> None:
    engine = desk_runtime.engine
    party = {"name": "Ann", "address": "1 Main St, Brooklyn, NY 11201"}
    box = {"length": 10, "width": 8, "height": 6, "weight": 5}
    own = shop.create(QuoteRequest.model_validate({"sender": party, "recipient": party, "parcels": [box]}))
    samples = LocalSamples(engine, TeamSettings)
    told: list[tuple[int, int]] = []
    assert samples.count() == 0
    assert samples.load(lambda done, total: told.append((done, total))) == FEW
    assert told[-1] == (FEW, FEW)
    assert [done for done, _ in told] == sorted({done for done, _ in told})
    assert samples.count() == FEW

    loaded = documents(engine)
    assert len(loaded) == FEW + 1
    assert sum(row.sample for row in loaded) == FEW
    assert samples.load() == 0
    assert documents(engine) == loaded

    assert samples.remove() == FEW
    assert samples.remove() == 0
    assert samples.count() == 0
    assert [row.document for row in documents(engine)] == [own.model_dump_json()]


@pytest.mark.usefixtures("few_samples")
def test_samples_loaded_twice_at_once_are_there_once(desk_runtime: Runtime, monkeypatch: pytest.MonkeyPatch) -> None:
    engine = desk_runtime.engine
    first, second = LocalSamples(engine, TeamSettings), LocalSamples(engine, TeamSettings)
    seen = second.count()
    monkeypatch.setattr(second, "count", lambda: seen)
    assert (first.load(), second.load()) == (FEW, 0)
    assert first.count() == FEW
    first.remove()


@pytest.mark.usefixtures("few_samples")
def test_samples_have_labels_though_none_is_filed(desk_runtime: Runtime, shop: LocalShipments) -> None:
    samples = LocalSamples(desk_runtime.engine, TeamSettings)
    samples.load()
    bought = next(shipment for shipment in shop.list(ListQuery(filters={"status": "delivered"})).items)
    labels = LocalLabels(desk_runtime.engine, desk_runtime.files)
    assert labels.retrieve(bought.id).content == label_pdf(bought, "4x6")
    samples.remove()


def test_samples_are_two_thousand(tmp_path: Path) -> None:
    engine = open_database(f"sqlite:///{tmp_path / 'shipdesk.sqlite3'}")
    samples = LocalSamples(engine, TeamSettings)
    assert (samples.load(), samples.count()) == (2000, 2000)
    engine.dispose()
