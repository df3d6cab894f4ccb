// SPDX-License-Identifier: GPL-3.0-or-later
// Shows what goes on, as the server tells it.
"use strict";

(() => {
  const $ = (id) => document.getElementById(id);
  const window_s = 60; // of the stream
  const most_lines = 64;
  const most_points = 300;
  let boxes = [];
  let failures = [];
  let ended = false;

  const duration = (s) =>
    s < 120 ? `${s.toFixed(s < 10 ? 1 : 0)} s` : s < 7200 ? `${Math.round(s / 60)} min` : `${(s / 3600).toFixed(1)} h`;
  const bytes = (n) => (n < 1e9 ? `${(n / 1e6).toFixed(0)} MB` : `${(n / 1e9).toFixed(2)} GB`);
  const count = (n) => n.toLocaleString("en");

  const text = (id, value) => {
    if ($(id).textContent !== value) $(id).textContent = value;
  };

  const rates = fugato.draw($("rates"), {
    type: "line",
    data: { labels: [], datasets: [{ data: [], borderColor: "--blue", backgroundColor: "--blue/0.15", fill: true,
      pointRadius: 0, borderWidth: 2, tension: 0.2 }] },
    options: {
      plugins: { legend: { display: false } },
      scales: { x: { ticks: { maxTicksLimit: 8, maxRotation: 0 } }, y: { beginAtZero: true } },
    },
  });

  const addRates = (points) => {
    if (!points.length) return;
    const { labels, datasets } = rates.config.data;
    for (const point of points) {
      labels.push(duration(point.at));
      datasets[0].data.push(point.rate);
    }
    const old = Math.max(0, labels.length - most_points);
    labels.splice(0, old);
    datasets[0].data.splice(0, old);
    fugato.redraw(rates);
  };

  const row = (cells, kind = "td") => {
    const tr = document.createElement("tr");
    for (const [value, words] of cells) {
      const cell = document.createElement(kind);
      cell.textContent = value;
      if (words) cell.className = "words";
      tr.append(cell);
    }
    return tr;
  };

  const showLines = (x) => {
    const heading = row([["line"], ["process"], ["state", true], ["in hand", true], ["for"], ["done"]], "th");
    const rows = x.lines.slice(0, most_lines).map((line) =>
      row([
        [line.line],
        [line.process || "leader"],
        [line.state, true],
        [line.task + (line.in_hand > 1 ? ` and ${line.in_hand - 1} more` : ""), true],
        [line.in_hand ? duration(line.seconds) : ""],
        [count(line.done)],
      ]),
    );
    $("lines").replaceChildren(heading, ...rows);
  };

  const svg = (name, attributes) => {
    const result = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const [key, value] of Object.entries(attributes)) result.setAttribute(key, value);
    return result;
  };

  const showStream = (x) => {
    const from = Math.max(0, x.seconds - window_s);
    boxes = boxes.concat(x.stream).filter((box) => box.start + box.seconds > from);
    const height = 12;
    const count = Math.min(x.lines.length, most_lines);
    const drawing = svg("svg", { class: "strip", height: count * height });
    const at = (s) => `${((100 * (s - from)) / window_s).toFixed(3)}%`;
    for (let i = 0; i < count; i++)
      drawing.append(svg("rect", { class: "lane", x: 0, width: "100%", y: i * height, height: height - 2 }));
    const add = (line, start, seconds, name, kind) => {
      if (line >= count) return;
      const begin = Math.max(from, start);
      const rect = svg("rect", { class: `task ${kind}`, x: at(begin), y: line * height, height: height - 2,
        width: `${((100 * (start + seconds - begin)) / window_s).toFixed(3)}%` });
      const title = svg("title", {});
      title.textContent = `line ${line}: ${name}, ${duration(seconds)}`;
      rect.append(title);
      drawing.append(rect);
    };
    for (const box of boxes) add(box.line, box.start, box.seconds, box.name, "task0");
    for (const line of x.lines)
      if (line.in_hand) add(line.line, x.seconds - line.seconds, line.seconds, line.task, "task1");
    $("stream").replaceChildren(drawing);
  };

  const showFailures = (x) => {
    if (!x.failures.length) return;
    failures = x.failures.concat(failures).sort((a, b) => b.number - a.number).slice(0, 100);
    $("none-failed").hidden = true;
    $("failures").hidden = false;
    $("failures").firstChild.replaceChildren(
      row([["at"], ["reason", true], ["sentence", true]], "th"),
      ...failures.map((f) => row([[duration(f.at)], [f.reason, true], [f.sentence, true]])),
    );
  };

  const show = (x) => {
    const finished = x.done + x.failed;
    const share = x.tasks ? finished / x.tasks : 0;
    document.title = `${x.phase} ${(100 * share).toFixed(0)} % - Fugato`;
    text("phase", x.phase[0].toUpperCase() + x.phase.slice(1));
    text("command", x.command);
    text("share", `${(100 * share).toFixed(share < 1 ? 1 : 0)} %`);
    text("share-note", `${count(finished)} of ${count(x.tasks)} ${x.unit}`);
    $("progress").firstChild.style.width = `${100 * share}%`;
    $("progress").setAttribute("aria-valuenow", (100 * share).toFixed(0));
    text("rate", `${x.rate.toFixed(x.rate < 10 ? 2 : 0)}/s`);
    text("rate-note", x.x_real_time ? `${count(Math.round(x.x_real_time))} x real time` : `${x.unit}, last 10 s`);
    text("eta", x.eta_seconds < 0 ? "-" : duration(x.eta_seconds));
    text("eta-note", `${duration(x.seconds)} gone`);
    text("failed", count(x.failed));
    text("failed-note", x.reasons.map((r) => `${r.tracks} ${r.reason}`).join(", ") || `${x.retries} tried again`);
    text("queue", count(x.waiting));
    text("queue-note", `${count(x.in_hand)} in hand`);
    text("memory", bytes(x.rss_bytes + x.worker_rss_bytes));
    text("memory-note", x.worker_rss_bytes ? `${bytes(x.worker_rss_bytes)} of it in workers` : "of this process");
    addRates(x.rates);
    showStream(x);
    showLines(x);
    showFailures(x);
  };

  const events = new EventSource("/api/events");
  events.onopen = () => {
    text("connection", "live");
    rates.config.data.labels = []; // all is told again
    rates.config.data.datasets[0].data = [];
    boxes = [];
  };
  events.onerror = () => {
    if (!ended) text("connection", "no connection");
  };
  events.onmessage = (event) => show(JSON.parse(event.data));
  events.addEventListener("end", () => {
    ended = true;
    events.close();
    text("connection", "ended");
  });
})();
