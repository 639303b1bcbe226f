"""Summaries and their claims."""

import datetime as dt

import factory

from app.kernel import clock
from app.kernel.ids import uuid7
from app.summaries.models import Summary, SummaryClaim
from tests.factories.base import RowFactory

NOTHING_HAPPENED = {
    "kind": "absence",
    "actor": None,
    "action": "document.shredded",
    "target": None,
    "outcome": None,
    "ip": None,
    "count": 0,
    "first": None,
    "last": None,
    "complete": True,
    "names": {"actor": None, "target": None},
}


class SummaryFactory(RowFactory):
    """A summary that waits for a review, asked for by nobody in particular."""

    class Meta:
        model = Summary

    id = factory.LazyFunction(uuid7)
    title = factory.Sequence(lambda n: f"Summary {n}")
    query = ""
    window_start = factory.LazyFunction(lambda: clock.now() - dt.timedelta(days=1))
    window_end = factory.LazyFunction(clock.now)
    status = "in_review"
    requested_by = "somebody"
    requested_by_name = "Somebody"
    requested_at = factory.LazyFunction(clock.now)
    progress_done = 0
    progress_total = 0
    events_total = 1
    events_seen = 1
    call_id = factory.LazyFunction(uuid7)
    model = "extractive-1"
    prompt = "audit-summary@v1"
    prompt_hash = "0" * 64
    provider_label = "extractive baseline, no language model"
    is_extractive = True


class SummaryClaimFactory(RowFactory):
    class Meta:
        model = SummaryClaim

    number = 1
    kind = "absence"
    fields = factory.LazyFunction(lambda: dict(NOTHING_HAPPENED))
    event_ids = factory.LazyFunction(list)
    event_hashes = factory.LazyFunction(list)
    sentence = "Nothing of the kind happened."
    verdict = "supported"
    verdict_detail = ""
    is_edited = False
