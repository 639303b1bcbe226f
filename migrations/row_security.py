"""Row-level security, as each migration applies it to the tables it makes."""

from alembic import op

# The SELECT makes PostgreSQL read the setting once a statement, not once a row; NULLIF turns
# what a finished transaction leaves behind, an empty string, into "no tenant": no rows.
THIS_TENANT = "(SELECT NULLIF(current_setting('app.tenant_id', true), '')::uuid)"
THIS_ACCOUNT = "(SELECT NULLIF(current_setting('app.account_id', true), '')::uuid)"


def protect(table: str) -> None:
    """Let a session see and write only the rows of the tenant in its transaction's scope."""
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    op.execute(
        f"CREATE POLICY tenant_isolation ON {table}"
        f" USING (tenant_id = {THIS_TENANT}) WITH CHECK (tenant_id = {THIS_TENANT})"
    )
