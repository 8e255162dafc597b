// Keeps the figures of a cascade fresh while its page is in view.
// The page says where to ask (data-live) and each answer says when to ask again.
const figures = document.querySelector("[data-live]");
const spoken = document.querySelector("[data-live-status]");
const SPEAK_EVERY = 15_000; // A screen reader should not be interrupted by every poll.

let seen = "";
let spokenAt = 0;

async function refresh() {
  if (document.hidden) return;
  const answer = await fetch(figures.dataset.live, { credentials: "same-origin" });
  if (answer.redirected) return location.reload(); // Signed out meanwhile: the page asks to sign in.
  if (!answer.ok) throw new Error(`the figures could not be read: ${answer.status}`);
  const html = await answer.text();
  if (html === seen) return;
  seen = html;
  const open = [...figures.querySelectorAll("details[open]")].map((one) => one.id);
  figures.innerHTML = html;
  for (const id of open) document.getElementById(id)?.setAttribute("open", "");
  speak();
}

function part() {
  return figures.querySelector("[data-again]");
}

function speak() {
  if (Date.now() - spokenAt < SPEAK_EVERY) return;
  spokenAt = Date.now();
  spoken.textContent = part().dataset.summary;
}

async function loop() {
  const seconds = Number(part()?.dataset.again ?? 0);
  if (!seconds) return;
  await new Promise((wake) => setTimeout(wake, seconds * 1000));
  await refresh().catch(() => {}); // A missed poll is made good by the next one.
  loop();
}

if (figures) loop(); // An empty list, or a further page of one, has nothing that changes.
