"""The expressions of forms: read into frozen nodes, then evaluated (spec/forms.md section 2).

``static/checklists/expressions.js`` is the same in the browser; both answer to ``spec/vectors/forms.json``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, NamedTuple, Protocol

from gongchou.checklists.values import SCALE as _ONE
from gongchou.checklists.values import (
    Value,
    codes_in,
    is_before,
    is_equal,
    negated,
    number_of,
    reckoned,
    text_of,
    truth_of,
)

LONGEST, DEEPEST = 20_000, 24  # what merging makes of several forms
LONGEST_TYPED, DEEPEST_TYPED = 1_000, 16

LEVELS: Final = (("or",), ("and",), ("=", "!="), ("<", "<=", ">", ">="), ("+", "-"), ("*", "div", "mod"))
FUNCTIONS: Final = {
    "not": (1, 1),
    "true": (0, 0),
    "false": (0, 0),
    "today": (0, 0),
    "if": (3, 3),
    "coalesce": (2, 8),
    "selected": (2, 2),
    "count-selected": (1, 1),
    "count": (1, 1),
    "string-length": (1, 1),
}
"""Name -> fewest and most arguments."""
_TOKEN = re.compile(
    r"(?P<space>[ \t\n\r]+)"
    r"|(?P<name>\$\{[ \t]*[A-Za-z_][A-Za-z0-9_]*[ \t]*\})"
    r"|(?P<number>[0-9]+(?:\.[0-9]+)?)"
    r"|(?P<text>'[^']*'|\"[^\"]*\")"
    r"|(?P<word>[A-Za-z][A-Za-z0-9-]*)"
    r"|(?P<sign>!=|<=|>=|[=<>+\-*(),.])"
)
_NUMBER = re.compile(r"[0-9]{1,15}(?:\.[0-9]{1,6})?")
_WIDE = re.compile("[\uff01-\uff5e\u2018\u2019\u201c\u201d\u3000\u3001\u3002]")


class ExpressionError(Exception):
    """An expression that cannot be read. at: characters before the place; text: what stands there."""

    def __init__(self, code: str, at: int, text: str = "") -> None:
        super().__init__(code, at, text)
        self.code, self.at, self.text = code, at, text


# Nodes ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Literal:
    """A text or a number that stands in the expression."""

    value: Value


@dataclass(frozen=True)
class Answer:
    """``${name}``."""

    name: str


@dataclass(frozen=True)
class Own:
    """``.``: the answer of the question itself."""


@dataclass(frozen=True)
class Count:
    """``count(${repeat})``."""

    name: str


@dataclass(frozen=True)
class Negative:
    """``-x``."""

    of: Node


@dataclass(frozen=True)
class Call:
    """A function with its arguments."""

    function: str
    arguments: tuple[Node, ...]


@dataclass(frozen=True)
class Chain:
    """Operands of one level, from left to right."""

    first: Node
    rest: tuple[tuple[str, Node], ...]


Node = Literal | Answer | Own | Count | Negative | Call | Chain


def inside(node: Node) -> Iterator[Node]:
    """The node and all below it."""
    yield node
    match node:
        case Negative(of):
            yield from inside(of)
        case Call(_, arguments):
            for one in arguments:
                yield from inside(one)
        case Chain(first, rest):
            yield from inside(first)
            for _, one in rest:
                yield from inside(one)


def names_in(node: Node) -> list[str]:
    """The questions and repeats that an expression asks for, in their order, each once."""
    return list(dict.fromkeys(one.name for one in inside(node) if isinstance(one, Answer | Count)))


# Reading ----------------------------------------------------------------------------------------


class _Token(NamedTuple):
    kind: str
    text: str
    at: int


def _tokens(text: str) -> list[_Token]:
    made, at = list[_Token](), 0
    while at < len(text):
        found = _TOKEN.match(text, at)
        if found is None:
            raise _not_read(text, at)
        kind = str(found.lastgroup)
        if kind == "number" and not _NUMBER.fullmatch(found[0]):
            raise ExpressionError("number", at, found[0])
        if kind != "space":
            made.append(_Token(kind, found[0], at))
        at = found.end()
    return [*made, _Token("end", "", len(text))]


def _not_read(text: str, at: int) -> ExpressionError:
    if text.startswith("${", at):
        return ExpressionError("name", at, text[at : at + 20])
    if text[at] in "'\"":
        return ExpressionError("quote", at, text[at])
    return ExpressionError("wide" if _WIDE.match(text, at) else "character", at, text[at])


def _name(token: _Token) -> str:
    return token.text[2:-1].strip(" \t")


class _Parser:
    def __init__(self, text: str, deepest: int) -> None:
        self.tokens, self.at, self.left = _tokens(text), 0, deepest

    @property
    def token(self) -> _Token:
        return self.tokens[self.at]

    def take(self) -> _Token:
        self.at += 1
        return self.tokens[self.at - 1]

    def whole(self) -> Node:
        node = self.level(0)
        if self.token.kind != "end":
            raise self.unexpected()
        return node

    def level(self, number: int) -> Node:
        if number == len(LEVELS):
            return self.single()
        first, rest = self.level(number + 1), list[tuple[str, Node]]()
        while self.token.kind in ("sign", "word") and self.token.text in LEVELS[number]:
            sign = self.take().text
            rest.append((sign, self.level(number + 1)))
        return Chain(first, tuple(rest)) if rest else first

    def single(self) -> Node:
        token = self.token
        match token.kind, token.text:
            case "name", _:
                return Answer(_name(self.take()))
            case "number", _:
                return Literal(number_of(self.take().text))
            case "text", _:
                return Literal(self.take().text[1:-1])
            case "word", _ if self.tokens[self.at + 1].text == "(":
                return self.call()
            case "sign", ".":
                self.take()
                return Own()
            case "sign", "-":
                self.take()
                return Negative(self.deeper(self.single))
            case "sign", "(":
                return self.deeper(self.bracket)
        raise self.unexpected()

    def deeper(self, read: Callable[[], Node]) -> Node:
        if self.left == 0:
            raise ExpressionError("deep", self.token.at)
        self.left -= 1
        node = read()
        self.left += 1
        return node

    def call(self) -> Node:
        word = self.take()
        if word.text not in FUNCTIONS:
            raise ExpressionError("function", word.at, word.text)
        opened, arguments = self.take(), list[Node]()
        if not self.stands(")"):
            arguments.append(self.deeper(self.argument))
            while self.stands(","):
                self.take()
                arguments.append(self.deeper(self.argument))
        self.close(opened)
        return _called(word, arguments)

    def argument(self) -> Node:
        return self.level(0)

    def stands(self, sign: str) -> bool:
        return self.token.kind == "sign" and self.token.text == sign

    def bracket(self) -> Node:
        opened = self.take()
        node = self.level(0)
        self.close(opened)
        return node

    def close(self, opened: _Token) -> None:
        if self.token.kind == "end":
            raise ExpressionError("bracket", opened.at, opened.text)
        if not self.stands(")"):
            raise self.unexpected()
        self.take()

    def unexpected(self) -> ExpressionError:
        code = "end" if self.token.kind == "end" else "token"
        return ExpressionError(code, self.token.at, self.token.text)


def _called(word: _Token, arguments: list[Node]) -> Node:
    fewest, most = FUNCTIONS[word.text]
    if not fewest <= len(arguments) <= most:
        raise ExpressionError("arguments", word.at, word.text)
    if word.text != "count":
        return Call(word.text, tuple(arguments))
    if not isinstance(arguments[0], Answer):
        raise ExpressionError("count", word.at, word.text)
    return Count(arguments[0].name)


@lru_cache(maxsize=4_096)
def parse(text: str, *, longest: int = LONGEST, deepest: int = DEEPEST) -> Node:
    """Read an expression. Raises ExpressionError."""
    if len(text) > longest:
        raise ExpressionError("long", longest)
    return _Parser(text, deepest).whole()


def renamed(text: str, names: Mapping[str, str]) -> str:
    """The same expression with other names for some questions; what stands in quotes stays."""
    made, at = "", 0
    for token in _tokens(text):
        if token.kind == "name":
            made += text[at : token.at] + "${" + names.get(_name(token), _name(token)) + "}"
            at = token.at + len(token.text)
    return made + text[at:]


# Evaluating -------------------------------------------------------------------------------------


class Answers(Protocol):
    """What an expression may ask for. own: the answer of the question itself; today: YYYY-MM-DD."""

    own: str
    today: str

    def answer(self, name: str) -> str:
        """The answer as a text, empty if there is none; several codes with a blank between them."""

    def count(self, name: str) -> int:
        """How often a repeat was filled in."""


def evaluate(node: Node, answers: Answers) -> Value:
    """What an expression comes to; takes time in proportion to its length, and cannot fail."""
    match node:
        case Literal(value):
            return value
        case Answer(name):
            return answers.answer(name)
        case Own():
            return answers.own
        case Count(name):
            return answers.count(name) * _ONE
        case Negative(of):
            return negated(evaluate(of, answers))
        case Chain():
            return _along(node, answers)
        case Call(function, arguments):
            return _answered(function, arguments, answers)


def _along(chain: Chain, answers: Answers) -> Value:
    value = evaluate(chain.first, answers)
    for sign, node in chain.rest:
        value = _joined(sign, value, evaluate(node, answers))
    return value


def _joined(sign: str, left: Value, right: Value) -> Value:
    match sign:
        case "or":
            return truth_of(left) or truth_of(right)
        case "and":
            return truth_of(left) and truth_of(right)
        case "=":
            return is_equal(left, right)
        case "!=":
            return not is_equal(left, right)
        case "<" | "<=" | ">" | ">=":
            return is_before(sign, left, right)
    return reckoned(sign, left, right)


def _answered(function: str, arguments: tuple[Node, ...], answers: Answers) -> Value:
    told = [evaluate(one, answers) for one in arguments]
    match function:
        case "not":
            return not truth_of(told[0])
        case "true" | "false":
            return function == "true"
        case "today":
            return answers.today
        case "if":
            return told[1] if truth_of(told[0]) else told[2]
        case "coalesce":
            return next((one for one in told if text_of(one)), "")
        case "selected":
            return text_of(told[1]) in codes_in(told[0])
        case "count-selected":
            return len(codes_in(told[0])) * _ONE
    return len(text_of(told[0])) * _ONE
