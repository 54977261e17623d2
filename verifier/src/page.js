// Wires the page together. Everything above can be used without it.
(function (g) {
  "use strict";

  const { el, byId, put } = g.dom;
  const current = { intake: null, state: null, runs: 0 };

  const NO_TEXT = "\ufffd"; // what is not UTF-8 is no line of any list

  async function textOf(file) {
    const text = g.bytes.text(await g.intake.bytesOf(file));
    return text === null ? NO_TEXT : text;
  }

  async function texts(id) {
    return Promise.all([...byId(id).files].map(textOf));
  }

  async function options(run) {
    const [trust] = await texts("trust-file");
    const sealKey = byId("seal-key").value.trim().toLowerCase();
    const realIds = await texts("real-ids");
    const isCurrent = (act) => (value) => run === current.runs && act(value);
    return {
      trust: trust === undefined ? null : trust, sealKey: sealKey || null, realIds: realIds.length > 0 ? realIds : null,
      allowTest: byId("allow-test").checked,
      onStart: isCurrent(g.viewChecks.start), onCheck: isCurrent(g.viewChecks.show),
      onState: isCurrent((state) => { current.state = state; }),
    };
  }

  // A second bundle may come while the first is still at work; only the last one speaks.
  async function verify() {
    const run = (current.runs += 1);
    const { intake } = current;
    current.state = null;
    g.viewChecks.reset();
    byId("receipt-answer").hidden = true; // it may speak of the bundle before
    byId("results").scrollIntoView({ block: "start" });
    const chosen = await options(run);
    const report = intake.kind === "zip" ? await g.verifyZip(intake.data, chosen) : await g.verifyFiles(intake.files, chosen);
    if (run === current.runs) show(report);
  }

  function show(report) {
    g.viewChecks.verdict(report);
    byId("again").hidden = false;
    byId("outcome").hidden = !report.ok;
    byId("jump").hidden = !report.ok;
    if (!report.ok) return;
    put("summary", g.viewSummary.render(report));
    g.viewExplain.how(report, current.state);
    g.viewExplain.prepareWhy(current.state);
  }

  function checkReceipt(data) {
    byId("receipt-answer").hidden = true;
    const state = current.state && !current.state.failure ? current.state : null;
    g.viewExplain.receipt(g.verifyReceipt(data, state), state !== null);
    byId("receipt-answer").scrollIntoView({ block: "center" });
  }

  function complain(error) {
    put("complaint", el("p", { class: "answer failed", role: "alert" }, "读不出这些文件：" + (error && error.message)));
  }

  async function take(promise) {
    byId("complaint").hidden = true;
    try {
      const intake = await promise;
      if (intake === null) return;
      if (intake.kind === "receipt") return void checkReceipt(intake.data);
      current.intake = intake;
      await verify();
    } catch (error) {
      byId("receipt-answer").hidden = true;
      complain(error);
    }
  }

  function wireDrop() {
    const zone = byId("drop");
    const isOver = (over) => (event) => {
      event.preventDefault();
      zone.classList.toggle("over", over);
    };
    // Anywhere on the page: a file that misses the zone must not replace the page.
    document.addEventListener("dragover", isOver(true));
    document.addEventListener("dragleave", isOver(false));
    document.addEventListener("drop", (event) => {
      isOver(false)(event);
      take(g.intake.fromDrop(event));
    });
  }

  function wireChoice(button, input) {
    byId(button).addEventListener("click", () => byId(input).click());
    byId(input).addEventListener("change", () => take(g.intake.fromInput(byId(input))));
  }

  function askWhy(event) {
    event.preventDefault();
    if (current.state === null) return;
    const field = (id) => byId(id).value.trim();
    const question = { id: field("why-id").toUpperCase(), salt: field("why-salt").toLowerCase(), key: field("seal-key").toLowerCase() };
    g.viewExplain.answer(current.state, question);
  }

  // What is folded away is printed all the same.
  function unfold() {
    document.querySelectorAll("details").forEach((one) => { one.open = true; });
  }

  function start() {
    g.onPause = g.viewChecks.within;
    wireDrop();
    wireChoice("choose-folder", "folder");
    wireChoice("choose-zip", "zip");
    wireChoice("choose-receipt", "receipt");
    byId("again").addEventListener("click", () => take(Promise.resolve(current.intake)));
    byId("why").addEventListener("submit", askWhy);
    byId("print").addEventListener("click", () => window.print());
    window.addEventListener("beforeprint", unfold);
  }

  // For a page of somebody else's that has the same parts and brings the bundle itself.
  g.page = { take: (intake) => take(Promise.resolve(intake)) };
  start();
})(gongchou);
