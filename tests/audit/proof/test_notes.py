"""Signed notes and checkpoints: the examples of C2SP, and what nobody may get past them."""

import base64

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from app.audit.proof.checkpoints import Checkpoint, read_checkpoint, read_checkpoints
from app.audit.proof.evidence import (
    EventProof,
    GrowthProof,
    read_event_proof,
    read_growth_proof,
)
from app.audit.proof.notes import (
    Note,
    NoteUnreadable,
    NoteWrong,
    Signature,
    VerifierKey,
    read_key,
    read_note,
    signers,
)

# From c2sp.org/signed-note and c2sp.org/tlog-checkpoint.
EXAMPLE_KEY = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
EXAMPLE = (
    "This is an example message.\n\n"
    "— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXm"
    "RKuwHjG1Yu72IneyaQM=\n"
)
SEVERAL_PARAGRAPHS = (
    "Ognuno sta solo sul cuor della terra\ntrafitto da un raggio di sole:\n\ned è subito sera.\n\n"
    "— quasimodo.example/salvatore NnugSzTjtVAewIS+Z/iJhUPeFDkO/5QQ2i5ddnGITLlC+EhfLW9oJKONrMou"
    "FSQU0xMcXxj99ihAQwaqP3ZekRwNtIc=\n"
)
CHECKPOINT = (
    "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n"
    "— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcy"
    "v2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n"
)
WITNESS = "— witness.example/w1 " + base64.b64encode(b"some" + bytes(72)).decode() + "\n"

PRIVATE = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
OTHER = Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33)))
ORIGIN = "ballast.example/audit/alder"


def key_of(private, name=ORIGIN):
    return VerifierKey(name, private.public_key().public_bytes_raw())


def signed(text, *privates, name=ORIGIN):
    lines = tuple(
        Signature(name, key_of(private, name).id, private.sign(text.encode()))
        for private in privates
    )
    return str(Note(text, lines))


def test_example_of_the_standard_verifies():
    key = read_key(EXAMPLE_KEY)
    assert str(key) == EXAMPLE_KEY
    assert signers(read_note(EXAMPLE), [key]) == (key,)


def test_example_with_another_text_does_not():
    note = read_note(EXAMPLE.replace("example message", "example massage"))
    with pytest.raises(NoteWrong, match="does not fit"):
        signers(note, [read_key(EXAMPLE_KEY)])


def test_text_of_a_note_may_hold_empty_lines():
    note = read_note(SEVERAL_PARAGRAPHS)
    assert note.text.endswith("raggio di sole:\n\ned è subito sera.\n")
    assert str(note) == SEVERAL_PARAGRAPHS


def test_example_of_a_checkpoint_is_read():
    found = read_checkpoint(CHECKPOINT)
    assert found.checkpoint.origin == "example.com/behind-the-sofa"
    assert found.checkpoint.size == 20_852_163
    assert str(found.note) == CHECKPOINT
    assert found.checkpoint.text == found.note.text


def test_signatures_of_unknown_keys_are_passed_over():
    """Such as those of witnesses, of whatever kind and length."""
    text = Checkpoint(ORIGIN, 3, bytes(32)).text
    found = read_checkpoint(signed(text, PRIVATE) + WITNESS)
    assert found.signed_by([key_of(PRIVATE)]) == (key_of(PRIVATE),)


def test_signature_with_the_id_of_a_known_key_under_another_name_is_unknown():
    text = Checkpoint(ORIGIN, 3, bytes(32)).text
    key = key_of(PRIVATE)
    false = Signature("somebody.example", key.id, bytes(64))
    note = Note(text, (false, Signature(ORIGIN, key.id, PRIVATE.sign(text.encode()))))
    assert signers(note, [key]) == (key,)


def test_one_wrong_signature_of_a_known_key_spoils_the_note():
    text = Checkpoint(ORIGIN, 3, bytes(32)).text
    keys = [key_of(PRIVATE), key_of(OTHER)]
    wrong = Signature(ORIGIN, keys[1].id, PRIVATE.sign(text.encode()))
    note = Note(text, (*read_note(signed(text, PRIVATE)).signatures, wrong))
    assert signers(note, keys[:1])
    with pytest.raises(NoteWrong, match="does not fit"):
        signers(note, keys)


def test_old_and_new_key_sign_one_checkpoint():
    text = Checkpoint(ORIGIN, 3, bytes(32)).text
    found = read_checkpoint(signed(text, PRIVATE, OTHER))
    for private in (PRIVATE, OTHER):
        assert found.signed_by([key_of(private)]) == (key_of(private),)


def test_key_of_another_log_signs_nothing_here():
    text = Checkpoint(ORIGIN, 3, bytes(32)).text
    elsewhere = "ballast.example/audit/birch"
    found = read_checkpoint(signed(text, PRIVATE, name=elsewhere))
    with pytest.raises(NoteWrong, match="no known key"):
        found.signed_by([key_of(PRIVATE, elsewhere)])


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no signature\n",
        "no signature\n\n",
        "text\n\n— name\n",
        "text\n\n— name AAAA\n",
        "text\n\n- name AAAAAAAA\n",
        "text\n\n— na+me AAAAAAAA\n",
        "text\n\n— name AAAAAAAB=\n",
        "text\n\n— name AAAAAA==",
        "te\x00xt\n\n— name AAAAAAAA\n",
        "te\rxt\n\n— name AAAAAAAA\n",
        "te\txt\n\n— name AAAAAAAA\n",
        "text\n\n" + "— name AAAAAAAA\n" * 65,
    ],
)
def test_text_that_is_no_note_is_refused(text):
    with pytest.raises(NoteUnreadable):
        read_note(text)


@pytest.mark.parametrize(
    "body",
    [
        "origin\n3\n",
        "origin\n03\n" + "A" * 43 + "=\n",
        "origin\n-3\n" + "A" * 43 + "=\n",
        "origin\n٣\n" + "A" * 43 + "=\n",
        "origin\n3\nAAAA\n",
        "origin\n3\n" + "A" * 42 + "B=\n",
        "\n3\n" + "A" * 43 + "=\n",
        "origin\n3\n" + "A" * 43 + "=\n\nan extension after an empty line\n",
        f"origin\n{10**20}\n" + "A" * 43 + "=\n",
    ],
)
def test_note_that_is_no_checkpoint_is_refused(body):
    with pytest.raises(NoteUnreadable):
        read_checkpoint(f"{body}\n— name AAAAAAAA\n")


def test_extension_lines_are_passed_over():
    text = Checkpoint(ORIGIN, 3, bytes(32)).text + "something else\n"
    found = read_checkpoint(signed(text, PRIVATE))
    assert found.checkpoint == Checkpoint(ORIGIN, 3, bytes(32))
    assert found.signed_by([key_of(PRIVATE)])


def test_file_of_several_checkpoints_is_read():
    texts = [signed(Checkpoint(ORIGIN, n, bytes(32)).text, PRIVATE) + WITNESS for n in (1, 2, 3)]
    for glue in ("\n", "\n\n\n"):
        found = read_checkpoints(glue.join(texts) + "\n")
        assert [one.checkpoint.size for one in found] == [1, 2, 3]
        assert [str(one.note) for one in found] == texts


@pytest.mark.parametrize(
    "text",
    [
        "",
        "name",
        "name+00000000+AAAA",
        EXAMPLE_KEY.replace("530d903a", "530d903b"),
        EXAMPLE_KEY[:-1] + "l",
        EXAMPLE_KEY.replace("+Ae", "+Be"),
    ],
)
def test_mistyped_key_is_refused(text):
    with pytest.raises(NoteUnreadable):
        read_key(text)


HASHES = st.lists(st.binary(min_size=32, max_size=32), max_size=20).map(tuple)


@given(st.integers(0, 10**12), HASHES, st.binary(max_size=200))
def test_proofs_are_read_as_they_were_written(number, steps, extra):
    one = read_checkpoint(signed(Checkpoint(ORIGIN, number + 1, bytes(32)).text, PRIVATE))
    proof = EventProof(number, steps, one, extra)
    assert read_event_proof(str(proof)) == proof
    growth = GrowthProof(number, steps, one)
    assert read_growth_proof(str(growth)) == growth


@pytest.mark.parametrize(
    "head",
    [
        "c2sp.org/tlog-proof@v2\nindex 1\n",
        "c2sp.org/tlog-proof@v1\n",
        "c2sp.org/tlog-proof@v1\nindex 01\n",
        "c2sp.org/tlog-proof@v1\nextra not base64\nindex 1\n",
        "c2sp.org/tlog-proof@v1\nindex 1\nAAAA\n",
        "c2sp.org/tlog-proof@v1\nindex 1\n" + ("A" * 43 + "=\n") * 64,
    ],
)
def test_text_that_is_no_proof_is_refused(head):
    with pytest.raises(NoteUnreadable):
        read_event_proof(head + "\n" + CHECKPOINT)
