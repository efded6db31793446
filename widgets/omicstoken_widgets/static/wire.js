// Shared by all widgets: requests with answers, numbers and elements. Values from files only ever
// become text nodes, never markup.

const NO_ANSWER_MS = 30000;

// anywidget gives a script two seconds to load; on a slow or busy page it takes longer, and then
// every message to that widget is dropped for ever. The charts' library and the map are megabytes,
// so the first of our small scripts makes these two seconds a minute, and `revived` takes care of
// those that were late before.
if (!AbortSignal.timeout.patient) {
  const timeout = AbortSignal.timeout.bind(AbortSignal);
  AbortSignal.timeout = (ms) => timeout(ms === 2000 ? 60000 : ms);
  AbortSignal.timeout.patient = performance.now();
}

// Lets a widget whose script came late take its messages all the same, and asks for the state that
// changed meanwhile.
async function revived(model) {
  if (!model.widget_manager?.get_model) return;
  const own = await model.widget_manager.get_model(model.get("own_id"));
  try {
    await own._handle_comm_msg({ content: { data: { method: "none" } } });
  } catch {
    let base = null;
    for (let one = own; one; one = Object.getPrototypeOf(one))
      if (Object.hasOwn(one, "_handle_comm_msg")) base = one;
    own.comm.on_msg((message) => base._handle_comm_msg.call(own, message));
    own.comm.send({ method: "request_state" }, own.callbacks());
  }
}

function requester(model) {
  const waiting = new Map();
  const view = Math.random().toString(36).slice(2);
  const lost = {
    message: "The kernel was restarted or shut down, and knows nothing of this screen any more.",
    hint: "Run this cell again; what was stored is kept.",
    lost: true,
  };
  let count = 0;
  let alive = true;
  const listen = (message, buffers) => {
    const waiter = waiting.get(message.id);
    if (!waiter) return;
    waiting.delete(message.id);
    clearTimeout(waiter.timer);
    if (message.error) waiter.reject(message.error);
    else waiter.resolve({ ...message, buffers });
  };
  // Told once, when the connection to the kernel's side of the widget ends.
  const end = () => {
    alive = false;
    waiting.forEach(({ reject, timer }) => {
      clearTimeout(timer);
      reject(lost);
    });
    waiting.clear();
  };
  model.on("msg:custom", listen);
  model.on("comm_live_update", end);
  const ready = revived(model).catch(() => {});
  const ask = async (type, body = {}, buffers = [], patience = NO_ANSWER_MS) => {
    await ready;
    return new Promise((resolve, reject) => {
      if (!alive) return reject(lost);
      const id = `${view}-${(count += 1)}`;
      const timer = setTimeout(() => {
        waiting.delete(id);
        reject({
          message: "The kernel does not answer.",
          hint: "It may be busy or have been restarted: run this cell again.",
        });
      }, patience);
      waiting.set(id, { resolve, reject, timer });
      model.send({ id, type, ...body }, undefined, buffers);
    });
  };
  ask.stop = () => {
    model.off("msg:custom", listen);
    model.off("comm_live_update", end);
    waiting.forEach(({ timer }) => clearTimeout(timer));
  };
  return ask;
}

function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined)
      element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

const THIN = "\u202f";
const MISSING = "\u2013";

function grouped(number) {
  return String(number).replace(/\B(?=(\d{3})+(?!\d))/g, THIN);
}

function decimal(value, digits) {
  const [whole, part] = Math.abs(value).toFixed(digits).split(".");
  const sign = value < 0 && Number(value.toFixed(digits)) !== 0 ? "\u2212" : "";
  return sign + grouped(whole) + (part ? `.${part}` : "");
}

function shownValue(value, column) {
  if (value === null || value === undefined || value === "") return MISSING;
  switch (column.kind) {
    case "count":
      return grouped(Math.round(value));
    case "share":
      return `${decimal(100 * value, 100 * value < 10 ? 1 : 0)}${THIN}%`;
    case "quantity": {
      if (value === 0) return "0";
      const size = Math.abs(value);
      if (size >= 1e5 || size < 1e-3) {
        const [digits, power] = value.toExponential(2).split("e");
        return `${digits}e${Number(power)}`;
      }
      return decimal(value, size >= 100 ? 0 : 2);
    }
    case "number":
      return decimal(value, column.digits ?? 2);
    case "percentile":
      return value > 99.9 ? ">\u202f99.9" : value < 0.1 ? "<\u202f0.1" : decimal(value, 1);
    case "flag":
      return value ? "yes" : "no";
    default:
      return String(value);
  }
}

function bytesInWords(bytes) {
  const units = ["B", "kB", "MB", "GB"];
  let value = bytes;
  let place = 0;
  while (value >= 1000 && place < units.length - 1) {
    value /= 1000;
    place += 1;
  }
  return `${place ? decimal(value, value < 10 ? 2 : value < 100 ? 1 : 0) : value}${THIN}${units[place]}`;
}

function saveBlob(parts, name, type) {
  const link = make("a", { href: URL.createObjectURL(new Blob(parts, { type })), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}
