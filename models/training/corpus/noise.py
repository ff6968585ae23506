"""Paraphrase operators: what people do to a question without changing what they ask."""

import re
from random import Random

SYNONYMS = {
    "explain": ("clarify", "unpack", "illustrate", "outline", "spell out"),
    "describe": ("outline", "sketch", "characterize", "depict"),
    "show": ("display", "present", "point out", "let me see"),
    "start": ("launch", "begin", "kick off", "get going"),
    "slow": ("sluggish", "laggy", "delayed", "crawling", "not fast"),
    "fast": ("quick", "rapid", "speedy", "snappy"),
    "find": ("locate", "discover", "track down", "spot"),
    "change": ("alter", "modify", "adjust", "edit"),
    "important": ("relevant", "essential", "significant", "vital", "crucial"),
    "useful": ("handy", "valuable", "practical", "beneficial"),
    "use": ("employ", "apply", "make use of", "work with"),
    "need": ("require", "want", "have to have"),
    "happens": ("occurs", "goes on", "takes place", "is going on"),
    "difference": ("distinction", "contrast", "gap"),
    "meaning": ("sense", "significance", "definition"),
    "tell": ("inform", "show", "teach"),
    "stop": ("halt", "end", "terminate", "quit"),
    "many": ("lots of", "numerous", "plenty of", "several"),
    "big": ("large", "huge", "enormous", "massive"),
    "small": ("tiny", "little", "short"),
    "wait": ("hang around", "sit", "pause"),
    "get": ("obtain", "receive", "have"),
    "see": ("view", "observe", "look at", "notice"),
    "understand": ("grasp", "comprehend", "figure out", "get"),
    "know": ("learn", "understand", "find out"),
    "nice": ("pleasant", "sweet", "charming", "cosy"),
    "short": ("brief", "quick", "tiny"),
    "tale": ("story", "yarn", "narrative"),
    "people": ("folks", "everyone", "users", "customers"),
    "problem": ("issue", "trouble", "difficulty"),
    "picture": ("chart", "diagram", "view", "drawing"),
    "dies": ("breaks", "is gone", "vanishes", "collapses"),
    "server": ("service", "thing", "program", "machine", "system", "software"),
    "request": ("call", "query", "prompt", "job", "message"),
    "answer": ("reply", "response", "output", "result"),
    "model": ("network", "LLM", "checkpoint"),
    "word": ("bit of text", "piece of text", "character"),
    "first": ("initial", "very first", "earliest"),
    "memory": ("RAM", "room", "space"),
    "viewer": ("page", "UI", "web page", "browser", "display"),
    "shown": ("displayed", "drawn", "presented", "rendered"),
    "make": ("produce", "create", "let", "have"),
    "give": ("hand", "offer", "provide", "show"),
    "send": ("ship", "transmit", "pass", "forward", "deliver"),
    "run": ("execute", "operate", "work", "start"),
    "set": ("choose", "specify", "put", "define", "adjust"),
    "turn on": ("enable", "activate", "switch on"),
    "wait for": ("await", "hang on for", "stand in line for"),
    "why": ("how come", "for what reason", "what makes that"),
    "how do I": ("how to", "how can one", "what do I do to", "the way to", "how would I"),
    "what is": ("what's", "define", "explain", "describe", "tell me about"),
    "what does": ("what would", "what will", "what might"),
    "where": ("in which place", "at what point", "whereabouts"),
    "each": ("every", "any", "every single"),
    "all": ("every one of", "the whole of", "any"),
    "several": ("multiple", "a few", "various", "some"),
    "long": ("lengthy", "extended", "big"),
    "text": ("words", "writing", "content"),
    "part": ("piece", "portion", "bit", "section"),
    "stage": ("step", "phase", "part"),
    "thread": ("worker thread", "execution thread"),
    "number": ("count", "amount", "figure"),
    "users": ("people", "visitors", "callers", "clients"),
    "want": ("would like", "wish", "need", "intend"),
    "good": ("fine", "great", "helpful", "worthwhile"),
    "say": ("state", "mention", "specify"),
    "work": ("function", "operate", "go"),
    "else": ("other", "in addition", "more"),
    "after": ("once", "following", "as soon as"),
    "before": ("until", "prior to", "ahead of"),
    "lost": ("missing", "gone", "dropped"),
    "fails": ("breaks", "goes wrong", "stops working", "has an error"),
    "option": ("setting", "parameter", "switch", "flag"),
    "like": ("such as", "similar to", "as with"),
    "can": ("could", "may", "might", "is it possible to"),
    "please": ("kindly", "if you would", "be so kind"),
}
SHORT_FORMS = (
    ("what is", "what's"),
    ("do not", "don't"),
    ("does not", "doesn't"),
    ("is not", "isn't"),
    ("I am", "I'm"),
    ("I would", "I'd"),
    ("cannot", "can't"),
    ("it is", "it's"),
    ("you are", "you're"),
    ("please", "pls"),
    ("you", "u"),
    ("are", "r"),
)
SMALL_WORDS = frozenset(
    ("a", "an", "the", "is", "are", "do", "does", "to", "of", "in", "for", "me", "my", "it")
    + ("this", "that", "can", "you", "i", "and", "so", "please", "what", "how")
)
QUESTION = re.compile(
    r"^(what|why|how|where|who|which|when|can|could|is|are|do|does|will|would|should|may|must|any)\b",
    re.IGNORECASE,
)


def synonym(text: str, random: Random) -> str:
    """Replaces one word by another of about the same meaning."""
    known = [word for word in SYNONYMS if re.search(rf"\b{word}\b", text)]
    if not known:
        return text
    word = random.choice(known)
    return re.sub(rf"\b{word}\b", random.choice(SYNONYMS[word]), text, count=1)


def short_form(text: str, random: Random) -> str:
    """Contracts as people do in a chat."""
    long, short = random.choice(SHORT_FORMS)
    return re.sub(rf"\b{long}\b", short, text, flags=re.IGNORECASE)


def typo(text: str, random: Random) -> str:
    """One letter lost, doubled or swapped, never the first one of a word."""
    places = [match.start() for match in re.finditer(r"(?<=[a-z])[a-z](?=[a-z])", text)]
    if not places:
        return text
    at = random.choice(places)
    slip = random.randrange(3)
    if slip == 0:
        return text[:at] + text[at + 1 :]
    if slip == 1:
        return text[:at] + text[at] + text[at:]
    return text[:at] + text[at + 1] + text[at] + text[at + 2 :]


def drop_small_words(text: str, random: Random) -> str:
    """Telegram style: some of the small words are missing."""
    kept = [
        word for word in text.split() if word.lower() not in SMALL_WORDS or random.random() < 0.4
    ]
    return " ".join(kept) or text


def drop_word(text: str, random: Random) -> str:
    """Any one word is missing."""
    parts = text.split()
    if len(parts) > 3:
        del parts[random.randrange(len(parts))]
    return " ".join(parts)


def swap_words(text: str, random: Random) -> str:
    """Two neighbouring words have changed places."""
    parts = text.split()
    if len(parts) > 2:
        at = random.randrange(len(parts) - 1)
        parts[at : at + 2] = reversed(parts[at : at + 2])
    return " ".join(parts)


def insert_filler(text: str, fillers: list[str], random: Random) -> str:
    """One or two words that change nothing."""
    parts = text.split()
    for _ in range(random.choice((1, 1, 2))):
        parts.insert(random.randrange(len(parts) + 1), random.choice(fillers))
    return " ".join(parts)


def turn_around(text: str, random: Random) -> str:
    """Moves the end of the question to its front, as in 'a span, what is'."""
    parts = text.split()
    if len(parts) < 4:
        return text
    cut = random.randrange(2, len(parts))
    return " ".join(parts[cut:]) + random.choice((", ", " - ", ": ", " ")) + " ".join(parts[:cut])


def punctuate(text: str, random: Random) -> str:
    """Ends the question as it should, or carelessly."""
    ending = "?" if QUESTION.match(text) else random.choice((".", ".", "?", "!"))
    roll = random.random()
    if roll < 0.30:
        ending = ""
    elif roll < 0.34:
        ending = random.choice(("??", "...", " ?", "!", "?!"))
    return text if text and text[-1] in ".?!" else text + ending


def letter_case(text: str, random: Random) -> str:
    """Mostly a capital at the start, often none at all, rarely nothing else."""
    roll = random.random()
    if roll < 0.32:
        return text.lower()
    if roll < 0.34:
        return text.upper()
    return text if roll < 0.45 else text[:1].upper() + text[1:]
