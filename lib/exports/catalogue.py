"""What can be exported: the resources, and the columns of each with their kind."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import sqlalchemy as sa

from lib.models.errors import InvalidRequest
from lib.store.filters import unknown_name
from lib.store.tables import shipments

Kind = Literal["text", "number", "money", "flag", "instant", "names", "nested"]
COLUMNS_FIELD = "csv_field_options.columns"
ORDER_FIELD = "csv_field_options.column_order"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the file, filled from the field of the same name in the stored document.

    `money` is whole cents, `instant` a moment in UTC, `names` a list of texts or named things, `nested` anything
    else with parts. A field that the document does not have is an empty cell.
    """

    name: str
    kind: Kind = "text"


@dataclass(frozen=True, slots=True)
class Resource:
    """Something that can be exported: its name in the API, its table, its columns in their usual order."""

    name: str
    table: sa.Table
    columns: tuple[Column, ...]

    def column_names(self) -> list[str]:
        """The names of all columns in their usual order."""
        return [column.name for column in self.columns]


_SHIPMENT_COLUMNS = (
    Column("id"), Column("label_url"), Column("amount", "money"), Column("billed_amount", "money"),
    Column("paid", "flag"), Column("currency"), Column("payment_reference"), Column("purchased_rate", "nested"),
    Column("rates", "nested"), Column("recommended_rate", "nested"), Column("coordinates", "nested"),
    Column("parcels", "nested"), Column("provider"), Column("refund_status"), Column("recipient", "nested"),
    Column("destination_contact", "nested"), Column("sender", "nested"), Column("status"), Column("order_number"),
    Column("tracking_number"), Column("tracking_updates", "nested"), Column("tracking_url"), Column("type"),
    Column("options", "nested"), Column("barcode_values", "names"), Column("tags", "names"),
    Column("customs", "nested"), Column("location", "nested"), Column("layout_id"), Column("container_id"),
    Column("invoice_id"), Column("fulfillment_id"), Column("manifest_id"), Column("inference_id"),
    Column("tracker_id"), Column("tracker", "nested"), Column("user_id"), Column("rates_generated_at", "instant"),
    Column("estimated_delivery_at", "instant"), Column("pickup_at", "instant"), Column("created_at", "instant"),
    Column("updated_at", "instant"), Column("updated_by"), Column("organization_id"), Column("metadata", "nested"),
    Column("rma_number"), Column("invoice_number"), Column("purchase_order"), Column("reference_number"),
    Column("account_id"), Column("notes"), Column("fee", "money"), Column("_search"),
)  # fmt: skip

RESOURCES: dict[str, Resource] = {
    resource.name: resource for resource in (Resource("shipment", shipments, _SHIPMENT_COLUMNS),)
}


def find_resource(name: str) -> Resource:
    """The resource of that name. Raises InvalidRequest with the code `invalid_resource`."""
    if name not in RESOURCES:
        raise InvalidRequest(
            f"Unsupported resource type: {name}",
            fields=["resource"],
            code="invalid_resource",
            details={"resource": name},
        )
    return RESOURCES[name]


def select_columns(
    resource: Resource, chosen: Mapping[str, bool], order: Sequence[str] | None = None
) -> tuple[Column, ...]:
    """The chosen columns: those of `order` first, the others after them as the catalogue has them.

    Without an `order` they come as they were chosen. What `order` names but `chosen` does not choose is left out.
    Raises InvalidRequest for a column that the resource does not have, with the nearest one it has, and when nothing
    is chosen.
    """
    known = {column.name: column for column in resource.columns}
    for field, names in ((COLUMNS_FIELD, list(chosen)), (ORDER_FIELD, list(order or ()))):
        for name in names:
            if name not in known:
                sentence = f"A {resource.name} has no column “{name}”"
                path = f"{field}.{name}" if field == COLUMNS_FIELD else field
                raise unknown_name(sentence, name, list(known), field=path)
    wanted = [name for name in dict.fromkeys((*order, *known) if order else chosen) if chosen.get(name)]
    if not wanted:
        raise InvalidRequest("Choose at least one column for the file.", fields=[COLUMNS_FIELD], code="no_columns")
    return tuple(known[name] for name in wanted)
