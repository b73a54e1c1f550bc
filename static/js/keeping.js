"use strict";
/* Nothing that was typed is lost, and no line says "saved" where it isn't: saving while typing, leaving, the end of a session. */
(() => {
  const RETRY = [3, 6, 12, 30], SLOW = 3, PATIENCE = 20; // seconds
  const form = document.querySelector("form[data-autosave]"), line = document.getElementById("saved");
  const box = document.querySelector("[data-session-left]"), cutOff = document.querySelector("[data-cut-off]");
  const cookie = document.querySelector("meta[name=csrf-cookie]"), person = document.querySelector("meta[name=person]");

  const cookieOf = (name) => {
    const pair = document.cookie.split("; ").find((text) => text.startsWith(`${name}=`));
    return pair ? pair.slice(name.length + 1) : "";
  };
  /* A log-in in another tab changes the token of every page that is open: what is sent carries that of the moment, where
     it is the same person who logged in. */
  const token = () => (cookieOf(person.dataset.cookie) === person.content ? cookieOf(cookie.content) : "");
  const renew = (sent) => {
    const field = sent.querySelector("input[name=csrfmiddlewaretoken]");
    if (field && token()) field.value = token();
  };

  /* What is typed is counted, so that a page knows whether the last answer covers all of it. */
  let typed = 0, sending = 0, kept = 0, tries = 0, again, slow, after = null, leaving = false, onward = false;
  const unsaved = () => Boolean(form) && typed > kept;
  const say = (name) => {
    const text = document.createElement("span");
    text.className = "reason";
    text.textContent = line.dataset[name];
    line.replaceChildren(text);
  };
  const save = () => {
    clearTimeout(again);
    window.htmx.trigger(form, "again");
  };
  /* Saves all that is typed, then goes on with how it went: saved, stale, over, refused or lost. */
  const flush = (then) => {
    if (after) return;
    after = then;
    if (!form.classList.contains("htmx-request") || sending !== typed) save();
  };

  const answered = (event) => {
    if (event.detail.elt !== form) return;
    clearTimeout(slow);
    slow = undefined;
    const { status } = event.detail.xhr;
    let how = "lost";
    if (event.detail.successful) how = "saved";
    else if (status === 409) how = line.querySelector("[data-signed-out]") ? "over" : "stale";
    else if (status >= 400 && status < 429) how = "refused";
    if (how === "saved") { kept = Math.max(kept, sending); tries = 0; }
    if (how === "refused" || how === "lost") say(how);
    if (how === "lost") again = setTimeout(save, RETRY[Math.min(tries++, RETRY.length - 1)] * 1000);
    if (after && (sending === typed || how !== "saved")) {
      const go = after;
      after = null;
      go(how);
    }
  };

  /* A session that ended: what was typed stays on the page, and the log-in is in another tab. */
  let end = Infinity, warning, closing;
  const part = (name) => box.querySelector(`[data-${name}]`);
  const written = () => unsaved() || document.querySelector("form[data-written]") !== null;
  /* Forms that aren't saved while typing are kept by the server, for whose page this is. */
  const keep = async () => {
    let all = true;
    for (const written of document.querySelectorAll("form[data-written]")) {
      const body = new FormData(written);
      for (const [name, value] of [...body]) if (value instanceof File) body.delete(name);
      body.set("typed_by", person.content);
      try {
        const answer = await fetch(written.getAttribute("action") || window.location.href, { method: "POST", body, headers: { "X-Only-Keep": "1" } });
        all = all && answer.status === 204;
      } catch {
        all = false;
        cutOff.hidden = false;
      }
    }
    part("kept").hidden = !(all && document.querySelector("form[data-written]"));
  };
  const over = () => {
    part("warning").hidden = part("kept").hidden = true;
    keep();
    part("over").hidden = box.hidden = false;
    cutOff.hidden = true;
    part("over").querySelector("a").focus();
  };
  const wait = (left) => {
    clearTimeout(warning);
    clearTimeout(closing);
    end = Date.now() + left * 1000;
    box.hidden = part("over").hidden = true;
    part("warning").hidden = false;
    warning = setTimeout(() => { box.hidden = false; box.querySelector("button").focus(); }, Math.max(0, left - 300) * 1000);
    closing = setTimeout(() => { if (written()) over(); else window.location.assign(box.dataset.ended); }, (left + 2) * 1000);
  };
  /* Makes the session last: true, or false where it has ended, or null where nobody answers. */
  const stay = async () => {
    const ask = part("stay");
    renew(ask);
    try {
      const answer = await fetch(ask.action, { method: "POST", body: new FormData(ask) });
      if (answer.redirected || answer.status === 403) return false;
      if (!answer.ok) throw new Error(answer.status);
      wait((await answer.json()).left);
      return true;
    } catch {
      cutOff.hidden = false;
      return null;
    }
  };

  const passed = new WeakSet();
  const pass = (sent, button) => { passed.add(sent); sent.requestSubmit(button); };
  const own = (sent) => sent === form || "written" in sent.dataset;
  const submitting = (event) => {
    const sent = event.target, button = event.submitter;
    renew(sent);
    if (sent.method !== "post" || passed.delete(sent)) { leaving = leaving || own(sent); return; }
    if (box && sent.matches("[data-stay]")) {
      event.preventDefault();
      stay().then((alive) => { if (alive === false) { if (written()) over(); else window.location.reload(); } });
    } else if (unsaved()) {
      event.preventDefault();
      form.dataset.sending = "";
      flush((how) => {
        onward = sent !== form;
        if (onward) pass(sent, button);
        else if (how === "saved" || how === "stale") { leaving = true; pass(sent, button); return; }
        else line.scrollIntoView({ block: "center" });
        delete form.dataset.sending;
      });
    } else if (box && "written" in sent.dataset && (Date.now() > end || sent.querySelector("textarea"))) {
      event.preventDefault();
      stay().then((alive) => { if (alive) pass(sent, button); else if (alive === false) over(); });
    } else leaving = leaving || own(sent);
  };

  const following = (event) => {
    const link = event.target.closest("a[href]");
    if (!link || !unsaved() || event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (link.target || link.origin !== window.location.origin || link.getAttribute("href").startsWith("#")) return;
    event.preventDefault();
    flush(() => { onward = true; window.location.assign(link.href); });
  };

  document.addEventListener("input", (event) => {
    const own = event.target.form;
    if (form && own === form) {
      typed += 1;
      onward = false;
      if (!slow) slow = setTimeout(() => { slow = undefined; if (unsaved()) say("saving"); }, SLOW * 1000);
    } else if (own && own.method === "post") own.dataset.written = "";
  });
  document.addEventListener("submit", submitting, true);
  document.addEventListener("click", following);
  document.addEventListener("htmx:configRequest", (event) => {
    if (token()) event.detail.headers["X-CSRFToken"] = token();
    if (token() && event.detail.parameters.csrfmiddlewaretoken) event.detail.parameters.csrfmiddlewaretoken = token();
    if (event.detail.elt === form || event.detail.verb === "get") event.detail.timeout = PATIENCE * 1000;
  });
  /* Once all is saved and the person is on their way, a save that was still in line has nothing to add, and after a
     log-out it would be refused. */
  document.addEventListener("htmx:beforeRequest", (event) => {
    if (event.detail.elt !== form) return;
    if (onward && !unsaved()) event.preventDefault();
    else sending = typed;
  });
  document.addEventListener("htmx:afterRequest", answered);
  /* What is shown elsewhere may be old now, and what was pressed did not arrive. */
  const missed = (event) => { if (event.detail.elt !== form && cutOff) cutOff.hidden = false; };
  for (const name of ["sendError", "timeout"]) document.addEventListener(`htmx:${name}`, missed);
  document.addEventListener("htmx:responseError", (event) => { if (![409, 413, 422].includes(event.detail.xhr.status)) missed(event); });
  document.addEventListener("htmx:afterOnLoad", (event) => { if (event.detail.xhr.status < 400 && cutOff) cutOff.hidden = true; });
  document.addEventListener("htmx:beforeSwap", (event) => {
    const { xhr, target } = event.detail;
    if (box && xhr.responseURL && new URL(xhr.responseURL).pathname === new URL(box.dataset.ended, window.location).pathname) {
      event.detail.shouldSwap = false;
      over();
    } else if (xhr.status === 413 && target.id === "main") event.detail.shouldSwap = true;
  });
  /* What is refreshed by itself has no answer any more: the session was ended elsewhere. */
  document.addEventListener("session-over", () => { if (written()) over(); else window.location.assign(box.dataset.ended); });
  window.addEventListener("online", () => { if (unsaved()) save(); });
  document.addEventListener("visibilitychange", () => {
    if (unsaved()) save();
    if (box && !document.hidden && !part("over").hidden) stay();
  });
  /* The browser asks first. A form that isn't saved while typing is worth it where something was written at length. */
  const atLength = () => [...document.querySelectorAll("form[data-written]")].some((one) => [...one.elements].some((field) => field.type === "textarea" && field.value !== field.defaultValue));
  window.addEventListener("beforeunload", (event) => {
    if (leaving || !(unsaved() || atLength())) return;
    event.preventDefault();
    if (unsaved()) save();
  });
  window.addEventListener("pageshow", () => { leaving = onward = false; });
  if (box) wait(Number(box.dataset.sessionLeft));
})();
