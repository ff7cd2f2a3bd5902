"""Documents share a shape when they have the same fields in the same order, whatever the values."""

import json

import pytest

from lib.store.shapes import shape_of

PARCEL = {"weight": 1.5, "label": None, "contents": [{"name": "Tea"}]}


def shape(**fields: object) -> int:
    return shape_of(json.dumps(fields))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"a": 1}, {"a": "text"}),
        ({"a": None}, {"a": 1.5}),
        ({"parcels": [PARCEL, PARCEL]}, {"parcels": [PARCEL, {**PARCEL, "weight": None}]}),
        ({"metadata": {"a": 1}}, {"metadata": {"a": "text"}}),
        ({"l": [1, "a", None]}, {"l": [None, None, 2.5]}),
        ({"l": [{"m": [1]}, {"m": [1, 2]}]}, {"l": [{"m": ["a"]}, {"m": [None, 2]}]}),
    ],
)
def test_the_same_shape(one, other):
    assert shape(**one) == shape(**other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"a": 1}, {"b": 1}),
        ({"a": 1}, {"a": 1, "b": None}),
        ({"a": None}, {"a": {}}),
        ({"a": {}}, {"a": []}),
        ({"a": {"b": 1}}, {"a": {"c": 1}}),
        ({"parcels": [PARCEL]}, {"parcels": [PARCEL, PARCEL]}),
        ({"parcels": [PARCEL]}, {"parcels": [{**PARCEL, "contents": []}]}),
        ({"l": [{"a": 1}, {"a": {"b": 1}}]}, {"l": [{"a": 1}, {"a": 1}]}),
        ({"a": 1, "b": 1}, {"b": 1, "a": 1}),
        ({"l": [{"a": 1}, {"b": 1}]}, {"l": [{"b": 1}, {"a": 1}]}),
        ({"l": [{"m": [1]}, {"m": [1, 2]}]}, {"l": [{"m": [1, 2]}, {"m": [1]}]}),
        ({"l": [1, {"a": 1}]}, {"l": [{"a": 1}, 1]}),
        ({"l": [[1], [1, 2]]}, {"l": [[1, 2], [1]]}),
        # In metadata nothing else tells that a value may stand where another document has parts.
        ({"metadata": {"a": 1}}, {"metadata": {"a": None}}),
        ({"sender": {"metadata": {"a": {"b": 1}}}}, {"sender": {"metadata": {"a": {"b": None}}}}),
    ],
)
def test_another_shape(one, other):
    assert shape(**one) != shape(**other)


def test_a_shape_fits_a_column_of_64_bits():
    shapes = [shape(**{f"field{number}": 1}) for number in range(100)]
    assert len(set(shapes)) == 100
    assert min(shapes) < 0 < max(shapes)
    assert all(-(2**63) <= number < 2**63 for number in shapes)
