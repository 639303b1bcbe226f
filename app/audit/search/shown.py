"""Which searches the log knows of already: parts of a page need no second event for one search.

Every search is an event. The page of a search writes it, and gives the addresses of what is
counted beside the list a token; whoever asks for a count without one has searched, too.
"""

import hashlib

from flask import current_app
from itsdangerous import BadSignature, URLSafeTimedSerializer

from app.kernel.query_language.query import Query
from app.kernel.tenant_wall import tenant_in_scope

# As long as it may take a browser to ask for the parts of a page.
VALID_S = 600


def shown_token(query: Query) -> str:
    """Return what says that the search for a query was written into the tenant's log just now."""
    return str(_serializer().dumps(_subject(query)))


def was_shown(query: Query, token: str | None) -> bool:
    """Say whether a token is of this query, in the tenant in scope, and not too old."""
    if not token:
        return False
    try:
        return bool(_serializer().loads(token, max_age=VALID_S) == _subject(query))
    except BadSignature:
        return False


def _subject(query: Query) -> str:
    text = f"{tenant_in_scope()} {query.canonical()}"
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def _serializer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt="search shown")
