
// Only in `cargo xtask dev`: long-polls the server for a stamp that changes with each build, and reloads the page then.
(async () => {
  let seen = "";
  for (;;) {
    try {
      const response = await fetch(`/dev/reload?seen=${encodeURIComponent(seen)}`, { cache: "no-store" });
      const stamp = response.ok ? await response.text() : seen;
      if (seen && stamp !== seen) location.reload();
      seen = stamp;
      if (response.ok) continue;
    } catch {
      // The server is restarting: try again.
    }
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
})();
