// What the phone keeps. Whatever tells of people or places is sealed (AES-GCM) with a key that the platform hands out at
// sign-in; the browser holds it as a key that cannot be read out. When somebody else signs in, the key of whoever was
// here before goes; what she left stays, sealed, until she comes again.

import { fromBase64, utf8 } from "./bytes.js";

const NAME = "gongchou-field";
const VERSION = 1;
/** packages: by user; records: by instance; begun: what a record began with; files: by user and digest; receipts. */
const SEALED = ["packages", "records", "begun", "files", "receipts", "notes"];
const OPEN = ["keys", "plain"];

const done = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

const finished = (transaction) =>
  new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error || new DOMException("aborted", "AbortError"));
    transaction.onerror = () => reject(transaction.error);
  });

/** Open the database of this phone. A newer page in another tab may take it away: then this one has to be reloaded. */
export async function openDatabase(onGone) {
  const request = indexedDB.open(NAME, VERSION);
  request.onupgradeneeded = () => {
    for (const name of SEALED) request.result.createObjectStore(name, { keyPath: "id" }).createIndex("owner", "owner");
    request.result.createObjectStore("keys", { keyPath: "user" });
    request.result.createObjectStore("plain", { keyPath: "name" });
  };
  const db = await done(request);
  db.onversionchange = () => {
    db.close();
    onGone();
  };
  return db;
}

// A receipt that the disk has not got is none.
const begin = (db, stores) => db.transaction(stores, "readwrite", { durability: "strict" });

export const readPlain = async (db, name) => {
  const row = await done(db.transaction("plain").objectStore("plain").get(name));
  return row && row.value;
};

/** The values of all rows whose name begins so. */
export async function allPlain(db, prefix) {
  const range = IDBKeyRange.bound(prefix, `${prefix}\uffff`);
  return (await done(db.transaction("plain").objectStore("plain").getAll(range))).map(({ value }) => value);
}

export async function writePlain(db, name, value) {
  const transaction = begin(db, ["plain"]);
  transaction.objectStore("plain").put({ name, value });
  await finished(transaction);
}

/** Change one row by what it is now, as one transaction; `change` gets the value and gives the new one, or undefined. */
export async function changePlain(db, name, change) {
  const transaction = begin(db, ["plain"]);
  const store = transaction.objectStore("plain");
  const request = store.get(name);
  let result;
  request.onsuccess = () => {
    result = change(request.result && request.result.value);
    if (result !== undefined) store.put({ name, value: result });
  };
  await finished(transaction);
  return result;
}

/** Whoever was here last, if her key is still here; else null. */
export async function findVault(db) {
  const user = await readPlain(db, "current");
  const row = user && (await done(db.transaction("keys").objectStore("keys").get(user)));
  return row ? new Vault(db, user, row.key) : null;
}

/** Somebody signed in: her key stays, that of everybody else goes. */
export async function enterVault(db, user, base64) {
  const known = await done(db.transaction("keys").objectStore("keys").get(user));
  const key = known
    ? known.key // what it sealed must stay readable
    : await crypto.subtle.importKey("raw", fromBase64(base64), "AES-GCM", false, ["encrypt", "decrypt"]);
  const transaction = begin(db, OPEN);
  transaction.objectStore("keys").clear();
  transaction.objectStore("keys").put({ user, key });
  transaction.objectStore("plain").put({ name: "current", value: user });
  await finished(transaction);
  return new Vault(db, user, key);
}

/** Nobody is here any more; what is sealed stays. */
export async function leaveVault(db) {
  const transaction = begin(db, OPEN);
  transaction.objectStore("keys").clear();
  transaction.objectStore("plain").delete("current");
  await finished(transaction);
}

// Bytes of a value go behind its JSON, so that a photo is not blown up by a third.
function pack({ bytes = new Uint8Array(0), ...rest }) {
  const json = utf8(JSON.stringify(rest));
  const packed = new Uint8Array(4 + json.length + bytes.length);
  new DataView(packed.buffer).setUint32(0, json.length);
  packed.set(json, 4);
  packed.set(bytes, 4 + json.length);
  return packed;
}

function unpack(buffer) {
  const length = new DataView(buffer).getUint32(0);
  const value = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 4, length)));
  if (buffer.byteLength > 4 + length) value.bytes = new Uint8Array(buffer.slice(4 + length));
  return value;
}

export class Vault {
  constructor(db, user, key) {
    Object.assign(this, { db, user, key, nUnreadable: 0 });
  }

  // A row that was moved to another place, or to another owner, does not open.
  _bound(store, id, iv) {
    return { name: "AES-GCM", iv, additionalData: utf8(`${store}/${id}/${this.user}`) };
  }

  async _seal(store, id, value) {
    const iv = crypto.getRandomValues(new Uint8Array(12));
    const data = await crypto.subtle.encrypt(this._bound(store, id, iv), this.key, pack(value));
    return { id, owner: this.user, iv, data };
  }

  async _open(store, row) {
    if (!row || row.owner !== this.user) return null;
    try {
      return unpack(await crypto.subtle.decrypt(this._bound(store, row.id, row.iv), this.key, row.data));
    } catch (error) {
      this.nUnreadable += 1; // said on the page of the phone; one bad row hides no other
      return null;
    }
  }

  async get(store, id) {
    return this._open(store, await done(this.db.transaction(store).objectStore(store).get(id)));
  }

  async all(store) {
    const rows = await done(this.db.transaction(store).objectStore(store).index("owner").getAll(this.user));
    return (await Promise.all(rows.map((row) => this._open(store, row)))).filter(Boolean);
  }

  async ids(store) {
    return done(this.db.transaction(store).objectStore(store).index("owner").getAllKeys(this.user));
  }

  /** Write all of `changes` or nothing: rows `[store, id, value]`; a value of null takes the row away. */
  async write(changes) {
    const sealed = await Promise.all(
      changes.map(async ([store, id, value]) => [store, id, value && (await this._seal(store, id, value))]),
    );
    const transaction = begin(this.db, [...new Set(changes.map(([store]) => store))]);
    const ended = finished(transaction);
    for (const [store, id, row] of sealed) {
      if (row) transaction.objectStore(store).put(row);
      else transaction.objectStore(store).delete(id);
    }
    await ended;
  }
}
