"""What is sent to a browser runs in Chromium 90, is what it says it is, and has every icon the pages ask for."""

from __future__ import annotations

import hashlib
import re
import subprocess
import sys
from pathlib import Path

import django_htmx
import pytest

from tests.browser_baseline import too_new_in_script, too_new_in_style
from tools import vendor

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ROOT / "src" / "gongchou"
HTMX = Path(django_htmx.__file__).parent / "static" / "django_htmx"

# htmx comes inside a Python package; these two files are what its template tag names.
SCRIPTS = sorted([*ROOMS.glob("*/static/**/*.js"), HTMX / "htmx-2.min.js", HTMX / "django-htmx.js"])
STYLES = sorted(ROOMS.glob("*/static/**/*.css"))

ALLOWED = {
    ("htmx-2.min.js", ".moveBefore() (since 133)"): "only called where an element has it",
    ("htmx-2.min.js", ".startViewTransition() (since 111)"): "only called where the document has it",
    ("tom-select.bootstrap5.min.css", "color-mix( (since 111)"): "colours the head of a plugin that we do not use",
}


def not_allowed(path: Path, found: list[str]) -> list[str]:
    return [what for what in found if (path.name, what) not in ALLOWED]


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_script_uses_nothing_newer_than_chromium_90(path):
    assert not_allowed(path, too_new_in_script(path.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize("path", STYLES, ids=lambda path: path.name)
def test_style_uses_nothing_newer_than_chromium_90(path):
    assert not_allowed(path, too_new_in_style(path.read_text(encoding="utf-8"))) == []


def test_every_allowance_is_used():
    found = {(path.name, what) for path in SCRIPTS for what in too_new_in_script(path.read_text(encoding="utf-8"))}
    found |= {(path.name, what) for path in STYLES for what in too_new_in_style(path.read_text(encoding="utf-8"))}
    assert set(ALLOWED) - found == set()


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("class A { static { start() } }", ["static block (since 94)"]),
        ("class A { #x; has(o) { return #x in o } }", ["#private in object (since 91)"]),
        ("const a = /[a--b]/v", ["regular expression with flag v (since 112)"]),
        ("const a = /(?i:a)/", ["regular expression with modifiers (since 125)"]),
        ("await load()", ["await outside a function (since 89)"]),
        ("import a from './a' with { type: 'json' }", ["import attributes (since 123)"]),
        ("using file = open()", ["using declaration (since 134)"]),
        ("const a = b?.at(-1)", [".at() (since 92)"]),
        ("const a = Object.hasOwn(b, c)", ["Object.hasOwn (since 93)"]),
        ("const a = structuredClone(b)", ["structuredClone (since 98)"]),
    ],
)
def test_later_language_is_found(code, found):
    assert too_new_in_script(code) == found


def test_language_of_2021_passes():
    code = """
    // a.at(1)
    class A { #x = 1; static y = 2; async go() { await fetch(`${this.#x}`); return this?.z ?? 1_000 } }
    let a = "Object.hasOwn(b, c)"; a ||= /(?<=x)(?:y)/dgu; const at = { at: 1 }; at.at
    """
    assert too_new_in_script(code) == []


def test_what_is_no_script_is_refused():
    with pytest.raises(SyntaxError):
        too_new_in_script("const = (")


@pytest.mark.parametrize(
    ("style", "found"),
    [
        ("a:has(b) { top: 0 }", [":has( (since 105)"]),
        ("a { color: color-mix(in srgb, red, blue) }", ["color-mix( (since 111)"]),
        ("a { color: oklch(40% 0.2 30) }", ["oklch( (since 111)"]),
        ("a { color: light-dark(red, blue) }", ["light-dark( (since 123)"]),
        ("@layer x { a { top: 0 } }", ["@layer (since 99)"]),
        ("@container (width > 9px) { a { top: 0 } }", ["@container (since 105)"]),
        ("a { height: 100dvh }", ["100dvh (since 108)"]),
        ("a { top: 0; &:hover { top: 1px } }", ["& (since 112)", "rules inside a (since 112)"]),
        ("a { b { top: 0 } }", ["rules inside a (since 112)"]),
        ("@media (width >= 9px) { a { top: 0 } }", ["@media (width > (since 104)"]),
    ],
)
def test_later_style_is_found(style, found):
    assert too_new_in_style(style) == found


def test_style_of_2021_passes():
    style = """
    /* a:has(b) */ @media (min-width: 9px) { a:is(b, c) { content: ":has(&)"; width: max(1px, 2vw) } }
    @supports (aspect-ratio: 1) { a { background: url(data:x?a&b); transform: rotate(1deg); inset: 0 } }
    """
    assert too_new_in_style(style) == []


def test_vendored_files_are_those_that_are_named():
    command = [sys.executable, str(ROOT / "tools" / "vendor.py"), "--check"]
    assert subprocess.run(command, check=False).returncode == 0


def test_changed_missing_and_unnamed_vendored_files_are_told(tmp_path, monkeypatch):
    monkeypatch.setattr(vendor, "VENDOR", tmp_path)
    good = hashlib.sha512(b"right").hexdigest()
    files = {"dist/good.js": good, "dist/changed.js": good, "LICENSE": good}
    package = vendor.Package("kit", "1.0", "MIT", "a test", "sha512-", files)
    package.folder.mkdir(parents=True)
    for name, content in {"good.js": b"right", "changed.js": b"wrong", "other.js": b"right"}.items():
        (package.folder / name).write_bytes(content)

    told = [line.split(":")[0] for line in [*vendor.differences(package), *vendor.strangers([package])]]

    assert told == ["kit/1.0/changed.js", "kit/1.0/LICENSE", "kit/1.0/other.js"]


def test_names_of_source_maps_are_taken_out():
    assert vendor.without_map(b"a()\n//# sourceMappingURL=a.js.map") == b"a()\n"
    assert vendor.without_map(b"a{}\n/*# sourceMappingURL=a.css.map */\n") == b"a{}\n"
    assert [path.name for path in [*SCRIPTS, *STYLES] if "sourceMappingURL=" in path.read_text(encoding="utf-8")] == []


def test_every_package_has_its_licence_beside_it():
    assert [package.name for package in vendor.named_packages() if "LICENSE" not in package.files] == []


def test_sprite_holds_the_icons_that_are_named():
    [icons] = [package for package in vendor.named_packages() if package.icons]
    assert icons_of_sprite() == sorted(icons.icons)


def test_every_icon_that_a_page_asks_for_is_in_the_sprite():
    pages = sorted(ROOMS.glob("*/templates/**/*.html"))
    asked = {name for page in pages for name in icons_asked_for(page.read_text(encoding="utf-8"))}
    assert asked - set(icons_of_sprite()) == set()


def icons_asked_for(page: str) -> list[str]:
    """The names in {% icon "name" %}, and those that a menu's {% entry "address" "words" "icon" %} hands on."""
    return [
        *re.findall(r'\{%\s*icon\s+"([^"]+)"', page),
        *re.findall(r'\{%\s*entry\s+"[^"]*"\s+"[^"]*"\s+"([^"]+)"', page),
    ]


def icons_of_sprite() -> list[str]:
    [path] = ROOMS.glob(f"web/static/vendor/bootstrap-icons/*/{vendor.SPRITE}")
    return re.findall(r'<symbol id="([^"]+)"', path.read_text(encoding="utf-8"))
