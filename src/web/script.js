/* Two comforts; all works without them.  Search as you type: the page that the form would lead to is fetched, and its results
   put in place of the old ones.  A click anywhere on a quote does what its number does. */
"use strict";

(function () {
  const form = document.getElementById("search");
  let waiting = 0, asked = null;

  async function answer() {
    const query = new URLSearchParams();
    for (const [name, value] of new FormData(form)) if (value.trim()) query.append(name, value);
    const url = form.action + (query.size ? "?" + query : "");
    if (asked) asked.abort();
    asked = new AbortController();
    try {
      const reply = await fetch(url, { signal: asked.signal });
      const page = new DOMParser().parseFromString(await reply.text(), "text/html");
      const fresh = page.getElementById("results"), old = document.getElementById("results");
      if (!fresh || !old) return;
      old.replaceChildren(...fresh.childNodes);
      history.replaceState(null, "", url);
      document.getElementById("heard").textContent = (old.querySelector(".count") || { textContent: "" }).textContent;
    } catch (fault) {
      if (fault.name !== "AbortError") location.href = url;
    }
  }

  if (form) {
    const heard = document.createElement("p");
    heard.id = "heard";
    heard.className = "unseen";
    heard.setAttribute("aria-live", "polite");
    form.after(heard);
    form.addEventListener("input", function () {
      clearTimeout(waiting);
      waiting = setTimeout(answer, 180);
    });
  }

  /* ---- quotes */

  function show() {
    const id = decodeURIComponent(location.hash.slice(1));
    for (const piece of document.querySelectorAll(".quote[data-note]")) piece.classList.toggle("on", piece.dataset.note === id);
    const card = id && document.getElementById(id);
    if (card && card.classList.contains("card")) card.focus({ preventScroll: true });
  }

  document.addEventListener("click", function (event) {
    const piece = event.target.closest(".quote[data-note]");
    if (!piece || event.target.closest("a, .card") || String(getSelection())) return;
    location.hash = piece.dataset.note;
  });
  document.addEventListener("keydown", function (event) {
    const card = document.querySelector(".card:target");
    if (event.key !== "Escape" || !card) return;
    const close = card.querySelector(".close");
    location.hash = close.hash;
    document.getElementById(close.hash.slice(1)).focus();
  });
  addEventListener("hashchange", show);
  show();
})();
