"""What every list of the API is asked with."""

from typing import Annotated

from fastapi import Request
from pydantic import Field

from lib.models.base import Text, WireModel
from lib.models.lists import DEFAULT_LIMIT, MAX_LIMIT, MAX_PAGE, Direction, ListQuery

_PAGING = frozenset({"page", "limit", "order_by", "direction"})
DateFilter = Annotated[str | None, Field(description="Such as gte:2026-01-31 or bwi:2026-01-01,2026-01-31.")]

PageNumber = Annotated[int, Field(ge=1, le=MAX_PAGE)]
PageLimit = Annotated[int, Field(ge=1, le=MAX_LIMIT)]


class PageParameters(WireModel):
    """Which page, in which order."""

    page: PageNumber = 1
    limit: PageLimit = DEFAULT_LIMIT
    order_by: Text | None = None
    direction: Direction | None = None


class ListParameters(PageParameters):
    """Which page, in which order, of what. `metadata.<key>=<value>` narrows a list too."""

    search: Annotated[str | None, Field(description="Words, each of which begins a word of what is found.")] = None
    created_at: DateFilter = None
    updated_at: DateFilter = None


def list_query(request: Request, asked: PageParameters) -> ListQuery:
    """The query for the Desk; a parameter given several times counts as a comma list."""
    names = [name for name in request.query_params if name not in _PAGING]
    found = {name: ",".join(filter(None, request.query_params.getlist(name))) for name in names}
    return ListQuery(
        page=asked.page,
        limit=asked.limit,
        order_by=asked.order_by,
        direction=asked.direction,
        filters={name: value for name, value in found.items() if value},
    )
