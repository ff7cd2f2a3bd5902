"""How each provider looks: one colour, one marker shape and one glyph, the same in charts, tables and text.

The colours themselves are in `.streamlit/config.toml`, once for light and once for dark. A chart takes a
provider's colour by drawing it as the trace of the provider's place in PROVIDERS, so that a change of
theme in the browser recolours it without asking the server.
"""

from dataclasses import dataclass
from pathlib import Path

ASSETS = Path(__file__).parent / "assets"
LOGO = ASSETS / "logo.svg"
MARK = ASSETS / "mark.svg"
STYLES = ASSETS / "shipdesk.css"


@dataclass(frozen=True, slots=True)
class ProviderLook:
    """`colour` is Streamlit's name of the colour in Markdown, `symbol` Plotly's of the marker drawn as `glyph`."""

    code: str
    name: str
    colour: str
    symbol: str
    glyph: str


PROVIDERS: tuple[ProviderLook, ...] = (
    ProviderLook("usps", "USPS", "blue", "circle", "●"),
    ProviderLook("ups", "UPS", "orange", "square", "■"),
    ProviderLook("fedex", "FedEx", "violet", "diamond", "◆"),
    ProviderLook("upssurepost", "UPS SurePost", "yellow", "triangle-up", "▲"),
    ProviderLook("doordash", "DoorDash", "red", "triangle-down", "▼"),
    ProviderLook("self", "Own courier", "green", "star", "★"),
    ProviderLook("marketplace", "Marketplace", "primary", "pentagon", "⬟"),
)
_OTHER = ProviderLook("other", "Other", "gray", "x", "✕")
_BY_CODE = {look.code: look for look in PROVIDERS}


def look_of(provider: str) -> ProviderLook:
    """The look of a provider by its code; anything unknown is grey."""
    return _BY_CODE.get(provider, _OTHER)


def trace_of(provider: str) -> int:
    """The place of a provider's colour among the chart colours."""
    return PROVIDERS.index(_BY_CODE[provider]) if provider in _BY_CODE else len(PROVIDERS)


def provider_chip(provider: str) -> str:
    """A provider as coloured Markdown: its glyph, then its name in plain text colour."""
    look = look_of(provider)
    return f":{look.colour}[{look.glyph}] {look.name}"
