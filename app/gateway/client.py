"""The one file that imports `openai`: requests go out here, and every way to fail gets a name."""

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, cast

import httpx2
import openai

from app.gateway.answers import read_completion
from app.gateway.chat import UNKNOWN_COST, AttemptFailedError, ChatAnswer, ChatRequest
from app.gateway.endpoints.config import EndpointConfig
from app.gateway.errors import FailureCode
from app.gateway.exchange import ending_after, hooks_of
from app.gateway.extractive.transport import EXTRACTIVE_URL, ExtractiveTransport
from app.gateway.redaction import MASK, clean_value
from app.gateway.retries import parse_retry_after
from app.kernel import clock

CONNECT_TIMEOUT_S = 5.0
MAX_BODY_BYTES = 1_000_000

# An endpoint on this machine often wants no key, but the client wants one; given here, it does
# not go and look for another vendor's key in the environment.
_NO_KEY = "no-key"

# A shorter one would be part of ordinary words.
_LEAST_KEY = 8

_REQUEST_TIMEOUT, _TOO_MANY_REQUESTS, _SERVER_ERROR = 408, 429, 500
_LONGEST_REQUEST_ID = 200

log = logging.getLogger(__name__)


class ModelClient:
    """An endpoint behind the `openai` client, which neither retries nor waits for itself here."""

    def __init__(self, endpoint: EndpointConfig, model: str) -> None:
        self._endpoint = endpoint
        self._model = model

    def ask(self, request: ChatRequest, timeout_s: float) -> ChatAnswer:
        """Send the request once and return the answer; raises `AttemptFailedError`.

        `timeout_s` bounds the whole exchange, also against a server that sends byte by byte; one
        that falls silent in the middle is heard for as long again.
        """
        deadline = time.monotonic() + timeout_s
        with self._named_failures(deadline), self._open(timeout_s) as client:
            chat = client.chat.completions.with_streaming_response
            # Built from settings and prompt files: the client's own types cannot follow that.
            create = cast("Callable[..., Any]", chat.create)
            with create(**self._arguments(request)) as response:
                body = _read_within(response.iter_bytes(), deadline).decode("utf-8", "replace")
                request_id = response.headers.get("x-request-id", "")
                return read_completion(self._masked(body), self._request_id(request_id))

    def _arguments(self, request: ChatRequest) -> dict[str, Any]:
        return {
            "model": self._model,
            "messages": [message.as_json() for message in request.messages],
            "response_format": {
                "type": "json_schema",
                "json_schema": {
                    "name": request.schema_name,
                    "strict": True,
                    "schema": dict(request.schema),
                },
            },
            "extra_headers": {"Idempotency-Key": str(request.call_id)},
            **request.parameters,
        }

    @contextmanager
    def _open(self, timeout_s: float) -> Iterator[openai.OpenAI]:
        """Open a client for one exchange, so that no connection outlives it or crosses a fork."""
        endpoint = self._endpoint
        timeout = httpx2.Timeout(timeout_s, connect=min(CONNECT_TIMEOUT_S, timeout_s))
        transport = ExtractiveTransport() if endpoint.is_extractive else None
        key = endpoint.api_key or _NO_KEY
        with (
            httpx2.Client(
                transport=transport,
                timeout=timeout,
                # A redirect would carry the digest to an address that nobody allowed.
                follow_redirects=False,
                event_hooks=hooks_of(key),
            ) as http,
            ending_after(timeout_s, http),
            openai.OpenAI(
                base_url=endpoint.base_url or EXTRACTIVE_URL,
                api_key=key,
                max_retries=0,
                timeout=timeout,
                http_client=http,
            ) as client,
        ):
            yield client

    @contextmanager
    def _named_failures(self, deadline: float) -> Iterator[None]:
        """Turn what the client and its transport raise into `AttemptFailedError`."""
        try:
            yield
        except AttemptFailedError:
            raise
        except openai.APIStatusError as error:
            raise self._status_failure(error) from error
        except openai.APIConnectionError as error:
            raise _connection_failure(error.__cause__ or error, deadline) from error
        except (httpx2.HTTPError, httpx2.InvalidURL) as error:
            raise _connection_failure(error, deadline) from error
        except openai.OpenAIError as error:
            raise AttemptFailedError(FailureCode.NOT_ACCEPTED, type(error).__name__) from error
        except Exception as error:
            # A call has to end in the ledger, whatever a stranger thinks of to break its reader.
            is_late = time.monotonic() >= deadline
            code = FailureCode.TOO_SLOW if is_late else FailureCode.NONSENSE
            name = type(error).__name__
            log.warning(
                "model_reply_broke_its_reader",
                extra={"endpoint": self._endpoint.name, "error": name},
            )
            raise AttemptFailedError(code, name, cost=UNKNOWN_COST) from error

    def _status_failure(self, error: openai.APIStatusError) -> AttemptFailedError:
        status = error.status_code
        return AttemptFailedError(
            _code_of(status),
            # The endpoint's own words help whoever runs the installation; they may quote our key.
            clean_value(self._masked(f"HTTP {status}: {error.message}")),
            may_pass=status in (_REQUEST_TIMEOUT, _TOO_MANY_REQUESTS) or status >= _SERVER_ERROR,
            retry_after_s=parse_retry_after(error.response.headers.get("retry-after"), clock.now()),
            # The library promises a text here and passes on whatever was sent.
            parameter=error.param if isinstance(error.param, str) else None,
            request_id=self._request_id(error.request_id),
        )

    def _request_id(self, said: str | None) -> str | None:
        return self._masked(said or "")[:_LONGEST_REQUEST_ID] or None

    def _masked(self, text: str) -> str:
        """Return what an endpoint said without our key, which it may quote."""
        key = self._endpoint.api_key
        return text.replace(key, MASK) if key and len(key) >= _LEAST_KEY else text


def _read_within(chunks: Iterator[bytes], deadline: float) -> bytes:
    body = bytearray()
    for chunk in chunks:
        body += chunk
        if time.monotonic() > deadline:
            raise AttemptFailedError(
                FailureCode.TOO_SLOW, "the answer came too slowly", cost=UNKNOWN_COST
            )
        if len(body) > MAX_BODY_BYTES:
            raise AttemptFailedError(
                FailureCode.NONSENSE, "the answer is larger than any we ask for", cost=UNKNOWN_COST
            )
    return bytes(body)


def _connection_failure(error: BaseException, deadline: float) -> AttemptFailedError:
    name = type(error).__name__
    is_timeout = isinstance(error, httpx2.TimeoutException)
    is_connected = not isinstance(error, httpx2.ConnectError | httpx2.ConnectTimeout)
    # A line that we closed because time was up looks like one that broke.
    if is_connected and (is_timeout or time.monotonic() >= deadline):
        return AttemptFailedError(FailureCode.TOO_SLOW, name, cost=UNKNOWN_COST)
    may_pass = not isinstance(error, httpx2.InvalidURL | httpx2.UnsupportedProtocol)
    # Where no connection was made nothing was sent; on a line that broke, something may have been.
    cost = UNKNOWN_COST if may_pass and is_connected else None
    return AttemptFailedError(FailureCode.UNREACHABLE, name, may_pass=may_pass, cost=cost)


def _code_of(status: int) -> FailureCode:
    if status in (401, 403):
        return FailureCode.NOT_AUTHORISED
    if status == _TOO_MANY_REQUESTS:
        return FailureCode.RATE_LIMITED
    if status == _REQUEST_TIMEOUT:
        return FailureCode.TOO_SLOW
    return FailureCode.UNAVAILABLE if status >= _SERVER_ERROR else FailureCode.NOT_ACCEPTED
