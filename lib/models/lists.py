"""Lists: what one is asked with, and the page that comes back."""

from typing import Annotated, Generic, Literal, TypeVar

from pydantic import Field

from lib.models.base import Text, WireModel

# Beyond this no list reaches, and the databases count no further than 64 bits.
MAX_PAGE = 1_000_000
MAX_LIMIT = 500
DEFAULT_LIMIT = 25
Direction = Literal["asc", "desc"]
Item = TypeVar("Item")
Other = TypeVar("Other")


class ListQuery(WireModel):
    """What a list is asked with: the same words as in an export's `options`.

    Without `order_by` or `direction` the resource has its own usual order.
    """

    page: Annotated[int, Field(ge=1, le=MAX_PAGE)] = 1
    limit: Annotated[int, Field(ge=1, le=MAX_LIMIT)] = DEFAULT_LIMIT
    order_by: Text | None = None
    direction: Direction | None = None
    filters: dict[str, str] = Field(default_factory=dict)


class Page(WireModel, Generic[Item]):
    """A page of a list with what a client needs to go on."""

    items: list[Item]
    page: int
    limit: int
    total_count: int

    def holding(self, items: "list[Other]") -> "Page[Other]":
        """The same page with something else in place of its items, one for one."""
        return Page(items=items, page=self.page, limit=self.limit, total_count=self.total_count)

    @property
    def has_more(self) -> bool:
        """Whether a further page holds anything."""
        return self.page * self.limit < self.total_count
