// Voice notes, where the browser can record.

import { bytesOf } from "./camera.js";
import { iso, sha256 } from "./bytes.js";

const LONGEST_MS = 3 * 60 * 1000;
const KINDS = ["audio/webm;codecs=opus", "audio/mp4"];

const kind = () => KINDS.find((one) => window.MediaRecorder.isTypeSupported(one));

export const canRecord = () =>
  Boolean(window.MediaRecorder && navigator.mediaDevices && navigator.mediaDevices.getUserMedia && kind());

/** Begin to record. Gives a function that ends it, and a promise of the attachment. */
export async function record() {
  const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
  const recorder = new MediaRecorder(stream, { mimeType: kind(), audioBitsPerSecond: 24000 });
  const parts = [];
  const begun = iso();
  recorder.ondataavailable = ({ data }) => parts.push(data);
  const ended = new Promise((resolve) => (recorder.onstop = resolve)).then(async () => {
    stream.getTracks().forEach((track) => track.stop());
    const bytes = await bytesOf(new Blob(parts));
    const told = { kind: "audio", question: "", caption: "", original: "", taken_at: begun };
    return { ...told, sha256: await sha256(bytes), size: bytes.length, bytes, type: recorder.mimeType.split(";")[0] };
  });
  recorder.start(1000);
  const stop = () => recorder.state !== "inactive" && recorder.stop();
  setTimeout(stop, LONGEST_MS);
  return { stop, ended };
}
