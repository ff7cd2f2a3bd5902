"""Kept addresses on the embedded desk."""

from datetime import datetime

import sqlalchemy as sa

from lib.address.changing import fields_of
from lib.address.resolving import ResolvedAddress, resolve_address
from lib.models.addresses import AddressInput
from lib.models.errors import InvalidRequest
from lib.models.ids import new_id
from lib.models.kept_addresses import AddressCreate, AddressUpdate, KeptAddress
from lib.store.directory import ADDRESSES
from lib.store.resources import KeptResource, given


class LocalAddresses(KeptResource[KeptAddress, AddressCreate, AddressUpdate]):
    """Keeps addresses. What was made with one, such as a shipment, keeps its own copy."""

    def __init__(self, engine: sa.Engine) -> None:
        super().__init__(engine, ADDRESSES)

    def _made(self, request: AddressCreate, at: datetime) -> KeptAddress:
        blank = KeptAddress(id=request.id or new_id("addr"), metadata=request.metadata, created_at=at, updated_at=at)
        return _reading(blank, request, _fields(AddressInput(), request))

    def _changed(self, kept: KeptAddress, changes: AddressUpdate, at: datetime) -> KeptAddress:
        metadata = given(kept, changes).get("metadata", kept.metadata)
        changed = kept.model_copy(update={"metadata": metadata, "updated_at": at})
        return _reading(changed, changes, _fields(fields_of(kept), changes))


def _fields(kept: AddressInput, request: AddressUpdate) -> AddressInput:
    """The fields with those that the request gives in place of what was."""
    named = request.model_fields_set & AddressInput.model_fields.keys()
    return kept.model_copy(update={name: getattr(request, name) for name in named})


def _reading(address: KeptAddress, request: AddressUpdate, fields: AddressInput) -> KeptAddress:
    """The address as read from what was given as a whole, or else from its fields. Raises InvalidRequest."""
    if request.address is not None:
        read, path = resolve_address(request.address, request.address_line2 or request.line2), "address"
    else:
        line2 = {"line2": request.address_line2} if "address_line2" in request.model_fields_set else {}
        read, path = resolve_address(fields.model_copy(update=line2)), ""
    if read.problems or read.address is None:
        raise _refusal(read, path)
    return address.model_copy(update={**dict(read.address), "id": address.id})


def _refusal(read: ResolvedAddress, path: str) -> InvalidRequest:
    """What is wrong, at `address` where it was given as a whole, at its own fields otherwise."""
    fields = [f"{path}{problem.field.removeprefix('address')}".removeprefix(".") for problem in read.problems]
    return InvalidRequest(" ".join(problem.message for problem in read.problems), fields=fields)
