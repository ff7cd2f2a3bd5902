"""A file to start from per kind of card. The figures in them are examples of the layout, not prices of anybody."""

from lib.models.rate_cards import CardKind

_COURIER = """courier,service_level,max_weight_lb,max_miles,price_usd
Example courier,same_day,10,10,9.00
Example courier,same_day,10,25,14.00
Example courier,next_day,50,25,11.50
"""
_NEGOTIATED = """provider,service,package,max_weight_lb,2,3,4,5,6,7,8
ups,ground,package,1,9.10,9.30,9.60,9.90,10.20,10.40,10.60
ups,ground,package,2,9.60,9.90,10.30,10.60,11.00,11.30,11.70
upssurepost,ground,package,0.5,7.00,7.10,7.20,7.30,7.40,7.50,7.60
upssurepost,ground,package,1,7.50,7.60,7.70,7.80,7.90,8.00,8.10
"""
_ADJUSTMENT = """provider,service,percent
ups,,-10
ups,ground,-12.5
fedex,home_delivery,-8
"""
_UPCHARGE = """provider,service,percent,amount_usd
,,5,0.50
usps,priority_mail,0,1.00
self,,0,0
"""
_PUBLISHED = """provider,price_list,service,package,max_weight_lb,2,3,4,5,6,7,8
fedex,list,ground,package,1,12.00,12.50,13.00,13.50,14.00,14.50,15.00
fedex,list,ground,package,2,13.00,13.50,14.00,14.50,15.00,15.50,16.00
"""
_TEMPLATES: dict[CardKind, str] = {
    "courier": _COURIER,
    "marketplace": _COURIER,
    "negotiated": _NEGOTIATED,
    "adjustment": _ADJUSTMENT,
    "upcharge": _UPCHARGE,
    "published": _PUBLISHED,
}


def template(kind: CardKind) -> str:
    """A CSV file in the simple layout of that kind, which can be loaded as it is.

    Beside it are accepted: SurePost by distance (kind `negotiated`, columns `max_weight_lb, max_miles, price_usd`);
    price lists as this project keeps its own (`# carrier:` and `# code:` lines above, whole cents); UPS's workbook
    of daily rates; USPS tables of Notice 123. Any of them may be CSV or XLSX.
    """
    return _TEMPLATES[kind]
