"""The header by which a client names a request, so that sending it again does nothing twice."""

from typing import Annotated

from fastapi import Header

from lib.store.idempotency import HEADER, MAX_LENGTH

IdempotencyKey = Annotated[
    str | None,
    Header(
        alias=HEADER,
        min_length=1,
        max_length=MAX_LENGTH,
        description="Any text of your own, such as a UUID. Within 24 hours the same request under the same key does "
        "nothing more and answers with the shipment it led to; another request under it is a 409.",
    ),
]
