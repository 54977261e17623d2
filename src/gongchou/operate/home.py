"""The home of an installation: the folder that holds all that is not in the repository. No Django here.

gongchou.db    the database, unless DATABASE_URL names another
secret_key     what sessions and second factors are sealed with, unless GONGCHOU_SECRET_KEY gives it
keys/          the keys of the logs, of draws, and of each batch
evidence/      the files behind draws, each under its own digest
attachments/   photos, notes and signatures of inspections, likewise; in parts/ what has not come whole
imports/       what people uploaded
static/        collected for a web server; made again at any time
backups/       a place for backups; never part of one
"""

from __future__ import annotations

import hashlib
import os
import secrets
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path

SECRET = "secret_key"  # noqa: S105 -- the name of the file
THROWAWAY = "throwaway-"  # begins the key of a process that only restores: nothing lasting is sealed with it
_OTHERS = stat.S_IRWXG | stat.S_IRWXO

NO_SECRET = (
    "没有找到平台密钥：环境变量 GONGCHOU_SECRET_KEY（或 GONGCHOU_SECRET_KEY_FILE）没有设置，文件 {file} 也不存在。"  # noqa: S105 -- a sentence
    "新安装请先运行 ./gongchou init；已有平台请检查 GONGCHOU_HOME 是否指向正确的文件夹。"
)
LOST_SECRET = (
    "{file} 不见了，而这里已有一个平台（{found}）。换一把密钥会使已绑定的双因素验证全部失效，所以没有生成新的。"  # noqa: S105 -- a sentence
    "请从离线备份放回；或检查 GONGCHOU_HOME 是否指向正确的文件夹。"
)
OPEN_SECRET = "平台密钥文件 {file} 可以被其他系统用户读取，已停用。请确认密钥没有外泄，并运行：chmod 600 {file}"  # noqa: S105 -- a sentence
SHUT_SECRET = "当前系统用户读不了平台密钥文件 {file}。请用平台服务的系统用户运行，并让它成为该文件的所有者。"  # noqa: S105 -- a sentence


class NoSecret(Exception):  # noqa: N818 -- says what it is
    """Nothing starts without the secret key, or with one that others can read."""


def home_of(environ: Mapping[str, str]) -> Path:
    """Where the home is, as the settings have it."""
    return Path(environ.get("GONGCHOU_HOME", "var")).resolve()


def is_given(environ: Mapping[str, str]) -> bool:
    """Whether the environment gives the secret key, so that no file of it is kept in the home."""
    return bool(environ.get("GONGCHOU_SECRET_KEY") or environ.get("GONGCHOU_SECRET_KEY_FILE"))


def read_secret(home: Path) -> str:
    """The secret key as ``init`` wrote it. Raises NoSecret with a sentence."""
    path = home / SECRET
    try:
        found = path.read_text(encoding="utf-8").strip()
    except (FileNotFoundError, NotADirectoryError):
        found = ""
    except PermissionError as error:
        raise NoSecret(SHUT_SECRET.format(file=path)) from error
    if not found:
        raise NoSecret(NO_SECRET.format(file=path))
    if path.stat().st_mode & _OTHERS:
        raise NoSecret(OPEN_SECRET.format(file=path))
    return found


def prepare(home: Path, *, keeps_secret: bool) -> list[str]:
    """Make the folder and the secret key where they are missing, and close them to others; return a sentence for each.

    keeps_secret: the key is a file of the home, and not given by the environment

    Raises NoSecret where there is a platform whose key is gone.
    """
    told = [prepare_folder(home), *_close_keys(home)]
    if not keeps_secret:
        told.append("平台密钥由环境变量提供，未生成文件。")
    elif (home / SECRET).exists():
        told.append(f"平台密钥已存在，未改动：{home / SECRET}")
    else:
        _check_is_new(home)
        write_secret(home / SECRET, secrets.token_urlsafe(48))
        told.append(f"已生成平台密钥：{home / SECRET}（请另存一份离线备份）")
    return told


def prepare_folder(home: Path) -> str:
    """Make the folder, or close it to others; return a sentence."""
    if not home.is_dir():
        home.mkdir(mode=0o700, parents=True)
        return f"已建立平台文件夹：{home}"
    if home.stat().st_mode & _OTHERS:
        home.chmod(0o700)
        return f"平台文件夹已存在，已收紧为仅本人可读写：{home}"
    return f"平台文件夹已存在，未改动：{home}"


def _close_keys(home: Path) -> list[str]:
    told = []
    for path in (home / SECRET, *sorted((home / "keys").glob("*.key"))):
        if path.exists() and path.stat().st_mode & _OTHERS:
            path.chmod(0o600)
            told.append(f"密钥文件原来可以被其他系统用户读取，已收紧，请确认没有外泄：{path}")
    return told


def _check_is_new(home: Path) -> None:
    found = [name for name in ("gongchou.db", "keys/audit.key", "keys/audit.vkey") if (home / name).exists()]
    if found:
        raise NoSecret(LOST_SECRET.format(file=home / SECRET, found="、".join(found)))


def write_secret(path: Path, text: str) -> None:
    """A file with one line that only its owner reads; never over another."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:  # noqa: PTH123 -- takes a mode
        file.write(text.rstrip("\n") + "\n")
        file.flush()
        os.fsync(file.fileno())


def digest_of(path: Path) -> str:
    """SHA-256 of a file, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


# What of the home goes into a backup ------------------------------------------------------------

_APART = {
    "static": "网页静态文件：可由程序重新生成",
    "backups": "以前的备份",
}


def is_secret(name: str) -> bool:
    """Whether a file of the home is a key, which no backup holds in the clear."""
    return name == SECRET or (name.startswith("keys/") and name.endswith(".key"))


def files_of(home: Path, *, database: Path | None) -> tuple[list[str], dict[str, str]]:
    """The files that a backup takes, and those it leaves with the reason, by names relative to the home.

    Whatever is not known to be left is taken, so that a new kind of file is never forgotten.
    """
    taken, left = [], {}
    for name in sorted(_names(home)):
        why = _why_left(name, home, database)
        if why is None:
            taken.append(name)
        elif why:
            left[name.split("/")[0] + "/" if name.split("/")[0] in _APART else name] = why
    return taken, left


def _names(home: Path) -> Iterator[str]:
    for folder, _, files in os.walk(home, followlinks=True):
        for file in files:
            yield (Path(folder) / file).relative_to(home).as_posix()


def _why_left(name: str, home: Path, database: Path | None) -> str | None:
    """The reason; empty for what is not worth a word; None for what is taken."""
    parts = name.split("/")
    if any(part.startswith(".") for part in parts) or name.endswith(".lock"):
        return ""  # not finished, or of no use to anybody else
    if database is not None and name in _sides(database, home):
        return ""  # its rows are in the backup
    if is_secret(name):
        return "密钥：只记录名称，或用口令加密后放入"
    return _APART.get(parts[0]) if len(parts) > 1 else None


def _sides(database: Path, home: Path) -> list[str]:
    if not database.is_relative_to(home):
        return []
    name = database.relative_to(home).as_posix()
    return [name, f"{name}-wal", f"{name}-shm", f"{name}-journal"]
