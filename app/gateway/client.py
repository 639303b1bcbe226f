"""The one file that imports `openai`: requests go out here, and every way to fail gets a name."""

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


class ModelClient:
    """An endpoint behind the `openai` client, which neither retries nor waits for itself here."""

    def __init__(self, endpoint: EndpointConfig, model: str) -> None:
        self._endpoint = endpoint
        self._model = model

    def ask(self, request: ChatRequest, timeout_s: float) -> ChatAnswer:
        """Send the request once and return the answer; raises `AttemptFailedError`.

        `timeout_s` bounds the whole exchange, also against a server that sends byte by byte.
        """
        deadline = time.monotonic() + timeout_s
        with self._named_failures(), self._open(timeout_s) as client:
            chat = client.chat.completions.with_streaming_response
            # Built from settings and prompt files: the client's own types cannot follow that.
            create = cast("Callable[..., Any]", chat.create)
            with create(**self._arguments(request)) as response:
                body = _read_within(response.iter_bytes(), deadline).decode("utf-8", "replace")
                request_id = response.headers.get("x-request-id", "")
                return read_completion(self._masked(body), self._masked(request_id) or None)

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
        with (
            # A redirect would carry the digest to an address that nobody allowed.
            httpx2.Client(transport=transport, timeout=timeout, follow_redirects=False) as http,
            openai.OpenAI(
                base_url=endpoint.base_url or EXTRACTIVE_URL,
                api_key=endpoint.api_key or _NO_KEY,
                max_retries=0,
                timeout=timeout,
                http_client=http,
            ) as client,
        ):
            yield client

    @contextmanager
    def _named_failures(self) -> Iterator[None]:
        """Turn what the client and its transport raise into `AttemptFailedError`."""
        try:
            yield
        except openai.APIStatusError as error:
            raise self._status_failure(error) from error
        except openai.APIConnectionError as error:
            raise _connection_failure(error.__cause__ or error) from error
        except (httpx2.HTTPError, httpx2.InvalidURL) as error:
            raise _connection_failure(error) from error
        except openai.OpenAIError as error:
            raise AttemptFailedError(FailureCode.NOT_ACCEPTED, type(error).__name__) from error

    def _status_failure(self, error: openai.APIStatusError) -> AttemptFailedError:
        status = error.status_code
        return AttemptFailedError(
            _code_of(status),
            # The endpoint's own words help whoever runs the installation; they may quote our key.
            clean_value(self._masked(f"HTTP {status}: {error.message}")),
            may_pass=status in (_REQUEST_TIMEOUT, _TOO_MANY_REQUESTS) or status >= _SERVER_ERROR,
            retry_after_s=parse_retry_after(error.response.headers.get("retry-after"), clock.now()),
            parameter=error.param,
            request_id=self._masked(error.request_id or "") or None,
        )

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


def _connection_failure(error: BaseException) -> AttemptFailedError:
    name = type(error).__name__
    is_timeout = isinstance(error, httpx2.TimeoutException)
    if is_timeout and not isinstance(error, httpx2.ConnectTimeout):
        return AttemptFailedError(FailureCode.TOO_SLOW, name, cost=UNKNOWN_COST)
    may_pass = not isinstance(error, httpx2.InvalidURL | httpx2.UnsupportedProtocol)
    # Where no connection was made nothing was sent; on a line that broke, something may have been.
    was_sent = may_pass and not isinstance(error, httpx2.ConnectError | httpx2.ConnectTimeout)
    cost = UNKNOWN_COST if was_sent else None
    return AttemptFailedError(FailureCode.UNREACHABLE, name, may_pass=may_pass, cost=cost)


def _code_of(status: int) -> FailureCode:
    if status in (401, 403):
        return FailureCode.NOT_AUTHORISED
    if status == _TOO_MANY_REQUESTS:
        return FailureCode.RATE_LIMITED
    if status == _REQUEST_TIMEOUT:
        return FailureCode.TOO_SLOW
    return FailureCode.UNAVAILABLE if status >= _SERVER_ERROR else FailureCode.NOT_ACCEPTED
