"""Badges and the recommended rate."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from lib.models.base import utc_now
from lib.models.rates import Provider, Rate, ServiceLevel
from lib.rating.selection import BEST_VALUE_RULE, badges, recommended

START = datetime(2026, 8, 3, tzinfo=UTC)


def _rate(service: str, cents: int, days: int | None) -> Rate:
    return Rate(
        id=f"rate_{service}",
        created_at=utc_now(),
        amount=cents,
        billed_amount=cents,
        provider=Provider(id="p", name="P"),
        service_level=ServiceLevel(
            id=service,
            code="ground",
            name=service,
            terms="",
            days=days,
            min_days=days,
            estimated_delivery=None if days is None else START + timedelta(days=days),
        ),
    )


def test_each_badge_goes_to_its_rate():
    rates = [_rate("slow", 900, 5), _rate("fine", 1500, 3), _rate("quick", 4000, 1), _rate("dear", 1600, 3)]
    assert badges(rates) == {"rate_slow": ["cheapest"], "rate_quick": ["fastest"], "rate_fine": ["best_value"]}


def test_one_rate_may_have_all_badges():
    assert badges([_rate("only", 900, 2)]) == {"rate_only": ["cheapest", "fastest", "best_value"]}


def test_the_recommended_rate_has_the_lowest_billed_amount():
    rates = [_rate("dear", 2000, 1), _rate("cheap", 480, 8), _rate("middle", 900, 3)]
    assert recommended(rates) == rates[1]
    assert recommended([]) is None


def test_without_delivery_days_only_the_price_counts():
    assert badges([_rate("a", 900, None), _rate("b", 800, None)]) == {"rate_b": ["cheapest"]}
    assert badges([]) == {}
    assert recommended([]) is None


def test_the_rule_says_the_margin():
    assert "two business days more than the fastest" in BEST_VALUE_RULE


def test_rates_of_one_service_are_told_apart_by_who_carries_them():
    pair = [
        _rate("same", 900, 1).model_copy(update={"id": f"rate_{name}", "provider": Provider(id="p", name=name)})
        for name in ("Zed", "Abe")
    ]
    for rates in (pair, pair[::-1]):
        assert badges(rates) == {"rate_Abe": ["cheapest", "fastest", "best_value"]}
    dear = pair[1].model_copy(update={"amount": 901})
    assert recommended([dear, pair[0]]) == pair[0]


@given(
    st.lists(st.tuples(st.integers(1, 3), st.none() | st.integers(1, 4)), min_size=1, max_size=6).flatmap(
        lambda offers: st.tuples(st.just(offers), st.permutations(range(len(offers))))
    )
)
def test_ties_are_broken_the_same_way_in_any_order(drawn):
    offers, order = drawn
    rates = [_rate(f"service_{number}", cents * 100, days) for number, (cents, days) in enumerate(offers)]
    shuffled = [rates[index] for index in order]
    assert badges(rates) == badges(shuffled)
    assert recommended(rates) == recommended(shuffled)
