"use strict";
/* Moves the clocks between two answers of the server, presses the staff's keys, leads to the first error. Nothing is decided here. */
(() => {
  const shown = new WeakMap();

  /* Working seconds gone since the server wrote the clock: real seconds, but none after the end of the working window. */
  const gone = (clock) => {
    if (!shown.has(clock)) shown.set(clock, performance.now());
    const real = (performance.now() - shown.get(clock)) / 1000;
    const { now, windowEnd } = clock.dataset;
    const open = now && windowEnd ? Math.max(0, (Date.parse(windowEnd) - Date.parse(now)) / 1000) : 0;
    return Math.min(real, open);
  };

  const move = (clock) => {
    const { leftSeconds, limit, running } = clock.dataset;
    if (running !== "true" || leftSeconds === undefined) return;
    const left = Number(leftSeconds) - gone(clock);
    const number = clock.querySelector("[data-left]");
    if (number && left >= 0) number.textContent = Math.ceil(left / 60);
    const bar = clock.querySelector(".r-used");
    if (bar && left >= 0) bar.setAttribute("width", (Number(limit) - left / 60).toFixed(2));
  };

  const tick = () => document.querySelectorAll("[data-clock]").forEach(move);

  const typing = (el) =>
    el.isContentEditable || /^(TEXTAREA|SELECT)$/.test(el.tagName) ||
    (el.tagName === "INPUT" && !/^(radio|checkbox|button|submit)$/.test(el.type));

  const press = (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || event.isComposing || typing(event.target)) return;
    if (document.querySelector("dialog[open]")) return;
    const key = event.key.length === 1 ? event.key.toUpperCase() : "";
    if (!/^[A-Z0-9]$/.test(key)) return;
    const button = document.querySelector(`[data-key="${key}"]:not([disabled])`);
    if (!button) return;
    event.preventDefault();
    button.focus();
    button.click();
  };

  /* A summary's link goes to its field, not only to its place. */
  const lead = (event) => {
    const link = event.target.closest(".error-summary a");
    const field = link && document.getElementById(link.hash.slice(1));
    if (!field) return;
    event.preventDefault();
    field.scrollIntoView({ block: "center" });
    (field.matches("fieldset, div") ? field.querySelector("input, select, textarea") || field : field).focus();
  };

  const summary = (root) => {
    const box = root.querySelector(".error-summary");
    if (box) box.focus();
  };

  /* Saving while typing and sending never cross: sending waits for the save under way, and no save starts after it. */
  const waiting = new WeakSet();
  let sent = new WeakSet();
  const send = (event) => {
    const form = event.target, button = event.submitter;
    if (event.defaultPrevented || !form.matches("[hx-post]")) return;
    if (!form.classList.contains("htmx-request")) { sent.add(form); return; }
    event.preventDefault();
    if (waiting.has(form)) return;
    waiting.add(form);
    form.addEventListener("htmx:afterRequest", () => { waiting.delete(form); form.requestSubmit(button); }, { once: true });
  };

  /* A form that leads on is sent once: until its answer has come, or ten seconds later, nothing else is. */
  let leading = false;
  const once = (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post" || form.target) return;
    if (leading) { event.preventDefault(); return; }
    leading = true;
    setTimeout(() => { leading = false; }, 10000);
  };

  document.addEventListener("submit", send);
  document.addEventListener("submit", once);
  document.addEventListener("htmx:beforeRequest", (event) => { if (sent.has(event.target)) event.preventDefault(); });
  window.addEventListener("pageshow", () => { sent = new WeakSet(); leading = false; });
  document.addEventListener("keydown", press);
  document.addEventListener("click", lead);
  document.addEventListener("click", (event) => {
    const print = event.target.closest("[data-print]");
    if (print) { event.preventDefault(); window.print(); }
  });
  document.addEventListener("htmx:afterSettle", (event) => { summary(event.target); tick(); });
  summary(document);
  tick();
  setInterval(tick, 5000);
})();
