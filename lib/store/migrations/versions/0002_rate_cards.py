"""Rate cards."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "rate_cards",
        sa.Column("id", sa.String(100), primary_key=True),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("name", sa.String(255), nullable=False),
        sa.Column("effective", sa.String(10), nullable=False),
        sa.Column("until", sa.String(10)),
        sa.Column("row_count", sa.Integer, nullable=False),
        sa.Column("document", sa.Text, nullable=False),
        sa.Column("rows", sa.Text, nullable=False),
    )
    op.create_index("rate_cards_by_created", "rate_cards", ["created_at", "id"])


def downgrade() -> None:
    op.drop_table("rate_cards")
