// Pictures and PDFs for the editor: chosen, dragged or pasted; described, sent, and put in at the cursor.
const LARGEST = 10_000_000;
const TYPES = ["image/png", "image/jpeg", "image/gif", "image/webp", "application/pdf"];
const AWAY = "Not uploaded. Sign in again in another tab, then load this page again.";

export function takeFiles(text, insert) {
  const upload = document.getElementById("upload");
  const panel = document.querySelector("[data-upload]");
  const told = document.querySelector("[data-upload-status]");
  const bar = panel.querySelector("progress");
  const { file, alt } = upload.elements;
  const send = panel.querySelector("button");

  function blame(field, words) {
    for (const [name, one] of Object.entries({ file, alt })) {
      const group = one.closest(".nhsuk-form-group");
      const wrong = name === field;
      group.classList.toggle("nhsuk-form-group--error", wrong);
      group.querySelector("[data-problem]").textContent = wrong ? words : "";
      one.toggleAttribute("aria-invalid", wrong);
    }
    if (words) upload.elements[field].focus();
  }

  function refusal(one) {
    if (!one) return ["file", "Choose a picture or a PDF"];
    if (one.size > LARGEST) return ["file", "The file must be 10 MB or smaller. Make it smaller, then add it again"];
    if (!TYPES.includes(one.type)) return ["file", "The file must be a picture (PNG, JPEG, GIF or WebP) or a PDF"];
    if (one.type !== "application/pdf" && !alt.value.trim()) return ["alt", "Enter what the picture shows"];
    return ["", ""];
  }

  function receive(files) {
    const chosen = new DataTransfer();
    chosen.items.add(files[0]);
    file.files = chosen.files;
    panel.open = true;
    const [field, words] = refusal(files[0]);
    if (field !== "file") blame("", "");
    else {
      blame(field, words);
      file.value = "";
      told.textContent = "";
      return;
    }
    const more = files.length > 1 ? ` One at a time: this is the first of ${files.length}.` : "";
    told.textContent = `${files[0].name}: say what it shows, then upload it.${more}`;
    alt.focus();
  }

  function busy(is) {
    bar.hidden = !is;
    send.disabled = is;
    bar.value = 0;
  }

  function post() {
    const request = new XMLHttpRequest(); // fetch tells nothing about how much was sent
    request.upload.addEventListener("progress", ({ loaded, total }) => (bar.value = loaded / total));
    request.addEventListener("load", () => answered(request));
    request.addEventListener("error", () => failed("Not uploaded: there is no connection. Try again."));
    request.open("POST", upload.action);
    request.setRequestHeader("Accept", "application/json");
    request.responseType = "json";
    told.textContent = "Uploading …";
    busy(true);
    request.send(new FormData(upload));
  }

  function answered({ status, response }) {
    if (status === 422 && response) return refused(response.problems);
    if (status === 413) return refused({ file: "The file must be 10 MB or smaller" });
    if (status !== 200 || !response) return failed(AWAY);
    busy(false);
    upload.reset();
    panel.open = false;
    insert(`${response.markdown}\n`);
    told.textContent = "Uploaded, and put into the text. Ctrl and Z takes it out again.";
  }

  function refused(problems) {
    failed("");
    const [field, words] = Object.entries(problems)[0];
    if (field in upload.elements) blame(field, words);
    else told.textContent = words;
  }

  function failed(words) {
    busy(false);
    told.textContent = words;
  }

  upload.addEventListener("submit", (event) => {
    event.preventDefault();
    const [field, words] = refusal(file.files[0]);
    blame(field, words);
    if (!words) post();
  });
  file.addEventListener("change", () => file.files.length && receive(file.files));
  const brings = (event) => [...(event.dataTransfer?.types ?? [])].includes("Files");
  // Beside the text, too: a browser would leave the page to open the file.
  document.addEventListener("dragover", (event) => {
    if (!brings(event) || event.target === file) return;
    event.preventDefault();
    text.classList.add("is-dropping");
  });
  document.addEventListener("dragleave", (event) => event.relatedTarget || text.classList.remove("is-dropping"));
  document.addEventListener("drop", (event) => {
    text.classList.remove("is-dropping");
    if (!brings(event) || event.target === file) return;
    event.preventDefault();
    if (event.dataTransfer.files.length) receive(event.dataTransfer.files);
  });
  text.addEventListener("paste", (event) => {
    const { files, types } = event.clipboardData;
    if (!files.length || types.includes("text/plain")) return; // text from a word processor comes with a picture of itself
    event.preventDefault();
    receive(files);
  });
}
