"""Summaries with a question, versions, reservations, withdrawal, and drafts that test reviewers.

The guards grow with them: what is signed is checked against the log in the very act of signing,
what was signed can only be withdrawn, and a test draft is never signed.
"""

import importlib

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql as pg

from migrations.row_security import protect

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

# A module whose name begins with a digit can be imported in no other way.
_FIRST = importlib.import_module("migrations.versions.0003_summaries")
_STATUSES = _FIRST.STATUSES.replace("'cancelled')", "'cancelled', 'withdrawn', 'caught', 'missed')")
_TEXTS = (
    "question",
    "repair",
    "reserved_by",
    "reserved_by_name",
    "withdrawn_by",
    "withdrawn_by_name",
    "withdrawal_reason",
)
_TIMES = ("reserved_at", "reserved_until", "withdrawn_at", "outcome_seen_at")
_NUMBERS = ("watermark", "sealed", "review_s")
_CHECKS = {
    "withdrawn_has_reason": "(status = 'withdrawn') = (withdrawn_at IS NOT NULL)"
    " AND (withdrawn_at IS NULL) = (withdrawn_by IS NULL)"
    " AND (withdrawn_at IS NULL) = (withdrawal_reason IS NULL)",
    "reservation": "(reserved_by IS NULL) = (reserved_until IS NULL)"
    " AND (reserved_by IS NULL) = (reserved_at IS NULL)",
    "seeded_is_never_approved": "NOT is_seeded AND status NOT IN ('caught', 'missed')"
    " OR is_seeded AND status IN ('in_review', 'caught', 'missed')",
    "question": "length(question) <= 300",
    "version": "version > 0 AND (version = 1) = (previous_id IS NULL)",
}

# Times of the database and of the app may differ, so nothing here asks for the time: that every
# claim was checked in the act of signing shows in both having the same one.
GUARD_SUMMARY = """
CREATE OR REPLACE FUNCTION guard_summary() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  kept summaries;
BEGIN
  IF TG_OP <> 'INSERT' AND OLD.status IN ('approved', 'withdrawn') THEN
    IF TG_OP = 'UPDATE' THEN
      kept := NEW;
      kept.outcome_seen_at := OLD.outcome_seen_at;
      IF OLD.status = 'approved' AND NEW.status = 'withdrawn' THEN
        kept.status := OLD.status;
        kept.withdrawn_by := OLD.withdrawn_by;
        kept.withdrawn_by_name := OLD.withdrawn_by_name;
        kept.withdrawn_at := OLD.withdrawn_at;
        kept.withdrawal_reason := OLD.withdrawal_reason;
      END IF;
      IF kept IS NOT DISTINCT FROM OLD THEN
        RETURN NEW;
      END IF;
    END IF;
    RAISE EXCEPTION 'an approved summary cannot be changed' USING ERRCODE = 'check_violation';
  END IF;
  IF TG_OP <> 'DELETE' AND NEW.status = 'withdrawn' THEN
    RAISE EXCEPTION 'only an approved summary is withdrawn' USING ERRCODE = 'check_violation';
  END IF;
  IF TG_OP = 'UPDATE' AND NEW.is_seeded <> OLD.is_seeded THEN
    RAISE EXCEPTION 'a test draft stays one' USING ERRCODE = 'check_violation';
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
    IF EXISTS (
      SELECT FROM summary_claims
      WHERE tenant_id = NEW.tenant_id AND summary_id = NEW.id AND removed_at IS NULL
        AND NEW.decided_at IS NOT NULL AND checked_at IS DISTINCT FROM NEW.decided_at
    ) OR EXISTS (
      SELECT FROM summary_claims AS claim CROSS JOIN unnest(claim.event_ids) AS cited (id)
      WHERE claim.tenant_id = NEW.tenant_id AND claim.summary_id = NEW.id
        AND claim.removed_at IS NULL
        AND NOT EXISTS (
          SELECT FROM audit_events AS event
          WHERE event.tenant_id = NEW.tenant_id AND event.id = cited.id
            AND event.occurred_at >= NEW.window_start AND event.occurred_at < NEW.window_end
        )
    ) THEN
      RAISE EXCEPTION 'every claim of an approved summary is checked in the act'
        USING ERRCODE = 'check_violation';
    END IF;
  END IF;
  RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$
"""

GUARD_CLAIM = """
CREATE OR REPLACE FUNCTION guard_summary_claim() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  claim summary_claims;
BEGIN
  FOREACH claim IN ARRAY CASE TG_OP
    WHEN 'INSERT' THEN ARRAY[NEW] WHEN 'DELETE' THEN ARRAY[OLD] ELSE ARRAY[OLD, NEW] END
  LOOP
    PERFORM FROM summaries
      WHERE tenant_id = claim.tenant_id AND id = claim.summary_id
        AND status NOT IN ('approved', 'withdrawn')
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
    op.add_column(
        "summaries", sa.Column("version", sa.Integer(), nullable=False, server_default="1")
    )
    op.add_column("summaries", sa.Column("previous_id", sa.Uuid()))
    op.add_column(
        "summaries", sa.Column("is_seeded", sa.Boolean(), nullable=False, server_default="false")
    )
    for name in _TEXTS:
        op.add_column("summaries", sa.Column(name, sa.String()))
    for name in _TIMES:
        op.add_column("summaries", sa.Column(name, sa.DateTime(timezone=True)))
    for name in _NUMBERS:
        kind = sa.Integer() if name == "review_s" else sa.BigInteger()
        op.add_column("summaries", sa.Column(name, kind))
    op.drop_constraint(op.f("ck_summaries_status"), "summaries")
    op.create_check_constraint(op.f("ck_summaries_status"), "summaries", _STATUSES)
    for name, rule in _CHECKS.items():
        op.create_check_constraint(op.f(f"ck_summaries_{name}"), "summaries", rule)
    op.create_foreign_key(
        op.f("fk_summaries_tenant_id_summaries"),
        "summaries",
        "summaries",
        ["tenant_id", "previous_id"],
        ["tenant_id", "id"],
    )
    op.create_unique_constraint("summaries_previous", "summaries", ["tenant_id", "previous_id"])
    _claims()
    _own_tables()
    op.execute(GUARD_SUMMARY)
    op.execute(GUARD_CLAIM)


def _claims() -> None:
    op.add_column("summary_claims", sa.Column("before_repair", pg.JSONB()))
    op.add_column("summary_claims", sa.Column("checked_at", sa.DateTime(timezone=True)))
    op.drop_constraint(op.f("ck_summary_claims_kind"), "summary_claims")
    op.create_check_constraint(
        op.f("ck_summary_claims_kind"),
        "summary_claims",
        "kind IN ('activity', 'absence', 'policy')",
    )


def _own_tables() -> None:
    op.create_table(
        "review_settings",
        sa.Column("tenant_id", sa.Uuid(), sa.ForeignKey("tenants.id"), primary_key=True),
        sa.Column("plants_tests", sa.Boolean(), nullable=False),
        sa.Column("one_in", sa.Integer(), nullable=False),
        sa.CheckConstraint("one_in BETWEEN 1 AND 100", name="one_in"),
    )
    op.create_table(
        "reviewer_notices",
        sa.Column("tenant_id", sa.Uuid(), sa.ForeignKey("tenants.id"), primary_key=True),
        sa.Column("account_id", sa.Uuid(), primary_key=True),
        sa.Column("notified_at", sa.DateTime(timezone=True), nullable=False),
    )
    for table in ("review_settings", "reviewer_notices"):
        protect(table)


def downgrade() -> None:
    op.execute(_FIRST.GUARD_SUMMARY.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION"))
    op.execute(_FIRST.GUARD_CLAIM.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION"))
    for table in ("reviewer_notices", "review_settings"):
        op.drop_table(table)
    for name in ("before_repair", "checked_at"):
        op.drop_column("summary_claims", name)
    op.drop_constraint(op.f("ck_summary_claims_kind"), "summary_claims")
    op.create_check_constraint(
        op.f("ck_summary_claims_kind"), "summary_claims", "kind IN ('activity', 'absence')"
    )
    for name in (*_CHECKS, "status"):
        op.drop_constraint(op.f(f"ck_summaries_{name}"), "summaries")
    op.create_check_constraint(op.f("ck_summaries_status"), "summaries", _FIRST.STATUSES)
    for name in (*_TEXTS, *_TIMES, *_NUMBERS, "is_seeded", "previous_id", "version"):
        op.drop_column("summaries", name)
