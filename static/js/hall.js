"use strict";
/* The hall: says each new call aloud once somebody allowed it, owns up when the board isn't fresh, prints a ticket, rings
   when one's turn has come. Nothing is decided here. */
(() => {
  const FRESH = 15000; // milliseconds
  let fresh = Date.now(), said = "", rang = "", aloud = false;

  const call = () => document.querySelector("[data-call]");

  const say = () => {
    const now = call();
    if (!now || now.dataset.call === said) return;
    said = now.dataset.call;
    if (!aloud) return;
    now.querySelectorAll("[data-say]").forEach((line) => {
      const words = new SpeechSynthesisUtterance(line.textContent);
      words.lang = line.dataset.say;
      window.speechSynthesis.speak(words);
    });
  };

  const stale = () => {
    const line = document.querySelector("[data-stale]");
    if (!line) return;
    line.hidden = Date.now() - fresh < FRESH;
    const at = document.querySelector("[data-as-of]");
    if (at) line.querySelector("[data-stale-at]").textContent = at.dataset.asOf;
  };

  const ring = () => {
    const turn = document.querySelector("[data-turn]");
    if (!turn || turn.dataset.turn === rang) return;
    if (!navigator.userActivation || !navigator.userActivation.hasBeenActive) return;
    rang = turn.dataset.turn;
    if (navigator.vibrate) navigator.vibrate([300, 200, 300]);
    try {
      const sound = new AudioContext(), tone = sound.createOscillator();
      tone.connect(sound.destination);
      tone.start();
      tone.stop(sound.currentTime + 0.6);
    } catch (error) { console.info("no sound", error); }
  };

  document.addEventListener("click", (event) => {
    const key = event.target.closest("[data-sound]");
    if (!key) return;
    aloud = true;
    said = "";
    key.hidden = true;
    say();
  });
  document.addEventListener("htmx:afterSwap", () => { fresh = Date.now(); stale(); say(); ring(); });
  document.addEventListener("DOMContentLoaded", () => {
    const key = document.querySelector("[data-sound]");
    if (key && "speechSynthesis" in window) key.hidden = false;
    ring();
    if (document.querySelector("[data-print-now]")) window.print();
  });
  setInterval(stale, 2000);
})();
