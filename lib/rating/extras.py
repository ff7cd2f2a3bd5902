"""What a request asks for beyond carriage: cover, a signature, a pickup on demand, a tip. Each is a line of its own.

All of it is told and charged per rate of a single quote; amounts in cents. None of it bears fuel.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from math import ceil

from lib.models.options import SAME_DAY_LEVELS, ShipmentOptions
from lib.models.rates import PriceLine, Provider
from lib.models.team import TeamSettings
from lib.rating.price_lists import plain_date
from lib.rating.rules import Amount, DeclaredValue, ParcelCarrier, UspsRules, doordash_rules, parcel_rules, usps_rules
from lib.rating.sizes import is_estimate

_HUNDRED = 100_00
_TIPPED = frozenset({"doordash", "self"})
_COMES_ANYWAY = frozenset({"doordash", "self"})
_PARCEL_CARRIERS: dict[str, ParcelCarrier] = {"ups": "ups", "fedex": "fedex"}
_SIGNATURES = {"direct": "Direct signature", "indirect": "Indirect signature", "adult": "Adult signature"}


@dataclass(slots=True)
class Extras:
    """Lines that are added to a price, and what has to be said where there is no figure."""

    lines: list[PriceLine] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def cents(self) -> int:
        """What the lines add up to."""
        return sum(line.amount for line in self.lines) if self.lines else 0


_NO_TIP = Extras()


def unavailable(provider: str, options: ShipmentOptions) -> str | None:
    """Why a provider cannot do what the options ask for, None when it can."""
    if provider != "usps":
        return None
    most = usps_rules().insurance_max_cents
    if options.declared_value > most:
        return f"USPS insures up to {dollars(most)}, less than the declared value of {dollars(options.declared_value)}"
    if options.signature == "indirect":
        return "USPS has no indirect signature"
    return None


def extras_for(provider: Provider, options: ShipmentOptions, team: TeamSettings, parcels: int) -> Extras:
    """What the options add to every rate of a provider, for that many parcels."""
    found = Extras()
    if options.declared_value:
        _declare(found, provider, options.declared_value, parcels)
    if options.signature != "none":
        _sign(found, provider, options, team, parcels)
    if options.request_provider_pickup:
        _pick_up(found, provider, team)
    return found


def tip_for(provider: Provider, level: str, options: ShipmentOptions) -> Extras:
    """The tip of a same-day rate."""
    cents = options.same_day_tip_amount
    if not cents or provider.id not in _TIPPED or level not in SAME_DAY_LEVELS:
        return _NO_TIP
    line = PriceLine(code="tip", label="Tip", amount=cents, rule="As given in same_day_tip_amount, for the courier")
    off = doordash_rules().tip_passthrough_discount_cents
    note = f"DoorDash takes {dollars(off)} off for accounts that pass tips on; it is not taken off here."
    return Extras([line], [note] if provider.id == "doordash" else [])


def dollars(cents: int) -> str:
    """An amount as people read it in a sentence."""
    return f"{cents / 100:,.2f} USD"


def _declare(found: Extras, provider: Provider, value: int, parcels: int) -> None:
    carrier = _PARCEL_CARRIERS.get(provider.id)
    if carrier is not None:
        terms = parcel_rules(carrier).declared_value
        if value <= terms.free_to_cents:
            found.notes.append(f"{provider.name} covers up to {dollars(terms.free_to_cents)} a parcel without a fee.")
            return
        fee, rule, estimate = declared_value_fee(terms, value), _declared_rule(terms, value), is_estimate(terms.status)
    elif provider.id == "usps":
        rules = usps_rules()
        fee, estimate = insurance_fee(rules, value), False
        rule = f"Insurance for {dollars(value)}, by the steps of the USPS list"
        found.notes.append("Cover that USPS includes with a service by itself is not taken off the insurance.")
    else:
        found.notes.append(f"{provider.name} publishes no fee for a declared value, so none is included.")
        return
    found.lines += _per_parcel("declared_value", "Declared value", fee, rule, parcels, estimate=estimate)


def declared_value_fee(terms: DeclaredValue, value: int) -> int:
    """The fee of UPS or FedEx in cents for a value above what is free: by hundreds begun, with a least fee."""
    return max(terms.flat_cents, ceil(value / _HUNDRED) * terms.per_100_cents)


def insurance_fee(rules: UspsRules, value: int) -> int:
    """The fee of USPS in cents: by steps, and by hundreds begun above the last one."""
    for upper, fee in rules.insurance_steps:
        if value <= upper:
            return fee
    last, fee = rules.insurance_steps[-1]
    return fee + ceil((value - last) / _HUNDRED) * rules.insurance_per_100_cents


def _declared_rule(terms: DeclaredValue, value: int) -> str:
    return (
        f"{dollars(value)}: {terms.per_100_cents / 100:.2f} for every 100 begun, at least "
        f"{terms.flat_cents / 100:.2f}, since {plain_date(terms.effective)}"
    )


def _sign(found: Extras, provider: Provider, options: ShipmentOptions, team: TeamSettings, parcels: int) -> None:
    label = _SIGNATURES[options.signature]
    amount = _signature_amount(provider.id, options.signature, team)
    if amount is None:
        found.notes.append(f"{provider.name} publishes no fee for a signature here, so none is included.")
        return
    rule = f"{label}, per parcel, since {plain_date(amount.effective)}"
    found.lines += _per_parcel("signature", label, amount.cents, rule, parcels, estimate=is_estimate(amount.status))


def _signature_amount(provider: str, signature: str, team: TeamSettings) -> Amount | None:
    carrier = _PARCEL_CARRIERS.get(provider)
    if carrier is not None:
        return parcel_rules(carrier).signature.get(signature)
    if provider != "usps":
        return None
    where = "retail" if team.usps_price_list == "retail" else "electronic"
    return usps_rules().extras["adult_signature" if signature == "adult" else f"signature_confirmation_{where}"]


def _per_parcel(code: str, label: str, cents: int, rule: str, parcels: int, *, estimate: bool) -> Iterable[PriceLine]:
    for parcel in range(parcels):
        yield PriceLine(
            code=code, label=label, amount=cents, rule=rule, estimate=estimate, parcel=parcel if parcels > 1 else None
        )


def _pick_up(found: Extras, provider: Provider, team: TeamSettings) -> None:
    cents = next((cents for code, cents in team.pickup_premium.items() if code == provider.id), None)
    if cents is not None:
        rule = f"For coming on demand; your own figure for {provider.name}, from the settings"
        if cents:
            found.lines.append(PriceLine(code="provider_pickup", label="On-demand pickup", amount=cents, rule=rule))
        else:
            found.notes.append(f"{provider.name} comes on demand without a premium, by your own settings.")
    elif provider.id in _COMES_ANYWAY:
        found.notes.append(f"{provider.name} comes to the sender anyway: there is no premium for a pickup.")
    else:
        found.notes.append(
            f"The premium of {provider.name} for an on-demand pickup is not known here and not included; the settings "
            "take your own figure."
        )
