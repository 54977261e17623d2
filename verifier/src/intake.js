// Getting the files from the reader: a folder, a zip, by dropping or by choosing. Nothing leaves the page.
(function (g) {
  "use strict";

  const MANIFEST = "manifest.json";
  // What computers leave in folders by themselves; exactly these are passed over, and in folders only.
  const LITTER = /(^|\/)(\.DS_Store|Thumbs\.db|desktop\.ini)$/;

  const bytesOf = async (file) => new Uint8Array(await file.arrayBuffer());

  function topOf(path) {
    return path.includes("/") ? path.slice(0, path.indexOf("/")) : null;
  }

  // Goes down through folders that hold nothing but one folder, until the manifest is on top.
  function rebase(files) {
    const tops = new Set(files.map(([path]) => topOf(path)));
    const isThere = files.some(([path]) => path === MANIFEST);
    const [top] = tops;
    if (isThere || tops.size !== 1 || top === null) return files;
    return rebase(files.map(([path, file]) => [path.slice(top.length + 1), file]));
  }

  async function readFolder(pairs) {
    const kept = pairs.filter(([path]) => !LITTER.test(path));
    const files = new Map();
    for (const [path, file] of rebase(kept)) files.set(path, await bytesOf(file));
    return { kind: "folder", files };
  }

  async function readOne(file) {
    const data = await bytesOf(file);
    if (/\.json$/i.test(file.name)) return { kind: "receipt", data };
    return { kind: "zip", data };
  }

  // From <input type=file>: with webkitdirectory every file knows its path.
  async function fromInput(input) {
    const files = [...input.files];
    input.value = "";
    if (files.length === 0) return null;
    if (input.id === "receipt") return { kind: "receipt", data: await bytesOf(files[0]) };
    if (!input.webkitdirectory) return readOne(files[0]);
    return readFolder(files.map((file) => [file.webkitRelativePath, file]));
  }

  const fileOf = (entry) => new Promise((resolve, reject) => entry.file(resolve, reject));

  // A directory is read in portions until an empty one comes.
  async function entriesOf(directory) {
    const reader = directory.createReader();
    const all = [];
    for (;;) {
      const some = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
      if (some.length === 0) return all;
      all.push(...some);
    }
  }

  async function walk(entry, path) {
    if (entry.isFile) return [[path + entry.name, await fileOf(entry)]];
    const found = [];
    for (const child of await entriesOf(entry)) found.push(...(await walk(child, path + entry.name + "/")));
    return found;
  }

  async function fromDrop(event) {
    const entries = [...event.dataTransfer.items].map((item) => item.webkitGetAsEntry()).filter(Boolean);
    if (entries.length === 0) return null;
    if (entries.length === 1 && entries[0].isFile) return readOne(await fileOf(entries[0]));
    const found = [];
    for (const entry of entries) found.push(...(await walk(entry, "")));
    return readFolder(found);
  }

  g.intake = { fromInput, fromDrop, bytesOf, rebase };
})(gongchou);
