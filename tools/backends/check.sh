#!/usr/bin/env bash
# Runs every check with the real programs and prints a table: program, version, check, result.
set -euo pipefail
cd "$(dirname "$0")/../.."
tools/backends/get.sh >/dev/null
mvn -B -q -Pbackends -pl serving-cli -am test -Dgroups=backends -Dsurefire.failIfNoSpecifiedTests=false
