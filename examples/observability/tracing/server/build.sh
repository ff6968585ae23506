#!/usr/bin/env bash
# Puts what a server needs to run into a folder: jars, the model that ships, and a Java made for them.
# usage: build.sh DIR
set -euo pipefail
to=$1
here=$(cd "$(dirname "$0")" && pwd)
cd "$here/../../../.."
./serving help >/dev/null # builds what is not built
mkdir -p "$to/serving-cli/target"
cp -r serving-cli/target/serving.jar serving-cli/target/lib "$to/serving-cli/target/"
cp -r models serving "$to/"
cp "$here/ready" "$to/"
"${JAVA_HOME:+$JAVA_HOME/bin/}jlink" --output "$to/java" --strip-debug --no-header-files --no-man-pages --compress=2 \
  --add-modules java.se,jdk.crypto.ec,jdk.incubator.vector,jdk.management,jdk.unsupported,jdk.zipfs
