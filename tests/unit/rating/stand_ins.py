"""Providers that stand in for real ones: priced at will, slow, failing."""

import time
from dataclasses import replace

import numpy as np

from lib.models.rates import Provider
from lib.rating.lots import OWN_BOX
from lib.rating.pricing import Answer, Base, Billing, ListInfo, PriceRow, UpCharge, add_up
from lib.rating.services import Service
from lib.rating.tariffs import PriceGrid


class StandIn:
    """One ground service at one price a parcel, after a while or never."""

    connected = False

    def __init__(self, code, cents=1000, *, blocking=True, seconds=0.0, error=None, upcharge=0, **marks):
        self.code, self.cents, self.blocking = code, cents, blocking
        self.seconds, self.error, self.upcharge, self.marks = seconds, error, upcharge, marks

    def describe(self, _team):
        return Provider(id=self.code, name=f"The {self.code}")

    def price(self, lot):
        time.sleep(self.seconds)
        if self.error is not None:
            raise self.error
        base = Base.empty(lot)
        grid = PriceGrid("any", "any", np.array([np.inf]), (0,), np.array([[self.cents]], np.int32))
        cents = np.full(len(lot.owner), self.cents)
        base.put(cents, PriceRow("any parcel", flat=True, grid=grid, weight=lot.weight), lot.package == OWN_BOX)
        prices = add_up(
            lot,
            service=Service(self.code, "any", "ground", "Any"),
            price_list=ListInfo("A list", lot.on, None, in_period=True),
            zones=None,
            base=base,
            billing=Billing(lot.weight, np.zeros_like(lot.weight), lot.weight, None, lot.sides),
        )
        upcharge = UpCharge(np.full(len(lot.starts), self.upcharge), "As the stand-in likes") if self.upcharge else None
        return Answer((replace(prices, upcharge=upcharge, **self.marks),))
