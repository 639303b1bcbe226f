"""The built-in roles: named sets of permissions, in code, so that they can be read and tested."""

from enum import StrEnum

from app.vocabulary.permissions import Permission


class Role(StrEnum):
    """The roles that every tenant has."""

    OWNER = "owner"
    ADMIN = "admin"
    ANALYST = "analyst"
    SUPPORT = "support"
    EDITOR = "editor"
    AUDITOR = "auditor"

    @property
    def label(self) -> str:
        return _LABELS[self]

    @property
    def short(self) -> str:
        """One word, for the head of a narrow column."""
        return self.value.capitalize()

    @property
    def purpose(self) -> str:
        return _PURPOSES[self]


_LABELS = {
    Role.OWNER: "Owner",
    Role.ADMIN: "Admin",
    Role.ANALYST: "Analyst",
    Role.SUPPORT: "Support reviewer",
    Role.EDITOR: "Content editor",
    Role.AUDITOR: "Auditor",
}

_PURPOSES = {
    Role.OWNER: "Everything, and the only role that can make another owner",
    Role.ADMIN: "Manages people, keys and settings",
    Role.ANALYST: "Narrows the log, exports it, asks for summaries",
    Role.SUPPORT: "Reviews summaries and signs them",
    Role.EDITOR: "Writes content with the design system; reads approved summaries",
    Role.AUDITOR: "Reads and exports everything, changes nothing",
}

_READS_LOG = {
    Permission.AUDIT_EVENT_READ,
    Permission.EVENT_TYPE_READ,
    # Views of their own change nothing for anybody else.
    Permission.SAVED_VIEW_CREATE,
    Permission.SUMMARY_READ,
    Permission.TENANT_READ,
}

# Only people hold roles. AUDIT_EVENT_CREATE is a scope of API keys: a person's acts are
# recorded by the commands they run, and nobody writes into the log by hand.
_GRANTS: dict[Role, frozenset[Permission]] = {
    Role.OWNER: frozenset(Permission) - {Permission.AUDIT_EVENT_CREATE},
    # Erasing a person takes two people, one of them an owner.
    Role.ADMIN: frozenset(Permission) - {Permission.AUDIT_EVENT_CREATE, Permission.ERASURE_APPROVE},
    Role.ANALYST: frozenset(
        _READS_LOG
        | {
            Permission.AUDIT_EVENT_EXPORT,
            Permission.EVALUATION_READ,
            Permission.MEMBER_READ,
            Permission.PROMPT_READ,
            Permission.SAVED_VIEW_SHARE,
            Permission.SUMMARY_CREATE,
        }
    ),
    Role.SUPPORT: frozenset(
        _READS_LOG
        | {
            # What a reviewer sends back becomes a case.
            Permission.EVALUATION_CREATE,
            Permission.EVALUATION_READ,
            Permission.MEMBER_READ,
            Permission.PROMPT_READ,
            Permission.SUMMARY_APPROVE,
            Permission.SUMMARY_CREATE,
        }
    ),
    Role.EDITOR: frozenset(
        {Permission.DESIGN_READ, Permission.SUMMARY_READ, Permission.TENANT_READ}
    ),
    Role.AUDITOR: frozenset(
        _READS_LOG
        | {
            Permission.API_KEY_READ,
            Permission.AUDIT_EVENT_EXPORT,
            Permission.MEMBER_READ,
            Permission.EVALUATION_READ,
            Permission.MODEL_CALL_READ,
            Permission.PROMPT_READ,
            Permission.QUARANTINE_READ,
            Permission.ROLE_READ,
            Permission.SETTING_READ,
        }
    ),
}


def permissions_of(role: Role) -> frozenset[Permission]:
    """Return what a role may do."""
    return _GRANTS[role]


def roles_holding(permission: Permission) -> list[Role]:
    """Return the roles that hold a permission, in the order in which roles are listed."""
    return [role for role in Role if permission in _GRANTS[role]]


def reaches(holder: Role, role: Role) -> bool:
    """Say whether somebody of one role may give another, or take it from somebody.

    Nobody reaches beyond what they hold; and only an owner makes, changes or removes owners.
    """
    if role is Role.OWNER and holder is not Role.OWNER:
        return False
    return permissions_of(role) <= permissions_of(holder)
