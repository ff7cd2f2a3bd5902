"""What documents are made of: every place in them that can have a value, learned from examples."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from lib.exports.rows.skeleton import Path


class Outgrown(Exception):
    """Documents have a value at a place where none had one."""


@dataclass(slots=True)
class Place:
    """A place in the documents: what was seen there, and what lies below it.

    `items` is what any item of a list here has, `length` that of the longest list.
    """

    has_value: bool = False
    has_record: bool = False
    has_list: bool = False
    parts: dict[str, "Place"] = field(default_factory=dict)
    items: "Place | None" = None
    length: int = 0

    def learn(self, value: Any) -> None:
        """Take in what a document has here."""
        if isinstance(value, dict):
            self.has_record = True
            for name, part in value.items():
                place = self.parts.get(name)
                if place is None:
                    place = self.parts[name] = Place()
                place.learn(part)
        elif isinstance(value, list):
            self.has_list = True
            self.length = max(self.length, len(value))
            self.items = self.items or Place()
            for item in value:
                self.items.learn(item)
        elif value is not None:
            self.has_value = True

    @property
    def is_leaf(self) -> bool:
        """Whether cells come from this very place: where values are, or nothing ever was."""
        return self.has_value or not (self.parts or self.length)

    def leaves(self, path: Path) -> Iterator[Path]:
        """The paths of the columns here and below: a column for every leaf of every item of a list."""
        if self.is_leaf:
            yield path
        for name, part in self.parts.items():
            yield from part.leaves((*path, name))
        if self.items is not None:
            for index in range(self.length):
                yield from self.items.leaves((*path, index))

    def width(self) -> int:
        """How many leaves there are here and below."""
        below = sum(part.width() for part in self.parts.values())
        return self.is_leaf + below + (self.length * self.items.width() if self.items is not None else 0)
