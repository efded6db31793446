// Files from the user's computer, in pieces that every server lets through, each with its checksum.

const PIECE = 1 << 20;
const AT_ONCE = 3;
// A kernel that computes answers late, and a file must not fail for it.
const PATIENCE_MS = 600000;

const CRC = new Uint32Array(256).map((_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  return value;
});

function checksum(bytes) {
  let value = 0xffffffff;
  for (let place = 0; place < bytes.length; place += 1)
    value = CRC[(value ^ bytes[place]) & 255] ^ (value >>> 8);
  return (value ^ 0xffffffff) >>> 0;
}

function render({ model, el }) {
  const ask = requester(model);
  const picker = make("input", { type: "file", multiple: true, hidden: true });
  const choose = make("button", { type: "button", onclick: () => picker.click() }, "Choose files");
  const list = make("ul", { class: "ot-files", "aria-live": "polite" });
  const zone = make(
    "div",
    { class: "ot-drop" },
    make("strong", {}, "Drop result tables here"),
    make("span", { class: "ot-muted" }, " or "),
    choose,
    make("div", { class: "ot-muted" }, model.get("hint")),
    picker,
  );
  el.classList.add("ot", "ot-uploader");
  el.append(zone, list);

  const queue = [];
  let running = false;
  const take = (files) => {
    for (const file of files) queue.push(line(file));
    work();
  };
  picker.addEventListener("change", () => {
    take([...picker.files]);
    picker.value = "";
  });
  zone.addEventListener("dragover", (event) => {
    event.preventDefault();
    zone.classList.add("ot-over");
  });
  zone.addEventListener("dragleave", () => zone.classList.remove("ot-over"));
  zone.addEventListener("drop", (event) => {
    event.preventDefault();
    zone.classList.remove("ot-over");
    take([...event.dataTransfer.files]);
  });

  function line(file) {
    const bar = make("progress", { max: Math.max(file.size, 1), value: 0, "aria-label": file.name });
    const told = make("span", { class: "ot-muted" }, `${bytesInWords(file.size)}, waiting`);
    const item = { file, bar, told, cancelled: false };
    item.stop = make("button", {
      type: "button",
      "aria-label": `Cancel ${file.name}`,
      onclick: () => {
        item.cancelled = true;
        item.stop.disabled = true;
      },
    }, "Cancel");
    item.row = make("li", {}, make("span", { class: "ot-name" }, file.name), bar, told, item.stop);
    list.append(item.row);
    return item;
  }

  async function work() {
    if (running) return;
    running = true;
    while (queue.length) {
      const item = queue.shift();
      try {
        await send(item);
      } catch (error) {
        const hint = error.lost ? "Nothing of it is stored: run this cell again, then choose it again." : error.hint;
        item.told.className = "ot-error";
        item.told.textContent = [error.message, hint].filter(Boolean).join(" ");
      }
      item.bar.hidden = true;
      item.stop.hidden = true;
    }
    running = false;
  }

  async function send(item) {
    const { file } = item;
    if (item.cancelled) {
      item.told.textContent = "cancelled";
      return;
    }
    const { key } = await ask("begin", { name: file.name, size: file.size }, [], PATIENCE_MS);
    const began = performance.now();
    let sent = 0;
    const flying = new Set();
    try {
      while (sent < file.size && !item.cancelled) {
        const offset = sent;
        const bytes = new Uint8Array(await file.slice(offset, offset + PIECE).arrayBuffer());
        sent += bytes.length;
        const piece = ask(
          "piece", { key, offset, crc32: checksum(bytes) }, [bytes.buffer], PATIENCE_MS,
        ).then(({ received }) => show(item, received, began));
        flying.add(piece);
        piece.finally(() => flying.delete(piece)).catch(() => {});
        if (flying.size >= AT_ONCE) await Promise.race(flying);
      }
      await Promise.all(flying);
    } catch (error) {
      ask("drop", { key }).catch(() => {});
      if (error instanceof Error)
        throw { message: `${file.name} could not be read: ${error.message}.`, hint: "Choose it again." };
      throw error;
    }
    if (item.cancelled) {
      await ask("drop", { key });
      item.told.textContent = "cancelled; nothing of it was kept";
      return;
    }
    await ask("end", { key }, [], PATIENCE_MS);
    item.told.textContent = `${bytesInWords(file.size)} received`;
  }

  function show(item, received, began) {
    item.bar.value = received;
    const rate = received / ((performance.now() - began) / 1000);
    const left = (item.file.size - received) / rate;
    item.told.textContent =
      `${bytesInWords(received)} of ${bytesInWords(item.file.size)}` +
      (left >= 1 ? `, ${Math.ceil(left)}${THIN}s left` : "");
  }
  return () => ask.stop();
}

export default { render };
