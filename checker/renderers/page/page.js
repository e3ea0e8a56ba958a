"use strict";
(() => {
  const form = document.getElementById("filters");
  const count = document.getElementById("count");
  const cards = [...document.querySelectorAll("article")].map((element) => ({
    element, facts: JSON.parse(element.dataset.facts), words: null,
  }));
  const howMany = (number, noun) => `${number} ${noun}${number === 1 ? "" : "s"}`;
  const words = (item) => (item.words ??= item.element.textContent.toLowerCase());
  const between = (dates, from, until) =>
    dates.some(([start, end]) => (!from || !end || end >= from) && (!until || !start || start <= until));

  const shows = (card, want) =>
    (!want.speaker || card.facts.speakers.includes(want.speaker)) &&
    (!want.topic || card.facts.topic === want.topic) &&
    (!want.kind || card.facts.kinds.includes(want.kind)) &&
    (!want.group || card.facts.group === want.group) &&
    ((!want.from && !want.until) || between(card.facts.dates, want.from, want.until)) &&
    card.facts.score >= Number(want.score) &&
    card.facts.similarity >= Number(want.similarity) &&
    want.words.every((word) => words(card).includes(word));

  const split = (text) => text.toLowerCase().split(/\s+/).filter(Boolean);

  const filter = () => {
    const want = Object.fromEntries(new FormData(form));
    want.words = split(want.words);
    let shown = 0;
    for (const card of cards) {
      const hidden = !shows(card, want);
      if (card.element.hidden !== hidden) card.element.hidden = hidden;
      shown += hidden ? 0 : 1;
    }
    for (const range of form.querySelectorAll("input[type=range]")) {
      range.parentElement.querySelector("output").textContent = Number(range.value).toFixed(2);
    }
    count.textContent = `Showing ${shown} of ${howMany(cards.length, "pair")}, near misses included.`;
  };

  // One pass a frame, however fast somebody types or drags.
  const soon = (task) => {
    let waiting = false;
    return () => {
      if (waiting) return;
      waiting = true;
      requestAnimationFrame(() => { waiting = false; task(); });
    };
  };

  form.addEventListener("input", soon(filter));
  form.addEventListener("reset", () => setTimeout(filter));
  form.addEventListener("submit", (event) => event.preventDefault());
  form.hidden = false;
  filter();

  const search = document.getElementById("record-filter");
  const rows = [...document.querySelectorAll(".record > li")].map((element) => ({ element, words: null }));
  const find = () => {
    const wanted = split(new FormData(search).get("words"));
    let found = 0;
    for (const row of rows) {
      const hidden = !wanted.every((word) => words(row).includes(word));
      if (row.element.hidden !== hidden) row.element.hidden = hidden;
      found += hidden ? 0 : 1;
    }
    document.getElementById("record-count").textContent = `${found} of ${howMany(rows.length, "statement")}.`;
  };
  search.addEventListener("input", soon(find));
  search.addEventListener("submit", (event) => event.preventDefault());
  search.hidden = false;
  find();

  // A link to something that a filter hides shows it again; a filter still waiting for its frame runs first.
  const reveal = () => {
    const target = document.getElementById(location.hash.slice(1));
    if (!target || !target.hidden) return;
    (target.tagName === "LI" ? search : form).reset();
    target.hidden = false;
    (target.tagName === "LI" ? find : filter)();
    target.scrollIntoView();
  };
  addEventListener("hashchange", () => requestAnimationFrame(reveal));

  const said = document.getElementById("said");
  const copy = async (text) => {
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      const area = document.createElement("textarea");
      area.value = text;
      document.body.append(area);
      area.select();
      document.execCommand("copy");
      area.remove();
    }
    said.textContent = "Copied.";
  };
  for (const buttons of document.querySelectorAll(".buttons")) buttons.hidden = false;
  document.addEventListener("click", (event) => {
    const button = event.target.closest("button[data-copy]");
    if (button) copy(button.dataset.copy).then(() => button.focus());
  });

  // A whole long statement is printed once, in the record.
  let closed = [];
  addEventListener("beforeprint", () => {
    closed = [...document.querySelectorAll("details:not([open], .aside)")];
    for (const details of closed) details.open = true;
  });
  addEventListener("afterprint", () => { for (const details of closed) details.open = false; });
})();
