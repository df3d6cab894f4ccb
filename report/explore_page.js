// SPDX-License-Identifier: GPL-3.0-or-later
// Shows one track or all of them, and where the one that plays is.
"use strict";

(() => {
  const cards = [...document.querySelectorAll("[data-track]")];

  document.getElementById("shown")?.addEventListener("change", (event) => {
    const chosen = event.target.value;
    for (const card of cards) card.hidden = chosen !== "all" && card.dataset.track !== chosen;
    document.querySelector("main").classList.toggle("single", chosen !== "all");
  });

  const plotsOf = (track) =>
    cards
      .filter((card) => card.dataset.track === track)
      .map((card) => card.querySelector("svg.plot[data-seconds]"))
      .filter((plot) => plot);

  const follow = (audio, plots) => {
    for (const plot of plots) {
      const head = plot.querySelector(".head");
      const place = Math.min(1, audio.currentTime / Number(plot.dataset.seconds));
      head.setAttribute("x1", 100 * place + "%");
      head.setAttribute("x2", 100 * place + "%");
      head.setAttribute("visibility", "visible");
    }
  };

  for (const audio of document.querySelectorAll("audio")) {
    const plots = plotsOf(audio.closest("[data-track]").dataset.track);
    const step = () => {
      follow(audio, plots);
      if (!audio.paused) requestAnimationFrame(step);
    };
    audio.addEventListener("play", () => {
      for (const other of document.querySelectorAll("audio")) if (other !== audio) other.pause();
      step();
    });
    audio.addEventListener("seeked", () => follow(audio, plots));
    for (const plot of plots) {
      plot.style.cursor = "crosshair";
      plot.addEventListener("click", (event) => {
        const box = plot.getBoundingClientRect();
        const place = (event.clientX - box.left) / box.width;
        audio.currentTime = Math.min(1, Math.max(0, place)) * Number(plot.dataset.seconds);
      });
    }
  }
})();
