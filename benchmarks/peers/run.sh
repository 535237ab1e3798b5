#!/usr/bin/env bash
# run.sh [options of run.py]: installs the other programs into environments of their own below build/peers (or $PEERS), once; builds our
# side; measures.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
peers=${PEERS:-$root/build/peers}
install() { [ -e "$1/ready" ] || { python3 -m venv "$1" && "$1/bin/pip" install -q -r "$2" && touch "$1/ready"; }; }
install "$peers/latest" "$here/requirements.txt"
install "$peers/neural-tangents" "$here/requirements-neural-tangents.txt"
cmake --build "$root/build/release" --target fieldscan benchmark_peers benchmark_sleepers
exec "$peers/latest/bin/python" "$here/run.py" --build "$root/build/release" --neural-tangents "$peers/neural-tangents/bin/python" "$@"
