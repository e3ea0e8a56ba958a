"use strict";
/* The token comes in the part of the address that no server sees, and leaves the address at once. */
const KEPT = "checker-token", UNSENT = "checker-unsent", LETTERS = "bcdfghjkmnpqrstvwxz";
if (location.hash.length > 1) {
  sessionStorage.setItem(KEPT, location.hash.slice(1));
  history.replaceState(null, "", location.pathname);
}
const token = sessionStorage.getItem(KEPT) || "";
const find = (id) => document.getElementById(id);
let cards = [], at = 0, answered = [], unsent = JSON.parse(sessionStorage.getItem(UNSENT) || "[]"), sending = false;

function newId() {
  const random = crypto.getRandomValues(new Uint8Array(64));
  const letters = [...random].filter((n) => n < 247).map((n) => LETTERS[n % 19]).slice(0, 16);
  return letters.length === 16 ? "l" + letters.join("") : newId();
}
async function ask(path, body) {
  const headers = { "X-Checker-Token": token };
  if (body) headers["Content-Type"] = "application/json";
  const reply = await fetch(path, { method: body ? "POST" : "GET", headers, body: body ? JSON.stringify(body) : undefined, cache: "no-store", redirect: "error" });
  const answer = await reply.json();
  if (!reply.ok) throw Object.assign(new Error(answer.error || reply.statusText), { refused: reply.status < 500 });
  return answer;
}
function keep() {
  sessionStorage.setItem(UNSENT, JSON.stringify(unsent));
  document.title = unsent.length ? `(${unsent.length} not saved) Review` : "Review";
}
function alarm(words) { find("alarm").hidden = !words; find("alarm").textContent = words; }
/* One at a time and in order; what fails stays here and is sent again under the same id. */
async function send() {
  if (sending) return;
  sending = true;
  try {
    while (unsent.length) {
      const { path, body } = unsent[0];
      const reply = await ask(path, body);
      unsent.shift(); keep(); alarm("");
      tellSaved(path, reply);
    }
  } catch (error) {
    alarm(`Not saved: ${error.message}. ${unsent.length} answer(s) wait here and are sent again; do not close this page.`);
    setTimeout(send, 3000);
  }
  sending = false;
}
function tellSaved(path, reply) {
  if (path === "/api/undo") find("last").textContent = "✓ Taken back.";
  else find("last").textContent = `✓ Saved as row ${reply.row}: ${reply.answer}. The tool's ${reply.scale} was ${reply.score.toFixed(2)}, similarity ${reply.similarity.toFixed(2)}.`;
}
function push(path, body) { unsent.push({ path, body }); keep(); send(); }
function answer(value) {
  if (at >= cards.length) return;
  const id = newId();
  answered.push({ id, at });
  push("/api/label", { id, pair: cards[at].pair, answer: value, kind: find("kind").value, note: find("note").value });
  at += 1; show();
}
function undo() {
  const last = answered.pop();
  if (!last) { find("last").textContent = "Nothing to undo in this session."; return; }
  push("/api/undo", { label: last.id });
  at = last.at; show();
}
function skip() { if (at < cards.length) { at += 1; show(); } }
function paragraph(parent, name, className, text) {
  const node = document.createElement(name);
  if (className) node.className = className;
  node.dir = "auto"; node.textContent = text;
  parent.append(node);
}
function fill(place, side, word) {
  place.replaceChildren();
  paragraph(place, "p", "facts", `${word}: ${side.said_on || "undated"}, ${side.speaker} (${side.mode})`);
  paragraph(place, "blockquote", "", side.text);
  if (side.context) paragraph(place, "p", "context", `Context: ${side.context}`);
  paragraph(place, "p", "facts", [side.outlet, side.title, side.url].filter(Boolean).join(", "));
}
function show() {
  const card = cards[at];
  find("card").hidden = !card;
  find("progress").textContent = card ? `Pair ${at + 1} of ${cards.length}` : `Every pair was shown, ${cards.length} in all. You may close this page once nothing waits to be saved.`;
  find("kind").value = ""; find("note").value = "";
  if (!card) return;
  fill(find("first"), card.first, "Earlier"); fill(find("second"), card.second, "Later");
  scrollTo(0, 0);
}
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") { document.activeElement.blur(); return; }
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || event.target.matches("input, textarea, select")) return;
  const act = { 1: () => answer("conflict"), 2: () => answer("consistent"), 3: () => answer("unsure"), u: undo, s: skip, n: () => find("note").focus() }[event.key];
  if (act) { event.preventDefault(); act(); }
});
for (const button of document.querySelectorAll("[data-answer]")) button.addEventListener("click", () => answer(button.dataset.answer));
find("undo").addEventListener("click", undo);
find("skip").addEventListener("click", skip);
addEventListener("beforeunload", (event) => { if (unsent.length) event.preventDefault(); });
ask("/api/cards").then((reply) => {
  cards = reply.cards; find("place").textContent = reply.place;
  keep(); show(); send();
}).catch((error) => { find("progress").textContent = ""; alarm(`The pairs could not be loaded: ${error.message}. Open the link that the command printed.`); });
