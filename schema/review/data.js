(() => {
"use strict";
/* What the page holds: the report's data, words of the language, and exact numbers. */
const $ = id => document.getElementById(id);
const DATA = JSON.parse($("data").textContent);
const WORDS = JSON.parse($("words").textContent);
let language = document.documentElement.lang in WORDS ? document.documentElement.lang : "sv";

/* A word of the page's language; %d and %s stand for `values`. */
function say(word, ...values) {
  const text = Object.hasOwn(WORDS[language], word) ? WORDS[language][word] : word;
  return text.replace(/%[ds]/g, () => String(values.shift()));
}

function make(tag, name, text) {
  const element = document.createElement(tag);
  if (name) element.className = name;
  if (text !== undefined) element.textContent = text;
  return element;
}

/* ---- Exact decimals: {m, s} is m / 10^s, m a BigInt ---- */

const zero = {m: 0n, s: 0};

function decimal(text) {
  const [whole, part = ""] = text.split(".");
  return {m: BigInt(whole + part), s: part.length};
}

function atScale(a, scale) {
  return a.m * 10n ** BigInt(scale - a.s);
}

function plus(a, b, sign = 1) {
  const s = Math.max(a.s, b.s);
  return {m: atScale(a, s) + BigInt(sign) * atScale(b, s), s};
}

function compare(a, b) {
  const d = plus(a, b, -1).m;
  return d < 0n ? -1 : d > 0n ? 1 : 0;
}

function magnitude(a) {
  const m = a.m < 0n ? -a.m : a.m;
  return m / 10n ** BigInt(a.s);
}

/* As Swedish reports print it. */
function printed(a) {
  const digits = (a.m < 0n ? -a.m : a.m).toString().padStart(a.s + 1, "0");
  const whole = digits.slice(0, digits.length - a.s).replace(/\B(?=(\d{3})+$)/g, "\u00a0");
  return (a.m < 0n ? "\u2212" : "") + whole + (a.s ? "," + digits.slice(-a.s) : "");
}

/* The number that a whole cell states, as schema/value.c reads it; null when it is none. */
const NUMBER = new RegExp("^([-+])? ?(\\()?([-+])? ?(\\d{1,3}(?:[ .]\\d{3})+|\\d+)(?:[.,](\\d{1,9}))?(-)?(\\))? ?" +
  "(?:%|procent|tkr|kkr|tsek|ksek|mnkr|mkr|msek|kronor|sek|kr|st)?\\.?$");

function parseNumber(text) {
  const plain = text.replace(/\s+/g, " ").replace(/[\u2010-\u2015\u2212\ufe63\uff0d]/g, "-").trim().toLowerCase();
  const found = plain.length < 64 ? NUMBER.exec(plain) : null;
  if (!found || !found[2] !== !found[7]) return null;
  const whole = found[4].replace(/[ .]/g, ""), part = found[5] || "";
  if (whole.length + part.length > 15) return null;
  const minus = found[1] === "-" || found[3] === "-" || found[6] || found[2];
  return {m: BigInt((minus ? "-" : "") + whole + part), s: part.length};
}

/* ---- Places: cells and repaired words ---- */

const DOUBT = 0.75, SURE = 0.8; /* as in schema/doubt.h and schema/check.c */

function makeCell(list, table, at) {
  const row = Math.floor(at / table.columns), column = at % table.columns;
  const element = $(`c${table.number}-${row}-${column}`);
  const text = list.length > 7 ? list[7] : element.textContent;
  return {table, row, column, element, page: list[0], box: list[1], raw: list[2] === null ? text : list[2], text,
    value: list[3] === null ? null : decimal(list[3]), unit: list[4], sure: list[5], given: list[6], status: list[6],
    was: text, wasValue: list[3] === null ? null : decimal(list[3])};
}

DATA.tables.forEach((table, number) => {
  table.number = number;
  table.cells = table.cells.map((list, at) => makeCell(list, table, at));
  /* A value's scale is that of its print: 12,50 is exact to the hundredth. */
  for (const cell of table.cells) {
    const value = cell.value && parseNumber(cell.text);
    if (value && compare(value, cell.value) === 0) cell.value = cell.wasValue = value;
  }
});

const cellAt = (table, row, column) => DATA.tables[table].cells[row * DATA.tables[table].columns + column];
const cellOf = element => {
  const found = element && /^c(\d+)-(\d+)-(\d+)$/.exec(element.id);
  return found ? cellAt(Number(found[1]), Number(found[2]), Number(found[3])) : null;
};

for (const table of DATA.tables)
  for (const check of table.checks) {
    check.table = table;
    check.cells = check.addends.map(a => cellAt(a[1], a[2], a[3]));
    check.signs = check.addends.map(a => a[0]);
    check.total = cellAt(table.number, check.total[0], check.total[1]);
    check.was = check.verdict;
    for (const key of ["whole", "expected", "off"]) check[key] = decimal(check[key]);
    for (const cell of [check.total, ...check.cells]) (cell.checks ||= []).push(check);
  }

/* A repaired word is a place like a cell, without a table. Repairs within cells show there. */
const sameBox = (a, b) => a && b && a.every((edge, i) => edge === b[i]);
const inside = (a, b) => a && b && a[0] >= b[0] - 2 && a[1] >= b[1] - 2 && a[2] <= b[2] + 2 && a[3] <= b[3] + 2;
const cellsOfPage = new Map();
for (const table of DATA.tables)
  for (const cell of table.cells) {
    if (!cellsOfPage.has(cell.page)) cellsOfPage.set(cell.page, []);
    if (cell.box) cellsOfPage.get(cell.page).push(cell);
  }

const words = DATA.words.filter(word => $(`w${word.page}`) && word.reason !== "person" && word.box &&
  !(cellsOfPage.get(word.page) || []).some(cell => inside(word.box, cell.box))).map(word => {
  const said = DATA.words.findLast(other => other.reason === "person" && other.page === word.page && sameBox(other.box, word.box));
  const text = said ? said.to : word.to;
  return {word: true, page: word.page, box: word.box, raw: word.from, text, was: text, sure: word.confidence,
    given: said ? "corrected" : "repaired", status: said ? "corrected" : "repaired"};
});
