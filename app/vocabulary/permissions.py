"""The permission catalogue."""

from enum import StrEnum


class Permission(StrEnum):
    """Everything that somebody may be allowed to do.

    Written `object:verb`, the verb in the imperative, kept alphabetical. The navigation, the
    guards of pages, the role matrix and the scopes of API keys come from this list and from
    nothing else. A permission appears here when something is guarded by it, not before.
    """

    API_KEY_CREATE = "api_key:create"
    API_KEY_DELETE = "api_key:delete"
    API_KEY_READ = "api_key:read"
    AUDIT_EVENT_CREATE = "audit_event:create"
    AUDIT_EVENT_EXPORT = "audit_event:export"
    AUDIT_EVENT_IMPORT = "audit_event:import"
    AUDIT_EVENT_READ = "audit_event:read"
    DESIGN_READ = "design:read"
    ERASURE_APPROVE = "erasure:approve"
    ERASURE_CREATE = "erasure:create"
    EVALUATION_CREATE = "evaluation:create"
    EVALUATION_READ = "evaluation:read"
    EVENT_TYPE_CREATE = "event_type:create"
    EVENT_TYPE_READ = "event_type:read"
    MEMBER_CREATE = "member:create"
    MEMBER_DELETE = "member:delete"
    MEMBER_READ = "member:read"
    MEMBER_UPDATE = "member:update"
    MODEL_CALL_READ = "model_call:read"
    MODEL_UPDATE = "model:update"
    PROMPT_APPROVE = "prompt:approve"
    PROMPT_READ = "prompt:read"
    PROMPT_UPDATE = "prompt:update"
    QUARANTINE_READ = "quarantine:read"
    QUARANTINE_UPDATE = "quarantine:update"
    RETENTION_UPDATE = "retention:update"
    ROLE_READ = "role:read"
    SAVED_VIEW_CREATE = "saved_view:create"
    SAVED_VIEW_SHARE = "saved_view:share"
    SETTING_READ = "setting:read"
    SETTING_UPDATE = "setting:update"
    SUMMARY_APPROVE = "summary:approve"
    SUMMARY_CREATE = "summary:create"
    SUMMARY_READ = "summary:read"
    TENANT_READ = "tenant:read"
