"""Scores multiple-choice questions as evaluation harnesses do: which answer is the likeliest after its question.

usage: python scoring.py [http://127.0.0.1:8000]
"""

import os
import sys

import openai

# A question, its possible answers, and which of them the small model has learnt.
QUESTIONS = [
    ("What is a slice?\n", ["A slice is", "Potatoes with salt", "!!! 42 ///"], 0),
    ("How do I start the server?\n", ["./serving serve", "\u2603\u2603\u2603", "zq xv kj"], 0),
    ("A trace is a tree of", [" spans", " bananas", " qqqq"], 0),
]


def main(server: str) -> None:
    client = openai.OpenAI(
        base_url=f"{server}/v1", api_key=os.environ.get("OPENAI_API_KEY", "none"), timeout=60
    )
    model = client.models.list().data[0].id
    for question, answers, right in QUESTIONS:
        scores = [likelihood(client, model, question, answer) for answer in answers]
        assert scores.index(max(scores)) == right, (question, scores)
        print(f"ok  {question.strip()} {[round(score, 1) for score in scores]}")
    whole_batch(client, model)


def likelihood(client: openai.OpenAI, model: str, question: str, answer: str) -> float:
    """The mean log-probability of the tokens that the answer adds to the question."""
    scored = score(client, model, question + answer)
    tokens = scored.logprobs
    assert scored.text == question + answer
    assert tokens.token_logprobs[0] is None, "nothing comes before the first token"
    own = [
        chance
        for chance, place in zip(tokens.token_logprobs, tokens.text_offset)
        if place >= len(question)
    ]
    assert own and all(chance <= 0 for chance in own)
    return sum(own) / len(own)


def score(client: openai.OpenAI, model: str, text):
    answer = client.completions.create(
        model=model, prompt=text, echo=True, logprobs=1, max_tokens=0, temperature=0
    )
    assert answer.usage.completion_tokens == 0
    return answer.choices[0]


def whole_batch(client: openai.OpenAI, model: str) -> None:
    """Many prompts in one request score as each does alone, to the last bit."""
    texts = [question + answers[0] for question, answers, _ in QUESTIONS]
    batch = client.completions.create(
        model=model, prompt=texts, echo=True, logprobs=1, max_tokens=0, temperature=0
    )
    assert [choice.index for choice in batch.choices] == list(range(len(texts)))
    for text, choice in zip(texts, batch.choices):
        alone = score(client, model, text)
        assert choice.logprobs.token_logprobs == alone.logprobs.token_logprobs
        assert choice.logprobs.tokens == alone.logprobs.tokens
    print("ok  whole_batch")


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8000")
