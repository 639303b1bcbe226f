"""The API's doors into the audit log."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from flask import jsonify, request
from flask.typing import ResponseReturnValue

from app.audit.ingest.batch import Item, items_of_lines, items_of_list, read_value
from app.audit.ingest.body import Kind, read_body
from app.audit.ingest.receive import Receipt, Status, receive_batch, receive_event
from app.kernel.actor import Actor
from app.kernel.problems import Problem
from app.kernel.routing import ApiDoors
from app.vocabulary.permissions import Permission

api = ApiDoors("api", __name__)


@api.post("/events", requires=Permission.AUDIT_EVENT_CREATE)
def create_events(actor: Actor) -> ResponseReturnValue:
    """Take one event, a JSON list of events, or one event a line."""
    body = read_body(request)
    if body.kind is Kind.LINES:
        return _take_batch(actor, items_of_lines(body.text))
    value = read_value(body.text)
    if isinstance(value, list):
        return _take_batch(actor, items_of_list(value))
    receipt = receive_event(actor, value, request.headers.get("Idempotency-Key"))
    return jsonify(_answer(receipt)), 201 if receipt.status is Status.STORED else 200


def _take_batch(actor: Actor, items: Sequence[Item]) -> ResponseReturnValue:
    if "Idempotency-Key" in request.headers:
        raise Problem(
            "Idempotency-Key is for a single event. Give each event of a batch an id of its own:"
            " the same id is stored once."
        )
    receipts = receive_batch(actor, items)
    counts = Counter(receipt.status for receipt in receipts)
    answer = {
        "results": [{"index": index, **_answer(r)} for index, r in enumerate(receipts)],
        "stored": counts[Status.STORED],
        "duplicates": counts[Status.DUPLICATE],
        "rejected": counts[Status.REJECTED],
    }
    return jsonify(answer), 207 if counts[Status.REJECTED] else 200


def _answer(receipt: Receipt) -> dict[str, Any]:
    answer: dict[str, Any] = {"status": receipt.status.value}
    if receipt.id is not None:
        answer["id"] = str(receipt.id)
    if receipt.errors:
        answer["errors"] = [{"pointer": e.pointer, "detail": e.detail} for e in receipt.errors]
    return answer
