#!/usr/bin/env bash
# Gets the programs of the tracing stack without Docker, in the versions of the images: Jaeger, the
# OpenTelemetry Collector, Prometheus with promtool, and the check of Compose files and dashboards.
# Needs Go, and its module proxy. Prints the folder in which they end up:
#   ${SERVING_BACKENDS:-${XDG_CACHE_HOME:-~/.cache}/serving/backends}/bin
# What is there in the right version is left alone. From nothing: 15 to 25 minutes on two cores.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
. "$here/../../examples/observability/tracing/.env"
cache=${SERVING_BACKENDS:-${XDG_CACHE_HOME:-$HOME/.cache}/serving/backends}
bin=$cache/bin
mkdir -p "$bin"
export GOFLAGS=-buildvcs=false GOWORK=off CGO_ENABLED=0

say() { echo "backends: $*" >&2; }

# Is the program there, and does it say this version of itself?
has() {
  local program=$1 version=$2
  shift 2
  [ -x "$bin/$program" ] && "$bin/$program" "$@" 2>&1 | grep -qF "$version"
}

need_go() {
  command -v go >/dev/null || { say "$1 has to be built, and there is no Go; install Go 1.26 or newer"; exit 1; }
  say "building $1 $2"
}

# A module's own folder, writable: only there do its go.mod and go.sum hold.
unpack() {
  local to=$1 module=$2 from
  rm -rf "$to" && mkdir -p "$(dirname "$to")"
  from=$(cd "$(dirname "$to")" && go mod download -json "$module" | sed -n 's/^\t"Dir": "\(.*\)",*/\1/p')
  cp -r "$from" "$to" && chmod -R u+w "$to"
}

# Jaeger 2.N is in the module's version 1.(N+63).
jaeger() {
  has jaeger "\"v$JAEGER_VERSION\"" version && return
  need_go jaeger "$JAEGER_VERSION"
  local src=$cache/src/jaeger minor patch
  IFS=. read -r _ minor patch <<<"$JAEGER_VERSION"
  unpack "$src" "github.com/jaegertracing/jaeger@v1.$((minor + 63)).$patch"
  (cd "$src" && go build -trimpath -o "$bin/jaeger" -ldflags \
    "-s -w -X github.com/jaegertracing/jaeger/internal/version.latestVersion=v$JAEGER_VERSION" ./cmd/jaeger)
}

# Prometheus 3.N is in the module's version 0.3N. Without the clouds' service discoveries it builds
# in a third of the time; those of files are in any build.
prometheus() {
  has prometheus "version $PROMETHEUS_VERSION" --version && has promtool "version $PROMETHEUS_VERSION" --version && return
  need_go prometheus "$PROMETHEUS_VERSION"
  local src=$cache/src/prometheus minor patch version=github.com/prometheus/common/version.Version
  IFS=. read -r _ minor patch <<<"$PROMETHEUS_VERSION"
  unpack "$src" "github.com/prometheus/prometheus@v0.$((300 + minor)).$patch"
  rm -f "$bin/prometheus" "$bin/promtool" # may be links
  (cd "$src" && go build -trimpath -tags remove_all_sd -o "$bin/" \
    -ldflags "-s -w -X $version=$PROMETHEUS_VERSION" ./cmd/prometheus ./cmd/promtool)
}

# The components of the contrib image that our configurations name, and no others.
collector() {
  has otelcol "version $COLLECTOR_VERSION" --version && return
  need_go otelcol "$COLLECTOR_VERSION"
  local src=$cache/src/otelcol minor patch modules
  IFS=. read -r _ minor patch <<<"$COLLECTOR_VERSION"
  local beta=v$COLLECTOR_VERSION stable=v1.$((minor - 94)).$patch
  local core=go.opentelemetry.io/collector contrib=github.com/open-telemetry/opentelemetry-collector-contrib
  rm -rf "$src" && mkdir -p "$src"
  modules="
    receivers $core/receiver/otlpreceiver $beta
    processors $core/processor/memorylimiterprocessor $beta
    processors $contrib/processor/tailsamplingprocessor $beta
    exporters $core/exporter/otlpexporter $beta
    exporters $core/exporter/otlphttpexporter $beta
    exporters $contrib/exporter/fileexporter $beta
    extensions $contrib/extension/healthcheckextension $beta
    extensions $contrib/extension/bearertokenauthextension $beta
    extensions $contrib/extension/storage/filestorage $beta
    providers $core/confmap/provider/envprovider $stable
    providers $core/confmap/provider/fileprovider $stable"
  {
    echo "dist: {name: otelcol, version: $COLLECTOR_VERSION, output_path: $src/out}"
    for kind in receivers processors exporters extensions providers; do
      echo "$kind:"
      awk -v k=$kind '$1==k {print "  - gomod: " $2 " " $3}' <<<"$modules"
    done
  } >"$src/builder.yaml"
  GOBIN=$src go install "$core/cmd/builder@$beta"
  (cd "$src" && ./builder --config builder.yaml --skip-get-modules --skip-compilation >builder.log 2>&1)
  (cd "$src/out" && rm -f go.mod go.sum && go mod init otelcol >/dev/null 2>&1 &&
    go get $(awk 'NF==3 {print $2 "@" $3}' <<<"$modules") \
      $core/{connector,otelcol,service,service/telemetry/otelconftelemetry}@"$beta" >get.log 2>&1 &&
    go build -trimpath -ldflags '-s -w' -o "$bin/otelcol" .)
}

# The real loader of Compose files and Grafana's own types of a dashboard.
check() {
  local sum
  sum=$(cat "$here"/check/* | cksum | tr ' ' -)
  [ -x "$bin/stackcheck" ] && [ "$(cat "$bin/stackcheck.sum" 2>/dev/null)" = "$sum" ] && return
  need_go stackcheck "of this tree"
  (cd "$here/check" && go build -trimpath -o "$bin/stackcheck" .)
  echo "$sum" >"$bin/stackcheck.sum"
}

prometheus
collector
check
jaeger
echo "$bin"
