"use strict";
/* What was typed when the session had ended and the server has kept since is put back into its form, to be looked at and sent. */
(() => {
  const place = (address) => { const url = new URL(address, window.location); return url.pathname + url.search; };
  const own = (form) => place(form.getAttribute("action") || window.location.href);
  const sends = (form, to) => own(form) === to || [...form.elements].some((one) => one.hasAttribute("formaction") && place(one.formAction) === to);
  const formOf = (to) => {
    const forms = [...document.forms].filter((form) => form.method === "post");
    return forms.find((form) => own(form) === to) || forms.find((form) => sends(form, to));
  };

  const put = (fields, values) => fields.forEach((field, index) => {
    if (/^(radio|checkbox)$/.test(field.type)) field.checked = values.includes(field.value);
    else if (field.type === "select-multiple") for (const option of field.options) option.selected = values.includes(option.value);
    else if (!/^(file|submit|button)$/.test(field.type)) field.value = values[index] === undefined ? "" : values[index];
  });

  /* Fields that an answer calls forth come with the next save: they are filled in once they are there. */
  const fill = (kept) => {
    const form = formOf(kept.to);
    if (!form) return;
    let first = null;
    for (const name of [...kept.left]) {
      const fields = [...form.elements].filter((field) => field.name === name);
      if (!fields.length) continue;
      put(fields, kept.typed[name] || []);
      kept.left.delete(name);
      first = first || fields.find((field) => field.type !== "hidden" && field.type !== "submit");
    }
    if (first) for (const kind of ["input", "change"]) first.dispatchEvent(new Event(kind, { bubbles: true }));
  };

  const all = JSON.parse(document.getElementById("unsent").textContent);
  for (const kept of all) {
    const form = formOf(kept.to);
    const boxes = form ? [...form.elements].filter((field) => field.type === "checkbox").map((field) => field.name) : [];
    kept.left = new Set([...Object.keys(kept.typed), ...boxes]);
  }
  document.addEventListener("DOMContentLoaded", () => all.forEach(fill)); // after htmx, which begins with it too
  document.addEventListener("htmx:afterSettle", () => all.forEach(fill));
})();
