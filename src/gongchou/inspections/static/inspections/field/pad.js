// A pad to sign on, with a finger, a pen or a mouse.

import { bytesOf } from "./camera.js";
import { button, h } from "./dom.js";
import { iso, sha256 } from "./bytes.js";

const [WIDTH, HEIGHT] = [720, 300];
const SHORTEST = 40; // a dot is no signature: points of the canvas that the pen went

function pad() {
  const canvas = h("canvas", { width: WIDTH, height: HEIGHT, class: "pad", role: "img", "aria-label": "签名区，请用手指书写" });
  const pen = canvas.getContext("2d");
  const state = { canvas, way: 0 };
  let last = null;
  state.clear = () => {
    pen.fillStyle = "#fff";
    pen.fillRect(0, 0, WIDTH, HEIGHT);
    state.way = 0;
  };
  const at = (event) => {
    const box = canvas.getBoundingClientRect();
    return [((event.clientX - box.left) * WIDTH) / box.width, ((event.clientY - box.top) * HEIGHT) / box.height];
  };
  const draw = (event) => {
    const [x, y] = at(event);
    pen.beginPath();
    pen.moveTo(last[0], last[1]);
    pen.lineTo(x, y);
    pen.stroke();
    state.way += Math.hypot(x - last[0], y - last[1]);
    last = [x, y];
  };
  canvas.addEventListener("pointerdown", (event) => {
    canvas.setPointerCapture(event.pointerId);
    Object.assign(pen, { lineWidth: 5, lineCap: "round", lineJoin: "round", strokeStyle: "#111" });
    last = at(event);
    event.preventDefault();
  });
  canvas.addEventListener("pointermove", (event) => last && draw(event));
  for (const name of ["pointerup", "pointercancel"]) canvas.addEventListener(name, () => (last = null));
  state.clear();
  return state;
}

/** Have somebody sign. Gives the attachment, or null where nobody did. */
export function sign(who, declaration) {
  const surface = pad();
  return new Promise((resolve) => {
    const dialog = h("dialog", { "aria-labelledby": "pad-title", class: "wide" });
    const wrong = h("p", { class: "fault", role: "alert" });
    const end = (attachment) => {
      dialog.remove();
      resolve(attachment);
    };
    const confirm = async () => {
      if (surface.way < SHORTEST) wrong.textContent = "还没有签名，请在上面的框内书写姓名。";
      else end(await attachmentOf(surface.canvas));
    };
    dialog.append(
      h("h2", { id: "pad-title" }, `${who} 签名`),
      h("p", {}, declaration),
      surface.canvas,
      wrong,
      h("div", { class: "row" }, button("清除重写", surface.clear), button("取消", () => end(null)), button("确认签名", confirm, "primary")),
    );
    dialog.addEventListener("cancel", () => end(null));
    document.body.append(dialog);
    if (dialog.showModal) dialog.showModal();
    else dialog.setAttribute("open", "");
  });
}

async function attachmentOf(canvas) {
  const bytes = await bytesOf(await new Promise((resolve) => canvas.toBlob(resolve, "image/png")));
  const told = { kind: "signature", question: "", caption: "", original: "", taken_at: iso() };
  return { ...told, sha256: await sha256(bytes), size: bytes.length, bytes, type: "image/png" };
}
