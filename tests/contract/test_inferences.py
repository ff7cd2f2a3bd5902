"""Shipping label inferences on the embedded desk, on both databases."""

from typing import Any

import pytest
import sqlalchemy as sa

from lib.directory.inferences import LocalInferences
from lib.directory.locations import LocalLocations
from lib.models.errors import Conflict, NotFound
from lib.models.inferences import ShippingLabelInference, ShippingLabelInferenceCreate, ShippingLabelInferenceUpdate
from lib.models.lists import ListQuery
from lib.models.locations import LocationCreate
from tests.contract.test_contacts import happened


@pytest.fixture
def inferences(emptied: sa.Engine) -> LocalInferences:
    LocalLocations(emptied).create(LocationCreate(id="loc_xyz", name="Tempe"))
    return LocalInferences(emptied)


def made(inferences: LocalInferences, **fields: Any) -> ShippingLabelInference:
    return inferences.create(ShippingLabelInferenceCreate.model_validate(fields))


def test_inferences_create_needs_nothing(inferences: LocalInferences, emptied: sa.Engine) -> None:
    inference = made(inferences)
    assert inference.id.startswith("inf_sl_")
    assert inferences.retrieve(inference.id) == inference
    told = {name for name, value in inference if value not in (None, [], {})}
    assert told == {"id", "object", "status", "created_at", "updated_at"}
    assert inference.status == "completed"
    assert happened(emptied, inference.id) == ["shipping_label_inference.created"]


def test_inferences_keep_what_was_read_as_it_was(inferences: LocalInferences) -> None:
    read = {
        "id": "inf_sl_1",
        "provider_name": "UŚPS ",
        "recipient": {"name": "A name", "address": {"line1": "50O 7th", "postal_code": "1OO18"}, "phone": "12"},
        "matches": [{"contact": "ctct_none", "score": 0.4}],
        "location_id": "loc_xyz",
    }
    kept = inferences.retrieve(made(inferences, **read).id)
    assert kept.model_dump(include={"provider_name", "matches"}) == {
        "provider_name": "UŚPS ",
        "matches": [{"contact": "ctct_none", "score": 0.4}],
    }
    assert inferences.list(ListQuery(filters={"provider_name": "usps"})).items == [kept]
    assert kept.recipient is not None
    assert kept.recipient.model_dump(exclude_unset=True) == {
        "contact_id": None, "name": "A name", "email": None, "phone": "12", "business": None,
        "address": {"line1": "50O 7th", "line2": None, "city": None, "state": None, "postal_code": "1OO18",
                    "country_code": "US", "country": None},
    }  # fmt: skip
    with pytest.raises(Conflict):
        made(inferences, id="inf_sl_1")


@pytest.mark.parametrize("wrong", [{"location_id": "loc_none"}, {"tracker_id": "track_none"}])
def test_inferences_refuse_references_to_nothing(inferences: LocalInferences, wrong: dict[str, str]) -> None:
    with pytest.raises(NotFound) as caught:
        made(inferences, **wrong)
    assert caught.value.fields == list(wrong)


def test_inferences_update_list_and_delete(inferences: LocalInferences, emptied: sa.Engine) -> None:
    first = made(inferences, provider_name="USPS", tags=["a"], metadata={"service": "inbound", "b": 1})
    second = made(inferences, provider_name="UPS", service_level_name="2nd Day Air", barcode_values=["1Z999"])
    changes = {"status": "corrected", "tags": [], "provider_name": "FedEx", "metadata": {"b": None}}
    after = inferences.update(first.id, ShippingLabelInferenceUpdate.model_validate(changes))
    expected = changes | {"metadata": {"service": "inbound"}, "updated_at": after.updated_at}
    assert after.model_dump() == first.model_dump() | expected
    assert inferences.retrieve(first.id) == after

    def found(**filters: str) -> list[str]:
        return [one.id for one in inferences.list(ListQuery(filters=filters)).items]

    assert found(provider_name="usps") == found(tags="a") == found(search="1z9999") == []
    assert found(provider_name="fedex") == found(status="corrected") == found(**{"metadata.service": "inbound"})
    assert found(provider_name="fedex") == [first.id]
    assert found(service_level_name="2ND day air") == found(search="1z9") == [second.id]
    assert inferences.delete(first.id) == after
    with pytest.raises(NotFound):
        inferences.retrieve(first.id)
    assert happened(emptied, first.id) == [
        f"shipping_label_inference.{change}" for change in ("created", "updated", "deleted")
    ]
