"""Settings, Models and Model calls, through the front door."""

import json

import pytest

from app.gateway.choices.forms import value_of
from app.gateway.endpoints.stops import stop_everywhere
from app.identity.roles import Role
from app.kernel.ids import uuid7
from tests.factories.gateway import made_call
from tests.fakes import model_server as fake
from tests.gateway.conftest import BUILT_IN, KEY

MODELS, CALLS = "/settings/models", "/settings/model-calls"


@pytest.fixture
def house(endpoints):
    """Two endpoints of the operator, neither of which is asked anything."""
    with fake.ModelServer(fake.right()) as server:
        endpoints(house=server, spare=server)
        yield server


@pytest.fixture
def owner(alder, house):
    return alder.as_person(Role.OWNER)


def row(page, first):
    return next(cells for cells in page.rows if cells[0].startswith(first))


def test_owner_chooses_a_model_and_a_fallback(alder, owner):
    page = owner.get(f"{alder.path}{MODELS}/edit")
    saved = owner.submit(page, "Save", chosen="spare\tscripted", first=value_of(BUILT_IN))

    assert "The choice is saved." in saved.words
    assert "Fallbacks extractive baseline, no language model" in saved.words
    [event] = alder.log("model_choice.updated")
    assert event.changes["model"]["after"] == "spare: scripted"
    assert event.changes["fallbacks"]["after"] == BUILT_IN.words


def test_forged_choice_is_refused_by_the_form(alder, owner):
    page = owner.get(f"{alder.path}{MODELS}/edit")
    refused = owner.submit(page, "Save", chosen="evil\tscripted", expect=422)

    assert "Model" in refused.errors
    assert alder.log("model_choice.updated") == []


def test_same_model_twice_is_refused_and_what_was_chosen_stays(alder, owner):
    page = owner.get(f"{alder.path}{MODELS}/edit")
    twice = owner.submit(
        page, "Save", chosen="house\tscripted", first="house\tscripted", expect=422
    )

    assert "stands twice" in twice.errors
    assert twice.form("Save").values["chosen"] == "house\tscripted"


def test_owner_says_what_may_not_leave_for_an_endpoint(alder, owner):
    page = owner.get(f"{alder.path}{MODELS}/fields?of=spare")
    form = page.form("Save")
    ticked = {name: value for name, value in form.values.items() if name != "addresses"}
    saved = owner.post(form.action, ticked)

    assert row(saved, "spare")[1] == "addresses"
    assert row(saved, "house")[1] == "none"
    [event] = alder.log("model_egress.updated")
    assert (event.extra["endpoint"], event.changes["withheld"]["after"]) == ("spare", "addresses")


@pytest.mark.parametrize("name", ["nobody", "extractive", "../house"])
def test_fields_of_an_unknown_endpoint_are_not_there(alder, owner, name):
    owner.get(f"{alder.path}{MODELS}/fields?of={name}", expect=404)


def test_owner_sets_a_budget_in_tokens_and_money(alder, owner):
    page = owner.get(f"{alder.path}{MODELS}/budget?purpose=summary")
    saved = owner.submit(page, "Save", tokens="120000", money="12.5")

    cells = row(saved, "Summaries")
    assert "120,000" in cells
    assert "12.50 EUR" in cells
    [event] = alder.log("model_budget.updated")
    assert event.changes["monthly_micros"]["after"] == "12500000"


@pytest.mark.parametrize("typed", ["-1", "1e99", "many", "1" * 40, "NaN"])
def test_budget_that_is_no_number_is_refused_and_stays_typed(alder, owner, typed):
    page = owner.get(f"{alder.path}{MODELS}/budget")
    for field in ("tokens", "money"):
        refused = owner.submit(page, "Save", expect=422, **{field: typed})
        assert "month" in refused.errors
    assert alder.log("model_budget.updated") == []


def test_page_tells_what_was_used_and_what_is_reserved(alder, owner):
    made_call(alder)
    made_call(alder, status="started", finished_at=None, tokens_charged=0, tokens_reserved=5_000)

    cells = row(owner.get(alder.path + MODELS), "Summaries")

    assert cells[:4] == ["Summaries", "790", "5,000", "5,000,000"]
    assert cells[4] == "0.001234 EUR"


def test_stop_switch_says_who_stopped_and_why_until_somebody_starts(alder, owner):
    page = owner.get(f"{alder.path}{MODELS}/stop")
    stopped = owner.submit(page, "Stop", reason="The vendor reported a breach.")
    assert "The vendor reported a breach." in stopped.words
    assert "By Owner of Alder" in stopped.words

    started = owner.submit(owner.get(alder.path + MODELS), "Start calls")
    assert "breach" not in started.words
    [stop], [start] = alder.log("model.stopped"), alder.log("model.started")
    assert stop.reason == "The vendor reported a breach."
    assert start.actor_name == "Owner of Alder"


def test_operators_stop_is_shown_to_every_tenant(app, alder, birch, house):
    with birch.session():
        stop_everywhere("Costs are out of hand.", "root")

    page = alder.as_person(Role.AUDITOR).get(alder.path + MODELS)

    assert "Costs are out of hand." in page.words
    assert "whoever runs this installation" in page.words
    assert "root" not in page.words


def test_auditor_reads_and_changes_nothing(alder, house):
    auditor = alder.as_person(Role.AUDITOR)
    page = auditor.get(alder.path + MODELS)

    assert not {"Change", "Choose", "Stop calls"} & set(page.links)
    auditor.get(f"{alder.path}{MODELS}/edit", expect=403)
    auditor.get(f"{alder.path}{MODELS}/stop", expect=403)


def test_key_of_an_endpoint_is_on_no_page(alder, owner):
    call_id = made_call(alder)
    for place in (MODELS, f"{MODELS}/edit", CALLS, f"{CALLS}/{call_id}", f"{CALLS}/{call_id}/text"):
        assert KEY not in owner.get(alder.path + place).text


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("status:failed", 1),
        ("code:over_budget", 1),
        ("purpose:evaluation", 1),
        ("model:small-1", 3),
        ("model:house", 3),
        ("prompt:audit-summary@v1", 3),
        ("made:24h", 3),
        ("status:failed purpose:evaluation", 0),
    ],
)
def test_calls_are_found_by_what_is_known_of_them(alder, owner, query, found):
    made_call(alder)
    made_call(alder, purpose="evaluation")
    made_call(alder, status="failed", failure_code="over_budget", tokens_charged=0)

    page = owner.get(f"{alder.path}{CALLS}?q={query}")

    assert len([cells for cells in page.rows if len(cells) > 1]) == found


def test_call_page_tells_tries_tokens_cost_and_verdicts(alder, owner):
    call_id = made_call(alder, verdicts={"supported": 3, "contradicted": 1}, withheld=["addresses"])
    page = owner.get(f"{alder.path}{CALLS}/{call_id}")

    assert [cells[1:3] for cells in page.rows[:2]] == [
        ["house: small-1", "unavailable -"],
        ["house: small-1", "answered"],
    ]
    for words in ("790 tokens", "0.001234 EUR", "supported 3", "Withheld addresses", "0.9 s"):
        assert words in page.words


def test_failed_call_says_what_happened_and_what_to_do(alder, owner):
    call_id = made_call(alder, status="failed", failure_code="over_budget", tokens_charged=0)

    page = owner.get(f"{alder.path}{CALLS}/{call_id}")

    assert "can raise the budget under Settings, Models" in page.words


def test_words_of_a_call_are_shown_and_reading_them_is_an_event(alder, owner):
    call_id = made_call(alder)
    page = owner.get(f"{alder.path}{CALLS}/{call_id}")
    words = owner.get(page.links["Read the words"])

    assert '{"actor": "A1"}' in words.words
    [event] = alder.log("model_call.read")
    assert event.target_id == str(call_id)


@pytest.mark.parametrize("role", [Role.ANALYST, Role.SUPPORT, Role.EDITOR])
def test_words_and_ledger_are_for_those_who_may_read_them(alder, house, role):
    call_id = made_call(alder)
    person = alder.as_person(role)
    person.get(f"{alder.path}{CALLS}", expect=403)
    person.get(f"{alder.path}{CALLS}/{call_id}/text", expect=403)

    assert alder.log("model_call.read") == []


def test_call_of_another_tenant_is_not_there(alder, birch, owner):
    theirs = made_call(birch)
    for ending in ("", "/text"):
        owner.get(f"{alder.path}{CALLS}/{theirs}{ending}", expect=404)
        owner.get(f"{alder.path}{CALLS}/{uuid7()}{ending}", expect=404)

    assert birch.log("model_call.read") == []


def test_hostile_words_are_shown_as_words(alder, owner):
    evil = '<script>alert(1)</script>"><img src=x>'
    call_id = made_call(alder, model_served=evil, caller_name=evil)
    page = owner.get(f"{alder.path}{CALLS}/{call_id}")

    assert json.dumps(evil)[1:10] in page.words
    assert "<script>alert" not in page.text
