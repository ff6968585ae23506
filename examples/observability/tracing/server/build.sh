#!/usr/bin/env bash
# Puts what a server needs to run into a folder: the distribution, and a Java made for it.
# usage: build.sh DIR
set -euo pipefail
to=$1
here=$(cd "$(dirname "$0")" && pwd)
cd "$here/../../../.."
mvn -B -q package -Dmaven.test.skip=true -Dmaven.javadoc.skip -Dmaven.source.skip -Dspotless.check.skip \
  -pl serving-dist -am >&2
mkdir -p "$to"
tar -xzf serving-dist/target/serving-*.tar.gz -C "$to" --strip-components=1
cp "$here/ready" "$to/"
"${JAVA_HOME:+$JAVA_HOME/bin/}jlink" --output "$to/java" --strip-debug --no-header-files --no-man-pages --compress=2 \
  --add-modules java.se,jdk.crypto.ec,jdk.incubator.vector,jdk.management,jdk.unsupported,jdk.zipfs
