"""Released prompts do not change."""

import shutil

import pytest

from app.gateway.errors import FailureCode
from app.gateway.prompt_files import (
    PROMPTS,
    PromptRefused,
    get_prompt,
    load_prompt,
    lock_differences,
    read_lock,
)
from app.summaries.claims.contract import PROMPT as NAME

PROMPT = f"{NAME}@v1"


@pytest.fixture
def folder(tmp_path):
    """A copy of the prompts that a test may spoil."""
    return shutil.copytree(PROMPTS, tmp_path / "prompts")


def edit(folder, old, new):
    path = folder / "audit-summary" / "v1.md"
    path.write_text(path.read_text().replace(old, new))


def test_every_released_prompt_is_locked_as_it_is():
    assert lock_differences() == []


def test_prompt_of_summaries_is_released():
    prompt = get_prompt(PROMPT)

    assert prompt.reference == PROMPT
    assert prompt.output_schema == "audit-summary-claims"
    assert prompt.owner == "ai-council"
    assert prompt.sha256 == read_lock()[PROMPT]
    assert prompt.text.startswith("You tell a reviewer")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Never describe a group twice", "You may describe a group twice"),
        ("temperature: 0", "temperature: 1"),
        ("owner: ai-council", "owner: nobody"),
    ],
)
def test_released_prompt_that_was_changed_is_refused(folder, old, new):
    edit(folder, old, new)

    with pytest.raises(PromptRefused, match="not the text that was released") as caught:
        get_prompt(PROMPT, folder)

    assert caught.value.failure_code is FailureCode.PROMPT_REFUSED
    assert lock_differences(folder) == [
        "audit-summary@v1 was changed after its release; write a new version instead."
    ]


def test_draft_is_not_served_but_can_be_loaded(folder):
    edit(folder, "status: release", "status: draft")

    assert load_prompt(PROMPT, folder).status == "draft"
    with pytest.raises(PromptRefused, match="is a draft"):
        get_prompt(PROMPT, folder)


def test_released_prompt_that_nobody_locked_is_refused(folder):
    second = folder / "audit-summary" / "v99.md"
    shutil.copy(folder / "audit-summary" / "v1.md", second)
    second.write_text(second.read_text().replace("version: 1", "version: 99"))

    with pytest.raises(PromptRefused):
        get_prompt("audit-summary@v99", folder)
    assert lock_differences(folder) == ["audit-summary@v99 is released but not locked."]


def test_released_prompt_that_is_gone_is_noticed(folder):
    (folder / "audit-summary" / "v1.md").unlink()

    assert lock_differences(folder) == ["audit-summary@v1 is locked but gone."]


@pytest.mark.parametrize(
    "reference",
    ["audit-summary", "audit-summary@v0", "audit-summary@v9", "../audit-summary@v1", "a@v1\n", ""],
)
def test_reference_to_nothing_is_refused(reference):
    with pytest.raises(PromptRefused):
        get_prompt(reference)


def test_file_that_calls_itself_otherwise_is_refused(folder):
    edit(folder, "version: 1", "version: 7")

    with pytest.raises(PromptRefused, match="calls itself audit-summary@v7"):
        get_prompt(PROMPT, folder)


def test_file_with_a_head_of_another_form_is_refused(folder):
    edit(folder, "owner: ai-council\n", "")

    with pytest.raises(PromptRefused, match="has no head"):
        get_prompt(PROMPT, folder)
