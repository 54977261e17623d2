"""What an auditor takes along: the whole bundle, the real ids behind its pseudonyms, the key that opens them."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Iterator
from heapq import merge
from itertools import chain, groupby, islice
from typing import NamedTuple

from gongchou.draw.bundle import write_zip
from gongchou.draw.table import CHUNK, Blob, line_chunks
from gongchou.draws import keys
from gongchou.draws.bundles import bundle_of, digest_in
from gongchou.draws.contents import OF_PARCEL, explained
from gongchou.draws.models import Batch
from gongchou.draws.proofs import kind_of
from gongchou.draws.queries.batches import AUDITOR, files_of
from gongchou.draws.queries.receipts import REAL_IDS

_LARGE = 1 << 30  # bytes from which an entry takes the large form
_MORE = 300  # bytes that an entry of a zip takes beside its file, at most
_HEAD = 8  # bytes that tell what a proof is
_LINES = 10_000  # of a piece

README = """\
抽取批次 {code} 审计包。内含真实编号和密封密钥，只供审计员使用，用完删除。

在任何装有 Python 3.11 的电脑上核验（L2，含人员匹配）：

  python -m gongchou.draw verify bundle.zip{seal}{test}

本包的摘要（manifest.json 的 SHA-256），写复核结论时填写：

  {digest}

以 --trust 另行指定可信钥匙清单后，结果才能证明是谁签的。

没有 Python 的，解开 bundle.zip，双击其中的 VERIFY.html，把文件夹拖进去；密钥和真实名单在“更多选项”里填。

文件：

{files}
"""


class Parcel(NamedTuple):
    """data: a zip, piece by piece; digest: by which a verdict names its bundle (``bundles.digest_of``)"""

    data: Iterator[bytes]
    digest: str


class Member(NamedTuple):
    """A file of the parcel. size: bytes at most"""

    name: str
    size: int
    pieces: Iterable[bytes]


def parcel_of(batch: Batch) -> Parcel:
    """All of it; a province's is more than a gigabyte, so it is made as it is taken.

    Raises, before the first piece, Refused ``draws.seal_missing``, ``draws.file_missing``, and as ``bundle_of``.
    """
    files, kept = bundle_of(batch, for_auditors=True), files_of(batch)
    digest = digest_in(files)
    of_auditors = {path.removeprefix(AUDITOR): kept[path] for path in sorted(kept) if path.startswith(AUDITOR)}
    real_ids = [blob for path, blob in of_auditors.items() if path.endswith(REAL_IDS)]
    members = [Member("bundle.zip", _size_of(files.values()) + _MORE * len(files), write_zip(files))]
    if batch.key_commitment:
        members.append(_document("seal.key", keys.seal_of(batch.code).hex() + "\n"))
    for path, blob in of_auditors.items():
        if path != REAL_IDS:
            members.append(Member(_name(path, blob), blob.size, _pieces(blob)))
    members.append(Member(REAL_IDS, _size_of(real_ids), _merged(real_ids)))
    members.insert(0, _document("README.zh.txt", _words(batch, digest, [one.name for one in members])))
    return Parcel(_zipped(members), digest)


def _name(path: str, blob: Blob) -> str:
    """Without folders; a proof with the ending by which its machine opens it."""
    name = path.replace("/", "-")
    ending = kind_of(blob.read(0, _HEAD)) if path.startswith("proofs/") else ""
    return f"{name}.{ending}" if ending else name


def _size_of(blobs: Iterable[Blob]) -> int:
    return sum(blob.size for blob in blobs)


def _document(name: str, text: str) -> Member:
    data = text.encode()
    return Member(name, len(data), [data])


def _pieces(blob: Blob) -> Iterator[bytes]:
    for start in range(0, blob.size, CHUNK):
        yield blob.read(start, CHUNK)


def _merged(tables: Iterable[Blob]) -> Iterator[bytes]:
    """The lines of all, each once; every table is sorted, so no more than a piece of each is in memory."""
    lines = merge(*(chain.from_iterable(line_chunks(blob)) for blob in tables))
    found = (line for line, _ in groupby(lines))
    while some := list(islice(found, _LINES)):
        yield b"\n".join(some) + b"\n"


class _Sink:
    """What a zip was told to write and nobody has taken yet; it cannot go back."""

    def __init__(self) -> None:
        self._held: list[bytes] = []

    def write(self, data: bytes) -> int:
        self._held.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        """Nothing is held back."""

    def taken(self) -> bytes:
        found, self._held = b"".join(self._held), []
        return found


def _zipped(members: Iterable[Member]) -> Iterator[bytes]:
    sink = _Sink()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_STORED) as parcel:  # type: ignore[call-overload]
        for member in members:
            with parcel.open(member.name, "w", force_zip64=member.size > _LARGE) as entry:
                for piece in member.pieces:
                    entry.write(piece)
                    yield sink.taken()
    yield sink.taken()


def _words(batch: Batch, digest: str, names: list[str]) -> str:
    seal = " --seal seal.key --real-ids real-ids.tsv" if batch.is_sealed else ""
    files = "\n".join(f"  {name}  {explained(name, OF_PARCEL)}" for name in ["README.zh.txt", *names])
    test = " --allow-test" if batch.is_test else ""
    return README.format(code=batch.code, seal=seal, test=test, digest=digest, files=files)
