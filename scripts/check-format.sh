#!/usr/bin/env bash
# Every source file in the house's format, comments within 120 columns, no literal torn by the formatter; --fix rewrites what is not.
set -eu
cd "$(dirname "$0")/.."
mode="--dry-run --Werror" fix=""
[ "${1:-}" = --fix ] && mode=-i fix=--fix
# shellcheck disable=SC2086
scripts/torn-literals.py $fix
# shellcheck disable=SC2086
git ls-files '*.cpp' '*.hpp' | xargs -r clang-format $mode
