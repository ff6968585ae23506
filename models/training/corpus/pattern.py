"""Sentence patterns: `(a|b|)` stands for one of its alternatives, `{name}` for a slot.

Alternatives nest. Patterns are parsed once and then drawn from as often as one likes.
"""

from functools import cache
from random import Random


class PatternError(ValueError):
    """A pattern whose brackets do not match."""


def _parse_choice(text: str, at: int, depth: int):
    """Parses alternatives from `at` on; returns them and the position after them."""
    alternatives, parts, literal = [], [], ""
    while at < len(text):
        char = text[at]
        if char == "(":
            inner, at = _parse_choice(text, at + 1, depth + 1)
            parts += [literal, inner]
            literal = ""
        elif char == "|" and depth > 0:
            alternatives.append([*parts, literal])
            parts, literal = [], ""
        elif char == ")" and depth > 0:
            return [*alternatives, [*parts, literal]], at
        else:
            literal += char
        at += 1
    if depth > 0:
        raise PatternError(f"missing ')' in: {text}")
    return [*alternatives, [*parts, literal]], at


@cache
def parse(text: str):
    """The alternatives of a pattern, each a list of literals and nested alternatives."""
    return _parse_choice(text, 0, 0)[0]


def _draw(alternatives, random: Random) -> str:
    parts = random.choice(alternatives)
    return "".join(part if isinstance(part, str) else _draw(part, random) for part in parts)


def draw(text: str, random: Random) -> str:
    """One sentence of the pattern; slots are left as they are."""
    return " ".join(_draw(parse(text), random).split())


def count(text: str) -> int:
    """How many sentences a pattern has."""
    return _count(parse(text))


def _count(alternatives) -> int:
    total = 0
    for parts in alternatives:
        ways = 1
        for part in parts:
            if not isinstance(part, str):
                ways *= _count(part)
        total += ways
    return total
