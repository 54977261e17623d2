// Photos: made small, with what, who, when and where burned in; and codes read from a picture.

import { iso, moment, sha256 } from "./bytes.js";

const EDGE = 1600;
const ENOUGH = 300 * 1024;
const QUALITIES = [0.82, 0.72, 0.6, 0.48, 0.38];
const LOW = 200 * 1024 * 1024;

/** How much room is left on the phone, in bytes; null where the browser does not say. */
export async function freeRoom() {
  if (!navigator.storage || !navigator.storage.estimate) return null;
  const { quota, usage } = await navigator.storage.estimate();
  return quota - usage;
}

export const isLow = (free) => free !== null && free < LOW;

async function bitmapOf(file) {
  try {
    return await createImageBitmap(file, { imageOrientation: "from-image" });
  } catch (error) {
    throw new Error(`“${file.name}”打不开，可能不是照片或已经损坏。请重新拍摄。`);
  }
}

function drawn(bitmap, lines) {
  const scale = Math.min(1, EDGE / Math.max(bitmap.width, bitmap.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(bitmap.width * scale));
  canvas.height = Math.max(1, Math.round(bitmap.height * scale));
  const pen = canvas.getContext("2d");
  pen.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  burn(pen, canvas, lines);
  return canvas;
}

function burn(pen, { width, height }, lines) {
  const letter = Math.max(12, Math.round(width / 48));
  const step = Math.round(letter * 1.35);
  const band = step * lines.length + letter;
  pen.fillStyle = "rgba(0, 0, 0, 0.55)";
  pen.fillRect(0, height - band, width, band);
  pen.fillStyle = "#fff";
  pen.font = `${letter}px sans-serif`;
  pen.textBaseline = "top";
  lines.forEach((line, at) => pen.fillText(line, letter / 2, height - band + letter / 2 + at * step, width - letter));
}

const blobOf = (canvas, type, quality) => new Promise((resolve) => canvas.toBlob(resolve, type, quality));

async function smallEnough(canvas) {
  let blob = null;
  for (const quality of QUALITIES) {
    blob = await blobOf(canvas, "image/jpeg", quality);
    if (blob && blob.size <= ENOUGH) return blob;
  }
  if (!blob) throw new Error("手机内存不足，照片没有处理完。请关闭其他应用后再拍。");
  return blob;
}

export const bytesOf = async (blob) => new Uint8Array(await blob.arrayBuffer());

/** Where a watermark says that the photo was taken. */
export function placeWords({ lat, lon, accuracy_m }) {
  return lat === undefined ? "未取得定位" : `${lat.toFixed(5)}, ${lon.toFixed(5)} ±${Math.round(accuracy_m)}米`;
}

/** An attachment from a file of the camera. `lines` are burned in above the moment and the place. */
export async function takePhoto(file, lines, place, now = new Date()) {
  const bitmap = await bitmapOf(file);
  const canvas = drawn(bitmap, [...lines, `${moment(now)}　${placeWords(place)}`]);
  bitmap.close();
  const bytes = await bytesOf(await smallEnough(canvas));
  return {
    kind: "photo",
    sha256: await sha256(bytes),
    size: bytes.length,
    original: await sha256(await bytesOf(file)),
    caption: "",
    question: "",
    taken_at: iso(now),
    ...place,
    bytes,
    type: "image/jpeg",
  };
}

export const canScan = () => "BarcodeDetector" in window;

/** The texts of the codes on a picture. */
export async function codesOn(file) {
  const bitmap = await bitmapOf(file);
  const found = await new window.BarcodeDetector().detect(bitmap);
  bitmap.close();
  return found.map(({ rawValue }) => rawValue);
}

const PATIENCE_MS = 8000;

/** Where the phone is, as `{lat, lon, accuracy_m}`; empty where it does not know, or may not say. */
export function findPlace() {
  return new Promise((resolve) => {
    if (!navigator.geolocation) return resolve({});
    const take = ({ coords }) => resolve({ lat: coords.latitude, lon: coords.longitude, accuracy_m: coords.accuracy });
    // Some phones never answer where there is no sky; nobody shall wait for them.
    setTimeout(() => resolve({}), PATIENCE_MS + 500);
    navigator.geolocation.getCurrentPosition(take, () => resolve({}), {
      enableHighAccuracy: true,
      maximumAge: 30000,
      timeout: PATIENCE_MS,
    });
  });
}

/** Metres between two places. */
export function metresBetween(a, b) {
  const rad = Math.PI / 180;
  const x = (b.lon - a.lon) * rad * Math.cos(((a.lat + b.lat) / 2) * rad);
  const y = (b.lat - a.lat) * rad;
  return 6371000 * Math.hypot(x, y);
}
