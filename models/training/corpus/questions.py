"""Makes questions: a pattern, its slots filled, and paraphrase operators on top."""

import re
from random import Random

from corpus import content, noise
from corpus.pattern import draw

SLOT = re.compile(r"\{(\w+)\}")
CONSONANTS = (*"bcdfghjklmnprstvwz", *("br cl dr fl gr pl st tr sh th".split()))
VOWELS = (*"aeiouaeio", *("ee oo ai ou".split()))
NUMBER_WORDS = "two three four five six seven eight nine ten twelve twenty fifty hundred".split()


class QuestionMaker:
    """Draws questions; everything random comes from the one generator that it is given."""

    def __init__(self, random: Random):
        self.random = random
        self.words = content.words()
        self.shapes = content.shapes()
        self.names = {}

    def nonsense(self) -> str:
        """A word that does not exist, so that what is unknown is treated as unknown."""
        pick = self.random.choice
        syllables = self.random.choice((2, 2, 3))
        return "".join(pick(CONSONANTS) + pick(VOWELS) for _ in range(syllables)) + pick(
            ("", "n", "r", "x", "sk", "ng", "t")
        )

    def number(self) -> str:
        """A number as people type it."""
        if self.random.random() < 0.12:
            return self.random.choice(NUMBER_WORDS)
        return str(self.random.randrange(10 ** self.random.choice((1, 2, 2, 3, 4))))

    def fill(self, text: str, **values: str) -> str:
        """Fills the slots of a pattern that was drawn."""

        def value(match: re.Match) -> str:
            name = match.group(1)
            if name in values:
                return values[name]
            if name == "nonsense":
                return self.nonsense()
            if name == "number":
                return self.number()
            return self.random.choice(self.words[name])

        return SLOT.sub(value, text)

    def of_shape(self, shape: str, **values: str) -> str:
        """A question of a shape in shapes.txt, every pattern equally likely."""
        return self.fill(draw(self.random.choice(self.shapes[shape]), self.random), **values)

    def of_entry(self, entry: content.Entry, intent: str) -> str:
        """A question about a named entry."""
        name = self.random.choice(entry.names)
        if self.random.random() < 0.12:
            name = content.bare(name)
        return self.of_shape(intent, t=name, n=content.bare(name))

    def own(self, entry: content.Entry, intent: str) -> str:
        """A question of the entry's own list."""
        pattern = self.random.choice(entry.questions[intent])
        return self.fill(draw(pattern, self.random))

    def difference(self, first: content.Entry, second: content.Entry) -> str:
        """A question about two entries, in either order."""
        pair = [first, second]
        self.random.shuffle(pair)
        a, b = (self.random.choice(entry.names) for entry in pair)
        return self.of_shape("difference", a=a, b=b)

    def spoken(self, text: str) -> str:
        """The question as somebody might really type it."""
        random = self.random
        for chance, change in (
            (0.14, noise.synonym),
            (0.08, noise.short_form),
            (0.05, noise.drop_small_words),
            (0.02, noise.turn_around),
            (0.05, noise.typo),
        ):
            if random.random() < chance:
                text = change(text, random)
        if random.random() < 0.06:
            text = noise.insert_filler(text, self.words["filler"], random)
        return noise.letter_case(self._framed(noise.punctuate(text, random)), random)

    def _framed(self, text: str) -> str:
        """Now and then something is said before or after the question."""
        random = self.random
        if random.random() < 0.10:
            text = self.of_shape("opener") + random.choice((", ", ". ", "! ", ": ", " - ")) + text
        if random.random() < 0.07:
            text = text + random.choice((" ", " ", ", ", ". ")) + self.of_shape("closer")
        return text
