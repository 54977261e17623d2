"""Pages: the desk, the entrance, people and their roles, the organisation, messages."""

from gongchou.accounts.views.desk import home

__all__ = ["home"]
