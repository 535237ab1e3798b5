#!/usr/bin/env bash
# clang-tidy on the sources of the program and of the tests that differ from the last commit but one (or from BASE), and on nothing that is
# told of files that do not differ; with "all", on every source.
# usage: [BASE=COMMIT] check-tidy.sh BUILD_DIR [all]
set -eu
cd "$(dirname "$0")/.."
build=$1
sources=('src/*.cpp' 'tests/*.cpp')
filter=()
if [ "${2:-}" = all ]; then
  files=$(git ls-files "${sources[@]}")
else
  base=${BASE:-$(git rev-parse -q --verify HEAD~1 || git rev-parse HEAD)}
  changed() { { git diff --name-only --diff-filter=d "$base" -- "$@"; git ls-files -o --exclude-standard -- "$@"; } | sort -u; }
  files=$(changed "${sources[@]}")
  # What is said of a header that these include counts only where that has changed too.
  named=$(changed '*.cpp' '*.hpp' | sed 's/.*/{"name":"&"}/' | paste -sd,)
  filter=("--line-filter=[$named]")
fi
# What no build compiles (a file of another build's options) clang-tidy could only guess at.
files=$(for file in $files; do grep -q "/$file\"" "$build/compile_commands.json" && echo "$file"; done || true)
[ -z "$files" ] && { echo "clang-tidy: no changed sources"; exit 0; }
# Flags that only g++ knows.
flags=$(mktemp -d)
trap 'rm -rf "$flags"' EXIT
sed -e 's/-mtune=[^ ]*//g; s/-Wno-maybe-uninitialized//g; s/-Wno-restrict//g; s/-Wno-array-bounds//g; s/-Wno-stringop-over[a-z]*//g; s/-Winvalid-pch//g; s/-include [^ ]*cmake_pch[^ ]*//g' "$build/compile_commands.json" > "$flags/compile_commands.json"
echo "$files" | xargs -P "$(nproc)" -n 1 clang-tidy -p "$flags" --quiet "${filter[@]}"
