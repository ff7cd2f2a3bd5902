"""Zone charts: pairs read off the carriers' charts, symmetry, places without zones, distance."""

import numpy as np
import pytest

from lib.rating.zones import (
    ALASKA,
    HAWAII,
    MILITARY,
    TERRITORIES,
    ChartName,
    centroids,
    chart_names,
    distance_zone,
    zone_chart,
)

# Read off the charts: origin, destination, then USPS, UPS, FedEx Ground, FedEx Express; 0 = no zone.
PAIRS = {
    (100, 100): (1, 2, 2, 2),  # New York
    (606, 750): (5, 5, 5, 5),  # Chicago to Dallas
    (941, 981): (5, 5, 5, 5),  # San Francisco to Seattle
    (303, 331): (4, 4, 4, 4),  # Atlanta to Miami
    (787, 770): (2, 3, 2, 2),  # Austin to Houston: UPS differs
    (850, 100): (8, 8, 8, 8),  # Phoenix to New York
    (100, 995): (8, 44, 17, 11),  # to Anchorage
    (100, 967): (8, 45, 9, 12),  # to Hawaii
    (967, 100): (8, 0, 96, 14),  # from Hawaii
    (995, 100): (8, 0, 25, 15),  # from Alaska
    (995, 996): (1, 0, 22, 15),  # inside Alaska
    (995, 967): (8, 0, 9, 12),  # Alaska to Hawaii
    (100, 6): (7, 45, 0, 0),  # Puerto Rico
    (100, 8): (7, 0, 0, 0),  # Virgin Islands
    (100, 969): (9, 45, 0, 0),  # Guam
    (100, 340): (6, 0, 0, 0),  # military, Americas
    (981, 962): (5, 0, 0, 0),  # military, Pacific
}
BEYOND = sorted(ALASKA | HAWAII | TERRITORIES | MILITARY)
EVERY_PAIR = np.arange(1000)[:, None], np.arange(1000)[None, :]


def lookup(name: ChartName, origin: int, destination: int) -> tuple[int, bool]:
    zones, charted = zone_chart(name).lookup(np.array([origin]), np.array([destination]))
    return int(zones[0]), bool(charted[0])


@pytest.mark.parametrize("name", chart_names())
def test_pairs_read_off_the_chart(name: ChartName) -> None:
    column = chart_names().index(name)
    got = {pair: lookup(name, *pair) for pair in PAIRS}
    assert got == {pair: (zones[column], zones[column] != 0) for pair, zones in PAIRS.items()}


@pytest.mark.parametrize(
    ("name", "cells", "total"),
    [
        ("usps", 866_761, 4_670_804),
        ("ups", 824_037, 4_717_199),
        ("fedex_ground", 819_916, 4_505_146),
        ("fedex_express", 868_946, 4_651_542),
    ],
)
def test_chart_keeps_every_cell(name: ChartName, cells: int, total: int) -> None:
    zones = zone_chart(name).zones
    assert zones.shape == (1000, 1000)
    assert (int((zones > 0).sum()), int(zones.sum(dtype=np.int64))) == (cells, total)


@pytest.mark.parametrize(("name", "widest"), [("usps", 0), ("ups", 2), ("fedex_ground", 0), ("fedex_express", 0)])
def test_zone_is_the_same_both_ways_on_the_mainland(name: ChartName, widest: int) -> None:
    inside = np.setdiff1d(np.arange(1000), BEYOND)
    zones = zone_chart(name).zones[np.ix_(inside, inside)].astype(np.int64)
    both = (zones > 0) & (zones.T > 0)
    assert both.sum() > 700_000
    assert int(np.abs(zones - zones.T)[both].max()) == widest
    assert set(np.unique(zones)) <= set(range(9))


def test_missing_origin_takes_the_way_back_and_then_distance() -> None:
    chart = zone_chart("fedex_express")
    assert not chart.zones[908].any()
    assert lookup("fedex_express", 908, 100) == (8, False)
    assert lookup("fedex_express", 100, 908) == (8, True)
    assert lookup("fedex_express", 908, 921) == (2, False)  # neither is an origin: 95 miles
    assert not zone_chart("ups").zones[876].any()
    assert lookup("ups", 876, 876) == (2, False)
    assert lookup("ups", 876, 995) == (0, False)


def test_unknown_prefix_has_no_zone() -> None:
    assert np.isnan(centroids()[888]).all()
    assert [lookup(name, 888, 888) for name in chart_names()] == [(0, False)] * 4
    assert lookup("usps", 0, 100) == (0, False)


@pytest.mark.parametrize(("name", "equal", "near"), [("usps", 0.966, 0.99999), ("ups", 0.91, 0.999)])
def test_distance_rule_comes_close_to_the_chart(name: ChartName, equal: float, near: float) -> None:
    chart, distance = zone_chart(name).zones.astype(np.int64), distance_zone(*EVERY_PAIR)
    both = (chart > 0) & (distance > 0)
    difference = np.abs(chart - np.maximum(distance, chart[both].min()))[both]
    assert (difference == 0).mean() > equal
    assert (difference <= 1).mean() > near


def test_fedex_ground_takes_far_pairs_from_express() -> None:
    ground = zone_chart("fedex_ground")
    assert ground.zones[100, 900] == 0
    assert lookup("fedex_ground", 100, 900) == (8, False)
    stand_in = ground.stand_in(*EVERY_PAIR)
    both = (ground.zones > 0) & (stand_in > 0)
    assert both.sum() > 800_000
    assert (ground.zones[both] == stand_in[both]).all()
    assert ground.stand_in_label == "FedEx Express zone of the pair"


@pytest.mark.parametrize("name", chart_names())
def test_no_zone_is_invented_beyond_the_mainland(name: ChartName) -> None:
    stand_in = zone_chart(name).stand_in(*EVERY_PAIR)
    assert not stand_in[BEYOND, :].any()
    assert not stand_in[:, BEYOND].any()


@pytest.mark.parametrize("name", ["ups", "fedex_ground", "fedex_express"])
def test_military_prefixes_have_no_parcel_carrier_zone(name: ChartName) -> None:
    military = np.array(sorted(MILITARY))
    everywhere = np.arange(1000)[:, None]
    assert not zone_chart(name).lookup(everywhere, military)[0].any()
    assert not zone_chart(name).lookup(military, everywhere)[0].any()


def test_lookup_broadcasts_and_refuses_numbers_that_are_no_prefix() -> None:
    zones, charted = zone_chart("usps").lookup(np.array([100, 900]), np.array([[100], [900], [1000], [-1]]))
    assert zones.tolist() == [[1, 8], [8, 1], [0, 0], [0, 0]]
    assert charted.tolist() == [[True, True], [True, True], [False, False], [False, False]]


def test_centroids_lie_in_the_country() -> None:
    points = centroids()
    inside = np.setdiff1d(np.flatnonzero(~np.isnan(points[:, 0])), BEYOND)
    assert len(inside) == 903
    assert ((points[inside] > [24, -125]) & (points[inside] < [50, -66])).all()
    assert np.allclose(points[100], [40.75, -73.98], atol=0.1)
