"""The room as Django knows it."""

from __future__ import annotations

from django.apps import AppConfig

from gongchou.accounts.sentences import SENTENCES
from gongchou.refusal import teach


class AccountsConfig(AppConfig):
    """People and where they belong."""

    name = "gongchou.accounts"
    verbose_name = "人与机构"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Teach the sentences; listen to what happens to second factors and to lists."""
        from gongchou.accounts import exports, factors, words  # noqa: PLC0415 -- models are ready only now
        from gongchou.accounts.queries.people import called  # noqa: PLC0415
        from gongchou.audit.facts import teach_values  # noqa: PLC0415
        from gongchou.audit.queries import teach_finder  # noqa: PLC0415

        teach(SENTENCES)
        teach_values(words.CODES)
        teach_finder(called)
        factors.listen()
        exports.listen()
