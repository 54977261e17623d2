"""Addresses of the room, and of the entrance."""

from __future__ import annotations

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as keys
from django.urls import URLPattern, URLResolver, path

from gongchou.accounts.views import appointments, entrance, messages, organisation, people

app_name = "accounts"
urlpatterns: list[URLPattern | URLResolver] = [
    path("accounts/", people.People.as_view(), name="people"),
    path("accounts/open/", people.open_account, name="account-open"),
    path("accounts/<uuid:pk>/", people.person, name="person"),
    path("accounts/<uuid:pk>/disable/", people.disable_account, name="account-disable"),
    path("accounts/<uuid:pk>/enable/", people.enable_account, name="account-enable"),
    path("accounts/<uuid:pk>/move/", people.move_account, name="account-move"),
    path("accounts/<uuid:pk>/reset-password/", people.reset_password, name="password-reset"),
    path("accounts/<uuid:pk>/one-time-password/", people.password_once, name="password-once"),
    path("accounts/<uuid:pk>/reset-factors/", people.reset_factors, name="factors-reset"),
    path("accounts/<uuid:pk>/request-role/", appointments.request_role, name="role-request"),
    path("roles/", appointments.requests, name="requests"),
    path("roles/<uuid:pk>/confirm/", appointments.confirm_role, name="role-confirm"),
    path("roles/<uuid:pk>/refuse/", appointments.refuse_role, name="role-refuse"),
    path("roles/<uuid:pk>/end/", appointments.end_role, name="role-end"),
    path("departments/", organisation.departments, name="departments"),
    path("departments/add/", organisation.add_department, name="department-add"),
    path("departments/<uuid:pk>/", organisation.departments, name="department"),
    path("departments/<uuid:pk>/change/", organisation.change_department, name="department-change"),
    path("departments/<uuid:pk>/move/", organisation.move_department, name="department-move"),
    path("departments/<uuid:pk>/end/", organisation.end_department, name="department-end"),
    path("regions/", organisation.regions, name="regions"),
    path("regions/add/", organisation.add_region, name="region-add"),
    path("regions/<uuid:pk>/", organisation.regions, name="region"),
    path("regions/<uuid:pk>/rename/", organisation.rename_region, name="region-rename"),
    path("regions/<uuid:pk>/end/", organisation.end_region, name="region-end"),
    path("messages/", messages.Inbox.as_view(), name="inbox"),
    path("messages/read-all/", messages.read_all, name="messages-read"),
    path("messages/<uuid:pk>/", messages.message, name="message"),
    path("messages/<uuid:pk>/read/", messages.mark_read, name="message-read"),
    path("messages/sent/", messages.Outbox.as_view(), name="outbox"),
    path("messages/sent/<uuid:pk>/", messages.Sent.as_view(), name="sent"),
    path("messages/broadcast/", messages.broadcast, name="broadcast"),
    path("me/", entrance.profile, name="profile"),
    path("me/sessions/end/", entrance.end_sessions, name="sessions-end"),
    path("me/sessions/<uuid:pk>/end/", entrance.end_session, name="session-end"),
]

# What django-allauth calls its pages; of these, the ones that are needed. Nobody signs up, nothing goes by mail.
entrance_urls: list[URLPattern | URLResolver] = [
    path("login/", account.login, name="account_login"),
    path("logout/", account.logout, name="account_logout"),
    path("reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("password/", entrance.change_password, name="account_change_password"),
    path("code/", mfa.authenticate, name="mfa_authenticate"),
    path("code/again/", mfa.reauthenticate, name="mfa_reauthenticate"),
    path("factors/", entrance.to_profile, name="mfa_index"),
    path("factors/app/", totp.activate_totp, name="mfa_activate_totp"),
    path("factors/app/remove/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("factors/recovery/", recovery.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("factors/recovery/new/", recovery.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("factors/keys/", keys.list_webauthn, name="mfa_list_webauthn"),
    path("factors/keys/add/", keys.add_webauthn, name="mfa_add_webauthn"),
    path("factors/keys/again/", keys.reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"),
    path("factors/keys/<int:pk>/remove/", keys.remove_webauthn, name="mfa_remove_webauthn"),
]
