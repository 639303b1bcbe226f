"""The actions that the app itself writes into the audit log."""

from enum import StrEnum


class AuditTag(StrEnum):
    """What happened, written `object.verb_past` and kept alphabetical.

    Every command names exactly one of these. Events that come from outside carry actions of
    their own, of the same form.
    """

    ACCESS_DENIED = "access.denied"
    API_KEY_CREATED = "api_key.created"
    API_KEY_REVOKED = "api_key.revoked"
    AUDIT_EVENT_EXPORTED = "audit_event.exported"
    AUDIT_EVENT_IMPORTED = "audit_event.imported"
    AUDIT_EVENT_READ = "audit_event.read"
    AUDIT_EVENT_SEARCHED = "audit_event.searched"
    AUDIT_SEAL_BROKEN = "audit_seal.broken"
    EVENT_TYPE_DEPRECATED = "event_type.deprecated"
    EVENT_TYPE_REGISTERED = "event_type.registered"
    FILE_IMPORT_CANCELLED = "file_import.cancelled"
    FILE_IMPORT_CHANGED = "file_import.changed"
    FILE_IMPORT_DISCARDED = "file_import.discarded"
    FILE_IMPORT_STARTED = "file_import.started"
    FILE_IMPORT_UPLOADED = "file_import.uploaded"
    IMPORT_MAPPING_DELETED = "import_mapping.deleted"
    IMPORT_MAPPING_SAVED = "import_mapping.saved"
    INVITATION_ACCEPTED = "invitation.accepted"
    INVITATION_CREATED = "invitation.created"
    INVITATION_REVOKED = "invitation.revoked"
    MEMBER_REINSTATED = "member.reinstated"
    MEMBER_REMOVED = "member.removed"
    MEMBER_ROLE_CHANGED = "member.role_changed"
    MEMBER_SUSPENDED = "member.suspended"
    QUARANTINE_ITEM_DISCARDED = "quarantine_item.discarded"
    QUARANTINE_ITEM_READ = "quarantine_item.read"
    QUARANTINE_ITEM_REPLAYED = "quarantine_item.replayed"
    QUARANTINE_REPLAY_CANCELLED = "quarantine_replay.cancelled"
    QUARANTINE_REPLAY_FINISHED = "quarantine_replay.finished"
    QUARANTINE_REPLAY_REQUESTED = "quarantine_replay.requested"
    SESSION_ENDED = "session.ended"
    SESSION_STARTED = "session.started"
    SETTING_UPDATED = "setting.updated"
    SUMMARY_APPROVED = "summary.approved"
    SUMMARY_CANCELLED = "summary.cancelled"
    SUMMARY_CLAIM_EDITED = "summary.claim_edited"
    SUMMARY_CLAIM_REMOVED = "summary.claim_removed"
    SUMMARY_DRAFTED = "summary.drafted"
    SUMMARY_FAILED = "summary.failed"
    SUMMARY_REJECTED = "summary.rejected"
    SUMMARY_REQUESTED = "summary.requested"
    TENANT_CREATED = "tenant.created"
