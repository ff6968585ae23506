"""Conversations as padded batches: every one starts at position 0, as it will when it is served."""

import json
from pathlib import Path
from random import Random

import numpy as np
import torch

from network import Size

USER_WEIGHT = 0.05
ROUND = 8  # few shapes, so that what is cached for each stays small
FIRST_TOKENS = 6
FIRST_WEIGHT = 4.0
PIECES_SHARE = 0.12
PIECES_DROPOUT = 0.1
CUT_SHARE = 0.75
CUT_AT = 14
BLIND_SHARE = 0.5
BLIND_RATE = 0.10
SPECIAL_TOKENS = 3


class Encoder:
    """Turns conversations into token ids and the weight of each token in the loss.

    Answers weigh 1, and their first tokens more, because those decide which answer it will be.
    The user's text weighs a little; it teaches what words go together. Most last answers stop
    after their first tokens, so that the time goes into questions: whoever has begun an answer
    recites the rest after a few times. In a share of the conversations the user's words are cut
    into other pieces than usual (BPE dropout), so that a misspelt or unknown word, which also
    falls into odd pieces, is nothing strange.
    """

    def __init__(self, tokenizer, context: int):
        self.tokenizer = tokenizer
        self.context = context
        self.start = tokenizer.token_to_id("<|im_start|>")
        self.end = tokenizer.token_to_id("<|im_end|>")
        self.newline = tokenizer.encode("\n").ids
        self.heads = {
            role: tokenizer.encode(f"{role}\n").ids for role in ("system", "user", "assistant")
        }
        self.known = {}

    def text(self, text: str, in_pieces: bool = False) -> list[int]:
        """Token ids of a text."""
        if not in_pieces:
            if text not in self.known:
                self.known[text] = self.tokenizer.encode(text).ids
            return self.known[text]
        self.tokenizer.model.dropout = PIECES_DROPOUT
        ids = self.tokenizer.encode(text).ids
        self.tokenizer.model.dropout = None
        return ids

    def conversation(self, messages, in_pieces: bool = False, cut: bool = False):
        """(ids, weights) of a conversation, cut at the context.

        With `cut` the last answer stops after its first tokens.
        """
        ids, weights = [], []
        for turn, (role, text) in enumerate(messages):
            answering = role == "assistant"
            body = [*self.text(text, in_pieces and not answering), self.end]
            if cut and turn == len(messages) - 1:
                body = body[:CUT_AT]
            head = [self.start, *self.heads[role]]
            ids += [*head, *body, *self.newline]
            first = min(FIRST_TOKENS, len(body)) if answering else 0
            rest = 1.0 if answering else USER_WEIGHT
            weights += [0.0] * len(head) + [FIRST_WEIGHT] * first + [rest] * (len(body) - first)
            weights += [0.0] * len(self.newline)
        return ids[: self.context], weights[: self.context]


def encode_corpus(corpus: Path, encoder: Encoder, seed: int):
    """All conversations of a corpus, as a list of (ids, weights) arrays."""
    random = Random(seed)
    encoded = []
    with corpus.open(encoding="utf-8") as lines:
        for line in lines:
            ids, weights = encoder.conversation(
                json.loads(line), random.random() < PIECES_SHARE, random.random() < CUT_SHARE
            )
            encoded.append((np.array(ids, np.int16), np.array(weights, np.float32)))
    return encoded


def plan(lengths: list[int], tokens: int, seed: int) -> list[list[int]]:
    """One epoch: batches of conversations of like length, about `tokens` tokens each, shuffled."""
    random = Random(seed)
    rounded = [length + -length % ROUND for length in lengths]
    order = sorted(range(len(lengths)), key=lambda i: (rounded[i], random.random()))
    batches, current = [], []
    for index in order:
        if current and rounded[index] * (len(current) + 1) > tokens:
            batches.append(current)
            current = []
        current.append(index)
    batches.append(current)
    random.shuffle(batches)
    return batches


def blinded(ids: np.ndarray, weights: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """The ids, with some of the user's tokens replaced by others in a share of the rows.

    So no single word of a question decides about its answer.
    """
    asked = (weights > 0) & (weights < 1) & (ids >= SPECIAL_TOKENS)
    rows = random.random((len(ids), 1)) < BLIND_SHARE
    chosen = asked & rows & (random.random(ids.shape) < BLIND_RATE)
    changed = ids.copy()
    changed[chosen] = random.integers(SPECIAL_TOKENS, Size().vocabulary, chosen.sum())
    return changed


def collate(items, random: np.random.Generator | None = None):
    """Pads items to (inputs, targets, weights) tensors [batch, length].

    With a generator, the inputs are blinded.
    """
    length = max(len(ids) for ids, _ in items)
    length += -length % ROUND + 1
    ids = np.zeros((len(items), length), np.int64)
    weights = np.zeros((len(items), length), np.float32)
    for row, (item, weight) in enumerate(items):
        ids[row, : len(item)] = item
        weights[row, : len(item)] = weight
    inputs = ids if random is None else blinded(ids, weights, random)
    inputs, targets, weights = (torch.from_numpy(a) for a in (inputs, ids, weights))
    return inputs[:, :-1], targets[:, 1:], weights[:, 1:]
