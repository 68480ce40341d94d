// Live numbers and charts. Text from the CRM only ever goes into textContent and into a canvas, never into markup.
"use strict";
(function () {
  const INK = "#1c2430", SOFT = "#55606f", LINE = "#d9dee6", ACCENT = "#0b5cad", GOOD = "#14683c", BAD = "#b3261e", PALE = "#9fb4cc";
  const still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  const drawn = new Map();

  function number(value, digits) {
    if (value === null || value === undefined) { return "—"; }
    return new Intl.NumberFormat(document.documentElement.lang, { maximumFractionDigits: digits }).format(value);
  }

  function worded(chart, value) {
    const digits = Math.abs(value) >= 1000 ? 0 : 1;
    return chart.unit[0] + number(value, digits) + chart.unit[1];
  }

  function axis(chart, value) {
    const size = Math.abs(value);
    if (size < 10000) { return worded(chart, value); }
    return chart.unit[0] + new Intl.NumberFormat(document.documentElement.lang, { notation: "compact" }).format(value) + chart.unit[1];
  }

  function wide(canvas) { return Math.min(220, Math.round(canvas.clientWidth * 0.36)); }

  function flat(canvas, right) { return { left: wide(canvas) + 14, right: right, top: 8, bottom: 26 }; }

  function small(canvas) { return canvas.clientWidth < 420; }

  // Names of people and stages: a long one takes two lines, a longer one is cut; the whole is in the table below.
  function named(canvas) {
    const most = Math.floor(wide(canvas) / 7) * 2;
    return { color: INK, width: wide(canvas), overflow: "break", lineHeight: 14, formatter: function (text) { return text.length > most ? text.slice(0, most - 1) + "…" : text; } };
  }

  function base(chart, extra) {
    return Object.assign({
      animation: !still, textStyle: { fontFamily: "system-ui, sans-serif", color: INK },
      grid: { left: 8, right: 16, top: 28, bottom: 8, containLabel: true },
      tooltip: { trigger: "axis", renderMode: "richText", confine: true, valueFormatter: function (value) { return value === null || value === undefined || value === "-" ? "—" : worded(chart, value); } },
      xAxis: { type: "category", data: chart.labels, axisLine: { lineStyle: { color: LINE } }, axisLabel: { color: SOFT, hideOverlap: true } },
      yAxis: { type: "value", axisLabel: { color: SOFT, formatter: function (value) { return axis(chart, value); } }, splitLine: { lineStyle: { color: LINE } } }
    }, extra);
  }

  const kinds = {
    pace: function (chart) {
      const last = chart.labels.length - 1, today = chart.fact.filter(function (one) { return one !== null; }).length - 1;
      const series = [
        { name: chart.names[0], type: "line", data: chart.fact, symbol: "none", lineStyle: { width: 3, color: ACCENT }, itemStyle: { color: ACCENT } }
      ];
      if (chart.plan) {
        series.push({ name: chart.names[1], type: "line", data: chart.plan, symbol: "none", lineStyle: { type: "dashed", color: SOFT }, itemStyle: { color: SOFT } });
      }
      if (chart.band && today >= 0 && today < last) {
        const low = chart.labels.map(function (_, n) { return n < today ? null : chart.fact[today] + (chart.band[0] - chart.fact[today]) * (n - today) / (last - today); });
        const width = chart.labels.map(function (_, n) { return n < today ? null : (chart.band[1] - chart.band[0]) * (n - today) / (last - today); });
        series.push({ name: "low", type: "line", stack: "band", data: low, symbol: "none", lineStyle: { opacity: 0 }, tooltip: { show: false } });
        series.push({ name: chart.names[2], type: "line", stack: "band", data: width, symbol: "none", lineStyle: { opacity: 0 }, areaStyle: { color: ACCENT, opacity: 0.15 }, itemStyle: { color: PALE }, tooltip: { show: false } });
      }
      const names = series.map(function (one) { return one.name; }).filter(function (name) { return name !== "low"; });
      return base(chart, { legend: { top: 0, right: 0, data: names, textStyle: { color: SOFT } }, series: series });
    },
    trend: function (chart) {
      const width = chart.low.map(function (low, n) { return low === null || chart.high[n] === null ? null : chart.high[n] - low; });
      return base(chart, {
        legend: { top: 0, right: 0, data: [chart.names[0], chart.names[1]], textStyle: { color: SOFT } },
        series: [
          { name: "low", type: "line", stack: "band", data: chart.low, symbol: "none", lineStyle: { opacity: 0 }, tooltip: { show: false } },
          { name: chart.names[1], type: "line", stack: "band", data: width, symbol: "none", lineStyle: { opacity: 0 }, areaStyle: { color: ACCENT, opacity: 0.15 }, itemStyle: { color: PALE }, tooltip: { show: false } },
          { name: chart.names[0], type: "line", data: chart.values, symbolSize: 7, lineStyle: { width: 3, color: ACCENT }, itemStyle: { color: ACCENT } }
        ]
      });
    },
    compare: function (chart, canvas) {
      const bars = chart.labels.map(function (_, n) { return [n, chart.low[n], chart.high[n]]; }).filter(function (one) { return one[1] !== null; });
      return base(chart, {
        grid: flat(canvas, 24),
        xAxis: { type: "value", splitNumber: small(canvas) ? 2 : 5, axisLabel: { color: SOFT, hideOverlap: true, formatter: function (value) { return axis(chart, value); } }, splitLine: { lineStyle: { color: LINE } } },
        yAxis: { type: "category", data: chart.labels, inverse: true, axisLine: { lineStyle: { color: LINE } }, axisLabel: named(canvas) },
        series: [
          { name: chart.names[1], type: "custom", data: bars, encode: { x: [1, 2], y: 0 }, tooltip: { show: false }, renderItem: function (_, api) {
            const from = api.coord([api.value(1), api.value(0)]), to = api.coord([api.value(2), api.value(0)]);
            return { type: "rect", shape: { x: from[0], y: from[1] - 4, width: to[0] - from[0], height: 8, r: 4 }, style: { fill: PALE, opacity: 0.7 } };
          } },
          { name: chart.names[0], type: "scatter", data: chart.values, symbolSize: 11, itemStyle: { color: ACCENT } }
        ]
      });
    },
    funnel: function (chart, canvas) {
      return base(chart, {
        grid: flat(canvas, small(canvas) ? 84 : 130),
        tooltip: { show: false },
        xAxis: { type: "value", minInterval: 1, splitNumber: small(canvas) ? 2 : 5, axisLabel: { color: SOFT, hideOverlap: true }, splitLine: { lineStyle: { color: LINE } } },
        yAxis: { type: "category", data: chart.labels, inverse: true, axisLine: { lineStyle: { color: LINE } }, axisLabel: named(canvas) },
        series: [{ name: chart.names[0], type: "bar", data: chart.values, barMaxWidth: 22, itemStyle: { color: ACCENT, borderRadius: [0, 4, 4, 0] },
          label: { show: true, position: "right", color: INK, formatter: function (one) { return chart.values[one.dataIndex] + (small(canvas) ? "\n" : " · ") + chart.notes[one.dataIndex]; }, lineHeight: 14 } }]
      });
    },
    calendar: function (chart, canvas) {
      return base(chart, {
        grid: { left: 34, right: 8, top: 8, bottom: 52 },
        tooltip: { renderMode: "richText", confine: true, formatter: function (one) { return one.value[3] + "\n" + one.value[4]; } },
        xAxis: { type: "category", data: chart.labels, splitArea: { show: false }, axisTick: { show: false }, axisLine: { show: false }, axisLabel: { color: SOFT, hideOverlap: true, fontSize: small(canvas) ? 10 : 12 } },
        yAxis: { type: "category", data: chart.rows, inverse: true, axisTick: { show: false }, axisLine: { show: false }, axisLabel: { color: SOFT } },
        visualMap: { min: 0, max: Math.max(1, chart.most), dimension: 2, calculable: false, orient: "horizontal", left: "center", bottom: 0, itemHeight: 90, itemWidth: 12, textStyle: { color: SOFT }, text: [number(chart.most, 0), "0"], inRange: { color: ["#eef2f7", "#a9c9e8", ACCENT, "#062f5c"] } },
        series: [{ type: "heatmap", data: chart.cells, itemStyle: { borderColor: "#fff", borderWidth: 2, borderRadius: 3 }, emphasis: { itemStyle: { borderColor: INK, borderWidth: 1 } } }]
      });
    },
    waterfall: function (chart, canvas) {
      const last = chart.values.length - 1;
      let level = chart.values[0];
      const floor = [], bar = [];
      chart.values.forEach(function (value, n) {
        if (n === 0 || n === last) { floor.push(0); bar.push({ value: value, itemStyle: { color: n ? ACCENT : SOFT } }); return; }
        floor.push(Math.min(level, level + value));
        bar.push({ value: Math.abs(value), itemStyle: { color: value < 0 ? BAD : GOOD } });
        level += value;
      });
      return base(chart, {
        grid: flat(canvas, 90),
        tooltip: { show: false },
        xAxis: { type: "value", splitNumber: small(canvas) ? 2 : 3, axisLabel: { show: !small(canvas), color: SOFT, hideOverlap: true, formatter: function (value) { return axis(chart, value); } }, splitLine: { lineStyle: { color: LINE } } },
        yAxis: { type: "category", data: chart.labels, inverse: true, axisLine: { lineStyle: { color: LINE } }, axisLabel: named(canvas) },
        series: [
          { type: "bar", stack: "all", data: floor, itemStyle: { color: "transparent" }, silent: true },
          { name: chart.names[0], type: "bar", stack: "all", data: bar, barMaxWidth: 22, label: { show: true, position: "right", color: INK, formatter: function (one) { return chart.notes[one.dataIndex]; } } }
        ]
      });
    }
  };

  function table(chart) {
    const details = document.createElement("details"), summary = document.createElement("summary"), made = document.createElement("table");
    summary.textContent = document.body.dataset.table;
    const head = made.createTHead().insertRow();
    chart.table.head.forEach(function (text) { const cell = document.createElement("th"); cell.scope = "col"; cell.textContent = text; head.appendChild(cell); });
    const body = made.createTBody();
    chart.table.rows.forEach(function (row) {
      const line = body.insertRow();
      row.forEach(function (text, n) { const cell = line.insertCell(); cell.textContent = text; if (n) { cell.className = "right"; } });
    });
    const box = document.createElement("div");
    box.className = "scroll"; box.tabIndex = 0; box.setAttribute("role", "region"); box.setAttribute("aria-label", chart.title);
    box.appendChild(made);
    details.append(summary, box);
    return details;
  }

  // Pictures to take away, drawn anew at one size: what is on the screen may be 300 px wide.
  const SIZE = { width: 960, height: 420 };

  function picture(chart, kind) {
    const lying = ["compare", "funnel", "waterfall"].includes(chart.kind), title = 34;
    const height = (lying ? Math.max(160, 60 + chart.labels.length * 34) : SIZE.height) + title;
    const holder = document.createElement("div");
    const made = window.echarts.init(holder, null, { renderer: kind === "svg" ? "svg" : "canvas", width: SIZE.width, height: height });
    const option = kinds[chart.kind](chart, { clientWidth: SIZE.width });
    option.animation = false;
    option.backgroundColor = "#fff";
    option.title = { text: chart.title, left: 12, top: 8, textStyle: { color: INK, fontSize: 15, fontWeight: 600 } };
    option.grid = Object.assign({}, option.grid, { top: option.grid.top + title, left: Math.max(option.grid.left, 16), bottom: option.grid.bottom + 8 });
    if (option.legend) { option.legend.top = title - 4; }
    made.setOption(option);
    const svg = kind === "svg" ? holder.querySelector("svg") : null;
    let blob;
    if (svg) {
      svg.removeAttribute("style");
      blob = Promise.resolve(new Blob([new XMLSerializer().serializeToString(svg)], { type: "image/svg+xml" }));
    } else {
      const canvas = made.renderToCanvas({ pixelRatio: 2, backgroundColor: "#fff" });
      blob = new Promise(function (done) { canvas.toBlob(done, "image/png"); });
    }
    return blob.then(function (one) { made.dispose(); return one; });
  }

  function take(chart, kind) {
    picture(chart, kind).then(function (blob) {
      const link = document.createElement("a");
      link.href = URL.createObjectURL(blob);
      link.download = chart.title.replace(/[\\/:*?"<>|\u0000-\u001f]+/g, " ").trim().slice(0, 80) + "." + kind;
      link.click();
      window.setTimeout(function () { URL.revokeObjectURL(link.href); }, 10000);
    });
  }

  function taking(chart) {
    const row = document.createElement("p");
    row.className = "taking";
    ["png", "svg"].forEach(function (kind) {
      const button = document.createElement("button");
      button.type = "button"; button.className = "quiet"; button.dataset.take = kind;
      button.textContent = kind.toUpperCase();
      button.setAttribute("aria-label", document.body.dataset.take + " " + kind.toUpperCase() + ": " + chart.title);
      button.addEventListener("click", function () { take(chart, kind); });
      row.appendChild(button);
    });
    return row;
  }

  // When what is being measured was asked for first, by address: brought back with every further question.
  const ASKED = "kpi-asked", asked = new Map();

  function remember(address, moment) { if (moment) { asked.set(address, moment); } else { asked.delete(address); } }

  function bring(address, headers) { if (asked.has(address)) { headers[ASKED] = asked.get(address); } return headers; }

  function bare(address) { return address.replace(/\?$/, ""); }

  function draw(figure) {
    const canvas = figure.querySelector(".canvas"), address = figure.dataset.chart;
    fetch(address, { headers: bring(address, { accept: "application/json" }) }).then(function (answer) {
      remember(address, answer.headers.get(ASKED));
      if (!answer.ok) { throw answer.status; }
      if (answer.status === 202) { window.setTimeout(function () { if (figure.isConnected) { draw(figure); } }, 700); return null; }
      return answer.json();
    }).then(function (chart) {
      if (chart === null) { return; }
      if (!chart.labels.length) { figure.classList.add("none"); figure.dataset.drawn = "none"; return; }
      const lying = ["compare", "funnel", "waterfall"].includes(chart.kind);
      if (lying) { canvas.style.height = Math.max(120, 44 + chart.labels.length * (small(canvas) ? 46 : 34)) + "px"; }
      const made = window.echarts.init(canvas, null, { renderer: "canvas" });
      made.setOption(kinds[chart.kind](chart, canvas));
      figure.querySelector("figcaption").textContent = chart.title;
      canvas.setAttribute("aria-label", chart.title);
      drawn.set(canvas, made);
      figure.querySelectorAll("details, .taking").forEach(function (old) { old.remove(); });
      figure.append(table(chart), taking(chart));
      figure.dataset.drawn = "yes";
    }).catch(function (status) {
      if (status === 404) { figure.classList.add("none"); } else { canvas.textContent = document.body.dataset.failed; }
      figure.dataset.drawn = "no";
    });
  }

  function drawAll() {
    drawn.forEach(function (made, canvas) { if (!canvas.isConnected) { made.dispose(); drawn.delete(canvas); } });
    if (!window.echarts) { return; }
    document.querySelectorAll("figure[data-chart]:not([data-drawn])").forEach(draw);
  }

  // On a narrow screen a row of a wide table is a card: each value beside the title of its column (kpi.css says when).
  const ROLES = { TABLE: "table", THEAD: "rowgroup", TBODY: "rowgroup", TFOOT: "rowgroup", TR: "row", TD: "cell" };

  function asCards(table) {
    const titles = Array.from(table.querySelectorAll("thead th")).map(function (one) { return one.textContent.trim(); });
    if (titles.length < 4) { return; }
    table.classList.add("cards");
    table.querySelectorAll("tbody > tr, tfoot > tr").forEach(function (row) {
      Array.from(row.cells).forEach(function (cell, n) {
        if (cell.tagName !== "TD" || cell.querySelector(".cell")) { return; }
        const box = document.createElement("div");
        box.className = "cell";
        box.append.apply(box, cell.childNodes);
        cell.append(box);
        cell.dataset.title = titles[n] || "";
        if (box.textContent.trim() === "") { cell.classList.add("void"); }
      });
    });
    [table].concat(Array.from(table.querySelectorAll("thead, tbody, tfoot, tr, td, th"))).forEach(function (one) {
      one.setAttribute("role", ROLES[one.tagName] || (one.scope === "row" ? "rowheader" : "columnheader"));
    });
  }

  function cards() { document.querySelectorAll("main .scroll > table:not(.cards)").forEach(asCards); }

  // A form that somebody is filling in is not swept away by fresh numbers.
  function typing() {
    if (document.querySelector("main details[open] form, main form[data-keep]")) { return true; }
    return Array.from(document.querySelectorAll("main textarea, main input[type=text]")).some(function (one) { return one.value !== one.defaultValue; });
  }

  function listen() {
    if (!window.EventSource || !document.getElementById("live")) { return; }
    const stream = new EventSource("/live");
    stream.addEventListener("numbers", function () { if (!typing()) { window.htmx.trigger(document.body, "numbers"); } });
    window.addEventListener("pagehide", function () { stream.close(); });
  }

  document.addEventListener("DOMContentLoaded", function () {
    cards();
    drawAll();
    listen();
    document.body.addEventListener("htmx:afterSettle", function () {
      cards();
      drawAll();
      const news = document.getElementById("news"), at = document.querySelector(".asof time");
      const said = document.body.dataset.updated + ", " + (at ? at.textContent : "");
      if (news && at && news.textContent !== said) { news.textContent = said; }
    });
    document.body.addEventListener("htmx:configRequest", function (event) { bring(bare(event.detail.path), event.detail.headers); });
    document.body.addEventListener("htmx:afterRequest", function (event) {
      remember(bare(event.detail.requestConfig.path), event.detail.xhr.getResponseHeader(ASKED));
    });
    document.body.addEventListener("htmx:beforeSwap", function (event) {
      if (event.detail.target.id === "live" && typing()) { event.detail.shouldSwap = false; }
    });
    window.addEventListener("resize", function () { drawn.forEach(function (made) { made.resize(); }); });
  });
})();
