"""How often somebody may be wrong at the entrance.

Five wrong answers from one place within a quarter of an hour close the account to that place for a quarter of an hour.
Wrong answers from all places together make the account wait, ever longer, at most half a minute: a stranger can
slow guessing down for himself and never lock the owner out. A browser in which the owner has signed in before is a
place of its own and does not wait for what others did.

An account that does not exist is treated like any other, or the difference would tell which accounts there are.
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils.crypto import salted_hmac

from gongchou.accounts.models import Tries
from gongchou.refusal import Refused

MOST = 5
WINDOW_S = 15 * 60
LOCK_S = 15 * 60
FREE = 3  # wrong answers before the account makes anybody wait
LONGEST_DELAY_S = 30
_KEPT = 50


@dataclass(frozen=True)
class Place:
    """Where somebody stands: an address, or a browser that the owner of the account has used before."""

    source: str
    device: str = ""

    @property
    def name(self) -> str:
        """What tells it from other places; whoever has one IPv6 address has the whole /64."""
        if self.device:
            return f"device {self.device}"
        try:
            address = ipaddress.ip_address(self.source)
        except ValueError:
            return self.source
        return str(ipaddress.ip_network((address, 64), strict=False)) if address.version == 6 else str(address)


@dataclass(frozen=True)
class Knock:
    """One try that was let through, counted as wrong until ``forgive`` is called."""

    account: str
    place: str
    at: int
    is_latest: bool


def knock(account: str, place: Place, *, at: datetime) -> Knock:
    """Count a try before the answer is looked at, so that tries at the same moment are counted too.

    Raises Refused ``accounts.locked`` or ``accounts.slow_down``; a try that is refused is not counted.
    """
    now = int(at.timestamp())
    keys = _key(account), _key(account, place.name)
    with transaction.atomic():
        wide, here = _locked_rows(keys, at)
        _check_may_try(here.times, [] if place.device else wide.times, now)
        for row in (wide, here):
            row.times, row.latest_at = [*row.times, now][-_KEPT:], at
            row.save()
        Tries.objects.filter(latest_at__lt=at - timedelta(seconds=WINDOW_S + LOCK_S)).delete()
    return Knock(*keys, at=now, is_latest=locked_for(here.times, now) > 0)


def forgive(done: Knock) -> None:
    """The answer was right: this place begins anew, and the account forgets this one try."""
    with transaction.atomic():
        Tries.objects.filter(key=done.place).delete()
        wide = Tries.objects.select_for_update().filter(key=done.account).first()
        if wide and done.at in wide.times:
            wide.times.remove(done.at)
            wide.save()


def locked_for(times: list[int], now: int) -> int:
    """Seconds until a place may try again after these wrong answers."""
    if len(times) < MOST or times[-1] - times[-MOST] > WINDOW_S:
        return 0
    return max(0, times[-1] + LOCK_S - now)


def delayed_for(times: list[int], now: int) -> int:
    """Seconds until an account may be tried again after these wrong answers from anywhere."""
    n = sum(1 for time in times if now - time < WINDOW_S)
    if n < FREE:
        return 0
    wait = LONGEST_DELAY_S if n - FREE > 4 else 2 ** (n - FREE)
    return max(0, times[-1] + wait - now)


def _check_may_try(here: list[int], wide: list[int], now: int) -> None:
    locked = locked_for(here, now)
    if locked:
        raise Refused("accounts.locked", minutes=-(-locked // 60))
    delayed = delayed_for(wide, now)
    if delayed:
        raise Refused("accounts.slow_down", seconds=delayed)


def _locked_rows(keys: tuple[str, str], at: datetime) -> tuple[Tries, Tries]:
    for key in keys:
        Tries.objects.get_or_create(key=key, defaults={"latest_at": at})
    rows = {row.key: row for row in Tries.objects.select_for_update().filter(key__in=keys).order_by("key")}
    return rows[keys[0]], rows[keys[1]]


def _key(*parts: str) -> str:
    told = "\n".join(parts)
    return salted_hmac("gongchou.accounts.attempts", told, secret=settings.SECRET_KEY, algorithm="sha256").hexdigest()
