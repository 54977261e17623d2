"""Asking at an address as everybody, and telling what is wrong with the answers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from gongchou.accounts.roles import RoleCode
from gongchou.audit.models import Head
from tests.access.city import SCOPES, Actor, City, missing, scopes_of
from tests.access.declaration import MATRIX, Line

USUAL = ("GET", "POST", "HEAD")
OTHERS = ("PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")
METHODS = (*USUAL, *OTHERS)
ANSWERS = {200, 204, 302, 303, 400, 409, 422}  # shown, done, not understood, refused by a rule, to be filled in
OF_PERSON = {"expires", "set-cookie"}  # say when and to whom, not what
Args = tuple[Any, ...] | None


class Asked:
    """One answer: what it says, how many queries it cost, how many lines it wrote."""

    def __init__(self, actor: Actor, method: str, address: str) -> None:
        before = _n_lines()
        with transaction.atomic(), CaptureQueriesContext(connection) as queries:
            answer = actor.ask(method, address)
            self.status, self.body = answer.status_code, _body(answer)
            self.headers = {name.lower(): value for name, value in answer.items() if name.lower() not in OF_PERSON}
            self.n_lines = _n_lines() - before
            transaction.set_rollback(True)
        self.n_queries = len(queries)
        self.location = answer.get("Location", "") or answer.get("HX-Redirect", "")

    def told(self) -> dict[str, Any]:
        """All by which a stranger could tell two answers apart."""
        return {"status": self.status, "body": self.body, "headers": self.headers, "queries": self.n_queries}


def _body(answer: Any) -> bytes:
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def _n_lines() -> int:
    return Head.objects.values_list("size", flat=True).first() or 0


def faults(city: City, name: str, *, thoroughly: bool = False) -> Iterator[str]:
    """Ask at an address as everybody, and say what is not as it is declared.

    thoroughly: with every method as everybody; else each role that is let in and half of the others come, each with
        one of its scopes. Scopes and methods take turns from address to address
    """
    line = MATRIX[name]
    for actor in [city.visitor, *(city.actors if thoroughly else _today(city, name))]:
        methods = METHODS if thoroughly else _turn(name, actor)
        for what in _faults(city, name, line, actor, methods):
            yield f"{actor}: {what}"


def _faults(city: City, name: str, line: Line, actor: Actor, methods: Sequence[str]) -> Iterator[str]:
    is_in = line.is_public or (actor.role is not None and line.lets_in(actor.role))
    listed = sorted(line.methods if actor.scope == "own" else line.methods & set(methods))
    for kind in line.row.split() or [""]:
        near, far = _rows(city, kind, line, actor, is_in)
        if near is not None:
            yield from _faults_of(reverse(name, args=near), line, actor, is_in, methods)
        if far is not None:
            yield from _faults_of_far(name, far, actor, listed)


def _today(city: City, name: str) -> list[Actor]:
    """One scope of each role: another one at the next address, and for the next role."""
    turns = enumerate(RoleCode, [*MATRIX].index(name))
    scopes = {role: scopes_of(role)[at % len(scopes_of(role))] for at, role in turns if _comes(role, name, at)}
    return [actor for actor in city.actors if actor.role and actor.scope == scopes.get(actor.role)]


def _comes(role: RoleCode, name: str, turn: int) -> bool:
    return MATRIX[name].lets_in(role) or turn % 2 == 0


def _turn(name: str, actor: Actor) -> list[str]:
    """Which methods somebody asks with by day: those that are not used take turns with the visitors."""
    number = [*MATRIX].index(name)
    if actor.role is None:
        return [*USUAL, OTHERS[number % len(OTHERS)]]
    number += [*RoleCode].index(actor.role) + SCOPES.index(actor.scope)
    return [USUAL[number % len(USUAL)], *([OTHERS[number % len(OTHERS)]] if actor.scope == "all" else [])]


def _rows(city: City, kind: str, line: Line, actor: Actor, is_in: bool) -> tuple[Args, Args]:
    """A row within reach and one beyond it; who is not let in at all is not let in to a row that is there."""
    if not kind:
        return line.args, None
    if not is_in:
        return city.near(kind, city.actors[0]), None
    return city.near(kind, actor), city.far(kind, actor)


def _faults_of(address: str, line: Line, actor: Actor, is_in: bool, methods: Iterable[str]) -> Iterator[str]:
    for method in methods:
        asked = Asked(actor, method, address)
        if not _is_right(asked, method, line, actor, is_in):
            yield f"{method} {address} answered {asked.status} {asked.location}"
        if asked.n_lines and (method != "POST" or not is_in):
            yield f"{method} {address} wrote to the log"


def _is_right(asked: Asked, method: str, line: Line, actor: Actor, is_in: bool) -> bool:
    if method in OTHERS:
        return asked.status == 405
    if not is_in and actor.role is None:
        return asked.status == 302 and asked.location.startswith("/account/login/?next=")
    if not is_in:
        return asked.status == 403
    if method not in line.methods:
        return asked.status == 405
    return asked.status in ANSWERS or (line.is_library and asked.status == 404)


def _faults_of_far(name: str, far: Any, actor: Actor, methods: Iterable[str]) -> Iterator[str]:
    """A row that is not hers answers as one that is not there."""
    foreign, none = reverse(name, args=far), reverse(name, args=missing(far))
    for method in methods:
        one, other = Asked(actor, method, foreign), Asked(actor, method, none)
        if one.status != 404 or one.n_lines:
            yield f"{method} {foreign}, which is out of reach, answered {one.status}"
        differing = [part for part, value in one.told().items() if value != other.told()[part]]
        if differing:
            yield f"{method} {foreign} differs from a missing row in {', '.join(differing)}"
