// Figures: Vega-Lite specifications without data, drawn from the page's tables in the reader's light.
const dark = window.matchMedia("(prefers-color-scheme: dark)");
const views = new Map();

class Figures {
  constructor(specifications, tables, theme) {
    this.specifications = specifications;
    this.tables = tables;
    this.theme = theme;
  }

  // The specification with data and with the colours of a ground.
  filled(name, isDark) {
    let text = JSON.stringify(this.specifications[name].spec);
    if (isDark) for (const [light, other] of Object.entries(this.theme.swaps)) text = text.replaceAll(`"${light}"`, `"${other}"`);
    const spec = JSON.parse(text);
    const used = new Set();
    (function look(node) {
      if (node && typeof node === "object") {
        if (node.data?.name) used.add(node.data.name);
        Object.values(node).forEach(look);
      }
    })(spec);
    spec.datasets = {};
    for (const table of used) spec.datasets[table] = this.tables[table].records();
    return spec;
  }

  options(isDark, extra) {
    return {
      mode: "vega-lite", ast: true, actions: false, config: isDark ? this.theme.dark : this.theme.light,
      formatLocale: { decimal: ".", thousands: "\u202f", grouping: [3], currency: ["", ""] },
      tooltip: { theme: "omicstoken", disableDefaultStyle: false }, ...extra,
    };
  }

  async draw(place) {
    const name = place.dataset.figure;
    if (!this.specifications[name]) return;
    let plot = place.querySelector(".plot");
    if (!plot) {
      plot = make("div", { class: "plot" });
      place.append(plot, this.saving(name));
    }
    views.get(name)?.finalize();
    const spec = this.filled(name, dark.matches);
    const points = Object.values(spec.datasets).reduce((most, rows) => Math.max(most, rows.length), 0);
    const result = await vegaEmbed(plot, spec, this.options(dark.matches, { renderer: points > 4000 ? "canvas" : "svg" }));
    views.set(name, result);
    const title = spec.title?.text ?? name;
    plot.setAttribute("aria-label", [title].flat().join(" "));
    place.dataset.drawn = "true";
    document.dispatchEvent(new CustomEvent("figure-drawn", { detail: { name, view: result.view } }));
  }

  async drawAll() {
    for (const place of document.querySelectorAll("[data-figure]")) {
      try { await this.draw(place); } catch (error) {
        place.append(make("p", { class: "failed" }, `This figure could not be drawn: ${error.message}`));
        console.error(error);
      }
    }
    document.body.dataset.ready = "true";
  }

  saving(name) {
    const button = (label, act) => make("button", { type: "button", onclick: act, title: `Save this figure as ${label}` }, label);
    return make("div", { class: "save" },
      button("SVG", () => this.image(name, "svg")), button("PNG", () => this.image(name, "png")), button("CSV", () => this.values(name)));
  }

  // Saved figures are always on white, whatever the reader's screen, ready for a slide.
  async image(name, type) {
    const spec = { ...this.filled(name, false), background: "white" };
    const shown = views.get(name).view;
    const host = make("div", { style: `position:absolute;left:-9999px;width:${Math.max(480, shown.container().clientWidth)}px` });
    document.body.append(host);
    const result = await vegaEmbed(host, spec, this.options(false, { renderer: "svg" }));
    const picked = shown.getState().signals.picked;
    if (picked) await result.view.signal("picked", picked).runAsync();
    const file = this.specifications[name].file_name;
    if (type === "svg") save(`${file}.svg`, await result.view.toSVG(), "image/svg+xml");
    else (await result.view.toCanvas(3)).toBlob((blob) => save(`${file}.png`, blob));
    result.finalize();
    host.remove();
  }

  values(name) {
    const spec = this.filled(name, false);
    const [rows] = Object.values(spec.datasets).sort((a, b) => b.length - a.length);
    const names = Object.keys(rows[0] ?? {}).filter((key) => key !== "row");
    save(`${this.specifications[name].file_name}.csv`, csv(names, rows.map((r) => names.map((n) => r[n]))), "text/csv");
  }
}
