"""What a page does: parts that are replaced, chips that travel, posts that carry their token."""

import re

import pytest

from components.calling import ComponentError

ROW = {"id": "e1", "href": "?detail=e1", "cells": {"name": "Ann"}}
COLUMNS = [{"key": "name", "label": "Name"}]


def test_row_asks_for_its_detail_only_where_there_is_a_place_for_it(ui):
    plain = ui.data_table(caption="People", columns=COLUMNS, rows=[ROW])
    smooth = ui.data_table(caption="People", columns=COLUMNS, rows=[ROW], detail_target="#detail")
    assert "hx-get" not in plain
    assert 'hx-get="?detail=e1" hx-target="#detail"' in smooth


def test_table_without_rows_shows_the_designed_state(ui):
    html = ui.data_table(caption="People", columns=COLUMNS, rows=[], empty="Nobody matches")
    assert "Nobody matches" in html
    assert "<table" in html


def test_sorted_column_says_so(ui):
    columns = [{"key": "name", "label": "Name", "sort": "asc", "sort_href": "?sort=-name"}]
    html = ui.data_table(caption="People", columns=columns, rows=[ROW])
    assert 'aria-sort="ascending"' in html


def test_cell_that_a_row_lacks_is_an_error(ui):
    columns = [*COLUMNS, {"key": "role", "label": "Role"}]
    with pytest.raises(Exception, match=r"role|undefined"):
        ui.data_table(caption="People", columns=columns, rows=[ROW])


def test_chips_travel_with_the_typed_words_without_a_script(ui):
    chips = [{"key": "actor", "value": "ann", "text": "actor:ann", "remove_href": "?q="}]
    html = ui.filter_bar(action="/log", q="words", chips=chips)
    assert re.findall(r'name="q" value="([^"]*)"', html) == ["actor:ann", "words"]


def test_error_in_a_query_points_at_its_place(ui):
    html = ui.filter_bar(action="/log", q="a:b c", errors=[{"message": "No.", "position": 4}])
    assert "a:b c\n    ^</pre>" in html


def test_drawer_without_a_title_is_an_empty_place(ui):
    html = ui.drawer()
    assert 'id="detail"' in html
    assert "><" in html.replace("\n", "")


def test_post_action_carries_token_and_fields(ui):
    html = ui.action(label="Resend", kind="post", href="/r", csrf_token="t", fields={"id": "7"})
    assert 'name="csrf_token" value="t"' in html
    assert 'name="id" value="7"' in html


def test_question_before_a_post_needs_no_script(ui):
    html = ui.action(label="Remove", kind="post", href="/r", csrf_token="t", confirm="Sure?")
    assert html.index("<summary") < html.index("Sure?") < html.index("<form")


def test_action_that_cannot_be_used_says_why(ui):
    html = ui.action(label="Approve", kind="button", disabled_reason="You asked for it.")
    assert 'aria-disabled="true"' in html
    assert "You asked for it." in html


def test_state_that_waits_asks_again_and_has_a_link_without_a_script(ui):
    html = ui.state(kind="loading", title="Reading", value=1, max=3, poll_url="/jobs/1")
    assert 'hx-trigger="every 1s"' in html
    assert "<noscript>" in html
    done = ui.state(kind="loading", title="Reading", value=3, max=3)
    assert "hx-" not in done


def test_page_keeps_htmx_within_the_content_security_policy(render):
    html = render("{% call ui.page_shell(title='People', csrf_token='t') %}{% endcall %}")
    for setting in ('"allowEval":false', '"includeIndicatorStyles":false', '"historyCacheSize":0'):
        assert setting in html
    assert '<meta name="csrf-token" content="t">' in html
    assert "<style" not in html


def test_one_tenant_is_named_and_several_can_be_switched(render):
    source = "{% call ui.page_shell(title='X', tenant=tenants[0], tenants=tenants) %}{% endcall %}"
    one = [{"name": "Alder Health", "href": "/t/alder/"}]
    two = [*one, {"name": "Birch Energy", "href": "/t/birch/"}]
    page = "{% call ui.page_shell(title='X', tenant={'name': n}, tenants=t) %}{% endcall %}"
    assert "Organisation:" not in render(page, n="Alder Health", t=one)
    assert "Organisation:" in render(page, n="Alder Health", t=two)
    with pytest.raises(ComponentError, match="href"):
        render(source, tenants=one)


def test_histogram_says_in_a_table_what_it_draws(ui):
    buckets = [{"start_label": "14:00", "count": 4, "failed": 1, "href": "?from=14"}]
    html = ui.histogram(buckets=buckets, summary="4 events")
    assert html.count('href="?from=14"') == 2
    assert "<td" in html
