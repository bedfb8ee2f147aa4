// The list of scenes as it is edited: notes, order, what each shows, and the file. Tells the stage what to do; keeps nothing.
export function sceneList(stage) {
  const { make, scenes } = stage, top = make("div", "pg-stage-row"), list = make("ol", "pg-stage-scenes"), file = make("input");
  const again = () => stage.showScenes();
  file.type = "file";
  file.accept = "application/json,.json";
  file.hidden = true;
  file.setAttribute("aria-label", "A file of scenes");
  file.addEventListener("change", async () => {
    try {
      const { list: found, passed } = scenes.opened(await file.files[0].text());
      const use = () => {
        scenes.replace(found);
        stage.say(`${found.length} scenes are open.${passed ? ` ${passed} could not be: this page has no such panel.` : ""}`);
        again();
      };
      if (scenes.list.length) return ask(stage, top, scenes.list.length, found.length, use);
      return use();
    } catch (error) {
      stage.say(error.message, true);
      return again();
    }
  });
  top.append(stage.button("Add what is shown", () => stage.addScene()), stage.button("Open a file", () => file.click()), file);
  if (scenes.list.length) top.append(stage.button("Save to a file", () => save(scenes.text())), stage.button("Present from the first", () => begin(stage)));
  scenes.list.forEach((scene, at) => list.append(line(stage, scene, at, again)));
  const lead = make("p", "pg-small pg-soft", "A scene is a panel as it is: text, settings, view. In the presenter, the arrow keys step through them. They stay in this browser, or in a file.");
  return [lead, top, list];
}

// A file takes the place of the scenes that are here only where that is said so.
function ask(stage, top, here, there, use) {
  const row = stage.make("div", "pg-stage-row pg-stage-ask");
  row.setAttribute("role", "alertdialog");
  row.setAttribute("aria-label", "Replace the scenes?");
  const keep = stage.button("Keep mine", () => stage.showScenes());
  row.append(stage.make("span", "", `The file’s ${there} take the place of your ${here}, which are then gone. Save yours to a file first if you want them.`), stage.button("Replace them", use), keep);
  top.after(row);
  keep.focus();
}

async function begin(stage) {
  stage.scenes.at = -1;
  if (!stage.presenter.on) stage.present();
  await stage.step(1);
}

function line(stage, scene, at, again) {
  const { make, scenes } = stage, item = make("li"), note = make("textarea"), row = make("div", "pg-stage-row"), name = scenes.name(scene);
  if (at === scenes.at) item.setAttribute("aria-current", "true");
  note.rows = 1;
  note.value = scene.note;
  note.placeholder = "Note: what to say, what to look for";
  note.setAttribute("aria-label", `Note of scene ${at + 1}`);
  note.addEventListener("input", () => scenes.change(at, { note: note.value }));
  const act = (text, run) => {
    const button = stage.button(text, run);
    button.setAttribute("aria-label", `${text}: scene ${at + 1}`);
    row.append(button);
  };
  act("Show", () => { scenes.at = at; stage.play(scene); });
  act("Up", () => { scenes.move(at, -1); again(); });
  act("Down", () => { scenes.move(at, 1); again(); });
  act("Take what is shown", () => { scenes.change(at, { state: stage.state() }); again(); });
  act("Remove", () => { scenes.remove(at); again(); });
  item.append(make("strong", "", name), ...(stage.presenter.on ? [] : [note]), row); // a room sees the presenter's list too
  return item;
}

function save(text) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  link.download = "scenes.json";
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}
