/* What is wrong with the page for people who do not see it well or do not use a pointer: a list of findings, empty when there are none.
   Names, roles, languages, headings, labels, focus, identifiers and contrast, by WCAG 2.2 AA; for the elements that are shown. */
const found = new Set();
const report = (rule, element) => found.add(`${rule}: ${element.outerHTML.slice(0, 90)}`);
const shown = element => element.checkVisibility({checkOpacity: true, checkVisibilityCSS: true});
const all = selector => [...document.querySelectorAll(selector)].filter(shown);

function nameOf(element) {
  const by = (element.getAttribute("aria-labelledby") || "").split(" ").map(id => id && document.getElementById(id)?.textContent).join(" ").trim();
  const labels = [...(element.labels || [])].map(label => label.textContent).join(" ").trim();
  return by || element.getAttribute("aria-label")?.trim() || labels || element.getAttribute("alt") || element.textContent.trim();
}

/* The page as a whole. */
if (!/^[a-z]{2}/.test(document.documentElement.lang)) report("language", document.documentElement);
if (!document.title.trim()) report("title", document.head);
for (const part of ["main", "h1"]) if (all(part).length !== 1) report(`one ${part}`, document.body);
let level = 0;
for (const heading of all("h1, h2, h3, h4, h5, h6")) {
  const next = Number(heading.tagName[1]);
  if (next > level + 1) report("heading level", heading);
  if (!heading.textContent.trim()) report("empty heading", heading);
  level = next;
}
const ids = new Set();
for (const element of document.querySelectorAll("[id]")) {
  if (ids.has(element.id)) report("identifier twice", element);
  ids.add(element.id);
}
for (const attribute of ["aria-labelledby", "aria-describedby", "aria-controls"])
  for (const element of document.querySelectorAll(`[${attribute}]`))
    for (const id of element.getAttribute(attribute).split(" ")) if (!document.getElementById(id)) report(`${attribute} to nothing`, element);

/* Names. */
for (const element of all("button, a[href], input, select, textarea, summary, dialog, canvas, [role=button], [role=grid], [role=group], [role=img], section"))
  if (!nameOf(element)) report("no name", element);
for (const image of all("img")) if (!image.hasAttribute("alt")) report("no alt", image);

/* Focus: what can be used can be reached, in the order of the page, and shows that it has the focus. */
for (const element of document.querySelectorAll("[tabindex]")) if (element.tabIndex > 0) report("order of focus", element);
for (const grid of all("[role=grid]")) if (!grid.querySelector("[tabindex='0']")) report("grid cannot be reached", grid);
for (const element of all("[aria-hidden=true]")) if (element.querySelector("button, a[href], input, [tabindex='0']")) report("hidden focus", element);
for (const element of all("button, input, summary, a[href]")) {
  const box = element.getBoundingClientRect();
  if (element.matches("button") && box.width && (box.width < 24 || box.height < 24)) report("too small to hit", element);
}

/* Roles and tables. */
const ROLES = new Set(["alert", "button", "grid", "group", "img", "search", "status"]);
for (const element of document.querySelectorAll("[role]")) if (!ROLES.has(element.getAttribute("role"))) report("role", element);
for (const head of all("th")) if (!["col", "row"].includes(head.scope)) report("heading of what", head);
for (const list of all("ul, ol")) if ([...list.children].some(child => child.tagName !== "LI")) report("list", list);

for (const list of all("dl")) if ([...list.children].some(child => !["DT", "DD", "DIV"].includes(child.tagName))) report("list", list);
for (const head of all("thead th")) if (!head.textContent.trim() && head.closest("[role=grid]") === null) report("empty heading", head);
for (const element of all("button, a[href], [role=button]"))
  if (element.querySelector("button, a[href], input, select, textarea, [tabindex]")) report("one within another", element);
for (const element of document.querySelectorAll("[lang]")) if (!/^(sv|en)$/.test(element.lang)) report("language", element);
const ARIA = /^aria-(controls|current|describedby|haspopup|hidden|keyshortcuts|label|labelledby|live)$/;
for (const element of document.querySelectorAll("*"))
  for (const {name} of element.attributes) if (name.startsWith("aria-") && !ARIA.test(name)) report(`unknown ${name}`, element);

/* Parts: what is on the page lies in one of its landmarks; it may be enlarged; what scrolls can be scrolled without a pointer. */
for (const element of all("body > *"))
  if (!element.matches("header, main, nav, footer, dialog, script, noscript, .skip, [role=status]") && element.textContent.trim()) report("outside of all parts", element);
if (/user-scalable\s*=\s*no|maximum-scale/.test(document.querySelector("meta[name=viewport]")?.content || "")) report("cannot be enlarged", document.head);
for (const element of all("body *")) {
  const style = getComputedStyle(element), moves = axis => ["auto", "scroll"].includes(style[`overflow-${axis}`]);
  const over = (moves("y") && element.scrollHeight > element.clientHeight + 1) || (moves("x") && element.scrollWidth > element.clientWidth + 1);
  if (over && element.tabIndex < 0 && !element.querySelector("button, a[href], input, summary, [tabindex='0']")) report("cannot be scrolled", element);
}

/* Contrast: of text against what lies behind it. */
const canvas = document.createElement("canvas");
canvas.width = canvas.height = 1;
const pen = canvas.getContext("2d", {willReadFrequently: true});
const colours = new Map();
const colour = text => colours.get(text) || colours.set(text, paintedColour(text)).get(text);
function paintedColour(text) {
  pen.clearRect(0, 0, 1, 1);
  pen.fillStyle = text;
  pen.fillRect(0, 0, 1, 1);
  const [r, g, b, a] = pen.getImageData(0, 0, 1, 1).data;
  return [r, g, b, a / 255];
}
const over = (top, under) => [0, 1, 2].map(i => top[i] * top[3] + under[i] * (1 - top[3])).concat(1);
function behind(element) {
  const layers = [];
  for (let at = element; at; at = at.parentElement) layers.push(colour(getComputedStyle(at).backgroundColor));
  return layers.reverse().reduce((under, top) => over(top, under), [255, 255, 255, 1]);
}
const light = c => [0.2126, 0.7152, 0.0722].reduce((sum, weight, i) => {
  const v = c[i] / 255;
  return sum + weight * (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
}, 0);
for (const element of all("body *")) {
  if (![...element.childNodes].some(node => node.nodeType === 3 && node.textContent.trim()) || element.matches("script, style, :disabled, .hidden")) continue;
  const style = getComputedStyle(element), back = behind(element), size = parseFloat(style.fontSize);
  const [a, b] = [light(over(colour(style.color), back)), light(back)].sort((x, y) => y - x);
  const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
  if ((a + 0.05) / (b + 0.05) < (large ? 3 : 4.5)) report(`contrast ${((a + 0.05) / (b + 0.05)).toFixed(2)}`, element);
}
return [...found];
