"""Columns hold what a parser of JSON finds in the documents, however these are written, whatever is in them."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import polars as pl
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from lib.exports.rows.by_hand import flattened_leaves, merged_leaves
from lib.exports.rows.columns import Columns
from lib.exports.rows.documents import Documents
from lib.exports.rows.layout import Part
from lib.exports.rows.skeleton import Path, flattened_skeleton, merged_skeleton
from lib.exports.rows.structure import Outgrown, Place
from lib.store.shapes import shape_of
from tests.unit.exports.stored import batch

# What could be taken for the end of a key, a value or a document.
NASTY = ('"', '":', ':"', "\\", '\\"', "\\\\", ":", ",", '","', "{", "}", "[", "]", '{"a":1}', "null", "é", "\u2028",
         "\n", "\t\r\b\f", "/", "\x00", "\x1f", "😀", "", " ", "x" * 11, "x" * 12, "x" * 13)  # fmt: skip
TEXTS = st.one_of(st.sampled_from(NASTY), st.lists(st.sampled_from(NASTY), max_size=4).map("".join), st.text())
NAMES = st.one_of(st.sampled_from(("a", "b", "ab", "id", "metadata")), st.sampled_from(NASTY), st.text(max_size=3))
PLAIN = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False), TEXTS,
)  # fmt: skip
VALUES = st.recursive(
    PLAIN, lambda values: st.lists(values, max_size=3) | st.dictionaries(NAMES, values, max_size=3), max_leaves=12
)
# A column that no document has a value for.
EMPTY: Path = ("no such name",)
DOCUMENTS = st.lists(st.dictionaries(NAMES, VALUES, max_size=4), min_size=1, max_size=8)


def compact(document: Mapping[str, Any]) -> str:
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"))


def flattened(documents: Sequence[Mapping[str, Any]]) -> list[Path]:
    """All paths to values in documents."""
    places: dict[str, Place] = {}
    for document in documents:
        for name, value in document.items():
            places.setdefault(name, Place()).learn(value)
    return [EMPTY, *(path for name, place in places.items() for path in place.leaves((name,)))]


def found(columns: Columns, paths: Sequence[Path], documents: Documents) -> list[dict[Path, Any]]:
    """What stands in the columns of each row."""
    (part,) = columns.parts([documents])
    assert part.faults == {}
    return [
        {path: value for path, value in zip(paths, row, strict=True) if value is not None}
        for row in zip(*(_values(part, column) for column in part.rows.iter_columns()), strict=True)
    ]


def _values(part: Part, column: pl.Series) -> Iterator[Any]:
    """JSON in a column as what it means; in a column without any, all is text."""
    is_json = column.name in part.json
    assert is_json or column.name not in part.mixed
    texts = [value for value in column if value is not None]
    if is_json:
        assert (column.name in part.mixed) == any(text.startswith('"') for text in texts)
    return (json.loads(value) if is_json and value is not None else value for value in column)


def leaves(path: Path, value: Any) -> Iterator[tuple[Path, Any]]:
    """What a parser finds."""
    parts: Iterable[tuple[str | int, Any]] = ()
    if isinstance(value, dict):
        parts = value.items()
    elif isinstance(value, list):
        parts = enumerate(value)
    elif value is not None:
        yield path, value
    for name, part in parts:
        yield from leaves((*path, name), part)


@example([{"a": ":"}, {"a": '":'}, {"a": "\\"}])
@example([{"a:": 1, "b": 2}, {"a\\": 1, "b": {'"': 1}}, {":": ":", '":': ":"}, {"a,": [":"], ":a": ":", "": ":"}])
@example([{"a": [{"b": 1}, {"c": 1}]}, {"a": [{"c": 1}, {"b": 1}]}])
@example([{"a": [1, {"b": [2]}]}, {"a": {"0": 1, "1": 2}}, {"a": "b"}, {"a": {}}, {"a": []}, {}])
@given(DOCUMENTS)
def test_flattened_columns_are_what_a_parser_finds(documents: list[dict[str, Any]]) -> None:
    paths = flattened(documents)
    texts = list(map(compact, documents))
    expected = [dict(leaves((), document)) for document in documents]
    columns = Columns(paths, flattened_skeleton, flattened_leaves)
    assert found(columns, paths, batch(texts)) == expected
    # Rows that tell their shapes, those whose documents have spaces, and those that tell another shape than they have.
    shapes = list(map(shape_of, texts))
    assert found(columns, paths, batch(texts, shapes)) == expected
    assert found(columns, paths, batch([json.dumps(document) for document in documents], shapes)) == expected
    assert found(columns, paths, batch([json.dumps(document, indent=1) for document in documents], shapes)) == expected


@example([{"a": 1, "b": {"a": ":"}}, {"a": {"b": [':"', {"c": "\\"}]}}])
@given(DOCUMENTS)
def test_merged_columns_are_what_a_parser_finds(documents: list[dict[str, Any]]) -> None:
    paths = list(dict.fromkeys([EMPTY, *((name,) for document in documents for name in document)]))
    texts = list(map(compact, documents))
    expected = [{(name,): value for name, value in document.items() if value is not None} for document in documents]
    columns = Columns(paths, merged_skeleton, merged_leaves)
    assert found(columns, paths, batch(texts)) == expected
    assert found(columns, paths, batch(texts, list(map(shape_of, texts)))) == expected
    assert found(columns, paths, batch([json.dumps(document) for document in documents])) == expected


def test_values_are_as_they_are_spelled() -> None:
    text = '{"a":1.50,"b":1E5,"c":12345678901234567890,"d":{"e":-0.0},"f":[1e-7,2.0]}'
    columns = Columns([("a",), ("b",), ("c",), ("d", "e"), ("f", 0), ("f", 1)], flattened_skeleton, flattened_leaves)
    for spelled in (text, text.replace(":", ": ")):
        (part,) = columns.parts([batch([spelled])])
        assert part.rows.row(0) == ("1.50", "1E5", "12345678901234567890", "-0.0", "1e-7", "2.0")
        assert part.json == {f"c{index}" for index in range(6)}


def test_a_shape_that_is_out_of_date_does_no_harm() -> None:
    """Somebody has changed documents behind the product's back."""
    old = shape_of('{"a":1,"b":{"c":2}}')
    texts = ['{"a":1,"b":{"c":2}}', '{"a":1,"b":{"cc":2}}', '{"aaa":5,"b":{"c":2}}', '{"a":1}', '{"b":{"c":1},"a":2}']
    paths: list[Path] = [("a",), ("b", "c"), ("b", "cc"), ("aaa",)]
    columns = Columns(paths, flattened_skeleton, flattened_leaves)
    assert found(columns, paths, batch(texts, [old] * 5)) == [
        {("a",): 1, ("b", "c"): 2},
        {("a",): 1, ("b", "cc"): 2},
        {("aaa",): 5, ("b", "c"): 2},
        {("a",): 1},
        {("a",): 2, ("b", "c"): 1},
    ]


@pytest.mark.parametrize(
    "text", ['{"a":{"b":1}}', '{"a":{"b":["x",1]}}', '{"a":[1]}', '{"a":{"c":{"d":true}}}', '{"a":"x"}']
)
@pytest.mark.parametrize("is_spaced", [False, True])
def test_a_value_that_no_column_is_for_is_not_lost(text: str, is_spaced: bool) -> None:
    columns = Columns([("a", "c"), ("a", "b", 0)], flattened_skeleton, flattened_leaves)
    (part,) = columns.parts([batch(['{"a":{"c":"x"},"b":{"c":1}}', '{"a":{"b":["y"]}}', '{"a":null}'])])
    assert part.rows.rows() == [("x", None), (None, "y"), (None, None)]
    with pytest.raises(Outgrown):
        list(columns.parts([batch([text.replace(":", ": ") if is_spaced else text])]))


def test_documents_that_cannot_be_read_are_told_beside_the_others() -> None:
    texts = ['{"a":1}', '{"a":', "[1]", "", '{"a":2}']
    told = {"1": "Input data was truncated", "2": "Expected `object`, got `array`", "3": "Input data was truncated"}
    columns = Columns([("a",)], merged_skeleton, merged_leaves)
    for shapes in ([None] * 5, [shape_of('{"a":1}')] * 5):
        (part,) = columns.parts([batch(texts, shapes)])
        assert (part.ids, part.rows["c0"].to_list(), part.faults) == (["0", "4"], ["1", "2"], told)


def test_bytes_that_are_no_text_are_a_fault() -> None:
    documents = Documents.of(["a", "b"], [None, None], [b'{"a":"\xff"}', '{"a":"é"}'.encode()])
    (part,) = Columns([("a",)], merged_skeleton, merged_leaves).parts([documents])
    assert (part.ids, part.rows.rows(), list(part.faults)) == (["b"], [("é",)], ["a"])


def test_characters_that_there_are_not_are_a_fault() -> None:
    texts = ['{"a":"\\u00e9"}', '{"a":"\\ud800"}', '{"a":"\\ud83d\\ude00"}']
    told = {"1": "Input data was truncated"}
    for shapes in ([None] * 3, [shape_of(texts[0])] * 3):
        (part,) = Columns([("a",)], merged_skeleton, merged_leaves).parts([batch(texts, shapes)])
        assert (part.ids, part.rows["c0"].to_list(), part.faults) == (["0", "2"], ["é", "😀"], told)


def test_long_lists_and_short_ones_are_read_alike() -> None:
    lists = [list(range(count)) for count in (1, 2, 3, 300, 300)]
    paths: list[Path] = [("a", index) for index in range(300)]
    columns = Columns(paths, flattened_skeleton, flattened_leaves)
    expected = [{("a", index): index for index in values} for values in lists]
    assert found(columns, paths, batch([compact({"a": values}) for values in lists])) == expected


def test_more_shapes_than_are_remembered() -> None:
    texts = [compact({f"k{number}": number, "a": number}) for number in range(1500)]
    columns = Columns([("a",)], merged_skeleton, merged_leaves)
    for some in (texts[:700], texts[700:1400], texts[1400:] + texts[:50]):
        (part,) = columns.parts([batch(some)])
        assert part.rows["c0"].to_list() == [str(json.loads(text)["a"]) for text in some]


def test_texts_that_may_be_formulas_are_told() -> None:
    texts = [compact({"plain": "a=b", "formula": "=a", "tab": "\tx", "wide": "\uff1dx", "number": -1, "mixed": value})
             for value in ("=x", 1)]  # fmt: skip
    names = ("plain", "formula", "tab", "wide", "number", "mixed")
    (part,) = Columns([(name,) for name in names], merged_skeleton, merged_leaves).parts([batch(texts)])
    assert (part.may_run, part.json, part.mixed) == ({"c1", "c2", "c3"}, {"c4", "c5"}, {"c5"})
