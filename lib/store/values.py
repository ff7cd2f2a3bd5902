"""Small named values of the desk: read, write, or make once."""

from collections.abc import Callable

import sqlalchemy as sa

from lib.store.database import reading, writing
from lib.store.tables import values


def read_value(engine: sa.Engine, name: str) -> str | None:
    """The value kept under `name`, None when there is none."""
    with reading(engine).connect() as connection:
        return connection.scalar(sa.select(values.c.value).where(values.c.name == name))


def put_value(connection: sa.Connection, name: str, value: str) -> None:
    """Keep `value` under `name`, replacing what was there."""
    updated = connection.execute(sa.update(values).where(values.c.name == name).values(value=value))
    if not updated.rowcount:
        connection.execute(sa.insert(values).values(name=name, value=value))


def value_made_once(engine: sa.Engine, name: str, make: Callable[[], str]) -> str:
    """The value under `name`, made by the first process that asks and the same for all others."""
    found = read_value(engine, name)
    if found is not None:
        return found
    try:
        with writing(engine).begin() as connection:
            connection.execute(sa.insert(values).values(name=name, value=make()))
    except sa.exc.IntegrityError:
        pass
    found = read_value(engine, name)
    if found is None:
        raise RuntimeError(f"the value {name!r} could not be kept")
    return found
