"""Parcels as asked for, resolved to sizes and weights: own boxes and predefined packages."""

import difflib
from collections.abc import Sequence
from dataclasses import dataclass, replace

from lib.models.errors import InvalidRequest
from lib.models.parcels import ParcelInput
from lib.rating.packages import PACKAGES, Package

_SUGGESTIONS = 3


@dataclass(frozen=True, slots=True)
class RatingParcel:
    """A parcel to price: pounds and inches. A side of 0 is unknown, as some carriers' own packaging is.

    `nonstandard` marks one that is no closed box of corrugated cardboard.
    """

    weight: float
    length: float
    width: float
    height: float
    package: str | None = None
    nonstandard: bool = False


def resolve_parcels(parcels: Sequence[ParcelInput]) -> tuple[RatingParcel, ...]:
    """Parcels with every size and weight filled in.

    A predefined package brings its own sides, and its greatest weight where none is given. Raises InvalidRequest
    naming `parcels.N.type` for an unknown package, `parcels.N.weight` or a side where the package does not say it.
    """
    found = (_resolve(parcel, f"parcels.{number}") for number, parcel in enumerate(parcels))
    return tuple(
        replace(each, nonstandard=parcel.nonstandard_packaging) for each, parcel in zip(found, parcels, strict=True)
    )


def _resolve(parcel: ParcelInput, path: str) -> RatingParcel:
    if parcel.type is None:
        sides = (parcel.length, parcel.width, parcel.height)
        return _own_box(parcel.weight, sides, None, path)
    package = PACKAGES.get(parcel.type)
    if package is None:
        raise InvalidRequest(_unknown(parcel.type), fields=[f"{path}.type"])
    weight = parcel.weight if parcel.weight is not None else package.max_weight_lb
    if package.length_in is not None and package.width_in is not None and package.height_in is not None:
        if weight is None:
            raise InvalidRequest(f"Give the weight of the {package.label}.", fields=[f"{path}.weight"])
        return RatingParcel(weight, package.length_in, package.width_in, package.height_in, package.code)
    if _size_matters(package):
        return _own_box(weight, (parcel.length, parcel.width, parcel.height), package.code, path)
    if weight is None:
        raise InvalidRequest(f"Give the weight of the {package.label}.", fields=[f"{path}.weight"])
    return RatingParcel(weight, parcel.length or 0, parcel.width or 0, parcel.height or 0, package.code)


def _size_matters(package: Package) -> bool:
    """Whether a package without sides of its own is a box of the sender's."""
    return package.flat_package is None and package.min_billable_lb is None


def _own_box(
    weight: float | None, sides: tuple[float | None, float | None, float | None], package: str | None, path: str
) -> RatingParcel:
    named = dict(zip(("length", "width", "height"), sides, strict=True)) | {"weight": weight}
    missing = [name for name, value in named.items() if value is None]
    length, width, height = sides
    if length is None or width is None or height is None or weight is None:
        raise InvalidRequest(
            f"Give the {', '.join(missing)} of the parcel.", fields=[f"{path}.{name}" for name in missing]
        )
    return RatingParcel(weight, length, width, height, package)


def _unknown(code: str) -> str:
    near = difflib.get_close_matches(code.lower(), PACKAGES, n=_SUGGESTIONS, cutoff=0.5)
    shown = code if len(code) <= 60 else f"{code[:59]}…"  # noqa: PLR2004
    hint = f" Did you mean {' or '.join(near)}?" if near else ""
    return f"There is no package type {shown!r}.{hint}"
