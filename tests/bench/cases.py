"""What is asked of the log: as the page is asked, and as somebody would write it in SQL by hand.

The floor is the least that an answer takes: the rows or the numbers and nothing else, in a
transaction of the tenant under row-level security, without a page around them. It uses the same
tables, so that it says what the page adds and not what another design would have cost.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import psycopg

from app.audit.search.lexemes import mark_of, network_prefix, quoted
from tests.bench.cast import ACTIONS, cast_of, vocabulary
from tests.bench.generate import END

PAGE = 51
DEPTH = 100_000
VARIANTS = 8
COLUMNS = (
    "id, occurred_at, actor_type, actor_id, actor_name, action, outcome, target_type, target_id,"
    " target_name, targets, source_ip, session, reason, received_from"
)
_ORDER = f" ORDER BY occurred_at DESC, id DESC LIMIT {PAGE}"
_LIST = f"SELECT {COLUMNS} FROM audit_events WHERE tenant_id = %(tenant)s"
_FOUND = (
    f"SELECT {COLUMNS} FROM audit_events_searchable WHERE tenant_id = %(tenant)s"
    " AND search @@ CAST(%(words)s AS tsquery)"
)
PAGE_OF, BARS_OF, VALUES_OF = "page", "bars", "values"


@dataclass(frozen=True, slots=True)
class Variant:
    """One way to ask: the query of the page, and the parameters of the floor."""

    query: str
    parameters: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Case:
    """One thing asked, in several variants, so that no answer is simply repeated.

    `target_ms` is the promise for the page at p50, None where there is none. `part` is what is
    asked for: the page, the bars over it, or the values beside it.
    """

    name: str
    variants: tuple[Variant, ...]
    floor: str
    target_ms: float | None = 20
    part: str = PAGE_OF
    is_deep: bool = False


def make_cases(connection: psycopg.Connection, tenant: UUID, rows: int) -> list[Case]:
    """Return the cases for the largest tenant of a log of so many events."""
    place = _deep_place(connection, tenant)
    return [
        Case("page 1", (Variant("", {}),), _LIST + _ORDER, 12),
        Case(
            f"keyset at {place['depth']:,}",
            (Variant("", place),),
            _LIST + " AND (occurred_at, id) < (%(at)s, %(id)s)" + _ORDER,
            12,
            is_deep=True,
        ),
        *_filters(rows, tenant),
        *_texts(tenant),
        *_counts(),
    ]


def _filters(rows: int, tenant: UUID) -> list[Case]:
    actors = cast_of(0, rows // 5).actors
    ids = [actor.id for actor in (*actors[:4], *actors[-4:])]
    kinds = [ACTIONS[n * 7 % len(ACTIONS)].partition(".")[0] for n in range(VARIANTS)]
    month = END - dt.timedelta(days=120)
    networks = [f"10.0.{n}.0/24" for n in range(VARIANTS)]
    mark = mark_of(tenant)
    return [
        Case(
            "actor",
            tuple(Variant(f"actor:{ident}", {"value": ident}) for ident in ids),
            _LIST + " AND actor_id = %(value)s" + _ORDER,
        ),
        Case(
            "action",
            tuple(
                Variant(f"action:{kind}.", {"words": f"{quoted(f'{mark}=c{kind}.')}:*"})
                for kind in kinds
            ),
            _FOUND + _ORDER,
        ),
        Case(
            "outcome",
            tuple(Variant(f"outcome:{one}", {"value": one}) for one in ("denied", "failure")),
            _LIST + " AND outcome = %(value)s" + _ORDER,
        ),
        Case(
            "target",
            tuple(
                Variant(f"target:{kind}_{n * 31}", {"value": f"{kind}_{n * 31}"})
                for n, kind in enumerate(kinds)
            ),
            _LIST + " AND target_id = %(value)s" + _ORDER,
        ),
        Case(
            "address",
            tuple(
                Variant(f"ip:{one}", {"words": f"{quoted(mark + network_prefix(one))}:*"})
                for one in networks
            ),
            _FOUND + _ORDER,
        ),
        Case(
            "time",
            tuple(_week(month + dt.timedelta(days=9 * n)) for n in range(VARIANTS)),
            _LIST + " AND occurred_at >= %(start)s AND occurred_at < %(end)s" + _ORDER,
        ),
        Case(
            "three at once",
            tuple(
                Variant(
                    f"actor:{ident} outcome:failure created:>=2026-06-01",
                    {"value": ident, "start": "2026-06-01Z"},
                )
                for ident in ids
            ),
            _LIST + " AND actor_id = %(value)s AND outcome = 'failure'"
            " AND occurred_at >= %(start)s" + _ORDER,
        ),
    ]


def _texts(tenant: UUID) -> list[Case]:
    words, mark = vocabulary(), mark_of(tenant)
    several = {
        "text, common": words[:VARIANTS],
        "text, 1 in 100": words[14 : 14 + VARIANTS],
        "text, rare": words[8_000 : 8_000 + VARIANTS],
        "text, absent": tuple(f"absent{n}" for n in range(VARIANTS)),
    }
    cases = [
        Case(
            name,
            tuple(Variant(word, {"words": quoted(mark + word)}) for word in some),
            _FOUND + _ORDER,
            25,
        )
        for name, some in several.items()
    ]
    pairs = [(words[n], words[40 + n]) for n in range(VARIANTS)]
    two = tuple(
        Variant(f"{a} {b}", {"words": f"{quoted(mark + a)} & {quoted(mark + b)}"}) for a, b in pairs
    )
    return [*cases, Case("text, two words", two, _FOUND + _ORDER, 25)]


def _counts() -> list[Case]:
    counted = "SELECT {} FROM {} WHERE tenant_id = %(tenant)s AND day >= %(start)s AND action {}"
    month = f"{END - dt.timedelta(days=30):%Y-%m-%d}"
    year = f"{END - dt.timedelta(days=364):%Y-%m-%d}"
    days = counted.format("day, outcome, n", "audit_counts_daily", "= ''")
    values = counted.format("action, outcome, sum(n)", "audit_counts_daily", "<> ''")
    return [
        Case(f"{what}, {span}", (Variant(f"created:>={start}", {"start": start}),), sql, 20, part)
        for what, sql, part in (
            ("histogram", days, BARS_OF),
            ("facets", f"{values} GROUP BY action, outcome", VALUES_OF),
        )
        for span, start in (("30 days", month), ("a year", year))
    ]


def _week(start: dt.datetime) -> Variant:
    end = start + dt.timedelta(days=7)
    spelled = f"created:{start:%Y-%m-%d}..{end - dt.timedelta(days=1):%Y-%m-%d}"
    return Variant(spelled, {"start": start, "end": end})


def _deep_place(connection: psycopg.Connection, tenant: UUID) -> dict[str, Any]:
    """Return the place of an event far down the list, at most halfway."""
    size = connection.execute(
        "SELECT count(*) FROM audit_events WHERE tenant_id = %s", (tenant,)
    ).fetchone()[0]
    depth = min(DEPTH, size // 2)
    at, ident = connection.execute(
        "SELECT occurred_at, id FROM audit_events WHERE tenant_id = %s"
        " ORDER BY occurred_at DESC, id DESC OFFSET %s LIMIT 1",
        (tenant, depth),
    ).fetchone()
    return {"at": at, "id": ident, "depth": depth}
