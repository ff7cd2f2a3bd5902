"""States, territories and military areas of the United States by name and two-letter code."""

import re

# USPS Publication 28, appendix B.
_NAMES = {
    "AL": "Alabama",
    "AK": "Alaska",
    "AZ": "Arizona",
    "AR": "Arkansas",
    "CA": "California",
    "CO": "Colorado",
    "CT": "Connecticut",
    "DE": "Delaware",
    "DC": "District of Columbia",
    "FL": "Florida",
    "GA": "Georgia",
    "HI": "Hawaii",
    "ID": "Idaho",
    "IL": "Illinois",
    "IN": "Indiana",
    "IA": "Iowa",
    "KS": "Kansas",
    "KY": "Kentucky",
    "LA": "Louisiana",
    "ME": "Maine",
    "MD": "Maryland",
    "MA": "Massachusetts",
    "MI": "Michigan",
    "MN": "Minnesota",
    "MS": "Mississippi",
    "MO": "Missouri",
    "MT": "Montana",
    "NE": "Nebraska",
    "NV": "Nevada",
    "NH": "New Hampshire",
    "NJ": "New Jersey",
    "NM": "New Mexico",
    "NY": "New York",
    "NC": "North Carolina",
    "ND": "North Dakota",
    "OH": "Ohio",
    "OK": "Oklahoma",
    "OR": "Oregon",
    "PA": "Pennsylvania",
    "RI": "Rhode Island",
    "SC": "South Carolina",
    "SD": "South Dakota",
    "TN": "Tennessee",
    "TX": "Texas",
    "UT": "Utah",
    "VT": "Vermont",
    "VA": "Virginia",
    "WA": "Washington",
    "WV": "West Virginia",
    "WI": "Wisconsin",
    "WY": "Wyoming",
    "AS": "American Samoa",
    "FM": "Federated States of Micronesia",
    "GU": "Guam",
    "MH": "Marshall Islands",
    "MP": "Northern Mariana Islands",
    "PW": "Palau",
    "PR": "Puerto Rico",
    "VI": "Virgin Islands",
    "AA": "Armed Forces Americas",
    "AE": "Armed Forces Europe",
    "AP": "Armed Forces Pacific",
}
_OTHER_SPELLINGS = {
    "US VIRGIN ISLANDS": "VI",
    "U S VIRGIN ISLANDS": "VI",
    "MICRONESIA": "FM",
    "COMMONWEALTH OF THE NORTHERN MARIANA ISLANDS": "MP",
}
_NOT_LETTERS = re.compile(r"[\s,-]+")


def _key(text: str) -> str:
    return _NOT_LETTERS.sub(" ", text.replace(".", "")).strip().upper()


_CODES = {_key(name): code for code, name in _NAMES.items()} | _OTHER_SPELLINGS


def state_code(text: str) -> str | None:
    """The two-letter code of a state given as name or code in any case (`Arizona`, `az`, `N.Y.`), else None.

    Knows the 50 states, DC, the territories and freely associated states, and military AA, AE, AP
    (USPS Publication 28).
    """
    key = _key(text)
    return key if key in _NAMES else _CODES.get(key)


def state_name(text: str) -> str | None:
    """The full name of a state given as code or name in any case, else None."""
    code = state_code(text)
    return _NAMES[code] if code else None
