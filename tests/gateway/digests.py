"""A small digest of an audit log, and the request that carries it."""

from dataclasses import replace

from app.gateway.chat import build_request
from app.gateway.prompt_files import get_prompt
from app.kernel.commands import Outcome
from app.kernel.ids import uuid7
from app.summaries.claims.contract import PROMPT, Content, Group, Why, answer_schema


def group(number=1, why=Why.FREQUENT, *, count=1, cited=None, **changes):
    """A group of `count` events, all of them cited unless `cited` says how many."""
    cited = count if cited is None else cited
    ids = tuple(f"E{number * 100 + i}" for i in range(cited))
    values = {
        "group": f"G{number}",
        "actor": "A1",
        "action": "session.started",
        "outcome": Outcome.SUCCESS,
        "ip": "I1",
        "target": "R1",
        "count": count,
        "first": f"2026-11-{number:02}T08:00:00.000000Z",
        "last": f"2026-11-{number:02}T09:00:00.000000Z",
        "event_ids": ids,
        "why": why,
        "is_exact": True,
    }
    return Group(**(values | changes))


def content(*groups, total=None, absent=()):
    """A digest of these groups and nothing else."""
    return Content(
        start="2026-11-01T00:00:00Z",
        end="2026-11-30T00:00:00Z",
        query="",
        total=sum(g.count for g in groups) if total is None else total,
        failed=0,
        denied=0,
        groups=groups,
        absent=absent,
    )


USUAL = content(
    group(1, count=4),
    group(2, Why.FAILURES, count=3, outcome=Outcome.FAILURE, actor="A2"),
    absent=("audit_event.exported",),
)


def chat_request(digest=USUAL, call_id=None, **changes):
    """The request of a call about the digest, as the gateway builds it."""
    content_and_schema = digest.as_json(), answer_schema(digest)
    request = build_request(call_id or uuid7(), get_prompt(f"{PROMPT}@v2"), *content_and_schema)
    return replace(request, **changes)
