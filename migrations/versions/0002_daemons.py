"""A table of its own for the daemons of an account.

Revision ID: 0002
Revises: 0001
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "daemon",
        sa.Column("account", sa.Integer(), nullable=False),
        sa.Column("holder", sa.String(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("account", "holder", name="pk_daemon"),
    )
    # Until now they stood among the leases, under a number that no account has; each says anew within 20 s.
    op.execute(sa.text("delete from lease where account < 0"))


def downgrade() -> None:
    op.drop_table("daemon")
