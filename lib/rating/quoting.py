"""A quote: every provider's rates for one shipment, why each costs what it does, and what became of the rest."""

import logging
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from lib.models.base import utc_now
from lib.models.options import PROVIDERS
from lib.models.rates import Provider, ProviderOutcome, Rate
from lib.rating import warming
from lib.rating.abroad import price_abroad
from lib.rating.asking import Failure, ask
from lib.rating.cards.pricing import with_cards
from lib.rating.counter import counter_rates, missing_notes
from lib.rating.delivery import Departure, ship_day
from lib.rating.extras import unavailable
from lib.rating.filtering import DEFAULT_RATE_TYPES, fallback, fallback_note, removed_by
from lib.rating.offers import Offers
from lib.rating.parcels import RatingParcel, resolve_parcels
from lib.rating.pricing import Answer
from lib.rating.providers import REGISTRY
from lib.rating.requests import RatingRequest, lot_of, zones_at
from lib.rating.selection import cheapest_first, recommended

__all__ = ["Quote", "RatingParcel", "RatingRequest", "quote", "resolve_parcels", "warm"]

warm = warming.warm

_LOG = logging.getLogger(__name__)
# Who is asked only because the others had nothing gets this long at least: the shortest timeout there is.
_LEAST_S = 0.5
_NOT_ASKED = "Not asked: left out by providers"


@dataclass(frozen=True, slots=True)
class Quote:
    """The rates, cheapest first, and per provider what came of it. `notes` are about the whole."""

    rates: list[Rate]
    outcomes: list[ProviderOutcome]
    notes: list[str]
    recommended: Rate | None


@dataclass(slots=True)
class _Asked:
    """What one provider said, before and after the options."""

    provider: Provider
    rates: list[Rate] = field(default_factory=list)
    kept: list[Rate] = field(default_factory=list)
    removed_by: list[str] = field(default_factory=list)
    problem: ProviderOutcome | None = None

    def fail(self, status: str, reason: str) -> None:
        """Note why there is no answer."""
        self.problem = ProviderOutcome.model_validate(
            {"provider": self.provider.id, "name": self.provider.name, "status": status, "reason": reason}
        )

    def outcome(self, shown: set[str]) -> ProviderOutcome:
        """What is said about the provider when the rates of these ids are shown."""
        count = sum(rate.id in shown for rate in self.rates)
        if self.problem is not None and not self.rates:
            return self.problem
        reasons = [self.problem.reason] if self.problem is not None and self.problem.reason else []
        if self.removed_by:
            reasons.append(f"{len(self.removed_by)} taken out by {' and '.join(dict.fromkeys(self.removed_by))}")
        return ProviderOutcome(
            provider=self.provider.id,
            name=self.provider.name,
            status="rates" if count else "filtered",
            rates=count,
            reason="; ".join(reasons) if reasons and count < len(self.rates) else None,
        )


def quote(request: RatingRequest) -> Quote:
    """Ask every provider, side by side, and put their rates together.

    A provider that fails or comes later than `provider_timeout` leaves the others' rates standing. Raises
    InvalidRequest for a ZIP, weight or side that is none.
    """
    options = request.options
    deadline = time.monotonic() + options.provider_timeout / 1000
    desk = _Desk(request)
    named = options.providers or PROVIDERS
    others = [code for code in PROVIDERS if code not in named]
    asked = desk.ask(named, deadline)
    rates = [rate for each in asked for rate in each.kept]
    notes = missing_notes(options.rate_types or DEFAULT_RATE_TYPES, request.team)
    filters = list(dict.fromkeys(name for each in asked for name in each.removed_by))
    if options.providers is not None:
        filters.insert(0, "providers")
    if not rates and filters and options.return_other_rates:
        asked += desk.ask(others, max(deadline, time.monotonic() + _LEAST_S))
        rates = fallback([rate for each in asked for rate in each.rates])
        if rates:
            chosen = [name for name in filters if name != "rate_types" or options.rate_types is not None]
            notes.append(fallback_note(chosen or filters))
    else:
        asked += desk.left_out(others)
    rates.sort(key=cheapest_first)
    shown = {rate.id for rate in rates}
    return Quote(rates, [each.outcome(shown) for each in asked], notes, recommended(rates))


class _Desk:
    """One request being answered."""

    def __init__(self, request: RatingRequest) -> None:
        self.request = request
        origin, self.destination = zones_at(request)
        leaves_at = (request.ship_at + timedelta(minutes=request.options.lead_time_mins)).astimezone(origin)
        self.today = request.ship_at.astimezone(self.destination).date()
        self.offers = Offers(
            request=request,
            lot=lot_of(request, leaves_at),
            departure=Departure(
                leaves_at=leaves_at,
                ship_day=ship_day(leaves_at, origin, request.team.cutoff_hour),
                destination=self.destination,
            ),
            created_at=utc_now(),
        )

    def left_out(self, codes: Sequence[str]) -> list[_Asked]:
        """Providers that the request does not name."""
        found = [_Asked(REGISTRY[code].describe(self.request.team)) for code in codes]
        for each in found:
            each.fail("filtered", _NOT_ASKED)
        return found

    def ask(self, codes: Sequence[str], deadline: float) -> list[_Asked]:
        """Ask providers; the failure of one is an outcome, not an error."""
        found = {code: _Asked(REGISTRY[code].describe(self.request.team)) for code in codes}
        for code, each in found.items():
            reason = unavailable(code, self.request.options)
            if reason is not None:
                each.fail("not_served", reason)
        open_to_it = [code for code, each in found.items() if each.problem is None]
        for code, answer in self._answers(open_to_it, deadline).items():
            self._take(code, found[code], answer)
        if "self" in found:
            found["self"].rates += self._counter(found["self"].provider)
        for each in found.values():
            self._filter(each)
        return list(found.values())

    def _answers(self, codes: Sequence[str], deadline: float) -> Mapping[str, Answer | Failure]:
        request, lot = self.request, self.offers.lot
        if not request.is_abroad:
            return ask(REGISTRY, lot, codes, deadline)
        ends = request.origin_country, request.destination_country
        return {code: with_cards(lot, price_abroad(code, lot, *ends)) for code in codes}

    def _take(self, code: str, asked: _Asked, answer: Answer | Failure) -> None:
        if isinstance(answer, Failure):
            asked.fail(answer.status, answer.reason)
            return
        try:
            asked.rates = self.offers.rates(asked.provider, answer, connected=REGISTRY[code].connected)
        except Exception:  # noqa: BLE001 - whatever an answer fails with, the others' rates stand
            _LOG.exception("The answer of provider %s could not be read", code)
            asked.fail("error", "The prices could not be worked out")
            return
        if not asked.rates:
            reasons = answer.reasons(0) or ["No published price for this shipment"]
            asked.fail("not_served", reasons[0])

    def _counter(self, provider: Provider) -> list[Rate]:
        request = self.request
        return counter_rates(
            request.team,
            request.options,
            request.parcels,
            provider=provider,
            leaves_at=self.offers.departure.leaves_at,
            created_at=self.offers.created_at,
        )

    def _filter(self, asked: _Asked) -> None:
        for rate in asked.rates:
            option = removed_by(rate, self.request.options, today=self.today, destination=self.destination)
            if option is None:
                asked.kept.append(rate)
            else:
                asked.removed_by.append(option)
