// A table whose rows stay in the kernel: the view asks for the page it shows.

const NUMBERS = new Set(["count", "share", "quantity", "number", "percentile"]);

function render({ model, el }) {
  const ask = requester(model);
  const state = { offset: 0, sort: null, ascending: true, filter: "", asked: 0 };

  const filter = make("input", {
    type: "search",
    placeholder: model.get("filter_hint"),
    "aria-label": `Filter: ${model.get("caption")}`,
  });
  const told = make("span", { class: "ot-muted", role: "status" });
  const head = make("thead");
  const body = make("tbody");
  const table = make("table", {}, make("caption", {}, model.get("caption")), head, body);
  const range = make("span", { class: "ot-muted" });
  const turn = (label, title, offset) =>
    make("button", { type: "button", title, "aria-label": title, onclick: () => load(offset()) }, label);
  const size = () => model.get("page_size");
  let matching = 0;
  const last = () => Math.max(0, Math.floor((matching - 1) / size()) * size());
  const pager = {
    first: turn("\u00ab", "First page", () => 0),
    before: turn("\u2039", "Page before", () => Math.max(0, state.offset - size())),
    next: turn("\u203a", "Next page", () => Math.min(last(), state.offset + size())),
    last: turn("\u00bb", "Last page", last),
  };
  const sizes = make("select", { "aria-label": "Rows on a page" });
  for (const rows of [10, 25, 50, 100]) sizes.append(make("option", { value: rows }, `${rows} rows`));
  sizes.value = String(size());
  sizes.addEventListener("change", () => {
    model.set("page_size", Number(sizes.value));
    model.save_changes();
    load(0);
  });
  const csv = make("button", { type: "button", onclick: download }, "Download CSV");
  const bar = make("div", { class: "ot-table-bar" }, filter, told);
  const foot = make(
    "div",
    { class: "ot-table-foot" },
    pager.first, pager.before, range, pager.next, pager.last, sizes,
    make("span", { class: "ot-space" }), csv,
  );
  el.classList.add("ot", "ot-table");
  // A table wider than the page scrolls; by keyboard too, so it can be reached by Tab.
  const scroll = make(
    "div",
    { class: "ot-table-scroll", tabindex: "0", role: "region", "aria-label": model.get("caption") },
    table,
  );
  el.append(bar, scroll, foot);

  let timer = 0;
  filter.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      state.filter = filter.value;
      load(0);
    }, 180);
  });

  function sortBy(name) {
    // First click ascending, second descending, third the kernel's own order.
    if (state.sort !== name) Object.assign(state, { sort: name, ascending: true });
    else if (state.ascending) state.ascending = false;
    else Object.assign(state, { sort: null, ascending: true });
    load(0);
  }

  function drawHead() {
    const row = make("tr");
    if (model.get("selectable")) row.append(make("th", { scope: "col" }, checkPage()));
    for (const column of model.get("columns")) {
      const sorted = state.sort === column.name;
      row.append(
        make(
          "th",
          {
            scope: "col",
            title: column.help || null,
            class: NUMBERS.has(column.kind) ? "ot-number" : null,
            "aria-sort": sorted ? (state.ascending ? "ascending" : "descending") : "none",
          },
          make("button", { type: "button", onclick: () => sortBy(column.name) }, column.title),
          column.unit ? make("span", { class: "ot-unit" }, ` ${column.unit}`) : null,
        ),
      );
    }
    head.replaceChildren(row);
  }

  function cell(value, column, key) {
    const text = shownValue(value, column);
    if (column.kind === "aligned") return make("td", { class: "ot-sequence" }, ...aligned(text));
    const kind = NUMBERS.has(column.kind)
      ? "ot-number"
      : column.kind === "sequence" ? "ot-sequence ot-long" : column.kind === "words" ? "ot-words" : "ot-long";
    const inside = column.link && value !== null && value !== ""
      ? make("button", { type: "button", class: "ot-pick", onclick: () => pick(key, column.name) }, text)
      : text;
    const colour = (model.get("colours")[column.name] || {})[String(value)];
    const swatch = colour
      ? make("span", { class: "ot-swatch", style: `background:${colour}`, "aria-hidden": "true" })
      : null;
    return make("td", { class: kind, title: text.length > 30 ? text : null }, swatch, inside);
  }

  // Lower-case letters differ from the line above: said by the underline, and aloud by the title.
  function aligned(text) {
    const [above, below = ""] = text.split(" ");
    const letters = [...below].map((letter) =>
      letter === letter.toUpperCase()
        ? letter
        : make("u", { class: "ot-differs", title: "differs" }, letter.toUpperCase()));
    return [make("div", { class: "ot-muted" }, above), make("div", {}, ...letters)];
  }

  let shown = [];
  function checkPage() {
    const box = make("input", {
      type: "checkbox", "aria-label": "Select all rows on this page", title: "All rows on this page",
    });
    const selected = new Set(model.get("selected"));
    box.checked = shown.length > 0 && shown.every(({ key }) => selected.has(key));
    box.addEventListener("change", () => {
      for (const { key } of shown) box.checked ? selected.add(key) : selected.delete(key);
      model.set("selected", [...selected]);
      model.save_changes();
    });
    return box;
  }

  function check(key, values) {
    const box = make("input", { type: "checkbox", "aria-label": `Select ${values[0] ?? "this row"}` });
    box.checked = model.get("selected").includes(key);
    box.addEventListener("change", () => {
      const others = model.get("selected").filter((other) => other !== key);
      model.set("selected", box.checked ? [...others, key] : others);
      model.save_changes();
    });
    return make("td", {}, box);
  }

  function drawRows(rows) {
    const columns = model.get("columns");
    const width = columns.length + (model.get("selectable") ? 1 : 0);
    if (!rows.length) {
      const words = model.get("total") ? "No row matches this filter." : model.get("empty");
      body.replaceChildren(make("tr", {}, make("td", { colspan: width, class: "ot-none" }, words)));
      return;
    }
    const selected = model.get("selected");
    body.replaceChildren(
      ...rows.map(({ key, values }) =>
        make(
          "tr",
          { "aria-selected": selected.includes(key) ? "true" : null },
          model.get("selectable") ? check(key, values) : null,
          ...values.map((value, place) => cell(value, columns[place], key)),
        ),
      ),
    );
  }

  async function load(offset) {
    state.offset = offset;
    const asked = (state.asked += 1);
    try {
      const page = await ask("page", {
        offset, limit: size(), sort: state.sort, ascending: state.ascending, filter: state.filter,
      });
      if (asked !== state.asked) return;
      matching = page.matching;
      shown = page.rows;
      drawHead();
      drawRows(page.rows);
      const total = model.get("total");
      told.className = "ot-muted";
      told.textContent = matching === total
        ? `${grouped(total)} ${total === 1 ? "row" : "rows"}`
        : `${grouped(matching)} of ${grouped(total)} rows`;
      range.textContent = matching
        ? `${grouped(offset + 1)}\u2013${grouped(Math.min(offset + size(), matching))} of ${grouped(matching)}`
        : "";
      pager.first.disabled = pager.before.disabled = offset === 0;
      pager.next.disabled = pager.last.disabled = offset >= last();
      for (const one of [...Object.values(pager), range, sizes])
        one.hidden = matching <= Math.min(10, size());
      foot.hidden = total === 0;
      bar.hidden = total === 0 || (total <= 10 && !state.filter);
    } catch (error) {
      if (asked === state.asked) tell(error);
    }
  }

  function tell(error) {
    // The words stand in the bar, which a short table does without.
    bar.hidden = false;
    told.className = "ot-error";
    told.textContent = [error.message, error.hint].filter(Boolean).join(" ");
  }

  async function pick(key, column) {
    try {
      await ask("pick", { key, column });
    } catch (error) {
      tell(error);
    }
  }

  async function download() {
    const parts = [];
    csv.disabled = true;
    try {
      for (let begin = 0; begin !== null; ) {
        const piece = await ask("csv", {
          begin, sort: state.sort, ascending: state.ascending, filter: state.filter,
        });
        parts.push(...piece.buffers);
        begin = piece.next;
      }
      saveBlob(parts, `${model.get("file_name")}.csv`, "text/csv;charset=utf-8");
    } catch (error) {
      tell(error);
    }
    csv.disabled = false;
  }

  const again = () => load(0);
  const same = () => load(state.offset);
  const choose = () => {
    const chosen = model.get("selected");
    for (const row of body.querySelectorAll("tr[aria-selected]")) row.removeAttribute("aria-selected");
    if (model.get("selectable") || chosen.length) same();
  };
  model.on("change:version", again);
  model.on("change:revision", same);
  model.on("change:selected", choose);
  load(0);
  return () => {
    model.off("change:version", again);
    model.off("change:revision", same);
    model.off("change:selected", choose);
    ask.stop();
  };
}

export default { render };
