// What every page does by itself. Nothing here is needed to read a page or to send a form.
// It runs before Bootstrap, Tom Select and htmx are there, so it asks for them only when something happens.
"use strict";
{
  const LARGE_TYPE = "gongchou.large-type";
  const typing = "input, select, textarea, [contenteditable]";

  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const on = (name, act, capture = false) => document.addEventListener(name, act, capture);
  const element = (tag, properties) => Object.assign(document.createElement(tag), properties);

  // ---- large type, remembered on this machine
  const remembered = () => {
    try { return localStorage.getItem(LARGE_TYPE) === "1"; } catch { return false; }
  };
  const remember = (isLarge) => {
    try { localStorage.setItem(LARGE_TYPE, isLarge ? "1" : "0"); } catch { /* then it lasts for this page */ }
  };
  const setLargeType = (isLarge) => {
    document.documentElement.classList.toggle("large-type", isLarge);
    all('[data-action="large-type"]').forEach((button) => button.setAttribute("aria-pressed", String(isLarge)));
  };
  const switchLargeType = () => {
    const isLarge = !document.documentElement.classList.contains("large-type");
    setLargeType(isLarge);
    remember(isLarge);
  };

  // ---- telling a screen reader
  const say = (words) => {
    const place = document.getElementById("said")
      || document.body.appendChild(element("div", { id: "said", className: "visually-hidden" }));
    place.setAttribute("role", "status");
    place.textContent = words;
  };

  // ---- copying; the clipboard is closed to pages that came without TLS, as many do on a government network
  const copyByHand = (text) => {
    const area = document.body.appendChild(element("textarea", { value: text, className: "visually-hidden" }));
    area.select();
    const isCopied = document.execCommand("copy");
    area.remove();
    return isCopied ? Promise.resolve() : Promise.reject(new Error("copy refused"));
  };
  const copy = (button) => {
    const wanted = button.dataset.copy;
    const text = wanted.startsWith("#") ? document.querySelector(wanted).textContent.trim() : wanted;
    const copied = navigator.clipboard ? navigator.clipboard.writeText(text) : copyByHand(text);
    copied.then(() => say("已复制"), () => window.prompt("请手工复制：", text)).then(() => button.focus());
  };

  // ---- a workbook of many rows takes a while to write: the link says how far it is until it comes
  const TOLD = "application/vnd.gongchou.told";  // rows written so far, line by line; an empty line; bytes; the file
  const save = (file, name) => {
    const link = element("a", { href: URL.createObjectURL(file), download: name });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60000);
  };
  const fileIn = async (answer, tell) => {
    const reader = answer.body.getReader();
    const parts = [];
    let told = "";
    let head = null;
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      parts.push(part.value);
      if (head) continue;  // the file is on its way
      told += new TextDecoder("latin1").decode(part.value);  // a letter for each byte
      head = /\n\n(\d+)\n/.exec(told);
      tell(Number(told.slice(0, head ? head.index : told.lastIndexOf("\n")).split("\n").pop()));
    }
    const file = head && new Blob(parts).slice(head.index + head[0].length);
    if (!file || file.size !== Number(head[1])) throw new Error("the connection ended before the file did");
    return file;
  };
  const fetchWorkbook = async (address, tell) => {
    const answer = await fetch(address, { headers: { Accept: TOLD } });
    const place = answer.headers.get("Content-Disposition");
    if (!answer.ok || !place) {
      if (answer.redirected) window.location.reload();  // to sign in again, and come back to the list
      else window.location.assign(answer.url);  // the page that says why
      return "没有生成工作簿。";
    }
    const name = /filename\*=utf-8''([^;]+)/i.exec(place) || /filename="([^"]+)"/.exec(place);
    const n = Number(answer.headers.get("X-Rows"));
    const file = await fileIn(answer, (at) => tell(n ? Math.floor(100 * at / n) : 100));
    save(file, decodeURIComponent(name[1]));
    return "工作簿已生成。";
  };
  const takeAway = (link) => {
    if (link.getAttribute("aria-busy")) return;
    const shown = [...link.childNodes];
    const began = Date.now();
    let percent = 0;
    const show = () => {
      link.textContent = `正在生成 ${percent}%，已用 ${Math.round((Date.now() - began) / 1000)} 秒`;
    };
    const clock = setInterval(show, 1000);
    link.setAttribute("aria-busy", "true");
    show();
    say("正在生成工作簿，请稍候。");
    fetchWorkbook(link.href, (at) => { percent = at; show(); })
      .then(say, () => window.alert("连接中断，没有取到工作簿，请重试。")).then(() => {
        clearInterval(clock);
        link.removeAttribute("aria-busy");
        link.replaceChildren(...shown);
      });
  };

  // ---- query form: what does not fit the first line folds away, unless it is in use
  const foldQuery = (form) => {
    const fields = all(".query-fields > *", form);
    const more = fields.slice(window.matchMedia("(max-width: 575.98px)").matches ? 2 : 4);
    if (!more.length || form.querySelector("[data-action='fold']")) return;
    const isUsed = (field) => all("input, select, textarea", field).some((one) => one.type !== "hidden" && one.value);
    more.forEach((field) => field.classList.add("is-more"));
    const button = element("button", { type: "button", className: "btn btn-link btn-sm" });
    button.dataset.action = "fold";
    form.querySelector(".query-actions").append(button);
    setFold(button, !more.some(isUsed));
  };
  const setFold = (button, isFolded) => {
    button.closest(".query-form").classList.toggle("is-folded", isFolded);
    button.setAttribute("aria-expanded", String(!isFolded));
    button.textContent = isFolded ? "展开更多条件" : "收起";
  };

  // ---- choices that can be searched, on the page or by asking the server
  const asked = (address) => (words, show) => {
    const url = new URL(address, window.location.href);
    url.searchParams.set("q", words);
    fetch(url, { headers: { Accept: "application/json" } })
      .then((answer) => answer.json()).then((found) => show(found.results), () => show());
  };
  const makeSearchable = (select) => {
    if (select.tomselect || !window.TomSelect) return;
    select.classList.add("form-select");
    const address = select.dataset.searchUrl;
    new window.TomSelect(select, {
      maxOptions: 200,
      refreshThrottle: 0, // a list that waits opens again over the next field after a quick choice
      closeAfterSelect: !select.multiple, // or it lies over the next field
      valueField: "value",
      labelField: "text",
      searchField: address ? [] : ["text"],
      plugins: select.multiple ? { remove_button: { title: "移除" }, clear_button: { title: "全部清除" } } : {},
      render: { no_results: () => element("div", { className: "no-results", textContent: "没有相符的选项" }) },
      ...(address && { load: asked(address) }),
    });
    select.setAttribute("aria-hidden", "true"); // its label has gone over to the new control
  };

  // ---- tick all
  const ticks = (head) => all(`input[type="checkbox"][name="${head.dataset.checkAll}"]`, head.closest("form, table"));
  const tickAll = (head) => ticks(head).forEach((box) => { box.checked = head.checked && !box.disabled; });
  const showTicked = (box) => all("[data-check-all]", box.closest("form, table")).forEach((head) => {
    const n = ticks(head).filter((one) => one.checked).length;
    head.checked = n > 0 && n === ticks(head).length;
    head.indeterminate = n > 0 && !head.checked;
  });

  // ---- ticks outlive the turning of a page: those out of sight wait in their form as hidden fields
  const keepTicks = (rows) => {
    const form = rows.closest("form[data-keep-ticks]");
    if (form) all('input[type="checkbox"][name]:checked', rows).forEach(({ name, value }) => {
      const kept = element("input", { type: "hidden", name, value });
      kept.dataset.kept = "";
      form.append(kept);
    });
  };
  const giveBackTicks = (rows) => all("form[data-keep-ticks] [data-kept]").forEach((kept) => {
    const box = rows.querySelector(`input[type="checkbox"][value="${CSS.escape(kept.value)}"]`);
    if (!box) return;
    box.checked = true;
    kept.remove();
    showTicked(box);
  });
  const countTicks = (form) => {
    const n = all('input[type="checkbox"][name]:checked, [data-kept]', form).length;
    all("[data-tick-count]", form).forEach((place) => { place.textContent = n ? `已选 ${n} 项（含其他页）` : ""; });
  };

  // ---- asking before what cannot be undone; htmx listens on the element itself, so this comes first
  const askFirst = (event, asker) => {
    if (!asker || window.confirm(asker.dataset.confirm)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
  };
  on("click", (event) => askFirst(event, event.target.closest("a[data-confirm], button[data-confirm]")), true);
  on("submit", (event) => askFirst(event, event.target.closest("form[data-confirm]")), true);

  // ---- the drawer opens when something was put into it, and gives focus back to what opened it
  let opener = null;
  const drawer = () => window.bootstrap.Offcanvas.getOrCreateInstance("#drawer");
  const openDrawer = (body) => {
    const told = body.querySelector("[data-drawer-title]");
    if (told) document.getElementById("drawer-title").textContent = told.dataset.drawerTitle;
    if (!body.closest(".show")) opener = document.activeElement;
    if (body.childElementCount) drawer().show(); else drawer().hide();
  };
  on("hidden.bs.offcanvas", (event) => {
    if (event.target.id === "drawer" && opener && opener.isConnected) opener.focus();
  });
  on("drawer:close", () => drawer().hide());
  on("htmx:afterSwap", (event) => {
    if (event.detail.target && event.detail.target.id === "drawer-body") openDrawer(event.detail.target);
  });

  // ---- what went wrong with a part of a page, which htmx leaves as it was
  const FAULTS = {
    0: "没有连上服务器，操作没有生效。请检查网络后重试。",
    403: "您的角色已不能办理这项操作，可能刚被收回或调整。请刷新页面；确需办理的，请联系本单位安全管理员。",
    404: "要查看的内容已不存在，或不在您的数据范围之内。请刷新页面。",
    500: "系统出错了，操作没有生效。请稍后再试；仍然出错的，请告诉系统管理员。",
  };
  const clearFault = () => all("#messages [data-fault]").forEach((one) => one.remove());
  const tellFault = (event) => {
    const { status } = event.detail.xhr;
    const told = element("div", { className: "alert alert-danger", textContent: FAULTS[status] || FAULTS[500] });
    told.dataset.fault = status;
    clearFault();
    document.getElementById("messages").append(told);
    told.scrollIntoView({ block: "nearest" });
  };
  on("htmx:beforeRequest", clearFault);
  on("htmx:responseError", tellFault);
  on("htmx:sendError", tellFault);

  // ---- focus that stood in what was replaced goes to what replaced it: what is wrong, or where to begin
  let isFocusLost = false;
  const focusInto = (place) => {
    const found = place.querySelector('[aria-invalid="true"], [autofocus], .is-wrong :is(input, select, textarea)');
    if (!found && !place.hasAttribute("tabindex")) place.setAttribute("tabindex", "-1");
    (found || place).focus({ preventScroll: !found });
  };
  const wrong = document.querySelector("main form [aria-invalid='true']");  // of a page that was sent back
  if (wrong) focusInto(wrong.closest("form"));
  on("htmx:beforeSwap", (event) => keepTicks(event.detail.target));
  on("htmx:afterSwap", (event) => giveBackTicks(event.detail.target));
  on("htmx:beforeSwap", (event) => { isFocusLost = event.detail.target.contains(document.activeElement); });
  on("htmx:afterSettle", (event) => {
    if (isFocusLost && document.activeElement === document.body) focusInto(event.target);
    isFocusLost = false;
  });

  // ---- a table that goes on to the right says so
  const showMore = (wrap) => {
    const isMore = wrap.scrollWidth - wrap.clientWidth - wrap.scrollLeft > 1;
    wrap.classList.toggle("has-more", isMore);
  };
  const showMoreOfAll = () => all(".table-wrap").forEach(showMore);
  on("scroll", (event) => { if (event.target.matches && event.target.matches(".table-wrap")) showMore(event.target); }, true);
  window.addEventListener("resize", showMoreOfAll);

  // ---- what is clicked, changed, pressed
  const actions = { "large-type": switchLargeType, print: () => window.print() };
  on("click", (event) => {
    const button = event.target.closest("[data-action], [data-copy]");
    if (!button) return;
    if (button.dataset.copy) copy(button);
    else if (button.dataset.action === "take-away") {
      if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;  // as the browser has it
      event.preventDefault();
      takeAway(button);
    } else if (button.dataset.action === "fold") setFold(button, button.getAttribute("aria-expanded") === "true");
    else if (actions[button.dataset.action]) actions[button.dataset.action]();
  });
  on("change", (event) => {
    if (event.target.matches("[data-check-all]")) tickAll(event.target);
    else if (event.target.matches('table [type="checkbox"], form [type="checkbox"]')) showTicked(event.target);
    all("form[data-keep-ticks]").forEach(countTicks);
  });
  on("keydown", (event) => {
    const box = event.key === "/" && document.querySelector("[data-search-box]");
    if (!box || event.ctrlKey || event.altKey || event.metaKey || event.target.closest(typing)) return;
    event.preventDefault();
    box.focus();
  });

  // ---- what a page, or a part that htmx brought, needs at the start
  const prepare = (root) => {
    all("select[data-search]", root.parentNode || root).forEach(makeSearchable);
    all(".query-form").forEach(foldQuery);
    setLargeType(remembered());
    showMoreOfAll();
  };
  setLargeType(remembered());
  on("DOMContentLoaded", () => prepare(document));
  on("htmx:load", (event) => prepare(event.detail.elt));
}
