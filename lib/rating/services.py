"""The services we know how to price: what they are called here, in the API, and by people."""

from dataclasses import dataclass
from typing import Literal

from lib.models.options import ServiceLevelCode

Group = Literal["ground", "express"]
GROUPS: tuple[Group, ...] = ("ground", "express")
Variant = Literal["", "one_rate", "simple_rate", "flat_rate", "cubic"]

_VARIANT_NAMES: dict[Variant, str] = {
    "": "", "one_rate": " One Rate", "simple_rate": " Simple Rate", "flat_rate": " Flat Rate", "cubic": " Cubic",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Service:
    """One way to send a parcel.

    `key` names the service in price lists and transit tables, `group` chooses its residential fee, fuel and
    limits, `variant` another way of pricing the same service. `books_only` marks Media Mail and Library Mail,
    whose prices hold for some contents only.
    """

    provider: str
    key: str
    code: ServiceLevelCode
    label: str
    group: Group = "ground"
    variant: Variant = ""
    books_only: bool = False

    @property
    def id(self) -> str:
        """Our name of the service, such as `ups_ground` or `fedex_two_day_one_rate`."""
        return "_".join(part for part in (self.provider, self.key, self.variant) if part)

    @property
    def name(self) -> str:
        """What people call it."""
        return f"{self.label}{_VARIANT_NAMES[self.variant]}"


def _service(provider: str, key: str, code: ServiceLevelCode, label: str, group: Group = "express") -> Service:
    return Service(provider=provider, key=key, code=code, label=label, group=group)


def _as_variant(service: Service, variant: Variant) -> Service:
    return Service(service.provider, service.key, service.code, service.label, service.group, variant)


UPS: tuple[Service, ...] = (
    _service("ups", "ground", "ground", "UPS Ground", "ground"),
    _service("ups", "three_day_select", "three_day", "UPS 3 Day Select"),
    _service("ups", "second_day_air", "two_day", "UPS 2nd Day Air"),
    _service("ups", "second_day_air_am", "two_day_early", "UPS 2nd Day Air A.M."),
    _service("ups", "next_day_air_saver", "next_day_later", "UPS Next Day Air Saver"),
    _service("ups", "next_day_air", "next_day", "UPS Next Day Air"),
    _service("ups", "next_day_air_early", "next_day_early", "UPS Next Day Air Early"),
)
UPS_SIMPLE_RATE: tuple[Service, ...] = tuple(
    _as_variant(service, "simple_rate")
    for service in UPS
    if service.key in {"ground", "three_day_select", "second_day_air", "next_day_air_saver"}
)

# Published nowhere: priced only from a card that the team enters.
UPS_SUREPOST: tuple[Service, ...] = (_service("upssurepost", "ground", "ground", "UPS SurePost", "ground"),)

FEDEX_GROUND: tuple[Service, ...] = (
    _service("fedex", "ground", "ground", "FedEx Ground", "ground"),
    _service("fedex", "home_delivery", "ground", "FedEx Home Delivery", "ground"),
)
FEDEX_EXPRESS: tuple[Service, ...] = (
    _service("fedex", "express_saver", "three_day", "FedEx Express Saver"),
    _service("fedex", "two_day", "two_day", "FedEx 2Day"),
    _service("fedex", "two_day_am", "two_day_early", "FedEx 2Day AM"),
    _service("fedex", "standard_overnight", "next_day_later", "FedEx Standard Overnight"),
    _service("fedex", "priority_overnight", "next_day", "FedEx Priority Overnight"),
    _service("fedex", "first_overnight", "next_day_early", "FedEx First Overnight"),
)
FEDEX_ONE_RATE: tuple[Service, ...] = tuple(_as_variant(service, "one_rate") for service in FEDEX_EXPRESS)

PRIORITY_MAIL_EXPRESS = _service("usps", "priority_mail_express", "next_day", "Priority Mail Express")
PRIORITY_MAIL = _service("usps", "priority_mail", "two_day", "Priority Mail")
GROUND_ADVANTAGE = _service("usps", "ground_advantage", "ground", "USPS Ground Advantage", "ground")
MEDIA_MAIL = Service("usps", "media_mail", "ground", "Media Mail", books_only=True)
LIBRARY_MAIL = Service("usps", "library_mail", "ground", "Library Mail", books_only=True)
PRIORITY_MAIL_EXPRESS_FLAT_RATE = _as_variant(PRIORITY_MAIL_EXPRESS, "flat_rate")
PRIORITY_MAIL_FLAT_RATE = _as_variant(PRIORITY_MAIL, "flat_rate")
PRIORITY_MAIL_CUBIC = _as_variant(PRIORITY_MAIL, "cubic")
GROUND_ADVANTAGE_CUBIC = _as_variant(GROUND_ADVANTAGE, "cubic")

DOORDASH_DRIVE = Service("doordash", "drive", "same_day", "DoorDash Drive")

BOOKS_ONLY: frozenset[str] = frozenset({MEDIA_MAIL.id, LIBRARY_MAIL.id})

USPS_BY_WEIGHT: tuple[Service, ...] = (PRIORITY_MAIL_EXPRESS, PRIORITY_MAIL, GROUND_ADVANTAGE)
BOOKS_ONLY_SERVICES: tuple[Service, ...] = (MEDIA_MAIL, LIBRARY_MAIL)
USPS_OTHERWISE: tuple[Service, ...] = (
    PRIORITY_MAIL_EXPRESS_FLAT_RATE, PRIORITY_MAIL_FLAT_RATE, PRIORITY_MAIL_CUBIC, GROUND_ADVANTAGE_CUBIC,
)  # fmt: skip
