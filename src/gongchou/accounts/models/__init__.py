"""Nouns of the room: where people belong, who they are, what they may do, what they are told, how they come in."""

from gongchou.accounts.models.base import Recorded
from gongchou.accounts.models.entrance import OpenSession, Tries
from gongchou.accounts.models.messages import Delivery, Message
from gongchou.accounts.models.organisation import Department, Region
from gongchou.accounts.models.people import Appointment, User

__all__ = ["Appointment", "Delivery", "Department", "Message", "OpenSession", "Recorded", "Region", "Tries", "User"]
