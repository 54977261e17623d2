"""Whatever comes in place of the beacon: a sentence that says what to do, and a batch that stands where it stood."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.conf import settings as platform
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from gongchou.accounts.models import Message
from gongchou.audit.models import Line
from gongchou.demo.beacon import Signer, serve
from gongchou.draw.beacon import Beacon
from gongchou.draw.encoding import dump_json
from gongchou.draws import beacons, tasks
from gongchou.draws.models import Batch, Work
from gongchou.draws.operations import committing
from gongchou.refusal import Refused, sentence
from tests.draws.invariants import faults
from tests.draws.test_withdrawing import told
from tests.factories import draws as factory
from tests.factories.lists import keeper_of
from tests.factories.log import make_log_keys
from tests.factories.people import NOW, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.database]
OTHER = Signer(20260303, genesis_time=int(NOW.timestamp()) - 86_400, beacon_id="other")


def make_once() -> Batch:
    make_log_keys(platform.HOME / "keys")
    return factory.closed(factory.make_batch())


@pytest.fixture
def batch(kept: Batch) -> Batch:
    return kept


def right(batch: Batch) -> Beacon:
    return factory.signer().sign(batch.last["round"])


def forged(batch: Batch) -> Beacon:
    """The signature of another round under the number of this one."""
    return replace(right(batch), signature=factory.signer().sign(batch.last["round"] + 1).signature)


def bytes_of(beacon: Beacon) -> bytes:
    return dump_json(beacon.document())


def seeded(batch: Batch, beacon: Beacon | None, after: timedelta = timedelta(0)) -> Batch:
    return committing.seed(batch=batch, beacon=beacon, by=keeper_of(batch.department), at=batch.beacon_at + after)


# Through operations ---------------------------------------------------------------------------------

WRONG = {
    "another chain": (lambda batch: OTHER.sign(batch.last["round"]), "draws.beacon_chain"),
    "the round before": (lambda batch: factory.signer().sign(batch.last["round"] - 1), "draws.beacon_round"),
    "the round behind": (lambda batch: factory.signer().sign(batch.last["round"] + 1), "draws.beacon_round"),
    "another round's signature": (forged, "draws.beacon_forged"),
    "no signature": (lambda batch: replace(right(batch), signature="00" * 48), "draws.beacon_forged"),
    "nothing": (lambda batch: None, "draws.beacon_needed"),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_is_not_the_promised_round_is_refused_and_the_right_one_is_taken_after_it(batch, case):
    make, code = WRONG[case]

    with pytest.raises(Refused) as refused:
        seeded(batch, make(batch))

    batch.refresh_from_db()
    assert (refused.value.code, batch.state, batch.seed) == (code, "closed", "")
    assert sentence(refused.value).endswith("。")
    assert sentence(refused.value).count("的签名不成立") <= 1
    assert faults() == []
    assert seeded(batch, right(batch)).state == "seeded"


def test_a_beacon_from_before_its_time_is_refused_until_then(batch):
    with pytest.raises(Refused, match=r"draws\.beacon_early"):
        seeded(batch, right(batch), timedelta(seconds=-1))

    assert seeded(batch, right(batch)).state == "seeded"


def test_a_beacon_that_comes_late_gives_the_same_seed(batch):
    late = seeded(batch, right(batch), timedelta(days=40))

    text = committing.seed_text(
        committing.read(batch, "close.txt").decode(), committing.sources_of(batch), right(batch).signature
    )
    assert (late.state, late.seed) == ("seeded", committing.seed_of(text))


def test_a_second_beacon_is_refused_and_the_seed_stays(batch):
    seed = seeded(batch, right(batch)).seed

    with pytest.raises(Refused, match=r"draws\.seeded_already"):
        seeded(batch, right(batch))

    batch.refresh_from_db()
    assert batch.seed == seed


# Through pages --------------------------------------------------------------------------------------

FILES = {
    "another chain": (lambda batch: bytes_of(OTHER.sign(batch.last["round"])), "来自另一个网络"),
    "another round": (lambda batch: bytes_of(factory.signer().sign(1)), "信标轮次不符"),
    "forged": (lambda batch: bytes_of(forged(batch)), "签名不成立"),
    "forged by a relay": (
        lambda batch: json.dumps({"round": batch.last["round"], "signature": forged(batch).signature}).encode(),
        "签名不成立",
    ),
    "a web page": (lambda batch: b"<html>503</html>", "信标文件无法读取"),
    "another file": (lambda batch: b"[1, 2]", "信标文件无法读取"),
    "no numbers": (lambda batch: b'{"round": "x", "signature": 7}', "信标文件无法读取"),
    "half a file": (lambda batch: bytes_of(right(batch))[:-9], "信标文件无法读取"),
    "not text": (lambda batch: b"\xff\xfe\x00", "信标文件无法读取"),
    "very deep": (lambda batch: b"[" * 60_000, "信标文件无法读取"),
}


@pytest.mark.parametrize("case", FILES)
def test_a_wrong_file_stays_on_the_page_with_a_sentence_and_the_right_one_goes_on(client, batch, case):
    make, words = FILES[case]
    signed_in(client, keeper_of(batch.department))
    address = reverse("draws:seed", args=[batch.pk])

    answer = client.post(address, {"file": SimpleUploadedFile("b.json", make(batch))})
    batch.refresh_from_db()
    assert (answer.status_code, batch.state) == (422, "closed")
    assert words in answer.content.decode()

    answer = client.post(address, {"file": SimpleUploadedFile("b.json", bytes_of(right(batch)))})
    batch.refresh_from_db()
    assert (answer.status_code, answer.headers["Location"], batch.state) == (303, batch.get_absolute_url(), "seeded")


# From relays ----------------------------------------------------------------------------------------


@contextmanager
def serving(server: ThreadingHTTPServer) -> Iterator[str]:
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def bad_relay(answer) -> ThreadingHTTPServer:
    """A relay on this machine that answers as it likes."""

    class Relay(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            answer(self)

        def log_message(self, format: str, *args: object) -> None:
            return

    return ThreadingHTTPServer(("127.0.0.1", 0), Relay)


def body(data: bytes):
    def answer(request: BaseHTTPRequestHandler) -> None:
        request.send_response(200)
        request.end_headers()
        request.wfile.write(data)

    return answer


def silent(request: BaseHTTPRequestHandler) -> None:
    time.sleep(1.5)


def drop_by_drop(request: BaseHTTPRequestHandler) -> None:
    """Never too long for one piece, much too long for all."""
    request.send_response(200)
    request.end_headers()
    for _ in range(30):
        try:
            request.wfile.write(b" ")
        except OSError:
            return
        time.sleep(0.1)


RELAYS = {
    "no such round": (lambda request: request.send_error(404), "HTTP 404"),
    "not yet": (lambda request: request.send_error(425), "HTTP 425"),
    "broken": (lambda request: request.send_error(500), "HTTP 500"),
    "garbage": (body(b"\x00\xffnothing"), "信标文件无法读取"),
    "empty": (body(b""), "信标文件无法读取"),
    "endless": (body(b"[" * (1 << 18)), "信标文件无法读取"),
    "no HTTP": (lambda request: request.wfile.write(b"hello\r\n\r\n"), "不成样子"),
    "hangs up": (lambda request: request.connection.shutdown(socket.SHUT_RDWR), "连接不上"),
    "silent": (silent, "没有答完"),
    "drop by drop": (drop_by_drop, "没有答完"),
}


@pytest.mark.parametrize("case", RELAYS)
def test_a_relay_that_fails_is_told_in_a_sentence_in_bounded_time_and_the_next_one_is_asked(
    batch, settings, monkeypatch, case
):
    answer, words = RELAYS[case]
    monkeypatch.setattr(beacons, "WAIT_S", 1)
    source = committing.last_of(batch)
    with serving(bad_relay(answer)) as bad, serving(serve(factory.signer(), 0)) as good:
        settings.BEACON_RELAYS = [bad]
        began = time.monotonic()
        with pytest.raises(Refused) as refused:
            beacons.fetch(source)
        taken = time.monotonic() - began

        settings.BEACON_RELAYS = [bad, good]
        found = beacons.fetch(source)

    assert refused.value.code == "draws.beacon_unreachable"
    assert words in sentence(refused.value)
    assert taken < 3
    assert seeded(batch, found).state == "seeded"


def test_a_relay_that_lies_is_told_so(batch, settings):
    data = json.dumps({"round": batch.last["round"], "signature": forged(batch).signature}).encode()
    with serving(bad_relay(body(data))) as bad:
        settings.BEACON_RELAYS = [bad]
        with pytest.raises(Refused) as refused:
            beacons.fetch(committing.last_of(batch))

    assert "签名不成立" in sentence(refused.value)


@pytest.mark.parametrize(
    ("relays", "words"),
    [
        ([], "没有配置信标中继地址"),
        (["http://127.0.0.1:9"], "连接不上中继"),
        (["ftp://127.0.0.1"], "中继地址不对"),
        (["nonsense"], "中继地址不对"),
    ],
)
def test_without_a_relay_the_page_says_how_else_the_beacon_comes(client, batch, settings, relays, words):
    settings.BEACON_RELAYS = relays
    signed_in(client, keeper_of(batch.department))

    answer = client.post(reverse("draws:seed", args=[batch.pk]), {"seen": ""})

    batch.refresh_from_db()
    assert (answer.status_code, batch.state) == (422, "closed")
    assert words in answer.content.decode()
    assert "下载信标文件后导入" in answer.content.decode()


def test_a_page_fetches_the_beacon_itself(client, batch, settings):
    signed_in(client, keeper_of(batch.department))
    with serving(serve(factory.signer(), 0)) as relay:
        settings.BEACON_RELAYS = [relay]
        answer = client.post(reverse("draws:seed", args=[batch.pk]), {"seen": ""})

    batch.refresh_from_db()
    assert (answer.status_code, batch.state) == (303, "seeded")


# Without anybody -------------------------------------------------------------------------------------


def test_the_clock_fetches_what_is_due_and_has_the_draw_run(batch, settings):
    early = batch.beacon_at - timedelta(seconds=1)
    with serving(serve(factory.signer(), 0)) as relay:
        settings.BEACON_RELAYS = [relay]
        assert tasks.seed_due(early) == (0, [])
        assert tasks.seed_due(batch.beacon_at) == (1, [])
        assert tasks.seed_due(batch.beacon_at) == (0, [])

    tasks.do_work.call(Work.objects.get().pk)
    batch.refresh_from_db()
    assert (batch.state, batch.seeded_by) == ("drawn", None)
    assert Line.objects.get(verb="batch.seeded").by_name == "到时自动办理"
    assert "信标到时自动获取，种子确定" in told(keeper_of(batch.department), batch.get_absolute_url())
    assert faults() == []


def test_when_no_relay_has_it_the_people_are_told_once_and_it_is_tried_again(batch, settings):
    late = batch.beacon_at + tasks.PATIENCE
    settings.BEACON_RELAYS = []
    assert tasks.seed_due(late) == (0, [])  # here it is carried in

    settings.BEACON_RELAYS = ["http://127.0.0.1:9"]
    assert "连接不上中继" in tasks.seed_due(batch.beacon_at)[1][0]
    assert not Line.objects.filter(verb="batch.beacon_missed").exists()
    assert [tasks.seed_due(late)[0] for _ in range(2)] == [0, 0]

    assert Line.objects.filter(verb="batch.beacon_missed").count() == 1
    title = f"信标没有自动取到，平台还会再试，也可以导入文件：{batch.code}"
    assert Message.objects.filter(title=title, deliveries__recipient=keeper_of(batch.department)).count() == 1
    with serving(serve(factory.signer(), 0)) as relay:
        settings.BEACON_RELAYS = [relay]
        assert tasks.seed_due(late) == (1, [])


def test_a_beacon_that_was_carried_in_while_a_relay_was_slow_is_not_missed(batch, settings, monkeypatch):
    settings.BEACON_RELAYS = ["http://127.0.0.1:9"]
    fetch = beacons.fetch

    def slow(source):
        seeded(batch, right(batch))
        return fetch(source)

    monkeypatch.setattr(beacons, "fetch", slow)

    n, waiting = tasks.seed_due(batch.beacon_at + tasks.PATIENCE)

    assert (n, len(waiting)) == (0, 1)
    assert not Line.objects.filter(verb="batch.beacon_missed").exists()
    batch.refresh_from_db()
    assert batch.state == "seeded"


def test_a_seed_that_the_clock_left_is_drawn(batch):
    committing.seed(batch=batch, beacon=right(batch), by=committing.CLOCK, at=batch.beacon_at)

    assert tasks.seed_due(batch.beacon_at) == (0, [])
    assert Work.objects.get().asked_by is None
