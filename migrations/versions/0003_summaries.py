"""Summaries and their claims, and the guards that keep a signature meaning something."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql as pg

from migrations.row_security import protect

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

STATUSES = (
    "status IN ('requested', 'drafting', 'in_review', 'approved', 'rejected', 'failed',"
    " 'cancelled')"
)
REASONS = (
    "decision_reason_code IN ('missing', 'wrong', 'unsupported', 'injected', 'tone',"
    " 'personal_data', 'other')"
)
VERDICTS = "verdict IN ('supported', 'contradicted', 'out_of_scope', 'uncited', 'incomplete')"

# What was signed stays as it was, and is signed only when every live claim is supported. The
# app checks the same; this holds when it errs, and for whoever writes past it.
GUARD_SUMMARY = """
CREATE FUNCTION guard_summary() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP <> 'INSERT' AND OLD.status = 'approved' THEN
    RAISE EXCEPTION 'an approved summary cannot be changed' USING ERRCODE = 'check_violation';
  END IF;
  IF TG_OP = 'INSERT' AND NEW.status = 'approved' THEN
    RAISE EXCEPTION 'a summary is not approved at once' USING ERRCODE = 'check_violation';
  END IF;
  IF TG_OP = 'UPDATE' AND NEW.status = 'approved' THEN
    IF OLD.status <> 'in_review' THEN
      RAISE EXCEPTION 'only a summary in review can be approved' USING ERRCODE = 'check_violation';
    END IF;
    IF NOT EXISTS (
      SELECT FROM summary_claims
      WHERE tenant_id = NEW.tenant_id AND summary_id = NEW.id AND removed_at IS NULL
    ) OR EXISTS (
      SELECT FROM summary_claims
      WHERE tenant_id = NEW.tenant_id AND summary_id = NEW.id AND removed_at IS NULL
        AND verdict <> 'supported'
    ) THEN
      RAISE EXCEPTION 'every claim of an approved summary is supported, and there is one'
        USING ERRCODE = 'check_violation';
    END IF;
  END IF;
  RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$
"""

# The lock makes a change of a claim and an approval wait for each other, so that neither can
# slip past the other's check.
GUARD_CLAIM = """
CREATE FUNCTION guard_summary_claim() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  claim summary_claims;
BEGIN
  FOREACH claim IN ARRAY CASE TG_OP
    WHEN 'INSERT' THEN ARRAY[NEW] WHEN 'DELETE' THEN ARRAY[OLD] ELSE ARRAY[OLD, NEW] END
  LOOP
    PERFORM FROM summaries
      WHERE tenant_id = claim.tenant_id AND id = claim.summary_id AND status <> 'approved'
      FOR SHARE;
    IF NOT FOUND THEN
      RAISE EXCEPTION 'the claims of an approved summary cannot be changed'
        USING ERRCODE = 'check_violation';
    END IF;
  END LOOP;
  RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$
"""


def upgrade() -> None:
    _summaries_table()
    _claims_table()
    for table, function in (
        ("summaries", "guard_summary"),
        ("summary_claims", "guard_summary_claim"),
    ):
        protect(table)
        op.execute(GUARD_SUMMARY if table == "summaries" else GUARD_CLAIM)
        op.execute(
            f"CREATE TRIGGER {function} BEFORE INSERT OR UPDATE OR DELETE ON {table}"
            f" FOR EACH ROW EXECUTE FUNCTION {function}()"
        )


def downgrade() -> None:
    op.drop_table("summary_claims")
    op.drop_table("summaries")
    op.execute("DROP FUNCTION guard_summary_claim()")
    op.execute("DROP FUNCTION guard_summary()")


def _summaries_table() -> None:
    op.create_table(
        "summaries",
        _tenant(),
        sa.Column("id", sa.Uuid(), primary_key=True),
        _text("title"),
        _text("query"),
        _time("window_start"),
        _time("window_end"),
        _text("status"),
        _text("requested_by"),
        _text("requested_by_name"),
        _time("requested_at"),
        _text("progress", nullable=True),
        _number("progress_done"),
        _number("progress_total"),
        _number("events_total"),
        _number("events_seen", nullable=True),
        sa.Column("call_id", sa.Uuid(), nullable=False),
        *(_text(name, nullable=True) for name in ("model", "prompt", "prompt_hash")),
        _text("provider_label", nullable=True),
        sa.Column("is_extractive", sa.Boolean()),
        *(_text(name, nullable=True) for name in ("failure_code", "failure_detail")),
        *(_text(name, nullable=True) for name in ("decided_by", "decided_by_name")),
        _time("decided_at", nullable=True),
        *(_text(name, nullable=True) for name in ("decision_reason_code", "decision_note")),
        _text("approved_hash", nullable=True),
        sa.CheckConstraint(STATUSES, name="status"),
        sa.CheckConstraint(
            "decided_by IS NULL OR status <> 'approved' OR decided_by <> requested_by",
            name="approved_by_another",
        ),
        sa.CheckConstraint(
            "status <> 'approved' OR (approved_hash IS NOT NULL AND decided_by IS NOT NULL"
            " AND decided_at IS NOT NULL)",
            name="approved_is_signed",
        ),
        sa.CheckConstraint(
            "status <> 'rejected' OR (decided_by IS NOT NULL AND decision_reason_code IS NOT NULL)",
            name="rejected_has_reason",
        ),
        sa.CheckConstraint(REASONS, name="reason_code"),
        sa.CheckConstraint("(status = 'failed') = (failure_code IS NOT NULL)", name="failure"),
        sa.CheckConstraint("window_start < window_end", name="window"),
    )
    op.create_index(
        "ix_summaries_requested",
        "summaries",
        ["tenant_id", sa.text("requested_at DESC"), sa.text("id DESC")],
    )
    op.create_index("ix_summaries_status", "summaries", ["tenant_id", "status"])


def _claims_table() -> None:
    op.create_table(
        "summary_claims",
        _tenant(),
        sa.Column("summary_id", sa.Uuid(), primary_key=True),
        sa.Column("number", sa.Integer(), primary_key=True, autoincrement=False),
        _text("kind"),
        sa.Column("fields", pg.JSONB(), nullable=False),
        sa.Column("event_ids", sa.ARRAY(sa.Uuid()), nullable=False),
        sa.Column("event_hashes", sa.ARRAY(sa.Text()), nullable=False),
        *(_text(name) for name in ("sentence", "verdict", "verdict_detail")),
        sa.Column("is_edited", sa.Boolean(), nullable=False),
        sa.Column("original_fields", pg.JSONB()),
        _time("removed_at", nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "summary_id"], ["summaries.tenant_id", "summaries.id"]
        ),
        sa.CheckConstraint("kind IN ('activity', 'absence')", name="kind"),
        sa.CheckConstraint(VERDICTS, name="verdict"),
        sa.CheckConstraint("cardinality(event_ids) = cardinality(event_hashes)", name="hashes"),
    )


def _tenant() -> sa.Column[object]:
    return sa.Column("tenant_id", sa.Uuid(), sa.ForeignKey("tenants.id"), primary_key=True)


def _text(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.String(), nullable=nullable)


def _number(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.Integer(), nullable=nullable)


def _time(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)
