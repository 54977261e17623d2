// "Why me, why not me": what became of one object in one draw.
(function (g) {
  "use strict";

  // The fraction of all possible tickets that are smaller.
  function fraction(ticket) {
    return parseInt(ticket.slice(0, 12), 16) / 2 ** 48;
  }

  // In a sealed draw the table holds a pseudonym; the salt of the receipt or the key leads to it.
  function objectOf(state, { id, salt, key }) {
    const isThere = ({ frame, excluded }) => frame.some((row) => row[1] === id) || excluded.some((row) => row[0] === id);
    if (!state.draws[0].params.frame.sealed || state.draws.some(isThere)) return id;
    if (salt) return g.unseal.pidWithSalt(salt, id);
    return key ? g.unseal.pid(key, id) : null;
  }

  function takenBy(state, draw, object) {
    const earlier = draw.params.exclude_selected_of.map((id) => state.draws.find(({ params }) => params.draw === id));
    const taker = earlier.find(({ selected }) => selected.some((row) => row[2] === object));
    return taker === undefined ? null : taker.params.draw;
  }

  function eventsOf(draw, object) {
    const bodies = draw.replaceEntries.map(({ value }) => value.body);
    const out = bodies.find((body) => body.out === object);
    return { cameIn: bodies.some((body) => body.in === object), wentOut: out === undefined ? null : out.reason };
  }

  function teamOf(state, object) {
    const task = state.match && state.match.tasks.get(object);
    if (!task) return null;
    return task.slots.map((slot) => (slot.inspector === null ? null : slot.inspector.id));
  }

  const EMPTY = {
    unfit: "没有一名检查人员符合它在辖区、资格、回避上的要求",
    team: "符合要求的检查人员都已在同一户的别的席位上，换不出来",
    full: "符合要求的检查人员都已排满，连同能与他们对调的共 {full} 人，没有一人还能再接一户",
  };

  // Why a slot is empty, as its closure in unfilled.tsv proves.
  function emptySlots(state, object) {
    const task = state.match && state.match.tasks.get(object);
    if (!task) return [];
    return task.slots.filter(({ inspector }) => inspector === null).flatMap(({ number }) => {
      const closure = state.match.closures.find(({ open }) => open.includes(object + ":" + number));
      if (closure === undefined) return [];
      const why = closure.full.length > 0 ? "full" : closure.reached.length > 0 ? "team" : "unfit";
      const facts = { number, name: closure.name, full: closure.full.length };
      return [g.sentences.fill("第 {number} 岗：" + EMPTY[why] + "。证明见 unfilled.tsv 里的“{name}”。", facts)];
    });
  }

  function rankOf(state, draw, row, object) {
    const [stratum] = row;
    const entries = draw.ranked.get(stratum);
    const at = entries.findIndex((one) => one.object === object);
    if (at < 0) return { kind: "taken", object, stratum, by: takenBy(state, draw, object) };
    const { n, reserve, size } = draw.params.strata.find(({ id }) => id === stratum);
    const last = entries[Math.min(n, entries.length) - 1];
    const rank = at + 1;
    return Object.assign({
      kind: rank <= n ? "selected" : rank <= n + reserve ? "reserve" : "not_selected",
      object, stratum, rank, n, size, available: entries.length, ticket: entries[at].ticket,
      position: fraction(entries[at].ticket), cutoff: n > 0 && last ? last.ticket : null,
      edge: n > 0 && last ? fraction(last.ticket) : 0, prefix: draw.prefix,
      unit: draw.params.ticket_key === "unit" ? row[3] : null, team: teamOf(state, object),
      empty: emptySlots(state, object),
    }, eventsOf(draw, object));
  }

  // Needs the state of a verification that ended well.
  function find(state, drawId, question) {
    const draw = state.draws.find(({ params }) => params.draw === drawId);
    if (!g.grammar.isId(question.id)) return { kind: "malformed" };
    const isSecretRight = [question.salt, question.key].every((one) => !one || g.grammar.isHash(one));
    if (!isSecretRight) return { kind: "bad_secret" };
    const object = objectOf(state, question);
    if (object === null) return { kind: "need_secret" };
    const excluded = draw.excluded.find((row) => row[0] === object);
    if (excluded) return { kind: "excluded", object, reason: excluded[1], title: draw.reasons.exclude[excluded[1]] };
    const row = draw.frame.find((one) => one[1] === object);
    return row === undefined ? { kind: "absent", object } : rankOf(state, draw, row, object);
  }

  const SAYS = {
    malformed: "这不像一个统一社会信用代码：应为数字和大写字母，不含空格。",
    bad_secret: "盐值或密钥应为 64 位的小写十六进制数。",
    need_secret: "这份名单用化名代替了真实代码。请填写回执上的盐值（或由审计人员填写密钥）。",
    absent: "名单里没有 {id}，排除名单里也没有。{hint}",
    excluded: "{id} 在抽取之前已被排除，没有参加抽取。理由：{title}（{reason}）。",
    taken: "{id} 在{layer}，但已被同批的抽取 {by} 抽中；按公布的规则，不再参加这一次。",
    selected: "{id} 被抽中了。它在{layer}，这一层有 {available} 户参加抽取；按票号从小到大排，它是第 {rank} 位，前 {n} 位抽中。",
    reserve: "{id} 没有被抽中，是备选第 {place} 位。它在{layer}，这一层有 {available} 户参加抽取；按票号从小到大排，它是第 {rank} 位，前 {n} 位抽中。",
    not_selected: "{id} 没有被抽中。它在{layer}，这一层有 {available} 户参加抽取；按票号从小到大排，它是第 {rank} 位，只有前 {n} 位抽中。",
  };

  function hint(draw) {
    return draw.params.frame.sealed ? "请核对代码和盐值是否抄对。" : "请核对代码是否抄对，再看它是否属于这次抽取的范围。";
  }

  function afterwards({ kind, cameIn, wentOut }, draw) {
    const into = cameIn ? " 后来有抽中的一户被替换，它依次递补" + (wentOut ? "。" : "，也要接受检查。") : "";
    const out = wentOut && (cameIn || kind === "selected") ? " 后来它被替换，理由：" + draw.reasons.replace[wentOut] + "。" : "";
    return into + out;
  }

  function sentence(state, drawId, question, answer) {
    const draw = state.draws.find(({ params }) => params.draw === drawId);
    const facts = Object.assign({ id: question.id, hint: hint(draw), place: answer.rank - answer.n, layer: g.sentences.layer(answer.stratum) }, answer);
    return g.sentences.fill(SAYS[answer.kind], facts) + afterwards(answer, draw);
  }

  const BEFORE_ALL = ["malformed", "bad_secret", "need_secret"];

  // What is wrong with the question is said once; else one answer for each draw of the campaign.
  function findAll(state, question) {
    const all = state.draws.map(({ params }) => {
      const answer = find(state, params.draw, question);
      return { draw: params.draw, plan: params.plan, answer, words: sentence(state, params.draw, question, answer) };
    });
    return BEFORE_ALL.includes(all[0].answer.kind) ? all.slice(0, 1) : all;
  }

  function named(all, isMeant) {
    return all.filter(({ answer }) => isMeant(answer)).map(({ draw }) => draw).join("、");
  }

  // The first line of the answer about several draws.
  function headline(all, { id }) {
    const selected = named(all, ({ kind }) => kind === "selected");
    const cameIn = named(all, (answer) => answer.cameIn);
    const wentOut = named(all, (answer) => answer.wentOut);
    const first = selected === "" ? id + " 在这一批的 " + all.length + " 次抽取里都没有被抽中。"
      : id + " 被抽中了：这一批共 " + all.length + " 次抽取，抽中它的是 " + selected + "。";
    return first + (cameIn === "" ? "" : " 后来它在 " + cameIn + " 里递补进来。")
      + (wentOut === "" ? "" : " 后来它在 " + wentOut + " 里被替换出去。");
  }

  // Whether it is to be visited after all replacements.
  function isIn(all) {
    return all.some(({ answer }) => (answer.kind === "selected" || answer.cameIn) && !answer.wentOut);
  }

  g.why = { find, findAll, headline, isIn, sentence, fraction };
})(gongchou);
