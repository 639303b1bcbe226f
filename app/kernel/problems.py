"""Errors that a person or a client may meet, each saying what happened and what to do.

They render as a page or as problem details (RFC 9457); `app.boot.errors` does the rendering.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from app.vocabulary.permissions import Permission


@dataclass(frozen=True, slots=True)
class FieldProblem:
    """One thing wrong with one part of what was sent.

    `pointer` is a JSON Pointer (RFC 6901) into the body; or `parameter` names a parameter of the
    address, and `position` a place in it, counted in code points from 0.
    """

    pointer: str
    detail: str
    parameter: str | None = None
    position: int | None = None


class Problem(Exception):
    """An expected failure. `detail` is shown to whoever meets it, so it holds no secret."""

    status: ClassVar[int] = 400
    code: ClassVar[str] = "bad-request"
    title: ClassVar[str] = "That request could not be used"

    def __init__(
        self,
        detail: str,
        *,
        errors: Sequence[FieldProblem] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.detail = detail
        self.errors = tuple(errors)
        self.headers = dict(headers or {})


class NotFound(Problem):
    """Nothing is here for this reader: it never was, it is gone, or it is another tenant's.

    All three give the same answer, so that nobody can learn which ids exist.
    """

    status = 404
    code = "not-found"
    title = "There is nothing here"

    def __init__(
        self, detail: str = "The address may be mistyped, or what it named is gone."
    ) -> None:
        super().__init__(detail)


class NotSignedIn(Problem):
    """The request carries no valid session or key."""

    status = 401
    code = "not-signed-in"
    title = "Sign in first"


class PermissionMissing(Problem):
    """The actor is known, but may not do this. Names the missing permission."""

    status = 403
    code = "permission-missing"
    title = "You may not do this"

    def __init__(self, permission: Permission) -> None:
        super().__init__(f"This needs the permission {permission}, which you do not hold.")
        self.permission = permission


class Refused(Problem):
    """A rule of the product forbids it, whoever asks."""

    status = 409
    code = "refused"
    title = "That cannot be done"


class InvalidInput(Problem):
    """What was sent does not fit its contract; `errors` names the places."""

    status = 422
    code = "invalid-input"
    title = "Something in what you sent does not fit"


class PayloadTooLarge(Problem):
    """The body is larger than the door it came to."""

    status = 413
    code = "payload-too-large"
    title = "That is too much at once"


class UnsupportedMediaType(Problem):
    """The body is of a kind this door does not read."""

    status = 415
    code = "unsupported-media-type"
    title = "That kind of content is not read here"


class TooManyRequests(Problem):
    """The caller asks faster than its allowance; says when to come back."""

    status = 429
    code = "too-many-requests"
    title = "Slow down a little"

    def __init__(self, detail: str, retry_after_s: int) -> None:
        super().__init__(detail, headers={"Retry-After": str(retry_after_s)})
        self.retry_after_s = retry_after_s
