"""Asks with Python's own HTTP client, as part of a trace of the caller's own.

The header is all that is needed; a program with OpenTelemetry of its own sets it by
`opentelemetry.propagate.inject(headers)`, and its span is then the server's parent.

usage: python trace.py [http://127.0.0.1:8000]
"""

import json
import os
import secrets
import sys
from urllib.request import Request, urlopen


def ask(server: str, path: str, body: dict | None = None, **headers: str) -> dict:
    headers |= {"Authorization": f"Bearer {os.environ.get('OPENAI_API_KEY', 'none')}"}
    data = None if body is None else json.dumps(body).encode()
    request = Request(server + path, data, {"Content-Type": "application/json", **headers})
    with urlopen(request, timeout=60) as answer:
        return json.load(answer)


def main(server: str) -> None:
    trace, span = secrets.token_hex(16), secrets.token_hex(8)
    model = ask(server, "/v1/models")["data"][0]["id"]
    messages = [{"role": "user", "content": "Hello!"}]
    answer = ask(
        server,
        "/v1/chat/completions",
        {"model": model, "max_tokens": 16, "messages": messages},
        traceparent=f"00-{trace}-{span}-01",
    )
    print(answer["choices"][0]["message"]["content"])
    print(f"trace {trace}")


main(sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8000")
