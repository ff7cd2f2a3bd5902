"""Sample shipments: plainly made up, the same every time on a day, and true to the engine's prices."""

import re
from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest

from lib.address.zips import place
from lib.models.shipments import QuoteRequest, Shipment
from lib.models.statuses import COMPLETED
from lib.models.team import TeamSettings
from lib.shipping.rates import quoted_shipment
from lib.shipping.sample_shipments import sample_shipments

TODAY = date(2026, 11, 20)
MIDNIGHT = datetime(2026, 11, 20, tzinfo=UTC)
COUNT = 150


@pytest.fixture(scope="module")
def samples() -> list[Shipment]:
    return list(sample_shipments(TeamSettings(), TODAY, COUNT))


def test_samples_are_plainly_labelled(samples: list[Shipment]) -> None:
    for position, shipment in enumerate(samples, start=1):
        number = f"{position:04d}"
        assert (shipment.tags, shipment.metadata) == (["sample"], {"sample": "true"})
        assert shipment.order_number == f"SAMPLE-{number}"
        recipient, sender = shipment.recipient, shipment.sender
        assert (recipient.name, recipient.email) == (f"Sample Recipient {number}", f"sample{number}@example.com")
        assert re.fullmatch(r"Sample Sender \d+", sender.name)
        assert recipient.business in ("", f"Sample Business {number}")
        for party in (sender, recipient):
            assert re.fullmatch(r"\+120255501\d\d", party.phone)
            assert party.address.line1 == "1 Sample Street"
            known = place(party.address.postal_code)
            assert known is not None
            assert (party.address.city, party.address.state_code) == (known.city, known.state_code)


def test_samples_are_the_same_on_the_same_day(samples: list[Shipment]) -> None:
    again = sample_shipments(TeamSettings(), TODAY, 25)
    assert [shipment.model_dump_json() for shipment in again] == [
        shipment.model_dump_json() for shipment in samples[:25]
    ]


def test_samples_have_ids_and_numbers_of_their_own(samples: list[Shipment]) -> None:
    assert all(re.fullmatch(r"ship_[0-9A-Za-z]{22}", shipment.id) for shipment in samples)
    assert len({shipment.id for shipment in samples}) == COUNT
    rates = [rate.id for shipment in samples for rate in shipment.rates]
    assert len(set(rates)) == len(rates)
    numbers = [shipment.tracking_number for shipment in samples if shipment.tracking_number]
    assert len(set(numbers)) == len(numbers)
    assert all(re.fullmatch(r"PKGX-[A-Z0-9]{7}-[A-Z0-9]{7}", number) for number in numbers)


def test_samples_cover_the_year_and_never_the_future(samples: list[Shipment]) -> None:
    made = [shipment.created_at for shipment in samples]
    assert MIDNIGHT - timedelta(days=365) <= min(made) < MIDNIGHT - timedelta(days=330)
    assert MIDNIGHT - timedelta(days=30) < max(made) < MIDNIGHT
    assert all(shipment.updated_at <= MIDNIGHT for shipment in samples)


def test_samples_have_come_as_far_as_their_age_allows(samples: list[Shipment]) -> None:
    statuses = Counter(shipment.status for shipment in samples)
    assert statuses["delivered"] > 0.7 * COUNT
    assert 0 < statuses["rates_generated"] < 0.2 * COUNT
    for shipment in samples:
        if shipment.status == "rates_generated":
            assert (shipment.purchased_rate, shipment.tracking_updates, shipment.paid) == (None, [], False)
            continue
        moments = [update.created_at for update in shipment.tracking_updates]
        assert moments == sorted(moments)
        assert shipment.tracking_updates[0].status == "created"
        assert (shipment.tracking_updates[-1].status, moments[-1]) == (shipment.status, shipment.updated_at)
        if MIDNIGHT - shipment.created_at > timedelta(days=40):
            assert shipment.status in COMPLETED


def test_samples_are_bought_at_rates_of_the_engine(samples: list[Shipment]) -> None:
    providers = Counter(shipment.provider for shipment in samples)
    assert {"ups", "fedex", "usps"} <= set(providers)
    for shipment in samples[:20]:
        request = QuoteRequest.model_validate(
            shipment.model_dump(include={"sender", "recipient", "parcels", "options"})
        )
        anew = quoted_shipment(request, TeamSettings(), shipment.rates_generated_at)
        prices = [(rate.service_level.id, rate.amount) for rate in anew.rates]
        assert [(rate.service_level.id, rate.amount) for rate in shipment.rates] == prices
        if shipment.purchased_rate:
            assert shipment.purchased_rate in shipment.rates
            assert shipment.amount == shipment.purchased_rate.amount
            assert shipment.test_label
