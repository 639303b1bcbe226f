"""The API's door for events: one, a list, or one a line."""

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from flask import Response, jsonify, request

from app.audit.contract.body import Body, Kind, read_body, read_value
from app.audit.ingest.allowance import Window
from app.audit.ingest.batch import Sent, sent_in_lines, sent_in_list
from app.audit.ingest.pressure import GATE
from app.audit.ingest.receive import Receipt, Reception, Status, receive
from app.kernel.actor import Actor
from app.kernel.database import current_session
from app.kernel.problems import InvalidInput, Problem
from app.kernel.rate_limit import spend_api_call
from app.kernel.short_bodies import is_short

CREATED, KNOWN, MIXED = 201, 200, 207


def take_events(actor: Actor) -> Response:
    """Take the events of the running request; answer with what became of each."""
    # Read first: who sends slowly holds no place that others wait for, and no transaction.
    if not is_short(request):
        current_session().rollback()
    with _misuse_counted(actor):
        body = read_body(request)
    with GATE.enter(actor.tenant):
        with _misuse_counted(actor):
            sent, is_batch = _sent(body)
        reception = receive(actor, sent, request.headers.get("Idempotency-Key"))
    response = _answer_batch(reception) if is_batch else _answer_one(reception)
    response.headers.update(reception.allowance.headers)
    return response


@contextmanager
def _misuse_counted(actor: Actor) -> Iterator[None]:
    """Count what cannot be counted as events as a call of the key."""
    try:
        yield
    except Problem:
        spend_api_call(actor.id)
        raise


def _sent(body: Body) -> tuple[Sequence[Sent], bool]:
    if body.kind is Kind.LINES:
        return sent_in_lines(body.text), True
    value = read_value(body.text)
    if isinstance(value, list):
        return sent_in_list(value), True
    return [Sent(value)], False


def _answer_one(reception: Reception) -> Response:
    receipt = reception.receipts[0]
    if receipt.status is Status.REJECTED:
        raise _refusal(receipt, reception.allowance)
    response = jsonify(_spell(receipt))
    response.status_code = CREATED if receipt.status is Status.STORED else KNOWN
    return response


def _answer_batch(reception: Reception) -> Response:
    receipts = reception.receipts
    counts = Counter(receipt.status for receipt in receipts)
    response = jsonify(
        results=[{"index": index, **_spell(one)} for index, one in enumerate(receipts)],
        stored=counts[Status.STORED],
        duplicates=counts[Status.DUPLICATE],
        rejected=counts[Status.REJECTED],
    )
    response.status_code = MIXED if counts[Status.REJECTED] else KNOWN
    return response


def _refusal(receipt: Receipt, allowance: Window) -> InvalidInput:
    kept = (
        f"It is kept in quarantine as {receipt.quarantine}, to be replayed."
        if receipt.quarantine
        else "The quarantine is full, so it is not kept."
    )
    return InvalidInput(
        "The event does not fit its contract; `errors` names each field and what to change."
        f" {kept}",
        errors=receipt.errors,
        headers=allowance.headers,
    )


def _spell(receipt: Receipt) -> dict[str, Any]:
    answer: dict[str, Any] = {"status": receipt.status.value}
    if receipt.id is not None:
        answer["id"] = str(receipt.id)
    # An event of no registered type has no version of one.
    if receipt.version:
        answer["event_type_version"] = receipt.version
    if receipt.deprecation is not None:
        answer["deprecation"] = receipt.deprecation
    if receipt.errors:
        answer["errors"] = [{"pointer": e.pointer, "detail": e.detail} for e in receipt.errors]
        answer["quarantine"] = str(receipt.quarantine) if receipt.quarantine else None
    return answer
