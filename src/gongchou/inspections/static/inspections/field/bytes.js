// Bytes, digests, ids, moments.

export const utf8 = (text) => new TextEncoder().encode(text);

export const fromBase64 = (text) => Uint8Array.from(atob(text), (one) => one.charCodeAt(0));

export function toBase64(bytes) {
  let text = "";
  for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return btoa(text);
}

export async function sha256(bytes) {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(digest, (one) => one.toString(16).padStart(2, "0")).join("");
}

/** A random UUID, version 4; `crypto.randomUUID` came later than the browsers this is for. */
export function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const text = Array.from(bytes, (one) => one.toString(16).padStart(2, "0")).join("");
  return [text.slice(0, 8), text.slice(8, 12), text.slice(12, 16), text.slice(16, 20), text.slice(20)].join("-");
}

const two = (n) => String(n).padStart(2, "0");

/** A moment as the phone has it, with its offset: 2026-03-02T09:00:00+08:00. */
export function iso(at = new Date()) {
  const offset = -at.getTimezoneOffset();
  const sign = offset < 0 ? "-" : "+";
  const zone = `${sign}${two(Math.floor(Math.abs(offset) / 60))}:${two(Math.abs(offset) % 60)}`;
  return `${day(at)}T${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}${zone}`;
}

export const day = (at) => `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;

/** A moment in words: 2026-03-02 09:00. */
export function moment(told) {
  const at = new Date(told);
  return Number.isNaN(at.getTime()) ? "" : `${day(at)} ${two(at.getHours())}:${two(at.getMinutes())}`;
}

export function size(n) {
  if (n < 1024 * 1024) return `${Math.ceil(n / 1024)} kB`;
  return n < 1024 ** 3 ? `${(n / 1024 ** 2).toFixed(1)} MB` : `${(n / 1024 ** 3).toFixed(1)} GB`;
}
