"""What stands in the file: whole files compared with literals, and laws over random text and recipes."""

import csv
import hashlib
import io
import json

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lib.exports.files.csv_file import CsvFile
from lib.exports.files.shown import readable_names
from lib.exports.files.sink import Sink
from lib.exports.plan import plan_export
from lib.exports.rows.documents import BATCH_ROWS
from lib.exports.rows.merge import MergeLayout
from lib.exports.writer import Written, write_files
from lib.models.base import parse_instant
from lib.models.errors import InvalidRequest
from lib.models.exports import ExportFile
from lib.store.database import open_database
from lib.store.tables import shipments
from tests.generate import make_shipments, store_shipments
from tests.unit.exports.recipes import EVERY_COLUMN, recipe
from tests.unit.exports.stored import batch, put, row


def written(engine, request, **how) -> tuple[str, Written]:
    out = io.BytesIO()
    result = write_files(engine, plan_export(request), {"csv": out}, **how)
    return out.getvalue().decode(), result


def test_a_whole_file(engine):
    put(engine, 1, {"status": "delivered", "amount": 1250, "paid": True, "tags": ["a", "b"], "notes": "",
                    "created_at": "2024-12-25T14:30:45.123Z", "metadata": {"x": -52.55, "y": [1, None]}})  # fmt: skip
    put(engine, 2, {"status": 'say "hi", twice', "amount": None, "paid": False, "tags": [], "notes": "a\nb",
                    "created_at": None, "metadata": {}})  # fmt: skip
    put(engine, 3, {"status": "Straße\r", "amount": -5, "tags": ["one, two"], "metadata": None})
    columns = ("id", "status", "amount", "paid", "tags", "notes", "created_at", "metadata", "customs")
    text, result = written(engine, recipe(*columns, column_order=columns, options={"direction": "asc"}))
    assert text == (
        "id,status,amount,paid,tags,notes,created_at,metadata,customs\r\n"
        'ship_1,delivered,1250,true,"a, b","",12/25/2024 09:30:45 AM,"{""x"":-52.55,""y"":[1,null]}",\r\n'
        'ship_2,"say ""hi"", twice",,false,,"a\nb",,{},\r\n'
        'ship_3,"Straße\r",-5,,"one, two",,,,\r\n'
    )
    digest = hashlib.sha256(text.encode()).hexdigest()
    csv_file = ExportFile(kind="csv", rows=3, size=len(text.encode()), sha256=digest)
    assert result == Written(rows=3, rows_failed=0, rows_defused=0, header_size=62, files=(csv_file,))


def test_formulas_are_defused_in_text_and_never_in_numbers(engine):
    put(engine, 1, {"notes": "=1+1", "status": "+1 202", "amount": -5, "order_number": "-x", "updated_by": "@a",
                    "tracking_number": "\tb", "rma_number": "\rc", "account_id": "a=b", "tags": ["=a", "b"],
                    "metadata": {"k": "=1"}})  # fmt: skip
    columns = ("notes", "status", "amount", "order_number", "updated_by", "tracking_number", "rma_number",
               "account_id", "tags", "metadata")  # fmt: skip
    text, _ = written(engine, recipe(*columns, column_order=columns))
    _, cells = csv.reader(io.StringIO(text, newline=""))
    assert cells == ["'=1+1", "'+1 202", "-5", "'-x", "'@a", "'\tb", "'\rc", "a=b", "'=a, b", '{"k":"=1"}']


def test_formulas_are_defused_when_flattened(engine):
    put(engine, 1, {"metadata": {"text": "=1", "number": -52.55, "float": 36.0, "flag": True, "big": 10**18}})
    text, _ = written(engine, recipe("metadata", properties="flatten"))
    assert text == (
        "metadata.text,metadata.number,metadata.float,metadata.flag,metadata.big\r\n"
        "'=1,-52.55,36.0,true,1000000000000000000\r\n"
    )


def test_a_lone_column_has_no_blank_lines(engine):
    put(engine, 1, {"notes": "x"})
    put(engine, 2, {"notes": None})
    text, _ = written(engine, recipe("notes", options={"direction": "asc"}))
    assert text == 'notes\r\nx\r\n""\r\n'


def test_no_rows_are_a_header(engine):
    for properties in ("merge", "flatten"):
        text, result = written(engine, recipe("id", "metadata", properties=properties))
        assert text == "id,metadata\r\n"
        assert (result.rows, result.csv.size) == (0, 13)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (["a", "b"], "a, b"),
        ([{"id": "grp_1", "name": "Group A"}, {"id": "grp_2", "name": "Group B"}], "Group A, Group B"),
        ([], None),
        (None, None),
        ([{"id": 1}, {"name": "x"}], '[{"id":1},{"name":"x"}]'),
        ([1, 2], "[1,2]"),
        ({"name": "x"}, '{"name":"x"}'),
    ],
)
def test_readable_names(value, expected):
    assert readable_names(value) == expected


def test_flatten_covers_every_leaf_of_every_row(engine):
    put(engine, 1, {"parcels": [{"weight": 1.5, "tags": []}], "metadata": {"a": {"b": 1}}, "tags": ["x"]})
    put(engine, 2, {"parcels": [{"weight": 2}, {"weight": 3, "label": "é"}], "metadata": {"a": 7, "c": None}})
    put(engine, 3, {"parcels": [], "metadata": None, "tags": ["y", "z"]})
    chosen = recipe("id", "parcels", "tags", "customs", "metadata", properties="flatten", options={"direction": "asc"})
    text, _ = written(engine, chosen)
    assert text == (
        "id,parcels.0.weight,parcels.0.tags,parcels.0.label,parcels.1.weight,parcels.1.tags,parcels.1.label,"
        "tags.0,tags.1,customs,metadata.a,metadata.a.b,metadata.c\r\n"
        "ship_1,1.5,,,,,,x,,,,1,\r\n"
        "ship_2,2,,,3,,é,,,,7,,\r\n"
        "ship_3,,,,,,,y,z,,,,\r\n"
    )
    first, _ = written(engine, chosen, limit=1)
    assert first == text[: len(first)]


def test_flatten_writes_nested_dates_in_the_timezone_but_leaves_metadata_alone(engine):
    moment = "2024-07-01T12:00:00.000Z"
    put(engine, 1, {"purchased_rate": {"created_at": moment, "pickup_at": "soon"}, "metadata": {"made_at": moment}})
    text, _ = written(engine, recipe("purchased_rate", "metadata", properties="flatten"))
    assert text == (
        "purchased_rate.created_at,purchased_rate.pickup_at,metadata.made_at\r\n"
        "07/01/2024 08:00:00 AM,soon,2024-07-01T12:00:00.000Z\r\n"
    )


def test_flatten_too_wide_names_the_widest(engine):
    put(engine, 1, {"metadata": {f"k{number}": number for number in range(1000)}})
    with pytest.raises(InvalidRequest, match="1,000 of them for “metadata”") as caught:
        written(engine, recipe("id", "metadata", properties="flatten"))
    assert caught.value.fields == ["csv_field_options.columns.metadata"]
    text, _ = written(engine, recipe("metadata", properties="flatten"))
    assert text.startswith("metadata.k0,metadata.k1,")


def test_order_limit_and_filters(engine):
    store_shipments(engine, make_shipments(2345))
    text, result = written(engine, recipe("id", options={"limit": 2100, "direction": "asc"}))
    assert text.split("\r\n") == ["id", *(f"ship_{number:022d}" for number in range(2100)), ""]
    assert result.rows == 2100
    done = []
    written(engine, recipe("id"), on_progress=lambda *progress: done.append(progress))
    assert [rows for *rows, _ in done] == [[700, 2345], [1400, 2345], [2100, 2345], [2345, 2345]]
    # One about every five minutes: the first local day in New York begins 18,000 s after the first of them.
    text, _ = written(engine, recipe("id", options={"created_at": "equals:2024-01-01", "direction": "asc"}))
    assert text.split("\r\n")[1] == "ship_0000000000000000000057"


@pytest.mark.parametrize("properties", ["merge", "flatten"])
def test_rows_are_those_that_were_there_at_the_start(engine, properties):
    store_shipments(engine, make_shipments(9500))

    def meddle(done: int, _total: int, _size: int) -> None:
        if done == BATCH_ROWS:
            put(engine, 99, {})
            with engine.begin() as connection:
                connection.execute(sa.update(shipments).values(updated_at=parse_instant(1_900_000_000)))
                connection.execute(sa.delete(shipments).where(shipments.c.id == f"ship_{9499:022d}"))

    chosen = recipe("id", "type", properties=properties, options={"order_by": "created_at", "direction": "asc"})
    text, result = written(engine, chosen, on_progress=meddle)
    assert text.split("\r\n")[1:-1] == [f"ship_{n:022d},outbound" for n in range(9499)]
    assert result.rows == 9499


def test_what_comes_into_a_document_after_the_start_is_in_the_file(engine):
    moment = {"created_at": "2024-07-01T12:00:00.000Z"}
    with engine.begin() as connection:
        rows = [row(number, {"metadata": {"a": number}, "purchased_rate": moment}) for number in range(6001)]
        connection.execute(sa.insert(shipments), rows)
    changed = json.dumps({"id": "ship_6000", "metadata": {"a": {"b": [True]}}, "purchased_rate": None})
    done: list[int] = []

    def meddle(rows: int, _total: int, _size: int) -> None:
        done.append(rows)
        with engine.begin() as connection:
            connection.execute(sa.update(shipments).where(shipments.c.id == "ship_6000").values(document=changed))

    chosen = recipe("id", "metadata", properties="flatten", options={"direction": "asc"})
    text, result = written(engine, chosen, on_progress=meddle)
    lines = text.split("\r\n")
    assert lines[0] == "id,metadata.a,metadata.a.b.0"
    assert lines[1:-2] == [f"ship_{number},{number}," for number in range(6000)]
    assert lines[-2:] == ["ship_6000,,true", ""]
    assert result.csv.size == len(text)
    batches = [*range(BATCH_ROWS, 6001, BATCH_ROWS), 6001]
    assert done[-len(batches) :] == batches
    assert len(done) > len(batches)


@pytest.fixture(scope="module")
def filled(tmp_path_factory):
    engine = open_database(f"sqlite:///{tmp_path_factory.mktemp('cells') / 'desk.sqlite3'}")
    store_shipments(engine, make_shipments(2300))
    yield engine
    engine.dispose()


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_the_preview_is_the_beginning_of_the_file(filled, data):
    columns = data.draw(st.lists(st.sampled_from(EVERY_COLUMN), min_size=1, unique=True))
    options = {
        "limit": data.draw(st.sampled_from(["all", 1, 99, 1001, 2000])),
        "order_by": data.draw(st.sampled_from(["created_at", "updated_at", "status", "provider"])),
        "direction": data.draw(st.sampled_from(["asc", "desc"])),
        "provider": data.draw(st.sampled_from([None, "ups", "ups,fedex"])),
        "statuses": data.draw(st.sampled_from([None, "completed", "outstanding,exception"])),
    }
    chosen = recipe(
        *columns,
        options=options,
        column_order=columns,
        properties=data.draw(st.sampled_from(["merge", "merge", "flatten"])),
        timezone=data.draw(st.sampled_from(["America/New_York", "Asia/Kathmandu", "UTC"])),
        datetime_format=data.draw(st.sampled_from(["MM/dd/yyyy", "yyyy-MM-dd'T'HH:mm:ss.SSSZ", "xxx"])),
        byte_order_mark=data.draw(st.booleans()),
        formulas=data.draw(st.sampled_from(["defuse", "keep"])),
    )
    rows = data.draw(st.sampled_from([1, 2, 100, 500]))
    whole, result = written(filled, chosen)
    first, previewed = written(filled, chosen, limit=rows)
    assert whole.startswith(first)
    assert previewed.rows == min(rows, result.rows)
    lines = list(csv.reader(io.StringIO(whole, newline="")))
    assert len(lines) == result.rows + 1
    assert {len(line) for line in lines} == {len(lines[0])}


@given(texts=st.lists(st.text(st.characters(exclude_categories=["Cs"])), min_size=1))
def test_any_text_comes_back_from_the_file(texts):
    documents = [json.dumps({"id": "x", "notes": text}) for text in texts]
    plan = plan_export(recipe("id", "notes"))
    layout = MergeLayout(plan)
    out = io.BytesIO()
    file = CsvFile(plan, layout.fields, Sink(out, compressed=False))
    (part,) = layout.parts([batch(documents)])
    file.add(file.cells(part))
    _, *lines = csv.reader(io.StringIO(out.getvalue().decode(), newline=""))
    starts = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
    kept = [f"'{text}" if text.startswith(starts) else text for text in texts]
    assert lines == [["x", text] for text in kept]
