/* Files are sent piece by piece, and go on where they ended. Without this file the form sends them. */
(function () {
  "use strict";
  var box = document.querySelector("[data-handing]");
  var input = document.querySelector("input[type=file]");
  if (!box || !input || !window.fetch || !input.files) return;
  var told = JSON.parse(box.dataset.handing), form = input.form, PIECE = 4194304;
  var status = box.querySelector("[role=status]"), bar = box.querySelector("progress");
  var token = form.elements.csrfmiddlewaretoken.value;

  function megabytes(count) { return (count / 1048576).toFixed(1) + " MB"; }
  function show(done, all) {
    box.hidden = false;
    bar.value = all ? done / all : 1;
    status.textContent = told.sending.replace("%(done)s", megabytes(done))
      .replace("%(all)s", megabytes(all));
  }
  function fail(words) { box.hidden = false; status.textContent = words || told.failed; }
  function wait(seconds) {
    return new Promise(function (go) { setTimeout(go, seconds * 1000); });
  }

  /* One piece; how much is there then. A line that is down is waited for. */
  function piece(url, file, at, tries) {
    var end = Math.min(at + PIECE, file.size);
    return fetch(url, {
      method: "POST", body: file.slice(at, end),
      headers: {
        "X-CSRFToken": token, "Content-Type": "application/octet-stream",
        "Content-Range": "bytes " + at + "-" + (end - 1) + "/" + file.size
      }
    }).then(function (answer) {
      if (answer.ok || answer.status === 409) return answer.json().then(function (said) {
        return said.have;
      });
      if (answer.status === 429 || answer.status >= 502 && answer.status !== 507) throw new TypeError();
      return answer.json().then(function (said) { throw new Error(said.detail); });
    }).catch(function (fault) {
      if (!(fault instanceof TypeError) || tries > 12) throw fault;
      status.textContent = told.waiting;
      return wait(Math.min(60, Math.pow(2, tries))).then(function () {
        return piece(url, file, at, tries + 1);
      });
    });
  }
  function send(url, files, have) {
    var all = 0, done = 0, number = 0;
    files.forEach(function (file, at) { all += file.size; done += have[at] || 0; });
    function next(at) {
      show(done, all);
      if (number === files.length) return Promise.resolve();
      var file = files[number];
      if (at >= file.size) { number += 1; return next(have[number] || 0); }
      return piece(url + "pieces/" + number + "/", file, at, 0).then(function (there) {
        done += there - at;
        return next(there);
      });
    }
    return next(have[0] || 0);
  }
  function close(url) {
    var said = new FormData();
    said.append("csrfmiddlewaretoken", token);
    said.append("act", "close");
    return fetch(url, { method: "POST", body: said }).then(function () { location.href = url; });
  }

  /* A batch that was begun before: the same files, in the order in which they were named. */
  function begun(files) {
    var named = [].map.call(document.querySelectorAll("table tbody tr"), function (row) {
      var name = row.querySelector("th, td").firstElementChild || row.querySelector("th, td");
      return name.textContent.trim();
    });
    return told.have.map(function (_have, at) {
      return files.filter(function (file) { return (named[at] || "").indexOf(file.name) === 0; })[0];
    });
  }
  form.addEventListener("submit", function (event) {
    var files = [].slice.call(input.files);
    if (told.url) {
      if (!files.length) return;
      event.preventDefault();
      files = begun(files);
      if (files.some(function (one) { return !one; })) { fail(told.others); return; }
      send(told.url, files, told.have).then(function () { return close(told.url); })
        .catch(function (fault) { fail(fault.message); });
      return;
    }
    if (!files.length) return;
    event.preventDefault();
    var said = new FormData(form);
    said.delete("files");
    said.append("listed", JSON.stringify(files.map(function (file) {
      return { name: file.name, media: file.type, size: file.size };
    })));
    fetch(location.href, { method: "POST", body: said }).then(function (answer) {
      if (answer.status !== 201) { input.disabled = true; form.submit(); return null; }
      return answer.json().then(function (made) {
        return send(made.url, files, []).then(function () { return close(made.url); });
      });
    }).catch(function (fault) { fail(fault.message); });
  });
})();
