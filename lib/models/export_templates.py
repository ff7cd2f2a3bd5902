"""Templates of exports: a recipe under a name, and when it is to be made by itself."""

from typing import Annotated

from pydantic import Field

from lib.models.base import Document, Flag, Text, UtcDateTime, WireModel
from lib.models.exports import ExportCreate
from lib.models.kept import Name

MAX_KEPT_FILES = 100


class ExportSchedule(WireModel):
    """When files are made: `cron` in `timezone`, by default that of the recipe. The last `keep` files stay."""

    cron: Text
    timezone: Text | None = None
    keep: Annotated[int, Field(strict=True, ge=1, le=MAX_KEPT_FILES)] = 7
    active: Flag = True


class ExportTemplate(Document):
    """A recipe under a name. `url` is the page that it opens on; `next_run_at` is set while its schedule is on.

    `last_run_at` is when a file was last asked for, by the schedule or by hand, and `last_export_id` that file.
    """

    name: str
    recipe: ExportCreate
    schedule: ExportSchedule | None = None
    url: str
    next_run_at: UtcDateTime | None = None
    last_run_at: UtcDateTime | None = None
    last_export_id: str | None = None
    created_at: UtcDateTime
    updated_at: UtcDateTime


class ExportTemplateCreate(WireModel):
    """What `POST /v1/export_templates` takes; also a template as a file. No two have the same name, whatever its case.

    In the recipe's `options`, `created_at` and `updated_at` may be relative, such as `last_month`.
    """

    name: Name
    recipe: ExportCreate
    schedule: ExportSchedule | None = None


class ExportTemplateUpdate(WireModel):
    """What is to change, each as a whole; a `schedule` of null takes it away."""

    name: Name | None = None
    recipe: ExportCreate | None = None
    schedule: ExportSchedule | None = None
