#!/usr/bin/env bash
# Every source file in the house's format; --fix rewrites what is not.
set -eu
cd "$(dirname "$0")/.."
mode="--dry-run --Werror"
[ "${1:-}" = --fix ] && mode=-i
# shellcheck disable=SC2086
git ls-files '*.cpp' '*.hpp' | xargs -r clang-format $mode
