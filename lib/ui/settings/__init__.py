"""The team's settings, one module a tab: `draw` shows what is kept, `read` gives what the fields say now."""

from typing import Any, Protocol

from lib.models.team import TeamSettings


class Section(Protocol):
    """What every module here has."""

    def draw(self, kept: TeamSettings) -> None:
        """The fields of the section with what is kept."""
        ...

    def read(self, kept: TeamSettings) -> dict[str, Any]:
        """The settings that the fields change, by their name. Raises InvalidRequest naming field or row."""
        ...
