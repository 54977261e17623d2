"""Does the platform start and answer? ``python -m gongchou.operate.smoke DATABASE``, on a copy only: it leaves traces.

It opens an account of its own, signs in through the page as people do, and looks at lists that read every library.
"""

from __future__ import annotations

import secrets
import sys
from typing import Any

LISTS = ("home", "registry:subjects", "registry:inspectors")


def main(database: str) -> int:
    """Ask for each page; print the names of those that answered, or say which did not."""
    import django  # noqa: PLC0415 -- started as a program of its own, this is where Django begins

    django.setup()
    from django.db import connection  # noqa: PLC0415 -- only after setup
    from django.test import Client  # noqa: PLC0415 -- only after setup
    from django.test.utils import setup_test_environment  # noqa: PLC0415 -- only after setup

    connection.settings_dict["NAME"] = database
    setup_test_environment()
    client = Client()
    answered = [_look(client, "account_login")]
    if _sign_in(client):
        answered += [_look(client, page) for page in LISTS]
    print(" ".join(answered))
    return 0


def _look(client: Any, page: str) -> str:
    from django.urls import reverse  # noqa: PLC0415 -- only after setup

    status = client.get(reverse(page), secure=True).status_code
    if status != 200:
        sys.exit(f"{page}: {status}")
    return page


def _sign_in(client: Any) -> bool:
    """Whether there is a department where somebody could belong; on an empty platform nobody can sign in."""
    from django.urls import reverse  # noqa: PLC0415 -- only after setup
    from django.utils import timezone  # noqa: PLC0415 -- only after setup

    from gongchou.accounts import operations  # noqa: PLC0415 -- only after setup
    from gongchou.accounts.models import Department  # noqa: PLC0415 -- only after setup
    from gongchou.accounts.roles import RoleCode  # noqa: PLC0415 -- only after setup

    department = Department.objects.filter(is_active=True).first()
    if department is None:
        return False
    name, password = f"drill-{secrets.token_hex(4)}", secrets.token_urlsafe(16)
    told: dict[str, Any] = {"by": operations.Installer("operator", "运维人员"), "at": timezone.now()}
    user = operations.open_account(username=name, name="演练", department=department, password=password, **told)
    operations.appoint(user=user, role=RoleCode.CONFERENCE_OFFICE, scope="all", **told)
    client.post(reverse("account_login"), {"login": name, "password": password}, secure=True)
    return True


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
