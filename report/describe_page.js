// SPDX-License-Identifier: GPL-3.0-or-later
// The box plots of the feature that is chosen, and what lies under the pointer in the correlation.
"use strict";

(() => {
  const data = (id) => JSON.parse(document.getElementById(id).textContent);

  const boxPlots = () => {
    const { labels, colours, features } = data("distributions");
    const choice = document.getElementById("feature");
    const sorting = document.getElementById("sorting");
    const digits = (x) => (x === null ? "-" : Number(x.toPrecision(4)).toString());

    // What each box tells, worked out when it is asked.
    const tell = (feature) =>
      feature.boxes.map(
        ([min, , q1, median, q3, , max, count]) =>
          `median ${digits(median)}, quartiles ${digits(q1)} and ${digits(q3)}, ` +
          `from ${digits(min)} to ${digits(max)}, ${count} values`
      );

    const configOf = (feature) => {
      const tips = tell(feature);
      const bars = (low, high, thickness, colour, order) => ({
        data: feature.boxes.map((box) => (box[low] === null ? null : [box[low], box[high]])),
        backgroundColor: colour, barThickness: thickness, grouped: false, order, tips, minBarLength: 2,
      });
      return {
        type: "bar",
        data: {
          labels,
          datasets: [
            bars(1, 5, 2, "--soft", 3),
            bars(2, 4, 18, colours, 2),
            {
              type: "scatter", order: 1, tips, pointStyle: "line", rotation: 90, radius: 9, hoverRadius: 11, borderWidth: 3,
              borderColor: "--ink",
              data: feature.boxes.map((box, i) => ({ x: box[3], y: labels[i] })),
            },
          ],
        },
        options: {
          indexAxis: "y",
          plugins: { legend: { display: false } },
          scales: { x: { title: { display: true, text: feature.name } }, y: { offset: true } },
        },
      };
    };

    const list = () => {
      const chosen = choice.value;
      const all = [...features];
      if (sorting.value === "between") all.sort((a, b) => b.between - a.between);
      choice.replaceChildren(
        ...all.map((feature) => {
          const share = labels.length > 1 ? ` (${(100 * feature.between).toFixed(1)} % between classes)` : "";
          return new Option(feature.name + share, feature.name);
        })
      );
      if (chosen) choice.value = chosen;
    };

    list();
    const find = () => features.find((feature) => feature.name === choice.value);
    const drawn = fugato.draw(document.getElementById("boxes"), configOf(find()));
    choice.addEventListener("change", () => {
      drawn.config = configOf(find());
      fugato.redraw(drawn);
    });
    sorting.addEventListener("change", list);
  };

  const correlation = () => {
    const picture = document.getElementById("heat");
    if (!picture) return;
    const { columns, r } = data("correlation");
    const values = Int8Array.from(atob(r), (c) => c.charCodeAt(0));
    const said = document.getElementById("pair");
    const names = [...document.querySelectorAll(".heatmap li")];
    const show = (event) => {
      const box = picture.getBoundingClientRect();
      const at = (place) => Math.min(columns.length - 1, Math.max(0, Math.floor(place * columns.length)));
      const row = at((event.clientY - box.top) / box.height);
      const column = at((event.clientX - box.left) / box.width);
      const value = values[row * columns.length + column];
      said.textContent = `${columns[row]} and ${columns[column]}: r = ${value === -128 ? "-" : (value / 100).toFixed(2)}`;
      names.forEach((name, i) => name.classList.toggle("marked", i === row || i === column));
    };
    picture.addEventListener("pointermove", show);
    picture.addEventListener("pointerdown", show);
  };

  boxPlots();
  correlation();
})();
