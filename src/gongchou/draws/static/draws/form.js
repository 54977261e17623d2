// Of the ways to end the seed only the fields of the chosen one are shown; without this script all are, and say whose
// they are.
"use strict";
{
  const NEEDS = { D: ["chain"], P: ["chain"], L: ["game", "issue"], N: ["n_digits"] };
  const field = (name) => document.querySelector(`[name="${name}"]`);
  const show = () => {
    const wanted = NEEDS[field("profile").value] || [];
    for (const name of new Set(Object.values(NEEDS).flat())) {
      const place = field(name).closest(".field");
      place.hidden = !wanted.includes(name);
    }
  };
  document.addEventListener("DOMContentLoaded", () => {
    field("profile").addEventListener("change", show);
    show();
  });
}
