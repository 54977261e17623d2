// A newer version of this page waits until no record is open anywhere, then takes over.

/** Watch for a newer version. Gives a function to call when it might take over now. */
export function watchForUpdates(isAnyOpen) {
  if (!("serviceWorker" in navigator)) return () => {};
  let registration = null;
  let isOurs = Boolean(navigator.serviceWorker.controller);
  const takeOver = async () => {
    if (!registration || !registration.waiting || (await isAnyOpen())) return;
    const { waiting } = registration; // it may have taken over by itself meanwhile
    if (waiting) waiting.postMessage("take-over");
  };
  navigator.serviceWorker.addEventListener("controllerchange", async () => {
    // The first worker of a new phone changes nothing; a later one brought new files.
    if (isOurs && !(await isAnyOpen())) location.reload();
    isOurs = true;
  });
  const watch = (worker) => worker && worker.addEventListener("statechange", takeOver);
  navigator.serviceWorker
    .register("/field/sw.js", { scope: "/field/" })
    .then((found) => {
      registration = found;
      watch(found.installing);
      found.addEventListener("updatefound", () => watch(found.installing));
      takeOver();
    })
    .catch(() => {}); // no worker: the page says so by itself only where there can be none; else it tries at the next start
  return takeOver;
}
