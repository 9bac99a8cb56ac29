// Keys for whoever reads many replies. Everything that a key does has a button; without this file the page is a form.
(() => {
  const bench = document.querySelector("[data-bench]");
  if (!bench) return;
  const form = document.getElementById("reading");
  const dialog = document.querySelector("[data-keys]");
  const told = bench.querySelector("[data-told]");
  const found = bench.querySelector("[data-find]");
  const turn = bench.querySelector("[data-switch]");
  const WHERE = "openline-keys";
  let family = null;

  const kept = () => { try { return localStorage.getItem(WHERE) !== "off"; } catch { return true; } };
  const keep = (on) => { try { localStorage.setItem(WHERE, on ? "on" : "off"); } catch { /* only for this page */ } };
  let on = kept();

  for (const part of bench.querySelectorAll("[data-scripted]")) part.hidden = false;

  const draw = () => {
    bench.dataset.bench = on ? "keys" : "";
    bench.querySelector(".keys").hidden = !on;
    turn.setAttribute("aria-pressed", String(on));
    turn.querySelector("[data-on]").hidden = !on;
    turn.querySelector("[data-off]").hidden = on;
  };
  turn.addEventListener("click", () => { on = !on; keep(on); draw(); });
  draw();

  const count = () => {
    const chosen = form.querySelectorAll("input[name=theme]:checked").length;
    const line = form.querySelector("[data-chosen]");
    line.textContent = chosen ? line.dataset.some.replace("{n}", chosen) : line.dataset.none;
  };
  form.addEventListener("change", count);

  // No reply is saved twice by an impatient finger.
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "yes";
  });
  addEventListener("pageshow", () => { delete form.dataset.sent; });

  const label = (input) => form.querySelector(`label[for="${input.id}"]`).textContent.trim();
  const toggle = (key) => {
    const input = form.querySelector(`input[data-key="${key}"]`);
    if (!input) return false;
    input.closest("details.family")?.setAttribute("open", "");
    input.click();
    input.scrollIntoView({ block: "nearest" });
    told.textContent = `${label(input)}: ${input.checked ? "✓" : "–"}`;
    return true;
  };
  const show = (letter) => {
    const group = form.querySelector(`details[data-letter="${letter}"]`);
    if (!group) return false;
    group.open = true;
    group.scrollIntoView({ block: "nearest" });
    told.textContent = group.querySelector("summary span").textContent;
    family = letter;
    return true;
  };

  const fold = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  found?.addEventListener("input", () => {
    const words = fold(found.value).split(/\s+/).filter(Boolean);
    let any = false;
    const means = (row) => fold([...row.querySelectorAll("label, [data-means]")].map((part) => part.textContent).join(" "));
    const fits = (row) => words.every((word) => means(row).includes(word));
    for (const row of form.querySelectorAll(".others .theme")) {
      row.hidden = !fits(row);
      any ||= !row.hidden;
    }
    for (const group of form.querySelectorAll("details.family")) {
      const some = [...group.querySelectorAll(".theme")].some((row) => !row.hidden);
      group.hidden = !some;
      group.open = words.length ? some : Boolean(group.querySelector("input:checked"));
    }
    form.querySelector("[data-nothing]").hidden = any;
  });
  found?.addEventListener("keydown", (event) => {
    if (event.key === "Enter") {
      event.preventDefault();
      [...form.querySelectorAll(".others .theme")].find((row) => !row.hidden)?.querySelector("input").focus();
    }
    if (event.key === "Escape") { found.value = ""; found.dispatchEvent(new Event("input")); found.blur(); }
  });

  const typing = (at) => at instanceof Element && (at.isContentEditable || at.matches("textarea, select, input:not([type=checkbox])"));
  const press = (what) => document.querySelector(`[data-do="${what}"]`)?.click();
  const keys = () => { if (dialog.open) dialog.close(); else dialog.showModal(); };
  document.querySelector("[data-do=keys]")?.addEventListener("click", keys);

  document.addEventListener("keydown", (event) => {
    if (!on || event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.repeat) return;
    if (typing(event.target)) return;
    if (dialog.open) { if (event.key === "?") { event.preventDefault(); keys(); } return; }
    const key = event.key;
    let done = true;
    if (/^[1-9]$/.test(key)) { done = toggle(family ? family + key : key); family = null; }
    else if (key === "Enter") { done = !event.target.closest?.("a, button, summary"); if (done) press("save"); }
    else if (key === "?") keys();
    else if (key === "/" && found) found.focus();
    else if (key === "Escape") family = null;
    else if (/^[a-z]$/i.test(key)) {
      family = null;
      const letter = key.toUpperCase();
      const named = { N: "none", P: "pass", U: "undo", S: "save" }[letter];
      if (named) press(named);
      else if (letter === "O") { const more = form.querySelector(".something-else"); more.open = true; more.querySelector("textarea").focus(); }
      else done = show(letter);
    } else done = false;
    if (done) event.preventDefault();
  });
})();
