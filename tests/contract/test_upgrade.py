"""A desk from before shipments could be found by tags, metadata and words, brought up to date on both databases."""

import io
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.config import Config

from lib.exports.plan import plan_export
from lib.exports.writer import write_files
from lib.models.exports import ExportCreate
from lib.models.lists import ListQuery
from lib.models.shipments import QuoteRequest
from lib.models.team import TeamSettings
from lib.shipping.rates import quoted_shipment
from lib.shipping.service import LocalShipments
from lib.store.database import MIGRATIONS, create_engine, migrate, writing
from lib.store.exports import EXPORTS
from tests.examples import QUOTABLE

CREATED = datetime(2025, 6, 1, 12, tzinfo=UTC)
# More than are read at once.
SHIPMENTS = 501


def upgrade(engine: sa.Engine, revision: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with writing(engine).begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)


def old_rows() -> Iterator[dict[str, Any]]:
    """Shipments as the tables of that time kept them."""
    request = QuoteRequest.model_validate({**QUOTABLE, "options": {"providers": ["usps"]}})
    like = quoted_shipment(request, TeamSettings(), CREATED)
    for number in range(SHIPMENTS):
        changes = {"id": f"ship_{number:03d}", "order_number": f"ORDER-{number}", "tags": ["old"]}
        made = like.model_copy(update={**changes, "metadata": {"number": number}, "rates": like.rates[:1]})
        at = round((CREATED + timedelta(hours=number)).timestamp() * 1000)
        yield {
            "id": made.id,
            "created_at": at,
            "updated_at": at,
            "status": made.status,
            "type": made.type,
            "order_number": made.order_number,
            "sample": False,
            "document": made.model_dump_json(),
        }


@pytest.fixture
def desk(database_url: str) -> Iterator[LocalShipments]:
    """The desk on a database that was filled before and upgraded since."""
    engine = create_engine(database_url)
    upgrade(engine, "0002")
    kept = ("id", "created_at", "updated_at", "status", "type", "order_number", "sample", "document")
    table = sa.table("shipments", *(sa.column(name) for name in kept))
    with engine.begin() as connection:
        connection.execute(sa.insert(table), list(old_rows()))
    migrate(engine)
    yield LocalShipments(engine, TeamSettings)
    with engine.connect() as connection:
        waiting = "SELECT count(*) FROM shipments WHERE rates_expire_at IS NOT NULL"
        assert connection.scalar(sa.text(waiting)) == 0
    engine.dispose()


def test_old_shipments_are_found_by_tags_metadata_and_words(desk: LocalShipments) -> None:
    def found(**filters: str) -> list[str]:
        page = desk.list(ListQuery(filters=filters, limit=2))
        return [f"{page.total_count}", *(item.id for item in page.items)]

    everything = [f"{SHIPMENTS}", "ship_500", "ship_499"]
    assert found() == found(tags="old") == found(rate_types="delivery") == found(search="kyle tempe") == everything
    assert found(**{"metadata.number": "77"}) == ["1", "ship_077"]
    assert found(search="order-500") == ["1", "ship_500"]
    assert found(order_number="ORDER-3") == ["1", "ship_003"]
    assert found(created_at="lt:2025-06-02") == ["12", "ship_011", "ship_010"]


def test_old_exports_are_over_and_old_shipments_flattened(database_url: str) -> None:
    engine = create_engine(database_url)
    upgrade(engine, "0002")
    at = round(CREATED.timestamp() * 1000)
    look = {"timezone": "UTC", "datetime_format": "yyyy-MM-dd", "columns": {"id": True, "tags": True}}
    record = {"id": "exp_old", "resource": "shipment", "status": "completed", "created_at": at, "updated_at": at}
    document = {**record, "size": 5, "sha256": "ab", "rows_done": 1, "csv_field_options": look}
    kept = sa.table("exports", *(sa.column(name) for name in (*record, "document")))
    old = next(old_rows())
    with engine.begin() as connection:
        connection.execute(sa.insert(kept).values(**record, document=json.dumps(document)))
        connection.execute(sa.insert(sa.table("shipments", *map(sa.column, old))).values(old))
    migrate(engine)
    export = EXPORTS.get(engine, "exp_old")
    assert (export.status, export.size, export.files) == ("expired", 5, [])
    recipe = {"resource": "shipment", "csv_field_options": {**look, "properties": "flatten"}}
    out = io.BytesIO()
    write_files(engine, plan_export(ExportCreate.model_validate(recipe)), {"csv": out})
    assert out.getvalue() == b"id,tags.0\r\nship_000,old\r\n"
    engine.dispose()
