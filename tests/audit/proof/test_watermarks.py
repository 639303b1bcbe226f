"""What an export's manifest says of the seal: how far the log had got, and what covers that."""

from app.audit.proof.checkpoints import read_checkpoint
from app.audit.proof.deleted_leaves import count_sealed
from app.audit.proof.watermarks import get_watermark, proof_in_manifest
from tests.audit.proof.conftest import judge


def test_manifest_names_the_checkpoint_that_covers_the_export(log):
    log.tell(5)
    with log.world.session():
        begun = get_watermark()
    assert not begun.is_sealed
    size = log.seal().size
    log.tell(5)
    log.seal()
    with log.world.session():
        proof = proof_in_manifest(get_watermark(begun.size))
    assert (proof["watermark"], proof["sealed"], proof["complete"]) == (size, size, True)
    assert read_checkpoint(proof["checkpoint"]).checkpoint.size == size
    path = log.folder / "from-manifest.txt"
    path.write_text(proof["checkpoint"])
    assert proof["keys"] == log.keys
    assert judge(log.pack(), proof["keys"], [path]).exit_code == 0


def test_manifest_says_when_the_newest_events_are_not_sealed_yet(log):
    log.tell(2)
    size = log.seal().size
    log.tell(3)
    with log.world.session():
        proof = proof_in_manifest(get_watermark())
    assert (proof["sealed"], proof["complete"]) == (size, False)
    assert proof["watermark"] == size + 3


def test_manifest_of_a_log_without_a_seal_claims_nothing(log):
    log.tell(2)
    with log.world.session():
        watermark = get_watermark()
        proof = proof_in_manifest(watermark)
        assert count_sealed() == 0
    assert proof == {"watermark": watermark.size, "sealed": 0, "complete": False}
