"""What scripts and styles may not use, because Chromium 90 cannot do it: the desktops of government offices have it.

No parser for Python can be told to stop at the language of one year. So a script is parsed as today's language, and
what came later is looked for in its tree: in code only, never in strings or comments, and in minified files as well.
A name is taken at its word: a library's own method called ``at`` would be found too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import tree_sitter_javascript
from tree_sitter import Language, Node, Parser, Query, QueryCursor, Tree

# Of everything below, the number is the version of Chromium that brought it.

SYNTAX = {
    "await outside a function": 89,  # in modules only, and iOS 14 has not even that
    "#private in object": 91,
    "static block": 94,
    "regular expression with flag v": 112,
    "import attributes": 123,
    "regular expression with modifiers": 125,
    "using declaration": 134,
}
METHODS = {
    "at": 92,
    "checkVisibility": 105,
    "findLast": 97,
    "findLastIndex": 97,
    "isDisjointFrom": 122,
    "isSubsetOf": 122,
    "isSupersetOf": 122,
    "isWellFormed": 111,
    "moveBefore": 133,
    "randomUUID": 92,
    "setHTMLUnsafe": 124,
    "showPopover": 114,
    "startViewTransition": 111,
    "symmetricDifference": 122,
    "toReversed": 110,
    "toSorted": 110,
    "toSpliced": 110,
    "toWellFormed": 111,
    "with": 110,
}
MEMBERS = {
    "AbortSignal.any": 116,
    "AbortSignal.timeout": 103,
    "Array.fromAsync": 121,
    "Intl.supportedValuesOf": 99,
    "Iterator.from": 122,
    "Map.groupBy": 117,
    "Object.groupBy": 117,
    "Object.hasOwn": 93,
    "Promise.try": 128,
    "Promise.withResolvers": 119,
    "URL.canParse": 120,
    "URL.parse": 126,
}
NAMES = {"navigation": 102, "reportError": 95, "scheduler": 94, "structuredClone": 98}

STYLE = {
    r"@container\b": 105,
    r"@layer\b": 99,
    r"@media[^{]*[<>]": 104,
    r"@scope\b": 118,
    r"@starting-style\b": 117,
    r"&": 112,  # nesting
    r":dir\(": 120,
    r":has\(": 105,
    r":modal\b": 105,
    r":nth-(?:last-)?child\([^)]*\bof\b": 111,
    r":user-(?:in)?valid\b": 119,
    r"\b\d+[dsl]v(?:[hwbi]|min|max)\b": 108,
    r"\b\d+(?:lh|cap)\b": 109,
    r"\banchor\(": 125,
    r"\bcolor\(": 111,
    r"\bcolor-mix\(": 111,
    r"\b(?:ok)?(?:lab|lch)\(": 111,
    r"\bhwb\(": 101,
    r"\b(?:rgba?|hsla?)\(\s*from\b": 119,
    r"\blight-dark\(": 123,
    r"\b(?:round|mod|rem|sin|cos|tan|sqrt|pow|abs|sign)\(": 111,
    r"\bsubgrid\b": 117,
    r"(?<![-\w])(?:rotate|scale|translate)\s*:": 104,
    r"(?<![-\w])accent-color\s*:": 93,
    r"(?<![-\w])field-sizing\s*:": 123,
    r"(?<![-\w])(?:inset|position)-area\s*:": 125,
    r"(?<![-\w])scrollbar-gutter\s*:": 94,
}

LANGUAGE = Language(tree_sitter_javascript.language())
QUERY = Query(
    LANGUAGE,
    r"""
    (await_expression) @await
    (binary_expression left: (private_property_identifier)) @private_in
    (class_static_block) @static_block
    (import_attribute) @import_attribute
    (regex flags: (regex_flags) @flags)
    (regex_pattern) @pattern
    (using_declaration) @using
    (call_expression function: (member_expression property: (property_identifier) @method))
    (member_expression object: (identifier) property: (property_identifier)) @member
    (identifier) @name
    """,
)
FUNCTIONS = {"arrow_function", "function_declaration", "function_expression", "generator_function", "method_definition"}


def parsed(code: str) -> Tree:
    """Return the tree of a script; a script that is none is refused."""
    tree = Parser(LANGUAGE).parse(code.encode())
    if tree.root_node.has_error:
        raise SyntaxError("this is not JavaScript")
    return tree


def is_inside_function(node: Node) -> bool:
    """Whether a function stands around this piece of code."""
    around = node.parent
    while around is not None and around.type not in FUNCTIONS:
        around = around.parent
    return around is not None


def words(found: dict[str, list[Node]], kind: str) -> set[str]:
    """Return the texts of one kind of find."""
    return {(node.text or b"").decode() for node in found.get(kind, [])}


def syntax(found: dict[str, list[Node]]) -> dict[str, bool]:
    """Say for each piece of later syntax whether it is there."""
    return {
        "await outside a function": not all(is_inside_function(node) for node in found.get("await", [])),
        "#private in object": "private_in" in found,
        "static block": "static_block" in found,
        "regular expression with flag v": any("v" in flags for flags in words(found, "flags")),
        "import attributes": "import_attribute" in found,
        "regular expression with modifiers": any(re.search(r"\(\?[ims-]+:", one) for one in words(found, "pattern")),
        "using declaration": "using" in found,
    }


def found_in_script(code: str) -> Iterator[tuple[str, int]]:
    """Yield what is too new in a script, with the version that brought it."""
    found = QueryCursor(QUERY).captures(parsed(code).root_node)
    yield from ((what, SYNTAX[what]) for what, is_there in syntax(found).items() if is_there)
    yield from ((f".{word}()", METHODS[word]) for word in words(found, "method") & set(METHODS))
    yield from ((word, MEMBERS[word]) for word in words(found, "member") & set(MEMBERS))
    yield from ((word, NAMES[word]) for word in words(found, "name") & set(NAMES))


def too_new_in_script(code: str) -> list[str]:
    """Return what Chromium 90 cannot do of a script, as ``what (since version)``."""
    return sorted(f"{what} (since {version})" for what, version in found_in_script(code))


def without_words(style: str) -> str:
    """Return a style without its comments, strings and addresses, in which anything may stand."""
    style = re.sub(r"/\*.*?\*/", " ", style, flags=re.DOTALL)
    style = re.sub(r'"(?:[^"\\]|\\.)*"' + r"|'(?:[^'\\]|\\.)*'", '""', style, flags=re.DOTALL)
    return re.sub(r"url\([^)]*\)", "url()", style)


def nested_rules(style: str) -> list[str]:
    """Return the selectors that have a whole rule inside: only an at-rule may have one."""
    outer = re.sub(r"\{[^{}]*\}", ";", style)
    return [head.strip() for head in re.findall(r"([^{};]*)\{", outer) if not head.strip().startswith("@")]


def too_new_in_style(style: str) -> list[str]:
    """Return what Chromium 90 cannot do of a style, as ``what (since version)``."""
    style = without_words(style)
    found = {f"{match} (since {version})" for pattern, version in STYLE.items() for match in re.findall(pattern, style)}
    return sorted(found | {f"rules inside {head} (since 112)" for head in nested_rules(style)})
