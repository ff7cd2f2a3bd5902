"""Made-up shipments that cannot be taken for real ones, priced by the real engine.

Everything follows from the seed, the position and the day: the same day gives the same shipments.
"""

import hashlib
import random
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta

from lib.models.addresses import AddressInput, Party, PartyInput
from lib.models.parcels import ParcelInput
from lib.models.rates import Rate
from lib.models.shipments import Purchase, QuoteRequest, Shipment
from lib.models.team import TeamSettings
from lib.rating.selection import badges, cheapest_first
from lib.shipping.buying import bought, is_own_courier
from lib.shipping.rates import quoted_shipment
from lib.shipping.sample_courses import along_its_course
from lib.shipping.tracking_numbers import tracking_number_from

SAMPLE_COUNT = 2000
SAMPLE_TAG = "sample"
_SEED = "shipdesk samples 1"
_OLDEST_DAYS = 364
_SENDERS = 24
_NEVER_BOUGHT, _TO_A_BUSINESS, _IN_A_PACKAGE = 0.06, 0.3, 0.12
# How a hundred buyers choose among their rates.
_HABITS = {"cheapest": 35, "best value": 20, "cheapest of a provider": 35, "any": 10}
_BASE_62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_ID_STEM = 20
# Central ZIPs of cities all over the country, Alaska and Hawaii with them.
_ZIPS = (
    "10001", "02108", "19103", "20001", "21201", "28202", "30303", "33130", "32801", "37203",
    "38103", "40202", "43215", "44113", "46204", "48226", "53202", "55401", "60601", "63101",
    "64106", "68102", "70112", "73102", "75201", "77002", "78205", "78701", "80202", "84101",
    "85004", "87102", "89101", "90012", "92101", "94103", "95814", "97204", "98101", "99501",
    "96813", "04101", "05401", "03101", "14202", "15222", "23219", "29401", "35203", "57104",
    "58102", "59101", "82001", "83702",
)  # fmt: skip
_PACKAGES = (
    "usps_small_flat_rate_box",
    "usps_large_flat_rate_box",
    "usps_padded_flat_rate_envelope",
    "fedex_small_box",
)
_BOXES = ((6, 4, 3), (8, 6, 4), (10, 8, 6), (12, 10, 8), (14, 12, 10), (18, 14, 12), (20, 16, 14))


def sample_shipments(team: TeamSettings, today: date, count: int) -> Iterator[Shipment]:
    """The sample shipments of the twelve months before `today`, quoted by what the team has set."""
    for position in range(1, count + 1):
        chance = random.Random(f"{_SEED} {position}")  # noqa: S311
        yield _sample(position, chance, team, today)


def sample_ids(position: int) -> Callable[[str, int], str]:
    """Gives ids of the usual form by prefix and index, always the same ones for a position."""
    number = int.from_bytes(hashlib.sha256(f"{_SEED} {position}".encode()).digest(), "big")
    signs = []
    for _ in range(_ID_STEM):
        number, sign = divmod(number, len(_BASE_62))
        signs.append(_BASE_62[sign])
    stem = "".join(signs)
    return lambda prefix, index: f"{prefix}_{stem}{index:02d}"


def _sample(position: int, chance: random.Random, team: TeamSettings, today: date) -> Shipment:
    days_ago = 1 + int(_OLDEST_DAYS * chance.random())
    at = datetime.combine(today - timedelta(days=days_ago), time(), UTC) + timedelta(hours=13 + 9 * chance.random())
    at = at.replace(microsecond=0)
    quoted = _with_own_ids(quoted_shipment(_request(position, chance), team, at), position)
    rate = _chosen_rate(quoted, chance)
    if rate is None or chance.random() < _NEVER_BOUGHT:
        return quoted
    number = tracking_number_from(f"{_SEED} {position}", own_courier=is_own_courier(rate))
    bought_at = at + timedelta(seconds=chance.randrange(20, 600))
    purchased = bought(quoted, rate.id, Purchase(rate_id=rate.id), tracking_number=number, at=bought_at)
    return along_its_course(purchased, chance, until=datetime.combine(today, time(), UTC))


def _request(position: int, chance: random.Random) -> QuoteRequest:
    sender, recipient = chance.randrange(_SENDERS) + 1, f"{position:04d}"
    business = f"Sample Business {recipient}" if chance.random() < _TO_A_BUSINESS else None
    return QuoteRequest(
        sender=_party(
            f"Sample Sender {sender}", f"Sample Shop {sender}", "sender@example.com", _ZIPS[sender % 8 * 6], 0
        ),
        recipient=_party(
            f"Sample Recipient {recipient}", business, f"sample{recipient}@example.com", chance.choice(_ZIPS), position
        ),
        parcels=_parcels(chance),
        order_number=f"SAMPLE-{recipient}",
        tags=[SAMPLE_TAG],
        metadata={"sample": "true"},
    )


def _party(name: str, business: str | None, email: str, zip_code: str, position: int) -> PartyInput:
    """Somebody at a made-up street of a real ZIP, with a phone number from the range kept for fiction."""
    return PartyInput(
        name=name,
        business=business,
        email=email,
        phone=f"+1202555{100 + position % 100:04d}",
        address=AddressInput(line1="1 Sample Street", postal_code=zip_code),
    )


def _parcels(chance: random.Random) -> list[ParcelInput]:
    if chance.random() < _IN_A_PACKAGE:
        return [ParcelInput(type=chance.choice(_PACKAGES), weight=round(0.5 + 6 * chance.random(), 1))]
    number = chance.choices((1, 2, 3), (88, 9, 3))[0]
    return [_parcel(chance) for _ in range(number)]


def _parcel(chance: random.Random) -> ParcelInput:
    # Most parcels are light: the square leans towards the smaller boxes.
    fullness = chance.random() ** 2
    length, width, height = _BOXES[int(fullness * len(_BOXES))]
    weight = round(0.4 + fullness * 40 * (0.4 + chance.random()), 1)
    return ParcelInput(length=length, width=width, height=height, weight=weight)


def _chosen_rate(shipment: Shipment, chance: random.Random) -> Rate | None:
    rates = sorted(shipment.rates, key=cheapest_first)
    if not rates:
        return None
    habit = chance.choices(list(_HABITS), list(_HABITS.values()))[0]
    if habit == "any":
        return chance.choice(rates)
    if habit == "best value":
        found = badges(rates)
        rates = [rate for rate in rates if "best_value" in found.get(rate.id, [])] or rates
    if habit == "cheapest of a provider":
        provider = chance.choice(sorted({rate.provider.id for rate in rates}))
        rates = [rate for rate in rates if rate.provider.id == provider]
    return rates[0]


def _with_own_ids(shipment: Shipment, position: int) -> Shipment:
    """The same shipment under ids that are the same every time, its rates made when it was quoted."""
    name = sample_ids(position)
    names = {rate.id: name("rate", index) for index, rate in enumerate(shipment.rates)}
    rates = {
        rate.id: rate.model_copy(update={"id": names[rate.id], "created_at": shipment.created_at})
        for rate in shipment.rates
    }
    best = shipment.recommended_rate
    return shipment.model_copy(
        update={
            "id": name("ship", 0),
            "sender": _with_address_id(shipment.sender, name("addr", 0)),
            "recipient": _with_address_id(shipment.recipient, name("addr", 1)),
            "parcels": [
                parcel.model_copy(update={"id": name("prcl", index)}) for index, parcel in enumerate(shipment.parcels)
            ],
            "rates": list(rates.values()),
            "recommended_rate": best and rates[best.id],
        }
    )


def _with_address_id(party: Party, address_id: str) -> Party:
    return party.model_copy(update={"address": party.address.model_copy(update={"id": address_id})})
