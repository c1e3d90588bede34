// Follows the links of the chat into the source panel, and keeps the reader's choice of light or dark.
(() => {
  "use strict";
  const LINK = /^#(cite|hit)-\d+-\d+$/;
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  let followed = null; // the link whose source was asked for and is not shown yet
  let origin = null; // the element that was followed, to go back to
  let clicks = 0; // sent with each link, so that following one twice is a change
  let newest = ""; // which question, in which state, was brought into view
  let painted = false;

  function scrollTo(element, block) {
    element.scrollIntoView({ block, behavior: calm.matches ? "auto" : "smooth" });
  }

  function follow(anchor) {
    const link = anchor.getAttribute("href");
    origin = anchor;
    document.querySelectorAll("#chat a.current").forEach((each) => each.classList.remove("current"));
    document.querySelectorAll(`#chat a[href="${link}"]`).forEach((each) => each.classList.add("current"));
    followed = `${link.slice(1)}-${++clicks}`;
    const box = document.querySelector("#link textarea, #link input");
    box.value = followed;
    box.dispatchEvent(new Event("input", { bubbles: true }));
  }

  function showSource() {
    const opened = document.getElementById(`opened-${followed}`);
    if (!opened) return;
    followed = null;
    const target = opened.querySelector("#quote") ?? opened.querySelector("#headline, .problem");
    target.tabIndex = -1;
    target.focus({ preventScroll: true });
    scrollTo(target, "center");
  }

  function goBack() {
    if (!origin?.isConnected) return;
    origin.focus({ preventScroll: true });
    scrollTo(origin, "center");
  }

  function showNewest() {
    const questions = document.querySelectorAll("#chat .question");
    const messages = document.querySelectorAll("#chat .message-content");
    const state = `${questions.length} ${messages[messages.length - 1]?.querySelector("div")?.className}`;
    if (!questions.length || state === newest) return;
    newest = state;
    scrollTo(questions[questions.length - 1], "start");
  }

  function paint(theme) {
    painted = true;
    document.body.classList.toggle("dark", theme === "dark");
    localStorage.setItem("byline-theme", theme);
  }

  function nameTheme() {
    const button = document.getElementById("theme");
    const other = document.body.classList.contains("dark") ? "Light" : "Dark";
    if (button && button.textContent !== other) button.textContent = other;
    if (button) button.title = `Show the page in ${other.toLowerCase()} colours`;
  }

  // Gradio puts the HTML of each message into its label, and a screen reader would read that aloud.
  function dropLabels() {
    document.querySelectorAll("#chat [aria-label*='message: ']").forEach((each) => each.removeAttribute("aria-label"));
  }

  document.addEventListener("click", (event) => {
    const at = (selector) => event.target.closest?.(selector);
    const anchor = at("a[href^='#']");
    if (anchor && LINK.test(anchor.getAttribute("href"))) {
      event.preventDefault();
      follow(anchor);
    } else if (at("a.back")) {
      event.preventDefault();
      goBack();
    } else if (at("#theme")) {
      paint(document.body.classList.contains("dark") ? "light" : "dark");
    } else if (at("#anew")) {
      followed = origin = null;
    }
  });

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && document.activeElement?.closest("#source")) goBack();
  });

  new MutationObserver(() => {
    if (followed) showSource();
    if (!painted && document.getElementById("theme") && localStorage.getItem("byline-theme")) {
      paint(localStorage.getItem("byline-theme"));
    }
    dropLabels();
    nameTheme();
    showNewest();
  }).observe(document.documentElement, { childList: true, subtree: true, attributeFilter: ["class"] });
})();
