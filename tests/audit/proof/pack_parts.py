"""Looking into packs, and changing them."""

import json
import zipfile

from app.audit.proof.verifier.pack_files import EVENTS, FILES


def changed(path, **files):
    """Write a pack with other contents of some files, its manifest agreeing with them."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts |= {name.replace("_", "."): content for name, content in files.items()}
    target = path.with_name("changed.zip")
    with zipfile.ZipFile(target, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return target


def files_of(path):
    with zipfile.ZipFile(path) as archive:
        return [archive.read(name) for name in FILES]


def part_of(path, name):
    with zipfile.ZipFile(path) as archive:
        return archive.read(name)


def lines_of(path):
    return [json.loads(line) for line in part_of(path, EVENTS).splitlines()]


def rows(lines):
    return b"".join(json.dumps(line).encode() + b"\n" for line in lines)
