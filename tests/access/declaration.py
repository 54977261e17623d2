"""The permission matrix: every address of the platform, its methods, whom it lets in, whose row it is about.

One line for each address, by its name, in the table of its room. To add one, write

    "room:name": page(READ, row="kind"),

page    shows something                              GET, HEAD
form    shows a form and takes it                    GET, HEAD, POST
button  does something at once                       POST

Then come the duties of which one is enough, or SIGNED_IN, or PUBLIC; and ``row=``, the kind of row whose id stands in
the address, as ``tests/access/city.py`` makes it (``ROWS``): who reaches it is said there. Several kinds stand in one
text. ``docs/permissions.md`` is
printed from this table: ``python tools/print_permissions.py``.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from gongchou.accounts.roles import ROLES, Duty, RoleCode

PUBLIC, SIGNED_IN = "public", "signed_in"
ACCOUNTS, GRANTS, AUDIT = Duty.KEEP_ACCOUNTS, Duty.GRANT_ROLES, Duty.READ_AUDIT
MESSAGES, ORGANISATION = Duty.SEND_MESSAGES, Duty.KEEP_ORGANISATION
LIST, DECIDE = Duty.KEEP_LIST, Duty.APPROVE_LIST
LIBRARIES, READ = Duty.KEEP_LIBRARIES, Duty.READ_LIBRARIES
PLAN, HEAD, OFFICE, PLANS = Duty.KEEP_PLAN, Duty.APPROVE_PLAN, Duty.COORDINATE, Duty.READ_PLANS
AUDITS = Duty.AUDIT_DRAWS
RESULTS, REVIEW = Duty.READ_RESULTS, Duty.REVIEW_RESULTS


@dataclass(frozen=True)
class Line:
    """One address. ``who`` holds duties, or PUBLIC or SIGNED_IN alone; ``args`` stand in the address as they are.

    is_library: the page of a library with a state of its own, which may lead on to another page or know of none
    """

    methods: frozenset[str]
    who: frozenset[str]
    row: str = ""
    args: tuple[object, ...] = ()
    is_library: bool = False

    @property
    def is_public(self) -> bool:
        return PUBLIC in self.who

    def lets_in(self, role: RoleCode) -> bool:
        """Tell whether somebody with this role comes in, whatever its scope."""
        return bool(self.who & {PUBLIC, SIGNED_IN}) or bool(ROLES[role].duties & self.who)


def page(*who: str, row: str = "", args: tuple[object, ...] = ()) -> Line:
    return Line(frozenset({"GET", "HEAD"}), frozenset(who), row, args)


def form(*who: str, row: str = "", args: tuple[object, ...] = ()) -> Line:
    return Line(frozenset({"GET", "HEAD", "POST"}), frozenset(who), row, args)


def button(*who: str, row: str = "", args: tuple[object, ...] = ()) -> Line:
    return Line(frozenset({"POST"}), frozenset(who), row, args)


def of_library(*who: str, args: tuple[object, ...] = ()) -> Line:
    return Line(frozenset({"GET", "HEAD", "POST"}), frozenset(who), args=args, is_library=True)


def shown_by_library(*who: str) -> Line:
    return Line(frozenset({"GET", "HEAD"}), frozenset(who), is_library=True)


PEOPLE: dict[str, Line] = {
    "home": page(SIGNED_IN),
    # The entrance
    "account_login": of_library(PUBLIC),
    "account_logout": of_library(PUBLIC),
    "account_reauthenticate": of_library(SIGNED_IN),
    "account_change_password": form(SIGNED_IN),
    "mfa_authenticate": of_library(PUBLIC),
    "mfa_reauthenticate": of_library(SIGNED_IN),
    "mfa_index": page(SIGNED_IN),
    "mfa_activate_totp": of_library(SIGNED_IN),
    "mfa_deactivate_totp": of_library(SIGNED_IN),
    "mfa_view_recovery_codes": shown_by_library(SIGNED_IN),
    "mfa_generate_recovery_codes": of_library(SIGNED_IN),
    "mfa_list_webauthn": shown_by_library(SIGNED_IN),
    "mfa_add_webauthn": of_library(SIGNED_IN),
    "mfa_reauthenticate_webauthn": of_library(SIGNED_IN),
    "mfa_remove_webauthn": of_library(SIGNED_IN, args=(1,)),
    # One's own
    "accounts:profile": page(SIGNED_IN),
    "accounts:sessions-end": button(SIGNED_IN),
    "accounts:session-end": button(SIGNED_IN, row="session"),
    "accounts:inbox": page(SIGNED_IN),
    "accounts:messages-read": button(SIGNED_IN),
    "accounts:message": page(SIGNED_IN, row="message"),
    "accounts:message-read": button(SIGNED_IN, row="message"),
    "accounts:outbox": page(MESSAGES),
    "accounts:sent": page(MESSAGES, row="sent"),
    "accounts:broadcast": form(MESSAGES),
    # People and roles
    "accounts:people": page(ACCOUNTS, GRANTS),
    "accounts:account-open": form(ACCOUNTS),
    "accounts:person": page(ACCOUNTS, GRANTS, row="person"),
    "accounts:account-disable": button(ACCOUNTS, row="person"),
    "accounts:account-enable": button(ACCOUNTS, row="person"),
    "accounts:account-move": form(ACCOUNTS, row="person"),
    "accounts:password-reset": button(ACCOUNTS, row="person"),
    "accounts:password-once": page(ACCOUNTS, row="person"),
    "accounts:factors-reset": form(GRANTS, row="person"),
    "accounts:role-request": form(GRANTS, row="person"),
    "accounts:requests": page(GRANTS),
    "accounts:role-confirm": button(GRANTS, row="request"),
    "accounts:role-refuse": form(GRANTS, row="request"),
    "accounts:role-end": button(GRANTS, row="appointment"),
    # The organisation
    "accounts:departments": page(ORGANISATION),
    "accounts:department": page(ORGANISATION, row="department"),
    "accounts:department-add": form(ORGANISATION),
    "accounts:department-change": form(ORGANISATION, row="department"),
    "accounts:department-move": form(ORGANISATION, row="department"),
    "accounts:department-end": form(ORGANISATION, row="department"),
    "accounts:regions": page(ORGANISATION),
    "accounts:region": page(ORGANISATION, row="region"),
    "accounts:region-add": form(ORGANISATION),
    "accounts:region-rename": form(ORGANISATION, row="region"),
    "accounts:region-end": form(ORGANISATION, row="region"),
    # The log: lines as far as one reaches, checkpoints and proofs for everybody
    "audit:lines": page(AUDIT),
    "audit:line": page(AUDIT, row="line"),
    "audit:line-data": page(AUDIT, row="line"),
    "audit:line-proof": page(AUDIT, row="signed_line"),
    "audit:checkpoints": page(PUBLIC),
    "audit:checkpoint": page(PUBLIC),
    "audit:checkpoint-at": page(PUBLIC, row="checkpoint"),
    "audit:consistency": page(PUBLIC, row="checkpoints"),
    "audit:cosignature": button(PUBLIC),
    "audit:public-key": page(PUBLIC),
}

LIBRARY_PAGES: dict[str, Line] = {
    # Subjects
    "registry:subjects": page(READ),
    "registry:add-subject": form(LIBRARIES),
    "registry:tag-subjects": button(LIBRARIES),
    "registry:untag-subject": button(LIBRARIES, row="tagging"),
    "registry:subject": page(READ, row="subject"),
    "registry:change-subject": form(LIBRARIES, row="subject"),
    "registry:subject-status": form(LIBRARIES, row="subject"),
    "registry:subject-state": form(LIBRARIES, row="subject"),
    "registry:subject-grade": form(LIBRARIES, row="subject"),
    "registry:subject-keeper": form(LIBRARIES, row="subject"),
    "registry:enter-library": form(LIBRARIES, row="subject"),
    "registry:leave-library": form(LIBRARIES, row="entry"),
    "registry:renew-licence": form(LIBRARIES, row="entry"),
    "registry:expiring-licences": page(READ),
    "registry:sub-libraries": page(READ),
    "registry:add-sub-library": form(LIBRARIES),
    "registry:change-sub-library": form(LIBRARIES, row="library"),
    # Imports
    "registry:imports": page(LIBRARIES),
    "registry:add-import": form(LIBRARIES),
    "registry:import": page(LIBRARIES, row="import"),
    "registry:import-progress": page(LIBRARIES, row="import"),
    "registry:import-columns": form(LIBRARIES, row="import"),
    "registry:import-source": button(LIBRARIES, row="import"),
    "registry:start-import": button(LIBRARIES, row="import"),
    "registry:resume-import": button(LIBRARIES, row="import"),
    "registry:give-up-import": button(LIBRARIES, row="import"),
    "registry:import-refused": button(LIBRARIES, row="import"),
    # Inspectors
    "registry:inspectors": page(READ, LIBRARIES),
    "registry:add-inspector": form(LIBRARIES),
    "registry:inspector-figures": page(READ, LIBRARIES),
    "registry:add-staff-count": form(LIBRARIES),
    "registry:inspector": page(READ, LIBRARIES, row="inspector"),
    "registry:change-inspector": form(LIBRARIES, row="inspector"),
    "registry:move-inspector": form(LIBRARIES, row="inspector"),
    "registry:end-inspector": form(LIBRARIES, row="inspector"),
    "registry:restore-inspector": form(LIBRARIES, row="inspector"),
    "registry:tag-inspector": form(LIBRARIES, row="inspector"),
    "registry:scope-inspector": form(LIBRARIES, row="inspector"),
    "registry:link-account": form(LIBRARIES, row="inspector"),
    "registry:unlink-account": button(LIBRARIES, row="inspector"),
    "registry:add-certificate": form(LIBRARIES, row="inspector"),
    "registry:record-leave": form(LIBRARIES, row="inspector"),
    "registry:declare-conflict": form(LIBRARIES, row="inspector"),
    "registry:certificates": page(READ, LIBRARIES),
    "registry:renew-certificate": form(LIBRARIES, row="certificate"),
    "registry:end-certificate": form(LIBRARIES, row="certificate"),
    "registry:leave-calendar": page(READ, LIBRARIES),
    "registry:revoke-leave": button(LIBRARIES, row="leave"),
    "registry:conflicts": page(READ, LIBRARIES),
    "registry:decide-conflict": form(DECIDE, row="conflict"),
    "registry:lift-conflict": form(DECIDE, row="conflict"),
    "registry:teams": page(READ, LIBRARIES),
    "registry:add-team": form(LIBRARIES),
    "registry:import-teams": form(LIBRARIES),
    "registry:team": page(READ, LIBRARIES, row="team"),
    "registry:rename-team": form(LIBRARIES, row="team"),
    "registry:team-members": form(LIBRARIES, row="team"),
    "registry:end-team": form(LIBRARIES, row="team"),
    "registry:third-parties": page(READ, LIBRARIES),
    "registry:add-third-party": form(LIBRARIES),
    "registry:change-third-party": form(LIBRARIES, row="third_party"),
    "registry:switch-third-party": button(LIBRARIES, row="third_party"),
    "registry:my-file": page(SIGNED_IN),
    "registry:declare-own-conflict": form(SIGNED_IN, row="own_file"),
}

LIST_PAGES: dict[str, Line] = {
    # The lists: whoever reads them sees what is published; drafts are their owner's
    "registry:items": page(READ),
    "registry:add-item": form(LIST),
    "registry:item": page(READ, row="draft_item public_item"),
    "registry:rule-words": page(READ, row="rule"),
    "registry:claims": page(READ),
    "registry:claim-items": button(LIST),
    "registry:adapt-claim": form(LIST, row="claim"),
    "registry:release-claim": form(LIST, row="claim"),
    "registry:renew-claim": button(LIST, row="claim"),
    "registry:ceilings": page(READ),
    "registry:set-ceiling": form(DECIDE),
    "registry:alignment": page(READ),
    "registry:official-entries": page(READ),
    "registry:import-official-entries": form(LIST),
    "registry:official-imports": page(READ),
    "registry:joint-items": page(READ),
    "registry:add-joint-item": form(LIST),
    "registry:joint-item": page(READ, row="draft_joint public_joint"),
    "registry:matters": page(READ),
    "registry:add-matter": form(LIST),
    "registry:matter": page(READ, row="draft_matter public_matter"),
    "registry:review-matter": form(LIST, row="draft_matter"),
    "registry:pilots": page(READ),
    "registry:add-pilot": form(LIST),
    "registry:pilot": page(READ, row="pilot"),
    "registry:move-pilot": form(LIST, row="pilot"),
    "registry:tags": page(READ),
    "registry:add-tag": form(LIST),
    "registry:tag": page(READ, row="proposed_tag"),
    "registry:approve-tag": button(DECIDE, row="proposed_tag"),
    "registry:refuse-tag": form(DECIDE, row="proposed_tag"),
    "registry:end-tag": form(DECIDE, row="proposed_tag"),
    "registry:editions": page(READ),
    "registry:publish": form(DECIDE, row="list_kind"),
    "registry:edition": page(READ, row="edition"),
    "registry:compare-editions": page(READ, row="edition"),
    "registry:compare-versions": page(READ, row="draft_thing"),
    "registry:change-version": form(LIST, row="draft_version"),
    "registry:amend-version": form(LIST, row="draft_version"),
    "registry:submit-version": button(LIST, row="draft_version"),
    "registry:withdraw-version": button(LIST, row="draft_version"),
    "registry:approve-version": button(DECIDE, row="draft_version"),
    "registry:send-back-version": form(DECIDE, row="draft_version"),
    "registry:publish-version": page(DECIDE, row="draft_version"),
    "registry:ask-end": form(LIST, row="draft_version"),
    "registry:abolish-version": button(DECIDE, row="draft_version"),
    "registry:refuse-end": button(DECIDE, row="draft_version"),
}

FORM_PAGES: dict[str, Line] = {
    "checklists:checklists": page(READ),
    "checklists:checklist": page(READ, row="draft_checklist public_checklist"),
    "checklists:add": form(LIST),
    "checklists:compose": form(LIST),
    "checklists:example": page(LIST),
    "checklists:bring": form(LIST, row="draft_checklist"),
    "checklists:revise": form(LIST, row="draft_checklist"),
    "checklists:publish": button(DECIDE, row="checklist_version"),
    "checklists:drop": form(LIST, DECIDE, row="checklist_version"),
    "checklists:end": form(DECIDE, row="checklist_version"),
    "checklists:preview": page(READ, row="checklist_version"),
    "checklists:preview_merged": page(READ),
    "checklists:take": page(READ, row="checklist_version"),
    "checklists:xform": page(READ, row="checklist_version"),
    "checklists:blank": page(READ, row="checklist_version"),
}

PLAN_PAGES: dict[str, Line] = {
    # Plans: whoever reads plans sees what is published; drafts are their department's
    "plans:plans": page(PLANS),
    "plans:add-plan": form(PLAN),
    "plans:plan": page(PLANS, row="draft_plan public_plan"),
    "plans:compare-plan": page(PLANS, row="draft_plan public_plan"),
    "plans:change-plan": form(PLAN, row="plan_version"),
    "plans:submit-plan": button(PLAN, row="plan_version"),
    "plans:withdraw-plan": form(PLAN, row="plan_version"),
    "plans:approve-plan": button(HEAD, row="plan_version"),
    "plans:send-back-plan": form(HEAD, OFFICE, row="plan_version"),
    "plans:file-plan": form(PLAN, HEAD, row="plan_version"),
    "plans:receive-plan": form(OFFICE, row="plan_version"),
    "plans:publish-plan": form(HEAD, row="plan_version"),
    "plans:revise-plan": form(PLAN, row="plan_version"),
    "plans:close-plan": form(HEAD, row="plan_version"),
    "plans:plan-checks": page(PLANS, row="plan_version"),
    "plans:add-waiver": form(PLAN, row="plan_rule"),
    "plans:end-waiver": button(PLAN, row="waiver"),
    # Lines
    "plans:lines": page(PLANS),
    "plans:line": page(PLANS, PLAN, row="draft_line public_line"),
    "plans:suggest-lines": form(PLAN, row="plan_version"),
    "plans:plan-forecast": page(PLANS, row="plan_version"),
    "plans:line-preview": button(PLAN, row="plan_version"),
    "plans:plan-advice": page(PLANS, row="plan_version"),
    "plans:take-advice": button(PLAN, row="plan_version"),
    "plans:calendar": page(PLANS),
    "plans:drop-lines": form(PLAN, row="plan_version"),
    "plans:continue-lines": button(PLAN, row="plan_version"),
    "plans:import-lines": form(PLAN, row="plan_version"),
    "plans:export-lines": page(PLANS, row="plan_version"),
    "plans:line-template": page(PLAN, row="plan_version"),
    "plans:add-line": form(PLAN, row="plan_version"),
    "plans:change-line": form(PLAN, row="line_content"),
    "plans:drop-line": form(PLAN, row="line_content"),
    # Joint work
    "plans:invite-all": form(PLAN, row="plan_version"),
    "plans:invite": form(PLAN, row="line_content"),
    "plans:invitations": page(PLAN, HEAD, OFFICE),
    "plans:invitation": page(PLAN, HEAD, OFFICE, row="invitation"),
    "plans:answer": form(PLAN, HEAD, row="invitation"),
    "plans:leave": form(PLAN, HEAD, row="invitation"),
    "plans:revoke": form(PLAN, row="invitation"),
    "plans:raise-question": form(PLAN, HEAD, row="invitation"),
    "plans:questions": page(PLAN, HEAD, OFFICE),
    "plans:schedule": form(OFFICE, row="question"),
    "plans:decide": form(OFFICE, row="question"),
    "plans:settle": form(PLAN, HEAD, row="question"),
    "plans:proposals": page(PLAN, HEAD, OFFICE),
    "plans:search-proposals": form(PLAN, OFFICE),
    "plans:proposal": page(PLAN, HEAD, OFFICE, row="proposal"),
    "plans:accept-proposal": button(PLAN, OFFICE, row="proposal"),
    "plans:adjust-proposal": form(PLAN, OFFICE, row="proposal"),
    "plans:refuse-proposal": form(PLAN, OFFICE, row="proposal"),
    "plans:matters": page(PLANS),
    "plans:campaigns": page(PLANS),
    "plans:add-campaign": form(OFFICE),
    "plans:end-campaign": form(OFFICE, row="campaign"),
    "plans:agreements": page(PLANS),
    "plans:add-agreement": form(PLAN),
    "plans:end-agreement": form(PLAN, row="agreement"),
    # What documents demand
    "plans:norms": page(PLANS),
    "plans:set-norm": form(OFFICE),
    "plans:end-norm": form(OFFICE, row="norm"),
    "plans:set-numbering": form(PLAN),
    # Tasks
    "plans:task-from-line": form(PLAN, row="line_content"),
    "plans:tasks": page(PLANS),
    "plans:task-preview": button(PLAN),
    "plans:add-task": form(PLAN),
    "plans:task": page(PLANS, row="task"),
    "plans:change-task": form(PLAN, row="task"),
    "plans:invite-to-task": form(PLAN, row="task"),
    "plans:exclude-subjects": form(PLAN, row="task"),
    "plans:write-scheme": form(PLAN, row="task"),
    "plans:ready-task": button(PLAN, row="task"),
    "plans:reopen-task": form(PLAN, row="task"),
    "plans:suspend-task": form(PLAN, row="task"),
    "plans:cancel-task": form(HEAD, row="task"),
    "plans:answer-task": form(PLAN, HEAD, row="participant"),
    "plans:set-participant": form(PLAN, row="participant"),
    "plans:revoke-participant": form(PLAN, row="participant"),
    "plans:include-subject": button(PLAN, row="exclusion"),
    "plans:publish-scheme": form(PLAN, HEAD, row="scheme"),
}

DRAW_PAGES: dict[str, Line] = {
    "draws:batches": page(PLANS, PLAN, HEAD),
    "draws:statistics": page(PLANS, OFFICE),
    "draws:statistics-draws": page(PLANS, OFFICE),
    "draws:statistics-strata": page(PLANS, OFFICE),
    "draws:statistics-seats": page(PLANS, OFFICE),
    "draws:statistics-objects": page(PLANS, OFFICE),
    "draws:watch-groups": page(OFFICE),
    "draws:watch-group-add": form(OFFICE),
    "draws:watch-group": page(OFFICE, row="watch_group"),
    "draws:watch-group-end": form(OFFICE, row="watch_group"),
    "draws:open": form(PLAN, row="task"),
    "draws:of-task": page(PLANS, PLAN, HEAD, row="task"),
    "draws:audits": page(AUDITS),
    "draws:audit": page(AUDITS, row="promised_batch"),
    "draws:take-audit": button(AUDITS, row="promised_batch"),
    "draws:judge": form(AUDITS, row="promised_batch"),
    "draws:attendances": page(SIGNED_IN),
    "draws:sign": form(SIGNED_IN, row="attendance"),
    "draws:promise": form(PLAN, row="contribution"),
    "draws:reveal": form(PLAN, row="contribution"),
    "draws:leave": button(PLAN, row="draw"),
    "draws:withdraw": form(HEAD, row="draw"),
    "draws:ask-withdrawal": form(PLAN, HEAD, row="draw"),
    "draws:agree-withdrawal": form(HEAD, row="withdrawal"),
    "draws:refuse-withdrawal": form(PLAN, HEAD, row="withdrawal"),
    "draws:confirm-reading": button(PLAN, HEAD, row="reading"),
    "draws:void-reading": button(PLAN, HEAD, row="reading"),
    "draws:my-visits": page(SIGNED_IN),
    "draws:recuse": form(SIGNED_IN, row="own_seat"),
    "draws:unit-doors": page(PLANS, PLAN, HEAD),
    "draws:left-out": page(PLANS, PLAN, HEAD, row="draw"),
    "draws:receipt-keys": page(PLAN, HEAD, row="draw"),
    "draws:issue-key": form(PLAN, HEAD, row="draw"),
    "draws:supplement": form(PLAN, row="draw"),
    "draws:replace": form(PLAN, HEAD, row="hit"),
    "draws:replacement": page(PLANS, PLAN, HEAD, row="replacement"),
    "draws:proof": page(PLAN, HEAD, row="replacement"),
    "draws:approve-replacement": button(HEAD, row="replacement"),
    "draws:refuse-replacement": form(PLAN, HEAD, row="replacement"),
    "draws:reseat": form(PLAN, HEAD, row="seat"),
    "draws:fill-door": form(PLAN, HEAD, row="door"),
    "draws:substitution": page(PLANS, PLAN, HEAD, row="substitution"),
    "draws:read-for": form(PLAN, HEAD, row="substitution"),
    "draws:deal": form(PLAN, HEAD, row="substitution"),
    "draws:joinable": page(PLAN),
    "draws:territory": page(PLAN, row="territory"),
    "draws:join-doors": form(PLAN, row="territory"),
    "draws:batch": page(PLANS, PLAN, HEAD, row="batch"),
    "draws:replacements": page(PLANS, PLAN, HEAD, row="batch"),
    "draws:seats": page(PLANS, PLAN, HEAD, row="batch"),
    "draws:substitutions": page(PLANS, PLAN, HEAD, row="batch"),
    "draws:fill": form(PLAN, HEAD, row="batch"),
    "draws:deal-all": form(PLAN, HEAD, row="batch"),
    "draws:joinings": page(PLANS, PLAN, HEAD, row="batch"),
    "draws:progress": page(PLANS, PLAN, HEAD, row="batch"),
    "draws:comparison": page(PLANS, PLAN, HEAD, row="batch"),
    "draws:change": form(PLAN, row="batch"),
    "draws:join": form(PLAN, row="batch"),
    "draws:parties": form(PLAN, row="batch"),
    "draws:preparation": page(PLANS, PLAN, HEAD, row="batch"),
    "draws:freeze": button(PLAN, row="batch"),
    "draws:thaw": form(PLAN, HEAD, row="batch"),
    "draws:drop": form(PLAN, HEAD, row="batch"),
    "draws:commit": button(HEAD, row="batch"),
    "draws:witnesses": form(PLAN, row="batch"),
    "draws:read": form(PLAN, HEAD, row="source"),
    "draws:close": button(PLAN, HEAD, row="batch"),
    "draws:seed": form(PLAN, HEAD, row="batch"),
    "draws:run": button(PLAN, HEAD, row="batch"),
    "draws:lock": button(HEAD, row="batch"),
    "draws:dispatch": button(PLAN, HEAD, row="batch"),
    "draws:certificate": page(PLANS, PLAN, HEAD, row="batch"),
    "draws:objects": page(PLANS, PLAN, HEAD, row="batch"),
    "draws:screen": page(PLANS, PLAN, HEAD, row="batch"),
    "draws:screen-state": page(PLANS, PLAN, HEAD, row="batch"),
    "draws:unfilled": page(PLANS, PLAN, HEAD, row="batch"),
    "draws:visits": page(PLANS, PLAN, HEAD, row="batch"),
}

INSPECTION_PAGES: dict[str, Line] = {
    # What came from the phones; who inspects sends and takes her own by the addresses of the phone
    "inspections:inspections": page(RESULTS, REVIEW),
    "inspections:inspection": page(RESULTS, REVIEW, row="inspection"),
    "inspections:review": form(REVIEW, row="inspection"),
    "inspections:choose": form(REVIEW, row="inspection_record"),
    "inspections:exhibit": page(RESULTS, REVIEW, row="exhibit"),
    "inspections:calendar": page(RESULTS, REVIEW),
    "inspections:enter-notice": form(OFFICE),
    "field:page": page(PUBLIC),
    "field:worker": page(PUBLIC),
    "field:manifest": page(PUBLIC),
    "field:package": page(SIGNED_IN),
    "field:instance": button(SIGNED_IN, args=(UUID(int=1),)),
    "field:attachment": form(SIGNED_IN, args=("a" * 64,)),
    "field:receipts": page(SIGNED_IN),
}

LOG_PAGES: dict[str, Line] = {
    # The public log: checkpoints, entries and proofs for everybody
    "draws:log-checkpoint": page(PUBLIC),
    "draws:log-checkpoint-at": page(PUBLIC, row="draw_checkpoint"),
    "draws:log-consistency": page(PUBLIC, row="draw_checkpoints"),
    "draws:log-cosignature": button(PUBLIC),
    "draws:log-entry": page(PUBLIC, row="draw_entry"),
    "draws:log-proof": page(PUBLIC, row="draw_entry"),
    "draws:log-plan": page(PUBLIC, row="logged_plan"),
    "draws:log-key": page(PUBLIC),
    "draws:log-witnesses": page(PUBLIC),
}

PUBLIC_PAGES: dict[str, Line] = {
    "publicity:badge": page(PUBLIC, row="badge"),
    "publicity:plans": page(PUBLIC),
    "publicity:plan": page(PUBLIC, row="public_plan"),
    "publicity:schemes": page(PUBLIC),
    "publicity:scheme": page(PUBLIC, row="public_scheme"),
    "publicity:draws": page(PUBLIC),
    "publicity:draws-data": page(PUBLIC),
    "publicity:record": page(PUBLIC, row="public_record"),
    "publicity:batch": page(PUBLIC, row="public_batch"),
    "publicity:selected": page(PUBLIC, row="public_batch"),
    "publicity:params": page(PUBLIC, row="public_draw"),
    "publicity:bundle": page(PUBLIC, row="public_batch"),
    "publicity:verify": page(PUBLIC, row="public_batch"),
    "publicity:receipt": form(PUBLIC, row="public_batch"),
}

OFFICE_PAGES = PEOPLE | LIBRARY_PAGES | LIST_PAGES | FORM_PAGES | PLAN_PAGES | DRAW_PAGES | INSPECTION_PAGES
MATRIX = OFFICE_PAGES | LOG_PAGES | PUBLIC_PAGES
