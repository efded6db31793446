// Tables as columns: text comes as levels with codes, or as lines; numbers and truth values plainly.
function column(raw) {
  if (raw.levels) return raw.codes.map((code) => (code < 0 ? null : raw.levels[code]));
  if (raw.lines !== undefined) return raw.lines.split("\n");
  return raw.values;
}

class Table {
  constructor(raw) {
    this.rows = raw.rows;
    this.columns = {};
    for (const one of raw.columns) this.columns[one.name] = column(one);
    if (this.rows === 0) for (const name in this.columns) this.columns[name] = [];
  }
  has(name) { return name in this.columns; }
  value(name, row) { return this.has(name) ? this.columns[name][row] : null; }
  records(names) {
    const wanted = names ?? Object.keys(this.columns);
    return Array.from({ length: this.rows }, (_, row) => {
      const record = { row };
      for (const name of wanted) record[name] = this.columns[name][row];
      return record;
    });
  }
}

async function readData() {
  const element = document.getElementById("omicstoken-data");
  if (!element.dataset.packed) return JSON.parse(element.textContent);
  const text = atob(element.textContent);
  const bytes = new Uint8Array(text.length);
  for (let at = 0; at < text.length; at += 1) bytes[at] = text.charCodeAt(at);
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Response(stream).json();
}

// How numbers are written: thin spaces in thousands, a dash for what is missing.
const MISSING = "–";
const thousands = (whole) => whole.replace(/\B(?=(\d{3})+(?!\d))/g, "\u202f");
const raised = (exponent) => [...String(exponent)].map((c) => (c === "-" ? "⁻" : "⁰¹²³⁴⁵⁶⁷⁸⁹"[c])).join("");
function significant(value) {
  const size = Math.abs(value);
  if (value !== 0 && (size >= 1e6 || size < 1e-3)) {
    const [mantissa, exponent] = value.toExponential(2).split("e");
    return `${mantissa}×10${raised(Number(exponent))}`;
  }
  const [whole, rest] = String(Number(value.toPrecision(4))).split(".");
  return thousands(whole) + (rest ? "." + rest : "");
}
function written(value, digits) {
  if (value === null || value === undefined) return MISSING;
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (typeof value !== "number") return String(value);
  if (digits === "significant") return significant(value).replace("-", "−");
  const [whole, rest] = value.toFixed(digits ?? 0).split(".");
  return thousands(whole).replace("-", "−") + (rest ? "." + rest : "");
}

// Elements are made, never parsed: text from a file stays text.
function make(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === null) continue;
    if (name === "class") element.className = value;
    else if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

function save(name, content, type) {
  const blob = content instanceof Blob ? content : new Blob([content], { type });
  const link = make("a", { href: URL.createObjectURL(blob), download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}

function csv(names, records) {
  const cell = (value) => {
    const text = value === null || value === undefined ? "" : String(value);
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  return [names.map(cell).join(","), ...records.map((r) => r.map(cell).join(","))].join("\r\n") + "\r\n";
}
