"""Summaries of slices of a thousand to a million events: time, memory and tokens.

`python -m tests.bench.summaries`, with the built-in provider, in an installation of its own.
"""

import argparse
import sys
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from flask import Flask
from sqlalchemy import select, text

from app.audit.collection import AUDIT_LOG
from app.audit.queries import LogSlice
from app.identity.queries.actors import load_actor
from app.identity.roles import Role
from app.kernel.database import Scope, current_session, unit_of_work
from app.kernel.query_language.query import parse
from app.kernel.routing import database
from app.kernel.times import iso
from app.summaries.drafting.answering import PURPOSE
from app.summaries.drafting.asking import estimate_of
from app.summaries.drafting.digest import make_digest
from app.summaries.models import Summary
from app.summaries.service.requests import request_summary
from app.summaries.slices import Measured
from tests.bench.cast import tenant_id
from tests.bench.load import load_one_tenant
from tests.bench.machine import MemoryWatch
from tests.factories.identity import AccountFactory, MembershipFactory
from tests.support.installation import Installation, installed

ROWS = 1_000_000
PATIENCE_S = 300.0
SEALING_S = 900.0
_PAUSE_S = 0.01
_ENDED = {"in_review", "failed"}


@dataclass(frozen=True, slots=True)
class Drafted:
    """One summary: seconds to ask, from then to the draft, tokens, and memory of the worker."""

    events: int
    status: str
    claims: int
    asked_s: float
    drafted_s: float
    tokens: int
    before_mb: int
    most_mb: int


def bench(rows: int) -> list[Drafted]:
    """Draft a summary of each size up to so many events, and return what came out."""
    with installed(web_workers=1) as installation:
        _say(f"loading {rows:,} events")
        load_one_tenant(installation.addresses.for_owner(), rows)
        app = installation.make_app()
        account_id = _make_analyst(app)
        installation.start_worker()
        _say("sealing what was loaded")
        _until_sealed(installation)
        sizes = [size for size in (1_000, 10_000, 100_000) if size < rows]
        # The first one finds the worker as it starts, and is not counted.
        _draft(installation, app, account_id, 1_000)
        return [_draft(installation, app, account_id, size) for size in (*sizes, rows)]


def _until_sealed(installation: Installation) -> None:
    """Wait until the worker has sealed the load; it would be busy with it all the while."""
    statement = (
        "SELECT coalesce(max(h.size), 0) = coalesce(max(c.size), 0)"
        " FROM audit_heads h LEFT JOIN audit_checkpoints c USING (tenant_id)"
    )
    with installation.connect() as connection:
        if (
            installation.wait_for(lambda: connection.execute(statement).fetchone()[0], SEALING_S)
            is None
        ):
            raise RuntimeError("Sealing the load takes too long.")


def _draft(installation: Installation, app: Flask, account_id: UUID, size: int) -> Drafted:
    with app.app_context(), database().session(Scope(tenant_id(0))):
        actor = load_actor(account_id)
        start, end = _window(size)
        query = f"created:>={iso(start)} created:<{iso(end)}"
        with MemoryWatch(installation) as memory:
            begun = time.monotonic()
            summary_id = request_summary(actor, query_text=query)
            asked = time.monotonic()
            status = _wait(summary_id)
            drafted = time.monotonic()
        session = current_session()
        summary = session.scalars(select(Summary).where(Summary.id == summary_id)).one()
        slice_ = LogSlice(parse(summary.query, AUDIT_LOG.fields), start, end)
        claims = session.scalar(
            text("SELECT count(*) FROM summary_claims WHERE summary_id = :id"), {"id": summary_id}
        )
        used = memory.as_json()["worker"]
        done = Drafted(
            summary.events_total,
            status,
            claims,
            asked - begun,
            drafted - asked,
            _tokens(actor, slice_),
            used["before_mb"],
            used["most_mb"],
        )
        _say(f"{done.events:,} events: {done.drafted_s:.1f} s")
        return done


def _tokens(actor, slice_: LogSlice) -> int:
    """Return the tokens that the call takes, by the gateway's estimate of the very digest."""
    make_digest(slice_)
    measured = Measured(slice_, 0)
    return estimate_of(actor, measured).tokens.tokens_in


def _window(size: int) -> tuple[datetime, datetime]:
    """Return a window with so many of the newest events."""
    newest = text(
        "SELECT min(occurred_at), max(occurred_at) FROM (SELECT occurred_at FROM audit_events"
        " WHERE tenant_id = :tenant AND received_from = 'bench'"
        " ORDER BY occurred_at DESC LIMIT :size) AS newest"
    )
    asked = {"tenant": tenant_id(0), "size": size}
    first, last = current_session().execute(newest, asked).one()
    return first, last + timedelta(seconds=1)


def _wait(summary_id: UUID) -> str:
    deadline = time.monotonic() + PATIENCE_S
    statement = select(Summary.status).where(Summary.id == summary_id)
    while time.monotonic() < deadline:
        with unit_of_work() as session:
            status = session.scalar(statement)
        if status in _ENDED:
            return status
        time.sleep(_PAUSE_S)
    raise RuntimeError("The draft does not come.")


def _make_analyst(app: Flask) -> UUID:
    with app.app_context(), database().session(Scope(tenant_id(0))), unit_of_work():
        account = AccountFactory(name="Bench analyst", email="analyst@bench.example")
        MembershipFactory(tenant_id=tenant_id(0), account=account, role=Role.ANALYST.value)
        return account.id


def _say(words: str) -> None:
    sys.stderr.write(f"{words}\n")


def main() -> int:
    """Print time, tokens and memory by size; exit with 1 where a promise is not kept."""
    parser = argparse.ArgumentParser("tests.bench.summaries", description=main.__doc__)
    parser.add_argument("--rows", type=int, default=ROWS)
    results = bench(parser.parse_args().rows)
    head = f"{'events':>10} {'asking s':>9} {'draft s':>8} {'claims':>7} {'tokens':>7}"
    sys.stdout.write(f"{PURPOSE}, built-in provider\n{head} {'worker MB':>14}\n")
    for one in results:
        sys.stdout.write(
            f"{one.events:>10,} {one.asked_s:>9.2f} {one.drafted_s:>8.2f} {one.claims:>7}"
            f" {one.tokens:>7,} {one.before_mb:>6} → {one.most_mb:>4} {one.status}\n"
        )
    tokens = [one.tokens for one in results]
    growth = max(one.most_mb - one.before_mb for one in results)
    sys.stdout.write(f"tokens differ by a factor of {max(tokens) / min(tokens):.2f},")
    sys.stdout.write(f" the worker grew by {growth} MB at most\n")
    return 0 if all(one.status == "in_review" for one in results) else 1


if __name__ == "__main__":
    sys.exit(main())
