"""Every view says who may open it; a view that does not say is closed to all.

@needs("keep_list")          somebody with one of these duties (``accounts.roles.Duty``)
@signed_in                   whoever has an account
@open_to_all                 the public; only sign-in, publicity and the pages about faults
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

V = TypeVar("V", bound=Callable[..., Any])


@dataclass(frozen=True)
class Access:
    """Whom a view lets in: everybody, whoever is signed in, or whoever has one of the duties."""

    is_public: bool = False
    duties: frozenset[str] = frozenset()

    def lets_in(self, duties: frozenset[str] | None) -> bool:
        """Tell whether somebody with these duties comes in; None is a visitor without an account."""
        if self.is_public:
            return True
        return duties is not None and (not self.duties or bool(self.duties & duties))


def open_to_all(view: V) -> V:
    """Declare a view public."""
    return _declare(view, Access(is_public=True))


def signed_in(view: V) -> V:
    """Declare a view open to every account."""
    return _declare(view, Access())


def needs(*duties: str) -> Callable[[V], V]:
    """Declare that a view needs one of these duties."""
    return lambda view: _declare(view, Access(duties=frozenset(map(str, duties))))


def _declare(view: V, access: Access) -> V:
    view.access = access  # type: ignore[attr-defined]
    return view


def access_of(view: Callable[..., Any]) -> Access | None:
    """What a view, or the class it was made from, declares; None where it says nothing."""
    return getattr(view, "access", None) or getattr(getattr(view, "view_class", None), "access", None)
