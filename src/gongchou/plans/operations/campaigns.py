"""What is set up for many lines at once: concentrated campaigns, agreements with other regions."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from gongchou.accounts.models import Department, Region, User
from gongchou.audit.operations import Done, held, operation
from gongchou.plans.models import Agreement, Campaign
from gongchou.plans.permissions import joint as permissions
from gongchou.plans.permissions.plans import check_can_keep
from gongchou.plans.rules import joint as rules
from gongchou.plans.rules.plans import check_days
from gongchou.refusal import Refused

Content = Mapping[str, Any]


@operation("campaign.set", "设立集中联合抽查")
def add_campaign(*, region: Region, content: Content, by: User, at: datetime) -> Done[Campaign]:
    """Announce a concentrated campaign of a place. Raises Refused ``plans.name_taken`` and what its days break."""
    permissions.check_can_coordinate(by, region)
    check_days(content["begins_on"], content["ends_on"], content["year"])
    if Campaign.objects.filter(region=region, year=content["year"], name=content["name"]).exists():
        raise Refused("plans.name_taken", name=content["name"])
    campaign = Campaign.objects.create(region=region, set_at=at, set_by=by, **content)
    told = {name: str(content[name]) for name in ("year", "begins_on", "ends_on", "n_tasks", "source")}
    return Done(campaign, told)


@operation("campaign.ended", "取消集中联合抽查")
def end_campaign(*, campaign: Campaign, reason: str, by: User, at: datetime) -> Done[Campaign]:
    """It is not held. Raises Refused ``plans.campaign_has_lines`` while published lines belong to it."""
    campaign = held(campaign, "region")
    permissions.check_can_coordinate(by, campaign.region)
    rules.check_may_end(campaign)
    campaign.ended_at, campaign.ended_by, campaign.end_reason = at, by, reason
    campaign.save()
    return Done(campaign, {"reason": reason})


@operation("agreement.registered", "登记跨区域协议")
def add_agreement(*, department: Department, content: Content, by: User, at: datetime) -> Done[Agreement]:
    """Register with whom of another region joint inspections are agreed. Raises Refused ``plans.name_taken``."""
    check_can_keep(by, department)
    if content.get("valid_to") and content["valid_to"] < content["signed_on"]:
        raise Refused("plans.dates_reversed", begins=content["signed_on"], ends=content["valid_to"])
    if Agreement.objects.filter(department=department, name=content["name"]).exists():
        raise Refused("plans.name_taken", name=content["name"])
    agreement = Agreement.objects.create(department=department, set_at=at, set_by=by, **content)
    return Done(agreement, {"partner": agreement.partner, "signed_on": str(agreement.signed_on)})


@operation("agreement.ended", "终止跨区域协议")
def end_agreement(*, agreement: Agreement, reason: str, by: User, at: datetime) -> Done[Agreement]:
    """It no longer holds."""
    agreement = held(agreement, "department")
    check_can_keep(by, agreement.department)
    if agreement.ended_at is not None:
        raise Refused("plans.agreement_ended", name=agreement.name)
    agreement.ended_at, agreement.ended_by, agreement.end_reason = at, by, reason
    agreement.save()
    return Done(agreement, {"reason": reason})
