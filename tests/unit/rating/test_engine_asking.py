"""Providers asked side by side: late and failing ones leave the others' rates standing."""

import time

import pytest

from lib.models.options import PROVIDERS, ShipmentOptions
from lib.rating.providers import REGISTRY
from lib.rating.quoting import quote
from tests.unit.rating.engine_cases import prices, request
from tests.unit.rating.stand_ins import StandIn


@pytest.fixture
def register(monkeypatch):
    """Puts stand-ins in the place of providers."""

    def put(*stand_ins):
        for each in stand_ins:
            monkeypatch.setitem(REGISTRY, each.code, each)

    return put


def _outcomes(found):
    return {each.provider: (each.status, each.rates, each.reason) for each in found.outcomes}


def test_a_slow_provider_is_left_behind_at_the_deadline(register):
    register(StandIn("marketplace", seconds=1.5))
    started = time.monotonic()
    found = quote(request(options=ShipmentOptions(provider_timeout=500)))
    taken = time.monotonic() - started
    assert 0.5 <= taken < 1.4
    assert _outcomes(found)["marketplace"] == ("timed_out", 0, "Did not answer in time")
    assert {rate.provider.id for rate in found.rates} == {"usps", "ups", "fedex"}
    assert len(found.rates) == 17


def test_a_provider_that_answers_in_time_is_waited_for(register):
    register(StandIn("marketplace", 777, seconds=0.3))
    found = quote(request(options=ShipmentOptions(provider_timeout=5_000)))
    assert _outcomes(found)["marketplace"] == ("rates", 1, None)
    assert found.recommended.amount == 777


def test_slow_providers_are_waited_for_side_by_side(register):
    register(*(StandIn(code, seconds=0.4) for code in PROVIDERS))
    started = time.monotonic()
    found = quote(request())
    assert time.monotonic() - started < 1.2  # one after the other it would be 2.8
    assert len(found.rates) == len(PROVIDERS)


@pytest.mark.parametrize("blocking", [True, False])
def test_a_failing_provider_is_an_outcome(register, caplog, blocking):
    register(StandIn("ups", blocking=blocking, error=TimeoutError("the line is dead")))
    found = quote(request())
    assert _outcomes(found)["ups"] == ("error", 0, "The prices could not be worked out")
    assert {rate.provider.id for rate in found.rates} == {"usps", "fedex"}
    assert "the line is dead" in caplog.text


def test_an_answer_that_cannot_be_read_is_an_outcome(register, caplog):
    register(StandIn("ups", carried_by="nobody"))
    found = quote(request())
    assert _outcomes(found)["ups"][0] == "error"
    assert "could not be read" in caplog.text
    assert len(found.rates) == 10


def test_providers_that_only_reckon_keep_the_deadline_too(register):
    register(StandIn("self", blocking=False, seconds=0.6), StandIn("marketplace", blocking=True))
    found = _outcomes(quote(request(options=ShipmentOptions(provider_timeout=500))))
    # The one that took so long was asked first, and there was no time left for those after it.
    assert found["self"][0] == "rates"
    assert {found[code][0] for code in ("ups", "usps", "fedex", "doordash")} == {"timed_out"}
    assert found["marketplace"][0] == "rates"


def test_when_the_one_provider_named_is_late_the_others_still_answer(register):
    register(StandIn("marketplace", seconds=1.5))
    found = quote(request(options=ShipmentOptions(providers=["marketplace"], provider_timeout=500)))
    assert _outcomes(found)["marketplace"][0] == "timed_out"
    assert len(found.rates) == 17
    assert found.notes == ["No rate meets providers, so all rates are shown."]


def test_each_provider_is_asked_once_however_often_it_is_named(register):
    register(StandIn("marketplace", 777))
    named = ShipmentOptions(providers=["marketplace", "usps", "marketplace"])
    assert named.providers == ["marketplace", "usps"]
    assert [each.provider for each in quote(request(options=named)).outcomes][:2] == ["marketplace", "usps"]


def test_the_marks_of_a_price_reach_its_rate(register):
    stand_in = StandIn("marketplace", 777, offline_delivery=True)
    register(stand_in)
    (rate,) = [rate for rate in quote(request()).rates if rate.provider.id == "marketplace"]
    assert (rate.offline_delivery, rate.test_label, rate.amount) == (True, True, 777)
    options = ShipmentOptions(max_delivery_days=0)
    assert "marketplace_any" not in prices(request(options=options))
