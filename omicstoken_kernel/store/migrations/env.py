"""What Alembic runs for every migration, on the connection it is handed."""

from __future__ import annotations

from alembic import context

from omicstoken_kernel.store.annotation_tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    # SQLite cannot alter a column: later migrations rebuild the table instead.
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
