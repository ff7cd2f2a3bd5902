"""A bought shipment to draw the label of, and what a scanner reads."""

import io
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

import pypdfium2
import zxingcpp
from PIL import Image

from lib.models.addresses import Address, Party
from lib.models.options import ShipmentOptions
from lib.models.parcels import Parcel
from lib.models.rates import Provider, Rate, ServiceLevel
from lib.models.shipments import Shipment

AT = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
NUMBERS = ("PKGX-5LO98Q3-UR2VMEB", "PKGX-6LO98Q3-UR2VMEB", "OWN-4K7M2-9XT3H")
# Dots an inch of label printers.
PRINTERS = (203, 300)


def party(name: str, **address: Any) -> Party:
    fields = {"line1": "1 Sample Street", "city": "Tempe", "state_code": "AZ", "postal_code": "85282", **address}
    return Party(name=name, business="A business", address=Address(id="addr_1", **fields))


def bought_shipment(*, test_label: bool = True, **changes: Any) -> Shipment:
    rate = Rate(
        id="rate_1",
        created_at=AT,
        amount=1234,
        billed_amount=1234,
        provider=Provider(id="usps", name="USPS"),
        service_level=ServiceLevel(id="usps_priority", code="two_day", name="Priority Mail", terms="2 days"),
        test_label=test_label,
    )
    parcels = [
        Parcel(length=10, width=8, height=6.5, weight=70.5, tracking_number=NUMBERS[0]),
        Parcel(type="usps_small_flat_rate_box", tracking_number=NUMBERS[1]),
    ]
    fields = {
        "sender": party("Ann Sender", line2="Floor 10"),
        "recipient": party("Bob Recipient"),
        "parcels": parcels,
        "order_number": "A-1",
        "payment_reference": "Department 9",
        **changes,
    }
    return Shipment(
        id="ship_1",
        options=ShipmentOptions(),
        purchased_rate=rate,
        tracking_number=NUMBERS[0],
        rates_generated_at=AT,
        created_at=AT,
        updated_at=AT,
        **fields,
    )


def german_party(name: str) -> Party:
    return party(
        name, line1="1 Sample Street", city="Berlin", state_code="", postal_code="10115", country="Germany",
        country_code="DE",
    )  # fmt: skip


def scanned_pictures(images: Iterable[Image.Image]) -> list[list[tuple[str, str]]]:
    """What a scanner reads on each picture."""
    return [[(code.format.name, code.text) for code in zxingcpp.read_barcodes(image)] for image in images]


def scanned(pdf: bytes, dots_per_inch: int) -> list[list[tuple[str, str]]]:
    """What a scanner reads on each page as printed."""
    return scanned_pictures(page.render(scale=dots_per_inch / 72).to_pil() for page in pypdfium2.PdfDocument(pdf))


def picture(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content))
