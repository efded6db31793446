// What the reader has picked: one state, told to everything that shows it.
const selection = {
  groups: new Set(),
  listeners: [],
  onChange(listener) { this.listeners.push(listener); },
  tell() { for (const listener of this.listeners) listener(); },
  toggle(group) {
    const only = this.groups.size === 1 && this.groups.has(group);
    this.groups = new Set(only ? [] : [group]);
    this.tell();
  },
  set(groups) { this.groups = new Set(groups); this.tell(); },
};

function wireCards() {
  const cards = [...document.querySelectorAll(".motif")];
  for (const card of cards) card.addEventListener("click", () => selection.toggle(card.dataset.group));
  selection.onChange(() => {
    for (const card of cards) card.setAttribute("aria-pressed", String(selection.groups.has(card.dataset.group)));
    document.querySelectorAll(".motifs").forEach((list) => list.classList.toggle("some-picked", selection.groups.size > 0));
  });
}

function wireMap(open) {
  // After the table has answered: a large map takes longer to draw.
  const tell = () => setTimeout(() => views.get("map")?.view.signal("picked", [...selection.groups]).runAsync(), 0);
  selection.onChange(tell);
  document.addEventListener("figure-drawn", (event) => {
    if (event.detail.name !== "map") return;
    if (selection.groups.size) tell();
    event.detail.view.addEventListener("click", (_event, item) => {
      if (item?.datum?.row !== undefined && item.datum.sequence !== undefined) open(item.datum.row);
    });
  });
}
