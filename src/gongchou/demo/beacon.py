"""A beacon for practice: a network of one, drand-compatible, whose signer runs on this machine and speaks to no other.

    python -m gongchou.demo.beacon FOLDER --port 8999

It signs a round when its time has come and never before. FOLDER holds its secret and, as ``chain.json``, what everybody
may know of it. What one machine signs proves nothing to anybody else: draws from it are of strength P.
"""

from __future__ import annotations

import json
import secrets
import sys
import time
from argparse import ArgumentParser
from dataclasses import asdict
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from gongchou.draw import bls
from gongchou.draw.beacon import Beacon, Chain

PERIOD_S = 3
HOST = "127.0.0.1"
SECRET, CHAIN = "beacon.secret", "chain.json"
_SORT_FLAG, _COMPRESSED = 0x20, 0x80


class Signer:
    """Who signs the rounds of one practice network. secret: an integer below the order of the curve."""

    def __init__(self, secret: int, *, genesis_time: int, beacon_id: str = "practice") -> None:
        self._secret = secret
        key = bls.multiply(secret, bls.GENERATOR_G2)
        assert key is not None  # noqa: S101 -- the secret is below the order
        self.chain = Chain(
            public_key=_compressed(key, parts=2).hex(),
            period=PERIOD_S,
            genesis_time=genesis_time,
            group_hash=f"{1:064x}",
            scheme="bls-unchained-g1-rfc9380",
            beacon_id=beacon_id,
        )

    def sign(self, number: int) -> Beacon:
        """The signed round, due or not: who serves it asks the clock."""
        hashed = bls.hash_to_curve(bls.G1, bls.drand_message(number, None), bls.DST_G1)
        point = bls.multiply(self._secret, hashed)
        assert point is not None  # noqa: S101 -- as above
        return Beacon(self.chain, number, _compressed(point, parts=1).hex(), None)


def _compressed(point: bls.Point, *, parts: int) -> bytes:
    """The compressed form (ZCash): the x coordinate, and in its three first bits which of two points it is."""
    x, y = point
    numbers = [x.a] if parts == 1 else [x.b, x.a]
    data = bytearray(b"".join(number.to_bytes(bls.FIELD_BYTES, "big") for number in numbers))
    data[0] |= _COMPRESSED | (_SORT_FLAG if y.is_larger() else 0)
    return bytes(data)


def open_signer(folder: Path) -> Signer:
    """The signer whose secret lies in a folder; made there the first time."""
    path = folder / SECRET
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(f"{secrets.randbelow(bls.ORDER - 1) + 1:064x} {int(time.time()) - 86_400}\n", encoding="ascii")
    secret, genesis = path.read_text(encoding="ascii").split()
    signer = Signer(int(secret, 16), genesis_time=int(genesis))
    (folder / CHAIN).write_text(json.dumps(asdict(signer.chain)), encoding="utf-8")
    return signer


def serve(signer: Signer, port: int) -> ThreadingHTTPServer:
    """A relay for it: /HASH/public/ROUND, as drand's relays answer. Port 0 takes any that is free."""

    class Relay(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = self.path.strip("/").split("/")
            is_ours = len(parts) == 3 and parts[:2] == [signer.chain.hash, "public"] and parts[2].isdigit()
            number = int(parts[2]) if is_ours else 0
            if not number or signer.chain.time_of(number) > time.time():
                self.send_error(404 if not number else 425)
                return
            beacon = signer.sign(number)
            data = json.dumps({"round": number, "signature": beacon.signature}).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, format: str, *args: object) -> None:
            return

    return ThreadingHTTPServer((HOST, port), Relay)


def main(words: list[str]) -> int:
    """Serve until stopped."""
    parser = ArgumentParser(description="演练用的随机信标，只在本机 · a practice beacon on this machine only")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--only-make", action="store_true", help="只生成密钥 · make the key and stop")
    arguments = parser.parse_args(words)
    signer = open_signer(arguments.folder)
    if not arguments.only_make:
        serve(signer, arguments.port).serve_forever()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
