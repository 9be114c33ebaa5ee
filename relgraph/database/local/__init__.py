"""The local database: an ArcadeDB server as a supervised child process, spoken to over Bolt.

`runtime` finds its files in the installed wheel, `home` keeps the directory, `process` starts
and stops it, `server` shares it between processes, `supervisor` keeps it alive.
"""

from relgraph.database.local.server import LocalServer

__all__ = ["LocalServer"]
