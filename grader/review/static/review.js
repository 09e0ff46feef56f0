"use strict";
// Keys, formulas, and what is said while a change is on its way. Everything else is the server's.
(() => {
  const one = (selector) => document.querySelector(selector);
  const words = () => one("#words").dataset;
  const box = () => one("#box");

  // Changes ----------------------------------------------------------------------------------------------------
  // Each change of the box is one request; they wait for one another. A page is not left before all are kept.
  let waiting = 0;
  let isTyped = false;
  let isLost = false;
  let after = null;

  const say = (text, isBad = false) => {
    const place = one("#kept");
    if (!place) return;
    place.textContent = text;
    place.classList.toggle("lost", isBad);
  };

  const settled = (isKept) => {
    waiting = Math.max(0, waiting - 1);
    isLost = !isKept;
    if (waiting || !after) return;
    const go = after;
    after = null;
    if (isKept && !one("#conflict")) go();
  };

  const whenKept = (go) => {
    const typed = document.activeElement;
    if (typed && typed.form && typed.form === box()) typed.blur();  // which sends what was typed
    if (waiting) after = go;
    else if (one("#conflict")) one("#conflict button").focus();  // first it has to be chosen
    else if (isLost) say(words().lost, true);
    else go();
  };

  document.addEventListener("change", (event) => {
    if (box() && event.target.form === box() && event.target.name) {
      waiting += 1;
      isTyped = false;
      say(words().keeping);
    }
  }, true);

  document.addEventListener("htmx:afterRequest", (event) => {
    const { elt, requestConfig, successful, xhr } = event.detail;
    if (requestConfig.verb !== "post") return;
    const isKept = successful && xhr.getResponseHeader("X-Kept") === "yes";
    if (!successful) say(words().lost, true);
    if (elt.id === "box") settled(isKept);
    else if (isKept && requestConfig.path.split("?")[0] === box()?.getAttribute("hx-post").split("?")[0]) {
      isLost = false;  // "keep mine", after a conflict
    }
  });

  window.addEventListener("beforeunload", (event) => {
    if (waiting || isLost || isTyped) event.preventDefault();
  });
  document.addEventListener("input", (event) => {
    if (box() && event.target.form === box()) isTyped = true;
  });

  const follow = (selector) => {
    const link = one(selector);
    if (link) whenKept(() => link.click());
  };

  const readAndNext = () => {
    const isRead = one("#is-read");
    if (!isRead) return;
    const typed = document.activeElement;
    if (typed && typed.form === box()) typed.blur();
    if (!isRead.checked) isRead.click();
    follow("#next-unread");
  };

  // A link out of the box's page also waits.
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href]");
    if (!link || !waiting) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    after = () => link.click();
  }, true);

  // Keys ---------------------------------------------------------------------------------------------------------
  const focus = (selector) => {
    const found = one(selector);
    if (!found) return;
    const folded = found.closest("details:not([open])");
    if (folded) folded.open = true;
    found.focus();
  };
  const click = (selector) => one(selector)?.click();
  const open = (selector) => {
    const found = one(selector);
    if (!found) return;
    found.open = !found.open;
    if (found.open) found.querySelector("summary").focus();
  };

  const acts = {
    ArrowRight: () => follow("#next"),
    ArrowLeft: () => follow("#previous"),
    ArrowDown: () => follow("#next-task"),
    ArrowUp: () => follow("#previous-task"),
    Enter: readAndNext,
    "/": () => focus("#search"),
    "?": () => one("#keys").showModal(),
    c: () => focus("#comment"),
    p: () => focus("#points"),
    s: () => focus("#note"),
    r: () => click("#is-read"),
    h: () => click("#hide-names"),
    g: () => follow("#overview"),
    i: () => open("#items"),
    a: () => open("#alike"),
    w: () => open("#whole"),
  };

  const isText = (target) => target.matches("textarea, select, input:not([type=checkbox])");

  document.addEventListener("keydown", (event) => {
    const target = event.target;
    if (event.isComposing || event.altKey || event.metaKey || one("dialog[open]")) return;
    if (event.key === "Enter" && event.ctrlKey) {
      event.preventDefault();
      readAndNext();
      return;
    }
    if (event.ctrlKey) return;
    if (isText(target)) {
      if (event.key === "Escape") target.blur();
      if (target.id === "search" && event.key === "Enter") {
        event.preventDefault();
        click("#found button");
      }
      return;
    }
    if (event.key === "Enter" && target.matches("a, button, summary, [tabindex='0']")) return;
    if (/^[0-9]$/.test(event.key)) {
      const given = [...document.querySelectorAll("#box input[name=item]")][(Number(event.key) + 9) % 10];
      if (given) given.click();
      return;
    }
    const act = acts[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });

  document.addEventListener("click", (event) => {
    if (event.target.closest("#show-keys")) one("#keys").showModal();
    if (event.target.closest("#done")) readAndNext();
  });

  // A comment that is used again goes to the end of what is written.
  document.addEventListener("click", (event) => {
    const used = event.target.closest("#found button");
    const comment = one("#comment");
    if (!used || !comment) return;
    const before = comment.value.trimEnd();
    comment.value = before ? `${before}\n${used.dataset.comment}` : used.dataset.comment;
    comment.dispatchEvent(new Event("change", { bubbles: true }));
    comment.focus();
  });

  // Formulas -----------------------------------------------------------------------------------------------------
  const LONGEST = 5000;
  const MOST = 500;
  const draw = (root) => {
    const found = [...root.querySelectorAll(".formula:not([data-drawn])")].slice(0, MOST);
    for (const formula of found) {
      formula.dataset.drawn = "";
      const tex = formula.textContent;
      if (tex.length > LONGEST) continue;
      try {
        const displayMode = formula.classList.contains("display");
        const options = { output: "mathml", displayMode, trust: false, strict: "ignore", maxExpand: 500, maxSize: 20 };
        // The page's policy allows no style of an element's own. (In KaTeX's texts a quotation mark is escaped.)
        const drawn = katex.renderToString(tex, options).replace(/ style="[^"]*"/g, "");
        formula.replaceChildren(...new DOMParser().parseFromString(drawn, "text/html").body.childNodes);
      } catch {
        formula.classList.add("bad");  // TeX that nobody can draw stays as it was typed
      }
    }
  };

  const begin = () => {
    waiting = 0;
    isLost = isTyped = false;
    after = null;
    draw(document);
  };
  document.addEventListener("htmx:afterSettle", (event) => {
    draw(document);
    if (event.detail.boosted) {
      begin();
      one("h1")?.focus({ preventScroll: true });
    }
  });
  document.addEventListener("htmx:historyRestore", begin);
  document.addEventListener("DOMContentLoaded", begin);
})();
