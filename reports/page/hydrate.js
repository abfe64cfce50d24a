// Replaces each static chart by a live one with tooltips. A chart that fails to draw stays as the static picture.
(() => {
  const charts = JSON.parse(document.getElementById("chart-data").textContent);
  for (const [id, { spec, narrowConfig }] of Object.entries(charts)) {
    const figure = document.getElementById(id);
    const target = figure.querySelector(".chart-live");
    const isNarrow = target.clientWidth < 480;
    const config = isNarrow ? vega.mergeConfig(spec.config, narrowConfig) : spec.config;
    vegaEmbed(
      target,
      { ...spec, config },
      {
        mode: "vega",
        renderer: "svg",
        ast: true,
        actions: false,
        logLevel: vega.Warn,
        tooltip: { theme: "page" },
      },
    ).then(
      () => figure.classList.add("is-live"),
      (error) => {
        target.replaceChildren();
        figure.dataset.error = String(error);
      },
    );
  }
})();
