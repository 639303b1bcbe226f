"""Words that an event repeats very often, whose places PostgreSQL does not keep all."""

from urllib.parse import urlencode

import pytest

from app.identity.roles import Role
from tests.factories.audit import AuditEventFactory

KEPT = 255


@pytest.fixture
def found(alder):
    """Return what a query finds in a log with an event that repeats a word too often."""
    alder.make(AuditEventFactory, reason=f"begin {'echo ' * (KEPT + 40)}halt")
    reader = alder.as_person(Role.OWNER)

    def search(words):
        asked = urlencode({"q": f"action:document.opened {words}"})
        return len(reader.get(f"/t/{alder.tenant.slug}/audit-log?{asked}").rows)

    return search


@pytest.mark.parametrize("words", ["echo", "halt", "echo halt", '"begin echo"', '"echo echo"'])
def test_repeated_word_is_found_alone_and_in_phrases_where_it_begins(found, words):
    assert found(words) == 1


def test_phrase_behind_the_last_place_kept_is_the_known_limit(found):
    assert found('"echo halt"') == 0
