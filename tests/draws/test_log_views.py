"""What a witness or an auditor's program fetches of the public log, without an account."""

from __future__ import annotations

import pytest
from django.urls import reverse

from gongchou.audit.apps import keys_folder
from gongchou.audit.models import Line
from gongchou.audit.transport import Web
from gongchou.audit.witness import Witness, main
from gongchou.draw import log
from gongchou.draw.merkle import is_consistent
from gongchou.draws import keys
from gongchou.draws.models import LogCosignature
from gongchou.refusal import Refused
from tests.factories import draw_log
from tests.factories.draw_log import LOG_NAME, checkpoint_after, cosign, touch, write_entries

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def page(client, name, *args):
    return client.get(reverse(f"draws:log-{name}", args=args))


def test_the_latest_checkpoint_comes_with_its_cosignatures(client, signed_log):
    latest, first = (log.read_checkpoint(page(client, *asked).content, "") for asked in (["checkpoint"], WITH_SIZE))

    assert (latest.origin, latest.size, len(latest.cosigned_times(keys.witnesses()))) == (LOG_NAME, 7, 0)
    assert (first.size, len(first.cosigned_times(keys.witnesses()))) == (3, 2)


WITH_SIZE = ["checkpoint-at", 3]


def test_one_checkpoint_is_proven_to_continue_another(client, signed_log):
    first, second = (log.read_checkpoint(page(client, "checkpoint-at", size).content, "") for size in (3, 7))

    proof = log.read_consistency(page(client, "consistency", 3, 7).content, "")[3, 7]

    assert is_consistent(3, 7, proof, first.root, second.root)
    assert page(client, "consistency", 7, 7).content == b"7\t7\t-\n"


def test_an_entry_and_its_proof_are_checked_with_the_key_alone(client, signed_log, tmp_path, capsys):
    for name in ("entry", "proof"):
        (tmp_path / name).write_bytes(page(client, name, 4).content)
    (tmp_path / "draws.vkey").write_bytes(page(client, "key").content)
    words = ["check", str(tmp_path / "entry"), str(tmp_path / "proof"), "--log", str(tmp_path / "draws.vkey")]

    assert main(words) == 0
    assert capsys.readouterr().out == f"核验通过：第4行在5行的检查点内（{LOG_NAME}）。\n"

    whole = (tmp_path / "entry").read_bytes()
    (tmp_path / "entry").write_bytes(whole.replace(b'"n":4', b'"n":5'))
    assert main(words) == 1


def test_the_proof_is_in_the_first_checkpoint_that_enough_witnesses_saw(client, signed_log):
    def size_of(index: int) -> int:
        return log.read_proof(page(client, "proof", index).content, "").checkpoint.size

    assert [size_of(index) for index in (0, 3, 6)] == [3, 5, 7]
    cosign(checkpoint_after(1, []), signed_log[0])
    cosign(checkpoint_after(0, []), signed_log[1])
    assert [size_of(index) for index in (0, 3, 6)] == [3, 9, 9]


@pytest.mark.parametrize(
    ("name", "args", "said"),
    [
        ("checkpoint-at", [4], "没有与之相符的检查点（行数4）。"),
        ("consistency", [7, 3], "地址中的行数次序颠倒：应先小后大，请改为 3/7。"),
        ("consistency", [3, 4], "日志没有在4行处签过检查点，无法出具延续证明。请从检查点列表中选用已签名的行数。"),
        ("entry", [8], "公开日志没有第8条。"),
        ("proof", [7], "第7条还没有被检查点覆盖，请稍后再取。"),
    ],
)
def test_what_is_not_there_is_said_in_a_line(client, signed_log, name, args, said):
    answer = page(client, name, *args)

    assert (answer.status_code, answer.content.decode()) == (404, f"{said}\n")


def test_before_anything_is_made_there_is_nothing(client, db):
    assert [page(client, name).status_code for name in ("checkpoint", "key", "witnesses")] == [404, 404, 404]


def test_the_keys_are_those_of_the_folder(client, signed_log):
    folder = keys_folder()

    assert page(client, "key").content == (folder / "draws.vkey").read_bytes()
    assert page(client, "witnesses").content == (folder / "draws-witnesses.vkey").read_bytes()


@pytest.mark.parametrize(
    ("sent", "status"), [(b"hello", 400), (b"\xff", 400), (b"", 400), (b"x" * ((1 << 20) + 1), 413)]
)
def test_what_is_no_cosignature_is_not_taken(client, signed_log, sent, status):
    before = LogCosignature.objects.count()

    answer = client.post(reverse("draws:log-cosignature"), sent, content_type="text/plain")

    assert (answer.status_code, LogCosignature.objects.count()) == (status, before)


@pytest.mark.django_db(transaction=True)
def test_the_witness_of_the_platform_s_log_watches_this_one_too(live_server, signed_log, tmp_path):
    store = tmp_path / "store"
    assert main(["init", str(store), "--name", "witness-9.example", "--log", str(keys_folder() / "draws.vkey")]) == 0
    with (keys_folder() / keys.WITNESSES).open("a") as known:
        known.write((store / "witness.vkey").read_text())
    place = Web(f"{live_server.url}/draws/log")

    Witness(store).cosign(place, at=1_800_000_000)
    lines = Line.objects.count()
    Witness(store).cosign(place, at=1_800_000_030)  # nothing has come
    assert Line.objects.count() == lines
    checkpoint_after(1, [])
    Witness(store).cosign(place, at=1_800_000_060)

    signed = LogCosignature.objects.filter(witness="witness-9.example").order_by("index")
    assert [(row.checkpoint_id, int(row.at.timestamp())) for row in signed] == [
        (7, 1_800_000_000),
        (9, 1_800_000_060),
    ]


@pytest.mark.django_db(transaction=True)
def test_the_witness_raises_the_alarm_at_a_history_made_anew_with_the_log_s_own_key(live_server, signed_log, tmp_path):
    store = tmp_path / "store"
    main(["init", str(store), "--name", "witness-1.example", "--log", str(keys_folder() / "draws.vkey")])
    (keys_folder() / keys.WITNESSES).write_text((store / "witness.vkey").read_text())
    place = Web(f"{live_server.url}/draws/log")
    Witness(store).cosign(place, at=1_800_000_000)

    for table in ("cosignature", "checkpoint", "entry", "head"):
        touch(f"DELETE FROM draws_log{table}")
    draw_log.remembered().unlink()
    write_entries(7, says=100)
    checkpoint_after(0, [])

    with pytest.raises(Refused, match="alarm_fork"):
        Witness(store).cosign(place, at=1_800_000_060)
