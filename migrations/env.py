"""Runs inside `connector.store.migrate`, on the connection and in the transaction that it opened.

So a crash in the middle of a revision rolls back on SQLite too, where Alembic by itself leaves half of it for ever.
"""

from alembic import context

from connector.store.tables import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
    transactional_ddl=True,
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
