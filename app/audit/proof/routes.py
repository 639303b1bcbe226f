"""The pages of the seal, and the evidence that is downloaded from them."""

import tempfile
from typing import IO, Any
from uuid import UUID

from flask import Response, current_app, request, send_file, url_for
from flask.typing import ResponseReturnValue

from app.audit.collection import AUDIT_LOG
from app.audit.proof import presenting
from app.audit.proof.broken import SealBroken
from app.audit.proof.kept_checkpoints import find_last_checkpoint
from app.audit.proof.pack_form import PackForm
from app.audit.proof.pack_writing import PackOrder, write_pack
from app.audit.proof.proofs import get_checkpoint, get_event_proof, get_growth_proof
from app.audit.proof.publishing import destinations
from app.audit.proof.seal_state import get_seal_state, usable_keys
from app.audit.proof.settings import seal_settings
from app.audit.proof.standalone.assembly import FILE
from app.audit.service import ExportRequest, read_event, record_export
from app.kernel import clock
from app.kernel.actor import Actor
from app.kernel.collections.declaration import Moment
from app.kernel.collections.matching import count_capped, matching
from app.kernel.problems import InvalidInput, Refused
from app.kernel.query_language.query import Query, parse
from app.kernel.record_pages import FormWords, render_form
from app.kernel.rendering import render_page
from app.kernel.routing import PublicPages, TenantPages
from app.kernel.standing import tenant_here
from app.vocabulary.permissions import Permission

pages = TenantPages("seal", __name__, "/audit-log/seal")
public = PublicPages("seal_public", __name__)

# A pack is made while somebody waits; what is larger is made on the command line.
MOST_EVENTS = 10_000
_SPOOLED_BYTES = 8_000_000
_TEXT = "text/plain; charset=utf-8"
_PARTS_OF_A_PACK = "application/zip"


@pages.get("", requires=Permission.AUDIT_EVENT_READ)
def index(actor: Actor) -> ResponseReturnValue:
    state, zone = get_seal_state(), tenant_here().zone
    wanted = [one.name for one in destinations(seal_settings())]
    panels = [
        _panel("State", presenting.state_facts(state, zone)),
        _panel("Last checkpoint", presenting.checkpoint_facts(state)),
        _panel("Copies outside", presenting.publication_facts(state, wanted, zone)),
        _panel("Keys", presenting.key_facts(state), _KEY_WORDS),
        _panel("What the seal says", text=presenting.PROVES),
        _panel("Check it yourself", text=_how_to_check()),
    ]
    primary = {"label": "Make a pack", "href": url_for("seal.make_pack")}
    header = {
        "title": "Seal",
        "meta": "Whether the audit log is what it was",
        "crumbs": [{"label": "Audit log", "href": url_for("audit.index")}],
        "primary": primary if actor.may(Permission.AUDIT_EVENT_EXPORT) else None,
    }
    return render_page("record.html", {"header": header, "tabs": None, "panels": panels})


@pages.get("/checkpoints/<int:size>", requires=Permission.AUDIT_EVENT_READ)
def checkpoint(_actor: Actor, size: int) -> ResponseReturnValue:
    return _download(get_checkpoint(size).note, f"checkpoint-{size}.txt")


@pages.get("/growth/<int:old>/<int:size>", requires=Permission.AUDIT_EVENT_READ)
def growth(_actor: Actor, old: int, size: int) -> ResponseReturnValue:
    return _download(str(get_growth_proof(old, size)), f"growth-{old}-{size}.txt")


@pages.get("/events/<uuid:event_id>", requires=Permission.AUDIT_EVENT_READ)
def event_proof(actor: Actor, event_id: UUID) -> ResponseReturnValue:
    event = read_event(actor, event_id)
    return _download(str(get_event_proof(event)), f"{event_id}.tlog-proof")


@pages.form("/packs/new", requires=Permission.AUDIT_EVENT_EXPORT)
def make_pack(actor: Actor) -> ResponseReturnValue:
    form = PackForm(q=request.args.get("q", ""))
    words = FormWords(
        "Make a pack",
        "Make and download",
        cancel_href=url_for("seal.index"),
        meta="Events of a filter, or the whole log, with all that it takes to check them offline",
        crumbs=[{"label": "Seal", "href": url_for("seal.index")}],
    )
    if not form.validate_on_submit():
        return render_form(form, words)
    try:
        query = _query(form.q.data or "")
        return _pack(actor, query, form.sizes())
    except (InvalidInput, Refused) as problem:
        return render_form(form, words, problem=problem)


@public.get("/seal/keys", reason="Whoever checks evidence needs the public keys, and no account.")
def keys() -> ResponseReturnValue:
    lines = [
        f"{key.public.hex()} {key.name} {'signs' if key.private else 'verifies'}\n"
        for key in usable_keys().keys
    ]
    head = "# Ed25519 public keys in hex that sign, or signed, the audit logs kept here.\n"
    return Response(head + "".join(lines), content_type=_TEXT)


@public.get("/seal/verifier", reason="Whoever checks evidence needs the program, and no account.")
def verifier() -> ResponseReturnValue:
    return _download(FILE.read_text(encoding="utf-8"), FILE.name)


def _pack(actor: Actor, query: Query, since: tuple[int, ...]) -> Response:
    newest, keys = find_last_checkpoint(), usable_keys()
    if newest is None:
        raise Refused("Nothing is sealed yet, so there is nothing to prove.")
    moment = Moment(clock.now(), tenant_here().zone)
    statement = matching(AUDIT_LOG, query, moment)
    whole = not query.canonical()
    if (newest.size if whole else count_capped(statement, MOST_EVENTS)) > MOST_EVENTS:
        raise Refused(
            f"A pack made here holds {MOST_EVENTS:,} events at most. Narrow the filter, or ask the"
            f" operator for: flask audit pack --tenant {tenant_here().slug}"
        )
    record_export(actor, ExportRequest(query.canonical(), "pack"))
    order = PackOrder(
        made_at=moment.now,
        public_url=current_app.config["SETTINGS"].public_url,
        query=query.canonical(),
        statement=None if whole else statement,
        since=since,
    )
    file = tempfile.SpooledTemporaryFile(_SPOOLED_BYTES)  # noqa: SIM115  the response closes it
    try:
        write_pack(file, order, newest, keys)
    except SealBroken as broken:
        file.close()
        raise Refused(str(broken)) from None
    name = f"evidence-{tenant_here().slug}-{moment.now:%Y%m%dT%H%M%SZ}.zip"
    return _sent(file, name)


def _sent(file: IO[bytes], name: str) -> Response:
    file.seek(0)
    return send_file(file, mimetype=_PARTS_OF_A_PACK, as_attachment=True, download_name=name)


def _query(text: str) -> Query:
    query = parse(text, AUDIT_LOG.fields)
    if query.errors:
        raise InvalidInput("The filter could not be read, so no pack was made.")
    return query


def _panel(
    title: str, facts: presenting.Facts | None = None, text: tuple[Any, ...] = ()
) -> dict[str, Any]:
    return {
        "panel": {"title": title},
        "facts": {"items": facts} if facts else None,
        "text": {"blocks": list(text)} if text else None,
    }


_KEY_WORDS: tuple[Any, ...] = (
    "Whoever checks evidence needs these. Keep them from here, not from the evidence itself.",
)


def _how_to_check() -> tuple[Any, ...]:
    return (
        {
            "type": "steps",
            "items": [
                {
                    "spans": [
                        "Download ",
                        {"text": "ballast_verify.py", "href": url_for("seal_public.verifier")},
                        ", one file that needs Python and the package cryptography.",
                    ]
                },
                "Make a pack here or from the audit log, or download the proof of one event.",
                "Run the command; it says what is right, what is wrong, and which event it is.",
            ],
        },
        {
            "type": "code",
            "label": "Command",
            "text": "python3 ballast_verify.py PACK.zip --key KEY --kept checkpoint.txt",
        },
    )


def _download(text: str, name: str) -> Response:
    response = Response(text, content_type=_TEXT)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
