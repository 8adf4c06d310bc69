/* Loaded in <head> without defer, so that the chosen theme stands before the first paint. */
try {
  const theme = localStorage.getItem("headway.theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
} catch { /* storage is blocked: follow the system */ }
