"""The same card rated by karrio's generic carrier and by Shipdesk, the same shipments, the same prices.

The card is the FedEx list up to 50 lb, commercial, without fuel, from one origin: seven services by weight and zone.
karrio has no zone charts, so each of its zones names the destination ZIPs that lie in it.
"""

import time
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from typing import Any

import numpy as np

from lib.models.options import ShipmentOptions
from lib.models.team import TeamSettings
from lib.rating.batch import rate_many, zip_numbers
from lib.rating.quoting import RatingParcel, RatingRequest, quote
from lib.rating.services import FEDEX_EXPRESS, FEDEX_GROUND, Service
from lib.rating.tariffs import tariff
from lib.rating.zones import zone_chart

SHIP_AT = datetime(2026, 11, 23, 15, tzinfo=UTC)
ORIGIN = "10001"
# Cities in every zone from New York, none in a delivery area.
DESTINATIONS = (
    "11101", "07105", "19134", "21223", "02118", "14203", "15201", "44103", "48201", "28206", "60608", "30310",
    "32206", "63104", "70119", "75207", "77003", "80204", "90021", "94124", "98134", "85007",
)  # fmt: skip
WEIGHTS = (1.5, 4.5, 9.5, 19.5, 34.5, 48.5)
HEAVIEST = 50
SIDE_IN = 5.0
BATCH = 100_000
TEAM = TeamSettings(fuel_percent={"fedex_ground": 0, "fedex_express": 0})
SERVICES: tuple[Service, ...] = (FEDEX_GROUND[0], *FEDEX_EXPRESS)
HOW_TO_INSTALL = (
    "Not compared with karrio-generic, which is not installed here. To compare: "
    ".venv/bin/python -m pip install -r requirements-bench.txt"
)


def main() -> None:
    try:
        from loguru import logger  # noqa: PLC0415

        logger.disable("karrio")
        import karrio.sdk as karrio  # noqa: PLC0415
    except ImportError:
        print(HOW_TO_INSTALL)
        return
    gateway = _gateway(karrio)
    cases = [(destination, weight) for destination in DESTINATIONS for weight in WEIGHTS]
    for case in cases:
        ours, theirs = _ours(*case), _theirs(karrio, gateway, *case)
        assert ours == theirs, f"{case}: {ours} and {theirs}"
        assert len(ours) == len(SERVICES)
    own = _median_seconds(cases, lambda case: _ours(*case))
    other = _median_seconds(cases, lambda case: _theirs(karrio, gateway, *case))
    rates = len(SERVICES)
    batch = _batch_rates_a_second(cases)
    print(f"beside karrio-generic: {len(cases)} shipments, the same {rates} prices for each of them")
    print(
        f"  one quote, p50: Shipdesk {own * 1000:.2f} ms, karrio {other * 1000:.2f} ms; {other / own:.1f} times as fast"
    )
    print(
        f"  many: Shipdesk {batch:,.0f} rates a second by rate_many, karrio {rates / other:,.0f} one by one, as it has "
        f"no batch; {batch * other / rates:,.0f} times as fast"
    )


def _zone_of(service: Service) -> dict[str, int]:
    """Zone from the origin to each destination."""
    chart = zone_chart("fedex_ground" if service.group == "ground" else "fedex_express")
    prefixes = np.array([int(each[:3]) for each in DESTINATIONS])
    zones, _ = chart.lookup(np.array([int(ORIGIN[:3])]), prefixes)
    return dict(zip(DESTINATIONS, zones.tolist(), strict=True))


def _card(service: Service) -> Iterator[tuple[int, int, list[str], float]]:
    """Rows of the card: above and up to so many pounds, to these ZIPs, in dollars."""
    published = tariff("fedex", "list", SHIP_AT.date(), service=service.key)
    assert published is not None
    grid = published.grids[service.key, "package"]
    zone_of = _zone_of(service)
    for zone in sorted(set(zone_of.values())):
        zips = [each for each in DESTINATIONS if zone_of[each] == zone]
        weights = np.arange(1.0, HEAVIEST + 1)
        for weight, cents in zip(weights, grid.cents_for(weights, np.array(zone)).tolist(), strict=True):
            yield int(weight) - 1, int(weight), zips, cents / 100


def _gateway(karrio: Any) -> Any:
    from karrio.core.models import ServiceLevel, ServiceZone  # noqa: PLC0415
    from karrio.mappers.generic.settings import Settings  # noqa: PLC0415

    services = [
        ServiceLevel(
            service_name=service.name,
            service_code=service.id,
            currency="USD",
            weight_unit="LB",
            dimension_unit="IN",
            domicile=True,
            international=False,
            active=True,
            zones=[
                ServiceZone(min_weight=above, max_weight=up_to, postal_codes=zips, rate=dollars)
                for above, up_to, zips, dollars in _card(service)
            ],
        )
        for service in SERVICES
    ]
    settings = Settings(
        display_name="FedEx list", custom_carrier_name="fedex_list", account_country_code="US", services=services
    )
    return karrio.gateway["generic"].create(settings)


def _theirs(karrio: Any, gateway: Any, destination: str, weight: float) -> dict[str, int]:
    from karrio.core.models import Address, Parcel, RateRequest  # noqa: PLC0415

    parcel = Parcel(weight=weight, weight_unit="LB", length=SIDE_IN, width=SIDE_IN, height=SIDE_IN, dimension_unit="IN")
    request = RateRequest(
        shipper=Address(postal_code=ORIGIN, country_code="US"),
        recipient=Address(postal_code=destination, country_code="US"),
        parcels=[parcel],
        services=[],
    )
    rates, _ = karrio.Rating.fetch(request).from_(gateway).parse()
    return {rate.service: round(rate.total_charge * 100) for rate in rates}


def _ours(destination: str, weight: float) -> dict[str, int]:
    request = RatingRequest(
        origin_zip=ORIGIN,
        destination_zip=destination,
        parcels=(RatingParcel(weight=weight, length=SIDE_IN, width=SIDE_IN, height=SIDE_IN),),
        residential=False,
        ship_at=SHIP_AT,
        options=ShipmentOptions(providers=["fedex"]),
        team=TEAM,
    )
    return {rate.service_level.id: rate.amount for rate in quote(request).rates}


def _batch_rates_a_second(cases: list[tuple[str, float]]) -> float:
    times = -(-BATCH // len(cases))
    destinations, weights = zip(*cases, strict=True)
    count = len(cases) * times
    arrays: dict[str, Any] = {
        "origin_zip": np.full(count, int(ORIGIN)),
        "destination_zip": np.tile(zip_numbers(destinations), times),
        "weight": np.tile(np.array(weights), times),
        "sides": np.full((count, 3), SIDE_IN),
        "residential": np.zeros(count, np.bool_),
    }
    started = time.perf_counter()
    table = rate_many(on=SHIP_AT.date(), team=TEAM, providers=["fedex"], **arrays)
    return table.rates / (time.perf_counter() - started)


def _median_seconds(cases: Iterable[Any], work: Callable[[Any], object]) -> float:
    taken = []
    for case in cases:
        started = time.perf_counter()
        work(case)
        taken.append(time.perf_counter() - started)
    return float(np.median(taken))


if __name__ == "__main__":
    main()
