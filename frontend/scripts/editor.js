// Makes the editor of a toolkit save by itself, keep a copy in this browser, and show what changed at once.
// The page works without it: every button is a plain form.
import { takeFiles } from "./files.js";

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
  const { revision, saved: at, problems, size } = await answer.json();
  saved = sent;
  form.elements.revision.value = revision;
  form.querySelector("[data-problems]").innerHTML = problems;
  remember();
  form.querySelector("[data-size]").textContent = size;
  say(`Saved ${at} by you.`);
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
  // The only way that Ctrl and Z can undo; setRangeText is for browsers that gave it up.
  if (!document.execCommand("insertText", false, blank + piece)) {
    text.setRangeText(blank + piece, text.selectionStart, text.selectionEnd, "end");
  }
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

text.addEventListener("input", changed);
form.addEventListener("submit", () => (leaving = true));
document.addEventListener("keydown", (event) => {
  if (!(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey || event.key.toLowerCase() !== "s") return;
  event.preventDefault();
  clearTimeout(timer);
  if (text.value === saved) say("Saved: nothing has changed since.");
  else if (stopped) form.requestSubmit(form.querySelector("#send"));
  else save();
});
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
takeFiles(text, insert);
offer();
