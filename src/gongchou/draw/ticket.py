"""Seed and identity give a number that anyone can recompute (spec section 7).

A prefix is 64 hex digits, which fill exactly one block of SHA-256: its state is computed once and copied per object.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence

from gongchou.draw.encoding import Document, Hasher, hasher
from gongchou.draw.errors import FormatError

Digests = Callable[[Iterable[bytes]], list[bytes]]


def domain(mode: str) -> str:
    """The first word of every hashed text: a practice run can never be passed off as a real one."""
    return "vdp1" if mode == "official" else "vdp1-test"


def object_prefix(seed: str, *, mode: str = "official", suite: str = "sha256", draw: str | None = None) -> str:
    """P_object, 64 hex digits. ``draw`` is given when the ticket scope is the single draw."""
    own = f"{draw}\n" if draw else ""
    return hasher(suite)(f"{domain(mode)} object\n{seed}\n{own}".encode())


def prefix_of(params: Document, seed: str) -> str:
    """P_object of a draw, as its parameters say: shared by the campaign or its own."""
    own = params["draw"] if params["ticket_scope"] == "draw" else None
    return object_prefix(seed, mode=params["mode"], suite=params["suite"], draw=own)


def deck(digest: Hasher, prefix: str, load: int, inspector: str) -> str:
    """The deck ticket of an inspector at a load: every round of dealing is a fresh shuffle."""
    return digest(f"{prefix}:{load}:{inspector}".encode())


def task_prefix(seed: str, *, mode: str = "official", suite: str = "sha256") -> str:
    """P_task, 64 hex digits."""
    return hasher(suite)(f"{domain(mode)} task\n{seed}\n".encode())


def inspector_prefix(seed: str, *, mode: str = "official", suite: str = "sha256") -> str:
    """P_inspector, 64 hex digits; with an event seed, P_e."""
    return hasher(suite)(f"{domain(mode)} inspector\n{seed}\n".encode())


def event_seed(seed: str, event: int, value: str, *, mode: str = "official", suite: str = "sha256") -> str:
    """The seed of one substitution: log index of its entry, seed of the draw, value of the later source."""
    return hasher(suite)(f"{domain(mode)} event\n{event}\n{seed}\n{value}\n".encode())


def ticket(prefix: str, key: str, *, suite: str = "sha256") -> str:
    """The ticket of an object (or task) under a prefix, 64 hex digits."""
    return hasher(suite)(f"{prefix}:{key}".encode())


def unit_ticket(prefix: str, unit: str, key: str, *, suite: str = "sha256") -> str:
    """The ticket of an object drawn by its unit: half the unit's, half its own, 64 hex digits.

    With the unit's alone its objects would tie, and their ids, which somebody chose before the seed, would decide.
    """
    digest = hasher(suite)
    return digest(f"{prefix}:{unit}".encode())[:32] + digest(f"{prefix}:{unit}:{key}".encode())[:32]


def line_ticket(prefix: str, fields: Sequence[str], *, suite: str = "sha256") -> str:
    """The ticket of a frame line, given its fields: stratum, object, pool and perhaps unit."""
    if len(fields) == 4:
        return unit_ticket(prefix, fields[3], fields[1], suite=suite)
    return ticket(prefix, fields[1], suite=suite)


def digests(prefix: str, suite: str = "sha256") -> Digests:
    """Return a function from many keys to their tickets as 32 raw bytes each, in order.

    Raw bytes order as their hex does, and cost half.
    """
    if len(prefix) != 64:
        raise FormatError("prefix_invalid", prefix=prefix)
    start = (prefix + ":").encode()
    if suite == "sha256":
        sha256 = hashlib.sha256
        return lambda keys: [sha256(start + key).digest() for key in keys]
    hasher(suite)  # refuses a suite that is unknown or missing
    return lambda keys: [hashlib.new(suite, start + key).digest() for key in keys]
