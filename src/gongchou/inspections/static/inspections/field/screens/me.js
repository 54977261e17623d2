// 本机: who is here, how much room there is, and how to leave the phone clean.

import { button, choose, fact, h } from "../dom.js";
import { size } from "../bytes.js";
import { freeRoom, isLow } from "../camera.js";
import { exportRecord } from "../export.js";
import { removeRecord } from "../package.js";
import { isUnsent } from "../record.js";
import { leaveVault } from "../vault.js";
import { ask } from "../wire.js";

export async function me(app) {
  const version = document.body.dataset.version.slice(0, 8);
  if (!app.vault) return { title: "本机", body: [h("p", {}, "没有人登录。"), h("p", { class: "note" }, `页面版本 ${version}`)] };
  const free = await freeRoom();
  const isKept = navigator.storage && navigator.storage.persisted ? await navigator.storage.persisted() : false;
  const { user } = app.pkg || { user: { name: "", department: "" } };
  return {
    title: "本机",
    isLive: true,
    body: [
      h("dl", { class: "facts" }, fact("姓名", user.name), fact("单位", user.department),
        fact("可用空间", free === null ? "浏览器没有说明" : `${size(Math.max(0, free))}${isLow(free) ? "（不足，请清理）" : ""}`),
        fact("保存方式", isKept ? "浏览器承诺不自动清除" : "空间紧张时浏览器可能清除，请及时同步"),
        fact("加密", "AES-256-GCM，密钥随登录取得，不能导出"), fact("页面版本", version)),
      h("p", {}, "换人使用前请退出登录。别人登录后看不到、也不能提交您的内容。"),
      button("退出登录", () => signOut(app), "danger wide"),
      h("p", {}, h("a", { href: "/" }, "返回平台")),
    ],
  };
}

async function signOut(app) {
  const records = await app.vault.all("records");
  const unsent = records.filter(isUnsent);
  const choices = [["keep", "退出，未同步的加密保留在本机", "primary"], ["export", "先导出未同步的"], ["wipe", "退出并全部删除", "danger"], ["", "取消"]];
  const words = `还有 ${unsent.length} 条没有同步。保留的，您下次在本机登录后可以继续。`;
  const said = unsent.length ? await choose("退出登录", words, choices) : await choose("退出登录", "本机的检查资料会被删除。", [["wipe", "退出", "primary"], ["", "取消"]]);
  if (said === "export") {
    for (const one of unsent) await exportRecord(app.vault, one);
    return signOut(app);
  }
  return said ? leave(app, said === "wipe" ? records : records.filter((one) => !isUnsent(one))) : null;
}

async function leave(app, gone) {
  for (const one of gone) await removeRecord(app.vault, one);
  const receipts = await app.vault.ids("receipts");
  await app.vault.write([["packages", app.vault.user, null], ...receipts.map((id) => ["receipts", id, null])]);
  await leaveVault(app.db);
  // The platform is told if it can be; without a network the session ends by itself.
  await ask("/account/logout/", { method: "POST" }).catch(() => null);
  location.href = "/account/login/?next=/field/";
}
