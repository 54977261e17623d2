"""What an auditor takes along: the whole bundle, the real ids behind its pseudonyms, the key that opens them."""

from __future__ import annotations

import io
import zipfile
from typing import NamedTuple

from gongchou.draw.bundle import write_zip
from gongchou.draw.table import read_all
from gongchou.draws import keys
from gongchou.draws.bundles import bundle_of, digest_in
from gongchou.draws.models import Batch
from gongchou.draws.queries.batches import AUDITOR, files_of
from gongchou.draws.queries.receipts import REAL_IDS

README = """\
抽取批次 {code} 审计包。内含真实编号和密封密钥，只供审计员使用，用完删除。

在任何装有 Python 3.11 的电脑上核验（L2，含人员匹配）：

  python -m gongchou.draw verify bundle.zip{seal}{test}

本包的摘要（manifest.json 的 SHA-256），写复核结论时填写：

  {digest}

以 --trust 另行指定可信钥匙清单后，结果才能证明是谁签的。
"""


class Parcel(NamedTuple):
    """data: a zip; digest: by which a verdict names it (``bundles.digest_of``)"""

    data: bytes
    digest: str


def parcel_of(batch: Batch) -> Parcel:
    """All of it. Raises Refused ``draws.seal_missing``, ``draws.file_missing``, and as ``bundle_of``."""
    data, files = io.BytesIO(), bundle_of(batch, for_auditors=True)
    digest = digest_in(files)
    with zipfile.ZipFile(data, "w", zipfile.ZIP_STORED) as parcel:
        parcel.writestr("bundle.zip", b"".join(write_zip(files)))
        parcel.writestr("README.zh.txt", _words(batch, digest))
        if batch.key_commitment:
            parcel.writestr("seal.key", keys.seal_of(batch.code).hex() + "\n")
        for path, blob in sorted(files_of(batch).items()):
            if path.startswith(AUDITOR) and path != f"{AUDITOR}{REAL_IDS}":
                parcel.writestr(path.removeprefix(AUDITOR).replace("/", "-"), read_all(blob))
        parcel.writestr(REAL_IDS, _real_ids(batch))
    return Parcel(data.getvalue(), digest)


def _real_ids(batch: Batch) -> bytes:
    """Of all draws of the batch together, each once."""
    paths = [path for path in files_of(batch) if path.startswith(AUDITOR) and path.endswith(REAL_IDS)]
    lines = {line for path in paths for line in read_all(files_of(batch)[path]).splitlines(keepends=True)}
    return b"".join(sorted(lines))


def _words(batch: Batch, digest: str) -> str:
    seal = " --seal seal.key --real-ids real-ids.tsv" if batch.is_sealed else ""
    return README.format(code=batch.code, seal=seal, test=" --allow-test" if batch.is_test else "", digest=digest)
