"use strict";
/* Making and using a passkey: two requests of the page, the device's answer between them. The server judges all of it. */
(() => {
  const place = document.querySelector("[data-passkey]");
  if (!place || !window.PublicKeyCredential) return;
  const button = place.querySelector("button"), line = place.querySelector("[role=status]");
  const token = () => document.querySelector("input[name=csrfmiddlewaretoken]").value;

  const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (char) => char.charCodeAt(0));
  const text = (buffer) =>
    btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const known = (list) => (list || []).map((item) => ({ ...item, id: bytes(item.id) }));

  const ask = async (address, data) => {
    const answer = await fetch(address, {
      method: "POST",
      headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": token() },
      body: JSON.stringify(data),
    });
    const told = await answer.json();
    if (!answer.ok) throw { told: told.detail };
    return told;
  };

  const make = async (options) => {
    options.user.id = bytes(options.user.id);
    options.excludeCredentials = known(options.excludeCredentials);
    const made = await navigator.credentials.create({ publicKey: options });
    return {
      attestationObject: text(made.response.attestationObject),
      transports: made.response.getTransports ? made.response.getTransports() : [],
      credential: made,
    };
  };

  const use = async (options) => {
    options.allowCredentials = known(options.allowCredentials);
    const used = await navigator.credentials.get({ publicKey: options });
    const { authenticatorData, signature, userHandle } = used.response;
    return {
      authenticatorData: text(authenticatorData),
      signature: text(signature),
      ...(userHandle ? { userHandle: text(userHandle) } : {}),
      credential: used,
    };
  };

  const go = async () => {
    const password = document.querySelector("input[name=password]");
    if (place.dataset.passkey === "again" && !password.value) throw { told: place.dataset.noPassword };
    const options = await ask(place.dataset.begin, {});
    options.challenge = bytes(options.challenge);
    const { credential, ...answer } = await (place.dataset.passkey === "make" ? make : use)(options);
    const sent = {
      id: credential.id,
      rawId: text(credential.rawId),
      type: credential.type,
      clientExtensionResults: credential.getClientExtensionResults(),
      response: { clientDataJSON: text(credential.response.clientDataJSON), ...answer },
      ...(place.dataset.passkey === "again" ? { password: password.value } : {}),
    };
    const address = new URL(place.dataset.complete, location.href);
    if (place.dataset.next) address.searchParams.set("next", place.dataset.next);
    location.assign((await ask(address, sent)).redirect_url);
  };

  const told = (error) => {
    if (error.told) return error.told;
    if (error.name === "InvalidStateError") return place.dataset.thereAlready;
    return error instanceof TypeError ? place.dataset.noAnswer : place.dataset.brokenOff;
  };

  button.addEventListener("click", async () => {
    button.disabled = true;
    line.textContent = "";
    try {
      await go();
    } catch (error) {
      line.textContent = told(error);
      button.disabled = false;
    }
  });
  place.hidden = false;
})();
