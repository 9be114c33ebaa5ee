"""Opens the database that the settings name."""

from __future__ import annotations

from relgraph.database.connection import Database
from relgraph.database.local import LocalServer
from relgraph.settings import Settings


def open_database(settings: Settings) -> Database:
    """A checked connection: the local server is started or found, a remote one is asked.

    Raises DatabaseUnavailable, DatabaseLoginRefused, DatabaseIncompatible or DatabaseDamaged
    within about 5 s for a database by URL. Close it, or use it as a context manager.
    """
    path = settings.local_path
    if path is None:
        db = Database(
            settings.database_url,
            settings.database_user,
            settings.database_password.get_secret_value(),
            name=settings.database_name,
            query_timeout_s=settings.query_timeout_s,
        )
        try:
            db.check()
        except BaseException:
            db.close()
            raise
        return db
    server = LocalServer(
        path,
        heap_mb=settings.database_heap_mb,
        java_flags=settings.database_java_flags.split(),
        query_timeout_s=settings.query_timeout_s,
    )
    server.join()
    return Database(
        "",
        "",
        "",
        name=server.database,
        query_timeout_s=settings.query_timeout_s,
        server=server,
        label=settings.database_url,
    )
