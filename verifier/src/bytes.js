// Bytes and the spellings of bytes: UTF-8, hex, base64, base32 (section 1 of the specification).
const gongchou = {};

(function (g) {
  "use strict";

  const BASE64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  const BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  const HEX_OF_BYTE = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

  function utf8(text) {
    return new TextEncoder().encode(text);
  }

  // A byte order mark stays in the text, so that the grammar refuses it.
  function text(bytes) {
    try {
      return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    } catch (error) {
      return null;
    }
  }

  function hex(bytes) {
    let out = "";
    for (let i = 0; i < bytes.length; i++) out += HEX_OF_BYTE[bytes[i]];
    return out;
  }

  function fromHex(digits) {
    if (digits.length % 2 !== 0 || !/^[0-9a-f]*$/.test(digits)) return null;
    const out = new Uint8Array(digits.length / 2);
    for (let i = 0; i < out.length; i++) out[i] = parseInt(digits.substr(2 * i, 2), 16);
    return out;
  }

  function concat(...parts) {
    const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
    let at = 0;
    for (const part of parts) {
      out.set(part, at);
      at += part.length;
    }
    return out;
  }

  function compare(a, b) {
    const shorter = Math.min(a.length, b.length);
    for (let i = 0; i < shorter; i++) if (a[i] !== b[i]) return a[i] - b[i];
    return a.length - b.length;
  }

  function equal(a, b) {
    return a.length === b.length && compare(a, b) === 0;
  }

  // Groups the bits of the bytes into digits of `width` bits; the last digit is filled up with zeros.
  function digitsOf(bytes, width, alphabet) {
    let out = "";
    let bits = 0;
    let nBits = 0;
    for (const byte of bytes) {
      bits = (bits << 8) | byte;
      nBits += 8;
      for (; nBits >= width; nBits -= width) out += alphabet[(bits >> (nBits - width)) & ((1 << width) - 1)];
      bits &= (1 << nBits) - 1;
    }
    if (nBits > 0) out += alphabet[(bits << (width - nBits)) & ((1 << width) - 1)];
    return out;
  }

  function base32(bytes) {
    return digitsOf(bytes, 5, BASE32);
  }

  function base64(bytes) {
    const digits = digitsOf(bytes, 6, BASE64);
    return digits + "=".repeat((4 - (digits.length % 4)) % 4);
  }

  // Only the canonical spelling is taken: what is decoded must encode to the same characters.
  function fromBase64(spelling) {
    const digits = spelling.replace(/=+$/, "");
    const out = new Uint8Array(Math.floor((digits.length * 6) / 8));
    let bits = 0;
    let nBits = 0;
    let at = 0;
    for (const digit of digits) {
      const value = BASE64.indexOf(digit);
      if (value < 0) return null;
      bits = ((bits << 6) | value) & 0x3fff;
      nBits += 6;
      if (nBits >= 8) {
        nBits -= 8;
        out[at++] = (bits >> nBits) & 0xff;
      }
    }
    return base64(out) === spelling ? out : null;
  }

  function bigEndian(value, nBytes) {
    const out = new Uint8Array(nBytes);
    let rest = BigInt(value);
    for (let i = nBytes - 1; i >= 0; i--) {
      out[i] = Number(rest & 0xffn);
      rest >>= 8n;
    }
    return out;
  }

  // The lines of a file as editors leave them: a byte order mark, and CR before LF, are nobody's meaning.
  function editedLines(text) {
    return text.replace(/^\ufeff/, "").replace(/\r\n/g, "\n").split("\n");
  }

  g.bytes = { utf8, text, editedLines, hex, fromHex, concat, compare, equal, base32, base64, fromBase64, bigEndian };
})(gongchou);
