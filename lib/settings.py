"""What the outside may set: the SHIPDESK_* environment variables, read once."""

import functools
from pathlib import Path
from typing import Literal

from pydantic import PositiveInt, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

WebhookTargets = Literal["any", "public"]
Role = Literal["all", "web", "worker"]


class Settings(BaseSettings):
    """One field per SHIPDESK_* variable; everything has a default that works on one machine."""

    model_config = SettingsConfigDict(env_prefix="SHIPDESK_", extra="ignore")

    data_dir: Path = Path("var")
    database_url: str | None = None
    files_url: str | None = None
    role: Role = "all"
    api_key: SecretStr | None = None
    webhook_targets: WebhookTargets = "any"
    requests_per_minute: PositiveInt = 12_000
    export_columns: PositiveInt = 1000

    @property
    def resolved_database_url(self) -> str:
        """The SQLAlchemy URL of the database: the one set, else a SQLite file in the data folder."""
        if self.database_url:
            return self.database_url.replace("postgres://", "postgresql://", 1).replace(
                "postgresql://", "postgresql+psycopg://", 1
            )
        return f"sqlite:///{(self.data_dir / 'shipdesk.sqlite3').resolve()}"

    @property
    def resolved_files_url(self) -> str:
        """Where labels and exports are kept: the URL set, else a folder in the data folder."""
        return self.files_url or (self.data_dir / "files").resolve().as_uri()


@functools.cache
def get_settings() -> Settings:
    """The settings of this process."""
    return Settings()
