/* What a foreign page may try; HOST, PORT are filled in by the test that runs it. */
async () => {
  const target = "http://HOST:PORT", body = '{"id":"lbbbbbbbbbbbbbbbb","pair":"KEY","answer":"conflict","kind":"","note":""}';
  const said = [];
  const note = async (name, act) => { try { said.push([name, await act()]); } catch { said.push([name, "refused"]); } };
  const read = async (path, options) => { const r = await fetch(target + path, options); return r.status + " " + (await r.text()).slice(0, 40); };
  await note("read cards", () => read("/api/cards"));
  await note("read cards with a guess", () => read("/api/cards", { headers: { "X-Checker-Token": "guess" } }));
  await note("read page", () => read("/"));
  await note("simple post", () => read("/api/label", { method: "POST", body, mode: "no-cors" }));
  await note("json post", () => read("/api/label", { method: "POST", body, headers: { "Content-Type": "application/json" } }));
  await note("post with cookies", () => read("/api/undo", { method: "POST", body, credentials: "include" }));
  await note("beacon", async () => navigator.sendBeacon(target + "/api/label", body) ? "sent blindly" : "refused");
  await note("websocket", () => new Promise((done) => { const w = new WebSocket(target.replace("http", "ws") + "/api/cards"); w.onopen = () => done("OPEN"); w.onerror = () => done("refused"); }));
  await note("image", () => new Promise((done) => { const i = new Image(); i.onload = () => done("LOADED"); i.onerror = () => done("refused"); i.src = target + "/api/cards"; }));
  await note("script", () => new Promise((done) => { const s = document.createElement("script"); s.onload = () => done("LOADED"); s.onerror = () => done("refused"); s.src = target + "/review.js"; document.head.append(s); }));
  await note("frame", () => new Promise((done) => { const f = document.createElement("iframe"); f.onload = () => { try { done(f.contentDocument && f.contentDocument.body.innerText.includes("hold") ? "READ" : "refused"); } catch { done("refused"); } }; f.src = target + "/"; document.body.append(f); setTimeout(() => done("refused"), 1500); }));
  await note("form", () => new Promise((done) => { const f = document.createElement("iframe"); f.name = "into"; document.body.append(f); const form = document.createElement("form"); form.method = "post"; form.target = "into"; form.action = target + "/api/label"; document.body.append(form); form.submit(); setTimeout(() => done("sent blindly"), 500); }));
  return said;
}
