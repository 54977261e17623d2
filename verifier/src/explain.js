// "How this draw was made": the whole draw in plain Chinese, with its own numbers.
(function (g) {
  "use strict";

  const { number, percent, beijing, duration } = g.dom;
  const unix = g.grammar.unix;
  const short = (digits) => digits.slice(0, 12) + "…";

  function reasonsText({ excluded_by: byReason }, reasons) {
    const parts = Object.keys(byReason).sort().map((code) => reasons.exclude[code] + " " + number(byReason[code]) + " 户");
    return parts.length === 0 ? "" : "（" + parts.join("，") + "）";
  }

  function frozen(summary, state) {
    return summary.draws.map((draw, i) => {
      const { universe, reasons } = state.draws[i];
      const read = "登记机关（" + draw.registry + "）" + beijing(draw.snapshot_at) + " 的名册里有 " + number(universe.read) + " 行";
      const refused = draw.rejected === 0 ? "" : "，其中 " + number(draw.rejected) + " 行因代码有误被退回";
      const excluded = draw.excluded === 0 ? "没有一户被排除"
        : number(draw.excluded) + " 户按公布的理由排除" + reasonsText(draw, reasons);
      return label(summary, draw) + read + refused + "；" + excluded + "；其余 " + number(draw.frame) + " 户进入名单，分成 "
        + draw.strata.length + " 层。名单的指纹是 " + short(draw.root) + "。";
    });
  }

  const FINGERPRINT = "指纹由整份名单算出：多一户、少一户、改一个字，指纹都会变。";
  const SEALED = "名单里写的是化名，不是企业的真实代码，以免提前泄露谁会被查。";

  function frozenAll(summary, state) {
    const isSealed = summary.draws.some((draw) => draw.sealed);
    return [...frozen(summary, state), FINGERPRINT, ...(isSealed ? [SEALED] : [])];
  }

  function label(summary, draw) {
    return summary.draws.length > 1 ? "抽取 " + draw.draw + "：" : "";
  }

  function announced(summary) {
    const said = summary.draws.map((draw) => {
      const early = unix(summary.beacon.at) - unix(draw.committed_at);
      return label(summary, draw) + "参数的指纹（" + short(draw.commitment) + "）于 " + beijing(draw.committed_at)
        + " 由见证人签字存证，比随机数产生早 " + duration(early) + "。";
    });
    return ["每层抽多少户、用什么随机数、什么时候抽，都写进参数；存证以后再改一个字，指纹就对不上。", ...said];
  }

  const BEACONS = {
    drand: (beacon) => "最后的随机数是" + (beacon.chain_name === null ? "自建" : "公共") + "随机信标的第 " + number(beacon.round) + " 轮，" + beijing(beacon.at)
      + " 产生。它由运行信标的各家共同签出，事先谁也不能知道，事后谁都能核对。",
    lottery: (beacon) => "最后的随机数是彩票 " + beacon.game + " 第 " + beacon.issue + " 期的开奖号码：" + beacon.value + "。",
    digits: (beacon) => "最后的随机数是现场产生的数字：" + beacon.value + "。",
  };

  function awaited(summary) {
    const parties = summary.sources.filter((source) => source.type === "cr");
    const said = parties.filter((source) => source.value !== "missing");
    const others = parties.length === 0 ? [] : [
      "另有 " + parties.length + " 个参与方（" + parties.map((source) => source.party).join("、") + "）事先各自承诺了一个数，"
      + (said.length === parties.length ? "截止前都已公开。" : "截止前有 " + said.length + " 个公开。")
      + "这些数在 " + beijing(summary.closed_at) + " 之前就已封定，那时随机数还不存在。"];
    const midway = summary.sources.slice(0, -1).filter((source) => source.type !== "cr")
      .map((source) => "还加进了" + (source.type === "digits" ? "现场产生的数字 " : "彩票开奖号码 ") + source.value + "，也在截止前封定。");
    return [BEACONS[summary.beacon.type](summary.beacon), ...others, ...midway, "这些数合在一起，算出这次抽取的种子：" + summary.seed + "。"];
  }

  // What stands in the list for an object, and goes into its ticket.
  const nameOf = ({ sealed }) => (sealed ? "化名" : "代码");

  const byUnitText = (name) => "有的抽取按主体发票：票号的前一半由种子和主体的" + name + "算出，同一主体的各户都一样；后一半再加上这一户自己的" + name + "算出。"
    + "所以同一主体的各户排在一起，彼此的先后也由种子决定。";

  function tickets(summary, state) {
    const row = state.draws[0].selected[0], name = nameOf(summary.draws[0]);
    const example = row === undefined ? [] : ["例如 " + row[2] + " 的票号是 " + row[3].slice(0, 16) + "…。"];
    const byUnit = summary.draws.some((one) => one.ticket_key === "unit") ? [byUnitText(name)] : [];
    return ["把种子和每户的" + name + "放在一起，用公开的算法（" + (summary.suite === "sm3" ? "国密 SM3" : "SHA-256")
      + "）算一次，得到这一户的票号，就像给每户发一张彩票。" + name + "差一个字，票号就完全不同；谁也不能挑票，也不能换票。", ...byUnit, ...example];
  }

  function stratumText(draw) {
    const stratum = draw.strata.find((one) => one.selected > 0);
    if (stratum === undefined) return [];
    const chance = number(stratum.selected) + "/" + number(stratum.available);
    const fair = draw.ticket_key === "unit" ? "每个主体排在最前的机会都相同；一户抽中的机会，还要看它的主体有多少户。"
      : "每一户抽中的机会都是 " + chance + "（" + percent(stratum.selected, stratum.available) + "），不多也不少。";
    return ["例如" + (draw.strata.length > 1 ? g.sentences.layer(stratum.id) : "名单只有一层，") + "有 " + number(stratum.available) + " 户，抽 " + number(stratum.selected)
      + " 户：" + fair];
  }

  function lowest(summary) {
    const total = summary.draws.reduce((sum, draw) => sum + draw.selected, 0);
    return ["每一层里按票号从小到大排队，前面的抽中，后面几户依次是备选。这次共抽中 " + number(total) + " 户。", ...stratumText(summary.draws[0])];
  }

  function dealt(summary, state) {
    const { match } = summary;
    if (match === null) return ["这次核验的资料里没有检查人员的匹配。"];
    const repaired = match.repaired === 0 ? "" : "其中 " + number(match.repaired) + " 个席位起初无人可派，经依次调换后补上。";
    const open = match.unfilled === 0 ? "每个席位都派到了人。"
      : "有 " + number(match.unfilled) + " 个席位确实无人可派，证据包里附有证明。";
    return ["检查人员像发牌一样派到户：先把人洗成一副牌，给每一户的席位依次发；手里活少的先派，活一样多的由种子决定先后。"
      + "辖区、资格、回避" + (state.match.crossHome ? "，还有不查本所的规定，" : "") + "都先算在内。",
    number(match.tasks) + " 户、" + number(match.slots) + " 个席位派给 " + number(match.inspectors) + " 名检查人员，每人最少 "
      + match.least + " 户、最多 " + match.most + " 户。" + repaired + open];
  }

  function steps(summary, state) {
    return [
      { title: "先冻结名单", paragraphs: frozenAll(summary, state) },
      { title: "再公布参数", paragraphs: announced(summary) },
      { title: "等一个谁也不能预知的随机数", paragraphs: awaited(summary) },
      { title: "每户一张票", paragraphs: tickets(summary, state) },
      { title: "票号小的抽中", paragraphs: lowest(summary) },
      { title: "像发牌一样派人", paragraphs: dealt(summary, state) },
    ];
  }

  // A line that anyone can type; only SHA-256 has such a tool everywhere.
  function recipe(summary, state) {
    const [{ selected: [row], frame }] = state.draws;
    if (summary.suite !== "sha256" || row === undefined) return null;
    const [{ prefix, ticket_key: key }] = summary.draws;
    if (key !== "unit") return "printf '%s:%s' " + prefix + " " + row[2] + " | sha256sum";
    const unit = frame.find((one) => one[1] === row[2])[3];
    return "for k in " + unit + " " + unit + ":" + row[2] + "; do printf '%s:%s' " + prefix + ' "$k" | sha256sum | cut -c1-32; done';
  }

  g.explain = { steps, recipe, nameOf };
})(gongchou);
