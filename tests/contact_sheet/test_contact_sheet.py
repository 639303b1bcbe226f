"""A small contact sheet: one component, six pictures of each example, and no work done twice."""

import pytest

from components.registry import Registry
from tests.contact_sheet.index import write_index
from tests.contact_sheet.pictures import take_examples

pytestmark = pytest.mark.browser


def test_sheet_shows_every_example_in_both_themes_and_three_widths(chromium, tmp_path):
    examples = Registry.load().contracts["badge"].examples
    said = []
    taken = take_examples(chromium, tmp_path, only="badge", fresh=False, say=said.append)
    assert taken == 6 * len(examples)
    assert len(said) == len(examples)
    index = write_index(tmp_path).read_text("utf-8")
    for picture in tmp_path.glob("**/*.png"):
        assert f'src="{picture.relative_to(tmp_path)}"' in index


def test_sheet_goes_on_where_it_was_broken_off(chromium, tmp_path):
    wanted = {"only": "icon", "say": [].append}
    taken = take_examples(chromium, tmp_path, fresh=False, **wanted)
    next(tmp_path.glob("**/dark-320.png")).unlink()
    assert take_examples(chromium, tmp_path, fresh=False, **wanted) == 1
    assert take_examples(chromium, tmp_path, fresh=False, **wanted) == 0
    assert take_examples(chromium, tmp_path, fresh=True, **wanted) == taken
