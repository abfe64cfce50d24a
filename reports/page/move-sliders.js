// Moves the figures of the what-if with its sliders: the arithmetic of what-if-figures.ts, the formats of format-numbers.ts.
(() => {
  for (const block of document.querySelectorAll(".what-if")) {
    const points = JSON.parse(block.dataset.points);
    const slider = (name) => block.querySelector(`#what-if-${name}`);
    const [floor, strong, candidates] = ["floor", "strong", "candidates"].map(slider);
    const say = (input, text) => {
      input.setAttribute("aria-valuetext", text);
      input.parentElement.querySelector("output").textContent = text;
    };
    const figure = (name, text) => {
      block.querySelector(`[data-figure="${name}"]`).textContent = text;
    };
    const show = () => {
      const point = points[Number(floor.value)];
      const [a, b] = [Number(strong.value) / 100, Number(candidates.value) / 100];
      const usd = point.strongUsd * a + point.candidatesUsd * b;
      const always = point.alwaysStrongUsd * a;
      say(floor, point.label);
      say(strong, `${strong.value} %`);
      say(candidates, `${candidates.value} %`);
      figure("usd", dollars(usd * 1000));
      figure("always", dollars(always * 1000));
      figure("saving", percent(1 - usd / always));
      figure("share", percent(point.strongShare));
    };
    for (const input of [floor, strong, candidates]) input.addEventListener("input", show);
    block.querySelector("fieldset").hidden = false;
  }

  function dollars(usd) {
    const options =
      usd > 0 && usd < 0.1
        ? { maximumSignificantDigits: 3, maximumFractionDigits: 20 }
        : { minimumFractionDigits: 2, maximumFractionDigits: 2 };
    return `$${usd.toLocaleString("en-US", options)}`;
  }

  function percent(share) {
    const text = Math.abs(share * 100).toLocaleString("en-US", {
      minimumFractionDigits: 1,
      maximumFractionDigits: 1,
    });
    return `${share < 0 && Number(text.replaceAll(",", "")) !== 0 ? "−" : ""}${text}\u00a0%`;
  }
})();
