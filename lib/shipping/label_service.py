"""The labels of bought shipments on the embedded desk, in every format and size."""

import re
from collections.abc import Sequence
from typing import Final

import sqlalchemy as sa

from lib.models.errors import InvalidRequest, NotFound
from lib.models.labels import MAX_MERGED, ZPL_SIZES, LabelFile, LabelFormat, MergedFormat
from lib.models.shipments import LabelSize, Shipment
from lib.shipping.buying import is_void, label_name, label_void
from lib.shipping.label_formats import label_png, label_zpl, merged_pdf, single_page
from lib.shipping.labels import label_pdf
from lib.store.files import Files
from lib.store.shipments import SHIPMENTS

MEDIA_TYPES: Final[dict[LabelFormat, str]] = {
    "pdf": "application/pdf",
    "png": "image/png",
    "zpl": "application/zpl",
}
# As ZPL a label takes about 15 ms and 17 kB.
MAX_LABELS_IN_A_FILE = 500
_UNSAFE = re.compile(r"[^A-Za-z0-9_.-]+")


class LocalLabels:
    """The PDF is filed in the size that was bought. All else is made of it, or drawn, when it is asked for.

    That takes some milliseconds, and nothing has to be cleared away or brought up to date.
    """

    def __init__(self, engine: sa.Engine, files: Files) -> None:
        self._engine = engine
        self._files = files

    def retrieve(
        self,
        shipment_id: str,
        label_format: LabelFormat = "pdf",
        size: LabelSize | None = None,
        parcel: int | None = None,
    ) -> LabelFile:
        """The label of every parcel, or of the one counted from 1; a PNG holds one, unasked the first.

        Without a size it is the one bought. Raises NotFound, InvalidRequest, Conflict for a canceled shipment.
        """
        shipment = SHIPMENTS.get(self._engine, shipment_id)
        if not _is_bought(shipment):
            raise NotFound(f"Shipment {shipment_id} is not bought, so it has no label.", code="label_not_found")
        if is_void(shipment):
            raise label_void([shipment_id], ["shipment_id"])
        pages = _pages(shipment, parcel)
        content = self._content(shipment, label_format, size, pages)
        number = shipment.parcels[pages[0]].tracking_number if len(pages) == 1 else shipment.tracking_number
        return _file(content, label_format, number or shipment_id)

    def merged(
        self, shipment_ids: Sequence[str], label_format: MergedFormat = "pdf", size: LabelSize | None = None
    ) -> LabelFile:
        """The labels of up to 200 shipments in one file, in that order.

        Raises NotFound and Conflict naming all that have no valid label (`shipments.3`), InvalidRequest.
        """
        _require_mergeable(shipment_ids)
        shipments = self._valid(shipment_ids)
        if sum(len(shipment.parcels) for shipment in shipments) > MAX_LABELS_IN_A_FILE:
            raise InvalidRequest(
                f"These shipments have more than {MAX_LABELS_IN_A_FILE} parcels together. Ask for fewer at a time.",
                fields=["shipments"],
            )
        files = (self._content(shipment, label_format, size, range(len(shipment.parcels))) for shipment in shipments)
        content = merged_pdf(files) if label_format == "pdf" else b"".join(files)
        return _file(content, label_format, "labels")

    def _content(
        self, shipment: Shipment, label_format: LabelFormat, size: LabelSize | None, pages: Sequence[int]
    ) -> bytes:
        size = size or shipment.label_size or "4x6"
        if label_format == "zpl" and size not in ZPL_SIZES:
            raise InvalidRequest(
                f"ZPL is for label printers, which take no sheet of the size {size}. "
                f"Ask for size {', '.join(ZPL_SIZES[:-1])} or {ZPL_SIZES[-1]}.",
                fields=["size"],
            )
        pdf = self._pdf(shipment, size)
        match label_format:
            case "png":
                return label_png(pdf, pages[0])
            case "zpl":
                return label_zpl(pdf, pages)
            case "pdf":
                return pdf if len(pages) == len(shipment.parcels) else single_page(pdf, pages[0])

    def _pdf(self, shipment: Shipment, size: LabelSize) -> bytes:
        """The filed label where it has that size, else one drawn now."""
        if size == shipment.label_size:
            try:
                return self._files.read(label_name(shipment.id))
            except FileNotFoundError:
                pass
        return label_pdf(shipment, size)

    def _valid(self, shipment_ids: Sequence[str]) -> list[Shipment]:
        """The shipments, each with a label that may be used. Raises NotFound, Conflict."""
        found = [SHIPMENTS.find(self._engine, shipment_id) for shipment_id in shipment_ids]
        bought = [shipment for shipment in found if shipment is not None and _is_bought(shipment)]
        if len(bought) < len(found):
            missing = [index for index, one in enumerate(found) if one is None or not _is_bought(one)]
            raise NotFound(
                f"There is no label for {_named(shipment_ids, missing)}: not kept here, or not bought.",
                fields=[f"shipments.{index}" for index in missing],
                code="label_not_found",
            )
        void = [index for index, one in enumerate(bought) if is_void(one)]
        if void:
            raise label_void([shipment_ids[index] for index in void], [f"shipments.{index}" for index in void])
        return bought


def _is_bought(shipment: Shipment) -> bool:
    return shipment.purchased_rate is not None and shipment.tracking_number is not None


def _pages(shipment: Shipment, parcel: int | None) -> Sequence[int]:
    """The pages of the label that are meant, counted from 0. Raises InvalidRequest."""
    count = len(shipment.parcels)
    if parcel is None:
        return range(count)
    if not 1 <= parcel <= count:
        there = "1 parcel" if count == 1 else f"{count} parcels"
        raise InvalidRequest(
            f"There is no parcel {parcel}: shipment {shipment.id} has {there}, counted from 1.", fields=["parcel"]
        )
    return [parcel - 1]


def _require_mergeable(shipment_ids: Sequence[str]) -> None:
    if not 1 <= len(shipment_ids) <= MAX_MERGED:
        raise InvalidRequest(
            f"Name 1 to {MAX_MERGED} shipments, not {len(shipment_ids)}, with commas between.", fields=["shipments"]
        )
    repeated = [index for index, one in enumerate(shipment_ids) if one in shipment_ids[:index]]
    if repeated:
        raise InvalidRequest(
            f"Named twice, which would print the same label twice: {_named(shipment_ids, repeated)}.",
            fields=[f"shipments.{index}" for index in repeated],
        )


def _named(shipment_ids: Sequence[str], indexes: Sequence[int]) -> str:
    return ", ".join(shipment_ids[index] for index in indexes)


def _file(content: bytes, label_format: LabelFormat, name: str) -> LabelFile:
    return LabelFile(content, MEDIA_TYPES[label_format], f"{_UNSAFE.sub('-', name)}.{label_format}")
