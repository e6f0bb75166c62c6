
/* ---- Corrections: made, undone, kept in the browser, saved ---- */

const KEY = `tolka:${DATA.sha256}`;
const placeName = place => place.line ? `x ${place.page} ${place.line} ${place.number} ${place.raw}` : place.word ? `w ${place.page} ${place.box}` : `c ${place.table.id} ${place.row} ${place.column} ${place.raw}`;

function remember() {
  const kept = places().filter(place => place.edit).map(place => [placeName(place), place.edit]);
  try {
    localStorage.setItem(KEY, JSON.stringify(kept));
    localStorage.setItem("tolka:who", $("who").value);
  } catch { /* a browser that keeps nothing: saving still works */ }
}

function recall() {
  let kept = [];
  try {
    kept = JSON.parse(localStorage.getItem(KEY) || "[]");
    $("who").value = localStorage.getItem("tolka:who") || "";
  } catch { /* likewise */ }
  if (!Array.isArray(kept) || !kept.length) return;
  for (const [name] of kept) if (/^x \d+ /.test(name)) openText(parseInt(name.slice(2), 10));
  const byName = new Map(places().map(place => [placeName(place), place]));
  for (const [name, edit] of kept) {
    const place = byName.get(name);
    if (place && edit && typeof edit.to === "string") set(place, edit);
  }
  for (const table of new Set(kept.map(([name]) => byName.get(name)?.table).filter(Boolean))) renew(table);
}

/* Control characters and marks of direction have no place in a report's text. */
const clean = text => text.replace(/[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]+/g, " ").trim().normalize("NFC");

function set(place, edit) {
  place.edit = edit;
  place.text = edit ? edit.to : place.was;
  place.status = edit ? "corrected" : place.given;
  if (!place.word) place.value = edit ? parseNumber(place.text) : place.wasValue;
  paintPlace(place);
}

function change(place, to) {
  const edit = to === null ? null : {to, by: $("who").value.trim(), at: new Date().toISOString()};
  set(place, edit);
  remember();
  if (place.word) count();
  else renew(place.table);
  announce(edit ? say(to === place.was ? "accepted" : "corrected") : say("undo"));
  if (view.place === place) describe(place);
}

/* Correcting in place. */
function edit(place) {
  const element = place.element, input = make("input", "edit");
  if (element.querySelector("input")) return;
  input.value = place.text;
  input.size = Math.max(4, Math.min(40, place.text.length + 2));
  input.setAttribute("aria-label", say("edit", place.word ? place.raw : nameOf(place)));
  input.maxLength = 20000;
  const end = keep => {
    const to = clean(input.value);
    input.onblur = null;
    element.replaceChildren();
    place.shown = null;
    paintPlace(place);
    if (keep && (to !== place.text || !place.edit)) change(place, to);
    element.focus({preventScroll: true});
  };
  input.onblur = () => end(clean(input.value) !== place.text);
  input.addEventListener("keydown", event => {
    event.stopPropagation();
    if (event.key === "Enter" || event.key === "Escape") {
      event.preventDefault();
      end(event.key === "Enter");
    }
  });
  element.replaceChildren(input);
  place.shown = null;
  input.focus({preventScroll: true});
  input.select();
}

/* One correction as a line; tolka apply takes it. */
function lineOf(place) {
  const line = {tolka_correction: 1, sha256: DATA.sha256, page: place.page, bbox: place.box};
  if (place.line) Object.assign(line, {line: place.line, word: place.number});
  else if (!place.word) Object.assign(line, {table: place.table.id, row: place.row, column: place.column});
  Object.assign(line, {raw: place.raw, text: place.was, to: place.edit.to});
  if (place.edit.by) line.by = place.edit.by;
  if (place.edit.at) line.at = place.edit.at;
  return JSON.stringify(line) + "\n";
}

function saveFile(lines) {
  const link = make("a"), stem = (DATA.path || "report").split("/").pop().replace(/\.[^.]*$/, "");
  link.href = URL.createObjectURL(new Blob(lines, {type: "application/jsonl"}));
  link.download = `${stem}.corrections.jsonl`;
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(link.href), 60000);
  announce(say("saved", lines.length, link.download), true);
}

async function post(lines) {
  try {
    const answer = await fetch(DATA.post_path, {method: "POST", headers: {"Content-Type": "text/plain; charset=utf-8"}, body: lines.join("")});
    if (!answer.ok) throw new Error(await answer.text() || answer.statusText);
    announce(say("posted", lines.length), true);
  } catch (error) {
    announce(say("not_posted", error.message), true);
  }
}

function save() {
  const lines = places().filter(place => place.edit).map(lineOf);
  if (!lines.length) announce(say("nothing"), true);
  else if (DATA.post_path) post(lines);
  else saveFile(lines);
}
