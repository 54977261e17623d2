"""The keys behind draws: made once, renewed without spoiling what was signed before, missed when they are gone."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from gongchou.audit.apps import keys_folder
from gongchou.audit.keys import make_key
from gongchou.audit.models import Line
from gongchou.audit.transport import Folder
from gongchou.audit.witness import Witness
from gongchou.audit.witness import main as witness_program
from gongchou.draw.bundle import Files
from gongchou.draw.table import Bytes, read_all
from gongchou.draw.verify import Options, Report, parse_trust, verify
from gongchou.draws import keys
from gongchou.draws.bundles import bundle_of
from gongchou.draws.damage import find_damage
from gongchou.draws.models import Batch, LogCheckpoint
from gongchou.draws.queries import log
from gongchou.refusal import Refused
from tests.factories import draw_log
from tests.factories import draws as factory
from tests.factories.draw_log import checkpoint_after

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]

ROLES = ("log", "operator", "registry")


def command(*words: object) -> tuple[int, str, str]:
    out, err, code = StringIO(), StringIO(), 0
    try:
        call_command(*map(str, words), stdout=out, stderr=err)
    except SystemExit as end:
        code = int(end.code or 0)
    return code, out.getvalue(), err.getvalue()


def trust_now() -> dict[str, frozenset[str]]:
    """What an office would publish today: the keys of now, the witnesses, the network and the authority."""
    lines = [f"{role} {keys.public_of(file)}" for role, file in zip(ROLES, keys.ROLES, strict=True)]
    lines += [f"witness {key}" for key in keys.witnesses()]
    lines += [f"drand {factory.signer().chain.hash}", "authority SCJG"]
    return parse_trust("\n".join(lines) + "\n")


def kept(batch: Batch) -> dict[str, Bytes]:
    """The bundle as somebody took it away."""
    return {path: Bytes(read_all(blob)) for path, blob in bundle_of(batch).items()}


def checked(files: Files, trust: dict[str, frozenset[str]]) -> Report:
    return verify(files, Options(trust=trust))


# Renewed --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ROLES)
def test_after_a_key_is_renewed_old_bundles_hold_under_the_old_and_new_ones_under_the_new(home, role):
    batch = factory.drawn(factory.make_batch())
    before, trust_before = kept(batch), trust_now()

    code, told, _ = command("draws_renew_key", role)

    assert (code, told.startswith("已更换。新公钥（可公开）：")) == (0, True)
    assert checked(before, trust_before).failure is None
    after = checked(kept(batch), trust_now() | ({"registry": trust_before["registry"]} if role == "registry" else {}))
    assert after.failure is None
    assert find_damage() is None
    if role != "registry":
        failure = checked(kept(batch), trust_before).failure
        assert failure is not None
        assert failure.code == "key_untrusted"


@pytest.mark.parametrize("role", ROLES)
def test_after_a_key_is_renewed_the_next_draw_is_as_good_as_the_last(home, role):
    factory.drawn(factory.make_batch())
    command("draws_renew_key", role)
    command("draws_renew_key", role)

    later = [day.replace(day=3) for day in (factory.NOW, factory.CLOSES, factory.BEACON)]
    batch = factory.make_batch(
        factory.ready_task(first=100), closes_at=later[1], beacon_at=later[2], disclosed_at=later[2]
    )
    batch = factory.drawn(batch, at=later[0])

    assert checked(kept(batch), trust_now()).failure is None
    assert find_damage() is None


@pytest.mark.parametrize("role", ROLES)
def test_a_key_that_is_lost_for_good_is_renewed_without_it(home, role):
    batch = factory.drawn(factory.make_batch())
    before, trust_before = kept(batch), trust_now()
    (keys_folder() / f"{list(keys.ROLES)[ROLES.index(role)]}.key").unlink()

    assert command("draws_renew_key", role)[0] == 0

    assert checked(before, trust_before).failure is None
    assert verify(kept(batch), Options()).failure is None
    assert find_damage() is None


def test_renewing_leaves_a_line_and_no_old_secret(home):
    keys.make_keys("gongchou.example")
    old = keys.secret_of(keys.LOG)

    command("draws_renew_key", "log")

    line = Line.objects.latest("index")
    assert (line.verb, str(old.public) in line.data) == ("public_log.key_renewed", True)
    assert (keys_folder() / "draws.vkey").read_text().splitlines() == [str(keys.public_of(keys.LOG)), str(old.public)]
    assert [path for path in keys_folder().iterdir() if old.secret.hex() in path.read_text()] == []
    assert (keys_folder() / "draws.key").stat().st_mode & 0o777 == 0o600


def test_a_witness_goes_on_once_it_is_told_the_new_key_and_stops_until_then(home, tmp_path):
    known = draw_log.make_log_keys(home / "others")
    checkpoint_after(2, known)
    store, place = tmp_path / "store", Shown(tmp_path)
    witness_program(["init", str(store), "--name", "w.example", "--log", str(keys_folder() / "draws.vkey")])
    Witness(store).cosign(place.show(), at=1_800_000_000)

    command("draws_renew_key", "log")

    Witness(store).cosign(place.show(), at=1_800_000_030)  # signed by both
    checkpoint_after(1, [])
    with pytest.raises(Refused, match="alarm_signature"):
        Witness(store).cosign(place.show(), at=1_800_000_060)
    (store / "log.vkey").write_text(f"{keys.public_of(keys.LOG)}\n")
    assert Witness(store).cosign(place.show(), at=1_800_000_090).size == 3


class Shown(Folder):
    """The log carried to a witness."""

    def __init__(self, base: Path) -> None:
        super().__init__(base / "shown")

    def show(self) -> Shown:
        self.base.mkdir(exist_ok=True)
        (self.base / "checkpoint").write_bytes(log.checkpoint_note())
        size = LogCheckpoint.objects.order_by("-size").values_list("size", flat=True)
        for first in size:
            path = self.base / "consistency" / str(first) / str(size[0])
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(log.signed_consistency(first, size[0]))
        return self


def test_what_another_key_signed_is_not_signed_again(home):
    draw_log.make_log_keys(home / "others")
    checkpoint_after(2, [])
    command("draws_renew_key", "log")
    (keys_folder() / "draws.vkey").write_text(f"{keys.public_of(keys.LOG)}\n")  # the old one is forgotten

    with pytest.raises(Refused, match="roots_differ"):
        log.checkpoint_note()
    assert find_damage() is not None


# Gone -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("gone", ["draws.key", "draws-registry.key"])
def test_without_a_key_nothing_is_signed_and_it_is_said(home, gone):
    batch = factory.make_batch()
    (keys_folder() / gone).unlink()

    with pytest.raises(Refused, match=r"audit\.key_missing"):
        factory.committed(batch)


def test_without_the_campaign_s_key_its_draw_is_still_drawn_and_its_bundle_holds(home):
    """K only opens pseudonyms; what else opens them lies in the evidence for auditors."""
    batch = factory.seeded(factory.make_batch())
    (keys_folder() / f"seal-{batch.code}.key").unlink()

    batch = factory.results.record_result(
        batch=batch,
        outcome=factory.outcome_of(batch, lambda *_: None),
        by=factory.keeper_of(batch.department),
        at=batch.beacon_at,
    )

    assert checked(kept(batch), trust_now()).failure is None
    assert find_damage() is None
    with pytest.raises(Refused, match="seal_missing"):
        keys.seal_of(batch.code)


# Witnesses ------------------------------------------------------------------------------------------


def test_a_witness_is_named_with_a_line_and_listed(home, tmp_path):
    keys.make_keys("gongchou.example")
    public = make_key(tmp_path, "witness", "witness.example", "cosignature")

    assert command("draws_witness", "list") == (0, "还没有登记见证人。\n", "")
    assert command("draws_witness", "add", tmp_path / "witness.vkey") == (0, f"{public}\n", "")

    assert keys.witnesses() == (public,)
    line = Line.objects.latest("index")
    assert (line.verb, line.about_name, line.by_name) == ("public_log.witness_named", "witness.example", "运维人员")


def test_a_key_is_named_once_and_a_name_has_one_key(home, tmp_path):
    keys.make_keys("gongchou.example")
    make_key(tmp_path, "witness", "witness.example", "cosignature")
    make_key(tmp_path, "other", "witness.example", "cosignature")
    command("draws_witness", "add", tmp_path / "witness.vkey")

    again = command("draws_witness", "add", tmp_path / "witness.vkey")
    other = command("draws_witness", "add", tmp_path / "other.vkey")

    assert again == (1, "", "见证人 witness.example 的公钥已经登记过。\n")
    assert other == (1, "", "已有名为 witness.example 的见证人。换了密钥的见证人请另起名称，原公钥须保留。\n")
    assert len(keys.witnesses()) == 1


def test_a_log_s_key_is_no_witness(home):
    keys.make_keys("gongchou.example")

    code, _, told = command("draws_witness", "add", keys_folder() / "draws.vkey")

    assert (code, "的内容不正确" in told, keys.witnesses()) == (1, True, ())


def test_practice_witnesses_are_made_where_there_is_none_and_marked(home, tmp_path):
    keys.make_keys("gongchou.example")

    code, told, _ = command("draws_witness", "practice")

    assert (code, told.count("演练用：密钥在本机，不能证明给他人")) == (0, 2)
    assert command("draws_witness", "practice") == (1, "", "已经登记了见证人，不再生成演练用的见证人。\n")
