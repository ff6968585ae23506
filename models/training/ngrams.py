"""A unigram and a 5-gram model over the same tokens, to compare the network's perplexity with."""

import math
from collections import Counter


class NGrams:
    """Interpolated n-grams with Witten-Bell smoothing, down to a uniform distribution.

    Only contexts that occur in the text to be scored are counted, so that a large corpus fits.
    """

    def __init__(self, order: int, vocabulary: int, scored: list[list[int]]):
        self.order = order
        self.vocabulary = vocabulary
        self.counts = {
            context: Counter()
            for ids in scored
            for at in range(len(ids))
            for context in self._contexts(ids, at)
        }

    def _contexts(self, ids: list[int], at: int):
        """The contexts of a position, the shortest first."""
        for length in range(min(self.order - 1, at) + 1):
            yield tuple(ids[at - length : at])

    def add(self, ids: list[int]) -> None:
        """Counts one text of the corpus."""
        counts = self.counts
        for at, token in enumerate(ids):
            for context in self._contexts(ids, at):
                found = counts.get(context)
                if found is None:
                    break
                found[token] += 1

    def log_probability(self, ids: list[int], at: int) -> float:
        """Natural logarithm of the probability of one token after those before it."""
        probability = 1 / self.vocabulary
        for context in self._contexts(ids, at):
            found = self.counts[context]
            total, kinds = found.total(), len(found)
            if total == 0:
                break
            probability = (found[ids[at]] + kinds * probability) / (total + kinds)
        return math.log(probability)
