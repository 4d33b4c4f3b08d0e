/* Small comforts. Every page works without this file. */
(function () {
  "use strict";
  var body = document.body;

  function calm(form) {
    form.removeAttribute("aria-busy");
    var said = form.querySelector(".sending");
    if (said) said.remove();
  }

  /* A form is sent once: a second press while the first is on its way does nothing. */
  document.addEventListener("submit", function (event) {
    var form = event.target;
    if ((form.getAttribute("method") || "").toLowerCase() !== "post") return;
    if (form.getAttribute("aria-busy") === "true") {
      event.preventDefault();
      event.stopImmediatePropagation();
      return;
    }
    form.setAttribute("aria-busy", "true");
    if (!form.closest(".top, td, th")) {
      var said = document.createElement("p");
      said.className = "sending soft";
      said.setAttribute("role", "status");
      form.append(said);
      said.textContent = body.dataset.busy || "";
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
    var before = button.textContent;
    navigator.clipboard.writeText(button.dataset.copy).then(function () {
      button.textContent = button.dataset.copied || before;
      setTimeout(function () { button.textContent = before; }, 2500);
    });
  });
  offerCopies(document);
  document.addEventListener("htmx:afterSwap", function (event) {
    offerCopies(event.target);
    focusErrors(event.target);
  });

  /* A part that comes back as it stands is left alone: focus and what is being typed stay. */
  function shown(part) { return part.innerHTML.replace(/ hx-preserve="true"/g, ""); }
  document.addEventListener("htmx:beforeSwap", function (event) {
    var now = event.detail.target;
    var answer = new DOMParser().parseFromString(event.detail.serverResponse, "text/html");
    var next = answer.body.firstElementChild;
    if (now.id && next && next.id === now.id && shown(next) === shown(now)) {
      next.remove();
      event.detail.serverResponse = answer.body.innerHTML;
      event.detail.swapOverride = "none";
    }
  });

  /* After a page with errors: the summary is read first. */
  function focusErrors(root) {
    var errors = root.querySelector(".errors");
    if (errors) errors.focus();
  }
  focusErrors(document);

  /* Say when the line is gone. */
  var offline = document.querySelector(".offline");
  function line() { if (offline) offline.hidden = navigator.onLine; }
  addEventListener("online", line);
  addEventListener("offline", line);
  line();
})();
