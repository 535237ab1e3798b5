#include "page_script.hpp"

namespace fieldscan::analysis {

std::string_view page_script() {
  return R"script(
'use strict';
for (const key of document.querySelectorAll('svg [data-key]')) {
  key.style.cursor = 'pointer';
  key.addEventListener('click', () => {
    const hidden = key.classList.toggle('off');
    for (const curve of key.ownerSVGElement.querySelectorAll('[data-curve]'))
      if (curve.dataset.curve.split(' ').includes(key.dataset.key)) curve.style.display = hidden ? 'none' : '';
  });
}
const number = (cell) => {
  const found = cell.textContent.replace('−', '-').match(/-?[0-9.]+(·10[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)?/);
  if (!found) return NaN;
  const raised = found[1] ? [...found[1].slice(3)].map((c) => c === '⁻' ? '-' : '⁰¹²³⁴⁵⁶⁷⁸⁹'.indexOf(c)).join('') : '0';
  return parseFloat(found[0]) * 10 ** raised;
};
for (const head of document.querySelectorAll('thead th')) {
  head.style.cursor = 'pointer';
  head.title = 'sort';
  head.addEventListener('click', () => {
    const place = [...head.parentNode.children].indexOf(head), body = head.closest('table').tBodies[0];
    const rows = [...body.rows], down = head.dataset.sorted === 'up';
    const cell = (row) => row.cells[place];
    const numbers = rows.every((row) => !isNaN(number(cell(row))));
    rows.sort((a, b) => numbers ? number(cell(a)) - number(cell(b)) : cell(a).textContent.localeCompare(cell(b).textContent));
    if (down) rows.reverse();
    head.dataset.sorted = down ? 'down' : 'up';
    body.append(...rows);
  });
}
addEventListener('beforeprint', () => {
  for (const part of document.querySelectorAll('details')) part.open = true;
});
)script";
}

}  // namespace fieldscan::analysis
