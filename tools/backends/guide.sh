#!/usr/bin/env bash
# Follows the guide's commands, top to bottom, as they stand on the page, with the programs of get.sh in
# place of the images: section by section, in one shell, which stands in a network of its own, so that
# the guide's ports are free. What takes Grafana or an image of the server is left out.
# usage: guide.sh [FOLDER for what Jaeger and the Collector had of the request]
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
if [ "${SERVING_GUIDE:-}" != inside ]; then
  exec env SERVING_GUIDE=inside unshare --net --mount "$0" "$@"
fi
keep=${1:-}
ip link set lo up
work=$(mktemp -d /var/tmp/serving-guide.XXXXXX)
mount --bind "$work" /tmp # its own /tmp/otel_trace.json
export SERVING_STACK=/tmp/stack PATH="$root/tools/backends:$PATH"
cd "$root"
server=
finish() {
  [ -z "$server" ] || { kill "$server" 2>/dev/null && wait "$server" || true; }
  docker compose down
  umount --lazy /tmp
  rm -rf "$work"
}
trap finish EXIT

# The Nth block of shell commands in the section with this number.
block() {
  awk -v section="^## $1\\\\." -v n="$2" '/^## /{on=$0 ~ section; b=0} on && /^```/{inside=!inside; if (inside) b++; next}
    on && inside && b==n' examples/observability/README.md
}
step() { echo "== $1"; }
ask() { # URL, until it answers
  for _ in $(seq 240); do curl -sf "$1" && return || sleep 0.5; done
  echo "$1 does not answer" >&2
  return 1
}

step "2. Collector and Jaeger"
eval "$(block 2 1)"

for way in 1 2; do
  step "3. the server, way $way"
  (eval "$(block 3 "$way" | sed 's#^\./serving serve#exec ./serving serve#')") >/tmp/server.log 2>&1 &
  server=$!
  ask http://127.0.0.1:8000/ready >/dev/null
  step "4. a request, and its trace"
  eval "$(block 4 1)" | tee /tmp/answer.json
  echo
  service=$([ "$way" = 1 ] && echo serving || echo FastDeploy)
  for _ in $(seq 60); do
    curl -s "http://localhost:16686/api/traces?service=$service&limit=1" >/tmp/trace.json
    [ "$(grep -o '"spanID"' /tmp/trace.json | wc -l)" -gt 20 ] && grep -q POSTPROCESSING /tmp/trace.json && break
    sleep 0.5
  done
  grep -q "\"operationName\":\"POST /v1/chat/completions\"" /tmp/trace.json
  for _ in $(seq 20); do eval "$(block 4 2)" | grep -q traceId && break || sleep 0.5; done
  eval "$(block 4 2)" | grep -q "\"stringValue\":\"$service\""
  echo "Jaeger and /tmp/otel_trace.json have it as $service"
  [ -z "$keep" ] || cp /tmp/trace.json "$keep/trace-$way.json"
  [ "$way" = 1 ] || break
  kill "$server" && wait "$server" || true
done

step "5. Prometheus"
eval "$(block 5 1)"
for _ in $(seq 60); do
  ask 'http://localhost:9090/api/v1/query?query=up' >/tmp/up.json
  grep -q '"1"\]' /tmp/up.json && break || sleep 1
done
grep -q '"1"\]' /tmp/up.json
[ "$(ask http://localhost:9090/api/v1/rules | grep -o '"health":"ok"' | wc -l)" -gt 0 ] || sleep 10
echo "Prometheus reaches the server"

step "7. a program of your own"
(eval "$(block 7 1)") | tee /tmp/hello.txt
trace=$(sed -n 's/^trace //p' /tmp/hello.txt)
for _ in $(seq 60); do
  ask "http://localhost:16686/api/traces/$trace" >/tmp/hello.json 2>/dev/null || true
  grep -q COMPUTE /tmp/hello.json && grep -q TOKENIZE /tmp/hello.json && break || sleep 0.5
done
grep -q COMPUTE /tmp/hello.json && grep -q TOKENIZE /tmp/hello.json
echo "one trace of two processes: $(grep -o '"processes":{.*' /tmp/hello.json | grep -o 'process.pid' | wc -l) processes"

step "8. stop"
kill "$server" && wait "$server" || true
server=
eval "$(block 8 1)"
echo "the guide holds"
