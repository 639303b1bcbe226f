"""A program that sends events and asks for them, in front of the app."""

import json
from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

from werkzeug.test import TestResponse

from app.identity.service.api_keys import create_api_key
from app.vocabulary.permissions import Permission
from tests.fuzz.told import Told
from tests.support.worlds import World

EVENTS = "/api/v1/events"
# A key may make 600 calls a minute, which is not what is tried here.
CALLS_A_KEY = 500
BATCH = 500
SCOPES = (Permission.AUDIT_EVENT_CREATE, Permission.AUDIT_EVENT_READ)


class Program:
    """Calls the API of a tenant, with a fresh key whenever one is used up."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._client = world.app.test_client()
        self._calls, self._key = 0, ""

    def tell(self, events: Sequence[Told]) -> None:
        """Send events that are as they should be; each has to be stored."""
        for start in range(0, len(events), BATCH):
            some = events[start : start + BATCH]
            body = json.dumps([event.as_json() for event in some], ensure_ascii=False)
            answer = self.post(body.encode(), content_type="application/json")
            assert answer.status_code == 200, answer.text[:2_000]
            results = answer.get_json()["results"]
            assert [one for one in results if one["status"] != "stored"] == []
            assert len(results) == len(some)

    def post(self, body: bytes, **options: Any) -> TestResponse:
        return self._client.post(EVENTS, data=body, headers=self._headers(options), **options)

    def get(self, place: str = EVENTS, **parameters: str) -> TestResponse:
        return self._client.get(place, query_string=parameters, headers=self._headers({}))

    def pages(self, most: int, **parameters: str) -> Iterator[tuple[list[dict[str, Any]], bool]]:
        """Yield the events of at most so many pages, each with whether it is the last."""
        cursor: dict[str, str] = {}
        # A search belongs to the key that began it.
        if CALLS_A_KEY - self._calls % CALLS_A_KEY < most:
            self._calls = 0
        for _ in range(most):
            answer = self.get(**parameters, **cursor)
            assert answer.status_code == 200, f"{answer.status_code}: {answer.text[:800]}"
            page = answer.get_json()
            yield page["events"], page["next"] is None
            if page["next"] is None:
                return
            cursor = {"cursor": page["next"]}

    def event(self, ident: UUID | str) -> TestResponse:
        return self.get(f"{EVENTS}/{ident}")

    def _headers(self, options: dict[str, Any]) -> dict[str, str]:
        if self._calls % CALLS_A_KEY == 0:
            with self.world.session():
                key = create_api_key(
                    self.world.system(), name="fuzz", scopes=SCOPES, lifetime_days=1
                )
            self._key = key.text
        self._calls += 1
        return {"Authorization": f"Bearer {self._key}", **options.pop("headers", {})}
