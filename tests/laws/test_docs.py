"""Laws of the documentation: what it names is there, and what is there is in it."""

import re
from pathlib import Path

import pytest

from app.boot.reference import FOLDER, stale_pages
from app.boot.settings import ROOT

pytestmark = pytest.mark.law

PAGES = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "seeds").glob("*.md")]
README_LINES = 100


def test_reference_pages_say_what_the_code_says(app):
    assert stale_pages(app) == [], "Run `make reference`."


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_somewhere(page):
    targets = re.findall(r"\]\((?!https?:|#|mailto:)([^)#]+)", page.read_text())
    missing = [target for target in targets if not (page.parent / target).exists()]
    assert missing == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_file_that_is_named_is_there(page):
    named = re.findall(
        r"`((?:app|components|docs|migrations|seeds|tests)/[\w./-]+)`", page.read_text()
    )
    missing = [name for name in named if not (ROOT / name).exists()]
    assert missing == []


def test_every_make_target_that_is_named_is_there():
    makefile = (ROOT / "Makefile").read_text()
    for page in PAGES:
        for target in re.findall(r"(?:`|^ {4})make ([a-z]+)", page.read_text(), re.MULTILINE):
            assert f"\n{target}:" in makefile, f"{page.name}: make {target}"


def test_readme_is_short_and_shows_a_picture():
    text = (ROOT / "README.md").read_text()
    assert len(text.splitlines()) < README_LINES
    assert "docs/images/" in text


def test_no_page_of_the_reference_is_orphaned(app):
    known = {
        "commands.md",
        "event-coverage.md",
        "import-fields.md",
        "lists.md",
        "make.md",
        "permissions.md",
        "routes.md",
        "settings.md",
    }
    assert {path.name for path in Path(FOLDER).glob("*.md")} == known
