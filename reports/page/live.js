// Asks every second how far the stages are, and loads the report again when what it is made of has changed.
(() => {
  const list = document.getElementById("stages");
  const said = document.getElementById("said");
  const report = document.getElementById("report");
  let shown = null;
  let version = null;

  async function look() {
    try {
      const answer = await fetch("/status.json");
      show(await answer.json());
    } catch {
      said.textContent = "The server has stopped.";
      return;
    }
    setTimeout(look, 1000);
  }

  function show({ stages, report: made }) {
    const text = JSON.stringify(stages);
    if (text !== shown) {
      shown = text;
      list.replaceChildren(...stages.map(itemOf));
      const running = stages.filter(({ state }) => state === "running").map(({ stage }) => stage);
      said.textContent = running.length > 0 ? `Running: ${running.join(", ")}` : "Nothing is running.";
    }
    if (version !== null && version !== made) report.contentWindow.location.reload();
    version = made;
  }

  function itemOf({ stage, state, at, command, progress }) {
    const item = document.createElement("li");
    item.className = state;
    item.textContent = `${stage}: ${state}`;
    item.title = state === "missing" || state === "stopped" ? `run: ${command}` : `${state}, ${at}`;
    if (progress) item.append(...progressOf(progress, state));
    return item;
  }

  function progressOf({ label, done, total, unit, rate, left_s: left }, state) {
    const parts = [];
    if (total) {
      const bar = document.createElement("progress");
      bar.max = total;
      bar.value = Math.min(done, total);
      bar.setAttribute("aria-label", label);
      parts.push(" ", bar);
    }
    const count = (value) => value.toLocaleString("en-US", { maximumFractionDigits: value < 10 ? 1 : 0 });
    const text = document.createElement("span");
    text.className = "how-far";
    text.textContent = [
      ` ${label}`,
      unit && `${count(done)}${total ? ` of ${count(total)}` : ""} ${unit}`,
      state === "running" && rate !== null && `${count(rate)} a second`,
      state === "running" && left !== null && `${duration(left)} left`,
    ]
      .filter(Boolean)
      .join(", ");
    parts.push(text);
    return parts;
  }

  function duration(seconds) {
    return seconds < 90 ? `${Math.ceil(seconds)} s` : `${Math.round(seconds / 60)} min`;
  }

  look();
})();
