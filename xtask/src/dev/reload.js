
// Only in `cargo xtask dev`: waits at the server for a stamp that changes with each build.
(async () => {
  let seen = "";
  for (;;) {
    try {
      const answer = await fetch(`/dev/reload?seen=${encodeURIComponent(seen)}`, { cache: "no-store" });
      const stamp = answer.ok ? await answer.text() : seen;
      if (seen && stamp !== seen) location.reload();
      seen = stamp;
      if (answer.ok) continue;
    } catch {
      // The server is being built; it will be back.
    }
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
})();
