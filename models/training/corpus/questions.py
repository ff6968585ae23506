"""Makes questions: a pattern, its slots filled, and paraphrase operators on top."""

import re
from random import Random

from corpus import content, noise
from corpus.pattern import draw

SLOT = re.compile(r"\{(\w+)\}")
CONSONANTS = (*"bcdfghjklmnprstvwz", *("br cl dr fl gr pl st tr sh th".split()))
VOWELS = (*"aeiouaeio", *("ee oo ai ou".split()))
NUMBER_WORDS = "two three four five six seven eight nine ten twelve twenty fifty hundred".split()
ALSO_SHARE = 0.4
KEYWORDS_SHARE = 0.1
KEYWORDS = {
    "what": ("what", "meaning", "definition", "explain", "is", "means", "info", "about", "?"),
    "why": ("why", "use", "purpose", "benefit", "reason", "point", "good for", "what for"),
    "where": ("where", "see", "find", "show", "viewer", "look", "visible"),
    "how": ("how", "set", "use", "change", "configure", "do", "tune", "steps"),
}


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
        described = entry.also and self.random.random() < ALSO_SHARE
        name = self.random.choice(entry.also if described else entry.names)
        if self.random.random() < 0.12:
            name = content.bare(name)
        if self.random.random() < KEYWORDS_SHARE:
            return self.keywords(name, intent)
        return self.of_shape(intent, t=name, n=content.bare(name))

    def keywords(self, name: str, intent: str) -> str:
        """A name with a word or two around it, as people type it into a search box."""
        parts = [noise.drop_small_words(content.bare(name), self.random)]
        parts += self.random.sample(KEYWORDS[intent], self.random.choice((0, 1, 1, 2)))
        self.random.shuffle(parts)
        return " ".join(parts)

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
            (0.22, noise.synonym),
            (0.10, noise.synonym),
            (0.10, noise.short_form),
            (0.09, noise.drop_small_words),
            (0.03, noise.drop_word),
            (0.04, noise.swap_words),
            (0.03, noise.turn_around),
            (0.07, noise.typo),
        ):
            if random.random() < chance:
                text = change(text, random)
        if random.random() < 0.08:
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
