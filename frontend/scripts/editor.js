// Makes the editor of a toolkit save by itself, keep a copy in this browser, and show what changed at once.
// The page works without it: every button is a plain form.
const form = document.getElementById("editor");
const text = form.elements.text;
const status = form.querySelector("[data-status]");
const PAUSE = 2_000;
const key = `cascade-${form.dataset.key}`;
let saved = "unsaved" in form.dataset ? null : text.value;
let timer = 0;
let busy = false;
let leaving = false;
// A text that was overtaken, or that has a mistake, is saved by the person only.
let stopped = "unsaved" in form.dataset;

function say(words) {
  status.textContent = words;
}

function remember() {
  try {
    if (text.value === saved) localStorage.removeItem(key);
    else localStorage.setItem(key, JSON.stringify({ text: text.value, at: Date.now() }));
  } catch {
    // A full or forbidden store: the page itself still holds the text.
  }
}

function remembered() {
  try {
    return JSON.parse(localStorage.getItem(key));
  } catch {
    return null;
  }
}

function changed() {
  remember();
  clearTimeout(timer);
  if (!stopped && text.value !== saved) timer = setTimeout(save, PAUSE);
}

async function save() {
  if (busy || stopped) return;
  busy = true;
  const sent = text.value;
  try {
    const answer = await fetch(form.dataset.autosave, { method: "POST", body: fields(sent), credentials: "same-origin" });
    await take(answer, sent);
  } catch {
    say("Not saved: there is no connection. Your text is kept in this browser.");
    timer = setTimeout(save, PAUSE * 5);
  } finally {
    busy = false;
  }
  if (!stopped && saved === sent && text.value !== sent) changed();
}

function fields(sent) {
  const sending = new FormData();
  sending.set("stamp", form.elements.stamp.value);
  sending.set("revision", form.elements.revision.value);
  sending.set("text", sent);
  return sending;
}

async function take(answer, sent) {
  if (answer.status === 403) {
    stopped = true;
    say("Not saved: you are signed out. Your text is kept in this browser. Sign in in another tab, then load this page again.");
    return;
  }
  if (answer.status === 409 || answer.status === 422) {
    const { problem, overtaken } = await answer.json();
    stopped = true;
    say(overtaken ? `${problem} “Save” shows both texts.` : `Not saved: ${problem}`);
    return;
  }
  if (!answer.ok) throw new Error(`not saved: ${answer.status}`);
  const { revision, saved: at, problems } = await answer.json();
  saved = sent;
  form.elements.revision.value = revision;
  form.querySelector("[data-problems]").innerHTML = problems;
  remember();
  say(`Saved ${at}.`);
  show();
}

async function show() {
  const chosen = new URLSearchParams([...new FormData(form)].filter(([name]) => ["segment", "format", "language"].includes(name)));
  const answer = await fetch(`${form.dataset.previews}?${chosen}`, { credentials: "same-origin" });
  if (answer.ok && !answer.redirected) form.querySelector("[data-shown]").innerHTML = await answer.text();
}

function go(line) {
  const before = text.value.split("\n").slice(0, line - 1).join("\n").length;
  const start = line > 1 ? before + 1 : 0;
  const end = text.value.indexOf("\n", start);
  text.focus();
  text.setSelectionRange(start, end < 0 ? text.value.length : end);
  text.scrollTop = (text.scrollHeight / text.value.split("\n").length) * Math.max(0, line - 4);
}

function insert(piece) {
  const blank = text.selectionStart && !text.value.slice(0, text.selectionStart).endsWith("\n") ? "\n\n" : "";
  text.focus();
  text.setRangeText(blank + piece, text.selectionStart, text.selectionEnd, "end");
  changed();
}

function offer() {
  const kept = remembered();
  if (!kept || kept.text === text.value) return remember();
  const box = form.querySelector("[data-stored]");
  box.querySelector("[data-stored-at]").textContent = new Date(kept.at).toLocaleString("en-GB", { dateStyle: "medium", timeStyle: "short" });
  box.querySelector("[data-restore]").addEventListener("click", () => {
    text.value = kept.text;
    box.hidden = true;
    text.focus();
    changed();
  });
  box.querySelector("[data-discard]").addEventListener("click", () => {
    box.hidden = true;
    text.focus();
    remember();
  });
  box.hidden = false;
}

function uploads() {
  const upload = document.getElementById("upload");
  const told = upload.querySelector("[data-upload-status]");
  const frame = document.querySelector("[data-upload]");
  upload.addEventListener("submit", async (event) => {
    event.preventDefault();
    told.textContent = "Uploading …";
    if (upload.elements.file.files[0]?.size > 10_000_000) return void (told.textContent = "The file must be 10 MB or smaller.");
    try {
      const answer = await fetch(upload.action, { method: "POST", body: new FormData(upload), headers: { Accept: "application/json" }, credentials: "same-origin" });
      if (answer.status === 422) told.textContent = Object.values((await answer.json()).problems).join(". ");
      else if (answer.ok) finish((await answer.json()).markdown);
      else told.textContent = answer.status === 413 ? "The file must be 10 MB or smaller." : "Not uploaded. Sign in again in another tab, then load this page again.";
    } catch {
      told.textContent = "Not uploaded: there is no connection. Try again.";
    }
  });
  function finish(markdown) {
    upload.reset();
    told.textContent = "Uploaded, and put into the text.";
    insert(`${markdown}\n`);
  }
  text.addEventListener("dragover", (event) => {
    if (![...event.dataTransfer.types].includes("Files")) return;
    event.preventDefault();
    text.classList.add("is-dropping");
  });
  text.addEventListener("dragleave", () => text.classList.remove("is-dropping"));
  text.addEventListener("drop", (event) => {
    text.classList.remove("is-dropping");
    if (!event.dataTransfer.files.length) return;
    event.preventDefault();
    upload.elements.file.files = event.dataTransfer.files;
    frame.open = true;
    told.textContent = "Say what it shows, then upload it.";
    upload.elements.alt.focus();
  });
}

text.addEventListener("input", changed);
form.addEventListener("submit", () => (leaving = true));
window.addEventListener("beforeunload", (event) => {
  if (!leaving && text.value !== saved) event.preventDefault();
});
form.addEventListener("click", (event) => {
  const line = event.target.closest("[data-line]");
  if (line) {
    event.preventDefault();
    go(Number(line.dataset.line));
  }
});
form.querySelector(".app-chooser").addEventListener("change", () => show().catch(() => {}));
for (const button of document.querySelectorAll("[data-insert]")) {
  button.hidden = false;
  button.addEventListener("click", () => insert(document.getElementById(button.dataset.insert).textContent));
}
uploads();
offer();
