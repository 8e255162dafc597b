// Copies a piece of a kit with its headings, lists and links, and says what was copied.
const status = document.querySelector("[data-copy-status]");

for (const piece of document.querySelectorAll("[data-copy]")) {
  const button = piece.querySelector("[data-copy-button]");
  button.hidden = false;
  button.addEventListener("click", () => copy(piece, button));
}

async function copy(piece, button) {
  const text = piece.querySelector("[data-copy-text]").content.textContent;
  const html = piece.querySelector("[data-copy-html]")?.innerHTML;
  try {
    await put(text, html);
    say(button.dataset.said, button);
  } catch {
    choose(piece.querySelector("[data-copy-shown]"));
    say("This browser does not let us copy. The text is marked: press Ctrl and C.", button);
  }
}

function put(text, html) {
  if (!html) return navigator.clipboard.writeText(text);
  const both = { "text/html": blob(html, "text/html"), "text/plain": blob(text, "text/plain") };
  return navigator.clipboard.write([new ClipboardItem(both)]);
}

function blob(words, type) {
  return new Blob([words], { type });
}

function choose(box) {
  box.focus();
  getSelection().selectAllChildren(box);
}

function say(words, button) {
  status.textContent = ""; // The same words again are news too.
  requestAnimationFrame(() => (status.textContent = words));
  for (const old of document.querySelectorAll("[data-copy-said]")) old.remove();
  const seen = document.createElement("span");
  seen.dataset.copySaid = "";
  seen.className = "app-kit__said";
  seen.ariaHidden = "true"; // Screen readers hear it from the status.
  seen.textContent = words;
  button.after(seen);
}
