"""Runs of the evaluation, and the promotion of prompts that rests on them."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql as pg

from migrations.row_security import protect

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

TABLES = ("eval_runs", "eval_results", "eval_cases", "prompt_releases", "tool_calls")

# What a release rests on stays as it was.
GUARDS = {
    "guard_eval_run": (
        "eval_runs",
        """
  IF OLD.status NOT IN ('waiting', 'running') THEN
    RAISE EXCEPTION 'a run that has ended cannot be changed' USING ERRCODE = 'check_violation';
  END IF;
""",
    ),
    "guard_prompt_release": (
        "prompt_releases",
        """
  IF OLD.status <> 'proposed' THEN
    RAISE EXCEPTION 'what was decided about a prompt cannot be changed'
      USING ERRCODE = 'check_violation';
  END IF;
  IF TG_OP = 'UPDATE' AND (NEW.kind, NEW.name, NEW.version, NEW.prompt_hash, NEW.tuple_hash,
      NEW.run_id, NEW.proposed_by) IS DISTINCT FROM (OLD.kind, OLD.name, OLD.version,
      OLD.prompt_hash, OLD.tuple_hash, OLD.run_id, OLD.proposed_by) THEN
    RAISE EXCEPTION 'what was proposed cannot be changed' USING ERRCODE = 'check_violation';
  END IF;
""",
    ),
    "guard_eval_result": (
        "eval_results",
        """
  IF TG_OP = 'UPDATE' AND OLD.category = 'own' AND NEW.passes = OLD.passes THEN
    -- A person is taken out of what the tenant's own reviews brought in; the verdict stays.
    RETURN NEW;
  END IF;
  IF EXISTS (
    SELECT FROM eval_runs WHERE tenant_id = OLD.tenant_id AND id = OLD.run_id
      AND status NOT IN ('waiting', 'running')
  ) THEN
    RAISE EXCEPTION 'a run that has ended cannot be changed' USING ERRCODE = 'check_violation';
  END IF;
""",
    ),
}


def upgrade() -> None:
    op.add_column(
        "tenants", sa.Column("kind", sa.String(), nullable=False, server_default="customer")
    )
    op.create_check_constraint("kind", "tenants", "kind IN ('customer', 'evaluation')")
    _runs_table()
    _results_table()
    _cases_table()
    _releases_table()
    _tool_calls_table()
    for table in TABLES:
        protect(table)
    for function, (table, body) in GUARDS.items():
        op.execute(
            f"CREATE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body}"
            " RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END; END $$"
        )
        op.execute(
            f"CREATE TRIGGER {function} BEFORE UPDATE OR DELETE ON {table}"
            f" FOR EACH ROW EXECUTE FUNCTION {function}()"
        )


def downgrade() -> None:
    for table in ("tool_calls", "prompt_releases", "eval_cases", "eval_results", "eval_runs"):
        op.drop_table(table)
    for function in GUARDS:
        op.execute(f"DROP FUNCTION {function}()")
    op.drop_constraint(op.f("ck_tenants_kind"), "tenants")
    op.drop_column("tenants", "kind")


def _runs_table() -> None:
    op.create_table(
        "eval_runs",
        *_keys(),
        _text("prompt_name"),
        sa.Column("prompt_version", sa.Integer(), nullable=False),
        *(_text(name) for name in ("prompt_hash", "endpoint", "model")),
        _json("parameters"),
        *(_text(name) for name in ("retriever", "snapshot", "caseset_hash")),
        sa.Column("verifier_version", sa.Integer(), nullable=False),
        *(_text(name) for name in ("tuple_hash", "status", "asked_by", "asked_by_name")),
        _time("asked_at"),
        _time("finished_at", nullable=True),
        *(_number(name) for name in ("cases_total", "cases_done", "errors")),
        sa.Column("champion_id", sa.Uuid()),
        sa.Column("regressed", sa.Boolean(), nullable=False),
        _json("comparison", nullable=True),
        _json("metrics", nullable=True),
        _json("reasons"),
        sa.UniqueConstraint(
            "tenant_id",
            "id",
            "prompt_name",
            "prompt_version",
            "tuple_hash",
            "status",
            name="uq_eval_runs_evidence",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "champion_id"], ["eval_runs.tenant_id", "eval_runs.id"]
        ),
        sa.CheckConstraint(
            "status IN ('waiting', 'running', 'passed', 'failed', 'broken', 'cancelled')",
            name="status",
        ),
        sa.CheckConstraint(
            "(status IN ('waiting', 'running')) = (finished_at IS NULL)", name="finished"
        ),
        sa.CheckConstraint(
            "status <> 'passed' OR (metrics IS NOT NULL AND NOT regressed AND cases_total > 0"
            " AND cases_done = cases_total AND errors * 100 <= cases_total"
            " AND reasons = '[]'::jsonb)",
            name="passed",
        ),
    )
    newest: list[str | sa.TextClause] = ["tenant_id", sa.text("asked_at DESC"), sa.text("id DESC")]
    op.create_index("ix_eval_runs_asked", "eval_runs", newest)


def _results_table() -> None:
    op.create_table(
        "eval_results",
        sa.Column("tenant_id", sa.Uuid(), sa.ForeignKey("tenants.id"), primary_key=True),
        sa.Column("run_id", sa.Uuid(), primary_key=True),
        sa.Column("case_id", sa.String(), primary_key=True),
        *(_text(name) for name in ("category", "split")),
        sa.Column("passes", sa.Boolean(), nullable=False),
        *(_json(name) for name in ("asked", "expected", "outcome")),
        sa.ForeignKeyConstraint(["tenant_id", "run_id"], ["eval_runs.tenant_id", "eval_runs.id"]),
    )


def _cases_table() -> None:
    op.create_table(
        "eval_cases",
        sa.Column("tenant_id", sa.Uuid(), sa.ForeignKey("tenants.id"), primary_key=True),
        sa.Column("id", sa.String(), primary_key=True),
        _text("category"),
        *(_json(name) for name in ("asked", "expected")),
        sa.Column("summary_id", sa.Uuid(), nullable=False),
        *(_text(name) for name in ("made_by", "made_by_name")),
        _time("made_at"),
        sa.UniqueConstraint("tenant_id", "summary_id", name="uq_eval_cases_summary"),
        sa.ForeignKeyConstraint(
            ["tenant_id", "summary_id"], ["summaries.tenant_id", "summaries.id"]
        ),
    )


def _releases_table() -> None:
    op.create_table(
        "prompt_releases",
        *_keys(),
        *(_text(name) for name in ("kind", "name")),
        sa.Column("version", sa.Integer()),
        *(_text(name, nullable=True) for name in ("prompt_hash", "tuple_hash")),
        sa.Column("run_id", sa.Uuid()),
        _text("run_status", nullable=True),
        sa.Column("restores", sa.Uuid()),
        _text("restores_status", nullable=True),
        *(_text(name) for name in ("status", "reason", "proposed_by", "proposed_by_name")),
        _time("proposed_at"),
        *(_text(name, nullable=True) for name in ("decided_by", "decided_by_name")),
        _time("decided_at", nullable=True),
        _text("decision_reason", nullable=True),
        *_release_constraints(),
    )
    op.create_index(
        "ix_prompt_releases_open",
        "prompt_releases",
        ["tenant_id", "name"],
        unique=True,
        postgresql_where=sa.text("status = 'proposed'"),
    )
    newest: list[str | sa.TextClause] = ["tenant_id", "name", sa.text("decided_at DESC")]
    op.create_index("ix_prompt_releases_decided", "prompt_releases", newest)


def _release_constraints() -> list[sa.Constraint]:
    evidence = ("prompt_name", "prompt_version", "tuple_hash", "status")
    restored = ("id", "name", "version", "status")
    return [
        sa.UniqueConstraint("tenant_id", *restored, name="uq_prompt_releases_restored"),
        sa.ForeignKeyConstraint(
            ["tenant_id", "run_id", "name", "version", "tuple_hash", "run_status"],
            ["eval_runs.tenant_id", "eval_runs.id", *(f"eval_runs.{name}" for name in evidence)],
            name="fk_prompt_releases_evidence",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "restores", "name", "version", "restores_status"],
            ["prompt_releases.tenant_id", *(f"prompt_releases.{name}" for name in restored)],
            name="fk_prompt_releases_restored",
        ),
        sa.CheckConstraint("kind IN ('promotion', 'rollback')", name="kind"),
        sa.CheckConstraint(
            "status IN ('proposed', 'released', 'refused', 'withdrawn')", name="status"
        ),
        sa.CheckConstraint(
            "kind <> 'promotion' OR (version IS NOT NULL AND prompt_hash IS NOT NULL"
            " AND tuple_hash IS NOT NULL AND run_id IS NOT NULL AND run_status IS NOT NULL"
            " AND run_status = 'passed' AND restores IS NULL)",
            name="promotion_has_evidence",
        ),
        sa.CheckConstraint(
            "kind <> 'rollback' OR (run_id IS NULL AND (version IS NULL) = (restores IS NULL)"
            " AND (version IS NULL) = (prompt_hash IS NULL)"
            " AND (restores IS NULL) = (restores_status IS NULL)"
            " AND coalesce(restores_status, 'released') = 'released')",
            name="rollback_restores",
        ),
        sa.CheckConstraint(
            "status NOT IN ('released', 'refused') OR (decided_by IS NOT NULL"
            " AND decided_at IS NOT NULL"
            " AND (kind = 'rollback' OR decided_by <> proposed_by))",
            name="decided_by_another",
        ),
    ]


def _tool_calls_table() -> None:
    op.create_table(
        "tool_calls",
        *_keys(),
        sa.Column("call_id", sa.Uuid(), nullable=False),
        *(_text(name) for name in ("prompt", "tool")),
        _json("arguments"),
        sa.Column("is_allowed", sa.Boolean(), nullable=False),
        _text("refusal", nullable=True),
        *(_text(name) for name in ("caller_type", "caller_id", "caller_name")),
        _time("called_at"),
        sa.CheckConstraint("is_allowed = (refusal IS NULL)", name="refusal"),
    )
    op.create_index("ix_tool_calls_call", "tool_calls", ["tenant_id", "call_id"])
    newest: list[str | sa.TextClause] = ["tenant_id", sa.text("called_at DESC"), sa.text("id DESC")]
    op.create_index("ix_tool_calls_called", "tool_calls", newest)


def _keys() -> tuple[sa.Column[object], ...]:
    return (
        sa.Column("tenant_id", sa.Uuid(), sa.ForeignKey("tenants.id"), primary_key=True),
        sa.Column("id", sa.Uuid(), primary_key=True),
    )


def _text(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.String(), nullable=nullable)


def _json(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, pg.JSONB(), nullable=nullable)


def _number(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.Integer(), nullable=False)


def _time(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)
