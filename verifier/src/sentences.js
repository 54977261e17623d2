// What the verifier says: one sentence for every code of section 11, Chinese first, English twin.
// {name} is filled with the fact of that name.
(function (g) {
  "use strict";

  const FAILURES = {
    manifest_missing: ["缺少 {place}，无法知道证据包里应有哪些文件。", "{place} is missing, so nobody knows which files belong here."],
    manifest_invalid: ["文件清单 {place} 的写法不合规范。", "The manifest {place} is not in the required form."],
    manifest_signature: ["文件清单的签名 {place} 与组织抽取的单位的公钥不符。", "The signature {place} of the manifest does not fit the operator's key."],
    path_invalid: ["文件名“{place}”不合规范。", "The file name “{place}” is not permitted."],
    file_missing: ["缺少文件 {place}。", "The file {place} is missing."],
    file_extra: ["多出一个不该有的文件 {place}。", "The file {place} does not belong in the bundle."],
    file_size: ["文件 {place} 的大小与清单不符。", "The size of {place} is not the one in the manifest."],
    file_digest: ["文件 {place} 的内容与清单不符，可能被改动过。", "The content of {place} is not the one in the manifest; it may have been changed."],
    zip_invalid: ["压缩包的格式不合规范（位置 {place}）。", "The zip file is not in the one permitted form (at {place})."],
    json_invalid: ["{place} 不是规范形式的 JSON。", "{place} is not canonical JSON."],
    json_field: ["{place} 中的 {field} 不合规定。", "{field} in {place} breaks a rule."],
    table_invalid: ["表格 {place} 有一行格式不对。", "A line of the table is malformed at {place}."],
    table_order: ["表格 {place} 没有按顺序排列，或者有重复的行。", "The table is out of order, or has a line twice, at {place}."],
    frame_duplicate: ["{object} 在名单里出现了两次（{place}）。", "{object} stands twice in the frame ({place})."],
    key_invalid: ["公钥 {place} 不合规范。", "The key {place} is not valid."],
    key_untrusted: ["{place} 中的公钥 {key} 不在您信任的名单里。", "The key {key} in {place} is not one you trust."],
    checkpoint_invalid: ["公开日志的检查点 {place} 不合规范。", "The checkpoint {place} is malformed."],
    checkpoint_signature: ["检查点 {place} 上没有日志 {key} 的有效签名。", "The checkpoint {place} has no valid signature of the log {key}."],
    checkpoint_witnesses: ["检查点 {place} 应有 {expected} 位见证人的有效签名，只找到 {found} 位。", "The checkpoint {place} needs {expected} witnesses and has {found}."],
    proof_invalid: ["存证证明 {place} 不合规范。", "The proof {place} is malformed."],
    inclusion: ["{place} 不能证明该条记录在公开日志里。", "{place} does not prove that the entry is in the log."],
    consistency: ["公开日志前后不一致（{place}）：日志可能被改写过。", "The log is not consistent with itself ({place}); it may have been rewritten."],
    entry_invalid: ["日志记录 {place} 不合规范。", "The log entry {place} breaks a rule."],
    chain_broken: ["日志记录 {place} 与前一条接不上，可能缺了记录。", "The entry {place} does not follow the one before; entries may be missing."],
    log_cut: ["日志共有 {size} 条，这里却没有第 {index} 条（从零数起）：末尾可能被截去，例如一次撤回。", "The log has {size} entries, but entry {index} is not here: its end, such as a withdrawal, may have been cut off."],
    entry_missing: ["日志里应当由主办单位写一次“{place}”，实际没有，或者写了多次，或者是别的单位写的。", "The log must hold the entry “{place}” once, by its own authority."],
    entry_files: ["日志记录 {place} 登记的文件与证据包里的不同。", "The files named by {place} are not those in the bundle."],
    authority_untrusted: ["日志记录 {place} 出自机关 {authority}，或由它作第二人确认，而它不在您信任的名单里。", "The entry {place} is by {authority}, or names it as second person, and it is not one you trust."],
    plan_two_live: ["计划“{plan}”的抽取 {earlier} 还有效，又登记了抽取 {draw}（{place}）。", "The draw {draw} was committed for “{plan}” while {earlier} was still live ({place})."],
    draw_withdrawn: ["抽取 {draw} 已经被撤回。", "The draw {draw} was withdrawn."],
    draw_committed_twice: ["抽取编号 {draw} 登记了两次（{place}）。", "The draw {draw} was committed twice ({place})."],
    supersedes_invalid: ["登记 {place} 没有如实写明它取代哪一次抽取，或者离撤回前一次不满一天。", "The commit {place} does not name the draw it supersedes, or comes too soon after its withdrawal."],
    withdrawal_invalid: ["撤回抽取 {draw} 的记录 {place} 不符合规定。", "The withdrawal of {draw} ({place}) breaks the rules."],
    commitment_mismatch: ["{place} 的指纹与事先登记的不同：参数在登记之后被改过。", "The fingerprint of {place} is not the one that was committed."],
    commit_fields: ["登记记录 {place} 里的 {field} 与参数不一致。", "The field {field} of the commit {place} differs from the parameters."],
    mode_test: ["这是一次演练，不是正式抽取。", "This is a practice run, not an official draw."],
    commit_late: ["参数登记得太晚：最迟应在 {expected}，实际见证时间是 {found}。", "The parameters were committed too late: {found} instead of {expected}."],
    close_early: ["截止记录写得太早：不应早于 {expected}，实际是 {found}。", "The close was written at {found}, before {expected}."],
    close_late: ["截止记录写得太晚：应在随机数产生（{expected}）之前，实际见证时间是 {found}。", "The close was cosigned at {found}, not before the beacon at {expected}."],
    not_before_late: ["参数里引用的旧随机数（{expected}）比登记时间（{found}）还晚。", "The quoted earlier round ({expected}) is later than the commit ({found})."],
    digest_mismatch: ["{place} 的指纹与参数里写的不同。", "The digest of {place} is not the one in the parameters."],
    root_mismatch: ["{place} 的默克尔树根与参数里写的不同。", "The Merkle root of {place} is not the one in the parameters."],
    size_mismatch: ["{place} 的数量与参数里写的不同。", "The size of {place} is not the one in the parameters."],
    universe_signature: ["名册说明 {place} 没有登记机关的有效签名。", "{place} has no valid signature of the registry."],
    universe_counts: ["{place} 里的数目加不拢：{field}。", "The numbers in {place} do not add up: {field}."],
    universe_list: ["名单加上排除的，与登记机关的名册对不上（{place}）。", "Frame and exclusions together are not the registry's list ({place})."],
    stratum_size: ["第 {stratum} 层的户数与参数里写的不同。", "The size of stratum {stratum} is not the one in the parameters."],
    stratum_unknown: ["第 {stratum} 层在名单和参数里不能一一对应。", "The stratum {stratum} is not both in the frame and in the parameters."],
    reason_unknown: ["排除理由 {reason} 不在公布的理由表里。", "The reason {reason} is not on the published list."],
    reason_counts: ["以 {reason} 为由排除的户数与参数里写的不同。", "The number of objects excluded for {reason} is not the one in the parameters."],
    frame_excluded_overlap: ["{object} 既在名单里又被排除，或者被排除了两次（{place}）。", "{object} is excluded and also drawn from, or excluded twice ({place})."],
    seal_mismatch: ["关于化名，{place} 与名册说明不一致（{field}）。", "{place} and the universe disagree about the seal ({field})."],
    rejected_digest: ["被退回的登记行 {place} 与名册说明里的指纹不符。", "{place} is not the file whose digest stands in the universe."],
    key_commitment: ["输入的密钥与事先公布的密钥指纹不符。", "This key does not fit the published commitment."],
    pid_mismatch: ["化名与真实名单对不上：{object}。", "The pseudonyms do not fit the real list: {object}."],
    quota_mismatch: ["第 {stratum} 层应抽 {expected} 户，参数里写的是 {found} 户。", "Stratum {stratum} should have n = {expected}; the parameters say {found}."],
    quota_invalid: ["抽取比例或名额的规则写得不合规定（{place}）。", "The rules for the sample sizes are not valid ({place})."],
    reserve_bound: ["第 {stratum} 层的备选最多 {expected} 户，参数里写的是 {found} 户。", "Stratum {stratum} may have at most {expected} reserves; the parameters say {found}."],
    close_text: ["{place} 与参数推出的内容不同。", "{place} is not what the parameters say it must be."],
    reveal_mismatch: ["参与方 {party} 公开的数与它事先的承诺不符（{place}）。", "The value revealed by {party} does not fit its commitment ({place})."],
    reading_late: ["日志中的读数不在应有的时间（{place}）：应在承诺之后、截止之前，最后的来源应在截止之后、种子之前，席位重抽的应在申请之后；或者所指的来源、申请不是由读数决定的。", "A reading was logged at the wrong time, or of no such source or request ({place})."],
    reading_mismatch: ["日志中第 {source} 个来源最后的读数与种子文件所用的不同（{place}）。", "The last logged reading of source {source} is not what the seed was made of ({place})."],
    reading_alone: ["日志中第 {source} 个来源的读数没有另一人核对（{place}）。", "Nobody else confirmed the reading of source {source} ({place})."],
    reveal_missing: ["参与方 {party} 截止前公开的数，日志与截止文件说法不一（{place}）。", "The log and the close document disagree about the reveal of {party} ({place})."],
    value_invalid: ["第 {source} 个随机来源的数值写法不对（{place}）。", "The value of source {source} is malformed ({place})."],
    chain_hash: ["{place} 的信标说明与参数里指定的信标不是同一个。", "{place} describes another chain than the one in the parameters."],
    chain_untrusted: ["随机信标 {chain} 不是公认的公共信标，也不在您信任的名单里。", "The chain {chain} is neither public nor one you trust."],
    beacon_round: ["随机信标的轮次不对：应为 {expected}，实际是 {found}。", "The round should be {expected} and is {found}."],
    beacon_signature: ["随机信标的签名不成立（{place}）：这个随机数不是信标发布的。", "The signature of the beacon is not valid ({place})."],
    beacon_point: ["随机信标的签名或公钥不是合法的数值（{place}）。", "The beacon's signature or key is not a valid point ({place})."],
    seed_mismatch: ["由公布的材料算出的种子与日志里登记的不同。", "The recomputed seed is not the one in the log."],
    selection_mismatch: ["重新抽一遍，结果与公布的 {place} 不同。", "Drawing again gives another result than {place}."],
    replacement_invalid: ["替换 {place} 不符合规定。", "The replacement {place} breaks the rules."],
    matching_mismatch: ["重新给检查人员匹配，结果与公布的 {place} 不同。", "Matching again gives another result than {place}."],
    matching_input: ["检查人员或回避名单有矛盾（{place}）。", "The inspectors or the list of avoidances contradict themselves ({place})."],
    substitution_invalid: ["席位重抽的记录 {place} 不符合规定。", "The substitution {place} breaks the rules."],
    campaign_mixed: ["同一批次的各次抽取本应相同的 {field} 不一致（{place}）。", "The draws of the campaign differ in {field} ({place})."],
    campaign_incomplete: ["截止时有效的各次抽取，与证据包里的不一致（{place}）。", "The live draws at the close are not those of the bundle ({place})."],
    campaign_order: ["同一批次各次抽取的先后次序有矛盾（{place}）。", "The order of the draws in the campaign is contradictory ({place})."],
    pool_conflict: ["{object} 在不同的名单里属于不同的辖区。", "{object} belongs to different pools in different frames."],
    internal_error: ["核验程序自身出错，不能得出结论：{why}", "The verifier itself failed, so nothing is proved: {why}"],
  };

  const MARKS = {
    self_attested: ["自证：没有提供信任文件，公钥都来自证据包本身，不能证明是谁签的名。", "Self-attested: no trust file was given, so nobody outside the bundle vouches for the keys."],
    test_mode: ["这是一次演练，不是正式抽取。", "This is a practice run, not an official draw."],
    strength: ["最后的随机来源是{name}，强度 {strength}，弱于公共随机信标。", "The beacon has strength {strength}, weaker than a public chain."],
    authorities_open: ["信任文件没有写明您认可的机关，不能排除同一个机关换几个代号各抽一次。", "The trust file names no authorities: one office could go by several names and draw with each."],
    private_chain: ["随机信标是自建的，没有信任文件，不能证明它由谁运行。", "The chain is private, and no trust file vouches for it."],
    reveal_missing: ["参与方 {party} 没有在截止前公开它事先承诺的数。", "The party {party} did not reveal its value before the close."],
    replaced_many: ["抽取 {draw} 的 {stratum} 层抽了 {n} 户，其中 {replaced} 户被替换，超过百分之二。", "Draw {draw}, stratum {stratum}: {replaced} of {n} objects were replaced, more than two per cent."],
    substitution_source: ["有 {n} 次席位重抽用的随机数，日志不能证明它产生在申请之后。", "{n} substitutions used a value that the log cannot prove to be later than the request."],
    by_unit: ["抽取 {draws} 按主体发票：哪些户算同一主体会影响结果，而这里没有用密钥和真实名单核对过。", "The draw {draws} goes by unit: how objects are grouped matters, and no real list was checked against it."],
    substitution_void: ["有 {count} 次席位重抽的申请来得太晚，见证时随机数已可得知，申请作废，没有换人。", "{count} requests for a substitution came too late, when the beacon could be known, and are void."],
    substitution_open: ["有 {count} 项席位重抽（补配）申请还在等待决定它的随机数，最早一项于{since}提出。", "{count} requests to deal a slot again wait for the random value that decides, the first since {since}."],
    reading_changed: ["第 {source} 个来源先后录入过 {count} 个不同的读数，以最后一个为准；请对照录像和见证人记录。", "Source {source} was typed with {count} different values; the last counts: look at the record of the ceremony."],
    reading_unlogged: ["第 {source} 个来源的读数没有记入公开日志，看不出是否录入过别的值。", "The log holds no reading of source {source}, so other values may have been typed before."],
    event_reading_changed: ["第 {event} 号席位重抽先后录入过 {count} 个不同的读数，以最后一个为准；请对照录像和见证人记录。", "Event {event} was typed with {count} different values; the last counts: look at the record of the ceremony."],
    event_reading_unlogged: ["有 {count} 次席位重抽的读数没有记入公开日志，看不出是否录入过别的值。", "The log holds no reading of {count} substitutions, so other values may have been typed before."],
    substitution_asked: ["公开日志里有 {count} 项席位重抽（补配）申请；匹配密封，看不出办结了几项。", "The log holds {count} requests to deal a slot again; the match is sealed, so nobody sees how many were dealt."],
    substituted: ["席位重抽共 {count} 次。", "{count} times a slot was dealt again."],
    substituted_again: ["{object} 第 {slot} 席重抽了不止一次。", "Slot {slot} of {object} was dealt again more than once."],
    slots_open: ["替换进来的对象还有 {count} 个席位没有检查人员。", "{count} slots of objects that came in by replacement have no inspector."],
    fewer_than_two: ["有 {tasks} 户只安排了一个席位。", "{tasks} objects have a single slot."],
    standing_teams: ["有 {count} 个席位由检查小组整组承担，组员由审计员核对。", "{count} slots are of standing teams, whose members auditors see."],
    match_sealed: ["检查人员的匹配没有公开，未能核验。", "The match is not published and was not checked."],
    unfilled: ["有 {n} 个席位确实无人可派，证据包里附有证明。", "{n} slots could provably not be filled."],
    withdrawn_after_seed: ["抽取 {draw} 在种子已经可知之后被撤回（{time}，理由：{title}）。", "The draw {draw} was withdrawn after the seed was known ({time}, {reason})."],
    others_withdrawn_after_seed: ["同一机关另有 {count} 次抽取在种子可知之后被撤回，见下方所列。", "The same authorities withdrew {count} other draws after their seeds were known; see the list."],
    withdrawn: ["抽取 {draw} 在种子产生之前被撤回（{time}，理由：{title}）。", "The draw {draw} was withdrawn before the seed ({time}, {reason})."],
  };

  function fill(template, facts) {
    return template.replace(/\{(\w+)\}/g, (_, name) => (g.has(facts, name) ? String(facts[name]) : "—"));
  }

  // Chinese readers get Beijing time; the facts beside the sentence keep what the files say.
  function inBeijing(facts) {
    const pairs = Object.entries(facts).map(([name, value]) => [name, g.grammar.isTime(value) ? "北京时间" + g.grammar.beijing(value) : value]);
    return Object.fromEntries(pairs);
  }

  function say(table, language, code, facts) {
    const pair = g.has(table, code) ? table[code] : ["{code}", "{code}"];
    const all = Object.assign({ code }, facts);
    if (all.label !== undefined) all.stratum += "（" + all.label + "）";
    return language === "en" ? fill(pair[1], all) : fill(pair[0], inBeijing(all));
  }

  // The one part of an undivided list is called so; its name in the files stays as it is.
  function stratum(id) {
    return id === "ALL" ? "全部" : id;
  }

  function layer(id) {
    return id === "ALL" ? "“全部”这一层" : " " + id + " 层";
  }

  g.sentences = {
    FAILURES, MARKS, fill, layer, say, stratum,
    failure: (language, code, place, facts) => say(FAILURES, language, code, Object.assign({}, facts, { place })),
    mark: (language, code, facts) => say(MARKS, language, code, facts),
  };
})(gongchou);
