// Counts down to a moment by the server's clock, and loads the page anew when it has come. Without this script the page
// says the moment itself.
"use strict";
{
  const GRACE_MS = 1500; // a signed round needs a moment to be served
  const two = (n) => String(n).padStart(2, "0");
  document.addEventListener("DOMContentLoaded", () => {
    const place = document.querySelector("[data-countdown]");
    if (!place) return;
    const offset = Date.parse(place.dataset.now) - Date.now(), due = Date.parse(place.dataset.countdown);
    const timer = setInterval(() => {
      const left = due - Date.now() - offset, s = Math.max(0, Math.ceil(left / 1000));
      place.textContent = `，还有 ${two(Math.floor(s / 3600))}:${two(Math.floor(s / 60) % 60)}:${two(s % 60)}`;
      if (left > -GRACE_MS) return;
      clearInterval(timer);
      location.reload();
    }, 250);
  });
}
