/* Comforts: every page works without them. */
(function () {
"use strict";

/* A phone's menu scrolls: it begins where one is. */
var here = document.querySelector("nav.main [aria-current]");
if (here) here.closest("ul").scrollLeft = here.offsetLeft - 32;

function calm(form) {
  form.removeAttribute("aria-busy");
  var said = form.querySelector(".sending");
  if (said) said.remove();
}

/* A form is sent once: a second press meanwhile does nothing. */
document.addEventListener("submit", function (event) {
  var form = event.target;
  if (form.getAttribute("method") !== "post") return;
  if (form.getAttribute("aria-busy") === "true") {
    event.preventDefault();
    event.stopImmediatePropagation();
    return;
  }
  form.setAttribute("aria-busy", "true");
  if (!form.closest(".top, td, th")) {
    form.insertAdjacentHTML("beforeend", '<p class="sending soft" role="status"></p>');
    form.lastElementChild.textContent = document.body.dataset.busy || "";
  }
  setTimeout(calm, 20000, form);
}, true);
document.addEventListener("htmx:afterRequest", function (event) {
  var form = event.target.closest("form");
  if (form) calm(form);
});
addEventListener("pageshow", function () {
  document.querySelectorAll("form[aria-busy]").forEach(calm);
});

/* Copy buttons appear only where they can work. */
function offerCopies(root) {
  if (!navigator.clipboard) return;
  root.querySelectorAll("[data-copy][hidden]").forEach(function (button) {
    button.hidden = false;
  });
}
document.addEventListener("click", function (event) {
  var button = event.target.closest("[data-copy]");
  if (!button) return;
  var before = button.textContent, said = button.dataset;
  navigator.clipboard.writeText(said.copy).then(function () {
    button.textContent = said.copied || before;
    setTimeout(function () { button.textContent = before; }, 2500);
  });
});
offerCopies(document);
document.addEventListener("htmx:afterSwap", function (event) {
  offerCopies(event.target);
  focusErrors(event.target);
});

/* A part that comes back as it stands is left alone, the focus in it. */
function bare(part) { return part.innerHTML.replace(/ hx-preserve="true"/g, ""); }
document.addEventListener("htmx:beforeSwap", function (event) {
  var swap = event.detail, now = swap.target, all = document.createElement("template");
  all.innerHTML = swap.serverResponse;
  var next = all.content.firstElementChild;
  if (next && now.id && next.id === now.id && bare(next) === bare(now)) {
    next.remove();
    swap.serverResponse = all.innerHTML;
    swap.swapOverride = "none";
  }
});

/* After errors the summary is read first. */
function focusErrors(root) {
  var errors = root.querySelector(".errors");
  if (errors) errors.focus();
}
focusErrors(document);

/* The line is gone. */
var offline = document.querySelector(".offline");
function line() { if (offline) offline.hidden = navigator.onLine; }
["online", "offline"].forEach(function (name) { addEventListener(name, line); });
line();
})();
