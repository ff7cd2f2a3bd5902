"""The team's settings on the embedded desk: one JSON value."""

import sqlalchemy as sa

from lib.models.team import TeamSettings
from lib.store.database import writing
from lib.store.events import record_event
from lib.store.values import put_value, read_value

_NAME = "team_settings"


class LocalTeam:
    """Reads and writes the settings of the team."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def retrieve(self) -> TeamSettings:
        """The settings in force; the defaults on a fresh desk."""
        kept = read_value(self._engine, _NAME)
        return TeamSettings.model_validate_json(kept) if kept else TeamSettings()

    def update(self, settings: TeamSettings) -> TeamSettings:
        """Put new settings in force. Quotes already given keep theirs."""
        with writing(self._engine).begin() as connection:
            put_value(connection, _NAME, settings.model_dump_json())
            record_event(connection, "team.updated", _NAME, {"settings": settings.model_dump(mode="json")})
        return settings
