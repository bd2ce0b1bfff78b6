(endsAt) => {
  // Counts down in the browser; running out locks nothing.
  const clock = document.getElementById("clock");
  if (!clock || !endsAt) return;
  const left = Math.round((endsAt - Date.now()) / 1000);
  const sign = left < 0 ? "+" : "";
  const size = Math.abs(left);
  clock.textContent = `${sign}${Math.floor(size / 60)}:${String(size % 60).padStart(2, "0")}`;
  clock.classList.toggle("late", left < 120);
}
