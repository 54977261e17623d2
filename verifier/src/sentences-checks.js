// The names of the eighteen checks, and what each says when it passes or has nothing to do.
(function (g) {
  "use strict";

  const NAMES = {
    files: ["文件齐全、未被改动", "Files complete and unchanged"],
    log: ["公开日志", "The log"],
    live: ["一项计划只抽一次", "One draw for one plan item"],
    commitment: ["参数事先登记", "Parameters committed beforehand"],
    times: ["时间先后", "The order in time"],
    frame: ["名册、名单与排除", "Universe, frame and exclusions"],
    unseal: ["化名对应真实名单", "Pseudonyms and the real list"],
    sizes: ["抽取数量", "Sample sizes"],
    documents: ["截止文件与种子文件", "Close and seed documents"],
    beacon: ["随机信标", "The random beacon"],
    seed: ["种子", "The seed"],
    selection: ["重新抽取，结果相同", "Drawn again with the same result"],
    replacements: ["替换", "Replacements"],
    matching: ["检查人员匹配", "Matching of inspectors"],
    substitutions: ["席位重抽", "Substitutions"],
    campaign: ["同批各次抽取相符", "The draws of the campaign agree"],
    software: ["所用软件", "The software"],
    summary: ["小结", "Summary"],
  };

  const PASSED = {
    files: ["{files} 个文件全部在场，内容与签了名的清单一致。", "All {files} files are here and fit the signed manifest."],
    log: ["{entries} 条记录都在日志里，前后相接；日志有 {witnesses} 位见证人签名。", "{entries} entries are in the log, without a gap; {witnesses} witnesses cosigned."],
    live: ["每项计划任何时候都只有一次有效抽取；日志里共有 {withdrawals} 次撤回。", "At no time had a plan item more than one live draw; {withdrawals} withdrawals are in the log."],
    commitment: ["参数的指纹与事先登记的相同。", "The parameters are those that were committed."],
    times: ["先登记、再截止、后有随机数，都有见证时间为证。", "Committed first, then closed, and only then the beacon."],
    frame: ["名单 {frame} 户、排除 {excluded} 户，与登记机关签名的名册相符。", "{frame} objects in the frame and {excluded} excluded fit the signed universe."],
    sizes: ["{strata} 层应抽的数量重新算过，共 {n} 户。", "The sizes of {strata} strata were recomputed: {n} objects."],
    documents: ["{sources} 个随机来源都按参数写入种子文件。", "All {sources} sources stand in the seed document as the parameters say."],
    beacon: ["第 {round} 轮信标的签名成立，不可能由组织者编造。", "The signature of round {round} is valid; nobody could have made it up."],
    seed: ["种子由种子文件算出，与日志登记的一致。", "The seed follows from its document and is the one in the log."],
    selection: ["重新抽了一遍：{selected} 户抽中、{reserve} 户备选，一户不差。", "Drawn again: {selected} selected and {reserve} in reserve, all the same."],
    replacements: ["{n} 次替换都按备选顺序进行，有理由、有凭据、有第二人确认。", "{n} replacements followed the order of the reserve."],
    matching: ["重新派了一遍：{tasks} 户共 {filled} 个席位，结果相同；{unfilled} 个席位确实无人可派。", "Matched again: {tasks} objects, {filled} slots filled, {unfilled} provably unfilled."],
    substitutions: ["{n} 次席位重抽都由申请之后才产生的随机数决定。", "{n} substitutions were decided by later random values."],
    campaign: ["{draws} 次抽取共用同一个种子，没有遗漏。", "{draws} draws share one seed, and none is missing."],
    software: ["组织者称使用 {name} {version}；核验不依赖这一点。", "The operator reports {name} {version}; nothing here depends on it."],
    summary: ["核验到 {level} 级，来源强度 {strength}。", "Reached level {level} with strength {strength}."],
  };

  // Passed, but in a way of its own; or passed over.
  const VARIANTS = {
    "unseal both": ["密钥与真实名单都已核对，化名一一对应。", "Key and real list were checked; every pseudonym fits."],
    "unseal key_only": ["密钥与公布的指纹相符；没有真实名单，化名未逐一核对。", "The key fits; without the real list the pseudonyms were not checked."],
    "unseal list_only": ["没有密钥，真实名单用不上，这一项未核对。", "Without the key the real list is of no use; not checked."],
    "unseal open": ["名单公开，没有使用化名。", "The frame is open; there are no pseudonyms."],
    "unseal no_key": ["名单用了化名；没有密钥和真实名单，这一项未核对。", "The frame is sealed; without key and list this was not checked."],
    "beacon lottery": ["随机来源是彩票，开奖号码须另查公告。", "The beacon is a lottery; compare its number with the announcement."],
    "beacon digits": ["随机来源是现场摇号，须另看现场记录。", "The beacon is a set of digits; compare it with the record of the ceremony."],
    "matching all_filled": ["重新派了一遍：{tasks} 户共 {filled} 个席位，结果相同，没有空缺。", "Matched again: {tasks} objects, {filled} slots, all filled, all the same."],
    "substitutions untimed": ["{n} 次席位重抽都与各自公布的随机数相符。", "{n} substitutions follow from their published values."],
    "substitutions all_void": ["席位重抽的申请都来得太晚，全部作废，没有换人。", "All requests for a substitution came too late and are void."],
    "substitutions all_open": ["席位重抽的申请都还在等待决定它的随机数，没有换人。", "All requests for a substitution wait for their random value; nothing changed yet."],
    "matching none": ["这次抽取不含匹配。", "This draw has no matching."],
    "matching sealed": ["匹配没有公开，未核对。", "The match is not published and was not checked."],
    "substitutions sealed": ["匹配没有公开，未核对。", "The match is not published and was not checked."],
    "campaign alone": ["这一批只有这一次抽取。", "This draw is alone in its campaign."],
    "replacements skipped": ["没有替换。", "There were none."],
    "substitutions skipped": ["没有席位重抽。", "There were none."],
    needs_16: ["同批抽取有矛盾（见第 16 项），这一项无法核对。", "The campaign contradicts itself (see 16), so this was not run."],
    after_failure: ["前面已有一项不成立，未再核对。", "Not run, because an earlier check failed."],
  };

  function pairFor(id, status, variant) {
    for (const key of [id + " " + variant, id + " " + status, String(variant)]) {
      if (g.has(VARIANTS, key)) return VARIANTS[key];
    }
    return status === "passed" ? PASSED[id] : ["", ""];
  }

  const at = (language) => (language === "en" ? 1 : 0);

  g.sentences.checkName = (language, id) => NAMES[id][at(language)];
  g.sentences.check = (language, id, status, variant, facts) =>
    g.sentences.fill(pairFor(id, status, variant)[at(language)], facts);
})(gongchou);
