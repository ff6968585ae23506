"""Renders small templates as transformers does, for serving-template's tests.

    pip install transformers jinja2
    python tools/parity/template_golden.py serving-template/src/test/resources/template

Reads snippets.txt there (one template a line, \u23ce for a line end; lines that begin with ## are
headings) and every *.jinja, and writes golden.json: for each template what came out, or the kind
and the text of the error.
"""

import datetime
import json
import pathlib
import sys

from transformers.utils import chat_template_utils

VARIABLES = {
    "messages": [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": "  Hello, <World>! \n Ünï 😀 "},
        {"role": "assistant", "content": None, "tool_calls": [
            {"id": "c1", "type": "function", "function": {
                "name": "weather", "arguments": {"city": "Köln", "days": 3, "hot": True}}}]},
        {"role": "tool", "tool_call_id": "c1", "content": "12.5 °C"},
        {"role": "user", "content": [{"type": "text", "text": "and now?"}, {"type": "image"}]},
    ],
    "tools": [{"type": "function", "function": {
        "name": "weather", "description": "Says \"how\" it is\n", "parameters": {
            "type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}}}],
    "documents": None,
    "add_generation_prompt": True,
    "bos_token": "<s>",
    "eos_token": "</s>",
    "s": "The quick\tbrown  fox",
    "e": "",
    "n": None,
    "t": True,
    "i": 7,
    "neg": -7,
    "big": 12345678901234567890,
    "f": 2.5,
    "tiny": 1e-7,
    "l": [3, 1, 2],
    "ls": ["b", "A", "c"],
    "d": {"b": 1, "a": [1, {"x": None}], "C": "z"},
    "evil": "{{ 7 * 7 }}{% if x %}",
}


class Frozen(datetime.datetime):
    @classmethod
    def now(cls, tz=None):
        return cls(2024, 7, 6, 9, 5, 3)


def render(source):
    chat_template_utils._compile_jinja_template.cache_clear()
    try:
        out = chat_template_utils._compile_jinja_template(source).render(**VARIABLES)
        return {"template": source, "out": out}
    except Exception as e:  # every error is a result here
        return {"template": source, "error": type(e).__name__, "message": str(e)}


def main(folder):
    chat_template_utils.datetime = Frozen if hasattr(
        chat_template_utils.datetime, "now") else type("m", (), {"datetime": Frozen})
    golden = []
    for line in (folder / "snippets.txt").read_text().splitlines():
        if line and not line.startswith("##"):
            golden.append(render(line.replace("\u23ce", "\n")))
    for file in sorted(folder.glob("*.jinja")):
        golden.append(dict(render(file.read_text()), template=file.name))
    (folder / "variables.json").write_text(json.dumps(VARIABLES, indent=1) + "\n")
    rows = ",\n".join(json.dumps(row) for row in golden)
    (folder / "golden.json").write_text("[\n" + rows + "\n]\n")
    print(len(golden), sum("error" in row for row in golden))


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
