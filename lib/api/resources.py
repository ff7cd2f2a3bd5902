"""The five routes that a kept resource has: create, list, read, update, delete."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Annotated, Any

from fastapi import APIRouter, Body, Path, Query, Request
from pydantic import BaseModel
from starlette.responses import Response

from lib.api.envelope import Envelope, ErrorEnvelope, ListEnvelope, answer, list_answer
from lib.api.lists import PageParameters, list_query
from lib.api.routes import KEY_IN_DESCRIPTION, DeskOfCall, KeyedRoute
from lib.desk.kept import Kept
from lib.desk.protocol import Desk

ERROR: dict[int | str, dict[str, Any]] = {"default": {"model": ErrorEnvelope}}
_CREATES = "Keep a new one, under an id of its own or under the `id` that is given."
_LISTS = "A page of them in the order that is asked for. What is not a filter of the list is refused."
_UPDATES = "Change what is given and leave the rest; in `metadata` a `null` removes its key."


def one_of(model: type[BaseModel]) -> dict[int | str, dict[str, Any]]:
    """The answers of a route that gives one object."""
    return {200: {"model": Envelope[model]}, **ERROR}  # type: ignore[valid-type]


def list_of(model: type[BaseModel]) -> dict[int | str, dict[str, Any]]:
    """The answers of a route that gives a page of a list."""
    return {200: {"model": ListEnvelope[model]}, **ERROR}  # type: ignore[valid-type]


def _as_kept(_request: Request, item: Any) -> Any:
    return item


@dataclass(frozen=True, slots=True)
class ResourceRoutes:
    """What the routes of a resource are made of. `name` is as in its events, such as `contact`.

    `shown` makes of what is kept what a client sees, such as whole links.
    """

    name: str
    plural: str
    prefix: str
    of: Callable[[Desk], Kept[Any, Any, Any]]
    model: type[BaseModel]
    create: type[BaseModel]
    update: type[BaseModel]
    filters: type[PageParameters]
    example: dict[str, Any]
    update_example: dict[str, Any] = field(default_factory=dict)
    shown: Callable[[Request, Any], Any] = _as_kept

    def router(self) -> APIRouter:
        """A router with the five routes, each of which needs a key."""
        router = APIRouter(tags=[self.plural], route_class=KeyedRoute, dependencies=[KEY_IN_DESCRIPTION])
        noun = self.name.replace("_", " ")
        a_noun = f"{'an' if noun[0] in 'aeiou' else 'a'} {noun}"
        path = f"/{self.plural.replace(' ', '_')}"
        one = f"{path}/{{{self.name}_id}}"
        identifier = Annotated[
            str, Path(alias=f"{self.name}_id", description=f"An id that begins with {self.prefix}_.")
        ]

        def create(request: Request, desk: DeskOfCall, body: Any) -> Response:
            kept = self.shown(request, self.of(desk).create(body))
            return answer(request, kept, message=f"{_capital(noun)} created.", events=[f"{self.name}.created"])

        def listed(request: Request, desk: DeskOfCall, query: Any) -> Response:
            found = self.of(desk).list(list_query(request, query))
            found = found.model_copy(update={"items": [self.shown(request, item) for item in found.items]})
            return list_answer(request, found, message=f"{_capital(self.plural)} found.")

        def retrieve(request: Request, desk: DeskOfCall, identifier: Any) -> Response:
            kept = self.shown(request, self.of(desk).retrieve(identifier))
            return answer(request, kept, message=f"{_capital(noun)} found.")

        def update(request: Request, desk: DeskOfCall, identifier: Any, body: Any) -> Response:
            kept = self.shown(request, self.of(desk).update(identifier, body))
            return answer(request, kept, message=f"{_capital(noun)} updated.", events=[f"{self.name}.updated"])

        def delete(request: Request, desk: DeskOfCall, identifier: Any) -> Response:
            gone = self.shown(request, self.of(desk).delete(identifier))
            return answer(request, gone, message=f"{_capital(noun)} deleted.", events=[f"{self.name}.deleted"])

        create.__annotations__["body"] = Annotated[self.create, Body(examples=[self.example])]
        listed.__annotations__["query"] = Annotated[self.filters, Query()]
        examples = [self.update_example] if self.update_example else None
        update.__annotations__["body"] = Annotated[self.update, Body(examples=examples)]
        for endpoint in (retrieve, update, delete):
            endpoint.__annotations__["identifier"] = identifier
        routes: tuple[tuple[str, str, Callable[..., Response], dict[int | str, dict[str, Any]], str, str], ...] = (
            ("POST", path, create, one_of(self.model), f"Create {a_noun}", _CREATES),
            ("GET", path, listed, list_of(self.model), f"List {self.plural}", _LISTS),
            ("GET", one, retrieve, one_of(self.model), f"Read {a_noun}", f"The {noun} of that id."),
            ("POST", one, update, one_of(self.model), f"Update {a_noun}", _UPDATES),
            ("DELETE", one, delete, one_of(self.model), f"Delete {a_noun}", f"Forget the {noun}; the one that was."),
        )
        for verb, at, handler, answers, words, more in routes:
            router.add_api_route(
                at,
                handler,
                methods=[verb],
                responses=answers,
                summary=words,
                description=more,
                operation_id=f"{handler.__name__}_{self.name}",
            )
        return router


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
