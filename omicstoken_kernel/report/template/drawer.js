// The card of one peptide: what the file says, what was computed, where else it occurs.
const CARD_GRADES = {
  observed: "observed in the file",
  computed: "computed from the sequence and the map",
  added: "computed from a proteome, or by another program",
};

class Drawer {
  constructor(element, tables, fields, groups) {
    Object.assign(this, { element, tables, fields, groups, before: null });
    document.addEventListener("keydown", (event) => { if (event.key === "Escape" && !element.hidden) this.close(); });
  }

  open(row) {
    const peptides = this.tables.peptides;
    this.before = document.activeElement;
    const sequence = peptides.value("sequence", row);
    const parts = [
      make("button", { type: "button", class: "close", "aria-label": "Close", onclick: () => this.close() }, "×"),
      make("h3", { id: "drawer-title" }, ...this.residues(sequence)),
      ...this.graded("observed", row), this.featureTable(sequence), ...this.graded("computed", row), ...this.graded("added", row), ...this.elsewhere(sequence),
    ];
    this.element.replaceChildren(...parts.filter(Boolean));
    this.element.hidden = false;
    this.element.querySelector(".close").focus({ preventScroll: true });
    for (const line of document.querySelectorAll(".data tr[data-row]")) line.setAttribute("aria-selected", String(Number(line.dataset.row) === row));
  }

  close() {
    this.element.hidden = true;
    document.querySelectorAll('.data tr[aria-selected="true"]').forEach((line) => line.removeAttribute("aria-selected"));
    this.before?.focus?.({ preventScroll: true });
  }

  residues(sequence) {
    const classes = window.omicstokenResidues;
    return [...sequence].map((letter) => make("span", { class: `aa-${classes[letter] ?? "special"}` }, letter));
  }

  graded(grade, row) {
    const peptides = this.tables.peptides;
    const shown = this.fields.filter((field) => field.grade === grade && field.name !== "sequence" && field.name !== "other_runs" && peptides.has(field.name));
    const pairs = shown.map((field) => {
      let value = peptides.value(field.name, row);
      if (field.name === "group") value = this.groups.find((g) => g.group === value)?.label ?? value;
      return [make("dt", {}, field.title), make("dd", {}, written(value === "" ? null : value, field.digits) + (field.unit && value !== null ? `\u202f${field.unit}` : ""))];
    });
    if (!pairs.length) return [];
    return [make("h4", {}, make("span", { class: `grade grade-${grade === "added" ? "computed" : grade}` }, CARD_GRADES[grade])), make("dl", {}, ...pairs.flat())];
  }

  featureTable(sequence) {
    const features = this.tables.features;
    if (!features) return null;
    const names = { proforma: "Peptidoform", precursor_charge: "z", mz: "m/z", rt_s: "RT (s)", quantity: "Quantity", q_value: "q", psm_count: "PSMs" };
    const shown = Object.keys(names).filter((name) => features.has(name));
    const lines = [];
    for (let row = 0; row < features.rows; row += 1) {
      if (features.value("sequence", row) !== sequence) continue;
      lines.push(make("tr", {}, ...shown.map((name) => make("td", {}, written(features.value(name, row), name === "precursor_charge" ? 0 : "significant")))));
    }
    return make("table", {}, make("thead", {}, make("tr", {}, ...shown.map((name) => make("th", { scope: "col" }, names[name])))), make("tbody", {}, ...lines));
  }

  elsewhere(sequence) {
    const others = this.tables.occurrences;
    if (!others) return [];
    const runs = [];
    for (let row = 0; row < others.rows; row += 1) if (others.value("sequence", row) === sequence) runs.push(others.value("run", row));
    const text = runs.length ? `Also in ${runs.join(", ")}.` : "In no other run of this workspace. Not detected is not absent.";
    return [make("h4", {}, make("span", { class: "grade grade-observed" }, "observed in other runs")), make("p", {}, text)];
  }
}
