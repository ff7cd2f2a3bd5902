"""Customs: when a shipment needs a declaration, what it says, and what is missing in it."""

import re

from lib.address.countries import HOME_COUNTRY, country_code
from lib.models.customs import Customs, CustomsItem
from lib.models.errors import Conflict, InvalidRequest
from lib.models.parcels import Content
from lib.models.shipments import Shipment

# 15 CFR 30.37(a): no filing for goods of up to 2,500 USD, here by the total, which is never less strict.
EEL_BELOW_THRESHOLD = "NOEEI 30.37(a)"
EEL_THRESHOLD_CENTS = 2_500_00
# 15 CFR 30.36: no filing for what is shipped to Canada.
_EEL_TO_CANADA = "NOEEI 30.36"
_ITN = re.compile(r"(?:AES\s+)?(?:ITN\s+)?X[0-9]{14}", re.IGNORECASE)
_WITHOUT_VALUE = "documents"

_FROM_CONTENTS = "The customs items are taken from the contents of the parcels."
_NEEDED = "This shipment crosses a border. Before it can be bought, customs needs"


def is_international(shipment: Shipment) -> bool:
    """Whether the countries of sender and recipient differ; US territories and military mail are at home."""
    return shipment.sender.address.country_code != shipment.recipient.address.country_code


def declaration(shipment: Shipment) -> Customs:
    """The declaration as it stands: items from the parcels' contents where none are given, the usual EEL filled in."""
    given = shipment.customs or Customs()
    items = given.items or [
        _item(content)
        for content in _contents(shipment).values()
        if content.name.strip() and (content.value is not None or given.contents_type == _WITHOUT_VALUE)
    ]
    eel = (given.eel or "").strip()
    if not eel and _exported(shipment) and total_value(items) < EEL_THRESHOLD_CENTS:
        eel = EEL_BELOW_THRESHOLD
    return given.model_copy(update={"items": items, "eel": eel or None})


def total_value(items: list[CustomsItem]) -> int:
    """What all the items are worth, in cents."""
    return sum(item.quantity * item.value for item in items)


def customs_problems(shipment: Shipment) -> list[tuple[str, str]]:
    """Every field (wire path) that is missing for a complete declaration, with what is needed; empty at home."""
    if not is_international(shipment):
        return []
    declared = declaration(shipment)
    found = _item_problems(shipment, declared)
    if not (declared.signer or "").strip():
        found.append(("customs.signer", "the name of who signs the declaration"))
    if not declared.certify:
        found.append(("customs.certify", "true: the signer certifies that the declaration is right"))
    if _exported(shipment) and not _eel_holds(shipment, declared):
        found.append(("customs.eel", _eel_needed()))
    return found


def customs_notes(shipment: Shipment) -> list[str]:
    """What a quote has to say about customs, one sentence each."""
    if not is_international(shipment):
        return []
    notes = []
    if declaration(shipment).items and not (shipment.customs and shipment.customs.items):
        notes.append(_FROM_CONTENTS)
    problems = customs_problems(shipment)
    if problems:
        notes.append(f"{_NEEDED} {_listed(problems)}.")
    return notes


def with_customs_told(shipment: Shipment, told_before: list[str]) -> Shipment:
    """The shipment with what its quote has to say about customs now in place of what was told before."""
    others = [note for note in shipment.notes_on_rates if note not in told_before]
    return shipment.model_copy(update={"notes_on_rates": [*others, *customs_notes(shipment)]})


def require_customs(shipment: Shipment) -> None:
    """Refuse to go on without a complete declaration. Raises InvalidRequest naming every missing field."""
    problems = customs_problems(shipment)
    if problems:
        raise InvalidRequest(
            f"{_NEEDED} {_listed(problems)}.",
            fields=[field for field, _ in problems],
            code="customs_incomplete",
            details=dict(problems),
        )


def has_invoice(shipment: Shipment) -> bool:
    """Whether there is a commercial invoice: the shipment crosses a border and its declaration is complete."""
    return is_international(shipment) and not customs_problems(shipment)


def require_invoice(shipment: Shipment) -> None:
    """Refuse where there is no commercial invoice. Raises Conflict (`not_international`, `customs_incomplete`)."""
    if not is_international(shipment):
        raise Conflict(
            f"Shipment {shipment.id} stays within one country, so it has no commercial invoice.",
            code="not_international",
        )
    problems = customs_problems(shipment)
    if problems:
        raise Conflict(
            f"The invoice of shipment {shipment.id} still needs {_listed(problems)}.",
            fields=[field for field, _ in problems],
            code="customs_incomplete",
        )


def _listed(problems: list[tuple[str, str]]) -> str:
    return "; ".join(f"{field}: {needed}" for field, needed in problems)


def _exported(shipment: Shipment) -> bool:
    """Whether the goods leave the United States, whose census asks for the EEL."""
    return shipment.sender.address.country_code == HOME_COUNTRY


def _contents(shipment: Shipment) -> dict[str, Content]:
    """The contents of all parcels by their wire path."""
    return {
        f"parcels.{position}.contents.{number}": content
        for position, parcel in enumerate(shipment.parcels)
        for number, content in enumerate(parcel.contents)
    }


def _item(content: Content) -> CustomsItem:
    return CustomsItem(
        description=content.name,
        quantity=content.quantity,
        value=content.value or 0,
        weight=content.weight,
        sku=content.sku,
        origin_country=content.origin_country,
        harmonized_code=content.harmonized_code,
    )


def _item_problems(shipment: Shipment, declared: Customs) -> list[tuple[str, str]]:
    """What is missing in the items, or in the contents of the parcels where these stand for them."""
    if shipment.customs is not None and shipment.customs.items:
        rows: list[tuple[str, str, str, int | None, str | None]] = [
            (f"customs.items.{number}", "description", item.description, item.value, item.origin_country)
            for number, item in enumerate(shipment.customs.items)
        ]
    else:
        rows = [
            (path, "name", content.name, content.value, content.origin_country)
            for path, content in _contents(shipment).items()
        ]
    if not rows:
        return [("customs.items", "what is sent: description, quantity, value and origin_country of each item")]
    found = []
    for path, label, words, value, origin in rows:
        if not words.strip():
            found.append((f"{path}.{label}", "what it is"))
        if not value and declared.contents_type != _WITHOUT_VALUE:
            found.append((f"{path}.value", "what one piece is worth, in cents"))
        if not (origin or "").strip() or country_code(origin or "") is None:
            found.append((f"{path}.origin_country", "the country it was made in, such as US"))
    return found


def _eel_holds(shipment: Shipment, declared: Customs) -> bool:
    eel = " ".join((declared.eel or "").split())
    if total_value(declared.items) < EEL_THRESHOLD_CENTS:
        return bool(eel)
    to_canada = shipment.recipient.address.country_code == "CA" and eel.upper() == _EEL_TO_CANADA
    return to_canada or _ITN.fullmatch(eel) is not None


def _eel_needed() -> str:
    return (
        f"the ITN of the AES filing, such as AES X20260101000001: from {EEL_THRESHOLD_CENTS / 100:,.0f} USD on "
        f"{EEL_BELOW_THRESHOLD} does not hold"
    )
