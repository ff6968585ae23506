"""Puts questions and answers together into conversations of one to three turns."""

from random import Random

from corpus import content
from corpus.questions import QuestionMaker

SYSTEM = (
    "You are a helpful assistant.",
    "You are a small demonstration model.",
    "Answer briefly.",
    "You answer questions about tracing.",
    "You are the model that ships with an inference server.",
)
# How often each kind of question is asked; a story is six times as long as an answer.
KINDS = {"named": 33, "own": 34, "difference": 6, "talk": 11, "limit": 12, "story": 4}
LIMITS = {"sums": 4, "translate": 3, "news": 3, "code": 3, "write": 2, "advice": 2, "world": 10}
INTENT_WEIGHTS = {"what": 55, "why": 17, "where": 13, "how": 15}
TALK_WEIGHTS = {"hello": 3, "who": 3, "what_can_you_do": 3, "cannot": 2, "joke": 2, "nonsense": 2}


class Conversations:
    """Draws conversations from the content, each a list of (role, text)."""

    def __init__(self, seed: int):
        self.random = Random(seed)
        self.ask = QuestionMaker(self.random)
        self.facts = content.entries("tracing.txt", "engine.txt", "server.txt")
        self.by_key = {entry.key: entry for entry in self.facts}
        self.named = [entry for entry in self.facts if entry.names]
        self.owning = [entry for entry in self.facts if entry.questions]
        self.differences = content.entries("differences.txt")
        chat = content.entries("chat.txt")
        self.limits = [entry for entry in chat if entry.key in LIMITS]
        self.talk = [entry for entry in chat if entry.key not in LIMITS]
        self.stories = content.stories()
        known = {subject for story in self.stories for subject in story.subjects}
        self.strange_subjects = [t for t in self.ask.words["topic"] if t not in known]

    def _one_of(self, entries, weights):
        return self.random.choices(entries, [weights.get(e.key, 1) for e in entries])[0]

    def _answer(self, entry, intent: str) -> str:
        return self.random.choice(entry.answers_to(intent))

    def named_turn(self):
        """A question by name: what, why, where or how."""
        entry = self.random.choice(self.named)
        intent = self.random.choices(list(INTENT_WEIGHTS), INTENT_WEIGHTS.values())[0]
        return self.ask.of_entry(entry, intent), self._answer(entry, intent), entry

    def own_turn(self):
        """A question that goes without the name."""
        entry = self.random.choice(self.owning)
        weights = [len(questions) ** 0.5 for questions in entry.questions.values()]
        intent = self.random.choices(list(entry.questions), weights)[0]
        return self.ask.own(entry, intent), self._answer(entry, intent), entry

    def difference_turn(self):
        """How two things differ."""
        entry = self.random.choice(self.differences)
        if entry.questions and self.random.random() < 0.15:
            return self.ask.own(entry, "answer"), self._answer(entry, "answer"), None
        first, second = (self.by_key[key] for key in entry.pair)
        return self.ask.difference(first, second), self._answer(entry, "answer"), None

    def talk_turn(self):
        """Small talk, and who it is."""
        entry = self._one_of(self.talk, TALK_WEIGHTS)
        return self.ask.own(entry, "answer"), self._answer(entry, "answer"), None

    def limit_turn(self):
        """Something that it cannot do."""
        entry = self._one_of(self.limits, LIMITS)
        return self.ask.own(entry, "answer"), self._answer(entry, "answer"), None

    def story_turn(self):
        """A story: any, one by its subject, or any when the subject is unknown."""
        story = self.random.choice(self.stories)
        roll = self.random.random()
        if roll < 0.35:
            return self.ask.of_shape("story"), story.text, None
        subject = self.random.choice(story.subjects)
        if roll < 0.45:
            subject = self.random.choice(self.strange_subjects)
        return self.ask.of_shape("story_about", s=subject), story.text, None

    def turn(self, kinds=KINDS):
        """One turn of a kind drawn by weight: (question, answer, what may be asked next)."""
        kind = self.random.choices(list(kinds), kinds.values())[0]
        question, answer, entry = getattr(self, f"{kind}_turn")()
        return self.ask.spoken(question), answer, entry

    def follow_up(self, entry):
        """A second question that leaves the name out."""
        intents = [i for i in ("why", "where", "how") if i in entry.answers]
        if not intents:
            return None
        intent = self.random.choice(intents)
        question = self.ask.spoken(self.ask.of_shape(f"follow_{intent}"))
        return question, self._answer(entry, intent)

    def conversation(self) -> list[tuple[str, str]]:
        """A whole conversation."""
        messages = []
        if self.random.random() < 0.08:
            messages.append(("system", self.random.choice(SYSTEM)))
        question, answer, entry = self.turn()
        messages += [("user", question), ("assistant", answer)]
        if entry and self.random.random() < 0.12:
            follow = self.follow_up(entry)
            if follow:
                messages += [("user", follow[0]), ("assistant", follow[1])]
        elif self.random.random() < 0.06:
            question, answer, _ = self.turn({**KINDS, "story": 0 if len(answer) > 600 else 5})
            messages += [("user", question), ("assistant", answer)]
        return messages
