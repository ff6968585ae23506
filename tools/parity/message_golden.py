"""Renders messages as clients send them with transformers, for serving-core's tests of chat prompts.

    pip install transformers jinja2
    python tools/parity/message_golden.py serving-core/src/test/resources/text/messages.json

Each template asks of a message what published templates ask: is a field there, is it null, is it empty. Each
conversation has a field absent, null, empty or full. What a template refuses is null in the result.

Messages reach the template as vLLM hands them over: tool_calls and function_call that are null or empty are
left out, arguments of calls are objects. All else is the client's, untouched.
"""

import json
import pathlib
import sys

from transformers.utils.chat_template_utils import render_jinja_template

EACH = "{%- for m in messages %}"
END = "{%- endfor %}"

TEMPLATES = {
    "the content": EACH + "{{- '[' + m.role + ']' + m.content }}" + END,
    "content that is there": EACH + "{{- m.role }}{%- if m.content %}={{ m.content }}{%- endif %};" + END,
    "content that is not none": EACH + "{{- m.role }}{%- if m.content is not none %}={{ m.content }}{%- endif %};" + END,
    "content that is a string": EACH + "{{- m.role }}{%- if m.content is string %}={{ m.content }}{%- else %} no text{%- endif %};" + END,
    "content by its key": EACH + "{{- 'content' in m }} {{ m['content'] is defined }};" + END,
    "content as it is": EACH + "{{- m.role }}: {{ m.content }};" + END,
    "calls that are there": EACH + "{%- if 'tool_calls' in m %}calls {{ m.tool_calls | length }}{%- else %}none{%- endif %};" + END,
    "calls as Qwen": EACH + "{{- m.role }}{%- if m.tool_calls %}{%- for c in m.tool_calls %}{%- if c.function %}{%- set c = c.function %}{%- endif %} {{ c.name }} {{ c.arguments | tojson }}{%- endfor %}{%- endif %};" + END,
    "calls with their ids": EACH + "{%- for c in m.tool_calls or [] %}{{ c.id }} {{ c.type }} {{ c.function }};{%- endfor %}" + END,
    "reasoning": EACH + "{%- if m.reasoning_content is defined and m.reasoning_content is not none %}<think>{{ m.reasoning_content }}</think>{%- endif %}{{ m.get('reasoning_content') }};" + END,
    "names": EACH + "{{- m.name if m.name is defined else 'nobody' }} {{ 'name' in m }};" + END,
    "a refusal": EACH + "{%- if m.refusal %}no: {{ m.refusal }}{%- endif %}{{ m.refusal is none }} {{ m.refusal is defined }};" + END,
    "the whole message": EACH + "{{- m | tojson }}\n" + END,
    "its keys": EACH + "{{- m | list | join(',') }};" + END,
    "a tool's answer": EACH + "{%- if m.role == 'tool' %}{{ m.tool_call_id }} {{ m.name | default('-') }} {{ m.content }}{%- endif %}" + END,
    "alternating": "{%- if messages[0].role == 'system' %}{%- set messages = messages[1:] %}{%- endif %}" + EACH
    + "{%- if (m.role == 'user') != (loop.index0 % 2 == 0) %}{{ raise_exception('roles must alternate') }}{%- endif %}{{ m.content }};" + END,
}

CALL = {"id": "c1", "type": "function", "function": {"name": "weather", "arguments": '{"city": "Köln", "days": [1, 2]}'}}
PLAIN = {"id": "c2", "type": "function", "function": {"name": "now", "arguments": "{}"}}


def ends(**fields):
    """A question, and an answer of the history with these fields."""
    return [{"role": "user", "content": "q"}, dict({"role": "assistant"}, **fields), {"role": "user", "content": "r"}]


CONVERSATIONS = [
    [{"role": "user", "content": "hi"}],
    [{"role": "user", "content": ""}],
    [{"role": "user", "content": None}],
    [{"role": "user"}],
    [{"role": "system", "content": ""}, {"role": "user", "content": " a\n"}],
    [{"role": "user", "content": "hi", "name": None}],
    [{"role": "user", "content": "hi", "name": ""}],
    [{"role": "user", "content": "hi", "name": "ann"}],
    ends(content="a"),
    ends(content=None),
    ends(),
    ends(content=""),
    ends(content="a", tool_calls=None),
    ends(content="a", tool_calls=[]),
    ends(content="a", tool_calls=None, function_call=None, refusal=None, audio=None, annotations=[]),
    ends(content=None, tool_calls=[CALL]),
    ends(tool_calls=[CALL, PLAIN]),
    ends(content="", tool_calls=[PLAIN], refusal=None, annotations=None),
    ends(content="a", refusal=""),
    ends(content=None, refusal="I will not"),
    ends(content="a", reasoning_content=None),
    ends(content="a", reasoning_content=""),
    ends(content="a", reasoning_content="hm"),
    ends(content="a", reasoning="hm", reasoning_details=[], provider_specific_fields={}),
    ends(content="a", thinking="hm", reasoning_content=None),
    ends(content="a", reasoning=None),
    [{"role": "user", "content": "q"}, {"role": "assistant", "content": None, "tool_calls": [CALL]},
     {"role": "tool", "tool_call_id": "c1", "content": ""}],
    [{"role": "user", "content": "q"}, {"role": "assistant", "content": None, "tool_calls": [CALL]},
     {"role": "tool", "tool_call_id": "c1", "name": "weather", "content": "12.5 °C"}],
    [{"role": "user", "content": "q"}, {"role": "assistant", "tool_calls": [PLAIN]}, {"role": "tool", "content": None}],
]


def handed_over(message):
    message = json.loads(json.dumps(message))
    for field in ("tool_calls", "function_call"):
        if field in message and not message[field]:
            del message[field]
    for call in message.get("tool_calls", []):
        call["function"]["arguments"] = json.loads(call["function"]["arguments"])
    return message


def render(template, conversation):
    try:
        rendered, _ = render_jinja_template(
            conversations=[[handed_over(m) for m in conversation]], chat_template=template)
        return rendered[0]
    except Exception:  # what a template refuses is a result
        return None


if __name__ == "__main__":
    texts = {name: [render(t, c) for c in CONVERSATIONS] for name, t in TEMPLATES.items()}
    golden = {"templates": TEMPLATES, "conversations": CONVERSATIONS, "texts": texts}
    pathlib.Path(sys.argv[1]).write_text(json.dumps(golden, indent=1) + "\n")
    print(sum(map(len, texts.values())), sum(t is None for list in texts.values() for t in list))
