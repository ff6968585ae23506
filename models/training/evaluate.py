"""Evaluates the shipped model on held-out questions, stories and perplexity.

Held-out questions (questions/blind.tsv, plain ones of a newcomer, and questions/heldout.tsv, put in
harder ways; the generator reads neither) are answered greedily.
An answer is right if, of all answers in the content, the one nearest to it is among those that the
file names for the question, and is at least 0.8 like it (difflib's ratio over words). So an
answer that is garbled, or mixed from two, is wrong, and so is a fluent one about something else.

Stories (questions/stories.txt) are sampled as generation_config.json says, from a fixed seed. One
counts if it has at least 80 words, ends by itself, and repeats no sentence.

Perplexity is that of the answers' tokens in conversations that the training has not seen (another
seed of the generator, none of whose questions is in the training corpus), and in the hand-written
held-out questions with the first right answer of each.

    python models/training/evaluate.py
"""

import argparse
import math
import re
from difflib import SequenceMatcher
from pathlib import Path

import torch

from answering import DEMO, Answerer
from batches import Encoder
from corpus.content import catalog
from corpus.conversations import LIMITS, Conversations
from ngrams import NGrams

QUESTIONS = Path(__file__).parent / "questions"
LIKE_ENOUGH = 0.8
STORY_WORDS = 80
STORY_SEED = 1
HELD_OUT = [QUESTIONS / "blind.tsv", QUESTIONS / "heldout.tsv"]
PARTS = ["questions", "stories", "perplexity"]
HELD_OUT_SEED = 1_000_003
HELD_OUT_CONVERSATIONS = 400
GROUPS = {"limit": {*LIMITS, "cannot"}}


def questions(path: Path) -> list[tuple[str, set[str]]]:
    """(question, accepted keys) of a file of questions."""
    lines = path.read_text(encoding="utf-8").splitlines()
    pairs = (line.split("\t") for line in lines if line and not line.startswith("#"))
    return [(question, set(keys.split(","))) for question, keys in pairs]


def words(text: str) -> list[str]:
    """Lower-case words, for comparing."""
    return re.findall(r"[\w/-]+", text.lower())


def nearest(answer: str, answers: dict[str, list[str]]) -> tuple[str, float]:
    """The key of the answer most like this one, and how much."""
    best, likeness = "", -1.0
    matcher = SequenceMatcher(autojunk=False)
    matcher.set_seq2(words(answer))
    for key, texts in answers.items():
        for text in texts:
            matcher.set_seq1(words(text))
            if matcher.real_quick_ratio() > likeness and matcher.quick_ratio() > likeness:
                ratio = matcher.ratio()
                if ratio > likeness:
                    best, likeness = key, ratio
    return best, likeness


def accepted(key: str, keys: set[str]) -> bool:
    """Whether an answer's key is among the accepted ones, each a key, `key.intent` or a group."""
    if "story" in keys and key.startswith("story."):
        return True
    names = set().union(*(GROUPS.get(name, {name}) for name in keys))
    return key in names or (key.split(".")[0] in names and not key.startswith("story."))


def evaluate_questions(answerer: Answerer, path: Path, verbose: bool) -> None:
    """Prints the share of right answers; each one only if asked to, lest one learns from them."""
    asked, answers = questions(path), catalog()
    right = 0
    given = answerer.answers([question for question, _ in asked])
    for (question, keys), (answer, _) in zip(asked, given, strict=True):
        key, likeness = nearest(answer, answers)
        good = accepted(key, keys) and likeness >= LIKE_ENOUGH
        right += good
        if verbose:
            print(f"  {'right' if good else 'WRONG'} {likeness:.2f} {key:24} {question}")
    print(f"{path.name}: {right} of {len(asked)} right = {right / len(asked):.3f}")


def evaluate_stories(answerer: Answerer) -> None:
    """Prints the share of stories that are whole."""
    requests = (QUESTIONS / "stories.txt").read_text(encoding="utf-8").splitlines()
    requests = [line for line in requests if line and not line.startswith("#")]
    good, different, lengths = 0, set(), []
    told = answerer.answers(requests, STORY_SEED)
    for request, (story, ended) in zip(requests, told, strict=True):
        sentences = [" ".join(words(s)) for s in re.split(r'(?<=[.!?])"?\s+', story)]
        sentences = [sentence for sentence in sentences if sentence]
        whole = ended and len(set(sentences)) == len(sentences)
        whole = whole and len(story.split()) >= STORY_WORDS
        good += whole
        different.add(story)
        lengths.append(len(story.split()))
    print(
        f"stories: {good} of {len(requests)} whole = {good / len(requests):.3f}; "
        f"{len(different)} different; {min(lengths)} to {max(lengths)} words"
    )


def scored(encoder: Encoder, conversations):
    """(ids, positions of answer tokens) of conversations."""
    for messages in conversations:
        ids, weights = encoder.conversation(messages)
        yield ids, [at for at, weight in enumerate(weights) if weight >= 1]


def network_perplexity(answerer: Answerer, texts) -> float:
    """Perplexity of the network on the answers' tokens."""
    total, count = 0.0, 0
    for ids, positions in texts:
        with torch.no_grad():
            logits = answerer.model(torch.tensor([ids])).logits[0].log_softmax(-1)
        total -= sum(logits[at - 1, ids[at]].item() for at in positions)
        count += len(positions)
    return math.exp(total / count)


def ngram_perplexity(model: NGrams, texts) -> float:
    """Perplexity of an n-gram model on the same tokens."""
    total = -sum(model.log_probability(ids, at) for ids, positions in texts for at in positions)
    return math.exp(total / sum(len(positions) for _, positions in texts))


def evaluate_perplexity(answerer: Answerer, training, held_out: dict[str, list]) -> None:
    """Prints perplexities of the network, a unigram and a 5-gram model on each held-out text."""
    encoder = Encoder(answerer.tokenizer.backend_tokenizer, answerer.context)
    texts = {name: list(scored(encoder, talks)) for name, talks in held_out.items()}
    everything = [ids for name in texts for ids, _ in texts[name]]
    vocabulary = answerer.model.config.vocab_size
    models = {order: NGrams(order, vocabulary, everything) for order in (1, 5)}
    for messages in training:
        ids, _ = encoder.conversation(messages)
        for model in models.values():
            model.add(ids)
    for name, text in texts.items():
        print(
            f"perplexity, {name} ({sum(len(p) for _, p in text)} tokens): "
            f"network {network_perplexity(answerer, text):.3f}, "
            f"unigram {ngram_perplexity(models[1], text):.1f}, "
            f"5-gram {ngram_perplexity(models[5], text):.3f}"
        )


def unseen_conversations(training: set[str]):
    """Conversations of another seed, none of whose questions is in the training corpus."""
    source, found = Conversations(HELD_OUT_SEED), []
    while len(found) < HELD_OUT_CONVERSATIONS:
        messages = source.conversation()
        if not any(text in training for role, text in messages if role == "user"):
            found.append(messages)
    return found


def written_conversations(path: Path):
    """The hand-written questions, each with the first answer that is right for it."""
    answers = catalog()
    for question, keys in questions(path):
        for key, texts in answers.items():
            if accepted(key, keys):
                yield [("user", question), ("assistant", texts[0])]
                break


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", type=Path, default=DEMO)
    parser.add_argument("--questions", nargs="+", type=Path, default=HELD_OUT)
    parser.add_argument("--parts", nargs="+", default=PARTS, choices=PARTS)
    parser.add_argument("--verbose", action="store_true", help="print each question")
    parser.add_argument("--seed", type=int, default=7, help="of the training corpus")
    parser.add_argument("--count", type=int, default=160_000, help="of the training corpus")
    options = parser.parse_args()
    torch.set_num_threads(1)
    answerer = Answerer(options.model)
    if "questions" in options.parts:
        for path in options.questions:
            evaluate_questions(answerer, path, options.verbose)
    if "stories" in options.parts:
        evaluate_stories(answerer)
    if "perplexity" in options.parts:
        source = Conversations(options.seed)
        training = [source.conversation() for _ in range(options.count)]
        asked = {text for messages in training for role, text in messages if role == "user"}
        held_out = {"unseen conversations": unseen_conversations(asked)}
        for path in options.questions:
            known = sum(question in asked for question, _ in questions(path))
            print(f"{path.name}: {known} of its questions are in the training text")
            held_out[path.name] = list(written_conversations(path))
        evaluate_perplexity(answerer, training, held_out)


if __name__ == "__main__":
    main()
