"""The one way an error is shown: what happened, what to do, and the request it belongs to."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from lib.models.errors import Conflict, DeskError, DeskUnavailable, InvalidRequest, NotFound
from lib.ui.formats import plain
from lib.ui.option_words import OPTION_NAMES

_NEXT: dict[type[DeskError], str] = {
    InvalidRequest: "Correct it and try again; nothing was saved and what you entered is still here.",
    NotFound: "It may have been removed. Start again from this page.",
    Conflict: "Reload the page to see how things stand now.",
    DeskUnavailable: "Try again in a moment; what you entered is still here.",
}
# What nothing entered anew would change.
_FINAL = frozenset({"refund_not_offered", "not_purchased", "not_shipped"})
# Conflicts whose own words say what to do next.
_SAY_HOW = frozenset(
    {
        "rates_expired", "shipment_canceled", "payment_method_is_default", "webhook_limit", "webhook_paused",
        "idempotency_key_reused", "export_template_exists",
    }
)  # fmt: skip
_FIELD_NAMES = {
    "sender": "From",
    "recipient": "To",
    "address": "address",
    "address.line1": "street",
    "address.line2": "apartment",
    "address.city": "city",
    "address.state": "state",
    "address.postal_code": "ZIP",
    "address_line2": "apartment",
    "type": "package",
    "rate_id": "the rate",
    "shipment_id": "this shipment",
    "tracking_update.status": "what happened",
    "content": "file",
    "csv_field_options.datetime_format": "date pattern",
    "csv_field_options.timezone": "time zone",
    "schedule.cron": "cron",
    "export_template_id": "this template",
    "export_id": "this file",
}
_COLUMNS = "csv_field_options.columns."
_PARCEL = re.compile(r"parcels?\.(\d+)(?:\.(\w+))?")


def field_name(path: str) -> str:
    """A wire path as the label a person sees: `sender.address.postal_code` is `From: ZIP`."""
    path = path.removeprefix("recipe.")
    if path.startswith(_COLUMNS):
        return f"Column {path.removeprefix(_COLUMNS)}"
    if match := _PARCEL.match(path):
        name = _FIELD_NAMES.get(match[2] or "", match[2] or "")
        return f"Parcel {int(match[1]) + 1}" + (f": {name.replace('_', ' ')}" if name else "")
    party, _, rest = path.partition(".")
    if party in {"sender", "recipient"}:
        name = _FIELD_NAMES.get(rest, rest.replace("_", " ").replace(".", " "))
        return f"{_FIELD_NAMES[party]}: {name}" if name else _FIELD_NAMES[party]
    if party in {"options", "default_options"}:
        name = rest.partition(".")[0]
        return OPTION_NAMES.get(name, name.replace("_", " ")).capitalize() or "Options"
    return _FIELD_NAMES.get(path, path.replace("_", " ").replace(".", " "))


def show_error(error: DeskError) -> None:
    """Draw an error where the page stands now."""
    named = ", ".join(dict.fromkeys(field_name(path) for path in error.fields))
    head = f"**{plain(named[:1].upper() + named[1:])}.** " if named else ""
    request = f"\n\nRequest `{re.sub(r'[^0-9A-Za-z_.-]', '', error.request_id)}`" if error.request_id else ""
    st.error(f"{head}{plain(error.message)}{_following(error)}{request}", icon=":material/error:")


def _following(error: DeskError) -> str:
    """What to do next, after a space; nothing where the message has said it."""
    if error.code in _SAY_HOW:
        return ""
    if error.code in _FINAL:
        return " Nothing was changed."
    return next((f" {words}" for kind, words in _NEXT.items() if isinstance(error, kind)), " Try again in a moment.")


def show_field_error(error: DeskError | None, *paths: str) -> None:
    """Draw what is wrong with one field right under it, when the error names the field."""
    if error is None:
        return
    if any(path == field or field.startswith(f"{path}.") for path in paths for field in error.fields):
        st.markdown(f":red[:material/error: {plain(error.message)}]")


@contextmanager
def errors_shown() -> Iterator[None]:
    """Whatever the desk refuses inside is shown in its place and goes no further."""
    try:
        yield
    except DeskError as error:
        show_error(error)
