// A file of the workspace, brought to the user's computer in pieces.

function render({ model, el }) {
  const ask = requester(model);
  const told = make("span", { class: "ot-muted", role: "status" });
  const label = () => `Download ${model.get("name")} (${bytesInWords(model.get("size"))})`;
  const button = make("button", { type: "button", onclick: fetchAll }, label());
  el.classList.add("ot");
  el.append(button, " ", told);

  async function fetchAll() {
    const parts = [];
    button.disabled = true;
    told.className = "ot-muted";
    try {
      for (let begin = 0; begin < model.get("size"); ) {
        const { buffers } = await ask("piece", { begin });
        parts.push(...buffers);
        begin += buffers.reduce((sum, buffer) => sum + buffer.byteLength, 0);
        told.textContent = `${bytesInWords(begin)} of ${bytesInWords(model.get("size"))}`;
      }
      saveBlob(parts, model.get("name"), "application/octet-stream");
      told.textContent = "";
    } catch (error) {
      told.className = "ot-error";
      told.textContent = [error.message, error.hint].filter(Boolean).join(" ");
    }
    button.disabled = false;
  }
  return () => ask.stop();
}

export default { render };
