"""What the theme and the charts promise: contrast, one colour per provider, steps that reach the total."""

import tomllib
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from lib.models.rates import Breakdown, PriceLine, Provider, Rate, ServiceLevel
from lib.ui.charts import price_alt, price_figure, rates_alt, rates_figure
from lib.ui.theme import PROVIDERS

CONFIG: dict[str, Any] = tomllib.loads((Path(__file__).parents[2] / ".streamlit/config.toml").read_text())
READABLE = 4.5
STREAMLIT_CHART_COLOURS = 10


def contrast(first: str, second: str) -> float:
    """The contrast ratio of two colours by WCAG 2.2."""

    def luminance(colour: str) -> float:
        parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
        red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    dark, light = sorted((luminance(first), luminance(second)))
    return (light + 0.05) / (dark + 0.05)


def rate(rate_id: str, provider: str, cents: int, day: int, service: str = "Ground") -> Rate:
    level = ServiceLevel(
        id=service, code="ground", name=service, terms="", estimated_delivery=datetime(2026, 11, day, 20, tzinfo=UTC)
    )
    return Rate(
        id=rate_id, created_at=datetime(2026, 11, 20, tzinfo=UTC), amount=cents, billed_amount=cents,
        provider=Provider(id=provider, name=provider.upper()), service_level=level,
    )  # fmt: skip


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_every_colour_is_readable_on_page_and_panel(mode: str) -> None:
    theme = CONFIG["theme"][mode]
    named = [theme[f"{look.colour}TextColor"] for look in PROVIDERS if look.colour != "primary"]
    for ground in (theme["backgroundColor"], theme["secondaryBackgroundColor"]):
        for colour in (*theme["chartCategoricalColors"], *named, theme["textColor"], theme["linkColor"]):
            assert contrast(colour, ground) >= READABLE, (colour, ground)
    assert contrast("#ffffff", theme["primaryColor"]) >= READABLE


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_chart_colours_are_the_providers_in_order(mode: str) -> None:
    theme = CONFIG["theme"][mode]
    colours = theme["chartCategoricalColors"]
    assert len(colours) == STREAMLIT_CHART_COLOURS == len(set(colours))
    for look, colour in zip(PROVIDERS, colours, strict=False):
        assert look.colour == "primary" or theme[f"{look.colour}Color"] == colour
    assert len({look.symbol for look in PROVIDERS}) == len({look.glyph for look in PROVIDERS}) == len(PROVIDERS)


def test_each_rate_is_one_mark_in_its_providers_place() -> None:
    rates = [rate("a", "usps", 1000, 24), rate("b", "fedex", 2500, 26), rate("c", "fedex", 9900, 24, "Over<b>night")]
    figure = rates_figure(rates, timezone="UTC", selected="b", badges={"a": ["Cheapest"]})
    marks = {trace.name: list(zip(trace.customdata, trace.y, strict=True)) for trace in figure.data if trace.customdata}
    assert marks == {"USPS": [("a", 10.0)], "FedEx": [("b", 25.0), ("c", 99.0)]}
    assert "Over&lt;b&gt;night" in figure.data[2].hovertext[1]
    assert [note.text for note in figure.layout.annotations] == ["Cheapest"]
    ring = figure.data[-1]
    assert (ring.marker.symbol, list(ring.y)) == ("circle-open", [25.0])
    assert rates_alt(rates) == (
        "Chart of price against delivery day: 3 rates of FedEx, USPS, from $10.00 to $99.00. "
        "The table below it holds the same rates."
    )


def test_no_dated_rate_draws_an_empty_chart() -> None:
    assert not [trace for trace in rates_figure([], timezone=None, selected=None, badges={}).data if trace.customdata]
    assert rates_alt([]).endswith("no rates to show.")


def test_price_steps_reach_the_total() -> None:
    lines = [
        PriceLine(code="base", label="Base price", amount=1000, rule="", parcel=0),
        PriceLine(code="base", label="Base price", amount=500, rule="", parcel=1),
        PriceLine(code="discount", label="Discount", amount=-200, rule=""),
    ]
    breakdown = Breakdown(
        price_list="List",
        effective=date(2026, 1, 1),
        zone="4",
        zone_source="chart",
        parcels=[],
        lines=lines,
        total=1300,
    )
    bars = price_figure(breakdown, provider="ups").data[1]
    assert [(start, size) for start, size in zip(bars.base, bars.x, strict=True)] == [(0, 15), (15, -2), (0, 13)]
    assert "Base price $15.00; Discount \N{MINUS SIGN}$2.00; Total $13.00" in price_alt(breakdown)
