
/* ---- Checks: the report's own arithmetic, again after each correction (as schema/check.c) ---- */

const touched = new Set(); /* tables whose figures are not as the record has them */

function tolerance(check) {
  const terms = check.cells.length, half = BigInt(Math.floor(terms / 2));
  switch (check.total.unit) {
  case "count":
    return check.slack ? 1n : 0n;
  case "kSEK": case "MSEK": case "percent":
    return half > 1n ? half : 1n;
  case "SEK":
    return terms >= 4 ? 2n : 1n;
  }
  if (magnitude(check.total.value) < 1000n && !check.slack) return 0n;
  return terms >= 4 ? 2n : 1n;
}

const unread = cell => !cell.value && cell.text && cell.status === "doubtful";

/* A figure of another table in the unit of the total: kronor against tkr; null when the total has the finer unit. */
const THOUSANDS = {SEK: 0, kSEK: 1, MSEK: 2};
const isScaled = (check, cell) => cell.table !== check.table && cell.unit in THOUSANDS && check.total.unit in THOUSANDS && cell.unit !== check.total.unit;
function scaled(check, cell) {
  if (!isScaled(check, cell)) return cell.value;
  const more = 3 * (THOUSANDS[check.total.unit] - THOUSANDS[cell.unit]);
  return more > 0 ? {m: cell.value.m, s: cell.value.s + more} : null;
}

function evaluate(check) {
  const total = check.total.value, cells = check.cells.filter(cell => cell.value);
  check.holds = false;
  check.scaled = cells.some(cell => isScaled(check, cell));
  if (!total || check.cells.some(unread) || cells.some(cell => !scaled(check, cell))) return;
  check.expected = check.cells.reduce((sum, cell, i) => cell.value ? plus(sum, scaled(check, cell), check.signs[i]) : sum, check.whole);
  check.off = plus(total, check.expected, -1);
  const scale = check.scaled ? total.s : Math.max(total.s, ...cells.map(cell => cell.value.s));
  const off = check.off.m < 0n ? {m: -check.off.m, s: check.off.s} : check.off;
  check.holds = compare(off, {m: tolerance(check), s: scale}) <= 0;
}

/* What a cell was before any check. */
function statusAsRead(cell) {
  if (!cell.value) return cell.given;
  if (cell.sure < DOUBT) return "doubtful";
  return cell.text.replaceAll(" ", "") === cell.raw.replaceAll(" ", "") ? "read" : "repaired";
}

function forget(table) {
  for (const cell of table.cells) {
    const failed = (cell.checks || []).some(check => check.was !== "holds");
    if (cell.edit) cell.status = "corrected";
    else if (cell.given === "confirmed") cell.status = "read"; /* until its checks have spoken */
    else cell.status = cell.given === "doubtful" && failed ? statusAsRead(cell) : cell.given;
  }
}

/* Right to the last digit: what alone confirms a cell that was read badly. */
function isExact(check, cell) {
  if (!check.scaled) return check.off.m === 0n;
  const off = check.off.m < 0n ? -check.off.m : check.off.m;
  return cell === check.total && compare({m: 2n * off, s: check.off.s}, {m: 1n, s: check.total.value.s}) <= 0;
}

/* It held with the same figures: what it left in doubt stays so. */
const unchanged = check => check.was === "holds" && check.cells.every(cell => cell.value === cell.wasValue) &&
  check.total.value === check.total.wasValue;

const settled = cell => cell.status === "confirmed" || cell.status === "corrected";

function judge(checks) {
  for (const check of checks) evaluate(check);
  for (const check of checks.filter(check => check.holds)) {
    check.verdict = "holds";
    for (const cell of [check.total, ...check.cells])
      if (cell.value && (cell.status === "read" || (cell.status === "doubtful" && isExact(check, cell) && !unchanged(check)))) cell.status = "confirmed";
  }
  for (const check of checks.filter(check => !check.holds)) {
    const bad = [check.total, ...check.cells].filter(cell => cell.text && !settled(cell) &&
      (cell.status === "doubtful" || cell.sure < SURE));
    for (const cell of bad) cell.status = "doubtful";
    check.verdict = bad.length ? "misread" : "misprint";
    if (!bad.length && check.total.status !== "corrected") check.total.status = "doubtful";
  }
}

/* All tables that hang together with this one by their checks. */
function together(table) {
  const found = new Set([table]);
  for (const one of found)
    for (const other of DATA.tables)
      if (!found.has(other) && [...other.checks.map(check => [check, one]), ...one.checks.map(check => [check, other])]
        .some(([check, far]) => check.cells.some(cell => cell.table === far)))
        found.add(other);
  return [...found];
}

/* Makes the checks of a table anew; says which turned. */
function renew(table) {
  const tables = together(table), checks = tables.flatMap(one => one.checks), before = checks.map(check => check.verdict);
  for (const one of tables) {
    touched.add(one);
    forget(one);
  }
  judge(checks);
  for (const one of tables) {
    for (const cell of one.cells) if (cell.given === "confirmed" && cell.status === "read") cell.status = statusAsRead(cell);
    paint(one);
  }
  const turned = checks.filter((check, i) => (check.verdict === "holds") !== (before[i] === "holds"));
  for (const check of turned) announce(say(check.verdict === "holds" ? "now_holds" : "now_fails", nameOf(check.total)));
}

function lookOf(place) {
  if (place.status === "corrected") return "corrected";
  const wrong = (place.checks || []).some(check => check.total === place && check.verdict === "misprint");
  return wrong ? "misprint" : place.status;
}

const LOOKS = ["confirmed", "repaired", "doubtful", "misprint", "corrected"];

function paintPlace(place) {
  const look = lookOf(place);
  for (const one of LOOKS) place.element.classList.toggle(one, one === look);
  if (place.element.firstElementChild?.tagName !== "INPUT" && place.shown !== place.text) {
    place.element.textContent = place.word && !place.text ? "∅" : place.text;
    place.shown = place.text;
  }
}

function paint(table) {
  for (const cell of table.cells) paintPlace(cell);
  paintChecks(table);
  count();
}

function nameOf(cell) {
  const label = cell.table.cells[cell.row * cell.table.columns].text, heads = [];
  for (let row = 0; row < cell.table.header; row++) heads.push(cell.table.cells[row * cell.table.columns + cell.column].text);
  const head = heads.filter(Boolean).join(" ");
  return [label || `${say("row")} ${cell.row + 1}`, cell.column ? head || `${say("column")} ${cell.column + 1}` : ""].filter(Boolean).join(", ");
}

function checkLine(check) {
  const button = make("button", `check ${check.verdict}`);
  button.type = "button";
  button.append(make("span", "name", nameOf(check.total)), " ", make("span", "verdict",
    check.verdict === "holds" ? say("v_holds") : `${say(`v_${check.verdict}`)} (${say("sum_is", printed(check.expected))}, ${say("off", printed(check.off))})`));
  const light = on => [check.total, ...check.cells].forEach(cell => cell.element.classList.toggle("added", on));
  button.addEventListener("click", () => go(check.total));
  for (const name of ["pointerenter", "focus"]) button.addEventListener(name, () => light(true));
  for (const name of ["pointerleave", "blur"]) button.addEventListener(name, () => light(false));
  return button;
}

function paintChecks(table) {
  const place = $(`k${table.number}`), good = table.checks.filter(check => check.verdict === "holds");
  const open = place.querySelector("details")?.open;
  place.replaceChildren(...table.checks.filter(check => check.verdict !== "holds").map(checkLine));
  if (!good.length) return;
  const more = make("details"), fill = () => more.childElementCount === 1 && more.append(...good.map(checkLine));
  more.append(make("summary", "good", good.length === 1 ? say("check_holds") : say("checks_hold", good.length)));
  more.addEventListener("toggle", fill);
  if (open) {
    more.open = true;
    fill();
  }
  place.append(more);
}
