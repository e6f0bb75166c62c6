
/* ---- The picture of the page, the mark on it and the loupe ---- */

const view = {page: 0, zoom: 1, place: null, ready: false};
const pageOf = number => DATA.pages.find(page => page.page === number);

function showPage(number) {
  const page = pageOf(number), source = $(`i${number}`), image = $("image");
  if (!page || view.page === number) return;
  view.page = number;
  view.ready = false;
  $("page_now").textContent = say("page_of", number, DATA.pages[DATA.pages.length - 1].page);
  const url = source ? source.textContent : DATA.picture_path ? DATA.picture_path + number : "";
  $("sheet").hidden = !url;
  $("no_picture").hidden = Boolean(url);
  image.alt = say("page_picture_of", number);
  if (url) image.src = url;
  else image.removeAttribute("src");
  $("sheet").style.aspectRatio = page.width && page.height ? `${page.width} / ${page.height}` : "";
}

/* The archive has no picture of a file that is gone or has changed. */
$("image").addEventListener("error", () => {
  $("sheet").hidden = true;
  $("no_picture").hidden = false;
});
$("image").addEventListener("load", () => {
  view.ready = true;
  drawLoupe();
  centre();
});

function put(element, page, box) {
  element.hidden = !box;
  if (!box) return;
  element.style.left = `${100 * box[0] / page.width}%`;
  element.style.top = `${100 * box[1] / page.height}%`;
  element.style.width = `${100 * (box[2] - box[0]) / page.width}%`;
  element.style.height = `${100 * (box[3] - box[1]) / page.height}%`;
}

/* The box where nothing was read lies between those of its row and its column. */
function boxOf(place) {
  if (place.box || place.word) return place.box;
  const cells = place.table.cells.filter(cell => cell.box && cell.page === place.page);
  const row = cells.filter(cell => cell.row === place.row), column = cells.filter(cell => cell.column === place.column);
  if (!row.length || !column.length) return null;
  const edge = (list, at, f) => f(...list.map(cell => cell.box[at]));
  return [edge(column, 0, Math.min), edge(row, 1, Math.min), edge(column, 2, Math.max), edge(row, 3, Math.max)];
}

function centre() {
  const box = view.place && boxOf(view.place), page = pageOf(view.page), frame = $("frame"), sheet = $("sheet");
  if (!box || !page || !page.width) return;
  const x = (box[0] + box[2]) / 2 / page.width * sheet.offsetWidth, y = (box[1] + box[3]) / 2 / page.height * sheet.offsetHeight;
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  frame.scrollTo({left: x - frame.clientWidth / 2, top: y - frame.clientHeight / 2, behavior: calm ? "auto" : "smooth"});
}

/* The place with what stands around it, as large as the loupe allows. */
function drawLoupe() {
  const canvas = $("loupe"), box = view.place && boxOf(view.place), page = pageOf(view.page), image = $("image");
  const pen = canvas.getContext("2d");
  pen.clearRect(0, 0, canvas.width, canvas.height);
  canvas.hidden = !box || !view.ready;
  if (canvas.hidden) return;
  const scale = image.naturalWidth / page.width, height = box[3] - box[1], width = box[2] - box[0];
  const high = Math.max(height * 2.6, width * 1.25 * canvas.height / canvas.width, page.height / 45);
  const wide = high * canvas.width / canvas.height;
  const left = (box[0] + box[2] - wide) / 2, top = (box[1] + box[3] - high) / 2, k = canvas.width / wide;
  pen.imageSmoothingQuality = "high";
  pen.drawImage(image, left * scale, top * scale, wide * scale, high * scale, 0, 0, canvas.width, canvas.height);
  pen.lineWidth = 4;
  pen.strokeStyle = getComputedStyle(document.documentElement).getPropertyValue("--mark");
  pen.strokeRect((box[0] - left) * k - 4, (box[1] - top) * k - 4, width * k + 8, height * k + 8);
}

/* Shows a place in the picture. */
function showPlace(place) {
  const page = pageOf(place.page);
  view.place = place;
  showPage(place.page);
  if (page) put($("mark"), page, boxOf(place));
  drawLoupe();
  centre();
}

function zoom(factor) {
  view.zoom = Math.min(6, Math.max(0.5, view.zoom * factor));
  $("sheet").style.width = `${100 * view.zoom}%`;
  centre();
}

/* The place under the pointer: the smallest box that holds it. */
function placeAt(event) {
  const page = pageOf(view.page), area = $("sheet").getBoundingClientRect();
  if (!page || !area.width) return null;
  const x = (event.clientX - area.left) / area.width * page.width, y = (event.clientY - area.top) / area.height * page.height;
  const size = place => (place.box[2] - place.box[0]) * (place.box[3] - place.box[1]);
  return [...(cellsOfPage.get(view.page) || []), ...words.filter(word => word.page === view.page)]
    .filter(place => x >= place.box[0] - 4 && x < place.box[2] + 4 && y >= place.box[1] - 4 && y < place.box[3] + 4)
    .sort((a, b) => size(a) - size(b))[0] || null;
}

$("sheet").addEventListener("pointermove", event => {
  const place = placeAt(event), page = pageOf(view.page);
  put($("over"), page, place && place.box);
  for (const element of document.querySelectorAll(".pointed")) element.classList.remove("pointed");
  if (place) place.element.classList.add("pointed");
});
$("sheet").addEventListener("pointerleave", () => put($("over"), null, null));
$("sheet").addEventListener("click", event => {
  const place = placeAt(event);
  if (place) go(place);
});
$("smaller").addEventListener("click", () => zoom(1 / 1.3));
$("larger").addEventListener("click", () => zoom(1.3));

function turnPage(step) {
  const at = DATA.pages.findIndex(page => page.page === view.page) + step;
  if (at < 0 || at >= DATA.pages.length) return;
  view.place = null;
  $("mark").hidden = $("loupe").hidden = true;
  $("detail").replaceChildren();
  showPage(DATA.pages[at].page);
  $(`p${DATA.pages[at].page}`).scrollIntoView();
}
$("page_back").addEventListener("click", () => turnPage(-1));
$("page_on").addEventListener("click", () => turnPage(1));
