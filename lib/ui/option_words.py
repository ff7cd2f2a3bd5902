"""The options of a quote in a shipper's words; the API's own names for them stand in no sentence on the screen."""

import re
from collections.abc import Sequence

_LEVELS = {
    "on_demand": "On demand",
    "same_day": "Same day",
    "next_day_early": "Next day, early morning",
    "next_day": "Next day",
    "next_day_later": "Next day, by evening",
    "two_day_early": "Two days, morning",
    "two_day": "Two days",
    "three_day": "Three days",
    "ground": "Ground",
}
RATE_TYPES = {
    "delivery": "Delivery to the door",
    "pickup": "Collected at your counter",
    "received": "Handed over at your counter",
}
SIGNATURES = {
    "none": "No signature",
    "direct": "Direct signature",
    "indirect": "Indirect signature",
    "adult": "Adult signature",
}
OPTION_NAMES = {
    "providers": "carriers",
    "service_levels": "service levels",
    "rate_types": "kinds of rate",
    "max_delivery_days": "days until arrival",
    "lead_time_mins": "time to get ready",
    "checkout_total": "cart total",
    "request_provider_pickup": "on-demand pickup",
    "same_day_tip_amount": "tip",
    "declared_value": "declared value",
    "provider_instructions": "instructions",
    "provider_timeout": "time to wait",
    "return_other_rates": "other rates",
    "verify_addresses": "address check",
}
_NAMES = re.compile("|".join(sorted(OPTION_NAMES, key=len, reverse=True)))
_CUSTOMS_NEEDED = "This shipment crosses a border."
_CUSTOMS_ASKED = "This shipment crosses a border: buying it asks for a customs declaration."
_FELL_BACK = re.compile(r"No rate meets .*, so all rates are shown\.")


def level_name(code: str) -> str:
    """A service level as a line of a list: `Next day`."""
    return _LEVELS.get(code, code.replace("_", " ").capitalize())


def in_words(text: str) -> str:
    """A sentence of the desk with the options it names in words."""
    return _NAMES.sub(lambda found: OPTION_NAMES[found[0]], text)


def fell_back(notes: Sequence[str]) -> str | None:
    """The note saying that the options left nothing and all rates are shown, if there is one."""
    return next((in_words(note) for note in notes if _FELL_BACK.fullmatch(note)), None)


def other_notes(notes: Sequence[str]) -> list[str]:
    """All notes but that one; what customs needs field by field is asked for when it is bought."""
    told = [_CUSTOMS_ASKED if note.startswith(_CUSTOMS_NEEDED) else note for note in notes]
    return [in_words(note) for note in told if not _FELL_BACK.fullmatch(note)]
