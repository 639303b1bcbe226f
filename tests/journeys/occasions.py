"""What has to happen before some pages exist: each occasion leaves a record to look at."""

from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Page, expect

_SENT = '{"who": "olga", "what": "door.opened", "when": "2026-11-02T10:00:00Z"}\n{"who": "olga"}\n'


def make_occasions(owner: Page, admin: Page) -> None:
    """Do what makes a record of every kind: invite, view, export, import, hold, delete, replay.

    What somebody has to ask for before the owner can decide on it, the admin asks for.
    """
    _ask_for_erasure(admin)
    for occasion in (_invite, _save_view, _export, _import, _hold, _delete, _replay):
        occasion(owner)


def _invite(owner: Page) -> None:
    """Invite somebody with a long address, so that there is an invitation to look at."""
    owner.goto("/t/alder/people/invitations/new")
    owner.get_by_label("Work email").fill("nils.with.a.rather.long.address@alderhealth.example")
    owner.get_by_role("button", name="Send invitation").click()
    expect(owner.get_by_text("is invited.")).to_be_visible()


def _save_view(owner: Page) -> None:
    owner.goto("/t/alder/audit-log/views/new?q=outcome%3Afailure")
    owner.get_by_label("Name").fill("What failed")
    owner.get_by_role("button", name="Save view").click()
    expect(owner.get_by_text("is saved.")).to_be_visible()


def _export(owner: Page) -> None:
    owner.goto("/t/alder/audit-log/exports/new?q=outcome%3Afailure")
    with owner.expect_download():
        owner.get_by_role("button", name="Export").click()


def _import(owner: Page) -> None:
    """Import a file in a shape of its own with a mapping that is kept; leave a second waiting."""
    _upload(owner)
    owner.get_by_role("link", name="Correct…").click()
    owner.get_by_label("Save this mapping as").fill("Doors")
    owner.get_by_role("button", name="Save").click()
    owner.get_by_role("button", name="Start the import").click()
    expect(owner.get_by_text("finished")).to_be_visible()
    _upload(owner)


def _upload(owner: Page) -> None:
    with TemporaryDirectory() as folder:
        file = Path(folder, "doors.jsonl")
        file.write_text(_SENT, "utf-8")
        owner.goto("/t/alder/audit-log/imports/new")
        owner.get_by_label("File").set_input_files(file)
        owner.get_by_role("button", name="Upload").click()
        expect(owner.get_by_role("button", name="Start the import")).to_be_visible()


def _hold(owner: Page) -> None:
    owner.goto("/t/alder/settings/retention/holds/new")
    owner.get_by_label("Filter").fill("action:member")
    owner.get_by_label("Reason").fill("Case 12, asked for by the works council")
    owner.get_by_role("button", name="Place").click()
    owner.wait_for_url("**/holds/*-*")


def _delete(owner: Page) -> None:
    owner.goto("/t/alder/settings/retention/deletions/new")
    owner.get_by_role("button", name="Delete").click()
    owner.wait_for_url("**/deletions/*-*")


def _replay(owner: Page) -> None:
    owner.goto("/t/alder/quarantine/replays")
    owner.get_by_role("button", name="Replay").click()
    owner.wait_for_url("**/replays/*-*")


def _ask_for_erasure(admin: Page) -> None:
    """Ask for somebody of the log to be erased, from one of their events; it waits for an owner."""
    admin.goto("/t/alder/audit-log?q=action:patient_record.viewed")
    admin.locator("table[data-rows] tbody a").first.click()
    admin.get_by_role("link", name="Erase this person").click()
    admin.get_by_label("Reason").fill("Letter of 12 March")
    admin.get_by_role("button", name="Count what would go").click()
    expect(admin.get_by_text("It waits for an owner")).to_be_visible()
