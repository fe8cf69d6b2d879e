#!/bin/sh
# Starts build.mjs for Maven, or says in words that Node is not there.
cd "$(dirname "$0")" || exit 1
if ! command -v node >/dev/null 2>&1; then
  echo "LinkOps' browser frontend is built with Node.js, and there is no 'node' on the PATH." >&2
  echo "Install Node.js 20 or newer, or build the server alone with -Dfrontend.skip." >&2
  exit 1
fi
exec node build.mjs "$@"
