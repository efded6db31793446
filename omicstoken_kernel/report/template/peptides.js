// The peptide table: everything in the file, searched, filtered, sorted and paged here.
const PAGE = 25;

// A motif such as xLxxxxxx[VL]: x stands for any residue, capitals for themselves, the length is meant.
function motif(query) {
  if (!/^(?=.*[x[])(?:[A-Zx]|\[[A-Z]+\])+$/.test(query)) return null;
  return new RegExp(`^${query.replaceAll("x", "[A-Z]")}$`);
}

class PeptideTable {
  constructor(place, table, view, open) {
    const fields = view.fields.filter((field) => field.column);
    Object.assign(this, { place, table, fields, groups: view.groups, fileName: view.file_name, open, page: 0, sort: null, query: "", length: "", elsewhere: "", held: "" });
    this.body = place.querySelector("tbody");
    this.fillControls();
    this.fillHead();
    selection.onChange(() => { this.page = 0; this.show(); });
    this.show();
  }

  control(name) { return this.place.querySelector(`[data-control="${name}"]`); }

  fillControls() {
    const group = this.control("group");
    group.append(make("option", { value: "" }, "all"), ...this.groups.map((g) => make("option", { value: g.group }, g.label)));
    group.closest("label").hidden = this.groups.length === 0;
    group.addEventListener("change", () => selection.set(group.value ? [group.value] : []));
    selection.onChange(() => { group.value = selection.groups.size === 1 ? [...selection.groups][0] : ""; });
    const lengths = [...new Set(this.table.columns.length)].sort((a, b) => a - b);
    const length = this.control("length");
    length.append(make("option", { value: "" }, "all"), ...lengths.map((n) => make("option", { value: n }, `${n} residues`)));
    for (const name of ["length", "elsewhere", "held"]) {
      this.control(name)?.addEventListener("change", (event) => { this[name] = event.target.value; this.page = 0; this.show(); });
    }
    let waiting;
    this.control("query").addEventListener("input", (event) => {
      clearTimeout(waiting);
      waiting = setTimeout(() => { this.query = event.target.value.trim(); this.page = 0; this.show(); }, 120);
    });
    this.control("csv").addEventListener("click", () => this.download());
  }

  fillHead() {
    const cells = this.fields.map((field) => make("th", { scope: "col", class: field.digits !== undefined ? "n" : null, "data-field": field.name },
      make("button", { type: "button", title: field.meaning, onclick: () => this.sortBy(field.name) },
        field.unit ? `${field.title}, ${field.unit}` : field.title)));
    this.place.querySelector("thead").replaceChildren(make("tr", {}, ...cells));
  }

  sortBy(name) {
    const down = this.sort?.name === name && !this.sort.down;
    this.sort = this.sort?.name === name && this.sort.down ? null : { name, down };
    this.page = 0;
    this.show();
  }

  // Row numbers that pass every filter, in the order shown.
  filtered() {
    const { columns, rows } = this.table;
    const pattern = motif(this.query);
    const text = this.query.toLowerCase();
    const searched = ["sequence", "proforma", "proteins"].filter((name) => this.table.has(name)).map((name) => columns[name]);
    const found = [];
    for (let row = 0; row < rows; row += 1) {
      if (selection.groups.size && !selection.groups.has(columns.group[row])) continue;
      if (this.length && columns.length[row] !== Number(this.length)) continue;
      if (this.elsewhere && (this.elsewhere === "new") !== (columns.other_runs[row] === 0)) continue;
      if (this.held && !this.isHeld(columns.held[row])) continue;
      if (pattern && !pattern.test(columns.sequence[row])) continue;
      if (text && !pattern && !searched.some((values) => values[row]?.toLowerCase().includes(text))) continue;
      found.push(row);
    }
    return this.sort ? this.ordered(found) : found;
  }

  // Which runs hold a peptide comes as text of 0 and 1, one for each run.
  isHeld(held) {
    if (this.held === "all") return !held.includes("0");
    const [how, run] = this.held.split(" ");
    return held[run] === "1" && (how === "in" || held.replaceAll("0", "").length === 1);
  }

  ordered(rows) {
    const values = this.table.columns[this.sort.name];
    const sign = this.sort.down ? -1 : 1;
    return rows.sort((a, b) => {
      const [x, y] = [values[a], values[b]];
      if (x === null || y === null) return (x === null) - (y === null) || a - b;
      return (x < y ? -1 : x > y ? 1 : 0) * sign || a - b;
    });
  }

  show() {
    this.rows = this.filtered();
    const pages = Math.max(1, Math.ceil(this.rows.length / PAGE));
    this.page = Math.min(this.page, pages - 1);
    this.body.replaceChildren(...this.rows.slice(this.page * PAGE, (this.page + 1) * PAGE).map((row) => this.line(row)));
    if (!this.rows.length) this.body.append(make("tr", {}, make("td", { colspan: this.fields.length }, "No peptide passes all filters. Remove one above.")));
    for (const head of this.place.querySelectorAll("th[data-field]")) {
      if (head.dataset.field === this.sort?.name) head.setAttribute("aria-sort", this.sort.down ? "descending" : "ascending");
      else head.removeAttribute("aria-sort");
    }
    this.showStatus();
    this.showPager(pages);
  }

  line(row) {
    const cells = this.fields.map((field) => {
      const value = this.table.value(field.name, row);
      if (field.name === "sequence") return make("td", {}, make("button", { type: "button", class: "sequence" }, value));
      if (field.name === "group") {
        const group = this.groups.find((g) => g.group === value);
        return make("td", {}, group ? make("span", { class: "swatch", style: `--colour:${group.colour}` }) : null, group ? group.label : written(value));
      }
      const text = written(value === "" ? null : value, field.digits);
      return make("td", { class: field.digits !== undefined ? "n" : "clip", title: field.digits === undefined ? text : null }, text);
    });
    return make("tr", { "data-row": row, onclick: () => this.open(row) }, ...cells);
  }

  showStatus() {
    const all = written(this.table.rows);
    const some = this.rows.length === this.table.rows ? `All ${all} peptides` : `${written(this.rows.length)} of ${all} peptides`;
    const tags = [...selection.groups].map((group) => make("button", { type: "button", class: "tag", title: "Remove this filter", onclick: () => selection.toggle(group) },
      `cluster ${this.groups.find((g) => g.group === group)?.label ?? group} ×`));
    this.place.querySelector("[data-status]").replaceChildren(some, ...tags);
  }

  showPager(pages) {
    const go = (page) => { this.page = page; this.show(); };
    const button = (label, page, off) => {
      const made = make("button", { type: "button", class: "button", onclick: () => go(page) }, label);
      made.disabled = off;
      return made;
    };
    this.place.querySelector("[data-pager]").replaceChildren(
      button("Previous", this.page - 1, this.page === 0), `page ${written(this.page + 1)} of ${written(pages)}`, button("Next", this.page + 1, this.page >= pages - 1));
  }

  download() {
    const names = Object.keys(this.table.columns).filter((name) => !["x", "y", "held"].includes(name));
    save(`${this.fileName}.csv`, csv(names, this.rows.map((row) => names.map((name) => this.table.value(name, row)))), "text/csv");
  }
}
