"""How fast the pages are for the people who use them, by route, from their own browsers."""

import math
from typing import Any, Final

from app.observability.field_data.metrics import LIMITS, Metric, Rating
from app.observability.field_data.queries import PageSpeed, list_page_speeds

DAYS: Final = 28
# Below so many page views a percentile is an anecdote.
_ENOUGH: Final = 30
_SHOWN: Final = (Metric.LCP, Metric.INP, Metric.CLS, Metric.SWAP)
# From the worst, because a page is as good as its worst metric.
_TONES: Final = {
    Rating.POOR: "danger",
    Rating.NEEDS_IMPROVEMENT: "warning",
    Rating.GOOD: "success",
}
COLUMNS = (
    {"key": "route", "label": "Page", "type": "code"},
    {"key": "rating", "label": "Rating", "type": "badge"},
    {"key": "device", "label": "Device"},
    *({"key": metric.value, "label": metric.value, "type": "num"} for metric in _SHOWN),
    {"key": "count", "label": "Measured", "type": "num", "priority": "3"},
)

NONE_MEASURED = {
    "kind": "empty",
    "title": "Nobody has measured a page yet",
    "body": "Browsers report how long people waited when a page is left, and nothing about who"
    " they are.",
}


def speed_table() -> dict[str, Any]:
    """Return a row for each route and class of device: the 75th percentile of each metric."""
    by_page: dict[tuple[str, str], list[PageSpeed]] = {}
    for speed in list_page_speeds(DAYS):
        by_page.setdefault((speed.route, speed.device), []).append(speed)
    rows = [_row(route, device, speeds) for (route, device), speeds in by_page.items()]
    return {"columns": [dict(one) for one in COLUMNS], "rows": rows}


def limits_in_words() -> str:
    """Return what counts as good, as one line."""
    words = [f"{metric} {_in_words(metric, LIMITS[metric].good)}" for metric in _SHOWN]
    return f"Good is at most: {', '.join(words)}."


def _row(route: str, device: str, speeds: list[PageSpeed]) -> dict[str, Any]:
    found = {speed.metric: speed for speed in speeds}
    count = max(speed.count for speed in speeds)
    few = " (few)" if count < _ENOUGH else ""
    return {
        "id": f"{route}-{device}",
        "cells": {
            "route": route,
            "device": str(device),
            "rating": _judge(speeds),
            **{
                metric.value: _in_words(metric, found[metric].p75) if metric in found else None
                for metric in _SHOWN
            },
            "count": f"{count:,}{few}",
        },
    }


def _judge(speeds: list[PageSpeed]) -> dict[str, str] | None:
    """The worst rating of a page, and which metrics have it."""
    shown = [speed for speed in speeds if speed.metric in _SHOWN]
    if not shown:
        return None
    for rating, tone in _TONES.items():
        metrics = ", ".join(speed.metric for speed in shown if speed.rating is rating)
        if metrics and rating is not Rating.GOOD:
            return {"text": f"{rating.value.replace('-', ' ')}: {metrics}", "tone": tone}
    return {"text": "good", "tone": _TONES[Rating.GOOD]}


def _in_words(metric: Metric, value: float) -> str:
    if metric is Metric.CLS:
        return f"{value:.2f}"
    return f"{math.ceil(value):,} ms"
