"""What somebody asks of the log often, kept under a name."""

import pytest

from app.audit.models import AuditEvent
from app.audit.views.models import SavedView
from app.audit.views.service import MAX_VIEWS
from app.kernel.database import current_session, unit_of_work
from tests.factories.audit import AuditEventFactory
from tests.factories.saved_views import SavedViewFactory


@pytest.fixture
def events(alder):
    for outcome in ("success", "failure", "denied"):
        alder.make(AuditEventFactory, action="door.opened", outcome=outcome)


@pytest.fixture
def analyst(alder, events):
    return alder.as_person("analyst")


def log_of(world, query=""):
    return f"{world.path}/audit-log{query}"


def keep(visitor, world, name, query="?q=outcome:failure", **typed):
    """Save what the log shows under a name, the way people do."""
    page = visitor.get(log_of(world, query))
    form = visitor.get(page.links["Save view"])
    return visitor.submit(form, "Save view", name=name, **typed)


def tabs(page):
    found = next(n for n in page.tree.iter("nav") if "ds-tabs" in (n.get("class") or ""))
    links = [link for link in found.iter("a") if link.get("class") == "ds-tabs__link"]
    return {" ".join("".join(link.itertext()).split()): link for link in links}


def current(page):
    return next(name for name, link in tabs(page).items() if link.get("aria-current"))


def rows(page):
    return [row for row in page.rows if len(row) == 5]


def own(world, role, **values):
    member = world.people[role]
    return world.make(
        SavedViewFactory, owner_id=str(member.account_id), owner_name=member.name, **values
    )


def test_filter_is_kept_under_a_name_and_opened_by_its_tab(alder, analyst):
    page = keep(analyst, alder, "Failures")
    assert "The view “Failures” is saved." in page.words
    assert current(page) == "Failures"
    opened = analyst.get(tabs(analyst.get(log_of(alder)))["Failures"].get("href"))
    assert [row[4] for row in rows(opened)] == ["failure"]
    assert current(opened) == "Failures"


def test_what_is_kept_is_canonical(alder, analyst):
    keep(analyst, alder, "Doors", "?q=OUTCOME:failure+action:door")
    (event,) = alder.log("saved_view.created")
    assert event.changes["query"]["after"] == "action:door outcome:failure"


def test_log_without_a_filter_offers_nothing_to_save(alder, analyst):
    assert "Save view" not in analyst.get(log_of(alder)).links


def test_private_view_is_seen_by_nobody_else(alder, analyst):
    keep(analyst, alder, "Mine")
    assert "Mine" not in tabs(alder.as_person("owner").get(log_of(alder)))


def test_shared_view_is_seen_by_everybody_who_reads_the_log(alder, analyst):
    keep(analyst, alder, "Ours", is_shared="y")
    for role in ("owner", "support", "auditor"):
        assert "Ours" in tabs(alder.as_person(role).get(log_of(alder))), role


def test_who_may_not_share_is_not_asked_and_cannot(alder, events):
    support = alder.as_person("support")
    page = keep(support, alder, "Sly", is_shared="y")
    assert "is saved" in page.words
    assert alder.log("saved_view.created")[-1].extra == {"shared": False}


def test_changed_view_says_so_and_keeps_its_place(alder, analyst):
    page = keep(analyst, alder, "Failures")
    changed = analyst.get(page.links["Remove filter: Outcome failure"])
    assert current(changed) == "Failures modified"
    assert len(rows(changed)) > 1
    undone = analyst.get(changed.links["Undo changes"])
    assert current(undone) == "Failures"


def test_changes_are_saved_into_the_view(alder, analyst):
    page = keep(analyst, alder, "Failures")
    view = page.links["Failures"].split("view=")[1]
    changed = analyst.get(log_of(alder, f"?q=outcome:denied&view={view}"))
    saved = analyst.submit(changed, "Save changes")
    assert current(saved) == "Failures"
    (event,) = alder.log("saved_view.updated")
    assert event.changes == {"query": {"before": "outcome:failure", "after": "outcome:denied"}}


def test_view_is_renamed_and_shared_by_its_form(alder, analyst):
    page = keep(analyst, alder, "Failures")
    form = analyst.get(page.links["Rename or share"])
    renamed = analyst.submit(form, "Save", name="Trouble", is_shared="y")
    assert current(renamed) == "Trouble"
    (event,) = alder.log("saved_view.updated")
    assert set(event.changes) == {"name", "shared"}


def test_view_is_deleted_after_a_question_and_its_links_still_mean_the_same(alder, analyst):
    page = keep(analyst, alder, "Failures")
    address = page.links["Failures"]
    question = analyst.get(page.links["Delete"])
    gone = analyst.submit(question, "Delete")
    assert "is deleted" in gone.words
    after = analyst.get(address)
    assert "This view was deleted, or it is not shared with you any more." in after.words
    assert [row[4] for row in rows(after)] == ["failure"]
    assert current(after) == "All"


def test_shared_view_is_kept_by_others_who_share_but_not_made_private_by_them(alder, events):
    view = own(alder, "analyst", is_shared=True, name="Ours")
    owner = alder.as_person("owner")
    form = owner.get(f"{log_of(alder)}/views/{view.id}/edit")
    page = owner.client.post(
        form.form("Save").action, data={**_without(form, "is_shared"), "name": "Ours"}
    )
    assert "Only Analyst of Alder can make this view private." in page.text
    refused = alder.as_person("support").get(f"{log_of(alder)}/views/{view.id}/edit", expect=409)
    assert "only those who may share views change or delete it" in refused.words


def _without(form, name):
    return {key: value for key, value in form.form("Save").values.items() if key != name}


@pytest.mark.parametrize("place", ["", "/edit", "/deletion"])
def test_view_of_somebody_else_is_not_there(alder, events, place):
    view = own(alder, "analyst")
    alder.as_person("owner").get(f"{log_of(alder)}/views/{view.id}{place}", expect=404)


def test_log_opens_with_the_chosen_view_until_all_is_chosen_again(alder, analyst):
    page = keep(analyst, alder, "Failures")
    analyst.submit(page, "Open the log with this view")
    opened = analyst.get(log_of(alder))
    assert current(opened) == "Failures"
    everything = analyst.get(opened.links["All"])
    assert current(everything) == "All"
    assert len(rows(everything)) > 1
    # Whoever clears a filter there stays with all events.
    narrowed = analyst.get(log_of(alder, "?q=outcome:denied"))
    cleared = analyst.get(narrowed.links["Remove filter: Outcome denied"])
    assert current(cleared) == "All"
    analyst.submit(opened, "Open the log with all events")
    assert current(analyst.get(log_of(alder))) == "All"
    assert current(alder.as_person("owner").get(log_of(alder))) == "All"


def test_view_that_the_log_opens_with_may_disappear(alder, analyst):
    view = own(alder, "owner", is_shared=True)
    analyst.post(
        f"{log_of(alder)}/views/opening", {"csrf_token": analyst.token(), "view": str(view.id)}
    )
    with alder.session(), unit_of_work():
        current_session().delete(current_session().get(SavedView, (alder.tenant.id, view.id)))
    assert current(analyst.get(log_of(alder))) == "All"


def test_view_that_is_not_understood_any_more_says_so(alder, analyst):
    view = own(alder, "analyst", query="colour:red", name="Old")
    page = analyst.get(f"{log_of(alder)}/views/{view.id}")
    assert "The view “Old” asks for something that the log does not understand any more." in (
        page.words
    )
    assert "There is no filter “colour:”." in page.words


def test_two_views_of_one_person_have_two_names(alder, analyst):
    keep(analyst, alder, "Failures")
    form = analyst.get(analyst.get(log_of(alder, "?q=outcome:denied")).links["Save view"])
    again = analyst.client.post(
        form.form("Save view").action, data={**form.form("Save view").values, "name": "Failures"}
    )
    assert again.status_code == 409
    assert "There is a view called “Failures” already." in again.text


def test_query_that_cannot_be_read_is_not_kept(alder, analyst):
    form = analyst.get(f"{log_of(alder)}/views/new?q=nonsense:1")
    page = analyst.client.post(
        form.form("Save view").action, data={**form.form("Save view").values, "name": "N"}
    )
    assert page.status_code == 422
    assert alder.log("saved_view.created") == []


def test_there_are_only_so_many_views_of_one_person(alder, analyst):
    for _ in range(MAX_VIEWS):
        own(alder, "analyst")
    form = analyst.get(analyst.get(log_of(alder, "?q=outcome:denied")).links["Save view"])
    page = analyst.client.post(
        form.form("Save view").action, data={**form.form("Save view").values, "name": "More"}
    )
    assert f"You have {MAX_VIEWS} views already." in page.text
    listed = analyst.get(f"{log_of(alder)}/views")
    assert len([row for row in listed.rows if row[0].startswith("View")]) == MAX_VIEWS


def test_tabs_stay_few_and_the_current_one_is_among_them(alder, analyst):
    for number in range(9):
        own(alder, "analyst", name=f"View {number}")
    page = analyst.get(log_of(alder))
    assert len(tabs(page)) == 8
    assert "3 more" in tabs(page)
    listed = analyst.get(page.links["3 more"])
    last = analyst.get(listed.links["View 8"])
    assert current(last) == "View 8"


def test_opening_a_view_is_a_search_like_any_other(alder, analyst):
    view = own(alder, "analyst")
    analyst.get(f"{log_of(alder)}/views/{view.id}")
    assert [e.extra["query"] for e in alder.log("audit_event.searched")] == ["outcome:failure"]
    with alder.session() as session:
        assert session.query(AuditEvent).filter_by(action="saved_view.created").count() == 0
