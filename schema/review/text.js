
/* ---- Words of a page's text ----
   Each is a place without a box, known by its line and its number there, from 1, in the text as it was read (schema/amend_word.c).
   They are made when a page's text is first opened: most are never looked at. */

const textPages = new Map(); /* page: {words, stop}, stop being the one that Tab comes to */
const textWords = () => [...textPages.values()].flatMap(page => page.words);

function makeTextWord(page, line, number, text, said) {
  const element = make("span", "word");
  const status = said ? "corrected" : "read";
  const place = {word: true, page, line, number, element, box: null, raw: said ? said.from : text, text: said ? said.to : text,
    was: said ? said.to : text, given: status, status, shown: null};
  element.place = place;
  element.tabIndex = -1;
  element.setAttribute("role", "button");
  paintPlace(place);
  return place;
}

/* Fills `element` with the words of one line; what people said before stands for as many words as it has. */
function fillLine(element, page, line, text, said) {
  const parts = text.split(/([ \t]+)/), words = [];
  if (!parts[0]) element.append(parts.splice(0, 2)[1] || "");
  for (let number = 1; parts[0] || said.has(`${line} ${number}`); number++) {
    const one = said.get(`${line} ${number}`), length = one ? one.to.split(/[ \t]+/).filter(Boolean).length : 1;
    const place = makeTextWord(page, line, number, parts[0] || "", one);
    words.push(place);
    element.append(place.element, length ? parts.splice(0, 2 * length)[2 * length - 1] || "" : " ");
  }
  element.append(parts.join(""));
  return words;
}

/* Rows of tables are corrected in their tables. */
function isRow(text, cells) {
  return text.split("\t").some(part => cells.has(part));
}

function openText(number) {
  const element = $(`x${number}`), page = pageOf(number);
  if (!element || !page || textPages.has(number)) return;
  const cells = new Set(DATA.tables.flatMap(table => table.cells).filter(cell => cell.page === number && cell.was).map(cell => cell.was));
  const said = new Map(DATA.words.filter(word => word.page === number && word.line).map(word => [`${word.line} ${word.word}`, word]));
  const text = page.text ?? element.textContent, words = [];
  element.replaceChildren();
  text.split("\n").forEach((line, at) => {
    if (at) element.append("\n");
    if (isRow(line, cells)) element.append(line);
    else words.push(...fillLine(element, number, at + 1, line, said));
  });
  textPages.set(number, {words, stop: words[0]});
  if (words.length) words[0].element.tabIndex = 0;
  ordered = order();
}

/* To the next word of the text, or to the one above or below. */
function moveInText(place, lines, words) {
  const all = textPages.get(place.page).words, at = all.indexOf(place);
  const middle = box => (box.left + box.right) / 2, here = place.element.getBoundingClientRect();
  if (words) return all[at + words] && go(all[at + words]);
  const beyond = all.map(word => [word, word.element.getBoundingClientRect()])
    .filter(([, box]) => lines < 0 ? box.bottom <= here.top + 1 : box.top >= here.bottom - 1);
  const away = ([, box]) => 1000 * Math.abs(box.top - here.top) + Math.abs(middle(box) - middle(here));
  const nearest = beyond.reduce((best, one) => !best || away(one) < away(best) ? one : best, null);
  if (nearest) go(nearest[0]);
}

for (const page of DATA.pages)
  $(`x${page.page}`).parentElement.addEventListener("toggle", () => openText(page.page));
