// Fetches the bundle from this site and hands it to the verifier, which knows of no network.
(function () {
  "use strict";

  const section = document.getElementById("fetch");
  const told = document.getElementById("fetch-told");
  const progress = document.getElementById("fetch-progress");
  const sized = (n) => (n < 1048576 ? Math.ceil(n / 1024) + " KB" : (n / 1048576).toFixed(1) + " MB");

  function show(got, total) {
    told.textContent = "已取回 " + sized(got) + (total ? "，共 " + sized(total) : "");
    if (total) Object.assign(progress, { max: total, value: got });
  }

  function joined(pieces, size) {
    const data = new Uint8Array(size);
    let at = 0;
    for (const piece of pieces) {
      data.set(piece, at);
      at += piece.length;
    }
    return data;
  }

  async function read(answer) {
    const total = Number(answer.headers.get("Content-Length")) || 0;
    const reader = answer.body.getReader();
    const pieces = [];
    let size = 0;
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return joined(pieces, size);
      pieces.push(value);
      size += value.length;
      show(size, total);
    }
  }

  function say(words) {
    told.textContent = words;
    told.setAttribute("role", "alert");
    progress.hidden = true;
  }

  async function start() {
    const address = section.dataset.bundle;
    try {
      const answer = await fetch(address, { cache: "no-cache", credentials: "omit" });
      if (answer.status === 409) return void say("证据包暂时不能下载。原因请看批次页面的“下载证据包”；通常是见证人还没有共签，请稍后刷新本页再试。");
      if (!answer.ok) return void say("没有取到证据包（" + answer.status + "）。请稍后刷新本页再试。");
      const data = await read(answer);
      told.textContent = "证据包已取回，" + sized(data.length) + "。";
      progress.hidden = true;
      document.getElementById("allow-test").checked = section.dataset.test !== undefined;
      gongchou.page.take({ kind: "zip", data });
    } catch (error) {
      say("没有取到证据包，可能是网络断了。请稍后刷新本页再试。");
    }
  }

  start();
})();
