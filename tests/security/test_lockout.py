"""Limits on tries must stop who guesses, and not whoever is being guessed at."""

from app.identity.service.sign_in import TRIES_PER_ADDRESS
from tests.factories.identity import PASSWORD

STRANGER = {"REMOTE_ADDR": "198.51.100.66"}
HOME = {"REMOTE_ADDR": "203.0.113.7"}


def test_stranger_cannot_lock_somebody_out_from_where_they_always_sign_in(alder, visitor):
    email = alder.people["owner"].email
    for _ in range(TRIES_PER_ADDRESS + 1):
        sign_in(visitor, email, "a guess", STRANGER)
    assert sign_in(visitor, email, PASSWORD, HOME) == 303


def test_made_up_forwarding_header_gives_no_further_tries(alder, visitor):
    email = alder.people["owner"].email
    answers = [
        sign_in(visitor, email, "a guess", STRANGER, {"X-Forwarded-For": f"192.0.2.{number}"})
        for number in range(TRIES_PER_ADDRESS + 1)
    ]
    assert answers[-1] == 429


def sign_in(visitor, email, password, source, headers=None):
    values = visitor.get("/sign-in").form("Sign in").values
    response = visitor.client.post(
        "/sign-in",
        data={**values, "email": email, "password": password},
        environ_overrides=source,
        headers=headers,
    )
    return response.status_code
