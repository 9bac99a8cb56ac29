/* The phone of "Try it": what was sent leaves the field, and the newest message is in view. Without this everything works. */
document.addEventListener("htmx:after:swap", () => {
  const words = document.getElementById("words");
  const last = document.querySelector("#talk .turn:last-child");
  if (words) words.value = "";
  if (words && document.activeElement === document.body) words.focus({ preventScroll: true });
  if (last) last.scrollIntoView({ block: "nearest" });
});
