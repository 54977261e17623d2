"""Fail when a text file of the tree holds what no other machine should see.

    python tools/check_tree.py

Looks at every file git knows or would add. Prints ``file:line: why`` for each find.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path, PurePosixPath

# One letter of each word stands in brackets: this file is checked as well, and must not find itself.
FORBIDDEN = {
    "names a package registry": re.compile(
        r"py[p]i\.org|python[h]osted\.org|registry\.n[p]mjs|n[p]mmirror|registry\.y[a]rnpkg"
        r"|c[r]ates\.io|proxy\.g[o]lang\.org|m[a]ven\.org|deb\.debi[a]n\.org|archive\.ub[u]ntu\.com",
        re.IGNORECASE,
    ),
    "holds a path of one machine": re.compile(
        r"(?<![\w.])/(?:wor[k]|hom[e]|roo[t]|User[s]|far[m])/\w|\b[A-Z]:\\User[s]\\"
    ),
}
# Files whose exact bytes are the point may end their lines as they like.
BYTES_MATTER = {"fixtures", "vectors"}


def listed_files(root: Path) -> list[str]:
    """Return the paths git tracks, and those it would add, sorted."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(command, cwd=root, check=True, capture_output=True).stdout.decode().split("\0")
    return sorted({name for name in names if name and (root / name).is_file()})


def complaints(name: str, content: bytes) -> list[str]:
    """Return what is wrong with one text file, as ``file:line: why``."""
    may_have_crlf = bool(BYTES_MATTER & set(PurePosixPath(name).parts))
    found = []
    for number, line in enumerate(content.split(b"\n"), start=1):
        text = line.decode("utf-8", errors="replace")
        found += [f"{name}:{number}: {why}" for why, pattern in FORBIDDEN.items() if pattern.search(text)]
        if line.endswith(b"\r") and not may_have_crlf:
            found.append(f"{name}:{number}: ends its line with CRLF")
    return found


def main() -> int:
    """Check the whole tree; return 1 if anything was found."""
    root = Path(__file__).resolve().parent.parent
    n_text = n_binary = 0
    found: list[str] = []
    for name in listed_files(root):
        content = (root / name).read_bytes()
        if b"\0" in content:
            n_binary += 1
            continue
        n_text += 1
        found += complaints(name, content)
    print("\n".join(found), file=sys.stderr, end="\n" if found else "")
    print(
        f"check_tree: {n_text} text files read ({n_binary} binary ones passed over) for registry names, "
        f"machine paths and CRLF: {len(found)} found"
    )
    return 1 if found or not n_text else 0


if __name__ == "__main__":
    sys.exit(main())
