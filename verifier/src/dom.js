// Small helpers for building the page. Text only ever goes in as text, never as markup.
(function (g) {
  "use strict";

  const SVG = "http://www.w3.org/2000/svg";

  function fillIn(node, attributes, children) {
    for (const [name, value] of Object.entries(attributes || {})) {
      if (value !== null && value !== undefined) node.setAttribute(name, value);
    }
    node.append(...children.flat().filter((child) => child !== null && child !== undefined));
    return node;
  }

  const el = (name, attributes, ...children) => fillIn(document.createElement(name), attributes, children);
  const svg = (name, attributes, ...children) => fillIn(document.createElementNS(SVG, name), attributes, children);
  const byId = (id) => document.getElementById(id);

  function put(id, ...children) {
    byId(id).replaceChildren(...children.flat().filter((child) => child !== null));
    byId(id).hidden = false;
  }

  const number = (n) => String(n).replace(/\B(?=(\d{3})+$)/g, ",");

  // Cut, not rounded, to two decimals, as the command line does.
  function percent(part, whole) {
    if (whole === 0) return "—";
    const hundredths = Math.floor((part * 10000) / whole);
    return (hundredths / 100).toString() + "%";
  }

  function duration(seconds) {
    const units = [[86400, "天"], [3600, "小时"], [60, "分钟"]];
    const [size, name] = units.find(([one]) => seconds >= one) || [1, "秒"];
    return Math.floor(seconds / size) + " " + name;
  }

  const code = (text) => el("code", {}, text);

  g.dom = { el, svg, byId, put, number, percent, beijing: g.grammar.beijing, duration, code };
})(gongchou);
