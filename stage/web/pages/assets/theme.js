// Runs before the first paint (a classic script in the head), so that a page
// never flashes in the wrong colours. The choice is the visitor's own; without
// one the system's setting holds.
(() => {
  const root = document.documentElement;
  const stored = localStorage.getItem('podium-theme');
  if (stored === 'light' || stored === 'dark') root.dataset.theme = stored;
})();
