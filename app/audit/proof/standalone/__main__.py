"""`python -m app.audit.proof.standalone` writes the one-file verifier anew."""

from app.audit.proof.standalone.assembly import FILE, assembled

FILE.write_text(assembled(), encoding="utf-8")
