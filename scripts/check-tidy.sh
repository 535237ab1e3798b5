#!/usr/bin/env bash
# clang-tidy on the sources that differ from the last commit but one (or, with "all", on every source).
# usage: check-tidy.sh BUILD_DIR [all]
set -eu
cd "$(dirname "$0")/.."
build=$1
if [ "${2:-}" = all ]; then
  files=$(git ls-files 'src/*.cpp')
else
  base=$(git rev-parse -q --verify HEAD~1 || git rev-parse HEAD)
  files=$( { git diff --name-only --diff-filter=d "$base" -- 'src/*.cpp'; git ls-files -o --exclude-standard -- 'src/*.cpp'; } | sort -u)
fi
[ -z "$files" ] && { echo "clang-tidy: no changed sources"; exit 0; }
# Flags that only g++ knows.
flags=$(mktemp -d)
trap 'rm -rf "$flags"' EXIT
sed -e 's/-mtune=[^ ]*//g; s/-Wno-maybe-uninitialized//g; s/-Wno-restrict//g; s/-Wno-array-bounds//g; s/-Wno-stringop-over[a-z]*//g; s/-Winvalid-pch//g; s/-include [^ ]*cmake_pch[^ ]*//g' "$build/compile_commands.json" > "$flags/compile_commands.json"
echo "$files" | xargs -P "$(nproc)" -n 1 clang-tidy -p "$flags" --quiet
