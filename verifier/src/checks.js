// The eighteen checks in their order, and the report they give (section 11).
(function (g) {
  "use strict";

  const CHECKS = [
    ["files", (state) => g.files.check(state)],
    ["log", (state) => g.logcheck.check(state)],
    ["live", (state) => g.live.check(state)],
    ["commitment", (state) => g.commit.check(state)],
    ["times", (state) => g.commit.checkTimes(state)],
    ["frame", (state) => g.frame.check(state)],
    ["unseal", (state) => g.unseal.check(state)],
    ["sizes", (state) => g.draw.checkSizes(state)],
    ["documents", (state) => g.seedcheck.check(state)],
    ["beacon", (state) => g.seedcheck.checkBeacons(state)],
    ["seed", (state) => g.seedcheck.checkSeed(state)],
    ["selection", (state) => g.draw.checkSelection(state)],
    ["replacements", (state) => g.replace.check(state)],
    ["matching", (state) => g.draw.checkMatching(state)],
    ["substitutions", (state) => g.substitute.check(state)],
    ["campaign", (state) => g.campaign.check(state)],
    ["software", (state) => g.summary.software(state)],
    ["summary", (state) => g.summary.check(state)],
  ];

  function newState(files, options) {
    return { files, options, digests: new Map(), withdrawals: [], marks: [], tick: () => g.breathe() };
  }

  // What the draw's own rule document calls a stratum; its keys are free, so it may call it nothing.
  function labelOf(state, isOfDraw, id) {
    const draw = (state.draws || []).find(isOfDraw);
    const strata = draw && draw.strataRule && Array.isArray(draw.strataRule.strata) ? draw.strataRule.strata : [];
    const found = strata.filter((one) => one !== null && typeof one === "object" && one.id === id);
    return found.length === 1 && typeof found[0].label === "string" ? found[0].label : "";
  }

  function labelled(facts, label) {
    return label === "" ? facts : Object.assign({}, facts, { label });
  }

  // A fault of this program must not look like a draw that holds.
  function failureOf(error, number, state) {
    const refusal = error instanceof g.Refusal;
    const code = refusal ? error.code : "internal_error";
    const place = refusal ? error.place : "-";
    const isThere = ({ directory }) => place.slice(0, place.lastIndexOf("/") + 1) === directory;
    const facts = refusal ? labelled(error.facts, labelOf(state, isThere, error.facts.stratum)) : { why: String(error && error.message) };
    return {
      number, code, place, facts,
      sentence: g.sentences.failure("zh", code, place, facts),
      sentence_en: g.sentences.failure("en", code, place, facts),
    };
  }

  function resultOf(number, id, status, facts) {
    const { variant } = facts;
    return {
      number, id, name: g.sentences.checkName("zh", id), name_en: g.sentences.checkName("en", id), status, facts,
      sentence: g.sentences.check("zh", id, status, variant, facts),
      sentence_en: g.sentences.check("en", id, status, variant, facts),
    };
  }

  async function runOne([id, run], number, state) {
    try {
      const { status, ...facts } = (await run(state)) || {};
      return resultOf(number, id, status || "passed", facts);
    } catch (error) {
      state.failure = failureOf(error, number, state);
      return Object.assign(resultOf(number, id, "failed", {}), {
        sentence: state.failure.sentence, sentence_en: state.failure.sentence_en,
      });
    }
  }

  function colourOf(state) {
    if (state.failure) return "red";
    return state.marks.some((mark) => mark.colour !== "grey") ? "amber" : "green";
  }

  function report(state, checks) {
    const isOver = !state.failure;
    const named = state.marks.map((mark) => Object.assign({}, mark, {
      facts: labelled(mark.facts, labelOf(state, ({ params }) => params.draw === mark.facts.draw, mark.facts.stratum)),
    }));
    const marks = named.map((mark) => Object.assign({
      sentence: g.sentences.mark("zh", mark.code, mark.facts), sentence_en: g.sentences.mark("en", mark.code, mark.facts),
    }, mark));
    return {
      ok: isOver, colour: colourOf(state), level: isOver ? state.level : null,
      strength: isOver ? state.strength : null, failure: state.failure || null, checks, marks,
      summary: isOver ? state.summary : null,
    };
  }

  // Checks 12 to 15 presuppose that the campaign is one, so 16 is asked before them.
  const NEED_16 = ["selection", "replacements", "matching", "substitutions"];

  async function isOneCampaign(state) {
    if (state.campaignRefused === undefined) {
      const probe = Object.assign({}, state);
      await runOne(["campaign", (one) => g.campaign.check(one)], 16, probe);
      state.campaignRefused = Boolean(probe.failure);
    }
    return !state.campaignRefused;
  }

  async function runNext(check, number, state) {
    const [id] = check;
    if (NEED_16.includes(id) && !(await isOneCampaign(state))) {
      return resultOf(number, id, "not_checked", { variant: "needs_16" });
    }
    return runOne(check, number, state);
  }

  // `options.onCheck` is told of each check as it ends; `options.onState` gets what later questions need.
  async function verify(files, options) {
    const state = newState(files, options);
    const checks = [];
    for (let i = 0; i < CHECKS.length; i++) {
      const number = i + 1;
      const isOver = Boolean(state.failure);
      if (!isOver && options.onStart) options.onStart(number);
      const result = isOver ? resultOf(number, CHECKS[i][0], "not_checked", { variant: "after_failure" })
        : await runNext(CHECKS[i], number, state);
      checks.push(result);
      if (options.onCheck) options.onCheck(result);
      await g.breathe();
    }
    if (options.onState) options.onState(state);
    return report(state, checks);
  }

  async function verifyFiles(files, options) {
    const map = files instanceof Map ? files : new Map(Object.entries(files));
    return verify(map, options || {});
  }

  // A zip that is not in the permitted form fails check 1 before anything in it is read.
  async function verifyZip(zip, options) {
    let files = null;
    try {
      files = g.zip.read(zip);
    } catch (error) {
      const failure = failureOf(error, 1, {});
      const first = Object.assign(resultOf(1, "files", "failed", {}), { sentence: failure.sentence, sentence_en: failure.sentence_en });
      const others = CHECKS.slice(1).map(([id], i) => resultOf(i + 2, id, "not_checked", { variant: "after_failure" }));
      const checks = [first, ...others];
      if (options && options.onCheck) checks.forEach(options.onCheck);
      return report({ failure, marks: [] }, checks);
    }
    return verifyFiles(files, options);
  }

  const NAMES = CHECKS.map(([id]) => id);
  Object.assign(g, { verifyFiles, verifyZip, checkIds: NAMES });
})(gongchou);
