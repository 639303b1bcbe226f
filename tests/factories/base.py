"""The base of all factories: rows go into the session that is open."""

from factory.alchemy import SQLAlchemyModelFactory

from app.kernel.database import current_session


class RowFactory(SQLAlchemyModelFactory):
    """Adds a row to the current session; the caller's unit of work commits it."""

    class Meta:
        abstract = True
        sqlalchemy_session_factory = current_session
        sqlalchemy_session_persistence = "flush"
