#!/usr/bin/env bash
# What `cmake --install` puts into a prefix is all there, and works: arguments CMAKE BUILD_DIR SOURCE_DIR.
set -eu
cmake=$1 build=$2 source=$3
prefix=$(mktemp -d)
trap 'rm -rf "$prefix"' EXIT
fail() { echo "$*" >&2; exit 1; }

"$cmake" --install "$build" --prefix "$prefix" > "$prefix/log" 2>&1 || fail "the installation fails: $(cat "$prefix/log")"
program=$prefix/bin/fieldscan doc=$prefix/share/doc/fieldscan
[ "$("$program" --version)" = "$("$build/fieldscan" --version)" ] || fail "the installed program is another one"
"$program" check "$doc/experiments/01-learning-curve/scan.yaml" 2> /dev/null || fail "an installed experiment is not valid"

# Every file that the installed README links to.
while read -r link; do
  [ -e "$doc/$link" ] || fail "README.md links to $link, which is not installed"
done < <(grep -o '](\([^)#]*\))' "$source/README.md" | sed 's/](\(.*\))/\1/' | grep -v '^http')

# The manual names every command and every option that the help names.
page=$prefix/share/man/man1/fieldscan.1
grep -q '^\.TH FIELDSCAN 1' "$page" || fail "no manual page"
commands=$("$program" --help | sed -n '/^Subcommands:/,$s/^  \([a-z]\{1,\}\)  *.*/\1/p')
[ "$(echo "$commands" | wc -w)" -ge 15 ] || fail "the help names too few commands: $commands"
for command in $commands; do
  grep -q "^\.SS $command" "$page" || fail "the manual does not name $command"
  for option in $("$program" "$command" --help | grep -o -- '--[a-z-]\{2,\}' | sort -u); do
    grep -qF -- "$(echo "$option" | sed 's/-/\\-/g')" "$page" || fail "the manual does not name $command $option"
  done
done
if grep -nE "^[.']" "$page" | grep -vE '^[0-9]+:\.(TH|SH|SS|TP|B|nf|fi)( |$)'; then fail "a line of text is taken for a request"; fi

# completed WORD…: what bash would offer for the last word.
completed() {
  COMP_WORDS=(fieldscan "$@") COMP_CWORD=$# COMPREPLY=()
  _fieldscan
  echo "${COMPREPLY[*]}"
}
# shellcheck disable=SC1091
. "$prefix/share/bash-completion/completions/fieldscan"
[ "$(completed sl)" = slurm ] || fail "commands are not completed: $(completed sl)"
[ "$(completed run --dead)" = --deadline ] || fail "options are not completed: $(completed run --dead)"
[ "$(completed export x --format n)" = netcdf ] || fail "words of options are not completed: $(completed export x --format n)"
[ "$(completed theory --format "")" = "text csv json" ] || fail "not all words are offered: $(completed theory --format "")"
cd "$doc"
[ "$(completed status exp)" = experiments ] || fail "directories are not completed: $(completed status exp)"
[ "$(completed check READ)" = README.md ] || fail "files are not completed: $(completed check READ)"

# Completions of the other shells: every command and every option is in them; where the shell is installed it reads them.
zsh=$prefix/share/zsh/site-functions/_fieldscan fish=$prefix/share/fish/vendor_completions.d/fieldscan.fish
for command in $commands; do
  grep -q "^    '$command:" "$zsh" || fail "zsh does not know $command"
  grep -q "^complete -c fieldscan -n __fish_use_subcommand -a $command " "$fish" || fail "fish does not know $command"
  for option in $("$program" "$command" --help | grep -o -- '--[a-z-]\{2,\}' | sort -u); do
    grep "^    $command) _arguments" "$zsh" | grep -qF -- "'*$option[" || fail "zsh does not know $command $option"
    grep "_from $command'" "$fish" | grep -qF -- " -l ${option#--} " || fail "fish does not know $command $option"
  done
done
if command -v zsh > /dev/null; then zsh -n "$zsh" || fail "zsh does not read its completion"; fi
if command -v fish > /dev/null; then fish -n "$fish" || fail "fish does not read its completion"; fi
"$program" schema | cmp -s - "$prefix/share/fieldscan/scan.schema.json" || fail "the schema is not installed"
