"""The database behind one small surface: Neo4j by URL, or the local server.

    with open_database(settings) as db:
        db.migrate()
        db.read(lambda tx: tx.rows("RETURN 1 AS answer", {}))

Nothing outside this package imports a driver or knows which database is behind. Every error is
one of `relgraph.errors`.
"""

from relgraph.database.connection import Database, DatabaseStatus
from relgraph.database.opening import open_database
from relgraph.database.transaction import Transaction
from relgraph.database.translate import too_slow
from relgraph.database.waiting import awaited, waiting_for

__all__ = [
    "Database",
    "DatabaseStatus",
    "Transaction",
    "awaited",
    "open_database",
    "too_slow",
    "waiting_for",
]
