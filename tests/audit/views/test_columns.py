"""Readers choose the columns of the log, within what a page may hold."""

import pytest

from tests.factories.audit import AuditEventFactory


@pytest.fixture
def analyst(alder):
    alder.make(
        AuditEventFactory, action="door.opened", source_ip="198.51.100.7", reason="ticket 4711"
    )
    return alder.as_person("analyst")


def heads(page):
    table = next(one for one in page.tree.iter("table") if one.get("class", "").startswith("ds-t"))
    return [" ".join("".join(head.itertext()).split()) for head in table.iter("th")][
        : len(next(iter(table.iter("tr"))))
    ]


def log_of(world, query=""):
    return f"{world.path}/audit-log{query}"


def test_column_is_added_and_taken_away_by_its_link(alder, analyst):
    page = analyst.get(log_of(alder, "?q=action:door"))
    more = analyst.get(page.links["Address"])
    assert heads(more) == ["Time", "Actor", "Action", "Target", "Outcome", "Address"]
    assert "198.51.100.7" in more.rows[0]
    less = analyst.get(more.links["Actor"])
    assert heads(less) == ["Time", "Action", "Target", "Outcome", "Address"]
    assert heads(analyst.get(less.links["As at first"])) == heads(page)


def test_equal_choices_have_equal_addresses(alder, analyst):
    one = analyst.get(log_of(alder, "?columns=ip,actor"))
    other = analyst.get(log_of(alder, "?columns=actor,ip,actor"))
    assert one.links["Reason"] == other.links["Reason"]
    assert "columns=actor%2Cip%2Creason" in one.links["Reason"]


def test_filter_page_and_order_keep_the_columns(alder, analyst):
    page = analyst.get(log_of(alder, "?q=action:door&columns=ip"))
    for link in ("Remove filter: Action door", "Time", "Last 7 days"):
        assert heads(analyst.get(page.links[link])) == ["Time", "Address"], link
    form = page.form("Apply the filter")
    assert form.values["columns"] == "ip"


def test_unknown_column_is_left_out_and_said(alder, analyst):
    page = analyst.get(log_of(alder, "?columns=ip,colour"))
    assert "The log has no column “colour”; it was left out." in page.words
    assert heads(page) == ["Time", "Address"]


def test_more_columns_than_a_page_may_have_are_left_out_and_said(alder, analyst):
    many = "actor,action,target,outcome,ip,session,reason,actor_type"
    page = analyst.get(log_of(alder, f"?columns={many}"))
    assert "A list shows 6 columns beside the time; the last were left out." in page.words
    assert len(heads(page)) == 7
    assert "Actor type" not in page.links


def test_columns_belong_to_the_view(alder, analyst):
    page = analyst.get(log_of(alder, "?columns=ip"))
    saved = analyst.submit(analyst.get(page.links["Save view"]), "Save view", name="Addresses")
    assert heads(saved) == ["Time", "Address"]
    assert heads(analyst.get(analyst.get(log_of(alder)).links["Addresses"])) == ["Time", "Address"]
