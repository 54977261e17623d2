// A record that waits in the queue, made by the page's own modules without its screens.
async () => {
  const load = (name) => import(`/static/inspections/field/${name}.js`);
  const [{ openDatabase, findVault }, { Draft, beginDraft }, record, { iso, sha256, newId }] =
    await Promise.all(["vault", "draft", "record", "bytes"].map(load));
  const vault = await findVault(await openDatabase(() => {}));
  const pkg = await vault.get("packages", vault.user);
  const { id } = await beginDraft(vault, pkg, pkg.visits[0]);
  const draft = await Draft.open(vault, id, () => {});
  const canvas = Object.assign(document.createElement("canvas"), { width: 320, height: 240 });
  const pen = canvas.getContext("2d");
  const attach = async (kind) => {
    const bytes = new Uint8Array(await (await new Promise((resolve) => canvas.toBlob(resolve, "image/png"))).arrayBuffer());
    const told = { kind, question: "", caption: "", original: "", taken_at: iso(), type: "image/png" };
    return draft.attach({ ...told, sha256: await sha256(bytes), size: bytes.length, bytes });
  };
  const noise = pen.createImageData(320, 240); // which nothing compresses: more than one piece
  noise.data.forEach((_, at) => (noise.data[at] = at % 4 === 3 ? 255 : Math.random() * 256));
  pen.putImageData(noise, 0, 0);
  await attach("photo");
  const signed = {};
  for (const name of ["甲", "乙", "丙"]) {
    pen.fillRect(0, 0, 320, 80 * (Object.keys(signed).length + 1));
    signed[name] = await attach("signature");
  }
  const other = { is_checked: true, codes: ["PENDING"], problem: "冷藏柜没有温度记录。", handling: "责令补齐。", follow_ups: ["ordered"] };
  draft.change({ typed: { cold: "yes" }, answers: { cold: "yes" }, methods: ["on_site"], told: { at: iso(), how: "on_site" } });
  draft.change({ results: draft.data.results.map((one) => ({ ...one, ...other })) });
  draft.change({ entry: { at: iso(), how: "typed", licence: "", reason: "演示" } });
  const of = await record.signedDigest(draft.data);
  const role = { 甲: "inspector", 乙: "inspector", 丙: "party" };
  draft.change({
    signatures: Object.entries(signed).map(([name, attachment]) => ({ role: role[name], name, certificate: "", attachment, at: iso(), of })),
  });
  if (!(await draft.submit({ id: newId(), app: record.APP }))) throw new Error("not kept");
  await draft.close();
}
