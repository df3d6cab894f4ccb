// SPDX-License-Identifier: GPL-3.0-or-later
// Draws the charts of a page, which are data (report/page.hpp), and shows what cells of tables tell.
"use strict";

const fugato = (() => {
  const drawn = []; // {canvas, config, chart}

  const colour = (text) => {
    const [name, alpha] = text.split("/");
    const value = getComputedStyle(document.documentElement).getPropertyValue(name).trim();
    if (!alpha) return value;
    return Chart.helpers.color(value).alpha(Number(alpha)).rgbString();
  };

  // A copy with the colours' names replaced by what they are now.
  const coloured = (x) => {
    if (typeof x === "string") return x.startsWith("--") ? colour(x) : x;
    if (Array.isArray(x)) return x.map(coloured);
    if (x === null || typeof x !== "object") return x;
    return Object.fromEntries(Object.entries(x).map(([key, value]) => [key, coloured(value)]));
  };

  const prepare = () => {
    const defaults = Chart.defaults;
    defaults.animation = false;
    defaults.maintainAspectRatio = false;
    defaults.color = colour("--soft");
    defaults.borderColor = colour("--line");
    defaults.font.family = getComputedStyle(document.body).fontFamily;
    defaults.plugins.legend.labels.boxWidth = 12;
    defaults.plugins.legend.labels.boxHeight = 12;
  };

  const plot = (entry) => {
    if (entry.chart) entry.chart.destroy();
    entry.chart = new Chart(entry.canvas, coloured(entry.config));
  };

  // Draws on a canvas; `config` is kept, and may be changed by who then calls `redraw`.
  const draw = (canvas, config) => {
    const entry = { canvas, config, chart: null };
    drawn.push(entry);
    plot(entry);
    return entry;
  };

  const redraw = (entry) => {
    const now = coloured(entry.config);
    entry.chart.data = now.data;
    entry.chart.options = now.options;
    entry.chart.update();
  };

  const drawAll = () => {
    const usual = Chart.defaults.plugins.tooltip.callbacks.label;
    Chart.defaults.plugins.tooltip.callbacks.label = function (item) {
      const tips = item.dataset.tips;
      return tips ? tips[item.dataIndex] : usual.call(this, item);
    };
    prepare();
    for (const script of document.querySelectorAll("script[data-chart]"))
      draw(document.getElementById(script.dataset.chart), JSON.parse(script.textContent));
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
      prepare();
      drawn.forEach(plot);
    });
  };

  // What a cell tells shows beside it: under the pointer, after a tap, or when it has the keyboard's focus.
  const showTips = () => {
    const box = document.createElement("div");
    box.className = "tip";
    box.setAttribute("role", "tooltip");
    let cell = null;
    const hide = () => box.remove();
    const place = () => {
      if (!box.isConnected) return;
      const at = cell.getBoundingClientRect();
      const room = document.documentElement;
      const left = Math.min(at.left, room.clientWidth - box.offsetWidth - 8);
      const below = at.bottom + 6 + box.offsetHeight <= room.clientHeight;
      box.style.left = Math.max(8, left) + "px";
      box.style.top = (below ? at.bottom + 6 : Math.max(8, at.top - 6 - box.offsetHeight)) + "px";
    };
    const show = (event) => {
      cell = event.target.closest("[data-tip]");
      if (!cell) return hide();
      box.textContent = cell.dataset.tip;
      document.body.append(box);
      place();
    };
    document.addEventListener("pointerover", show);
    document.addEventListener("focusin", show);
    document.addEventListener("focusout", hide);
    document.addEventListener("scroll", place, { capture: true, passive: true });
    document.addEventListener("keydown", (event) => event.key === "Escape" && hide());
  };

  if (typeof Chart !== "undefined") drawAll();
  showTips();
  return { draw, redraw };
})();
