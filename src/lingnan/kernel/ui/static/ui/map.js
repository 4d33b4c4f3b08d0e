/* On a map the arrows go to the next region that way, and Tab leaves the map.
   Without this file Tab goes through the regions one by one. */
(function () {
  "use strict";
  function centre(region) {
    var box = region.getBoundingClientRect();
    return [box.left + box.width / 2, box.top + box.height / 2];
  }
  function reachable(svg) {
    var all = svg.querySelectorAll(".region");
    var first = svg.querySelector(".region.here") || all[0];
    all.forEach(function (one) { one.setAttribute("tabindex", one === first ? "0" : "-1"); });
  }
  document.querySelectorAll(".atlas > svg").forEach(reachable);
  document.addEventListener("keydown", function (event) {
    var way = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    var from = event.target.closest ? event.target.closest(".atlas .region") : null;
    if (!way || !from) return;
    event.preventDefault();
    var here = centre(from), best = null, least = Infinity;
    from.ownerSVGElement.querySelectorAll(".region").forEach(function (one) {
      var there = centre(one), x = there[0] - here[0], y = there[1] - here[1];
      var ahead = x * way[0] + y * way[1], aside = Math.abs(x * way[1]) + Math.abs(y * way[0]);
      if (ahead > 1 && ahead + 2 * aside < least) { least = ahead + 2 * aside; best = one; }
    });
    if (!best) return;
    from.setAttribute("tabindex", "-1");
    best.setAttribute("tabindex", "0");
    best.focus();
  });
})();
