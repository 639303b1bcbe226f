"""What a GitHub web hook is about: told by the fields that only such payloads have.

The name of the event comes in a header of the delivery (`X-GitHub-Event`) and not in its body,
so that stored payloads have to tell it themselves. After GitHub's reference, "Webhook events and
payloads".
"""

from app.audit.importers.fields import Raw

# The event, the fields that tell it, and the one that holds what it is about; the most telling
# first, since a comment on an issue has the fields of an issue too.
_KINDS: tuple[tuple[str, tuple[str, ...], str], ...] = (
    ("pull_request_review_thread", ("thread", "pull_request"), "thread"),
    ("pull_request_review", ("review", "pull_request"), "review"),
    ("pull_request_review_comment", ("comment", "pull_request"), "comment"),
    ("issue_comment", ("comment", "issue"), "comment"),
    ("discussion_comment", ("comment", "discussion"), "comment"),
    ("commit_comment", ("comment",), "comment"),
    ("deployment_review", ("approver",), "workflow_run"),
    ("deployment_status", ("deployment_status",), "deployment_status"),
    ("deployment", ("deployment",), "deployment"),
    ("check_run", ("check_run",), "check_run"),
    ("check_suite", ("check_suite",), "check_suite"),
    ("workflow_job", ("workflow_job",), "workflow_job"),
    ("workflow_run", ("workflow_run",), "workflow_run"),
    ("pull_request", ("pull_request",), "pull_request"),
    ("issues", ("issue",), "issue"),
    ("discussion", ("discussion",), "discussion"),
    ("security_advisory", ("security_advisory",), "security_advisory"),
    ("alert", ("alert",), "alert"),
    ("fork", ("forkee",), "forkee"),
    ("release", ("release",), "release"),
    ("package", ("package",), "package"),
    ("milestone", ("milestone",), "milestone"),
    ("label", ("label",), "label"),
    ("project_card", ("project_card",), "project_card"),
    ("project_column", ("project_column",), "project_column"),
    ("projects_v2_item", ("projects_v2_item",), "projects_v2_item"),
    ("project", ("project",), "project"),
    ("branch_protection_rule", ("rule",), "rule"),
    ("deploy_key", ("key", "repository"), "key"),
    ("merge_group", ("merge_group",), "merge_group"),
    ("membership", ("member", "team"), "member"),
    ("organization", ("membership", "organization"), "membership"),
    ("member", ("member",), "member"),
    ("org_block", ("blocked_user",), "blocked_user"),
    ("team", ("team",), "team"),
    ("marketplace_purchase", ("marketplace_purchase",), "marketplace_purchase"),
    ("sponsorship", ("sponsorship",), "sponsorship"),
    ("wiki", ("pages",), "repository"),
    ("page_build", ("build",), "build"),
    ("installation_repositories", ("repositories_added", "installation"), "installation"),
    ("hook", ("hook",), "hook"),
    ("push", ("commits", "ref"), "head_commit"),
    ("ref", ("ref", "ref_type"), "repository"),
    ("status", ("sha", "state"), "commit"),
    ("workflow_dispatch", ("workflow", "ref"), "repository"),
    ("repository_dispatch", ("client_payload",), "repository"),
    ("star", ("starred_at",), "repository"),
)
_REST = (("repository", "repository"), ("organization", "organization"), ("app", "installation"))


def kind_of(record: Raw) -> tuple[str, str]:
    """Return the event that a payload tells of, and the field that holds what it is about."""
    for kind, names, subject in _KINDS:
        if all(name in record for name in names):
            return kind, subject
    return next(((kind, name) for kind, name in _REST if name in record), ("event", "sender"))
