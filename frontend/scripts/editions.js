// Shows the next dates of a schedule while it is typed, and lets items of an issue be dragged.
// The pages work without it: every button is a plain form.
const schedule = document.querySelector("[data-dates]");
const items = document.querySelector("[data-arrange]");
const NAMES = ["kind", "weekday", "week", "day", "start", "rule", "days", "dates", "at"];

async function show() {
  const typed = new URLSearchParams([...new FormData(schedule)].filter(([name]) => NAMES.includes(name)));
  try {
    const answer = await fetch(`${schedule.dataset.dates}?${typed}`, { credentials: "same-origin" });
    if (answer.ok && !answer.redirected) schedule.querySelector("[data-shown-dates]").innerHTML = await answer.text();
  } catch {
    // The button does the same once there is a connection.
  }
}

function send() {
  const form = document.createElement("form");
  form.method = "post";
  form.action = items.dataset.arrange;
  const fields = [["stamp", items.dataset.stamp], ["revision", items.dataset.revision], ["act", "order"]];
  for (const item of items.querySelectorAll("[data-entry]")) {
    fields.push(["order", `${item.dataset.entry}:${item.closest("[data-list]").dataset.list}`]);
  }
  for (const [name, value] of fields) {
    const input = document.createElement("input");
    Object.assign(input, { type: "hidden", name, value });
    form.append(input);
  }
  document.body.append(form);
  form.submit();
}

function letDrag() {
  let dragged = null;
  for (const item of items.querySelectorAll("[data-entry]")) item.draggable = true;
  items.addEventListener("dragstart", (event) => {
    dragged = event.target.closest("[data-entry]");
    event.dataTransfer.effectAllowed = "move";
  });
  items.addEventListener("dragover", (event) => {
    const over = event.target.closest("[data-entry]");
    if (!dragged || !over) return;
    event.preventDefault();
    unmark();
    if (over !== dragged) over.classList.add(isBelow(over) ? "app-item--after" : "app-item--over");
  });
  items.addEventListener("dragend", () => {
    dragged = null;
    unmark();
  });
  items.addEventListener("drop", (event) => {
    const over = event.target.closest("[data-entry]");
    if (!dragged || !over || over === dragged) return;
    event.preventDefault();
    if (isBelow(over)) over.after(dragged);
    else over.before(dragged);
    send();
  });

  // Further down in its own list it comes behind what it's dropped on, else before it.
  function isBelow(over) {
    const isDown = dragged.compareDocumentPosition(over) & Node.DOCUMENT_POSITION_FOLLOWING;
    return isDown && over.parentElement === dragged.parentElement;
  }

  function unmark() {
    for (const one of items.querySelectorAll(".app-item")) one.classList.remove("app-item--over", "app-item--after");
  }
}

if (items) letDrag();
if (schedule) {
  let timer = 0;
  schedule.addEventListener("input", (event) => {
    if (!NAMES.includes(event.target.name)) return;
    clearTimeout(timer);
    timer = setTimeout(show, 300);
  });
}
