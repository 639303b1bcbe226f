"""The formats that can be imported."""

from app.audit.importers.format import Format
from app.audit.importers.formats.auth0 import AUTH0
from app.audit.importers.formats.cloudtrail import CLOUDTRAIL
from app.audit.importers.formats.github_audit import GITHUB_AUDIT
from app.audit.importers.formats.github_webhook import GITHUB_WEBHOOK
from app.audit.importers.formats.google_workspace import GOOGLE_WORKSPACE
from app.audit.importers.formats.okta import OKTA
from app.audit.importers.formats.one_password import ONE_PASSWORD
from app.audit.importers.formats.own import OWN
from app.audit.importers.formats.slack import SLACK

FORMATS: dict[str, Format] = {
    found.name: found
    for found in (
        AUTH0,
        CLOUDTRAIL,
        GITHUB_AUDIT,
        GITHUB_WEBHOOK,
        GOOGLE_WORKSPACE,
        OKTA,
        ONE_PASSWORD,
        SLACK,
        OWN,
    )
}
