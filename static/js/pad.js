/* The keys of a kiosk: they type into the field that `data-pad` names. */
(() => {
  "use strict";
  for (const pad of document.querySelectorAll("[data-pad]")) {
    const field = document.getElementById(pad.dataset.pad);
    pad.addEventListener("click", (event) => {
      const key = event.target.closest("button");
      if (!key) return;
      field.value = "padBack" in key.dataset ? field.value.slice(0, -1) : field.value + key.textContent.trim();
    });
  }
})();
