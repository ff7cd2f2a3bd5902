"""The API pages' own example bodies, whole."""

from typing import Any

# The example of the API page, whole; `loc_xyz` and `ful_xyz` are its placeholders.
PLACEHOLDERS = {"location_id": "loc_xyz", "fulfillment_id": "ful_xyz"}
TEMPE = {
    "name": "Kyle Grzybowski",
    "email": "kyle.grzybowski@packagex.io",
    "phone": "+923066545454",
    "address": {
        "line1": "5000 S Arizona Mills Cir",
        "line2": "Unit # 123",
        "city": "Tempe",
        "state": "Arizona",
        "postal_code": "85282",
        "country_code": "US",
    },
}
EXAMPLE: dict[str, Any] = {
    "options": {
        "service_levels": [
            "on_demand", "same_day", "next_day_early", "next_day", "next_day_later", "two_day_early", "two_day",
            "three_day", "ground",
        ],
        "providers": ["self", "marketplace", "ups", "upssurepost", "usps", "fedex", "doordash"],
        "tracker_chained_status": "package_at_waypoint",
        "tracker_auto_close_shipments_status": "delivered",
        "tracker_auto_close_shipments_option": "on_provider_updates",
        "verify_addresses": True,
    },
    "parcel": {
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
    },
    "recipient": TEMPE,
    "sender": TEMPE,
    **PLACEHOLDERS,
    "type": "outbound",
}  # fmt: skip
QUOTABLE = {name: value for name, value in EXAMPLE.items() if name not in PLACEHOLDERS}

# The purchase of the API page, whole.
PURCHASE: dict[str, Any] = {
    "rate_id": "rate_abc123xyz",
    "payment_reference": "ORDER-12345",
    "payment_method": "card_xyz123",
    "metadata": {"department": "Sales", "project": "Q1 Launch"},
    "tags": ["priority", "fragile"],
}

# The quick start of the API page, whole.
QUICK_START: dict[str, Any] = {
    "resource": "shipment",
    "options": {"limit": 1000, "created_at": "gte:2024-01-01"},
    "csv_field_options": {
        "timezone": "America/New_York",
        "datetime_format": "MM/dd/yyyy hh:mm:ss a",
        "columns": {"id": True, "tracking_number": True, "status": True, "created_at": True},
    },
}
