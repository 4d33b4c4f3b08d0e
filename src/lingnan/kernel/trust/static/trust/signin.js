/* Passkeys: asks the browser, and sends the answer by the form that stands on the page. */
(function () {
  "use strict";

  function bytes(text) {
    var plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
    return Uint8Array.from(plain, function (sign) { return sign.charCodeAt(0); });
  }
  function words(buffer) {
    var plain = String.fromCharCode.apply(null, new Uint8Array(buffer));
    return btoa(plain).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  }
  function named(one) { return Object.assign({}, one, { id: bytes(one.id) }); }

  function asked(options) {
    var told = Object.assign({}, options, { challenge: bytes(options.challenge) });
    if (told.user) told.user = named(told.user);
    ["allowCredentials", "excludeCredentials"].forEach(function (list) {
      if (told[list]) told[list] = told[list].map(named);
    });
    return told;
  }
  function answered(made) {
    var from = made.response, response = {};
    ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]
      .forEach(function (part) { if (from[part]) response[part] = words(from[part]); });
    if (from.getTransports) response.transports = from.getTransports();
    return JSON.stringify({
      id: made.id, rawId: words(made.rawId), type: made.type, response: response,
      clientExtensionResults: made.getClientExtensionResults()
    });
  }

  function options(form) {
    var sent = new FormData();
    sent.append("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
    return fetch(form.dataset.options, { method: "POST", body: sent }).then(function (answer) {
      if (!answer.ok) throw new Error(String(answer.status));
      return answer.json();
    });
  }
  function device(form, told) {
    var how = { publicKey: asked(told) };
    return form.dataset.passkey === "add"
      ? navigator.credentials.create(how) : navigator.credentials.get(how);
  }

  function ready(form) {
    var said = form.querySelector("[data-said]");
    if (!window.PublicKeyCredential) {
      said.textContent = form.dataset.cannot;
      form.querySelector("button.btn").disabled = true;
      return;
    }
    form.addEventListener("submit", function (event) {
      event.preventDefault();
      said.textContent = "";
      options(form).then(function (told) { return device(form, told); }).then(function (made) {
        form.elements.answer.value = answered(made);
        form.submit();
      }).catch(function () {
        form.removeAttribute("aria-busy");
        var busy = form.querySelector(".sending");
        if (busy) busy.remove();
        said.textContent = form.dataset.failed;
      });
    });
  }
  document.querySelectorAll("form[data-passkey]").forEach(ready);

  /* A code from the QR of a counter stands behind the # and was sent to nobody. */
  function fromHash() {
    var field = document.querySelector("[name=ticket]");
    if (field && location.hash.length > 1) field.value = location.hash.slice(1, 40);
  }
  addEventListener("hashchange", fromHash);
  fromHash();
})();
