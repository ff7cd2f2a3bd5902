"""The id of the call that is being served: in its answer and in every line that is logged meanwhile."""

import logging
import re
from contextvars import ContextVar

from lib.models.ids import new_id

HEADER = "X-Request-Id"
_WELL_FORMED = re.compile(r"[0-9A-Za-z._-]{1,64}")

_current: ContextVar[str] = ContextVar("request_id", default="-")


class WithRequestId(logging.Filter):
    """Gives every record a `request_id`, for the format of a handler; `-` outside a call.

    Threads that serve a call for it find the id too, as far as they were started with a copy of its context.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        """Let every record pass."""
        record.request_id = _current.get()
        return True


def begin(sent: str | None) -> str:
    """The id of the call that begins: the one the client sent, so that it finds its calls here, else a new one."""
    request_id = sent if sent and _WELL_FORMED.fullmatch(sent) else new_id("req")
    _current.set(request_id)
    return request_id
