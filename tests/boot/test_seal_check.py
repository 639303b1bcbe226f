"""The doctor on the keys of the seal: what is wrong with them, and what mends it."""

import pytest

from app.audit.proof.keys import make_key
from app.audit.proof.settings import SealSettings
from app.boot.local.seal_check import check_seal


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "keys"


def test_key_that_only_its_owner_reads_is_well(folder):
    make_key(folder)
    answer = check_seal(SealSettings("ballast.example", folder))
    assert answer.ok
    assert "go nowhere by themselves" in answer.detail


def test_places_of_copies_are_named(folder, tmp_path):
    make_key(folder)
    outside = tmp_path / "outside"
    seal = SealSettings("ballast.example", folder, publish_folder=outside, publish_url="https://x")
    assert f"checkpoints go to {outside} and https://x" in check_seal(seal).detail


def test_missing_key_is_made_in_development_and_asked_for_in_production(folder):
    assert check_seal(SealSettings("ballast.example", folder, makes_key=True)).ok
    answer = check_seal(SealSettings("ballast.example", folder))
    assert not answer.ok
    assert "flask audit make-key" in answer.mend


def test_file_that_is_no_key_is_named(folder):
    folder.mkdir()
    (folder / "old.pem").write_text("nothing")
    answer = check_seal(SealSettings("ballast.example", folder))
    assert not answer.ok
    assert "old.pem" in answer.detail


def test_key_that_others_can_read_is_named(folder):
    path = make_key(folder)
    path.chmod(0o644)
    answer = check_seal(SealSettings("ballast.example", folder))
    assert not answer.ok
    assert "others on this machine can read seal-key.pem" in answer.detail
