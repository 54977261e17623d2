"""``python manage.py keep_inspections``: open what was dispatched, remind, tell of what is late."""

from __future__ import annotations

from django.utils import timezone

from gongchou.inspections.keeping import escalate_overdue, open_dispatched, remind
from gongchou.rounds import RoundCommand


class Command(RoundCommand):
    """Exit code 0: looked; 1: the database cannot be used."""

    help = "为已派发的户次建立检查，在录入期限前提醒检查人员，逾期后告知部门负责人；--every 给出间隔秒数则一直运行"

    def round(self) -> None:
        """Say how many there were."""
        at = timezone.now()
        told = (("建立检查的批次", open_dispatched(at)), ("提醒", remind(at)), ("逾期告知", escalate_overdue(at)))
        for words, n in told:
            if n:
                self.stdout.write(f"{words}：{n}")
