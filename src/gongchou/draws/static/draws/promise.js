// A party makes its secret in its own browser; only the commitment to it is sent.
"use strict";
{
  const hex = (bytes) => [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  const commit = async (campaign, party, secret) => {
    const text = `vdp1 cr\n${campaign}\n${party}\n${secret}\n`;
    return hex(new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text))));
  };
  document.addEventListener("click", async (event) => {
    if (!event.target.closest('[data-action="make-secret"]')) return;
    const place = event.target.closest(".promise");
    if (!crypto.subtle) {
      place.querySelector("[data-secret]").textContent = "此连接未加密，浏览器不能计算。请用 https 访问，或用命令 gongchou-draw 生成。";
      return;
    }
    const secret = hex(crypto.getRandomValues(new Uint8Array(32)));
    place.querySelector("[data-secret]").textContent = `秘密数 ${secret}`;
    const file = place.querySelector("[data-secret-file]");
    file.href = URL.createObjectURL(new Blob([`${secret}\n`], { type: "text/plain" }));
    file.hidden = false;
    document.getElementById("id_commitment").value = await commit(place.dataset.campaign, place.dataset.party, secret);
  });
}
