"""Talks to a Serving server through LiteLLM, as to an OpenAI server and as to vLLM.

usage: python litellm_chat.py [http://127.0.0.1:8000]
"""

import os
import sys

os.environ.setdefault("LITELLM_LOCAL_MODEL_COST_MAP", "True")  # no list of prices is fetched

import litellm  # noqa: E402

ASKED = {"role": "user", "content": "What is a slice?"}


def main(server: str) -> None:
    common = dict(api_base=f"{server}/v1", api_key="none", max_tokens=8, temperature=0)
    for provider in ("openai", "hosted_vllm"):
        model = f"{provider}/serving-demo"
        first = litellm.completion(model=model, messages=[ASKED], **common)
        text = first.choices[0].message.content
        assert text and first.usage.completion_tokens <= 8
        pieces = litellm.completion(
            model=model,
            messages=[ASKED],
            stream=True,
            stream_options={"include_usage": True},
            **common,
        )
        streamed = "".join(p.choices[0].delta.content or "" for p in pieces if p.choices)
        assert streamed == text, (streamed, text)
        dumped = first.choices[0].message.model_dump()
        again = litellm.completion(model=model, messages=[ASKED, dumped, ASKED], **common)
        assert again.usage.prompt_tokens > 2 * first.usage.prompt_tokens
        print(f"ok  {provider}")
    completion = litellm.text_completion(
        model="text-completion-openai/serving-demo", prompt="A slice is", **common
    )
    assert completion.choices[0].text
    print("ok  text_completion")


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8000")
