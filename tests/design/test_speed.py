"""The page of field data: how fast the pages were for those who used them."""

import pytest
from sqlalchemy import delete

from app.kernel import clock
from app.kernel.database import current_session, unit_of_work
from app.kernel.routing import database
from app.observability.field_data.models import FieldMeasurement

LOG = "/t/<slug:tenant>/audit-log"


@pytest.fixture
def keep(app):
    """Keep measurements of the log, as if browsers had reported them."""
    with app.app_context(), database().session(), unit_of_work() as session:
        session.execute(delete(FieldMeasurement))

    def keeping(metric, *values, device="desktop"):
        with app.app_context(), database().session(), unit_of_work():
            current_session().add_all(
                FieldMeasurement(
                    measured_on=clock.now().date(), route=LOG, metric=metric, value=value,
                    device=device, navigation="navigate", component=None,
                )
                for value in values
            )  # fmt: skip

    return keeping


def rows_of(editor):
    return editor.get("/design/speed").rows


def test_page_says_so_when_nobody_has_measured(editor, keep):
    page = editor.get("/design/speed")
    assert "Nobody has measured a page yet" in page.words
    assert page.rows == []


def test_each_page_shows_what_three_of_four_views_stay_within(editor, keep):
    keep("LCP", 400, 500, 600, 700, 9000)
    keep("CLS", 0.004)
    assert rows_of(editor) == [
        [LOG, "good", "desktop", "700 ms", "–", "0.00", "–", "5 (few)"],
    ]


def test_page_is_as_good_as_its_worst_metric(editor, keep):
    keep("LCP", 3000)
    keep("INP", 600)
    keep("SWAP", 100)
    ((_page, rating, *_numbers),) = rows_of(editor)
    assert rating == "poor: INP"


def test_phones_and_desktops_are_told_apart(editor, keep):
    keep("LCP", 400)
    keep("LCP", 2600, device="phone")
    assert [row[:4] for row in rows_of(editor)] == [
        [LOG, "good", "desktop", "400 ms"],
        [LOG, "needs improvement: LCP", "phone", "2,600 ms"],
    ]


def test_many_measurements_are_no_anecdote(editor, keep):
    keep("LCP", *range(100, 140))
    assert rows_of(editor)[0][-1] == "40"


def test_page_says_what_counts_as_good(editor, keep):
    keep("LCP", 400)
    page = editor.get("/design/speed")
    assert "LCP 2,500 ms, INP 200 ms, CLS 0.10" in page.words
