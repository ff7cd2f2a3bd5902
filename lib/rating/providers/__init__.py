"""Everyone who can be asked for a price, one module each."""

from lib.rating.providers import doordash, fedex, marketplace, own_courier, ups, upssurepost, usps
from lib.rating.providers.base import RateProvider

__all__ = ["REGISTRY", "RateProvider"]

REGISTRY: dict[str, RateProvider] = {
    "usps": usps.Usps(),
    "ups": ups.Ups(),
    "fedex": fedex.FedEx(),
    "self": own_courier.OwnCourier(),
    "upssurepost": upssurepost.SurePost(),
    "doordash": doordash.DoorDash(),
    "marketplace": marketplace.Marketplace(),
}
