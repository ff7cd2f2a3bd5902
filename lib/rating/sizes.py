"""Measured and rounded sizes, dimensional weight, and the sizes that cost extra."""

from dataclasses import dataclass
from datetime import date

import numpy as np

from lib.rating.lots import Bools, Floats, up
from lib.rating.rules import DimRule, Limits, Status, Triggers

_HALF = 0.5


@dataclass(frozen=True, slots=True)
class Size:
    """Sides [P, 3] in inches, longest first, and what is made of them per parcel [P]."""

    sides: Floats
    longest: Floats
    second: Floats
    length_plus_girth: Floats
    volume: Floats


def size_of(sides: Floats) -> Size:
    """The size of boxes with these sides [P, 3], longest first, in inches and cubic inches."""
    longest, second, shortest = sides[:, 0], sides[:, 1], sides[:, 2]
    return Size(sides, longest, second, longest + 2 * (second + shortest), longest * second * shortest)


def rounded(sides: Floats, rule: DimRule) -> Size:
    """The size after the carrier's rounding of each side."""
    return size_of(up(sides) if rule.rounding == "up" else np.floor(sides + _HALF))


def dimensional_weight(size: Size, rule: DimRule) -> Floats:
    """[P] pounds, up to the next whole one; 0 for boxes not above the rule's threshold."""
    weight = up(size.volume / rule.divisor)
    return np.where(size.volume > rule.threshold_in3, weight, 0.0) if rule.threshold_in3 else weight


def over_weight(weight: Floats, triggers: Triggers, on: date) -> Bools:
    """[P] whether the weight alone sets off the fee on that day."""
    if triggers.weight_from is not None and on < triggers.weight_from:
        return np.zeros(weight.shape, np.bool_)
    return weight > triggers.weight_over_lb


def over_size(size: Size, triggers: Triggers, on: date) -> Bools:
    """[P] whether the size sets off the fee on that day."""
    found = (size.longest > triggers.longest_over_in) | (size.length_plus_girth > triggers.length_plus_girth_over_in)
    if triggers.second_over_in is not None:
        found |= size.second > triggers.second_over_in
    if triggers.cubic_over_in3 is not None and (triggers.cubic_from is None or on >= triggers.cubic_from):
        found |= size.volume > triggers.cubic_over_in3
    return found


def within(size: Size, weight: Floats, limits: Limits) -> Bools:
    """[P] whether a service takes the parcel; weights and sizes that are no numbers are not taken."""
    inside = (weight <= limits.max_weight_lb) & (size.length_plus_girth <= limits.max_length_plus_girth_in)
    return inside if limits.max_length_in is None else inside & (size.longest <= limits.max_length_in)


def limits_in_words(limits: Limits) -> str:
    """What a service accepts at most."""
    length = f"{limits.max_length_in:g} in long, " if limits.max_length_in is not None else ""
    return f"{limits.max_weight_lb:g} lb, {length}{limits.max_length_plus_girth_in:g} in length plus girth"


def triggers_in_words(triggers: Triggers, on: date) -> str:
    """The sizes above which a fee is due on that day."""
    parts = [f"longest side over {triggers.longest_over_in:g} in"]
    if triggers.second_over_in is not None:
        parts.append(f"second side over {triggers.second_over_in:g} in")
    parts.append(f"length plus girth over {triggers.length_plus_girth_over_in:g} in")
    if triggers.cubic_over_in3 is not None and (triggers.cubic_from is None or on >= triggers.cubic_from):
        parts.append(f"volume over {triggers.cubic_over_in3:,g} in³")
    return ", ".join(parts[:-1]) + " or " + parts[-1]


def is_estimate(status: Status) -> bool:
    """Whether no carrier's document confirms a figure of that status."""
    return status in {"single", "multi"}
