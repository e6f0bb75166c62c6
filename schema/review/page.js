
/* ---- The page: walking, keys, language ---- */

let notice = 0, ordered = [], current = null;
function announce(text, visible = false) {
  const place = $("say");
  place.textContent = text;
  place.classList.toggle("hidden", !visible);
  clearTimeout(notice);
  if (visible) notice = setTimeout(() => place.classList.add("hidden"), 6000);
}

const places = () => [...DATA.tables.flatMap(table => table.cells), ...words, ...textWords()];

/* In the order of the page; each table or word list comes where its page comes. */
function order() {
  const all = places().filter(place => place.element);
  return all.sort((a, b) => a.element === b.element ? 0 :
    a.element.compareDocumentPosition(b.element) & Node.DOCUMENT_POSITION_FOLLOWING ? -1 : 1);
}

const isStop = place => place.given === "doubtful" || place.status === "doubtful" || lookOf(place) === "misprint" ||
  ($("repaired").checked && (place.given === "repaired" || place.status === "repaired"));
const isOpen = place => !place.edit && isStop(place) &&
  (place.status === "doubtful" || lookOf(place) === "misprint" || ($("repaired").checked && place.status === "repaired"));

function count() {
  const stops = ordered.filter(isStop).length, open = ordered.filter(isOpen).length;
  $("count").textContent = open ? say("remain", open, stops) : say(stops ? "none_left" : "none");
  $("count").classList.toggle("done", !open);
}

function walk(step) {
  const open = ordered.filter(isOpen), here = view.place ? ordered.indexOf(view.place) : -1;
  if (!open.length) return announce(say("none_left"));
  const after = step > 0 ? open.find(place => ordered.indexOf(place) > here) || open[0]
    : open.findLast(place => ordered.indexOf(place) < here) || open[open.length - 1];
  go(after);
}

/* Puts focus and eye on a place. */
function go(place) {
  const details = place.element.closest("details");
  if (details) details.open = true;
  place.element.scrollIntoView({block: "center", inline: "nearest"});
  place.element.focus({preventScroll: true});
  select(place);
}

/* Of each table and each page's text one place is Tab's: the last that was looked at. */
function select(place) {
  const group = place.table || (place.line && textPages.get(place.page));
  if (current) current.element.classList.remove("here");
  current = place;
  if (group) {
    group.stop.element.tabIndex = -1;
    group.stop = place;
  }
  place.element.tabIndex = 0;
  place.element.classList.add("here");
  showPlace(place);
  describe(place);
}

/* What is known of a place, under the loupe. */
function describe(place) {
  const detail = $("detail"), look = lookOf(place), line = make("p");
  const state = make("span", `state ${look}`, say(place.edit && place.edit.to === place.was ? "accepted" : look));
  line.append(make("strong", "", place.text || `(${say("empty")})`), " ", state);
  const more = make("p", "more");
  if (!place.word) more.append(make("span", "", nameOf(place)));
  if (place.raw !== place.text) more.append(make("span", "", `${say("raw")} “${place.raw}”`));
  if (place.edit && place.was !== place.text) more.append(make("span", "", `${say("was")} “${place.was}”`));
  if (!place.line) more.append(make("span", "", `${say("sure")} ${Math.round(100 * place.sure)} %`));
  for (const check of (place.checks || []).filter(check => check.verdict !== "holds").slice(0, 3))
    more.append(make("span", check.verdict, `${nameOf(check.total)}: ${say("sum_is", printed(check.expected))}, ${say("off", printed(check.off))}`));
  const tools = make("p", "acts");
  for (const [word, act] of [["correct", () => edit(place)], ["accept", () => change(place, place.text)], ["undo", () => change(place, null)]]) {
    const button = make("button", "", say(word));
    button.type = "button";
    button.disabled = word === "undo" && !place.edit;
    button.addEventListener("click", act);
    tools.append(button);
  }
  detail.replaceChildren(line, more, tools);
}

/* ---- Keys ---- */

function moveBy(place, rows, columns) {
  const table = place.table, row = place.row + rows, column = place.column + columns;
  if (column < 0 || column >= table.columns || row < 0 || row * table.columns >= table.cells.length) return;
  go(table.cells[row * table.columns + column]);
}

const ARROWS = {ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1]};

function onPlace(event, place) {
  if (ARROWS[event.key] && place.line) moveInText(place, ...ARROWS[event.key]);
  else if (ARROWS[event.key] && !place.word) moveBy(place, ...ARROWS[event.key]);
  else if (event.key === "Enter" || event.key === "F2") edit(place);
  else return false;
  return true;
}

function onLetter(event, place) {
  switch (event.key) {
  case "n": case "j": walk(1); break;
  case "p": case "k": walk(-1); break;
  case "s": save(); break;
  case "?": $("keys").showModal(); break;
  case "a": if (!place) return false; change(place, place.text); break;
  case "u": if (!place) return false; change(place, null); break;
  default: return false;
  }
  return true;
}

document.addEventListener("keydown", event => {
  const target = event.target, place = target.place || cellOf(target);
  if (event.ctrlKey || event.metaKey || event.altKey || target.tagName === "INPUT" || $("keys").open) return;
  if ((place && onPlace(event, place)) || ($("letters").checked && onLetter(event, place || view.place))) event.preventDefault();
});

$("reading").addEventListener("focusin", event => {
  const place = event.target.place || cellOf(event.target);
  if (place && place !== current) select(place);
});
$("reading").addEventListener("click", event => {
  const element = event.target.closest("td, th, .word"), place = element && (element.place || cellOf(element));
  if (place && event.target.tagName !== "INPUT") {
    element.focus({preventScroll: true});
    select(place);
  }
});
$("reading").addEventListener("dblclick", event => {
  const element = event.target.closest("td, th, .word"), place = element && (element.place || cellOf(element));
  if (place) edit(place);
});
$("reading").addEventListener("pointerover", event => {
  const element = event.target.closest("td, th, .word"), place = element && (element.place || cellOf(element));
  if (place && place.page === view.page) put($("over"), pageOf(view.page), boxOf(place));
});

$("previous").addEventListener("click", () => walk(-1));
$("next").addEventListener("click", () => walk(1));
$("repaired").addEventListener("change", count);
$("save").addEventListener("click", save);
$("help").addEventListener("click", () => $("keys").showModal());
$("close").addEventListener("click", () => $("keys").close());
$("who").addEventListener("change", remember);

/* ---- Words of the language ---- */

function paintWords() {
  for (const page of new Set(words.map(word => word.page))) {
    const place = $(`w${page}`), list = make("ul");
    for (const word of words.filter(word => word.page === page)) {
      const item = make("li");
      word.element ||= make("span", "word");
      word.element.place = word;
      word.element.tabIndex = 0;
      word.element.setAttribute("role", "button");
      item.append(make("s", "", word.raw), " ", word.element);
      paintPlace(word);
      list.append(item);
    }
    place.replaceChildren(make("h3", "", say("words_head")), list);
  }
}

function paintLanguage() {
  document.documentElement.lang = language;
  for (const element of document.querySelectorAll("[data-w]"))
    if (Object.hasOwn(WORDS[language], element.dataset.w)) element.textContent = say(element.dataset.w);
  for (const element of document.querySelectorAll("[data-wl]")) element.setAttribute("aria-label", say(element.dataset.wl));
  const other = language === "sv" ? "en" : "sv";
  $("language").textContent = say("other_language");
  $("language").lang = other;
  $("key_list").replaceChildren(...[["N", "key_n"], ["P", "key_p"], [say("arrows"), "key_arrows"], ["Enter", "key_enter"],
    ["A", "key_a"], ["U", "key_u"], ["S", "key_s"], ["?", "key_h"]].flatMap(([key, word]) => {
    const name = make("dt");
    name.append(make("kbd", "", key));
    return [name, make("dd", "", say(word))];
  }));
  paintWords();
  for (const table of DATA.tables) paintChecks(table);
  if (view.page) $("page_now").textContent = say("page_of", view.page, DATA.pages[DATA.pages.length - 1].page);
  if (view.place) describe(view.place);
  count();
}

$("language").addEventListener("click", () => {
  language = language === "sv" ? "en" : "sv";
  paintLanguage();
});

/* The eye follows the reading: the picture is that of the page on which one reads. */
const watch = new IntersectionObserver(seen => {
  if (view.place) return;
  for (const one of seen) if (one.isIntersecting) showPage(Number(one.target.id.slice(1)));
}, {rootMargin: "-30% 0px -60% 0px"});
for (const page of document.querySelectorAll(".page")) watch.observe(page);

for (const table of DATA.tables.filter(table => table.cells.length)) {
  table.stop = table.cells[0];
  table.stop.element.tabIndex = 0;
}
paintLanguage();
ordered = order();
recall();
count();
if (DATA.pages.length) showPage(DATA.pages[0].page);
document.documentElement.dataset.ready = "yes";
})();
