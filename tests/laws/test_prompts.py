"""Laws of prompts: what was released never changes."""

import pytest

from app.gateway.prompt_files import lock_differences, read_lock

pytestmark = pytest.mark.law


def test_every_released_prompt_is_what_its_lock_says():
    assert read_lock(), "At least one prompt is released."
    assert lock_differences() == []
