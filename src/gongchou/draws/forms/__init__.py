"""Input about draws."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, ClassVar

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.html import format_html, format_html_join

from gongchou.accounts.forms.choices import DepartmentChoice, DepartmentsChoice, offer
from gongchou.accounts.models import Department, Region, User
from gongchou.accounts.queries import departments_within
from gongchou.accounts.roles import Duty
from gongchou.draw.beacon import PUBLIC_CHAINS, QUICKNET
from gongchou.draw.encoding import Document
from gongchou.draws.beacons import LARGEST, chain_name, private_chains, source_of
from gongchou.draws.models import Attendance, Batch, WatchGroup
from gongchou.draws.queries.batches import to_add, too_old
from gongchou.draws.rules import LEAST_GAP, LONGEST_VERDICT, MOST_WATCHED
from gongchou.draws.settings import Settings, settings_of, to_store
from gongchou.draws.states import MEANING, Matching, Mode, Profile
from gongchou.plans.models import Task
from gongchou.plans.queries.tasks import visible as visible_tasks
from gongchou.registry.queries.subjects import visible as visible_subjects
from gongchou.web.forms import CHOOSE, SEARCHED


def _group(count: int, least: int, most: int, rule: str = "ascending") -> Document:
    return {"count": count, "max": most, "min": least, "rule": rule}


# Order counts where the rule says ordered (ruling 10); ids are those of the seed document.
GAMES: dict[str, tuple[str, list[Document]]] = {
    "SSQ": ("双色球", [_group(6, 1, 33), _group(1, 1, 16)]),
    "DLT": ("大乐透", [_group(5, 1, 35), _group(2, 1, 12)]),
    "KL8": ("快乐8", [_group(20, 1, 80)]),
    "PL5": ("排列5", [_group(5, 0, 9, "ordered")]),
    "3D": ("福彩3D", [_group(3, 0, 9, "ordered")]),
}
"""Code -> name and groups of numbers."""

LEAST_MINUTES = int(LEAST_GAP.total_seconds()) // 60


def _moment() -> forms.Widget:
    """A day and a time as the browser lets them be picked."""
    return forms.DateTimeInput(attrs={"type": "datetime-local", "step": 1}, format="%Y-%m-%dT%H:%M:%S")


class BatchForm(forms.Form):
    """What is said of a batch while it is prepared."""

    sections: ClassVar[tuple[tuple[str, tuple[str, ...]], ...]] = (
        ("基本信息", ("name", "mode", "is_sealed", "is_match_sealed", "disclosed_at", "video")),
        ("时间和种子来源", (
            "profile", "chain", "game", "issue", "n_digits", "n_dice", "closes_at", "beacon_at", "lead_minutes",
        )),
        ("排除", ("recent_days", "cap", "leaves_out_in_hand", "leaves_out_campaign")),
        ("人员匹配", ("matching", "with_lower", "per_person")),
        ("备选", ("reserve_percent",)),
    )  # fmt: skip

    name = forms.CharField(label="批次名称", max_length=100)
    mode = forms.ChoiceField(
        label="性质",
        choices=Mode.choices,
        help_text="演练的结果不能作为正式抽取，每个页面和证据文件都有标记。",
    )
    is_sealed = forms.BooleanField(
        label="名单密封",
        required=False,
        help_text="公开的名单用化名，检查前不让企业知道是否被抽中。不勾选则公开真实编号，须任务设定了“公示抽取名单”。",
    )
    is_match_sealed = forms.BooleanField(
        label="人员匹配密封", required=False, help_text="公众重算对象，审计员重算人员。"
    )
    disclosed_at = forms.DateTimeField(
        label="回执开放时间",
        widget=_moment(),
        help_text="此前任何企业都查不到自己是否被抽中；密封时必填。",
        required=False,
    )
    video = forms.CharField(label="录像编号或地址", max_length=300, required=False)
    profile = forms.ChoiceField(label="最后的来源", choices=Profile.choices)
    chain = forms.ChoiceField(label="信标网络", required=False)
    game = forms.ChoiceField(
        label="彩票", choices=[("", "不用"), *((code, name) for code, (name, _) in GAMES.items())], required=False
    )
    issue = forms.RegexField(r"^[0-9]{1,20}$", label="期号", required=False)
    n_digits = forms.IntegerField(
        label="最后摇号位数", min_value=6, max_value=200, required=False, help_text="仅用于“现场摇号”。"
    )
    n_dice = forms.IntegerField(
        label="在先的现场摇号位数",
        min_value=1,
        max_value=200,
        required=False,
        help_text="在截止前当众摇出的数字，可不填。20 位约合 66 比特。",
    )
    closes_at = forms.DateTimeField(label="截止时间", widget=_moment(), help_text="到此为止，人能影响的都固定下来。")
    beacon_at = forms.DateTimeField(
        label="信标（开奖、摇号）时间", widget=_moment(), help_text=f"至少比截止晚 {LEAST_MINUTES} 分钟。"
    )
    lead_minutes = forms.IntegerField(
        label="承诺至少提前（分钟）",
        min_value=LEAST_MINUTES,
        max_value=60 * 24 * 30,
        help_text="日常抽取 10 分钟即可；年度、集中抽取建议 1440 分钟（一天）。",
    )
    recent_days = forms.IntegerField(
        label="近几天检查过的不抽", min_value=1, max_value=3660, required=False, help_text="不填则不排除。"
    )
    cap = forms.IntegerField(
        label="本年度已检查几次的不抽", min_value=1, max_value=99, required=False, help_text="不填则不排除。"
    )
    leaves_out_in_hand = forms.BooleanField(label="另有检查任务在办的不抽", required=False)
    leaves_out_campaign = forms.BooleanField(
        label="同一集中联合抽查中其他部门已抽中的不抽",
        required=False,
        help_text="只看较早的批次。同一批次的任务共用票号，抽中同一户的合并上门，不互相排除。",
    )
    matching = forms.ChoiceField(
        label="匹配方式",
        choices=Matching.choices,
        help_text=format_html(
            '<ul class="ps-3 mb-0">{}</ul>',
            format_html_join(
                "", "<li><strong>{}</strong>：{}</li>", ((mode.label, words) for mode, words in MEANING.items())
            ),
        ),
    )
    with_lower = forms.BooleanField(label="下级单位人员参加", required=False)
    per_person = forms.IntegerField(label="每人全年最多户次", min_value=1, max_value=999)
    reserve_percent = forms.IntegerField(label="备选比例（占应抽数，%）", min_value=0, max_value=100)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = {chain.hash: chain_name(chain) for chain in private_chains().values()}
        public = {chain.hash: chain_name(chain) for chain in PUBLIC_CHAINS.values()}
        self.fields["chain"].choices = [*public.items(), *own.items()]  # type: ignore[attr-defined]

    def in_sections(self) -> Iterator[tuple[str, list[Any]]]:
        """Title and fields of each section, for the page."""
        for title, names in self.sections:
            yield title, [self[name] for name in names if name in self.fields]

    def clean(self) -> dict[str, Any]:
        """What one field needs of another."""
        given = super().clean() or {}
        needed = {Profile.LOTTERY: ("game", "issue"), Profile.DIGITS: ("n_digits",)}
        for name in needed.get(given.get("profile", Profile.PUBLIC), ()):
            if not given.get(name):
                self.add_error(name, "选择了这种来源，须填写本项。")
        if given.get("is_sealed", False) and not given.get("disclosed_at"):
            self.add_error("disclosed_at", "名单密封时，须写明什么时候开放回执。")
        is_public = given.get("chain") in PUBLIC_CHAINS
        if given.get("profile") == Profile.PUBLIC and not is_public:
            self.add_error("chain", "这是自建网络。请选择公共网络，或把“最后的来源”改为自建信标。")
        if given.get("profile") == Profile.PRIVATE and is_public:
            self.add_error("chain", "这是公共网络。请选择自建网络，或把“最后的来源”改为公共随机信标。")
        return given

    def content(self) -> dict[str, Any]:
        """The clean values as the operations take them."""
        given = self.cleaned_data
        same = ("name", "mode", "profile", "closes_at", "beacon_at", "disclosed_at", "is_sealed", "matching", "video")
        settings = Settings(**{name: given[name] for name in Settings.__dataclass_fields__})
        return {
            **{name: given[name] for name in same},
            "is_match_sealed": given["is_match_sealed"] and given["matching"] != Matching.NONE,
            "lead_s": given["lead_minutes"] * 60,
            "sources": [{"n": given["n_dice"], "type": "digits"}] if given["n_dice"] else [],
            "last": _last(given),
            "settings": to_store(settings),
        }


def _last(given: dict[str, Any]) -> Document:
    match given["profile"]:
        case Profile.LOTTERY:
            groups = GAMES[given["game"]][1]
            return {"game": given["game"], "groups": groups, "issue": given["issue"], "type": "lottery"}
        case Profile.DIGITS:
            return {"n": given["n_digits"], "type": "digits"}
    chain = {**PUBLIC_CHAINS, **private_chains()}[given["chain"]]
    return source_of(chain, given["beacon_at"])


def fresh_initial(task: Task, now: datetime, *, earliest: datetime | None = None) -> dict[str, Any]:
    """What stands in the form of a new batch: a draw two hours from now, receipts a month after the task ends.

    earliest: before when the beacon may not be, if that is a question
    """
    beacon_at = max(now + timedelta(hours=2), (earliest or now) + timedelta(hours=1))  # an hour may be cut off below
    beacon_at = beacon_at.replace(minute=0, second=0, microsecond=0)
    own = private_chains()  # whoever set one up means to use it
    return {
        "name": task.name,
        "mode": Mode.OFFICIAL,
        "is_sealed": True,
        "is_match_sealed": True,
        "disclosed_at": timezone.make_aware(datetime.combine(task.ends_on + timedelta(days=30), datetime.min.time())),
        "profile": Profile.PRIVATE if own else Profile.PUBLIC,
        "chain": next(iter(own), QUICKNET.hash),
        "closes_at": beacon_at - timedelta(minutes=30),
        "beacon_at": beacon_at,
        "lead_minutes": LEAST_MINUTES,
        "matching": Matching.GLOBAL,
        **to_store(Settings()),
    }


def batch_initial(batch: Batch) -> dict[str, Any]:
    """What stands in the form of a batch."""
    same = ("name", "mode", "profile", "closes_at", "beacon_at", "disclosed_at", "is_sealed", "is_match_sealed")
    last = batch.last
    dice = next((source["n"] for source in batch.sources if source["type"] == "digits"), None)
    return {
        **{name: getattr(batch, name) for name in (*same, "matching", "video")},
        **to_store(settings_of(batch.settings)),
        "chain": last.get("chain", QUICKNET.hash),
        "game": last.get("game", ""),
        "issue": last.get("issue", ""),
        "n_digits": last.get("n"),
        "n_dice": dice,
        "lead_minutes": batch.lead_s // 60,
    }


class JoinForm(forms.Form):
    """A task that joins a batch."""

    task = forms.ModelChoiceField(
        Task.objects.none(), label="任务", widget=SEARCHED, help_text="只列出已“设置完成”、还没有进入其他批次的任务。"
    )

    def __init__(self, data: Any, *, by: User, batch: Batch) -> None:
        super().__init__(data)
        offer(self, "task", to_add(by, batch))
        old = [f"{task.number}（到 {task.ends_on:%Y-%m-%d}）" for task in too_old(by, batch)[:5]]
        if old:
            told = f"检查时间在信标时间以前结束的不能加入：{'、'.join(old)}。须先在任务页“退回设置”改检查时间。"
            self.fields["task"].help_text = format_html("{}{}", self.fields["task"].help_text, told)


class PartiesForm(forms.Form):
    """Who gives a secret number."""

    departments = DepartmentsChoice(
        label="种子参与方",
        required=False,
        help_text="每个参与方各出一个秘密数，承诺后公开、截止前揭示；只要有一方诚实，就没有人能事先知道种子。",
    )

    def __init__(self, data: Any, *, batch: Batch) -> None:
        chosen = [one.department_id for one in batch.contributions.all()]
        super().__init__(data, initial={"departments": chosen})
        offer(self, "departments", Department.objects.filter(is_active=True, is_internal_unit=False))


class PromiseForm(forms.Form):
    """What a party's page has computed from its secret, which stays with it."""

    commitment = forms.RegexField(
        r"^[0-9a-f]{64}$",
        label="承诺值",
        strip=True,
        error_messages={"invalid": "承诺值应为 64 位十六进制数（0-9、a-f），请点“生成”，不要手工填写。"},
        help_text="点“生成”，把秘密数保存好（揭示时要用），这里只提交承诺值。",
    )


class RevealForm(forms.Form):
    """The secret itself."""

    secret = forms.RegexField(
        r"^[0-9a-f]{64}$",
        label="秘密数",
        strip=True,
        help_text="提交承诺时保存的 64 位十六进制数。",
        error_messages={"invalid": "秘密数应为 64 位十六进制数（0-9、a-f），请从保存的地方完整复制。"},
    )


class WithdrawForm(forms.Form):
    """Why a draw is given up: from the list that was committed to, and in words for those inside."""

    reason = forms.ChoiceField(label="理由", help_text="从承诺时公布的理由中选择，写入公开日志。")
    note = forms.CharField(
        label="说明",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="错在哪里、怎样发现的；平台内部可见，不公示。",
    )

    def __init__(self, data: Any, *, reasons: dict[str, str]) -> None:
        super().__init__(data)
        self.fields["reason"].choices = [CHOOSE, *reasons.items()]  # type: ignore[attr-defined]


class VerdictForm(forms.Form):
    """What an auditor found, and in which bundle."""

    bundle = forms.RegexField(
        r"^[0-9a-f]{64}$",
        label="看过的审计包的摘要",
        strip=True,
        help_text="写在审计包的 README.zh.txt 里；也可以解开其中的 bundle.zip，运行 sha256sum manifest.json 得到。"
        "公开日志增加记录后再下载，摘要会变，请填您实际看过的那一份。",
        error_messages={"invalid": "应为 64 位小写十六进制数。请从审计包的 README.zh.txt 重新复制。"},
    )
    verdict = forms.CharField(
        label="复核结论",
        max_length=LONGEST_VERDICT,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="核了什么、结果如何，例如“按密钥重算对象和人员，与公布的一致；对照名录没有多户、少户”。",
    )


class ReadingForm(forms.Form):
    """What dice or a lottery showed."""

    value = forms.CharField(label="读数", max_length=300, strip=True)

    def __init__(self, data: Any, *, wanted: str) -> None:
        super().__init__(data)
        self.fields["value"].help_text = f"应为{wanted}。每次录入都写入公开日志；录入后由另一人对照现场核对。"


class BeaconForm(forms.Form):
    """A beacon file, or none: it is fetched then."""

    file = forms.FileField(
        label="信标文件",
        required=False,
        help_text="不选文件则从配置的中继获取。文件由谁带来都可以：核对的是签名。",
    )

    def clean_file(self) -> bytes | None:
        """The bytes of a small file."""
        file: UploadedFile | None = self.cleaned_data["file"]
        if file is None:
            return None
        if (file.size or 0) > LARGEST:
            raise forms.ValidationError("文件太大，不像信标文件。请选择中继给出的 JSON 文件。")
        return bytes(file.read())


class WitnessForm(forms.Form):
    """Somebody is asked to be there."""

    user = forms.ModelChoiceField(User.objects.none(), label="人员", widget=SEARCHED)
    role = forms.ChoiceField(label="身份", choices=Attendance.Role.choices)

    def __init__(self, data: Any, *, people: QuerySet[User]) -> None:
        super().__init__(data)
        offer(self, "user", people)


class RemarkForm(forms.Form):
    """What a witness has to say."""

    remark = forms.CharField(
        label="意见",
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="没有异议可以不填。",
    )


class ScopeForm(forms.Form):
    """Of which draws statistics are told."""

    year = forms.IntegerField(label="年度", min_value=2000, max_value=2100, required=False)
    department = forms.ModelChoiceField(Department.objects.none(), label="部门", required=False, widget=SEARCHED)
    region = forms.ModelChoiceField(Region.objects.none(), label="区划", required=False, widget=SEARCHED)

    def __init__(self, data: Any, *, by: User) -> None:
        super().__init__(data)
        own = visible_tasks(by).order_by().values("department")
        offer(self, "department", Department.objects.filter(pk__in=own), empty="不限")
        places = Region.objects.filter(valid_to=None).exclude(level=Region.Level.TOWN)
        offer(self, "region", places, empty="不限")


class WatchForm(forms.Form):
    """A group is named: by what its subjects have in common, or one by one."""

    department = DepartmentChoice(label="设立部门")
    name = forms.CharField(label="名称", max_length=60)
    kind = forms.ChoiceField(label="共同点", choices=[CHOOSE, *WatchGroup.Kind.choices])
    words = forms.CharField(
        label="姓名或地址",
        max_length=100,
        required=False,
        help_text="共同点是法定代表人的填完整姓名，是地址的填地址中的一段（如楼宇名）；其他情况不填。",
    )
    numbers = forms.CharField(
        label="名单",
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text="统一社会信用代码或编号，一行一个；可以和上一项合用。",
    )
    reason = forms.CharField(
        label="关注理由", max_length=500, help_text="为什么要看这一组。设立后对象不能增减，要换就另设一组。"
    )

    def __init__(self, data: Any, *, by: User) -> None:
        super().__init__(data)
        self.by = by
        offer(
            self, "department", departments_within(by, Duty.COORDINATE).filter(is_active=True, is_internal_unit=False)
        )

    def clean(self) -> dict[str, Any]:
        """Look for the subjects, among those that the office sees."""
        asked: dict[str, Any] = super().clean() or {}
        words, kind = asked.get("words", ""), asked.get("kind", "")
        numbers = list(dict.fromkeys(asked.get("numbers", "").split()))
        seen = visible_subjects(self.by)
        found = {one.number: one for one in seen.filter(number__in=numbers)}
        if unknown := [number for number in numbers if number not in found]:
            self.add_error("numbers", f"名录里找不到：{'、'.join(unknown[:5])}{'等' if len(unknown) > 5 else ''}。")
        by_words = {"person": "legal_representative", "address": "address__icontains"}.get(kind)
        if words and by_words:
            found |= {one.number: one for one in seen.filter(**{by_words: words})[: MOST_WATCHED + 1]}
        return {**asked, "subjects": list(found.values())}
