// Ctrl and Enter approve what is in the field: the mouse is not needed for a long list.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
  const button = document.querySelector("[data-enter]");
  if (!button) return;
  event.preventDefault();
  button.form.requestSubmit(button);
});
document.querySelectorAll("[data-keys]").forEach((hint) => { hint.hidden = false; });
