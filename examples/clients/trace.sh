#!/bin/sh
# Asks with curl, as part of a trace of the caller's own.
#
# usage: trace.sh [http://127.0.0.1:8000]
set -eu
server=${1:-http://127.0.0.1:8000}
random() { od -An -N"$1" -tx1 /dev/urandom | tr -d ' \n'; }
trace=$(random 16)
model=$(curl -sf "$server/v1/models" -H "Authorization: Bearer ${OPENAI_API_KEY:-none}" |
  sed 's/.*"id" *: *"\([^"]*\)".*/\1/')

# 00 - trace - the caller's span - 01: the caller records its part, so the server does, too.
curl -sf "$server/v1/chat/completions" -H 'Content-Type: application/json' \
  -H "Authorization: Bearer ${OPENAI_API_KEY:-none}" \
  -H "traceparent: 00-$trace-$(random 8)-01" \
  -d '{"model": "'"$model"'", "max_tokens": 16, "messages": [{"role": "user", "content": "Hello!"}]}'
echo
echo "trace $trace"
