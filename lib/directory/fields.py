"""Reading what is typed about people and places. What is wrong is told all at once, by its wire path."""

from collections.abc import Callable
from typing import Any

from lib.address.changing import with_line2
from lib.address.checking import check_email, normalize_phone
from lib.address.countries import HOME_COUNTRY
from lib.address.problems import AddressProblem
from lib.address.resolving import resolve_address
from lib.directory.lookup import Lookup, address_id
from lib.models.addresses import Address, AddressInput
from lib.models.contacts import ContactFields
from lib.models.errors import InvalidRequest
from lib.models.locations import LocationFields


class Fields:
    """Reads one field after the other, then refuses what was wrong."""

    def __init__(self, lookup: Lookup) -> None:
        self._lookup = lookup
        self._wrong: dict[str, str] = {}
        self._region = HOME_COUNTRY

    def email(self, path: str, text: str | None) -> str | None:
        """An email address as kept; empty text is none."""
        return self._read(path, text, check_email)

    def phone(self, path: str, text: str | None) -> str | None:
        """A phone number as kept, dialled in the country of the address read before; empty text is none."""
        return self._read(path, text, lambda number: normalize_phone(number, self._region))

    def several(self, path: str, texts: list[Any], read: Callable[[str, Any], Any]) -> list[Any]:
        """Each of a list, read by one of the other methods; empty ones are left out."""
        found = [read(f"{path}.{position}", text) for position, text in enumerate(texts)]
        return [one for one in found if one]

    def address(self, path: str, given: str | AddressInput | None, line2: str | None = None) -> Address | None:
        """An address as kept, from a line, fields or an id; empty text is none."""
        if given is None or (isinstance(given, str) and not given.strip()):
            return None
        if identifier := address_id(given):
            kept = self._lookup.address(path, identifier)
            return with_line2(kept, line2) if kept and line2 else kept
        read = resolve_address(given, line2)
        for problem in read.problems:
            self._wrong[f"{path}{problem.field.removeprefix('address')}"] = problem.message
        return read.address

    def changed_address(self, kept: Address | None, request: ContactFields | LocationFields) -> Address | None:
        """The address of something as it is once changed as the request says."""
        if "address" in request.model_fields_set:
            kept = self.address("address", request.address, request.address_line2)
        elif kept and "address_line2" in request.model_fields_set:
            kept = with_line2(kept, request.address_line2 or "")
        self._region = kept.country_code if kept else HOME_COUNTRY
        return kept

    def refuse_wrong(self) -> None:
        """Raises NotFound for references that lead nowhere, InvalidRequest naming every field that is wrong."""
        self._lookup.refuse_missing()
        if self._wrong:
            raise InvalidRequest(" ".join(self._wrong.values()), fields=list(self._wrong))

    def _read(self, path: str, text: str | None, check: Callable[[str], str]) -> str | None:
        if text is None or not text.strip():
            return None
        try:
            return check(text)
        except AddressProblem as problem:
            self._wrong[path] = problem.message
            return None
