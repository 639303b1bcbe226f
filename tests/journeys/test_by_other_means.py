"""Every journey of the product with the keyboard alone, and again without any script."""

import re

import pytest
from playwright.sync_api import Locator, expect

from tests.journeys.hands import WAYS, Hands, Somebody, button, go_to, link, sign_in

pytestmark = pytest.mark.browser
ANALYST, REVIEWER, OWNER = "analyst@alder.example", "support@alder.example", "owner@alder.example"
EVENTS = "Events, newest first"


@pytest.fixture(params=WAYS, ids=lambda way: way.name)
def somebody(request, open_browser) -> Somebody:
    """Open a browser for somebody, who uses it in one of the ways."""

    def open_for(email: str | None = None) -> Hands:
        return request.param(open_browser(email, java_script_enabled=request.param.runs_scripts))

    return open_for


def narrow(hands: Hands, query: str) -> None:
    box = hands.page.get_by_role("searchbox")
    hands.write(box, query)
    box.press("Enter")


def rows(hands: Hands) -> Locator:
    return hands.page.get_by_role("table", name=EVENTS).get_by_role("row")


def test_day_of_an_auditor(somebody):
    hands = somebody()
    page = hands.page
    sign_in(hands, "auditor@alder.example")
    go_to(hands, "Audit log")

    narrow(hands, "outcome:success")
    chip = page.get_by_role("link", name="Remove filter: Outcome success")
    expect(chip).to_be_visible()
    first = rows(hands).nth(1).inner_text()
    hands.press(link(hands, "Next"))
    expect(rows(hands).nth(1)).not_to_have_text(first)
    hands.press(link(hands, "Previous"))
    expect(rows(hands).nth(1)).to_have_text(first, use_inner_text=True)

    row = rows(hands).nth(2).get_by_role("link").first
    hands.press(row)
    detail = page.get_by_role("complementary")
    expect(detail.get_by_role("heading", level=2)).to_be_visible()
    hands.press(detail.get_by_role("link", name="Close the detail"))
    expect(detail.get_by_role("heading", level=2)).to_have_count(0)

    hands.press(chip)
    expect(chip).to_have_count(0)
    narrow(hands, "outcome:failure")
    expect(page.get_by_role("link", name="Remove filter: Outcome failure")).to_be_visible()
    hands.press(link(hands, "Export"))
    with page.expect_download() as download:
        hands.press(button(hands, "Export"))
    assert download.value.suggested_filename.endswith(".csv")

    hands.press(button(hands, "Sign out"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")


def test_newcomer_is_invited_joins_changes_roles_and_is_suspended(somebody):
    owner = somebody(OWNER)
    page, name = owner.page, f"Runa {owner.name.title()}"
    email = f"runa.{owner.name}@alderhealth.example"
    page.goto("/t/alder/")
    go_to(owner, "People")
    owner.press(link(owner, "Invite"))
    owner.write(page.get_by_label("Work email"), email)
    owner.choose(page.get_by_label("Role"), "Auditor")
    owner.press(button(owner, "Send invitation"))
    expect(page.get_by_text("The invitation is in the outbox")).to_be_visible()
    go_to(owner, "Settings")
    owner.press(link(owner, "Outbox"))
    owner.press(page.get_by_role("row").filter(has_text=email).get_by_role("link"))
    address = page.get_by_label("Link in it").input_value()

    newcomer = somebody()
    newcomer.page.goto(address)
    newcomer.write(newcomer.page.get_by_label("Your name"), name)
    newcomer.write(newcomer.page.get_by_label("Password"), "a fjord is longer than it is wide")
    newcomer.press(button(newcomer, "Join"))
    expect(newcomer.page.get_by_role("banner").get_by_text("Auditor", exact=True)).to_be_visible()

    go_to(owner, "People")
    owner.press(page.get_by_role("link", name=name))
    owner.press(link(owner, "Change role"))
    owner.choose(page.get_by_label("Role"), "Content editor")
    owner.press(button(owner, "Change role"))
    expect(page.get_by_text(f"{name} is Content editor now.")).to_be_visible()
    owner.press(link(owner, "Suspend"))
    owner.write(page.get_by_label("Reason"), "Ticket 5121")
    owner.press(button(owner, "Suspend"))
    expect(page.get_by_text(f"{name} is suspended.")).to_be_visible()
    newcomer.page.goto("/t/alder/summaries")
    expect(newcomer.page.get_by_role("heading", name="Summaries")).to_have_count(0)


def test_api_key_is_made_and_revoked(somebody):
    owner = somebody(OWNER)
    page, name = owner.page, f"sync-{owner.name}"
    page.goto("/t/alder/")
    go_to(owner, "Settings")
    owner.press(link(owner, "API keys"))
    owner.press(link(owner, "New key"))
    owner.write(page.get_by_label("Name"), name)
    owner.choose(page.get_by_label("Valid for"), "30 days")
    owner.press(button(owner, "Create key"))
    expect(page.get_by_label("API key")).to_have_value(re.compile("^bk_|_"))
    owner.press(link(owner, "I have copied it"))
    owner.press(page.locator("summary", has_text="Revoke"))
    owner.press(button(owner, "Revoke"))
    expect(page.get_by_text("The key is revoked.")).to_be_visible()


def test_summary_is_asked_for_edited_and_signed_and_another_sent_back(somebody, product):
    analyst, reviewer = somebody(ANALYST), somebody(REVIEWER)
    ask_for_draft(analyst, "action:member created:30d")

    open_draft(reviewer, analyst)
    reviewer.press(claim(reviewer).get_by_role("link", name="Edit"))
    reviewer.tick(reviewer.page.get_by_label("These are all there are"))
    reviewer.press(button(reviewer, "Check and save"))
    expect(reviewer.page.get_by_text("Claim 1 was changed")).to_be_visible()
    reviewer.press(button(reviewer, "Approve"))
    expect(reviewer.page.get_by_text("Approved by Ana Ruiz")).to_be_visible()

    ask_for_draft(analyst, "action:api_key created:30d")
    open_draft(reviewer, analyst)
    reviewer.press(reviewer.page.get_by_role("link", name="Reject…"))
    reviewer.tick(reviewer.page.get_by_role("radio").first)
    reviewer.write(reviewer.page.get_by_label("Note"), "Ask again with the whole month.")
    reviewer.press(button(reviewer, "Reject"))
    expect(reviewer.page.get_by_text("Rejected by Ana Ruiz")).to_be_visible()


def ask_for_draft(hands: Hands, query: str) -> None:
    """Ask for a summary of what a filter leaves, and wait for its draft."""
    page = hands.page
    page.goto("/t/alder/audit-log")
    narrow(hands, query)
    page.wait_for_url(re.compile(r"\?q="))
    hands.press(page.get_by_role("link", name=re.compile(r"^Summarise \d+ events?$")))
    hands.press(button(hands, "Ask"))
    evidence, refresh = page.get_by_role("heading", name="Evidence"), link(hands, "Refresh")
    # Without scripts the page does not ask by itself; whoever waits presses the link.
    for _ in range(60):
        if evidence.or_(refresh).first.inner_text() == "Evidence":
            break
        page.wait_for_timeout(250)
        if refresh.is_visible():
            hands.press(refresh)
    expect(evidence).to_be_visible()


def open_draft(hands: Hands, asked: Hands) -> None:
    hands.page.goto("/t/alder/")
    go_to(hands, "Summaries")
    hands.press(hands.page.locator(f"table a[href$='{asked.page.url.rsplit('/', 1)[1]}']").first)
    expect(hands.page.get_by_role("heading", name="Evidence")).to_be_visible()


def claim(hands: Hands) -> Locator:
    return hands.page.get_by_role("article", name="Claim 1", exact=True)


def test_consultant_goes_from_one_tenant_to_the_other(somebody):
    hands = somebody("consultant@shared.example")
    page = hands.page
    page.goto("/t/alder/")
    side = page.get_by_role("banner")
    hands.press(side.locator("summary", has_text="Alder Health"))
    hands.press(link(hands, "Birch Energy"))
    expect(page).to_have_title("Overview · Birch Energy · Ballast")
    go_to(hands, "Audit log")
    expect(page.get_by_text("times in Europe/Berlin")).to_be_visible()
