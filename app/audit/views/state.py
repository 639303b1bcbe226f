"""What the page of the log shows beside its query: in which view, and with which columns.

All of it stands in the address. `view` names the view that the page began as, so that the page
can say whether it still shows the same; the query and the columns stand there in full, so that
an address means the same when the view is changed or gone.
"""

from dataclasses import dataclass
from uuid import UUID

from flask import url_for
from werkzeug.datastructures import MultiDict

from app.audit.collection import AUDIT_LOG
from app.audit.views.columns import Columns, read_columns
from app.audit.views.models import SavedView
from app.audit.views.queries import list_views_and_default
from app.kernel.actor import Actor
from app.kernel.collections.criteria import Criteria, address_of
from app.kernel.query_language.query import parse

# What `view` says where all events are shown although the log opens with a view.
ALL = "all"
GONE = (
    "This view was deleted, or it is not shared with you any more. The filter of the address is"
    " still the one below."
)


@dataclass(frozen=True, slots=True)
class ViewState:
    """The columns and the view that the address names, as text; nothing is looked up for it."""

    columns: Columns
    view: str | None = None

    @property
    def kept(self) -> dict[str, str]:
        """What every address of the page repeats, in canonical order."""
        state = {"columns": self.columns.text, "view": self.view or ""}
        return {key: value for key, value in state.items() if value}


@dataclass(frozen=True, slots=True)
class ViewShelf:
    """The views that somebody sees, and which of them the page began as."""

    views: tuple[SavedView, ...]
    default: UUID | None
    state: ViewState

    @property
    def current(self) -> SavedView | None:
        return next((one for one in self.views if str(one.id) == self.state.view), None)

    @property
    def notices(self) -> tuple[str, ...]:
        """What has to be said about the view and the columns of the address."""
        named = self.state.view not in (None, ALL)
        gone = (GONE,) if named and self.current is None else ()
        return (*gone, *self.state.columns.notices)

    def is_modified(self, criteria: Criteria) -> bool:
        """Say whether the page shows something else than the view that it began as."""
        view = self.current
        if view is None:
            return False
        if read_columns(view.columns).keys != self.state.columns.keys:
            return True
        saved = parse(view.query, AUDIT_LOG.fields)
        if saved.errors:
            return criteria.query.text != view.query
        return saved.canonical() != criteria.query.canonical()


def read_state(arguments: MultiDict[str, str]) -> ViewState:
    """Return what the address says of the view and the columns."""
    return ViewState(read_columns(arguments.get("columns")), _view_named(arguments.get("view")))


def open_shelf(actor: Actor, arguments: MultiDict[str, str]) -> ViewShelf:
    """Return what the address says, with the views that the actor sees.

    For somebody whose log opens with a view, an address without one says that it shows all.
    """
    state = read_state(arguments)
    views, default = list_views_and_default(actor)
    if default is not None and state.view is None:
        state = ViewState(state.columns, ALL)
    return ViewShelf(tuple(views), default, state)


def view_address(view: SavedView) -> str:
    """Return the address of the log as the view shows it."""
    state = ViewState(read_columns(view.columns), str(view.id))
    criteria = Criteria(parse(view.query, AUDIT_LOG.fields), kept=state.kept)
    # A query that is not understood any more is shown with its mistake, not without its part.
    query = view.query if criteria.errors else criteria.query.canonical()
    return address_of(url_for("audit.index"), criteria, q=query)


def _view_named(text: str | None) -> str | None:
    if not text or text == ALL:
        return text or None
    try:
        return str(UUID(text))
    except ValueError:
        # Nobody's view: the page says that there is none.
        return "none"
