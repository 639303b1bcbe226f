"""The bytes of uploaded files: kept in the database, where the worker finds them.

They lie behind the wall between tenants like everything else, and a web server and a worker on
different machines both reach them.
"""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import delete, insert, select, update

from app.audit.importers.reading.broken import FileBroken
from app.audit.importers.reading.records import Source
from app.audit.importers.reading.transcoding import as_utf8
from app.audit.importers.reading.unpacking import PIECE, unpack
from app.audit.ingest.imports.models import FileImport, FilePiece
from app.audit.ingest.imports.settings import max_unpacked_bytes
from app.kernel.database import current_session, scope_of


@dataclass(frozen=True, slots=True)
class Kept:
    """What is known of a file once it is kept: its size and its SHA-256."""

    length: int
    sha256: str


def keep_pieces(import_id: UUID, content: Iterable[bytes]) -> Kept:
    """Keep the bytes of a file in pieces of 256 KB, in the caller's transaction."""
    session, sha, length = current_session(), hashlib.sha256(), 0
    tenant_id = scope_of(session).tenant_id
    for place, piece in enumerate(_even(content)):
        sha.update(piece)
        length += len(piece)
        row = {"tenant_id": tenant_id, "import_id": import_id, "place": place, "content": piece}
        session.execute(insert(FilePiece), [row])
    return Kept(length, sha.hexdigest())


def source_of(import_id: UUID) -> Source:
    """Return the bytes of a kept file; reads one piece at a time, from the running session."""
    return Source(lambda: _pieces(import_id), max_unpacked_bytes())


def measure_text(source: Source, encoding: str) -> int:
    """Return how many bytes of UTF-8 a file holds, up to where it breaks if it does."""
    length = 0
    try:
        for piece in as_utf8(unpack(source.pieces(), source.at_most), encoding):
            length += len(piece)
    except FileBroken:
        pass
    return length


def forget_pieces(import_id: UUID) -> None:
    """Delete the bytes of a file, in the caller's transaction."""
    session = current_session()
    session.execute(delete(FilePiece).where(FilePiece.import_id == import_id))
    session.execute(
        update(FileImport).where(FileImport.id == import_id).values(has_file=False),
        execution_options={"synchronize_session": False},
    )


def _even(content: Iterable[bytes]) -> Iterator[bytes]:
    held = b""
    for piece in content:
        held += piece
        while len(held) >= PIECE:
            yield held[:PIECE]
            held = held[PIECE:]
    if held:
        yield held


def _pieces(import_id: UUID) -> Iterator[bytes]:
    place = 0
    while True:
        statement = select(FilePiece.content).where(
            FilePiece.import_id == import_id, FilePiece.place == place
        )
        content = current_session().scalar(statement)
        if content is None:
            return
        yield content
        place += 1
