// A Vega-Lite chart in the colours of the page around it; saved figures are on white, for slides.

async function vega(ask) {
  if (!globalThis.omicstokenVega) ask("vega").catch(() => {});
  for (let tries = 0; tries < 300; tries += 1) {
    if (globalThis.omicstokenVega) return globalThis.omicstokenVega;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error("The chart library did not arrive from the kernel. Run the cell again.");
}

const isDark = () => document.body.dataset.jpThemeLight === "false";

function render({ model, el }) {
  const ask = requester(model);
  const plot = make("div", { class: "ot-plot", role: "img" });
  const told = make("span", { class: "ot-error", role: "status" });
  const save = (label, act) =>
    make("button", { type: "button", title: `Save this figure as ${label}`, onclick: act }, label);
  el.classList.add("ot", "ot-chart");
  el.append(
    plot,
    make("div", { class: "ot-save" }, told,
      save("SVG", () => image("svg")), save("PNG", () => image("png")), save("CSV", data)),
  );
  let result = null;
  let drawn = 0;

  function filled(dark) {
    let text = JSON.stringify(model.get("spec"));
    const theme = model.get("theme");
    if (dark)
      for (const [light, other] of Object.entries(theme.swaps))
        text = text.replaceAll(`"${light}"`, `"${other}"`);
    return JSON.parse(text);
  }

  function options(dark, extra) {
    const theme = model.get("theme");
    return {
      mode: "vega-lite", ast: true, actions: false, config: dark ? theme.dark : theme.light,
      formatLocale: { decimal: ".", thousands: THIN, grouping: [3], currency: ["", ""] },
      renderer: "svg", ...extra,
    };
  }

  async function draw() {
    const turn = (drawn += 1);
    try {
      const embed = await vega(ask);
      if (turn !== drawn) return;
      if (result) result.finalize();
      const spec = filled(isDark());
      result = await embed(plot, spec, options(isDark(), {}));
      plot.setAttribute("aria-label", [spec.title?.text ?? spec.title ?? ""].flat().join(" "));
      result.view.addEventListener("click", (_event, item) => {
        if (item?.datum) ask("click", { datum: plain(item.datum) }).catch(tell);
      });
    } catch (error) {
      tell(error);
    }
  }

  const plain = (datum) =>
    Object.fromEntries(
      Object.entries(datum).filter(([, value]) => ["string", "number", "boolean"].includes(typeof value)),
    );

  function tell(error) {
    told.textContent = [error.message, error.hint].filter(Boolean).join(" ");
  }

  async function image(type) {
    try {
      const embed = await vega(ask);
      const host = make("div", {
        style: `position:absolute;left:-9999px;width:${Math.max(480, plot.clientWidth)}px`,
      });
      document.body.append(host);
      const made = await embed(host, { ...filled(false), background: "white" }, options(false, {}));
      const name = model.get("file_name");
      if (type === "svg") saveBlob([await made.view.toSVG()], `${name}.svg`, "image/svg+xml");
      else {
        const canvas = await made.view.toCanvas(3);
        canvas.toBlob((blob) => saveBlob([blob], `${name}.png`, "image/png"));
      }
      made.finalize();
      host.remove();
    } catch (error) {
      tell(error);
    }
  }

  async function data() {
    try {
      const { buffers } = await ask("data");
      saveBlob(buffers, `${model.get("file_name")}.csv`, "text/csv;charset=utf-8");
    } catch (error) {
      tell(error);
    }
  }

  const observer = new MutationObserver(draw);
  observer.observe(document.body, { attributeFilter: ["data-jp-theme-light"] });
  model.on("change:spec", draw);
  // A place without width yet would give a chart without width.
  requestAnimationFrame(draw);
  return () => {
    observer.disconnect();
    model.off("change:spec", draw);
    if (result) result.finalize();
    ask.stop();
  };
}

export default { render };
