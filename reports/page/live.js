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

  function itemOf({ stage, state, at, command }) {
    const item = document.createElement("li");
    item.className = state;
    item.textContent = `${stage}: ${state}`;
    item.title = state === "missing" ? `run: ${command}` : `${state}, ${at}`;
    return item;
  }

  look();
})();
