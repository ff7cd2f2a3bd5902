"""What an export's body may say, which columns come in which order, and what is refused with which words."""

import pytest

from lib.exports.catalogue import RESOURCES
from lib.exports.plan import plan_export
from lib.models.errors import InvalidRequest
from lib.models.exports import ExportCreate
from tests.unit.exports.recipes import EVERY_COLUMN, recipe

# The column_order of the API page's fourth example.
PAGE_ORDER = [
    "id",
    "label_url",
    "amount",
    "billed_amount",
    "paid",
    "currency",
    "payment_reference",
    "purchased_rate",
    "rates",
    "recommended_rate",
    "coordinates",
    "parcels",
    "provider",
    "refund_status",
    "recipient",
    "destination_contact",
    "sender",
    "status",
    "order_number",
    "tracking_number",
    "tracking_updates",
    "tracking_url",
    "type",
    "options",
    "barcode_values",
    "tags",
    "customs",
    "location",
    "layout_id",
    "container_id",
    "invoice_id",
    "fulfillment_id",
    "manifest_id",
    "inference_id",
    "tracker_id",
    "tracker",
    "user_id",
    "rates_generated_at",
    "estimated_delivery_at",
    "pickup_at",
    "created_at",
    "updated_at",
    "updated_by",
    "organization_id",
    "metadata",
    "rma_number",
    "invoice_number",
    "purchase_order",
    "reference_number",
    "account_id",
    "notes",
    "fee",
    "_search",
]


def names(request: ExportCreate) -> list[str]:
    return [column.name for column in plan_export(request).columns]


def refusal(request: ExportCreate) -> InvalidRequest:
    with pytest.raises(InvalidRequest) as caught:
        plan_export(request)
    return caught.value


def test_catalogue_is_the_page():
    assert EVERY_COLUMN == PAGE_ORDER
    kinds = {column.name: column.kind for column in RESOURCES["shipment"].columns}
    assert [name for name, kind in kinds.items() if kind == "instant"] == [
        "rates_generated_at", "estimated_delivery_at", "pickup_at", "created_at", "updated_at",
    ]  # fmt: skip
    assert [name for name, kind in kinds.items() if kind == "money"] == ["amount", "billed_amount", "fee"]
    assert [name for name, kind in kinds.items() if kind == "names"] == ["barcode_values", "tags"]


def test_columns_come_in_the_order_asked_then_the_catalogues():
    assert names(recipe("status", "id", "fee")) == ["status", "id", "fee"]
    assert names(recipe("status", "id", "fee", column_order=[])) == ["status", "id", "fee"]
    assert names(recipe("status", "id", "fee", column_order=["fee"])) == ["fee", "id", "status"]
    assert names(recipe("status", "id", column_order=["status", "id", "status"])) == ["status", "id"]


def test_ordered_columns_that_are_not_chosen_are_left_out():
    assert names(recipe("id", column_order=["notes", "id"])) == ["id"]
    chosen = recipe("id")
    chosen.csv_field_options.columns["notes"] = False
    chosen.csv_field_options.column_order = ["notes", "id"]
    assert names(chosen) == ["id"]


def test_unknown_column_names_the_nearest():
    error = refusal(recipe("id", "tracking_nmber"))
    assert error.message == "A shipment has no column “tracking_nmber”; did you mean “tracking_number”?"
    assert error.fields == ["csv_field_options.columns.tracking_nmber"]
    assert error.details == {"unknown": "tracking_nmber", "nearest": "tracking_number"}
    error = refusal(recipe("id", column_order=["creatd_at"]))
    assert error.fields == ["csv_field_options.column_order"]
    assert error.details["nearest"] == "created_at"


def test_no_columns():
    chosen = recipe("id")
    chosen.csv_field_options.columns["id"] = False
    assert refusal(chosen).fields == refusal(recipe()).fields == ["csv_field_options.columns"]


def test_unsupported_resource_as_on_the_page():
    error = refusal(recipe("id").model_copy(update={"resource": "invalid_resource"}))
    assert error.code == "invalid_resource"
    assert error.message == "Unsupported resource type: invalid_resource"
    assert error.details == {"resource": "invalid_resource"}


@pytest.mark.parametrize(("limit", "expected"), [("all", None), (None, None), (1000, 1000), ("1000", 1000), (1, 1)])
def test_limit(limit, expected):
    assert plan_export(recipe("id", options={"limit": limit})).limit == expected


def test_limit_left_out_is_every_row():
    assert plan_export(recipe("id")).limit is None


@pytest.mark.parametrize("limit", [0, -5, "some", True, 1.5, "-1", "²", [], {}])
def test_wrong_limit(limit):
    assert refusal(recipe("id", options={"limit": limit})).fields == ["options.limit"]


@pytest.mark.parametrize(
    ("options", "field"),
    [
        ({"created_at": "since:2024-01-01"}, "options.created_at"),
        ({"order_by": "name"}, "options.order_by"),
        ({"order_by": ["name"]}, "options.order_by"),
        ({"direction": "up"}, "options.direction"),
        ({"group_id": "grp_1"}, "options.group_id"),
    ],
)
def test_wrong_options_are_named(options, field):
    assert refusal(recipe("id", options=options)).fields == [field]


def test_wrong_look_is_named():
    assert refusal(recipe("id", timezone="New York")).fields == ["csv_field_options.timezone"]
    assert refusal(recipe("id", datetime_format="YYYY")).fields == ["csv_field_options.datetime_format"]


def test_bare_dates_are_read_in_the_exports_timezone():
    (condition,) = plan_export(recipe("id", options={"created_at": "gte:2024-01-01"})).conditions
    assert str(condition.compile(compile_kwargs={"literal_binds": True})).endswith(">= 1704085200000")
