"""Shipping label inferences in the database."""

from collections.abc import Iterator
from typing import Any

from lib.models.inferences import LabelParty, ShippingLabelInference
from lib.store.documents import Documents
from lib.store.facets import LONGEST, TAG, Facet, metadata_facets, plain, search_facets
from lib.store.tables import shipping_label_inferences


def _columns(inference: ShippingLabelInference) -> dict[str, Any]:
    names = ("created_at", "updated_at", "status", "location_id")
    return {
        **{name: getattr(inference, name) for name in names},
        "provider_name": _key(inference.provider_name),
        "service_level_name": _key(inference.service_level_name),
    }


def _facets(inference: ShippingLabelInference) -> Iterator[Facet]:
    yield from (Facet(TAG, tag) for tag in inference.tags)
    yield from metadata_facets(inference.metadata)
    yield from search_facets(
        inference.tracking_number,
        inference.order_number,
        inference.rma_number,
        inference.purchase_order,
        inference.reference_number,
        inference.invoice_number,
        inference.extracted_recipient_name,
        inference.extracted_sender_name,
        *_people(inference.recipient),
        *_people(inference.sender),
        *inference.barcode_values,
    )


def _people(party: LabelParty | None) -> tuple[str | None, ...]:
    return (party.name, party.business, party.email) if party else ()


def _key(name: str | None) -> str | None:
    return name and plain(name).strip()[:LONGEST]


INFERENCES = Documents(
    "shipping_label_inference", shipping_label_inferences, ShippingLabelInference, columns=_columns, facets=_facets
)
