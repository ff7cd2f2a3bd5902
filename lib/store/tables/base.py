"""Where every table is registered, and what their definitions share."""

import sqlalchemy as sa

metadata = sa.MetaData()


def index_where_set(name: str, column: str, *further: str) -> sa.Index:
    """An index on the rows where `column` has a value, for columns that most rows leave empty."""
    is_set = sa.text(f"{column} IS NOT NULL")
    return sa.Index(name, column, *further, sqlite_where=is_set, postgresql_where=is_set)
