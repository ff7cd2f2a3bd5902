"""Events in a reader's words."""

import re

from lib.models.events import EVENTS, EVERYTHING

_API = re.compile(r"\bapi\b", re.IGNORECASE)


def event_name(name: str) -> str:
    """An event, or what a webhook subscribes to: `Shipment purchased`, `All about shipments`, `Everything`."""
    if name == EVERYTHING:
        return "Everything"
    topic, _, context = name.partition(".")
    if name not in EVENTS:
        return f"All about {_plural(_API.sub('API', topic.replace('_', ' ')))}"
    text = f"{topic} {context}".replace("_", " ")
    return _API.sub("API", text[:1].upper() + text[1:])


def _plural(noun: str) -> str:
    if noun == "team":
        return "the team"
    if noun.endswith("s") and not noun.endswith("ss"):
        return noun
    return f"{noun}es" if noun.endswith("ss") else f"{noun}s"
