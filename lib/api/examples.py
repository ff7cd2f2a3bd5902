"""Examples for the description of the API: whole bodies where its page has one, else made from the schema.

An example made from a schema takes what is known about a field by its name, such as an address that exists.
"""

import copy
from collections.abc import Mapping
from typing import Any

Schema = Mapping[str, Any]

_TEMPE = {
    "line1": "5000 S Arizona Mills Cir",
    "line2": "Unit # 123",
    "city": "Tempe",
    "state": "Arizona",
    "postal_code": "85282",
    "country_code": "US",
}
_KYLE = {
    "name": "Kyle Grzybowski",
    "email": "kyle.grzybowski@packagex.io",
    "phone": "+923066545454",
    "address": _TEMPE,
}
_OPTIONS = {
    "service_levels": [
        "on_demand", "same_day", "next_day_early", "next_day", "next_day_later", "two_day_early", "two_day",
        "three_day", "ground",
    ],
    "providers": ["self", "marketplace", "ups", "upssurepost", "usps", "fedex", "doordash"],
    "tracker_chained_status": "package_at_waypoint",
    "tracker_auto_close_shipments_status": "delivered",
    "tracker_auto_close_shipments_option": "on_provider_updates",
    "verify_addresses": True,
}  # fmt: skip
_PARCEL = {
    "length": 10,
    "width": 10,
    "height": 10,
    "weight": 70,
    "external_container_id": "ctnr_abc123xyz",
    "container_number": "TCLU89754",
    "unpacked": False,
    "special_handling_tags": ["lithium", "high_value"],
    "layout_id": "lay_abc123xyz",
    "tracking_number": "PKGX-5LO98Q3-UR2VMEB",
    "label_url": "https://...",
    "contents": [
        {"name": "Dispatch Roasters Tequila", "attributes": ["confidential"]},
        {"name": "Dispatch Roasters Coffee", "attributes": ["cold_storage", "requires_equipment"]},
    ],
    "defective": False,
    "missing": False,
    "received": True,
    "manifest_id": "mfst_abc123xyz",
    "fulfillment_id": "ful_abc123xyz",
    "status": "in_processing",
}
_LOOK = {
    "timezone": "America/New_York",
    "datetime_format": "MM/dd/yyyy hh:mm:ss a",
    "columns": {"id": True, "tracking_number": True, "status": True, "created_at": True},
}

# The bodies of the API's own pages, by the model that reads them.
BODIES: dict[str, Any] = {
    "ShipmentCreate": {
        "options": _OPTIONS,
        "parcel": _PARCEL,
        "recipient": _KYLE,
        "sender": _KYLE,
        "location_id": "loc_xyz",
        "fulfillment_id": "ful_xyz",
        "type": "outbound",
    },
    "Purchase": {
        "rate_id": "rate_abc123xyz",
        "payment_reference": "ORDER-12345",
        "payment_method": "card_xyz123",
        "metadata": {"department": "Sales", "project": "Q1 Launch"},
        "tags": ["priority", "fragile"],
    },
    "RefreshRequest": {"options": {"providers": ["ups", "usps"], "max_delivery_days": 3}},
    "ExportCreate": {
        "resource": "shipment",
        "options": {"limit": 1000, "created_at": "gte:2024-01-01"},
        "csv_field_options": _LOOK,
    },
    "CsvFieldOptions": _LOOK,
}

_PREFIXES = {
    "Address": "addr", "Contact": "ctct", "Content": "cont", "Event": "evt", "Export": "exp", "Fulfillment": "ful",
    "Group": "grp", "Location": "loc", "Parcel": "prcl", "PaymentMethod": "card", "Rate": "rate", "RateCard": "rcard",
    "RateCardWithRows": "rcard", "Shipment": "ship", "ShippingLabelInference": "inf_sl", "Tracker": "track",
    "TrackingUpdate": "upd", "Webhook": "whk",
}  # fmt: skip
_RANDOM = "11fkZ8wQzscUj9SZaX1By1"
_MOMENT = "2026-01-31T09:30:00.000Z"
# What a field of that name holds, or of that model's; a value that the field's schema does not take is passed over.
_FIELDS: dict[str, Any] = {
    **_TEMPE,
    "email": _KYLE["email"],
    "phone": _KYLE["phone"],
    "Contact.name": _KYLE["name"],
    "ContactCreate.name": _KYLE["name"],
    "Party.name": _KYLE["name"],
    "Group.name": "Group A",
    "Provider.name": "UPS",
    "ProviderOutcome.name": "UPS",
    "state_code": "AZ",
    "country": "United States",
    "formatted_address": "5000 S Arizona Mills Cir, Unit # 123, Tempe, AZ 85282",
    "textarea": "5000 S Arizona Mills Cir\nTempe, AZ 85282",
    "timezone": "America/Phoenix",
    "latitude": 33.39,
    "longitude": -111.96,
    "shipment_id": f"ship_{_RANDOM}",
    "contact_id": f"ctct_{_RANDOM}",
    "location_id": "loc_xyz",
    "fulfillment_id": "ful_xyz",
    "group_id": f"grp_{_RANDOM}",
    "address_id": f"addr_{_RANDOM}",
    "tracker_id": f"track_{_RANDOM}",
    "export_id": f"exp_{_RANDOM}",
    "card_id": f"rcard_{_RANDOM}",
    "rate_id": "rate_abc123xyz",
    "payment_method": "card_xyz123",
    "payment_reference": "ORDER-12345",
    "order_number": "ORDER-12345",
    "tracking_number": "PKGX-5LO98Q3-UR2VMEB",
    "tags": ["priority", "fragile"],
    "metadata": {"department": "Sales", "project": "Q1 Launch"},
    "special_handling_tags": ["lithium", "high_value"],
    "attributes": ["cold_storage", "requires_equipment"],
    "Content.name": "Dispatch Roasters Coffee",
    "Parcel.length": 10, "Parcel.width": 10, "Parcel.height": 10, "Parcel.weight": 70,
    "provider": "ups",
    "Provider.id": "ups",
    "ServiceLevel.id": "ups_ground",
    "ServiceLevel.code": "ground",
    "ServiceLevel.name": "UPS Ground",
    "ServiceLevel.terms": "1 to 5 business days",
    "amount": 1850, "billed_amount": 1850, "total": 1850,
    "PriceLine.code": "base", "PriceLine.label": "Base price", "rule": "UPS Ground, zone 2, 70 lb",
    "price_list": "UPS Daily Rates",
    "zone": "2",
    "currency": "usd",
    "label_size": "4x6",
    "limit": 25, "page": 1, "total_count": 1, "has_more": False,
    "columns": ["id", "status"],
    "rows": [["ship_11fkZ8wQzscUj9SZaX1By1", "rates_generated"]],
    "csv": "id,status\nship_11fkZ8wQzscUj9SZaX1By1,rates_generated\n",
    "resource": "shipment",
    "RateCard.name": "UPS agreement",
    "RateCardWithRows.name": "UPS agreement",
    "CardReport.name": "UPS agreement",
}  # fmt: skip
_TYPES = {str: "string", bool: "boolean", int: "integer", float: "number", list: "array", dict: "object"}


class Examples:
    """Makes examples from the schemas of a description."""

    def __init__(self, schemas: Mapping[str, Schema]) -> None:
        self._schemas = schemas

    def of(self, schema: Schema, name: str = "", owner: str = "") -> Any:
        """A value that the schema takes. `name` is the field it is for, `owner` the model with that field."""
        if "$ref" in schema:
            owner = schema["$ref"].rsplit("/", 1)[1]
            return copy.deepcopy(BODIES[owner]) if owner in BODIES else self.of(self._schemas[owner], "", owner)
        found = self._known(schema, name, owner)
        if found is not None:
            return copy.deepcopy(found)
        if "properties" in schema:
            return {key: self.of(field, key, owner) for key, field in schema["properties"].items()}
        if branches := schema.get("anyOf") or schema.get("oneOf"):
            return self._optional(branches, name, owner)
        if schema.get("type") == "array":
            return self._list(schema, name, owner)
        return _simple(schema, name)

    def _known(self, schema: Schema, name: str, owner: str) -> Any:
        """What the schema itself or the name of the field says; None for nothing."""
        if "const" in schema:
            return schema["const"]
        if name == "id" and owner in _PREFIXES:
            return f"{_PREFIXES[owner]}_{_RANDOM}"
        for known in (f"{owner}.{name}", name):
            if known in _FIELDS and self._takes(schema, _FIELDS[known]):
                return _FIELDS[known]
        return schema.get("default")

    def _takes(self, schema: Schema, value: Any) -> bool:
        if "$ref" in schema:
            return False
        if branches := schema.get("anyOf") or schema.get("oneOf"):
            return any(self._takes(branch, value) for branch in branches)
        if "enum" in schema:
            return value in schema["enum"]
        kind = _TYPES[type(value)]
        if schema.get("type") == "array" and kind == "array":
            return all(self._takes(schema["items"], item) for item in value)
        return schema.get("type") == kind or (schema.get("type") == "number" and kind == "integer")

    def _optional(self, branches: list[Schema], name: str, owner: str) -> Any:
        """The first branch; of a simple value that may be null, null."""
        first = branches[0]
        simple = "$ref" not in first and "items" not in first
        if simple and any(branch.get("type") == "null" for branch in branches) and not name.endswith("_at"):
            return None
        return self.of(first, name, owner)

    def _list(self, schema: Schema, name: str, owner: str) -> list[Any]:
        items = schema.get("items", {})
        wanted = "$ref" in items or "oneOf" in items or schema.get("minItems", 0) > 0
        return [self.of(items, name, owner)] if wanted else []


def _simple(schema: Schema, name: str) -> Any:
    if "enum" in schema:
        return schema["enum"][0]
    kind = schema.get("type")
    if kind in ("integer", "number"):
        return schema.get("minimum", schema.get("exclusiveMinimum", 0) + 1)
    if kind == "boolean":
        return False
    if kind == "string":
        return _text(schema, name)
    return {} if kind == "object" else None


def _text(schema: Schema, name: str) -> str:
    if schema.get("format") == "date":
        return _MOMENT[:10]
    if schema.get("format") == "date-time" or name.endswith("_at"):
        return _MOMENT
    return name.replace("_", " ").capitalize()
