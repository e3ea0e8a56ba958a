"use strict";
const data = JSON.parse(document.getElementById("data").textContent);
const unpack = (text) => new Uint16Array(Uint8Array.from(atob(text), (c) => c.charCodeAt(0)).buffer);
const similarity = unpack(data.similarity), score = unpack(data.score), UNIT = 10000, Z = 1.959964;
const POISSON = [0, 0.0513, 0.3554, 0.8177], LISTED = 12;
const cuts = { similarity: data.present.similarity, maybe: data.present.maybe, show: data.present.show };
const find = (id) => document.getElementById(id);
const whole = (value) => Math.round(value * UNIT);

/* The same sums as in estimates.py, in the same order: a browser test compares the two. */
function wilson(hits, count) {
  if (count <= 0) return [0, 1];
  const share = hits / count, middle = share + Z * Z / (2 * count), all = 1 + Z * Z / count;
  const spread = Z * Math.sqrt(share * (1 - share) / count + Z * Z / (4 * count * count));
  return [Math.max(0, (middle - spread) / all), Math.min(1, (middle + spread) / all)];
}
function shareOf(hits, count) {
  let [low, high] = wilson(hits, count);
  if (hits > 0 && hits < POISSON.length) low = Math.min(low, POISSON[hits] / count);
  if (count - hits > 0 && count - hits < POISSON.length) high = Math.max(high, 1 - POISSON[count - hits] / count);
  return [low, high];
}
function conflicts(labels, pairs) {
  if (!pairs) return { value: 0, low: 0, high: 0 };
  if (!labels.length) return { value: null, low: 0, high: pairs };
  const scale = pairs / labels.reduce((sum, label) => sum + label.weight, 0), groups = new Map();
  for (const label of labels) {
    const group = groups.get(label.group) || { hits: 0, count: 0, weight: 0 };
    group.hits += label.conflict ? 1 : 0; group.count += 1; group.weight += label.weight;
    groups.set(label.group, group);
  }
  let value = 0, below = 0, above = 0;
  for (const { hits, count, weight } of groups.values()) {
    const [low, high] = shareOf(hits, count), stands = scale * weight;
    value += stands * hits / count;
    below += (stands * (hits / count - low)) ** 2;
    above += (stands * (high - hits / count)) ** 2;
  }
  return { value, low: Math.max(0, value - Math.sqrt(below)), high: Math.min(pairs, value + Math.sqrt(above)) };
}
function limit(a, b, ofA, ofB, sign) {
  const product = a * b, partA = ofA * (2 * a - ofA), partB = ofB * (2 * b - ofB);
  const root = Math.sqrt(Math.max(0, product * product - partA * partB));
  if (Math.abs(partB) < 1e-12 * Math.max(1, b * b)) return product ? partA / (2 * product) : 0;
  return Math.max(0, (product + sign * root) / partB);
}
function ratio(top, bottom) {
  if (top.value === null || bottom.value === null) return { value: null, low: 0, high: Infinity };
  const a = top.value, b = bottom.value, value = b ? a / b : Infinity;
  const low = b ? limit(a, b, top.low, bottom.high, -1) : bottom.high ? top.low / bottom.high : Infinity;
  const high = bottom.low > 0 ? limit(a, b, top.high, bottom.low, 1) : Infinity;
  return { value, low: Math.min(low, value), high: Math.max(high, value) };
}
const scaled = (e, by) => ({ value: e.value === null ? null : e.value * by, low: e.low * by, high: e.high * by });
const shifted = (e, by) => ({ value: e.value === null ? null : e.value + by, low: e.low + by, high: e.high + by });
const inverted = (e, f) => e.value === null ? { value: null, low: 0, high: 1 } : { value: f(e.value), low: f(e.high), high: f(e.low) };

function evaluate(simCut, scoreCut) {
  const sim = whole(simCut), low = whole(scoreCut);
  let pairs = 0;
  for (let i = 0; i < score.length; i += 1) if (score[i] >= low && similarity[i] >= sim) pairs += 1;
  const isAbove = (label) => score[label.row] >= low && similarity[label.row] >= sim;
  const found = conflicts(data.labels.filter(isAbove), pairs);
  const missed = conflicts(data.labels.filter((label) => !isAbove(label)), score.length - pairs);
  return {
    pairs, found, missed,
    precision: pairs ? scaled(found, 1 / pairs) : { value: null, low: 0, high: 1 },
    recall: inverted(ratio(missed, found), (r) => 1 / (1 + r)),
    fHalf: inverted(ratio(shifted(scaled(missed, 0.25), pairs), found), (r) => 1.25 / (0.25 + r)),
  };
}

const SVG = "http://www.w3.org/2000/svg";
function draw(parent, name, attributes, text) {
  const node = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  if (text !== undefined) node.textContent = text;
  parent.append(node);
  return node;
}
const LEFT = 46, RIGHT = 470, TOP = 14, BOTTOM = 250;
const acrossTo = (share) => LEFT + share * (RIGHT - LEFT), upTo = (share) => BOTTOM - share * (BOTTOM - TOP);
function axes(svg, across, up, marks) {
  svg.replaceChildren();
  draw(svg, "path", { d: `M${LEFT} ${TOP}V${BOTTOM}H${RIGHT}`, fill: "none", class: "axis" });
  for (const at of [0, 0.25, 0.5, 0.75, 1]) draw(svg, "text", { x: acrossTo(at), y: BOTTOM + 17, "text-anchor": "middle" }, at);
  for (const [at, word] of marks) draw(svg, "text", { x: LEFT - 5, y: upTo(at) + 4, "text-anchor": "end" }, word);
  draw(svg, "text", { x: (LEFT + RIGHT) / 2, y: BOTTOM + 36, "text-anchor": "middle" }, across);
  draw(svg, "text", { x: LEFT + 6, y: TOP }, up);
}
const BINS = 25;
function histogram(svg) {
  const bin = (row) => Math.min(BINS - 1, Math.floor(score[row] * BINS / UNIT)), sim = whole(cuts.similarity);
  const counts = new Array(BINS).fill(0), marked = { conflict: new Array(BINS).fill(0), consistent: new Array(BINS).fill(0) };
  for (let i = 0; i < score.length; i += 1) if (similarity[i] >= sim) counts[bin(i)] += 1;
  for (const label of data.labels) if (similarity[label.row] >= sim) marked[label.conflict ? "conflict" : "consistent"][bin(label.row)] += 1;
  const top = Math.log1p(Math.max(1, ...counts)), most = [1, 10, 100, 1000, 10000, 100000].filter((n) => Math.log1p(n) <= top);
  axes(svg, data.scale, "pairs (bars, logarithmic) and labels (dots)", most.map((n) => [Math.log1p(n) / top, n]));
  const width = (RIGHT - LEFT) / BINS;
  counts.forEach((count, i) => {
    const height = Math.log1p(count) / top;
    if (count) draw(svg, "rect", { x: LEFT + i * width + 1, y: upTo(height), width: width - 2, height: BOTTOM - upTo(height), class: "pair" });
    for (const kind of ["consistent", "conflict"]) {
      const at = LEFT + (i + (kind === "conflict" ? 0.3 : 0.7)) * width;
      if (marked[kind][i]) draw(svg, "circle", { cx: at, cy: upTo(Math.log1p(marked[kind][i]) / top), r: 4, class: kind });
    }
  });
  for (const name of ["maybe", "show"]) {
    const at = acrossTo(cuts[name]);
    draw(svg, "path", { d: `M${at} ${TOP}V${BOTTOM}`, class: "cut" });
    draw(svg, "text", { x: at + 3, y: TOP + (name === "show" ? 16 : 32) }, name);
  }
}
function scatter(svg) {
  axes(svg, "similarity", data.scale, [[0, 0], [0.5, 0.5], [1, 1]]);
  const step = Math.max(1, Math.ceil(score.length / 3000));
  let dots = "";
  for (let i = 0; i < score.length; i += step) dots += `M${acrossTo(similarity[i] / UNIT).toFixed(1)} ${upTo(score[i] / UNIT).toFixed(1)}h1.5v1.5h-1.5z`;
  draw(svg, "path", { d: dots, class: "pair" });
  for (const label of data.labels) {
    const x = acrossTo(similarity[label.row] / UNIT), y = upTo(score[label.row] / UNIT);
    if (label.conflict) draw(svg, "path", { d: `M${x} ${y - 5}l5 9h-10z`, class: "conflict" });
    else draw(svg, "circle", { cx: x, cy: y, r: 4, class: "consistent" });
  }
  draw(svg, "path", { d: `M${acrossTo(cuts.similarity)} ${TOP}V${BOTTOM}`, class: "cut" });
  for (const name of ["maybe", "show"]) {
    draw(svg, "path", { d: `M${LEFT} ${upTo(cuts[name])}H${RIGHT}`, class: "cut" });
    draw(svg, "text", { x: RIGHT, y: upTo(cuts[name]) - 3, "text-anchor": "end" }, name);
  }
}

const figure = (e, digits) => e.value === null ? "unknown" : `${e.value.toFixed(digits)} `;
function tell(id, estimate, digits) {
  const small = document.createElement("small");
  small.textContent = estimate.value === null ? "no labels there" : `(${estimate.low.toFixed(digits)} to ${estimate.high.toFixed(digits)})`;
  find(id).replaceChildren(figure(estimate, digits), small);
}
function list(id, rows) {
  const items = rows.slice(0, LISTED).map((row) => {
    const pair = data.texts[row], item = document.createElement("li"), facts = document.createElement("p");
    facts.className = "facts";
    facts.textContent = `${data.scale} ${(score[row] / UNIT).toFixed(3)}, similarity ${(similarity[row] / UNIT).toFixed(2)}` + (pair ? `, pair ${pair.key}` : "");
    item.append(facts);
    for (const side of pair ? [pair.earlier, pair.later] : ["(its words are not in this page: too far below the cuts)"]) {
      const line = document.createElement("p");
      line.dir = "auto"; line.textContent = side;
      item.append(line);
    }
    return item;
  });
  find(id).replaceChildren(...items);
  find(`${id}-count`).textContent = rows.length;
}
function changes(cut) {
  const sim = whole(cuts.similarity), low = whole(cut), oldSim = whole(data.present.similarity), oldLow = whole(data.present[mode()]);
  const entered = [], left = [], below = [];
  for (let i = 0; i < score.length; i += 1) {
    const now = score[i] >= low && similarity[i] >= sim, before = score[i] >= oldLow && similarity[i] >= oldSim;
    if (now && !before) entered.push(i);
    if (before && !now) left.push(i);
    if (!now && similarity[i] >= sim) below.push(i);
  }
  const byScore = (a, b) => score[b] - score[a] || a - b;
  list("entered", entered.sort(byScore)); list("left", left.sort(byScore)); list("below", below.sort(byScore));
}
const mode = () => document.querySelector("input[name=mode]:checked").value;
const settings = () => ["similarity", "maybe", "show"].map((name) => `${name} = ${cuts[name].toFixed(2)}`).join("\n") + "\n";
function update() {
  const cut = cuts[mode()], at = evaluate(cuts.similarity, cut);
  find("similarity-value").textContent = cuts.similarity.toFixed(2);
  find("score-value").textContent = cut.toFixed(2);
  find("pairs").textContent = at.pairs.toLocaleString("en");
  find("hours").textContent = (at.pairs / data.pace).toFixed(1);
  tell("found", at.found, 0); tell("missed", at.missed, 0);
  tell("precision", at.precision, 2); tell("recall", at.recall, 2); tell("f-half", at.fHalf, 2);
  find("settings").textContent = settings();
  find("copied").textContent = "";
  histogram(find("histogram")); scatter(find("scatter")); changes(cut);
}
function takeMode() { find("score").value = cuts[mode()]; update(); }
async function copy() {
  let done = false;
  try { await navigator.clipboard.writeText(settings()); done = true; } catch {
    const range = document.createRange();
    range.selectNodeContents(find("settings"));
    getSelection().removeAllRanges(); getSelection().addRange(range);
    done = document.execCommand("copy");
  }
  find("copied").textContent = done ? "Copied." : "Select the lines above and copy them.";
}
find("similarity").addEventListener("input", (event) => { cuts.similarity = Number(event.target.value); update(); });
find("score").addEventListener("input", (event) => {
  cuts[mode()] = Number(event.target.value);
  if (mode() === "show") cuts.maybe = Math.min(cuts.maybe, cuts.show); else cuts.show = Math.max(cuts.maybe, cuts.show);
  update();
});
for (const button of document.querySelectorAll("input[name=mode]")) button.addEventListener("change", takeMode);
find("copy").addEventListener("click", copy);
find("desk").addEventListener("submit", (event) => event.preventDefault());
find("similarity").value = cuts.similarity;
takeMode();
