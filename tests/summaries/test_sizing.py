"""A call stays within its bound, however long the words of a log are and however many groups."""

from uuid import uuid4

import pytest

from app.gateway.budgets.pricing import estimate_tokens
from app.gateway.chat import build_request
from app.gateway.prompt_files import PROMPTS, load_prompt
from app.gateway.redaction import MAX_VALUE
from app.kernel.commands import Outcome
from app.summaries.claims.contract import (
    MAX_CITED,
    MAX_QUESTION,
    Claim,
    ClaimKind,
    Content,
    Group,
    Mistake,
    Why,
    answer_schema,
)
from app.summaries.drafting.digest import MAX_EXEMPLARS, MAX_GROUPS, MAX_OUTLINE, fitting
from app.summaries.drafting.sizing import MAX_MENDED, MAX_TOKENS, PROMPT_TOKENS

VERSIONS = sorted(f"audit-summary@{path.stem}" for path in PROMPTS.glob("audit-summary/v*.md"))
USUAL, LONG, WIDE = "session.started", "a.b" * 40, "ł" * MAX_VALUE
TIME = "2026-11-23T05:25:34.123456Z"


def worst(action, groups=MAX_GROUPS, question=None):
    """A digest in which every group has words of its own, of that length."""
    cited = MAX_EXEMPLARS // MAX_GROUPS
    lines = tuple(
        Group(
            group=f"G{n}",
            actor=f"A{n}",
            action=f"{n}{action}"[:MAX_VALUE],
            outcome=Outcome.FAILURE,
            ip=f"I{n}",
            target=f"R{n}",
            count=999_999,
            first=TIME.replace("123", f"{n:03}"),
            last=TIME.replace("456", f"{n:03}"),
            event_ids=tuple(f"E{cited * n + at}" for at in range(cited)),
            why=Why.FREQUENT,
            is_exact=True,
        )
        for n in range(groups)
    )
    return Content(
        TIME, TIME, "q" * MAX_OUTLINE, 10**6, 10**6, 10**6, lines, (USUAL,) * 3, question
    )


def mistakes_of(content):
    group = content.groups[0]
    claim = Claim(
        ClaimKind.ACTIVITY,
        group.actor,
        group.action,
        group.target,
        None,
        group.ip,
        group.count,
        group.first,
        group.last,
        is_complete=True,
        event_ids=tuple(f"E{n}" for n in range(100, 100 + MAX_CITED)),
    )
    return (Mistake(claim.as_json(), "out_of_scope", "event_ids"),) * MAX_MENDED


def estimated(content, reference=VERSIONS[-1]):
    request = build_request(
        uuid4(), load_prompt(reference), content.as_json(), answer_schema(content)
    )
    return estimate_tokens(request).tokens_in


@pytest.mark.parametrize("reference", VERSIONS)
def test_the_system_text_of_every_version_keeps_to_its_share(reference):
    prompt = load_prompt(reference)
    assert estimate_tokens(build_request(uuid4(), prompt, {}, {})).tokens_in <= PROMPT_TOKENS


@pytest.mark.parametrize("action", [USUAL, LONG, WIDE], ids=["usual", "long", "wide"])
def test_a_call_keeps_to_its_bound_whatever_the_log_says(action):
    content = fitting(worst(action, question="ł" * MAX_QUESTION))

    assert content.groups
    assert estimated(content) <= MAX_TOKENS


def test_the_usual_words_leave_room_for_all_groups():
    assert len(fitting(worst(USUAL)).groups) == MAX_GROUPS


def test_least_telling_groups_are_left_out_first():
    content = worst(WIDE)
    left = fitting(content).groups

    assert 0 < len(left) < MAX_GROUPS
    assert left == content.groups[: len(left)]


@pytest.mark.parametrize("action", [USUAL, LONG])
def test_a_repair_round_keeps_to_the_bound_too(action):
    content = fitting(worst(action, question="What did they do?" * 10))
    again = Content(**{**vars_of(content), "mistakes": mistakes_of(content)})

    assert estimated(again) <= MAX_TOKENS


def vars_of(content):
    return {name: getattr(content, name) for name in content.__dataclass_fields__}
