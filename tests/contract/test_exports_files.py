"""Every file of an export through the real queue, on both databases."""

import csv
import gzip
import hashlib
import io
import json

import openpyxl
import pyarrow.parquet as pq
import pytest
import sqlalchemy as sa

from lib.exports.expiry import file_name, files_folder, unfinished_folder
from lib.models.base import utc_now
from lib.models.errors import Conflict, InvalidRequest, NotFound
from lib.models.exports import ExportCreate
from lib.store.database import writing
from lib.store.exports import change_export
from lib.store.tables import shipments
from tests.contract.test_exports import exports, finished, request, worker

__all__ = ["exports", "worker"]

ROWS = 1500


def asked(limit: int = ROWS, *, properties: str = "merge", **more: object) -> ExportCreate:
    """The quick start with every format, and with notes that a spreadsheet would run."""
    body = request(limit=limit).model_dump() | {"formats": ["jsonl", "parquet", "xlsx"]} | more
    body["csv_field_options"]["columns"] |= {"order_number": True, "metadata": True, "amount": True}
    body["csv_field_options"]["properties"] = properties
    return ExportCreate.model_validate(body)


def content(exports, export_id, kind):
    download = exports.open_download(export_id, kind)
    made = b"".join(download.chunks())
    assert (len(made), hashlib.sha256(made).hexdigest()) == (download.size, download.sha256)
    return made


def replaced(engine, documents):
    """Put other documents in place of those rows'; the ones that were there."""
    kept = {}
    with writing(engine).begin() as connection:
        for row_id, document in documents.items():
            found = shipments.c.id == row_id
            kept[row_id] = connection.scalar(sa.select(shipments.c.document).where(found))
            connection.execute(sa.update(shipments).where(found).values(document=document))
    return kept


@pytest.mark.parametrize("properties", ["merge", "flatten"])
def test_every_file_has_the_same_rows(exports, worker, properties):
    export = finished(exports, exports.create(asked(properties=properties)).id)
    assert (export.status, export.rows_done, export.rows_total, export.rows_failed) == ("completed", ROWS, ROWS, 0)
    header, *rows = csv.reader(io.StringIO(content(exports, export.id, "csv").decode(), newline=""))
    ids = [row[0] for row in rows]
    assert ids == [f"ship_{number:022d}" for number in range(2999, 2999 - ROWS, -1)]
    lines = [json.loads(line) for line in content(exports, export.id, "jsonl").splitlines()]
    table = pq.read_table(io.BytesIO(content(exports, export.id, "parquet")))
    sheet = openpyxl.load_workbook(io.BytesIO(content(exports, export.id, "xlsx")), read_only=True).active
    top, *shown = sheet.iter_rows(values_only=True)
    assert header == list(lines[0]) == table.column_names == list(top)
    assert ids == [line["id"] for line in lines] == table["id"].to_pylist() == [row[0] for row in shown]
    amounts = [line["amount"] for line in lines]
    assert amounts == table["amount"].to_pylist() == [row[header.index("amount")] for row in shown]
    assert [str(amount or "") for amount in amounts] == [row[header.index("amount")] for row in rows]

    held = list(csv.reader(io.StringIO(content(exports, export.id, "csv_sanitized").decode(), newline="")))
    order = header.index("order_number")
    assert held[0] == header
    assert {row[order] for row in held[1:]} == {"=ORDER()"}
    assert [row[0] for row in held[1:]] == [row[0] for row in rows if row[order] == "'=ORDER()"]
    assert export.rows_defused == len(held) - 1 > 0
    assert {file.kind: file.rows for file in export.files} == {
        "csv": ROWS, "jsonl": ROWS, "parquet": ROWS, "xlsx": ROWS, "csv_sanitized": export.rows_defused,
    }  # fmt: skip
    assert (export.size, export.sha256) == (export.file("csv").size, export.file("csv").sha256)
    assert list(unfinished_folder(worker.settings.data_dir).iterdir()) == []


def test_links_are_of_the_files_there_are(exports):
    export = finished(exports, exports.create(asked(limit=20)).id)
    base = f"/v1/exports/{export.id}"
    assert export.download_url == export.csv_url == f"{base}/download?s=1"
    assert export.json_url == f"{base}/files/jsonl?s=1"
    assert export.parquet_url == f"{base}/files/parquet?s=1"
    assert export.xlsx_url == f"{base}/files/xlsx?s=1"
    assert export.csv_sanitized_url == f"{base}/files/csv_sanitized?s=1"
    assert export.csv_error_url is None
    with pytest.raises(NotFound, match="no file “csv_error”"):
        exports.open_download(export.id, "csv_error")
    plain = finished(exports, exports.create(request(limit=1, provider="ups")).id)
    links = (plain.json_url, plain.parquet_url, plain.xlsx_url, plain.csv_sanitized_url, plain.csv_error_url)
    assert links == (None,) * 5


def test_gzip(exports):
    plain = finished(exports, exports.create(asked(limit=300)).id)
    packed = finished(exports, exports.create(asked(limit=300, gzip=True)).id)
    for kind in ("csv", "jsonl", "csv_sanitized"):
        assert gzip.decompress(content(exports, packed.id, kind)) == content(exports, plain.id, kind)
    assert content(exports, packed.id, "xlsx") == content(exports, plain.id, "xlsx")
    opened = {kind: exports.open_download(packed.id, kind) for kind in ("csv", "jsonl", "csv_sanitized", "parquet")}
    assert {kind: (made.filename.partition("-export-")[2][15:], made.media_type) for kind, made in opened.items()} == {
        "csv": (".csv.gz", "application/gzip"),
        "jsonl": (".jsonl.gz", "application/gzip"),
        "csv_sanitized": ("-sanitized.csv.gz", "application/gzip"),
        "parquet": (".parquet", "application/vnd.apache.parquet"),
    }
    assert packed.size == len(content(exports, packed.id, "csv")) < plain.size


def test_another_choice_of_files_is_another_export(exports):
    made = [exports.create(asked(limit=1400, formats=formats)).id for formats in ([], ["xlsx"], ["xlsx", "xlsx"])]
    assert made[0] != made[1] == made[2]
    assert exports.create(asked(limit=1400, formats=["xlsx"], gzip=True)).id not in made
    for export_id in made:
        assert finished(exports, export_id).status == "completed"


def test_a_row_that_cannot_be_read_is_told_and_the_others_are_there(exports, worker):
    broken = {f"ship_{2990:022d}": '{"id":', f"ship_{2980:022d}": "[7]"}
    kept = replaced(worker.engine, broken)
    try:
        export = finished(exports, exports.create(asked(limit=50)).id)
        preview = exports.preview(asked(limit=50), 50)
    finally:
        replaced(worker.engine, kept)
    assert (export.status, export.rows_done, export.rows_failed, export.rows_total) == ("completed", 48, 2, 50)
    header, *rows = csv.reader(io.StringIO(content(exports, export.id, "csv_error").decode(), newline=""))
    assert header == ["id", "error"]
    assert rows == [
        [f"ship_{2990:022d}", "Input data was truncated"],
        [f"ship_{2980:022d}", "Expected `object`, got `array`"],
    ]
    assert export.csv_error_url == f"/v1/exports/{export.id}/files/csv_error?s=1"
    assert content(exports, export.id, "csv").decode() == preview.csv
    assert len(content(exports, export.id, "jsonl").splitlines()) == 48


def test_all_files_go_with_their_day_and_are_there_again_after_a_retry(exports, worker):
    export = finished(exports, exports.create(asked(limit=21)).id)
    change_export(worker.engine, export.id, when=["completed"], expires_at=utc_now())
    gone = exports.retrieve(export.id)
    assert (gone.status, gone.download_url, gone.xlsx_url) == ("expired", None, None)
    assert not worker.files.local_path(files_folder(export.id, 1)).exists()
    retried = exports.retry(export.id)
    assert (retried.files, retried.rows_defused) == ([], 0)
    assert [file.kind for file in finished(exports, export.id).files] == [file.kind for file in export.files]


def test_a_file_that_is_not_whole_is_not_handed_out(exports, worker):
    export = finished(exports, exports.create(asked(limit=22)).id)
    path = worker.files.local_path(file_name(export.id, export.attempt, "xlsx"))
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(Conflict, match="no longer whole"):
        exports.open_download(export.id, "xlsx")


def test_a_sheet_that_cannot_hold_a_text_fails_with_its_place(exports, worker):
    row_id = f"ship_{2999:022d}"
    kept = replaced(worker.engine, {row_id: json.dumps({"id": row_id, "order_number": "x" * 32_768})})
    try:
        failed = finished(exports, exports.create(asked(limit=23)).id)
        without = finished(exports, exports.create(asked(limit=23, formats=["jsonl"])).id)
    finally:
        replaced(worker.engine, kept)
    assert failed.status == "failed"
    assert f"32,768 characters in “order_number” of {row_id}" in failed.error
    assert list(unfinished_folder(worker.settings.data_dir).iterdir()) == []
    assert without.status == "completed"


def test_more_rows_than_a_sheet_has_are_refused_at_once(exports, monkeypatch):
    monkeypatch.setattr("lib.exports.files.xlsx_file.MAX_ROWS", 2999)
    with pytest.raises(InvalidRequest, match="3,000 rows; XLSX has room for 2,999") as told:
        exports.create(asked(limit=5000))
    assert told.value.fields == ["formats"]
    exports.delete(exports.create(asked(limit=2999)).id)


def test_preview_estimates_the_size(exports):
    everything = finished(exports, exports.create(asked(limit=400)).id)
    assert exports.preview(asked(limit=400), 400).estimated_size == everything.size
    few = exports.preview(asked(limit=400), 100)
    assert few.estimated_size == pytest.approx(everything.size, rel=0.05)
    none = exports.preview(asked(limit=400, options={"provider": "doordash"}))
    assert none.estimated_size == len(none.csv.encode())


def test_preview_with_a_byte_order_mark_is_the_beginning_of_the_file(exports):
    chosen = asked(limit=24)
    chosen.csv_field_options.byte_order_mark = True
    chosen.csv_field_options.formulas = "keep"
    preview = exports.preview(chosen, 5)
    export = finished(exports, exports.create(chosen).id)
    made = content(exports, export.id, "csv")
    assert made.startswith(preview.csv.encode())
    assert made[:3] == b"\xef\xbb\xbf"
    assert (preview.columns[0], len(preview.rows)) == ("id", 5)
    assert (export.csv_field_options.formulas, export.rows_defused, export.csv_sanitized_url) == ("keep", 0, None)
