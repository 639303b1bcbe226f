"""The page of how reviews go, and whether they are tested."""

from typing import Any

from flask import flash, url_for
from flask.typing import ResponseReturnValue

from app.kernel.actor import Actor
from app.kernel.problems import InvalidInput
from app.kernel.record_pages import FormWords, Panel, render_form, render_record
from app.kernel.rendering import redirect_to
from app.kernel.routing import TenantPages
from app.summaries.forms import ReviewRuleForm
from app.summaries.review_rule import get_review_rule
from app.summaries.reviewing.quality import PERIOD, ReviewerQuality, list_reviewer_quality
from app.summaries.service.review_tests import update_review_rule
from app.tenancy.setting_tabs import setting_tabs
from app.vocabulary.permissions import Permission

pages = TenantPages("review_quality", __name__, "/settings/reviews")

_COLUMNS = [
    {"key": "name", "label": "Reviewer"},
    {"key": "decisions", "label": "Decided", "type": "num"},
    {"key": "time", "label": "Time for each", "type": "num"},
    {"key": "tests", "label": "Tests", "type": "num"},
    {"key": "rate", "label": "Caught", "type": "num"},
]


@pages.get("", requires=Permission.SETTING_READ)
def index(actor: Actor) -> ResponseReturnValue:
    rule = get_review_rule()
    change = {"label": "Change", "href": url_for("review_quality.edit")}
    facts = [
        {"label": "Test drafts", "value": "on" if rule.plants_tests else "off"},
        {"label": "How many", "value": f"with about one in {rule.one_in} drafts"},
    ]
    rows = [_row(number, one) for number, one in enumerate(list_reviewer_quality(), start=1)]
    empty = {"empty": "Nobody has decided a draft yet"}
    return render_record(
        "Reviews",
        [
            Panel(
                "Tests of reviews",
                facts,
                meta="A test is a signed summary with one claim made wrong. It is never signed"
                " again: it ends as caught or missed. While tests are on, verdicts are withheld"
                " from reviewers of drafts whose claims all hold.",
                actions=[change] if actor.may(Permission.SETTING_UPDATE) else [],
            ),
            Panel(
                "Reviewers",
                table={"columns": _COLUMNS, "rows": rows, **empty},
                meta=f"The last {PERIOD.days} days. The time is the median from taking a draft in"
                " hand to deciding it.",
            ),
        ],
        tabs={"label": "Settings", "items": setting_tabs(actor)},
    )


@pages.form("/edit", requires=Permission.SETTING_UPDATE)
def edit(actor: Actor) -> ResponseReturnValue:
    rule = get_review_rule()
    form = ReviewRuleForm(plants_tests=rule.plants_tests, one_in=rule.one_in)
    words = FormWords(
        "Change tests of reviews",
        "Save",
        cancel_href=url_for("review_quality.index"),
        crumbs=[{"label": "Reviews", "href": url_for("review_quality.index")}],
    )
    if not form.validate_on_submit():
        return render_form(form, words)
    try:
        update_review_rule(actor, plants_tests=form.plants_tests.data, one_in=form.one_in.data or 0)
    except InvalidInput as problem:
        return render_form(form, words, problem=problem)
    flash("How reviews are tested is saved.")
    return redirect_to(url_for("review_quality.index"))


def _row(number: int, one: ReviewerQuality) -> dict[str, Any]:
    rate = one.catch_rate
    return {
        "id": f"reviewer-{number}",
        "cells": {
            "name": one.name,
            "decisions": one.decisions,
            "time": "not known" if one.median_s is None else _minutes(one.median_s),
            "tests": one.caught + one.missed,
            "rate": "no test yet" if rate is None else f"{rate:.0%}",
        },
    }


def _minutes(seconds: float) -> str:
    whole = round(seconds)
    return f"{whole // 60} min {whole % 60} s" if whole >= 60 else f"{whole} s"  # noqa: PLR2004  a minute
