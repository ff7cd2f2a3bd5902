"""What can be exported: the resources, and the columns of each with their kind."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import sqlalchemy as sa

from lib.models.errors import InvalidRequest
from lib.models.lists import Direction
from lib.store.directory import CONTACTS, GROUPS, LOCATIONS
from lib.store.documents import Documents
from lib.store.filters import unknown_name
from lib.store.inferences import INFERENCES
from lib.store.shipments import SHIPMENTS
from lib.store.trackers import TRACKERS

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
    """Something that can be exported: its name in the API, its table, its columns in their usual order.

    `order` is the usual one of its rows, as in its list: by what, and in which direction.
    """

    name: str
    table: sa.Table
    columns: tuple[Column, ...]
    order: tuple[str, Direction]

    def column_names(self) -> list[str]:
        """The names of all columns in their usual order."""
        return [column.name for column in self.columns]


_KEPT = (
    Column("created_at", "instant"), Column("updated_at", "instant"), Column("updated_by"),
    Column("organization_id"), Column("metadata", "nested"),
)  # fmt: skip

_CONTACT_COLUMNS = (
    Column("id"), Column("name"), Column("alternate_names", "names"), Column("email"),
    Column("alternate_emails", "names"), Column("phone"), Column("alternate_phones", "names"), Column("id_number"),
    Column("address", "nested"), Column("alternate_addresses", "nested"), Column("groups", "names"),
    Column("locations", "names"), Column("is_primary", "flag"), Column("notes"), *_KEPT, Column("_search"),
    Column("_experimental"), Column("_outbound_trackers"), Column("_inbound_trackers"),
)  # fmt: skip

_GROUP_COLUMNS = (
    Column("id"), Column("name"), Column("resource"), Column("children", "names"), Column("children_count", "number"),
    Column("location", "nested"), *_KEPT, Column("_search"),
)  # fmt: skip

_INFERENCE_COLUMNS = (
    Column("id"), Column("image_url"), Column("raw_text"), Column("layout", "nested"), Column("recipient", "nested"),
    Column("sender", "nested"), Column("extracted_recipient_name"), Column("extracted_sender_name"),
    Column("provider_name"), Column("service_level_name"), Column("rma_number"), Column("purchase_order"),
    Column("reference_number"), Column("invoice_number"), Column("tracking_number"), Column("order_number"),
    Column("notes"), Column("barcode_values", "names"), Column("weight", "number"), Column("dimensions", "nested"),
    Column("matches", "nested"), Column("status"), Column("errors", "names"), Column("exceptions", "names"),
    Column("error_details", "nested"), Column("tracker_id"), Column("tags", "names"), *_KEPT, Column("location_id"),
    Column("provider_id"), Column("service_level_id"), Column("account_id"), Column("media_urls", "names"),
    Column("provider", "nested"), Column("providers", "names"),
)  # fmt: skip

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
    Column("estimated_delivery_at", "instant"), Column("pickup_at", "instant"), *_KEPT, Column("rma_number"),
    Column("invoice_number"), Column("purchase_order"), Column("reference_number"), Column("account_id"),
    Column("notes"), Column("fee", "money"), Column("_search"),
)  # fmt: skip

_TRACKER_COLUMNS = (
    Column("id"), Column("type"), Column("tags", "names"), Column("status"), Column("tracking_number"),
    Column("tracking_url"), Column("tracking_updates", "nested"), Column("destination_address", "nested"),
    Column("destination_layout", "nested"), Column("destination_location", "nested"),
    Column("destination_contact", "nested"), Column("sender_contact", "nested"), Column("chained_status"),
    Column("auto_close_shipments_option"), Column("auto_close_shipments_status"), Column("manifest_id"),
    Column("estimated_delivery_at", "instant"), Column("final_chained_shipment_id"), Column("current_shipment_id"),
    *_KEPT, Column("_search"),
)  # fmt: skip

# Holidays are nested because they need no name, and without its day a name says little.
_LOCATION_COLUMNS = (
    Column("id"), Column("name"), Column("code"), Column("email"), Column("address", "nested"),
    Column("service_levels", "names"), Column("provider_instructions"), Column("operating_hours", "nested"),
    Column("holidays", "nested"), Column("users", "names"), Column("groups", "names"), *_KEPT,
    Column("last_audited_at", "instant"), Column("_search"),
)  # fmt: skip


def _resource(documents: Documents[Any], columns: tuple[Column, ...]) -> Resource:
    return Resource(documents.resource, documents.table, columns, documents.order)


RESOURCES: dict[str, Resource] = {
    resource.name: resource
    for resource in (
        _resource(CONTACTS, _CONTACT_COLUMNS),
        _resource(GROUPS, _GROUP_COLUMNS),
        _resource(INFERENCES, _INFERENCE_COLUMNS),
        _resource(SHIPMENTS, _SHIPMENT_COLUMNS),
        _resource(TRACKERS, _TRACKER_COLUMNS),
        _resource(LOCATIONS, _LOCATION_COLUMNS),
    )
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
                sentence = f"A {resource.name.replace('_', ' ')} has no column “{name}”"
                path = f"{field}.{name}" if field == COLUMNS_FIELD else field
                raise unknown_name(sentence, name, list(known), field=path)
    wanted = [name for name in dict.fromkeys((*order, *known) if order else chosen) if chosen.get(name)]
    if not wanted:
        raise InvalidRequest("Choose at least one column for the file.", fields=[COLUMNS_FIELD], code="no_columns")
    return tuple(known[name] for name in wanted)
