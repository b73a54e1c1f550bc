/* Draws the charts of the figures page. The data stands on the page as JSON, the same figures in a table below each. */
(() => {
  const data = JSON.parse(document.getElementById("chart-data").textContent);
  const still = { animation: false };
  const PAPER = 620; // pixels: the width of a panel on A4, which the page can't measure before it is printed

  const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

  function look() {
    return {
      ink: token("--ink"), quiet: token("--ink-2"), line: token("--line"), sheet: token("--sheet"),
      series: [token("--bar-2"), token("--bar"), token("--action")], bad: token("--red-fill"),
    };
  }

  // How many lines the names of a legend take: a Chinese character is 13 pixels wide, a letter about 7, the mark and its gaps 31.
  function lines(names, width) {
    const wide = (name) => [...name].reduce((sum, one) => sum + (one.charCodeAt(0) > 255 ? 13 : 7), 31);
    return names.reduce(([count, left], name) => wide(name) > left ? [count + 1, width - wide(name)] : [count, left - wide(name)], [0, 0])[0];
  }

  function option(chart, colours, width) {
    const names = [...chart.series, ...(chart.limit ? [chart.limit] : [])].map((series) => series.name);
    const bars = chart.series.map((series, place) => ({
      type: "bar", name: series.name, data: series.values, barMaxWidth: 28, barGap: "12%",
      itemStyle: { color: series.bad ? colours.bad : colours.series[place % colours.series.length] },
      label: { show: !chart.limit && chart.categories.length * chart.series.length <= 18, position: "top", color: colours.quiet, fontSize: 12 },
    }));
    // The standard is a stroke over each group, not a bar: it is what the bars are held against.
    const limits = chart.limit ? [{
      type: "scatter", name: chart.limit.name, data: chart.limit.values, symbol: "rect", symbolSize: [54, 3], z: 5,
      itemStyle: { color: colours.bad, decal: { symbol: "none" } },
    }] : [];
    const text = { color: colours.quiet, fontSize: 13 };
    const room = (width - 60) / chart.categories.length - 8; // of a category's name; a word that doesn't fit stands aslant, and its beginning needs room
    const aslant = chart.categories.some((name) => name.split(" ").some((word) => word.length * 7 > room));
    return {
      ...still,
      aria: { enabled: true, decal: { show: true } },
      backgroundColor: "transparent",
      textStyle: { fontFamily: "inherit", color: colours.ink },
      grid: { left: aslant ? 44 : 8, right: 8, top: 36 + 20 * lines(names, width), bottom: 4, containLabel: true },
      legend: { top: 0, left: 0, itemWidth: 16, itemHeight: 12, textStyle: text, data: names },
      tooltip: { trigger: "axis", renderMode: "richText", axisPointer: { type: "shadow" }, backgroundColor: colours.sheet, borderColor: colours.line, textStyle: { color: colours.ink, fontSize: 13 } },
      xAxis: { type: "category", data: chart.categories, axisLine: { lineStyle: { color: colours.line } }, axisTick: { show: false }, axisLabel: chart.categories.length < 8 ? { ...text, interval: 0, ...(aslant ? { rotate: 35 } : { width: room, overflow: "break" }) } : { ...text, hideOverlap: true } },
      yAxis: { type: "value", name: chart.unit, nameTextStyle: { ...text, align: "left" }, minInterval: 1, axisLabel: text, splitLine: { lineStyle: { color: colours.line } } },
      series: [...bars, ...limits],
    };
  }

  const drawn = [];

  function draw() {
    const colours = look();
    document.querySelectorAll("[data-chart]").forEach((place) => {
      const chart = data[place.dataset.chart];
      if (!chart) return;
      const shown = echarts.getInstanceByDom(place) || echarts.init(place, null, { renderer: "svg", locale: data.locale });
      shown.setOption(option(chart, colours, place.clientWidth), true);
      if (!drawn.includes(shown)) drawn.push(shown);
    });
  }

  function fit(width) {
    drawn.forEach((shown) => shown.resize({ ...still, width: width || "auto" }));
    draw();
  }

  draw();
  addEventListener("resize", () => fit());
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);

  // On paper every table stands open, and the charts fit its width.
  const tables = () => document.querySelectorAll("details.table");
  addEventListener("beforeprint", () => {
    tables().forEach((table) => { table.dataset.was = table.open ? "open" : ""; table.open = true; });
    fit(PAPER);
  });
  addEventListener("afterprint", () => {
    tables().forEach((table) => { table.open = table.dataset.was === "open"; });
    fit();
  });
})();
