// Follows the links of the chat into the source panel, and keeps the reader's choice of light or dark.
(() => {
  "use strict";
  const LINK = /^#(cite|hit)-\d+-\d+$/;
  let followed = null; // the link whose source was asked for and has not been shown yet
  let shown = null; // the link whose source is open
  let from = null; // where the keyboard was when a source was opened

  const panel = () => document.getElementById("source");

  function show() {
    const target = panel()?.querySelector("#quote") ?? panel()?.querySelector("#headline, .problem");
    if (!target) return;
    shown = followed ?? shown;
    followed = null;
    target.tabIndex = -1;
    target.focus({ preventScroll: true });
    target.scrollIntoView({ block: "center", behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth" });
  }

  function follow(anchor) {
    const link = anchor.getAttribute("href");
    from = anchor;
    document.querySelectorAll("#chat a.current").forEach((each) => each.classList.remove("current"));
    document.querySelectorAll(`#chat a[href="${link}"]`).forEach((each) => each.classList.add("current"));
    if (link === shown) return show();
    followed = link;
    const box = document.querySelector("#link textarea, #link input");
    box.value = link;
    box.dispatchEvent(new Event("input", { bubbles: true }));
  }

  function paint(theme) {
    document.body.classList.toggle("dark", theme === "dark");
    const button = document.getElementById("theme");
    if (button) button.textContent = theme === "dark" ? "Light" : "Dark";
  }

  document.addEventListener("click", (event) => {
    const anchor = event.target.closest?.("a[href^='#']");
    if (anchor && LINK.test(anchor.getAttribute("href"))) {
      event.preventDefault();
      follow(anchor);
    } else if (event.target.closest?.("#theme")) {
      const theme = document.body.classList.contains("dark") ? "light" : "dark";
      localStorage.setItem("byline-theme", theme);
      paint(theme);
    } else if (event.target.closest?.("#anew")) {
      shown = followed = null;
    }
  });

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && panel()?.contains(document.activeElement)) from?.focus();
  });

  new MutationObserver(() => {
    if (followed && panel()?.querySelector("#headline, .problem")) show();
  }).observe(document.documentElement, { childList: true, subtree: true });
})();
