"""A process that makes an export is killed with the hardest signal there is, again and again."""

import os
import random
import subprocess
import sys
import time

import pytest

from tests.audit.exports.asking import (
    address_of,
    export_at,
    files_of,
    ids_in,
    post_export,
    tell_many,
)


@pytest.mark.usefixtures("few_are_many")
@pytest.mark.parametrize("kills", [2, pytest.param(40, marks=pytest.mark.proof)])
def test_killed_export_leaves_no_half_file_and_ends_as_if_nothing_had_been(alder, settings, kills):
    events = tell_many(alder, 80 * kills)
    person = alder.as_person("analyst")
    address = address_of(post_export(person, alder, "action:door"))
    export = export_at(alder, address)
    chance = random.Random(4711)  # noqa: S311  repeatable
    for _ in range(kills):
        with begin(settings, alder, export) as maker:
            assert maker.stdout.readline() == "begins\n"
            time.sleep(chance.random() * 0.25)
            maker.kill()
        if export_at(alder, address).status == "running":
            assert person.client.get(f"{address}/file").status_code == 404
    # Each turn ends after a while, so that others have theirs.
    while export_at(alder, address).status == "running":
        with begin(settings, alder, export) as maker:
            maker.communicate()
        assert maker.returncode == 0
    assert files_of(alder) == [f"{export.id}.export"]
    ids = ids_in(person.client.get(f"{address}/file", buffered=True).text)
    assert ids == [str(event.id) for event in reversed(events)]
    assert len(alder.log("audit_export.finished")) == 1


def begin(settings, world, export):
    return subprocess.Popen(
        [
            sys.executable,
            "-m",
            "tests.audit.exports.maker",
            str(settings.data_dir),
            str(world.tenant.id),
            export.asked_by,
            str(export.id),
        ],
        env={**os.environ, "DATABASE_URL": settings.database.for_app()},
        stdout=subprocess.PIPE,
        text=True,
    )
