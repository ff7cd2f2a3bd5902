"""How often a key may call, and how often an address may try keys that are not known here.

Counted over the last minute, in the memory of this process: of several web processes each counts for itself.
"""

import math
import time
from collections.abc import Callable

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from lib.models.errors import RateLimited

WRONG_KEYS_PER_MINUTE = 60

Clock = Callable[[], float]


class RateLimits:
    """The counts of one process."""

    def __init__(self, requests_per_minute: int, *, clock: Clock = time.time) -> None:
        """`clock` gives seconds since 1970, as the storage reads them too."""
        self._limiter = MovingWindowRateLimiter(MemoryStorage())
        self._calls = RateLimitItemPerMinute(requests_per_minute, namespace="calls")
        self._wrong_keys = RateLimitItemPerMinute(WRONG_KEYS_PER_MINUTE, namespace="wrong_keys")
        self._clock = clock

    def count_call(self, key_id: str) -> None:
        """Count one call of a key. Raises RateLimited when there is no room for it."""
        if not self._limiter.hit(self._calls, key_id):
            most = self._calls.amount
            raise self._limited(self._calls, key_id, f"This key may call {most} times a minute and has done so.")

    def count_wrong_key(self, address: str) -> None:
        """Count a key that is not known here, sent from that address."""
        self._limiter.hit(self._wrong_keys, address)

    def refuse_guessing(self, address: str) -> None:
        """Refuse any key from an address that sent too many wrong ones: a right one must not tell itself from them.

        Raises RateLimited.
        """
        if not self._limiter.test(self._wrong_keys, address):
            raise self._limited(self._wrong_keys, address, "Too many unknown API keys came from this address.")

    def _limited(self, limit: RateLimitItemPerMinute, who: str, what: str) -> RateLimited:
        room_at = self._limiter.get_window_stats(limit, who).reset_time
        wait = max(1, math.ceil(room_at - self._clock()))
        return RateLimited(f"{what} Try again in {wait} seconds.", retry_after=wait)
