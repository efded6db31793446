// Puts the page together once its data are read.
async function start() {
  const data = await readData();
  const tables = {};
  for (const [name, raw] of Object.entries(data.tables)) tables[name] = new Table(raw);
  window.omicstokenResidues = data.residues;
  const place = document.getElementById("peptide-table");
  const view = data.peptides;
  let open = () => {};
  if (view && tables.peptides) {
    const drawer = new Drawer(document.getElementById("drawer"), tables, view.fields, view.groups);
    open = (row) => drawer.open(row);
    if (place) new PeptideTable(place, tables.peptides, view, open);
  }
  wireCards();
  wireMap(open);
  wireContents();
  wireCopying();
  const figures = new Figures(data.figures, tables, data.theme);
  await figures.drawAll();
  dark.addEventListener("change", () => figures.drawAll());
}

function wireContents() {
  const links = new Map([...document.querySelectorAll(".contents a")].map((link) => [link.hash.slice(1), link]));
  const seen = new IntersectionObserver((entries) => {
    for (const entry of entries) {
      if (!entry.isIntersecting) continue;
      links.forEach((link) => link.removeAttribute("aria-current"));
      links.get(entry.target.id)?.setAttribute("aria-current", "true");
    }
  }, { rootMargin: "-15% 0px -70% 0px" });
  document.querySelectorAll(".part[id]").forEach((part) => seen.observe(part));
}

function wireCopying() {
  for (const button of document.querySelectorAll("[data-copy]")) {
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(button.dataset.copy);
      button.textContent = "Copied";
      setTimeout(() => { button.textContent = "Copy"; }, 1500);
    });
  }
  // A fold is opened by a link to what lies in it, and for printing.
  window.addEventListener("beforeprint", () => document.querySelectorAll("details").forEach((fold) => { fold.open = true; }));
}

start();
