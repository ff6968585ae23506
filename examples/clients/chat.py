"""Talks to a Serving server with the official Python client, in every way it supports.

usage: python chat.py [http://127.0.0.1:8000]
"""

import os
import sys
from concurrent.futures import ThreadPoolExecutor

import openai


def main(server: str) -> None:
    client = openai.OpenAI(
        base_url=f"{server}/v1", api_key=os.environ.get("OPENAI_API_KEY", "none"), timeout=60
    )
    model = client.models.list().data[0].id
    assert client.models.retrieve(model).id == model
    for check in CHECKS:
        check(client, model)
        print(f"ok  {check.__name__}")


MESSAGES = [{"role": "user", "content": "Hello! Who are you?"}]


def chat(client: openai.OpenAI, model: str) -> None:
    answer = client.chat.completions.create(
        model=model, messages=MESSAGES, max_completion_tokens=24, user="ann", seed=1
    )
    assert answer.choices[0].message.role == "assistant"
    assert answer.choices[0].finish_reason in ("stop", "length")
    assert answer.usage.total_tokens == answer.usage.prompt_tokens + answer.usage.completion_tokens
    print(f"    {answer.choices[0].message.content!r}")


def streamed_chat(client: openai.OpenAI, model: str) -> None:
    stream = client.chat.completions.create(
        model=model,
        messages=MESSAGES,
        max_tokens=24,
        temperature=0,
        stream=True,
        stream_options={"include_usage": True},
    )
    chunks = list(stream)
    text = "".join(c.choices[0].delta.content or "" for c in chunks if c.choices)
    whole = client.chat.completions.create(
        model=model, messages=MESSAGES, max_tokens=24, temperature=0
    )
    assert text == whole.choices[0].message.content, (text, whole)
    assert chunks[-1].usage.completion_tokens == whole.usage.completion_tokens


def choices(client: openai.OpenAI, model: str) -> None:
    answer = client.chat.completions.create(
        model=model, messages=MESSAGES, max_tokens=4, n=3, logprobs=True, top_logprobs=2
    )
    assert [c.index for c in answer.choices] == [0, 1, 2]
    for choice in answer.choices:
        assert choice.logprobs.content[0].logprob <= 0


def completions(client: openai.OpenAI, model: str) -> None:
    prompts = ["Once upon a time", "The weather is"]
    answer = client.completions.create(model=model, prompt=prompts, max_tokens=8, echo=True)
    assert len(answer.choices) == 2
    for prompt, choice in zip(prompts, answer.choices):
        assert choice.text.startswith(prompt), choice


def streamed_completion(client: openai.OpenAI, model: str) -> None:
    stream = client.completions.create(model=model, prompt="Once", max_tokens=8, stream=True)
    reasons = [c.choices[0].finish_reason for c in stream]
    assert reasons[-1] in ("stop", "length") and not any(reasons[:-1]), reasons


def errors(client: openai.OpenAI, model: str) -> None:
    def refused(kind: type, **arguments) -> openai.APIStatusError:
        try:
            client.chat.completions.create(**{"model": model, "messages": MESSAGES, **arguments})
        except kind as error:
            return error
        raise AssertionError(f"{arguments} was not refused")

    assert refused(openai.BadRequestError, temperature=9).body["param"] == "temperature"
    assert refused(openai.NotFoundError, model="no-such").body["code"] == "model_not_found"
    assert refused(openai.UnprocessableEntityError, modalities=["audio"]).status_code == 422


def retries(client: openai.OpenAI, model: str) -> None:
    """A server with more than it can take says when to come again, and the client does."""
    patient = client.with_options(max_retries=50).chat.completions.with_raw_response

    def ask(_: int) -> int:
        raw = patient.create(
            model=model, messages=MESSAGES, max_tokens=200, extra_body={"ignore_eos": True}
        )
        assert raw.parse().usage.completion_tokens == 200
        return raw.retries_taken

    with ThreadPoolExecutor(8) as pool:
        print(f"    retried {sum(pool.map(ask, range(8)))} times")


def leaving(client: openai.OpenAI, model: str) -> None:
    stream = client.chat.completions.create(
        model=model, messages=MESSAGES, max_tokens=200, stream=True
    )
    next(iter(stream))
    stream.close()  # the server notices and lets go


CHECKS = (
    chat,
    streamed_chat,
    choices,
    completions,
    streamed_completion,
    errors,
    retries,
    leaving,
)

if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8000")
