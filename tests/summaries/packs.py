"""Evidence packs as a test has them: downloaded, taken apart, put together, and judged."""

import io
import zipfile
from dataclasses import replace
from hashlib import sha256

from app.audit.proof.kept_checkpoints import find_last_checkpoint
from app.audit.proof.keys import load_keys
from app.audit.proof.rounds import seal_round
from app.audit.proof.settings import seal_settings
from app.audit.proof.verifier.program import question
from app.summaries.packs.checking import check_evidence
from app.summaries.packs.container import COVER, MEMBERS, write_container
from app.summaries.packs.cover import HASHED, read_cover


def seal(asked):
    with asked.world.app.app_context():
        seal_round([asked.world.tenant.id])


def download(asked, role="admin"):
    visitor = asked.world.as_person(role)
    path = f"{asked.path}/evidence"
    return visitor.client.post(path, data={"csrf_token": visitor.token()}, buffered=True)


def judged(path, *keys):
    return check_evidence(question(path, list(keys), [], []))


def parts(path):
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def put_together(path, members, *, signs_anew=None):
    """Write a pack of changed parts as its writer would; `signs_anew` are keys to sign it with."""
    if signs_anew is not None:
        cover = read_cover(members[COVER].decode()).cover
        hashes = {name: sha256(members[name]).hexdigest() for name in HASHED}
        cover = replace(cover, hashes=hashes)
        members = {**members, COVER: signs_anew.sign_text(cover.text, cover.origin).encode()}
    with path.open("wb") as out:
        write_container(out, {name: io.BytesIO(members[name]) for name in MEMBERS})
    return path


def keys_of(signed):
    """The keys of the log, as an auditor has them from the page of the seal."""
    with signed.world.session():
        ring = load_keys(seal_settings().keys)
        origin = find_last_checkpoint().note.split("\n")[0]
        return ring, [str(key) for key in ring.verifier_keys(origin)]
