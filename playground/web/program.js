// A program to read, copy and save. Knows views/code.py's JSON; its text is textContent.
const box = element.querySelector(".pg-program");
const bar_ = make("div", "pg-program-bar"), copy = make("button", "pg-button", "Copy"), save = make("button", "pg-button", "Save as a file");
const told = make("span", "pg-soft pg-small"), code = make("pre", "pg-mono");
copy.type = save.type = "button";
told.setAttribute("role", "status");
code.tabIndex = 0;
code.setAttribute("role", "region");
code.setAttribute("aria-label", "Program");
bar_.append(copy, save, told);
box.append(bar_, code);

// Without the clipboard API (plain http on a school's network) the text is selected, and the key to press is named.
copy.addEventListener("click", async () => {
  try {
    await navigator.clipboard.writeText(code.textContent);
    told.textContent = "Copied.";
  } catch {
    getSelection().selectAllChildren(code);
    told.textContent = "Selected: press Ctrl+C (⌘C on a Mac).";
  }
});
save.addEventListener("click", () => {
  const link = make("a");
  link.href = URL.createObjectURL(new Blob([code.textContent], { type: "text/x-python" }));
  link.download = (props.value || {}).name || "program.py";
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
});

function draw() {
  const value = props.value || {};
  box.hidden = !value.text;
  told.textContent = "";
  code.textContent = value.text || "";
}
draw();
watch("value", draw);
