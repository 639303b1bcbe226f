"""The guide to the log: every query in it is one, every button it names is on the page."""

import re

import pytest

from app.audit.collection import AUDIT_LOG
from app.boot.settings import ROOT
from app.kernel.query_language.query import parse
from tests.factories.audit import AuditEventFactory

GUIDE = (ROOT / "docs" / "audit-log.md").read_text("utf-8")
ASKING = GUIDE.partition("## Asking")[2].partition("\n## ")[0]
QUERIES = re.findall(r"^\| `(.+?)` \|", ASKING, re.MULTILINE)


@pytest.mark.parametrize("query", QUERIES)
def test_query_of_the_guide_is_understood_and_canonical(query):
    asked = parse(query, AUDIT_LOG.fields)
    assert asked.terms
    assert asked.errors == ()
    again = parse(asked.canonical(), AUDIT_LOG.fields)
    assert again.canonical() == asked.canonical()


def test_guide_shows_every_key_that_can_be_asked_for():
    shown = {term.key for query in QUERIES for term in parse(query, AUDIT_LOG.fields).terms}
    assert shown == {field.key for field in AUDIT_LOG.fields} | {None}


def test_buttons_that_the_guide_names_are_on_the_page(alder):
    alder.make(AuditEventFactory, action="door.opened")
    page = alder.as_person("owner").get(
        f"{alder.path}/audit-log/over-time?q=action:door+created:24h"
    )
    for named in ("Narrow by", "Choose a time", "Save view", "Share", "Export", "Seal"):
        assert named in GUIDE
        assert named in page.words
