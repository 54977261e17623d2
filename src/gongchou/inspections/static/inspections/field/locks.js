// One draft is open in one place. Where the browser has no locks, a row with a time does: whoever stops renewing it lets go.

import { allPlain, changePlain } from "./vault.js";
import { newId } from "./bytes.js";

const LEASE_MS = 12000;
const HOLDER = newId();
const held = new Set();

/**
 * Hold `name` until the function that comes back is called; null where somebody else holds it. Its `isHeld` asks whether
 * it is held still: a lease is lost by who sleeps too long.
 */
export async function hold(db, name) {
  const own = navigator.locks ? await holdLock(name) : await holdLease(db, name);
  if (!own) return null;
  held.add(name);
  const letGo = () => {
    held.delete(name);
    own();
  };
  letGo.isHeld = own.isHeld || (async () => true);
  return letGo;
}

function holdLock(name) {
  return new Promise((resolve, reject) => {
    navigator.locks
      .request(name, { ifAvailable: true }, (lock) => {
        if (!lock) return resolve(null);
        return new Promise((release) => resolve(release));
      })
      .catch(reject);
  });
}

async function holdLease(db, name) {
  const take = (lease) => {
    const isFree = !lease || lease.holder === HOLDER || lease.until < Date.now() || lease.until > Date.now() + LEASE_MS;
    return isFree ? { holder: HOLDER, until: Date.now() + LEASE_MS } : undefined;
  };
  if (!(await changePlain(db, `lease/${name}`, take))) return null;
  const isHeld = async () => Boolean(await changePlain(db, `lease/${name}`, take));
  const timer = setInterval(isHeld, LEASE_MS / 3);
  const letGo = () => {
    clearInterval(timer);
    changePlain(db, `lease/${name}`, (lease) => (lease && lease.holder === HOLDER ? { holder: "", until: 0 } : undefined));
  };
  return Object.assign(letGo, { isHeld });
}

/** Whether a name that begins so is held by any tab. */
export async function isAnyHeld(db, prefix) {
  if ([...held].some((name) => name.startsWith(prefix))) return true;
  if (!navigator.locks) return (await allPlain(db, `lease/${prefix}`)).some(({ until }) => until > Date.now());
  const { held: all } = await navigator.locks.query();
  return all.some(({ name }) => name.startsWith(prefix));
}
