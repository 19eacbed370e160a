// What follows the # in a mailed link is known to this page alone. A robot that opens links presses no button.
const token = location.hash.slice(1);
const requests = {
  "/confirm-email": () => ["/api/v1/users/confirm-email", JSON.stringify({ token }), "application/json"],
  "/unsubscribe": () => [
    `/api/v1/users/unsubscribe?token=${encodeURIComponent(token)}`,
    "List-Unsubscribe=One-Click",
    "application/x-www-form-urlencoded",
  ],
};

document.getElementById("yes").addEventListener("click", async () => {
  const [path, body, type] = requests[location.pathname.replace(/\/$/, "")]();
  const response = await fetch(path, { method: "POST", body, headers: { "Content-Type": type } });
  const answer = await response.json();
  document.getElementById("answer").textContent = response.ok ? "Done. You can close this page." : answer.detail;
});
