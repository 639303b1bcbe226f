"""What was exported as JSON Lines goes in again by import, as the same events."""

from tests.audit.exports.asking import post_export
from tests.factories.audit import AuditEventFactory

# What the log says of an event, and not its sender.
RECEIPT = ("tenant_id", "received_at", "received_from", "leaf", "leaf_hash", "salt", "release")
# Imported events are held to no contract.
OURS = ("event_type_version", "search")


def test_exported_events_come_in_again_as_they_were(app, alder, birch, tmp_path):
    for number in range(3):
        alder.make(
            AuditEventFactory,
            action="door.opened",
            source_ip="198.51.100.7" if number else None,
            reason='a "ticket"\\n' if number == 1 else None,
            changes={"state": {"before": None, "after": "é “ß”"}},
            extra={"n": number, "deep": [None, {"a": 1.5}]},
            event_type_version=number,
        )
    file = tmp_path / "export.jsonl"
    file.write_bytes(post_export(alder.as_person("analyst"), alder, "action:door", "jsonl").data)
    with app.app_context():
        result = app.test_cli_runner().invoke(
            args=["audit", "import", "--tenant", birch.tenant.slug, str(file)]
        )
    assert result.exit_code == 0, result.output
    assert content_of(birch) == content_of(alder)


def content_of(world):
    columns = [c.key for c in type(world.log()[0]).__mapper__.column_attrs]
    kept = [name for name in columns if name not in RECEIPT + OURS]
    return [{name: getattr(event, name) for name in kept} for event in world.log("door.opened")]
