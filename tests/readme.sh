#!/usr/bin/env bash
# Runs the commands of README.md as they stand there, so that the first thing a newcomer tries is tested. Commands are the lines of
# the first code block; what follows two spaces is explanation. Tests themselves are left to the caller's own run of them.
set -euo pipefail
cd "$(dirname "$0")/.."

commands=$(awk '/^```/ { if (inside) exit; inside = 1; next } inside' README.md | sed 's/   *.*$//')
[ -n "$commands" ] || { echo "README.md has no code block" >&2; exit 1; }
while read -r command; do
  case $command in
    mvn*) echo "+ $command -DskipTests" >&2; $command -q -DskipTests </dev/null ;;
    ./parley*) echo "+ $command" >&2; $command </dev/null ;;
    *) echo "README.md has a command that is not tested: $command" >&2; exit 1 ;;
  esac
done <<< "$commands"
