// What the form renderer leaves to the phone: photos, signatures, places and codes inside a sheet.

import { button, h, tell } from "../dom.js";
import { canScan, codesOn, findPlace } from "../camera.js";
import { sign } from "../pad.js";
import { photoButton, picture, shown } from "./attachments.js";

/** A part of the sheet that draws itself anew with each value. */
const drawn = (slot, draw) => {
  const paint = (value) => slot.element.replaceChildren(...draw(value).filter(Boolean));
  paint(slot.value);
  let last = JSON.stringify(slot.value);
  return (value) => {
    if (JSON.stringify(value) === last) return; // nobody's focus goes for a change elsewhere
    last = JSON.stringify(value);
    paint(value);
  };
};

const named = (slot, words) => ({ "aria-label": `${words}：${slot.label}` });

const image = (ctx) => (slot) => {
  const draw = (value) => {
    const told = value || [];
    const own = ctx.data().attachments.filter(({ sha256 }) => told.includes(sha256));
    const gone = (digest) => slot.set(told.filter((one) => one !== digest));
    const add = photoButton(ctx, "拍照", slot.path, (digest) => slot.set([...told.filter((one) => one !== digest), digest]));
    add.firstChild.setAttribute("aria-label", `拍照：${slot.label}`);
    return [!slot.readOnly && add, h("ul", { class: "plain" }, ...own.map((one) => shown(ctx, one, gone)))];
  };
  return drawn(slot, draw);
};

const signature = (ctx) => (slot) => {
  const take = async () => {
    const attachment = await sign(slot.label, "请在框内签名。");
    if (!attachment) return;
    try {
      slot.set(await ctx.draft.attach({ ...attachment, question: slot.path }));
    } catch (error) {
      await ctx.room(error);
    }
  };
  const drop = (digest) => {
    ctx.draft.detach(digest);
    slot.set("");
  };
  return drawn(slot, (digest) => [
    digest && picture(ctx, digest, `签名：${slot.label}`),
    !slot.readOnly && (digest ? button("重签", () => drop(digest), "small", named(slot, "重签")) : button("签名", take, "", named(slot, "签名"))),
  ]);
};

const geopoint = () => (slot) => {
  const find = async (event) => {
    const own = event.currentTarget;
    own.disabled = true;
    const { lat, lon, accuracy_m: accuracy } = await findPlace();
    own.disabled = false;
    if (lat === undefined) return tell("没有定位", "手机没有给出位置。请到空旷处再试，并在系统设置中允许定位。");
    return slot.set(`${lat.toFixed(6)} ${lon.toFixed(6)} 0 ${accuracy.toFixed(1)}`);
  };
  const words = (value) => {
    const [lat, lon, , accuracy] = value.split(" ");
    return `${lat}, ${lon}${accuracy ? ` ±${Math.round(accuracy)}米` : ""}`;
  };
  return drawn(slot, (value) => [value && h("p", {}, words(value)), !slot.readOnly && button(value ? "重新定位" : "记录位置", find, "", named(slot, "定位"))]);
};

const barcode = (ctx) => (slot) => {
  const input = h("input", { type: "text", maxlength: "200", value: slot.value || "", disabled: slot.readOnly, autocomplete: "off", ...named(slot, "号码") });
  input.addEventListener("input", () => slot.set(input.value.trim()));
  const camera = h("input", { type: "file", accept: "image/*", capture: "environment", class: "hidden", tabindex: "-1", "aria-hidden": "true" });
  camera.addEventListener("change", async () => {
    const [file] = camera.files;
    camera.value = "";
    if (!file) return;
    try {
      const [code] = await codesOn(file);
      if (!code) return void (await tell("没有读到", "请对准条码或二维码再拍一次，或直接输入号码。"));
      input.value = code;
      slot.set(code);
    } catch (error) {
      await ctx.room(error);
    }
  });
  slot.element.append(input, ...(canScan() && !slot.readOnly ? [button("扫码", () => camera.click(), "", named(slot, "扫码")), camera] : []));
};

export const widgets = (ctx) => ({ image: image(ctx), signature: signature(ctx), geopoint: geopoint(ctx), barcode: barcode(ctx) });
