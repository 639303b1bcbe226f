"""One question for all logs at once: which of them have events that are not sealed yet."""

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Runs with the rights of whoever calls it, and walks from one tenant's scope to the next as
    # the worker does: policies bind it in each of them. It saves two round trips for each tenant.
    op.execute("""
        CREATE FUNCTION audit_logs_with_news(logs uuid[]) RETURNS SETOF uuid
        LANGUAGE plpgsql SECURITY INVOKER AS $$
        DECLARE
            log uuid;
            stored bigint;
            sealed bigint;
        BEGIN
            FOREACH log IN ARRAY logs LOOP
                PERFORM set_config('app.tenant_id', log::text, true);
                SELECT size INTO stored FROM audit_heads WHERE tenant_id = log;
                SELECT max(size) INTO sealed FROM audit_checkpoints WHERE tenant_id = log;
                IF coalesce(stored, 0) <> coalesce(sealed, 0) THEN
                    RETURN NEXT log;
                END IF;
            END LOOP;
            PERFORM set_config('app.tenant_id', '', true);
        END
        $$
    """)


def downgrade() -> None:
    op.execute("DROP FUNCTION audit_logs_with_news(uuid[])")
