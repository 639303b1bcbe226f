"""Measures the table page against the same page written by hand: `python -m components.bench`.

Prints milliseconds of processor time for each (median of the rounds) and their ratio; the budget
is 1.3.
"""

import statistics
import sys
import time
from collections.abc import Callable

import jinja2

from components.assets import build_assets
from components.calling import Ui
from components.flask_ui import prepare_environment
from components.registry import Registry

ROUNDS = 200
ROWS = 50
BUDGET = 1.3
COLUMNS = [
    {"key": "time", "label": "Time", "type": "time", "sort_href": "?sort=created", "sort": "desc"},
    {"key": "actor", "label": "Actor"},
    {"key": "action", "label": "Action", "type": "code"},
    {"key": "target", "label": "Target", "priority": "2"},
    {"key": "outcome", "label": "Outcome", "type": "badge"},
    {"key": "source", "label": "Source", "type": "code", "priority": "3"},
    {"key": "leaf", "label": "Leaf", "type": "num", "priority": "3"},
]
PAGE = "{{ ui.data_table(caption='Events', columns=columns, rows=rows, detail_target='#detail') }}"
BY_HAND = """<div class="ds-table-box">
<table class="ds-table ds-table--compact" data-rows>
<caption class="ds-table__caption ds-table__caption--hidden">Events</caption>
<thead class="ds-table__head"><tr>
<th scope="col" class="ds-table__th" aria-sort="descending"><a class="ds-table__sort" \
href="?sort=created">Time</a></th>
<th scope="col" class="ds-table__th ds-table__p1">Actor</th>
<th scope="col" class="ds-table__th ds-table__p1">Action</th>
<th scope="col" class="ds-table__th ds-table__p2">Target</th>
<th scope="col" class="ds-table__th ds-table__p1">Outcome</th>
<th scope="col" class="ds-table__th ds-table__p3">Source</th>
<th scope="col" class="ds-table__th ds-table__p3">Leaf</th>
</tr></thead>
<tbody>
{% for row in rows %}
<tr class="ds-table__row ds-table__row--link">
<th scope="row" class="ds-table__cell ds-table__cell--time"><a class="ds-table__link" \
id="row-{{ row.id }}" href="{{ row.href }}" hx-get="{{ row.href }}" hx-target="#detail" \
hx-select="#detail" hx-swap="outerHTML" hx-push-url="true"><time \
datetime="{{ row.cells.time.datetime }}" title="{{ row.cells.time.title }}">\
{{ row.cells.time.text }}</time></a></th>
<td class="ds-table__cell ds-table__cell--text ds-table__p1" data-label="Actor">\
{{ row.cells.actor }}</td>
<td class="ds-table__cell ds-table__cell--code ds-table__p1" data-label="Action">\
{{ row.cells.action }}</td>
<td class="ds-table__cell ds-table__cell--text ds-table__p2" data-label="Target">\
{{ row.cells.target }}</td>
<td class="ds-table__cell ds-table__cell--badge ds-table__p1" data-label="Outcome">\
<span class="ds-badge \
ds-badge--{{ row.cells.outcome.tone }}">{{ row.cells.outcome.text }}</span></td>
<td class="ds-table__cell ds-table__cell--code ds-table__p3" data-label="Source">\
{{ row.cells.source }}</td>
<td class="ds-table__cell ds-table__cell--num ds-table__p3" data-label="Leaf">\
{{ row.cells.leaf }}</td>
</tr>
{% endfor %}
</tbody>
</table>
</div>"""


def main() -> int:
    """Print both times and the ratio; always 0, because a time is no verdict."""
    registry = Registry.load()
    environment = jinja2.Environment(auto_reload=False, autoescape=True)
    prepare_environment(environment)
    manifest = build_assets(registry, registry.icons).manifest
    environment.globals["ui"] = Ui(registry, environment, manifest)
    ours, by_hand = environment.from_string(PAGE), environment.from_string(BY_HAND)
    rows = [build_row(number) for number in range(ROWS)]
    calls = (
        lambda: ours.render(columns=COLUMNS, rows=rows),
        lambda: by_hand.render(rows=rows),
    )
    medians = measure(calls)
    ratio = medians[0] / medians[1]
    sys.stdout.write(
        f"{ROWS} rows x {len(COLUMNS)} columns: ui.data_table {medians[0]:.2f} ms, "
        f"by hand {medians[1]:.2f} ms, ratio {ratio:.2f} (budget {BUDGET})\n"
    )
    return 0


def measure(calls: tuple[Callable[[], str], ...]) -> list[float]:
    """The median processor time of each call in milliseconds; rounds alternate between them."""
    times: list[list[float]] = [[] for _ in calls]
    for _ in range(ROUNDS):
        for taken, call in zip(times, calls, strict=True):
            before = time.process_time_ns()
            call()
            taken.append((time.process_time_ns() - before) / 1e6)
    return [statistics.median(taken) for taken in times]


def build_row(number: int) -> dict[str, object]:
    """A row like those of the audit log."""
    return {
        "id": f"e{number}",
        "href": f"?detail=e{number}",
        "cells": {
            "time": {
                "text": "14:31:07",
                "datetime": "2026-11-22T14:31:07Z",
                "title": "22 Nov 2026 14:31:07 UTC",
            },
            "actor": "Tomas Ek",
            "action": "member.role_changed",
            "target": "Ana Ruiz",
            "outcome": {"text": "success", "tone": "success"},
            "source": "198.51.100.7",
            "leaf": 184_022 + number,
        },
    }


if __name__ == "__main__":
    raise SystemExit(main())
