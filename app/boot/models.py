"""Every mapped class, imported so that the metadata is complete."""

from app.audit.erasure.models import PersonErasure
from app.audit.event_types.models import EventTypeDeprecation, EventTypeVersion
from app.audit.exports.models import AuditExport
from app.audit.ingest.imports.models import FileImport, FilePiece, ImportMapping
from app.audit.ingest.quarantine.models import QuarantinedItem, QuarantineReplay
from app.audit.ingest.rules.models import IngestionRules
from app.audit.models import AuditEvent, AuditHead
from app.audit.proof.models import (
    AuditCheckpoint,
    AuditPublication,
    AuditSealCheck,
    AuditTreeRun,
)
from app.audit.removal.models import AuditDeletedRun
from app.audit.retention.deletion.models import AuditDeletedEvent, AuditDeletion, RetentionRun
from app.audit.retention.holds.models import LegalHold
from app.audit.retention.models import RetentionRule
from app.audit.rollups.models import AuditCountDaily, AuditCountHourly
from app.audit.views.models import SavedView, SavedViewDefault
from app.evals.models import EvalCase, EvalResult, EvalRun
from app.gateway.budgets.models import ModelBudget
from app.gateway.choices.models import ModelChoice, ModelEgress
from app.gateway.endpoints.models import ModelBreaker, ModelProbe, ModelStop
from app.gateway.models import ModelAnswer, ModelCall
from app.gateway.release_models import PromptRelease
from app.gateway.tool_models import ToolCall
from app.identity.models import Account, ApiKey, Invitation, Membership, SignInSession
from app.kernel.mail import OutboxMessage
from app.kernel.rate_limit import RateWindow
from app.observability.field_data.models import FieldMeasurement
from app.summaries.models import ReviewerNotice, ReviewSettings, Summary, SummaryClaim
from app.tenancy.models import Tenant

ALL = (
    Account,
    ApiKey,
    AuditCheckpoint,
    AuditCountDaily,
    AuditCountHourly,
    AuditDeletedEvent,
    AuditDeletedRun,
    AuditDeletion,
    AuditEvent,
    AuditExport,
    AuditHead,
    AuditPublication,
    AuditSealCheck,
    AuditTreeRun,
    EvalCase,
    EvalResult,
    EvalRun,
    EventTypeDeprecation,
    EventTypeVersion,
    FieldMeasurement,
    FileImport,
    FilePiece,
    ImportMapping,
    IngestionRules,
    Invitation,
    LegalHold,
    Membership,
    ModelAnswer,
    ModelBreaker,
    ModelBudget,
    ModelCall,
    ModelChoice,
    ModelEgress,
    ModelProbe,
    ModelStop,
    OutboxMessage,
    PersonErasure,
    PromptRelease,
    QuarantineReplay,
    QuarantinedItem,
    RateWindow,
    RetentionRule,
    RetentionRun,
    SavedView,
    SavedViewDefault,
    SignInSession,
    ReviewSettings,
    ReviewerNotice,
    Summary,
    SummaryClaim,
    Tenant,
    ToolCall,
)
