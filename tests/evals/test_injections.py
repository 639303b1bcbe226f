"""A small version of `python -m tests.evals.injections`: every way, a few strings."""

import pytest

from app.evals.scenes.injections import STRINGS, WAYS
from tests.evals.injections import answered_by, make_twins, models, try_all

MODELS = models()


@pytest.mark.parametrize("name", MODELS)
def test_hostile_text_in_the_log_gets_nowhere(app, alder, name):
    twins, logs = make_twins(STRINGS[:2])
    if MODELS[name] is None:
        counts = try_all(alder, twins, logs)
    else:
        with answered_by(app, MODELS[name]):
            counts = try_all(alder, twins, logs)

    assert counts.twins == 2 * len(WAYS)
    assert counts.is_clean, counts.words()
    assert counts.right == (counts.twins if MODELS[name] is None else 0), counts.words()
