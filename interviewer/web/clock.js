() => {
  // Counts down in the browser without asking the server; running out locks nothing.
  const tick = () => {
    const clock = document.getElementById("clock");
    if (!clock) return;
    const left = Math.round((Number(clock.dataset.endsAt) - Date.now()) / 1000);
    const size = Math.abs(left);
    const text = `${left < 0 ? "+" : ""}${Math.floor(size / 60)}:${String(size % 60).padStart(2, "0")}`;
    if (clock.textContent !== text) clock.textContent = text;
    clock.classList.toggle("late", left < 120);
  };
  setInterval(tick, 250);
}
