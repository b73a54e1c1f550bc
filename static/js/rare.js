"use strict";
/* Characters that most screens have no font for get one of ours, each by itself, where a page shows it or somebody types it. */
(() => {
  const RARE = /[\u3400-\u4dbf\u{20000}-\u{323af}]/gu;
  const known = new Set();
  const look = (text) => {
    for (const [character] of text.matchAll(RARE)) {
      if (known.has(character)) continue;
      known.add(character);
      const code = character.codePointAt(0).toString(16);
      document.fonts.add(new FontFace("Portal Rare", `url(/fonts/rare/${code}.woff)`, { unicodeRange: `U+${code}` }));
    }
  };
  const whole = () => {
    look(document.body.textContent);
    for (const field of document.querySelectorAll("input, textarea")) look(field.value);
  };
  document.addEventListener("input", (event) => look(event.target.value || ""));
  document.addEventListener("htmx:afterSettle", whole);
  whole();
})();
