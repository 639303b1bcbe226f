"""Keys: files in a folder, several at a time, and never in the database."""

import stat
import subprocess
from concurrent.futures import ThreadPoolExecutor

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from app.audit.proof.checkpoints import Checkpoint, read_checkpoint
from app.audit.proof.keys import FIRST_KEY, KeyUnusable, load_keys, make_key

CHECKPOINT = Checkpoint("ballast.example/audit/a", 3, bytes(32))


def retire(path):
    """Replace a private key by its public half."""
    private = load_pem_private_key(path.read_bytes(), password=None)
    public = private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    path.write_bytes(public)


def test_folder_that_is_not_there_has_no_keys(tmp_path):
    assert load_keys(tmp_path / "absent").keys == ()


def test_made_key_is_private_to_its_owner_and_signs(tmp_path):
    path = make_key(tmp_path / "keys")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    keys = load_keys(path.parent)
    signed = read_checkpoint(keys.sign(CHECKPOINT))
    assert signed.checkpoint == CHECKPOINT
    assert signed.signed_by(keys.verifier_keys(CHECKPOINT.origin))


def test_key_that_is_there_is_never_overwritten(tmp_path):
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: make_key(tmp_path), range(16)))
    first = (tmp_path / FIRST_KEY).read_bytes()
    make_key(tmp_path)
    assert (tmp_path / FIRST_KEY).read_bytes() == first
    assert [path.name for path in tmp_path.iterdir()] == [FIRST_KEY]


def test_keys_change_without_a_gap(tmp_path):
    """Old alone, both, new alone: whoever knows either is never without a signature."""
    old_file = make_key(tmp_path, "2026.pem")
    old = load_keys(tmp_path)
    make_key(tmp_path, "2027.pem")
    both = load_keys(tmp_path)
    retire(old_file)
    new = load_keys(tmp_path)
    notes = [read_checkpoint(keys.sign(CHECKPOINT)) for keys in (old, both, new)]
    old_key, new_key = new.verifier_keys(CHECKPOINT.origin)
    assert [len(note.note.signatures) for note in notes] == [1, 2, 1]
    assert notes[0].signed_by([old_key])
    assert notes[1].signed_by([old_key])
    assert notes[1].signed_by([new_key])
    assert notes[2].signed_by([new_key])
    assert all(note.signed_by([old_key, new_key]) for note in notes)
    assert [bool(key.private) for key in new.keys] == [False, True]


def test_key_of_another_kind_is_refused_with_words(tmp_path):
    key = ec.generate_private_key(ec.SECP256R1())
    path = tmp_path / "other.pem"
    path.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    with pytest.raises(KeyUnusable, match=r"other\.pem holds a key of another kind"):
        load_keys(tmp_path)


@pytest.mark.parametrize("content", [b"", b"nothing", b"-----BEGIN PRIVATE KEY-----\n"])
def test_file_that_holds_no_key_is_refused_with_words(tmp_path, content):
    (tmp_path / "bad.pem").write_bytes(content)
    with pytest.raises(KeyUnusable, match=r"bad\.pem holds no key"):
        load_keys(tmp_path)


def test_same_key_has_another_id_in_each_log(tmp_path):
    make_key(tmp_path)
    keys = load_keys(tmp_path)
    (one,), (two,) = keys.verifier_keys("a.example/1"), keys.verifier_keys("a.example/2")
    assert one.public == two.public
    assert one.id != two.id


def test_key_made_by_openssl_is_taken(tmp_path):
    """What the message of the refusal proposes works."""
    command = ["openssl", "genpkey", "-algorithm", "ed25519", "-out", str(tmp_path / "k.pem")]
    try:
        subprocess.run(command, check=True, capture_output=True)
    except FileNotFoundError:
        pytest.skip("openssl is not on this machine")
    assert load_keys(tmp_path).signs
