"""Who can be dealt to a seat: a person, or a standing team whose people go together."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from uuid import UUID

from gongchou.accounts.models import Department
from gongchou.registry.models import Inspector, StandingTeam


@dataclass(kw_only=True)
class Dealt(ABC):
    """Of a department that takes part. why_out: empty for who can be dealt.

    pools: codes of the keeping units whose objects may be visited, None for all; load0: visits this year already
    """

    department: Department
    why_out: str = ""
    skills: set[str] = field(default_factory=set)
    pools: frozenset[str] | None = None
    load0: int = 0

    @property
    @abstractmethod
    def key(self) -> UUID:
        """Of the row in the registry."""

    @property
    @abstractmethod
    def words(self) -> str:
        """What people call it."""

    @property
    @abstractmethod
    def unit(self) -> Department:
        """Its own unit."""

    @property
    @abstractmethod
    def inspectors(self) -> list[UUID]:
        """The people who go."""


@dataclass(kw_only=True)
class Person(Dealt):
    """An inspector."""

    inspector: Inspector

    @property
    def key(self) -> UUID:
        """Hers."""
        return self.inspector.pk

    @property
    def words(self) -> str:
        """Name and unit."""
        return f"{self.inspector.name}（{self.unit.short_name}）"

    @property
    def unit(self) -> Department:
        """Her own unit."""
        return self.inspector.department

    @property
    def inspectors(self) -> list[UUID]:
        """Herself."""
        return [self.inspector.pk]

    @property
    def is_of_station(self) -> bool:
        """Whether she belongs to a station (所) and not to the bureau."""
        return self.unit.level == Department.Level.TOWN


@dataclass(kw_only=True)
class Crew(Dealt):
    """A standing team. members: those of its people who go, the lead first; able: ``seq`` of the draws it may serve"""

    team: StandingTeam
    members: list[Person] = field(default_factory=list)
    able: set[int] = field(default_factory=set)

    @property
    def key(self) -> UUID:
        """The team's."""
        return self.team.pk

    @property
    def words(self) -> str:
        """Name and unit."""
        return f"{self.team.name}（{self.team.department.short_name}）"

    @property
    def unit(self) -> Department:
        """That of its people where they have one, for 所所交叉 asks whose own shops these are; else the team's."""
        units = {person.unit for person in self.members}
        return next(iter(units)) if len(units) == 1 else self.team.department

    @property
    def inspectors(self) -> list[UUID]:
        """All who go."""
        return [person.inspector.pk for person in self.members]
