"""Talks to a Serving server through LangChain.

usage: python langchain_chat.py [http://127.0.0.1:8000]
"""

import sys

from langchain_openai import ChatOpenAI, OpenAI


def main(server: str) -> None:
    common = dict(base_url=f"{server}/v1", api_key="none", model="serving-demo", temperature=0)
    chat = ChatOpenAI(max_tokens=8, **common)
    first = chat.invoke("What is a slice?")
    assert first.content and first.usage_metadata["output_tokens"] <= 8
    print("ok  invoke")

    assert "".join(piece.content for piece in chat.stream("What is a slice?")) == first.content
    print("ok  stream")

    again = chat.invoke([("system", "Be brief."), ("user", "What is a slice?"), first, ("user", "Why?")])
    assert again.usage_metadata["input_tokens"] > first.usage_metadata["input_tokens"]
    print("ok  history")

    tokens = chat.bind(logprobs=True, top_logprobs=2).invoke("a").response_metadata["logprobs"]
    assert all(len(token["top_logprobs"]) == 2 for token in tokens["content"])
    print("ok  logprobs")

    completion = OpenAI(max_tokens=8, **common)
    alone = [completion.invoke(prompt) for prompt in ("A slice is", "A span is")]
    assert completion.batch(["A slice is", "A span is"]) == alone
    print("ok  completions")

    try:
        chat.with_structured_output({"title": "t", "type": "object", "properties": {}}).invoke("a")
    except Exception as refusal:
        assert "response_format" in str(refusal), refusal
        print("ok  refusal")


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8000")
