"""Reads the files in content/: entries, differences, stories, word lists and question shapes."""

from dataclasses import dataclass, field
from pathlib import Path

CONTENT = Path(__file__).resolve().parents[1] / "content"
INTENTS = ("what", "why", "where", "how")
WORDINGS = tuple(f"wordings_{name}.txt" for name in ("tracing", "engine", "server", "chat"))
ARTICLES = ("a ", "an ", "the ")


@dataclass
class Entry:
    """One thing that can be asked about, with its answers and the questions of its own."""

    key: str
    names: list[str] = field(default_factory=list)
    also: list[str] = field(default_factory=list)
    pair: list[str] = field(default_factory=list)
    answers: dict[str, list[str]] = field(default_factory=dict)
    questions: dict[str, list[str]] = field(default_factory=dict)

    def answers_to(self, intent: str) -> list[str]:
        """The answers to an intent; an entry without one answers what it is."""
        return self.answers.get(intent) or self.answers.get("what") or self.answers["answer"]

    def add(self, other: "Entry") -> None:
        """Takes over the descriptions and questions of another entry of the same key."""
        self.also += other.also
        for intent, questions in other.questions.items():
            self.questions.setdefault(intent, []).extend(questions)


@dataclass
class Story:
    """A whole story and the subjects under which it may be asked for."""

    key: str
    subjects: list[str]
    text: str


def _sections(name: str):
    """The sections of a file as (key, lines), without comments and empty lines."""
    key, lines = None, []
    for line in (CONTENT / name).read_text(encoding="utf-8").splitlines():
        line = line.strip()
        if line.startswith("== "):
            if key:
                yield key, lines
            key, lines = line[3:], []
        elif line and not line.startswith("#"):
            lines.append(line)
    if key:
        yield key, lines


def _entry(key: str, lines: list[str]) -> Entry:
    entry, asking = Entry(key), None
    for line in lines:
        label, _, rest = line.partition(":")
        if line.startswith("?"):
            asking = line[1:].strip() or "answer"
        elif asking:
            entry.questions.setdefault(asking, []).append(line)
        elif label in ("names", "also"):
            setattr(entry, label, [name.strip() for name in rest.split(";")])
        elif label == "pair":
            entry.pair = [name.strip() for name in rest.split(";")]
        elif label in (*INTENTS, "answer"):
            entry.answers.setdefault(label, []).append(rest.strip())
        else:
            raise ValueError(f"{key}: cannot read the line '{line}'")
    return entry


def entries(*names: str) -> list[Entry]:
    """The entries of the named files, in order, with what the wordings add to them."""
    found = {key: _entry(key, lines) for name in names for key, lines in _sections(name)}
    for name in WORDINGS:
        for key, lines in _sections(name):
            if key in found:
                found[key].add(_entry(key, lines))
    for entry in found.values():
        if not entry.answers:
            raise ValueError(f"{entry.key}: has no answer")
    return list(found.values())


def stories() -> list[Story]:
    """All stories."""
    found = []
    for key, lines in _sections("stories.txt"):
        subjects = [word.strip() for word in lines[0].removeprefix("subjects:").split(";")]
        found.append(Story(key, subjects, " ".join(lines[1:])))
    return found


def words() -> dict[str, list[str]]:
    """The word lists that fill slots."""
    return {
        key: [word.strip() for word in " ".join(lines).split(";")]
        for key, lines in _sections("words.txt")
    }


def shapes() -> dict[str, list[str]]:
    """Question patterns by intent."""
    return dict(_sections("shapes.txt"))


def bare(name: str) -> str:
    """A name without its article."""
    for article in ARTICLES:
        if name.startswith(article):
            return name[len(article) :]
    return name


def catalog() -> dict[str, list[str]]:
    """Every answer that the corpus holds, by `key` or `key.intent`: what an evaluation needs."""
    found = {}
    for entry in entries("tracing.txt", "engine.txt", "server.txt", "differences.txt", "chat.txt"):
        for intent, texts in entry.answers.items():
            found[entry.key if intent == "answer" else f"{entry.key}.{intent}"] = texts
    found.update({f"story.{story.key}": [story.text] for story in stories()})
    return found
