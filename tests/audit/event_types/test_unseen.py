"""Characters that nobody sees are written out, wherever they come from."""

import json

import pytest

from app.audit.contract.validate import read_event
from app.identity.roles import Role
from tests.audit.sending import Sender, an_event

NASTY = {
    "\x1b[2J": "\\u001b[2J",
    "a\x00b": "a\\u0000b",
    "\ud800": "\\ud800",
    "evil\u202etxt.exe": "evil\\u202etxt.exe",
    "a\x85b\u2028c": "a\\u0085b\\u2028c",
    "\ufeffx\x7f": "\\ufeffx\\u007f",
}


@pytest.mark.parametrize(("sent", "kept"), NASTY.items(), ids=[ascii(one) for one in NASTY])
def test_unseen_characters_are_written_out_everywhere(sent, kept):
    draft = read_event(
        an_event(
            actor={"type": "person", "id": sent, "name": sent},
            targets=[{"type": sent, "id": sent, "name": sent}],
            source={"user_agent": sent, "session": sent, "request_id": sent},
            reason=sent,
            changes={sent: {"before": sent, "after": 1}},
            metadata={sent: {"deep": [sent]}, "n": 1},
        )
    )

    assert (draft.actor.id, draft.actor.name) == (kept, kept)
    assert (draft.targets[0].type, draft.targets[0].id, draft.targets[0].name) == (kept,) * 3
    assert (draft.user_agent, draft.session, draft.request_id, draft.reason) == (kept,) * 4
    assert draft.changes == {kept: {"before": kept, "after": "1"}}
    assert draft.metadata == {kept: {"deep": [kept]}, "n": 1}


def test_lines_and_tabs_stay_in_running_text_and_nowhere_else():
    text = "two\nlines\tand a tab"
    draft = read_event(
        an_event(
            actor={"type": "person", "id": text}, reason=text, metadata={"note": text, "name\n": 1}
        )
    )

    assert draft.reason == draft.metadata["note"] == text
    assert draft.actor.id == "two\\u000alines\\u0009and a tab"
    assert "name\\u000a" in draft.metadata


@pytest.mark.parametrize("text", ["Zoë Ünal", "日本語", "👩‍🚒 ok", "مرحبا", "a\u00a0b", "\\u001b"])
def test_what_can_be_seen_is_left_alone(text):
    assert read_event(an_event(reason=text)).reason == text


def test_stored_event_with_controls_is_shown_without_them(app, alder):
    event = an_event(
        actor={"type": "person", "id": "u-1", "name": "Eve\x1b[2J\x00"},
        reason="turned \u202e round",
    )

    assert Sender(app, alder.tenant).post(json.dumps(event)).status_code == 201

    page = alder.as_person(Role.OWNER).get(f"{alder.path}/audit-log/{event['id']}")
    assert "Eve\\u001b[2J\\u0000" in page.words
    assert not any(character in page.text for character in "\x1b\x00\u202e")
