"""The job that asks a model, and what a run is set up with."""

import json
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from flask import Flask

from app import create_app
from app.audit.exports.settings import ExportSettings
from app.audit.proof.settings import SealSettings
from app.boot.database_addresses import GivenDatabase
from app.boot.settings import Settings
from app.gateway.endpoints.config import EndpointConfig, ModelOffer
from app.gateway.errors import ModelCallFailed
from app.gateway.gateway import complete
from app.gateway.settings import GatewaySettings
from app.kernel.actor import Actor
from app.kernel.jobs import job
from app.kernel.mail import MailSettings
from app.summaries.claims.contract import PROMPT, answer_schema
from tests.gateway.digests import USUAL
from tests.support.databases import SECRET

ASK_JOB = "chaos.ask"
ENDPOINT, MODEL = "unlucky", "scripted"
DEADLINE_S = 6.0


@dataclass(frozen=True, slots=True)
class Setup:
    """Where the database and the model are; workers get it as text."""

    owner_url: str
    app_url: str
    model_url: str
    data_dir: str

    def as_text(self) -> str:
        return json.dumps([self.owner_url, self.app_url, self.model_url, self.data_dir])

    @classmethod
    def from_text(cls, text: str) -> "Setup":
        return cls(*json.loads(text))

    def app(self) -> Flask:
        """Return the app as parent and workers of the run have it."""
        data_dir = Path(self.data_dir)
        endpoint = EndpointConfig(
            ENDPOINT, self.model_url, (ModelOffer(MODEL, 150_000, 600_000),), "the-key"
        )
        settings = Settings(
            data_dir=data_dir,
            database=GivenDatabase(self.owner_url, self.app_url),
            secret_key=SECRET,
            gateway=GatewaySettings(deadline_s=DEADLINE_S, named=(endpoint,), breaker_pause_s=1.0),
            mail=MailSettings(None, 587, None, None, "ballast@localhost"),
            seal=SealSettings("ballast.example", data_dir / "seal-keys", makes_key=True),
            exports=ExportSettings(data_dir / "exports"),
            quick_passwords=True,
        )
        return create_app(settings)


def ask_model(actor: Actor, call_id: str) -> None:
    """Make the call of this id; that it failed stands in the ledger."""
    try:
        complete(
            actor,
            purpose="summary",
            prompt=PROMPT,
            content=USUAL.as_json(),
            schema=answer_schema(USUAL),
            call_id=UUID(call_id),
        )
    except ModelCallFailed:
        return


job(ASK_JOB, when_gone=ask_model)(ask_model)
