"""Filters of lists and exports: every operator and spelling of dates, statuses and their groups, names that are wrong.

Expected instants are written out in UTC by hand.
"""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from lib.models.errors import InvalidRequest
from lib.models.statuses import COMPLETED, STATUSES
from lib.store.dates import compile_date, parse_span
from lib.store.filters import compile_filters, compile_order
from lib.store.tables import metadata, shipments

NEW_YORK = ZoneInfo("America/New_York")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


# The rows: id and created_at. January 2 and 3 in New York begin at 05:00 UTC.
MOMENTS = {
    "before": at("2024-01-02T04:59:59.999Z"),
    "first": at("2024-01-02T05:00:00.000Z"),
    "noon": at("2024-01-02T17:00:00.000Z"),
    "last": at("2024-01-03T04:59:59.999Z"),
    "after": at("2024-01-03T05:00:00.000Z"),
}


@pytest.fixture(scope="module")
def rows():
    engine = sa.create_engine("sqlite://")
    metadata.create_all(engine)
    kinds = [("delivered", "ups"), ("created", "fedex"), ("delayed", None), ("rates_generated", "self"),
             ("package_lost", "usps")]  # fmt: skip
    with engine.begin() as connection:
        for (name, moment), (status, provider) in zip(MOMENTS.items(), kinds, strict=True):
            connection.execute(sa.insert(shipments).values(
                id=name, created_at=moment, updated_at=moment, status=status, provider=provider, type="outbound",
                tracking_number=f"T-{name}", order_number="a, b", sample=False, document="{}"))  # fmt: skip
    return engine


def found(rows, timezone="America/New_York", **filters) -> list[str]:
    query = sa.select(shipments.c.id).where(*compile_filters(shipments, filters, timezone))
    with rows.connect() as connection:
        return list(connection.scalars(query.order_by(shipments.c.created_at)))


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("equals:2024-01-02", ["first", "noon", "last"]),
        ("not_equals:2024-01-02", ["before", "after"]),
        ("gt:2024-01-02", ["after"]),
        ("gte:2024-01-02", ["first", "noon", "last", "after"]),
        ("lt:2024-01-02", ["before"]),
        ("lte:2024-01-02", ["before", "first", "noon", "last"]),
        ("bwi:2024-01-01,2024-01-02", ["before", "first", "noon", "last"]),
        ("bwe:2024-01-01,2024-01-03", ["first", "noon", "last"]),
        ("in:2024-01-01,2024-01-03", ["before", "after"]),
        ("not_in:2024-01-01,2024-01-03", ["first", "noon", "last"]),
        ("equals:2024-01-02T12:00:00", ["noon"]),
        ("equals:2024-01-02T17:00:00Z", ["noon"]),
        ("equals:2024-01-02T22:30:00+05:30", ["noon"]),
        ("equals:2024-01-02 12:00", ["noon"]),
        ("equals:1704214800", ["noon"]),
        ("equals:1704214800000", ["noon"]),
        ("gt:1704214800000", ["last", "after"]),
        ("lt:1704214800", ["before", "first"]),
        ("bwi:1704171600000,1704257999999", ["first", "noon", "last"]),
        ("bwe:1704171600000,1704257999999", ["noon"]),
        ("in:1704171600, 1704214800", ["first", "noon"]),
    ],
)
def test_dates_every_operator_and_spelling(rows, value, expected):
    assert found(rows, created_at=value) == expected
    assert found(rows, updated_at=value) == expected


def test_bare_dates_are_days_of_the_timezone(rows):
    assert found(rows, "UTC", created_at="equals:2024-01-02") == ["before", "first", "noon"]
    assert found(rows, "Asia/Tokyo", created_at="equals:2024-01-03") == ["noon", "last", "after"]


@pytest.mark.parametrize(
    ("text", "zone", "first", "after"),
    [
        # United States, spring: 2:00 to 3:00 is skipped, so 2:30 moves on to 3:30 EDT. The day has 23 hours.
        ("2024-03-10T02:30:00", "America/New_York", "2024-03-10T07:30:00Z", "2024-03-10T07:30:00.001Z"),
        ("2024-03-10", "America/New_York", "2024-03-10T05:00:00Z", "2024-03-11T04:00:00Z"),
        # Autumn: 1:30 happens twice, the first is EDT. The day has 25 hours.
        ("2024-11-03T01:30:00", "America/New_York", "2024-11-03T05:30:00Z", "2024-11-03T05:30:00.001Z"),
        ("2024-11-03", "America/New_York", "2024-11-03T04:00:00Z", "2024-11-04T05:00:00Z"),
        # Europe changes at 1:00 UTC.
        ("2024-03-31T02:30:00", "Europe/Berlin", "2024-03-31T01:30:00Z", "2024-03-31T01:30:00.001Z"),
        ("2024-10-27T02:30:00", "Europe/Berlin", "2024-10-27T00:30:00Z", "2024-10-27T00:30:00.001Z"),
        # Midnight itself is skipped: the day begins at 1:00.
        ("2018-11-04", "America/Sao_Paulo", "2018-11-04T03:00:00Z", "2018-11-05T02:00:00Z"),
        # Midnight happens twice in Havana: the earlier one begins the day.
        ("2024-11-03", "America/Havana", "2024-11-03T04:00:00Z", "2024-11-04T05:00:00Z"),
        # Samoa skipped a whole day.
        ("2011-12-30", "Pacific/Apia", "2011-12-30T10:00:00Z", "2011-12-30T10:00:00Z"),
        # Toronto went from 23:30 to 0:30 the next day: the day began there, half an hour after its midnight.
        ("1919-03-31", "America/Toronto", "1919-03-31T04:30:00Z", "1919-04-01T04:00:00Z"),
    ],
)
def test_spans_across_clock_changes(text, zone, first, after):
    span = parse_span(text, ZoneInfo(zone))
    assert (span.first, span.after) == (at(first), at(after))


@given(st.integers(0, 1_900_000_000_000), st.sampled_from(
    ["America/New_York", "Europe/London", "America/Sao_Paulo", "Pacific/Apia", "Pacific/Chatham", "UTC"]))  # fmt: skip
def test_every_instant_is_in_exactly_the_day_it_shows(milliseconds, name):
    zone = ZoneInfo(name)
    moment = datetime.fromtimestamp(milliseconds / 1000, UTC)
    day = moment.astimezone(zone).date()
    span = parse_span(day.isoformat(), zone)
    assert span.first <= moment < span.after
    assert parse_span((day + timedelta(days=1)).isoformat(), zone).first == span.after


def test_epoch_seconds_and_milliseconds_are_the_same():
    seconds = parse_span("1732993200", NEW_YORK)
    assert seconds == parse_span("1732993200000", NEW_YORK)
    assert seconds.first == at("2024-11-30T19:00:00Z")


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("2024-01-01", "does not begin with a date operator"),
        ("after:2024-01-01", "does not begin with a date operator"),
        ("gte:", "“” is not a date"),
        ("gte:2024-02-30", "“2024-02-30” is not a date"),
        ("gte:01/02/2024", "“01/02/2024” is not a date"),
        ("gte:99999999999999999999", "is not a date"),
        ("gte:2024-01-01,2024-01-02", "gte takes one date"),
        ("bwi:2024-01-01", "bwi takes exactly two dates"),
        ("bwe:2024-01-01,2024-01-02,2024-01-03", "bwe takes exactly two dates"),
        ("bwi:2024-01-02,2024-01-01", "the first date of bwi has to be before the second"),
        ("bwi:2024-01-02,2024-01-02", "for one day write equals:"),
    ],
)
def test_wrong_dates_name_the_filter_and_what_would_be_right(value, said):
    with pytest.raises(InvalidRequest) as caught:
        compile_filters(shipments, {"created_at": value}, "UTC", prefix="options.")
    assert caught.value.fields == ["options.created_at"]
    assert said in caught.value.message
    assert caught.value.message.startswith("options.created_at: ")


def test_statuses_and_their_groups(rows):
    assert found(rows, statuses="delivered,created") == ["before", "first"]
    assert found(rows, status="delivered") == ["before"]
    assert found(rows, statuses="completed") == ["before", "after"]
    assert found(rows, statuses="exception,created") == ["first", "noon", "after"]
    assert found(rows, statuses="pickup_available,delivered,completed") == ["before", "after"]
    assert found(rows, filter="outstanding") == ["first", "noon", "last"]
    assert found(rows, filter="completed") == found(rows, statuses=",".join(COMPLETED))
    assert found(rows, statuses=",".join(STATUSES)) == list(MOMENTS)


def test_other_filters(rows):
    assert found(rows, provider="fedex,ups,usps") == ["before", "first", "after"]
    assert found(rows, provider=["self"]) == ["last"]
    assert found(rows, type="outbound") == list(MOMENTS)
    assert found(rows, type="inbound") == []
    assert found(rows, tracking_number="T-noon", order_number="a, b") == ["noon"]
    assert found(rows, location_id="loc_1") == []


@pytest.mark.parametrize("unset", [None, False, "", []])
def test_a_filter_without_value_is_not_set(rows, unset):
    assert found(rows, provider=unset, created_at=unset, filter=unset) == list(MOMENTS)


@pytest.mark.parametrize(
    ("filters", "field", "said"),
    [
        ({"provder": "ups"}, "options.provder", "did you mean “provider”"),
        ({"zzz": "1"}, "options.zzz", "known are provider, status, statuses"),
        ({"provider": "fedx"}, "options.provider", "did you mean “fedex”"),
        ({"statuses": "delivered,deliverd"}, "options.statuses", "“deliverd” is not known; did you mean “delivered”"),
        ({"filter": "open"}, "options.filter", "known are completed, exception, outstanding"),
        ({"type": "sideways"}, "options.type", "known are outbound, inbound"),
        ({"provider": 7}, "options.provider", "a text was expected"),
        ({"created_at": {"gte": "2024"}}, "options.created_at", "a text was expected"),
    ],
)
def test_wrong_filters_say_what_would_be_right(filters, field, said):
    with pytest.raises(InvalidRequest) as caught:
        compile_filters(shipments, filters, prefix="options.")
    assert caught.value.fields == [field]
    assert said in caught.value.message


def test_list_errors_are_named_without_prefix():
    with pytest.raises(InvalidRequest) as caught:
        compile_filters(shipments, {"created_at": "gte:soon"})
    assert caught.value.fields == ["created_at"]


def test_unknown_timezone():
    with pytest.raises(InvalidRequest, match="did you mean “America/New_York”"):
        compile_filters(shipments, {}, "America/NewYork")


def test_order_is_decided_by_id_and_the_same_on_both_databases(engine):
    moment = at("2024-01-02T05:00:00Z")
    with engine.begin() as connection:
        for name, provider in (("b", "ups"), ("c", None), ("a", "ups"), ("d", "fedex")):
            connection.execute(sa.insert(shipments).values(
                id=name, created_at=moment, updated_at=moment, status="created", provider=provider, type="outbound",
                sample=False, document="{}"))  # fmt: skip

    def ordered(*args: str) -> str:
        with engine.connect() as connection:
            query = sa.select(shipments.c.id).order_by(*compile_order(shipments, *args))
            return "".join(connection.scalars(query))

    assert ordered("created_at", "desc") == "dcba"
    assert ordered("updated_at", "asc") == "abcd"
    assert ordered("provider", "asc") == "cdab"
    assert ordered("provider", "desc") == "badc"


@pytest.mark.parametrize(
    ("order_by", "direction", "field"),
    [("creatd_at", "asc", "options.order_by"), ("document", "asc", "options.order_by"),
     ("created_at", "down", "options.direction")],
)  # fmt: skip
def test_wrong_order(order_by, direction, field):
    with pytest.raises(InvalidRequest) as caught:
        compile_order(shipments, order_by, direction, prefix="options.")
    assert caught.value.fields == [field]


def test_compiled_dates_are_compared_as_stored_numbers():
    compiled = compile_date(shipments.c.created_at, "gte:2024-11-30T19:00:00Z", NEW_YORK)
    text = str(compiled.compile(compile_kwargs={"literal_binds": False}))
    assert text == "shipments.created_at >= :created_at_1"
