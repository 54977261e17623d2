"""What can be done to regions, departments, people, their appointments and what they are told."""

from gongchou.accounts.operations.appointments import (
    appoint,
    confirm_appointment,
    end_appointment,
    refuse_appointment,
    request_appointment,
)
from gongchou.accounts.operations.entrance import (
    end_session,
    note_factor_added,
    note_factor_removed,
    note_locked,
    note_signed_in,
    note_signed_out,
    note_wrong_password,
    reset_factors,
)
from gongchou.accounts.operations.installer import Installer
from gongchou.accounts.operations.messages import broadcast, mark_all_read, mark_read, send_message
from gongchou.accounts.operations.organisation import (
    add_department,
    add_region,
    change_department,
    end_department,
    end_region,
    move_department,
    rename_region,
)
from gongchou.accounts.operations.people import (
    change_password,
    disable_account,
    enable_account,
    end_sessions,
    move_account,
    note_list_taken_out,
    open_account,
    renew_password_hash,
    reset_password,
)

__all__ = [
    "Installer",
    "add_department",
    "add_region",
    "appoint",
    "broadcast",
    "change_department",
    "change_password",
    "confirm_appointment",
    "disable_account",
    "enable_account",
    "end_appointment",
    "end_department",
    "end_region",
    "end_session",
    "end_sessions",
    "mark_all_read",
    "mark_read",
    "move_account",
    "move_department",
    "note_factor_added",
    "note_factor_removed",
    "note_list_taken_out",
    "note_locked",
    "note_signed_in",
    "note_signed_out",
    "note_wrong_password",
    "open_account",
    "refuse_appointment",
    "rename_region",
    "renew_password_hash",
    "request_appointment",
    "reset_factors",
    "reset_password",
    "send_message",
]
