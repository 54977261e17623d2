// How the phone speaks to the platform. Whatever goes wrong is a Fault with a sentence that can be shown.

export class Fault extends Error {
  constructor(status, code, sentence, facts = {}) {
    super(sentence);
    Object.assign(this, { status, code, sentence, facts });
  }
}

export const isSignedOut = (fault) => fault instanceof Fault && fault.status === 401;

const PATIENCE_MS = 60000;
const SENTENCES = {
  0: "没有连上平台，稍后会自动重试。",
  401: "登录已过期，请重新登录。本机的内容都还在。",
  403: "平台没有接受这次请求，稍后会再试；仍不行的请重新登录。本机的内容都还在。",
  404: "平台上没有您的这项检查，可能已经改派。可以导出记录交给科室。",
  413: "内容太大，平台没有接受。请导出记录交给科室。",
};

// Comes with the newest package, and a sending begins with one: an old one is no fault that anybody would see twice.
let csrf = "";

const cookie = (name) => {
  const found = document.cookie.split("; ").find((one) => one.startsWith(`${name}=`));
  return found ? decodeURIComponent(found.slice(name.length + 1)) : "";
};

export function useToken(token) {
  csrf = token;
}

async function reach(path, { method = "GET", body, headers = {} }) {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), PATIENCE_MS);
  try {
    const response = await fetch(path, {
      method,
      body,
      headers: { Accept: "application/json", ...(method === "GET" ? {} : { "X-CSRFToken": csrf || cookie("csrftoken") }), ...headers },
      credentials: "same-origin",
      cache: "no-store",
      signal: stop.signal,
    });
    // The whole answer belongs to the attempt: a receipt that broke off half-way has not come.
    return { response, text: await response.text() };
  } catch (error) {
    throw new Fault(0, "network", SENTENCES[0]);
  } finally {
    clearTimeout(timer);
  }
}

function told(text) {
  try {
    return JSON.parse(text);
  } catch (error) {
    return null;
  }
}

function faultOf({ response, text }) {
  // Somewhere between, a page of entry may stand in for an answer: of the platform, or of a network that wants a sign-in.
  const isEntrance = response.redirected && new URL(response.url).pathname.startsWith("/account/");
  const status = isEntrance ? 401 : response.status;
  const facts = told(text) || {};
  const sentence = facts.sentence || SENTENCES[status] || `平台暂时不能处理（${status}），稍后会自动重试。`;
  return new Fault(status, facts.error || "", sentence, facts);
}

/** Ask, and give what was answered: `{status, text, json, at}`. Raises Fault for everything but a good answer. */
export async function ask(path, options = {}) {
  const answer = await reach(path, options);
  if (!answer.response.ok || answer.response.redirected) throw faultOf(answer);
  const json = told(answer.text);
  if (json === null) throw new Fault(0, "answer", "收到的不是平台的回答，可能连到了需要登录的无线网络。稍后会自动重试。");
  return { status: answer.response.status, text: answer.text, json };
}
