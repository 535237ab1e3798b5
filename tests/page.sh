#!/usr/bin/env bash
# The page of a report in a headless browser: a click on an entry of a legend hides its curve and a second one shows it, points say their
# numbers, a click on the head of a column sorts; and without scripts everything is there. Arguments PROGRAM SOURCE_DIR. Ends with 77, and
# says so, where no Chromium is installed.
set -eu
program=$1 source=$2
browser=$(command -v chromium || command -v chromium-browser || command -v google-chrome) || { echo "skipped: no chromium here"; exit 77; }
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
fail() { echo "$*" >&2; exit 1; }
"$program" run "$source/tests/reading/scan.yaml" --out run -q --set ensemble.data_draws=4 --set ensemble.initialisations=4
"$program" report run > /dev/null
cp run/report/index.html page.html
cat >> page.html << 'END'
<script>
const click = (e) => e.dispatchEvent(new MouseEvent('click', {bubbles: true}));
const key = document.querySelector('svg [data-key="g1"]'), drawing = key.ownerSVGElement;
const shown = () => [...drawing.querySelectorAll('[data-curve]')].filter((c) => c.style.display !== 'none').length;
const counts = [shown()];
for (let k = 0; k < 2; ++k) { click(key); counts.push(shown()); }
const table = document.querySelector('table.brief'), head = table.querySelector('th');
const order = () => [...table.tBodies[0].rows].map((r) => r.cells[0].textContent).join(', ');
const orders = [];
for (let k = 0; k < 2; ++k) { click(head); orders.push(order()); }
dispatchEvent(new Event('beforeprint'));
document.title = 'RESULT ' + JSON.stringify({hidden: counts[0] > counts[1] && counts[1] > 0 && counts[2] === counts[0], orders,
  hover: drawing.querySelector('[data-curve] title').textContent,
  closed: [...document.querySelectorAll('details')].filter((d) => !d.open).length});
</script>
END
dump() { timeout 120 "$browser" --headless --no-sandbox --disable-gpu --user-data-dir="$place/profile" "$@" 2> browser.txt; }
dump --dump-dom "file://$place/page.html" > dom.html || fail "the browser ends: $(tail -3 browser.txt)"
result=$(grep -o '<title>RESULT [^<]*' dom.html) || fail "the page's script did not come to its end"
for part in '"hidden":true' '"orders":\["networks learn, the kernel","the kernel, networks learn"\]' '95 % interval' 'members' '"closed":0'; do
  echo "$result" | grep -q -- "$part" || fail "without $part: $result"
done
# Chromium dumps nothing where scripts are off: the page without its scripts instead.
sed -z 's/<script>.*<\/script>//' run/report/index.html > plain.html
! grep -q '<script' plain.html || fail "a script is left"
dump --dump-dom "file://$place/plain.html" > plain-dom.html || fail "the browser ends: $(tail -3 browser.txt)"
for part in 'data-curve="g1"' 'the kernel' 'Provenance' 'Lower strip'; do
  grep -q -- "$part" plain-dom.html || fail "without scripts the page lacks $part"
done
