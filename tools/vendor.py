"""Take the few front-end files that are not ours out of their npm packages.

    python tools/vendor.py            fetch the packages (needs npm) and write the files again
    python tools/vendor.py --check    exit with 1 if the files are not those VENDOR.toml names (needs no network)

VENDOR.toml is written by hand and says what each file must be. A new file is entered with an empty digest:
the first run refuses it and prints the digest it has.

A file lies here as its package has it but for two things. The comment that names a source map is taken out:
the map is not here, and the storage that stamps static files for WhiteNoise refuses a file whose map is missing.
And of an icon set only the wanted icons come along, as symbols of one drawing.
"""

from __future__ import annotations

import base64
import hashlib
import re
import subprocess
import sys
import tarfile
import tempfile
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

VENDOR = Path(__file__).resolve().parent.parent / "src" / "gongchou" / "web" / "static" / "vendor"
SPRITE = "icons.svg"
MAP_COMMENT = re.compile(rb"\n?(?://# sourceMappingURL=[^\n]*|/\*# sourceMappingURL=[^*]*\*/)\n?\Z")
DRAWING = re.compile(r'<svg [^>]*viewBox="([^"]+)"[^>]*>\s*(.*?)\s*</svg>\s*', re.DOTALL)


@dataclass(frozen=True)
class Package:
    """One [[package]] of VENDOR.toml: the digest of its tarball as npm writes it, and of each file as it lies here."""

    name: str
    version: str
    licence: str
    what_for: str
    integrity: str
    files: dict[str, str]
    icons: list[str] = field(default_factory=list)

    @property
    def folder(self) -> Path:
        """Where the files lie."""
        return VENDOR / self.name / self.version

    def place(self, path: str) -> Path:
        """Return where a file of the package lies."""
        return self.folder / PurePosixPath(path).name


def read_packages(text: str) -> list[Package]:
    """Return what VENDOR.toml lists."""
    return [Package(**entry) for entry in tomllib.loads(text)["package"]]


def named_packages() -> list[Package]:
    """Return the packages of this tree."""
    return read_packages((VENDOR / "VENDOR.toml").read_text(encoding="utf-8"))


def without_map(content: bytes) -> bytes:
    """Return a style or script without the comment that names its source map."""
    return MAP_COMMENT.sub(b"\n", content)


def symbol(name: str, drawing: str) -> str:
    """Return one icon as a symbol of the sprite."""
    found = DRAWING.fullmatch(drawing)
    if found is None:
        raise SystemExit(f"icon {name} is not drawn as expected")
    shape = re.sub(r"\s*\n\s*", "", found[2])
    return f'<symbol id="{name}" viewBox="{found[1]}" fill="currentColor">{shape}</symbol>'


def sprite(drawings: dict[str, str]) -> bytes:
    """Return one drawing that holds every icon under its name."""
    lines = [symbol(name, drawing) for name, drawing in sorted(drawings.items())]
    return "\n".join(['<svg xmlns="http://www.w3.org/2000/svg">', *lines, "</svg>", ""]).encode()


def tarball(package: Package, folder: Path) -> Path:
    """Fetch the package, and return its tarball once its digest has been found right."""
    wanted = f"{package.name}@{package.version}"
    command = ["npm", "pack", "--loglevel=error", "--pack-destination", str(folder), wanted]
    name = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()[-1]
    digest = hashlib.sha512((folder / name).read_bytes()).digest()
    integrity = "sha512-" + base64.b64encode(digest).decode()
    if integrity != package.integrity:
        raise SystemExit(f"{package.name} {package.version}: VENDOR.toml expects {package.integrity}, got {integrity}")
    return folder / name


def member(archive: tarfile.TarFile, path: str) -> bytes:
    """Return one file of a package."""
    try:
        opened = archive.extractfile(f"package/{path}")
    except KeyError:
        opened = None
    if opened is None:
        raise SystemExit(f"the package has no file {path}")
    return opened.read()


def content(package: Package, archive: tarfile.TarFile, path: str) -> bytes:
    """Return one file as it is to lie here."""
    if path == SPRITE:
        return sprite({name: member(archive, f"icons/{name}.svg").decode() for name in package.icons})
    return without_map(member(archive, path))


def write(package: Package) -> None:
    """Fetch one package and write its files."""
    with tempfile.TemporaryDirectory() as folder, tarfile.open(tarball(package, Path(folder))) as archive:
        package.folder.mkdir(parents=True, exist_ok=True)
        for path in package.files:
            package.place(path).write_bytes(content(package, archive, path))


def differences(package: Package) -> Iterator[str]:
    """Yield what is wrong with the files of one package, as they lie here."""
    for path, expected in package.files.items():
        place = package.place(path)
        found = hashlib.sha512(place.read_bytes()).hexdigest() if place.is_file() else "missing"
        if found != expected:
            yield f"{place.relative_to(VENDOR)}: VENDOR.toml expects {expected or 'nothing yet'}, it is {found}"


def strangers(packages: list[Package]) -> Iterator[str]:
    """Yield the files that nobody named."""
    named = {package.place(path) for package in packages for path in package.files} | {VENDOR / "VENDOR.toml"}
    for path in sorted(VENDOR.rglob("*")):
        if path.is_file() and path not in named:
            yield f"{path.relative_to(VENDOR)}: not in VENDOR.toml"


def main() -> int:
    """Write the files unless only asked to check; return 1 if they are not those VENDOR.toml names."""
    packages = named_packages()
    if "--check" not in sys.argv[1:]:
        for package in packages:
            write(package)
    complaints = [line for package in packages for line in differences(package)] + list(strangers(packages))
    print("\n".join(complaints), file=sys.stderr, end="\n" if complaints else "")
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
