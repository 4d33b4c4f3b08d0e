/* Corners of an area set on the map: by a click, or by the arrows and Enter. The field holds them, one
   a line; closing the area turns them into GeoJSON. Without this file corners are typed. */
(function () {
  "use strict";
  var tools = document.querySelector("[data-grid]"), svg = document.querySelector(".atlas > svg");
  var field = document.querySelector("textarea[name=area]");
  if (!tools || !svg || !field) return;
  var grid = JSON.parse(tools.dataset.grid), said = tools.querySelector("[role=status]");
  var view = svg.viewBox.baseVal, cursor = null;
  var layer = svg.appendChild(made("g", { "pointer-events": "none" }));
  function made(name, values) {
    var one = document.createElementNS("http://www.w3.org/2000/svg", name);
    Object.keys(values).forEach(function (key) { one.setAttribute(key, values[key]); });
    return one;
  }
  function typed() {
    return field.value.split("\n").filter(function (line) { return line.trim(); }).map(function (line) {
      return line.trim().split(/[\s,，;；]+/).map(Number);
    });
  }
  function closed() {
    try { return JSON.parse(field.value); } catch (error) { return null; }
  }
  /* The corners in the field; null where it holds something else. */
  function corners() {
    var area = closed(), ring = area && area.type === "Polygon" && (area.coordinates || [])[0];
    var all = ring ? ring.slice(0, -1) : typed();
    var fit = all.every(function (one) { return one.length === 2 && isFinite(one[0]) && isFinite(one[1]); });
    return fit ? all : null;
  }
  function fill(all) {
    field.value = all.map(function (one) { return one.join(", "); }).join("\n");
    draw();
  }
  function draw() {
    var all = corners() || [], done = closed() !== null, dot = view.width / 160;
    var points = all.map(function (one) {
      return [(one[0] - grid.west) * grid.x, (grid.north - one[1]) * grid.y];
    });
    layer.textContent = "";
    layer.appendChild(made(done ? "polygon" : "polyline", {
      points: points.join(" "), fill: done ? "#b8412a" : "none", "fill-opacity": ".2",
      stroke: "#b8412a", "stroke-width": "2.5", "vector-effect": "non-scaling-stroke"
    }));
    points.forEach(function (one) {
      layer.appendChild(made("circle", { cx: one[0], cy: one[1], r: dot, fill: "#b8412a" }));
    });
    if (cursor) layer.appendChild(made("path", {
      d: "M" + (cursor.x - 3 * dot) + "," + cursor.y + "h" + 6 * dot + "M" + cursor.x + "," + (cursor.y - 3 * dot) + "v" + 6 * dot,
      stroke: "#000", "stroke-width": "2", "vector-effect": "non-scaling-stroke"
    }));
    said.textContent = tools.dataset.said.replace("{n}", all.length) + (all.length ? " " + all[all.length - 1].join(", ") : "");
    tools.querySelector("[data-do=undo]").disabled = !all.length;
    tools.querySelector("[data-do=close]").disabled = done || all.length < 3;
  }
  function set(x, y) {
    var all = closed() ? [] : corners();
    if (!all) return;
    fill(all.concat([[+(grid.west + x / grid.x).toFixed(5), +(grid.north - y / grid.y).toFixed(5)]]));
  }
  function undo() {
    var all = corners();
    if (all) fill(closed() ? all : all.slice(0, -1));
  }
  function close() {
    var all = corners();
    if (!all || all.length < 3) return;
    field.value = JSON.stringify({ type: "Polygon", coordinates: [all.concat([all[0]])] });
    draw();
  }
  function drawing() { return tools.querySelector("[data-do=draw]").getAttribute("aria-pressed") === "true"; }
  function begin() {
    var on = !drawing();
    tools.querySelector("[data-do=draw]").setAttribute("aria-pressed", String(on));
    svg.style.cursor = on ? "crosshair" : "";
    cursor = on ? { x: view.x + view.width / 2, y: view.y + view.height / 2 } : null;
    if (on) { svg.setAttribute("tabindex", "0"); svg.focus({ preventScroll: true }); } else svg.removeAttribute("tabindex");
    draw();
  }
  tools.addEventListener("click", function (event) {
    var act = { draw: begin, undo: undo, close: close }[event.target.dataset.do];
    if (act) act();
  });
  svg.addEventListener("click", function (event) {
    if (!drawing()) return;
    event.preventDefault();
    var at = new DOMPoint(event.clientX, event.clientY).matrixTransform(svg.getScreenCTM().inverse());
    set(at.x, at.y);
  });
  svg.addEventListener("keydown", function (event) {
    if (!drawing() || event.target !== svg) return;
    var way = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    var step = view.width / (event.shiftKey ? 400 : 50);
    if (way) { cursor = { x: cursor.x + way[0] * step, y: cursor.y + way[1] * step }; draw(); }
    else if (event.key === "Enter" || event.key === " ") set(cursor.x, cursor.y);
    else if (event.key === "Backspace") undo();
    else if (event.key === "Escape") begin();
    else return;
    event.preventDefault();
  });
  /* Coming closer is another page: the corners go along in its address; too many, in the form. */
  function along(event) {
    var link = event.target.closest("a[href^='?within=']"), text = field.value.trim();
    if (!link || event.defaultPrevented || !text || link.getAttribute("href").indexOf("&") > 0) return;
    var within = link.getAttribute("href").slice(8), url = "?within=" + within + "&area=" + encodeURIComponent(text);
    event.preventDefault();
    if (url.length < 1800) { window.location.assign(url); return; }
    ["within", "look"].forEach(function (name) {
      var old = field.form.querySelector("input[name=" + name + "]");
      var one = old || field.form.appendChild(Object.assign(document.createElement("input"), { type: "hidden", name: name }));
      one.value = name === "within" ? within : "1";
    });
    field.form.submit();
  }
  document.addEventListener("click", along);
  field.addEventListener("input", draw);
  tools.hidden = false;
  draw();
})();
