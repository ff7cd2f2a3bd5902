"""The files beside the CSV: whole files compared with literals, read back by readers of others, laws over any text."""

import csv
import gzip
import hashlib
import io
import json
import zipfile
from datetime import UTC, datetime
from typing import Any

import openpyxl
import pandas as pd
import polars as pl
import pyarrow.parquet as pq
import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.exports.files.json_lines_file import JsonLinesFile
from lib.exports.files.parquet_file import ParquetFile
from lib.exports.files.parquet_types import ParquetTypes
from lib.exports.files.sink import Sink
from lib.exports.files.xlsx_file import MAX_COLUMNS, MAX_ROWS, XlsxFile, check_size
from lib.exports.plan import plan_export
from lib.exports.rows import reader
from lib.exports.rows.merge import MergeLayout
from lib.exports.writer import Written, write_files
from lib.models.errors import InvalidRequest
from lib.models.exports import ExportCreate, FileKind
from lib.store.tables import shipments
from tests.unit.exports.recipes import recipe
from tests.unit.exports.stored import batch, put, row

KINDS: tuple[FileKind, ...] = ("csv", "jsonl", "parquet", "xlsx", "csv_sanitized", "csv_error")
COLUMNS = ("id", "status", "amount", "paid", "tags", "notes", "created_at", "metadata")
ANY_TEXT = st.text(st.characters(exclude_categories=["Cs"]))


def written(engine: sa.Engine, request: ExportCreate, *, compressed: bool = False) -> tuple[dict[str, bytes], Written]:
    outs = {kind: io.BytesIO() for kind in KINDS}
    result = write_files(engine, plan_export(request), outs, compressed=compressed)
    made = {kind: out.getvalue() for kind, out in outs.items()}
    for file in result.files:
        content = made[file.kind]
        assert (file.size, file.sha256) == (len(content), hashlib.sha256(content).hexdigest())
    return made, result


def sheet(content: bytes) -> list[tuple[Any, ...]]:
    return list(openpyxl.load_workbook(io.BytesIO(content)).active.iter_rows(values_only=True))


def cells(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode(), newline="")))


def ordered(*columns: str, **look: Any) -> ExportCreate:
    return recipe(*columns, column_order=columns, options={"direction": "asc"}, **look)


@pytest.fixture
def three(engine: sa.Engine) -> sa.Engine:
    """Three rows: an ordinary one, an empty one, one that a spreadsheet would run."""
    put(engine, 1, {"status": "delivered", "amount": 1250, "paid": True, "tags": ["a", "b"], "notes": "",
                    "created_at": "2024-12-25T14:30:45.123Z", "metadata": {"x": -52.55, "y": [1, None]}})  # fmt: skip
    put(engine, 2, {})
    put(engine, 3, {"status": "=1+1", "amount": -5, "paid": False, "tags": ["é"], "notes": 'say "hi",\ntwice',
                    "created_at": "2024-07-01T12:00:00.000Z", "metadata": {}})  # fmt: skip
    return engine


def test_json_lines(three: sa.Engine) -> None:
    made, result = written(three, ordered(*COLUMNS))
    assert made["jsonl"].decode() == (
        '{"id":"ship_1","status":"delivered","amount":1250,"paid":true,"tags":["a","b"],"notes":"",'
        '"created_at":"2024-12-25T14:30:45.123Z","metadata":{"x":-52.55,"y":[1,null]}}\n'
        '{"id":"ship_2","status":null,"amount":null,"paid":null,"tags":null,"notes":null,'
        '"created_at":null,"metadata":null}\n'
        '{"id":"ship_3","status":"=1+1","amount":-5,"paid":false,"tags":["é"],"notes":"say \\"hi\\",\\ntwice",'
        '"created_at":"2024-07-01T12:00:00.000Z","metadata":{}}\n'
    )
    assert [json.loads(line)["id"] for line in made["jsonl"].splitlines()] == ["ship_1", "ship_2", "ship_3"]
    assert (result.rows, result.rows_failed) == (3, 0)
    assert {file.kind: file.rows for file in result.files} == {
        "csv": 3, "jsonl": 3, "parquet": 3, "xlsx": 3, "csv_sanitized": 1,
    }  # fmt: skip


def test_parquet_has_types(three: sa.Engine) -> None:
    made, _ = written(three, ordered(*COLUMNS))
    table = pq.read_table(io.BytesIO(made["parquet"]))
    assert [(field.name, str(field.type)) for field in table.schema] == [
        ("id", "string"), ("status", "string"), ("amount", "int64"), ("paid", "bool"), ("tags", "string"),
        ("notes", "string"), ("created_at", "timestamp[ms, tz=UTC]"), ("metadata", "string"),
    ]  # fmt: skip
    assert table.to_pylist()[0] == {
        "id": "ship_1", "status": "delivered", "amount": 1250, "paid": True, "tags": '["a","b"]', "notes": "",
        "created_at": datetime(2024, 12, 25, 14, 30, 45, 123000, UTC), "metadata": '{"x":-52.55,"y":[1,null]}',
    }  # fmt: skip
    assert table.to_pylist()[1] == {"id": "ship_2"} | dict.fromkeys(COLUMNS[1:])
    for read in (pl.read_parquet, pd.read_parquet):
        assert list(read(io.BytesIO(made["parquet"]))["status"])[::2] == ["delivered", "=1+1"]


def test_xlsx_has_numbers_text_and_a_header_that_stays(three: sa.Engine) -> None:
    made, _ = written(three, ordered(*COLUMNS))
    assert sheet(made["xlsx"]) == [
        COLUMNS,
        ("ship_1", "delivered", 1250, True, "a, b", "", "12/25/2024 09:30:45 AM", '{"x":-52.55,"y":[1,null]}'),
        ("ship_2", *[None] * 7),
        ("ship_3", "=1+1", -5, False, "é", 'say "hi",\ntwice', "07/01/2024 08:00:00 AM", "{}"),
    ]
    opened = openpyxl.load_workbook(io.BytesIO(made["xlsx"])).active
    assert (opened.title, opened.freeze_panes, opened.auto_filter.ref) == ("shipment", "A2", "A1:H4")
    assert (opened["A1"].font.bold, opened["A2"].font.bold) == (True, False)
    assert (opened["B4"].data_type, opened["C4"].data_type) == ("s", "n")


def test_rows_with_a_defused_cell_are_in_a_file_of_their_own_as_they_are_kept(three: sa.Engine) -> None:
    made, result = written(three, ordered("id", "status", "tags"))
    assert made["csv"].decode() == 'id,status,tags\r\nship_1,delivered,"a, b"\r\nship_2,,\r\nship_3,\'=1+1,é\r\n'
    assert made["csv_sanitized"].decode() == "id,status,tags\r\nship_3,=1+1,é\r\n"
    assert result.rows_defused == 1


def test_formulas_are_kept_on_request(three: sa.Engine) -> None:
    made, result = written(three, ordered("id", "status", formulas="keep"))
    assert made["csv"].decode() == "id,status\r\nship_1,delivered\r\nship_2,\r\nship_3,=1+1\r\n"
    assert (made["csv_sanitized"], result.rows_defused) == (b"", 0)


def test_every_kind_of_text_is_defused_and_nothing_else(engine: sa.Engine) -> None:
    put(engine, 1, {"metadata": {"a": -1, "b": "-1", "at": "x"}, "tags": ["=a"], "purchased_rate": {"pickup_at": "@x"}})
    put(engine, 2, {"metadata": {"a": "+1", "b": -1.5, "at": "x"}, "tags": ["b"], "purchased_rate": {}})
    put(engine, 3, {"metadata": {"a": None, "b": 2, "at": "x"}, "tags": []})
    made, result = written(engine, ordered("tags", "purchased_rate", "metadata", properties="flatten"))
    assert cells(made["csv"]) == [
        ["tags.0", "purchased_rate.pickup_at", "metadata.a", "metadata.b", "metadata.at"],
        ["'=a", "'@x", "-1", "'-1", "x"], ["b", "", "'+1", "-1.5", "x"], ["", "", "", "2", "x"],
    ]  # fmt: skip
    assert cells(made["csv_sanitized"])[1:] == [["=a", "@x", "-1", "-1", "x"], ["b", "", "+1", "-1.5", "x"]]
    assert result.rows_defused == 2


@pytest.mark.parametrize(("pattern", "first"), [("'='yyyy", "'=2024"), ("xxx", "'-05:00"), ("yyyy", "2024")])
def test_dates_that_a_spreadsheet_would_run_are_defused(three: sa.Engine, pattern: str, first: str) -> None:
    made, result = written(three, ordered("created_at", datetime_format=pattern))
    assert cells(made["csv"])[1] == [first]
    assert result.rows_defused == (2 if first.startswith("'") else 0)


def test_byte_order_mark(three: sa.Engine) -> None:
    made, _ = written(three, ordered("id", "status", byte_order_mark=True))
    assert made["csv"].startswith(b"\xef\xbb\xbfid,status\r\nship_1,delivered\r\n")
    assert made["csv"].count(b"\xef\xbb\xbf") == 1
    assert made["csv_sanitized"] == b"\xef\xbb\xbfid,status\r\nship_3,=1+1\r\n"
    assert list(pd.read_csv(io.BytesIO(made["csv"])).columns) == ["id", "status"]
    assert made["jsonl"].startswith(b"{")


def test_gzip_is_of_text_and_the_same_every_time(three: sa.Engine) -> None:
    plain, _ = written(three, ordered(*COLUMNS))
    packed, result = written(three, ordered(*COLUMNS), compressed=True)
    again, _ = written(three, ordered(*COLUMNS), compressed=True)
    assert packed == again
    for kind in ("csv", "jsonl", "csv_sanitized"):
        assert gzip.decompress(packed[kind]) == plain[kind]
        # The moment in the header of a gzip file: none.
        assert packed[kind][4:8] == bytes(4)
    assert [packed[kind] for kind in ("parquet", "xlsx")] == [plain[kind] for kind in ("parquet", "xlsx")]
    assert result.csv.size == len(packed["csv"])


@pytest.mark.parametrize("properties", ["merge", "flatten"])
def test_rows_that_cannot_be_read_are_left_out_and_named(engine: sa.Engine, properties: str) -> None:
    for number in range(1, 6):
        put(engine, number, {"status": "created", "metadata": {"a": number}})
    broken = {"ship_2": '{"id":"ship_2","status":', "ship_4": '["ship_4","created"]'}
    for row_id, document in broken.items():
        with engine.begin() as connection:
            connection.execute(sa.update(shipments).where(shipments.c.id == row_id).values(document=document))
    made, result = written(engine, ordered("id", "status", "metadata", properties=properties))
    assert [line[0] for line in cells(made["csv"])] == ["id", "ship_1", "ship_3", "ship_5"]
    assert cells(made["csv_error"]) == [
        ["id", "error"],
        ["ship_2", "Input data was truncated"],
        ["ship_4", "Expected `object`, got `array`"],
    ]
    assert (result.rows, result.rows_failed) == (3, 2)
    for kind in ("jsonl", "parquet", "xlsx"):
        assert next(file.rows for file in result.files if file.kind == kind) == 3
    assert len(made["jsonl"].splitlines()) == pq.read_table(io.BytesIO(made["parquet"])).num_rows == 3


def test_not_one_row_that_can_be_read(engine: sa.Engine) -> None:
    put(engine, 1, {})
    with engine.begin() as connection:
        connection.execute(sa.update(shipments).values(document="nonsense"))
    made, result = written(engine, ordered("id", "metadata", properties="flatten"))
    assert (made["csv"], result.rows, result.rows_failed) == (b"id,metadata\r\n", 0, 1)
    assert pq.read_table(io.BytesIO(made["parquet"])).column_names == ["id", "metadata"]
    assert sheet(made["xlsx"]) == [("id", "metadata")]
    assert made["jsonl"] == b""


def test_flattened_columns_have_the_type_of_what_is_in_them(engine: sa.Engine) -> None:
    at = "2024-07-01T12:00:00.000Z"
    same = {"whole": 1, "weight": 1, "flag": True, "text": "a", "mixed": "a", "none": None, "large": 2**53 + 1}
    put(engine, 1, {"metadata": same, "purchased_rate": {"created_at": at, "pickup_at": at}})
    put(engine, 2, {"metadata": {**same, "weight": 1.5, "mixed": 1, "large": 0.5},
                    "purchased_rate": {"created_at": None, "pickup_at": "soon"}})  # fmt: skip
    made, _ = written(engine, ordered("purchased_rate", "metadata", properties="flatten"))
    table = pq.read_table(io.BytesIO(made["parquet"]))
    assert {field.name: str(field.type) for field in table.schema} == {
        "purchased_rate.created_at": "timestamp[ms, tz=UTC]", "purchased_rate.pickup_at": "string",
        "metadata.whole": "int64", "metadata.weight": "double", "metadata.flag": "bool", "metadata.text": "string",
        "metadata.mixed": "string", "metadata.none": "string", "metadata.large": "string",
    }  # fmt: skip
    assert table["metadata.weight"].to_pylist() == [1.0, 1.5]
    assert table["metadata.mixed"].to_pylist() == ["a", "1"]
    assert table["metadata.large"].to_pylist() == ["9007199254740993", "0.5"]
    assert table["purchased_rate.pickup_at"].to_pylist() == [at, "soon"]
    assert [row[2:7] for row in sheet(made["xlsx"])[1:]] == [(1, 1, True, "a", "a"), (1, 1.5, True, "a", 1)]


def test_what_does_not_fit_the_types_begins_every_file_anew(engine: sa.Engine) -> None:
    with engine.begin() as connection:
        rows = [row(number, {"amount": number, "fee": 1}) for number in range(2100)]
        rows += [row(2100, {"amount": 0.5, "fee": "free"})]
        connection.execute(sa.insert(shipments), rows)
    made, result = written(engine, ordered("amount", "fee"))
    table = pq.read_table(io.BytesIO(made["parquet"]))
    assert [str(field.type) for field in table.schema] == ["double", "string"]
    assert table["amount"].to_pylist() == [*map(float, range(2100)), 0.5]
    assert table["fee"].to_pylist() == ["1"] * 2100 + ["free"]
    assert cells(made["csv"]) == [["amount", "fee"], *([str(number), "1"] for number in range(2100)), ["0.5", "free"]]
    assert len(made["jsonl"].splitlines()) == len(sheet(made["xlsx"])) - 1 == result.rows == 2101


def test_what_comes_into_a_document_after_the_start_is_in_every_file(
    engine: sa.Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reader, "BATCH_ROWS", 20)
    with engine.begin() as connection:
        connection.execute(sa.insert(shipments), [row(number, {"metadata": {"a": number}}) for number in range(200)])
    changed = json.dumps({"id": "ship_199", "metadata": {"a": {"b": "x"}}})

    def meddle(_done: int, _total: int, _size: int) -> None:
        with engine.begin() as connection:
            connection.execute(sa.update(shipments).where(shipments.c.id == "ship_199").values(document=changed))

    outs = {kind: io.BytesIO() for kind in KINDS}
    plan = plan_export(ordered("id", "metadata", properties="flatten"))
    result = write_files(engine, plan, outs, on_progress=meddle)
    table = pq.read_table(outs["parquet"])
    assert [str(field.type) for field in table.schema] == ["string", "int64", "string"]
    rows = [(f"ship_{number}", number, None) for number in range(199)] + [("ship_199", None, "x")]
    names = ("id", "metadata.a", "metadata.a.b")
    expected = [dict(zip(names, values, strict=True)) for values in rows]
    assert table.to_pylist() == expected
    assert [json.loads(line) for line in outs["jsonl"].getvalue().splitlines()] == expected
    assert sheet(outs["xlsx"].getvalue()) == [names, *rows]
    assert cells(outs["csv"].getvalue())[-1] == ["ship_199", "", "x"]
    assert all(hashlib.sha256(outs[file.kind].getvalue()).hexdigest() == file.sha256 for file in result.files)


def test_leaves_that_are_spelled_alike_are_told_apart(engine: sa.Engine) -> None:
    put(engine, 1, {"metadata": {"a.b": 1, "a": {"b": 2}, "a.b (2)": 3}})
    made, _ = written(engine, ordered("metadata", properties="flatten"))
    expected = {"metadata.a.b": 1, "metadata.a.b (2)": 2, "metadata.a.b (2) (2)": 3}
    assert json.loads(made["jsonl"]) == expected
    assert pq.read_table(io.BytesIO(made["parquet"])).to_pylist() == [expected]


def test_nested_columns_of_a_parquet_file_are_json_whatever_a_batch_has(
    engine: sa.Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reader, "BATCH_ROWS", 2)
    values = ["x", 'a "b"', {"a": "x"}, "y", None, None, 5, [1]]
    with engine.begin() as connection:
        connection.execute(sa.insert(shipments), [row(n, {"customs": value}) for n, value in enumerate(values)])
    made, _ = written(engine, ordered("customs"))
    kept = pq.read_table(io.BytesIO(made["parquet"]))["customs"].to_pylist()
    assert kept == ['"x"', '"a \\"b\\""', '{"a":"x"}', '"y"', None, None, "5", "[1]"]
    assert [line[0] for line in cells(made["csv"])] == ["customs", "x", 'a "b"', '{"a":"x"}', "y", "", "", "5", "[1]"]
    assert [json.loads(line)["customs"] for line in made["jsonl"].splitlines()] == values


def test_a_text_too_long_for_a_spreadsheet_fails_with_its_place(engine: sa.Engine) -> None:
    put(engine, 1, {"notes": "x" * 32_767})
    written(engine, ordered("id", "notes"))
    put(engine, 2, {"notes": "x" * 32_768})
    with pytest.raises(
        InvalidRequest, match="32,768 characters in “notes” of ship_2; XLSX has room for 32,767"
    ) as told:
        written(engine, ordered("id", "notes"))
    assert told.value.fields == ["csv_field_options.columns.notes"]


def test_more_rows_or_columns_than_a_sheet_has_are_refused() -> None:
    check_size(MAX_ROWS, MAX_COLUMNS)
    with pytest.raises(InvalidRequest, match="1,048,576 rows; XLSX has room for 1,048,575"):
        check_size(1_048_576)
    with pytest.raises(InvalidRequest, match="16,385 columns; XLSX has room for 16,384"):
        check_size(1, 16_385)


def test_large_numbers_are_whole_in_a_spreadsheet(engine: sa.Engine) -> None:
    put(engine, 1, {"amount": 999_999_999_999_999, "billed_amount": 9_007_199_254_740_993, "fee": 2**70})
    made, _ = written(engine, ordered("amount", "billed_amount", "fee"))
    assert sheet(made["xlsx"])[1] == (999_999_999_999_999, "9007199254740993", str(2**70))
    assert pq.read_table(io.BytesIO(made["parquet"])).to_pylist()[0]["fee"] == str(2**70)


def test_text_that_looks_like_markup_stays_text(engine: sa.Engine) -> None:
    texts = ["<r><t>x</t></r>", "</t></is></c>", "http://example.com", "_x0041_", " a ", "{=1}"]
    for number, text in enumerate(texts):
        put(engine, number, {"notes": text})
    made, _ = written(engine, ordered("notes"))
    strings = pl.read_excel(io.BytesIO(made["xlsx"]), engine="openpyxl")["notes"].to_list()
    assert strings == [text.replace("_x0041_", "_x005F_x0041_") for text in texts]
    assert b"hyperlink" not in zipfile.ZipFile(io.BytesIO(made["xlsx"])).read("xl/worksheets/sheet1.xml")


@settings(deadline=None, max_examples=60)
@given(texts=st.lists(ANY_TEXT, min_size=1, max_size=20))
def test_any_text_comes_back_from_every_file(texts: list[str], tmp_path_factory: pytest.TempPathFactory) -> None:
    plan = plan_export(recipe("id", "notes", "metadata"))
    layout = MergeLayout(plan)
    documents = [json.dumps({"id": "x", "notes": text, "metadata": {text: [text]}}) for text in texts]
    (part,) = layout.parts([batch(documents)])
    outs = [io.BytesIO() for _ in range(3)]
    sinks = [Sink(out, compressed=False) for out in outs]
    scratch = tmp_path_factory.getbasetemp()
    types = ParquetTypes(plan, layout.fields)
    assert not types.widen(part)
    for file in (
        JsonLinesFile(layout.fields, sinks[0]),
        ParquetFile(layout.fields, sinks[1], types),
        XlsxFile(plan, layout.fields, sinks[2], scratch),
    ):
        file.add(part)
        file.close()
    lines = [json.loads(line) for line in outs[0].getvalue().decode().split("\n")[:-1]]
    assert [(line["notes"], line["metadata"]) for line in lines] == [(text, {text: [text]}) for text in texts]
    table = pq.read_table(outs[1])
    assert table["notes"].to_pylist() == texts
    assert [json.loads(value) for value in table["metadata"].to_pylist()] == [{text: [text]} for text in texts]
    found = [openpyxl.utils.escape.unescape(row[1] or "") for row in sheet(outs[2].getvalue())[1:]]
    assert found == texts
