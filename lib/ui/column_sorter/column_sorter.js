// A list of columns to switch on and off and to put in order: by dragging, by its buttons, or by Alt and the arrows.
const shown = new WeakMap();

export default function ({ parentElement, data, setStateValue }) {
  const list = parentElement.querySelector(".rows");
  const said = parentElement.querySelector(".said");
  const rows = data.rows.map((row) => ({ ...row }));
  // What this list sent itself comes back unchanged: leave it alone, so that the focus stays where it is.
  if (shown.get(list) === JSON.stringify(rows)) return;

  const send = (words) => {
    said.textContent = words;
    shown.set(list, JSON.stringify(rows));
    setStateValue("rows", rows.map((row) => ({ ...row })));
  };
  const move = (from, to, focus) => {
    if (to < 0 || to >= rows.length || from === to) return;
    rows.splice(to, 0, ...rows.splice(from, 1));
    draw();
    list.children[to].querySelector(focus)?.focus();
    send(`${rows[to].name} is now number ${to + 1} of ${rows.length}`);
  };
  const button = (words, sign, disabled, press) => {
    const made = document.createElement("button");
    Object.assign(made, { type: "button", textContent: sign, disabled, onclick: press });
    made.className = sign === "↑" ? "up" : "down";
    made.setAttribute("aria-label", words);
    return made;
  };
  const draw = () => {
    list.replaceChildren(...rows.map((row, place) => {
      const item = document.createElement("li");
      item.className = row.on ? "row" : "row off";
      item.draggable = true;
      const grip = Object.assign(document.createElement("span"), { className: "grip", textContent: "⠿" });
      grip.setAttribute("aria-hidden", "true");
      const label = document.createElement("label");
      const box = Object.assign(document.createElement("input"), { type: "checkbox", checked: row.on });
      box.onchange = () => {
        row.on = box.checked;
        item.className = row.on ? "row" : "row off";
        send(`${row.name} ${row.on ? "is in the file" : "is left out"}`);
      };
      label.append(box, row.name);
      item.append(grip, label,
        button(`Move ${row.name} up`, "↑", place === 0, () => move(place, place - 1, ".up")),
        button(`Move ${row.name} down`, "↓", place === rows.length - 1, () => move(place, place + 1, ".down")));
      item.onkeydown = (event) => {
        const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
        if (!event.altKey || !step) return;
        event.preventDefault();
        move(place, place + step, "input");
      };
      item.ondragstart = (event) => {
        event.dataTransfer.setData("text/plain", String(place));
        item.classList.add("dragged");
      };
      item.ondragend = () => item.classList.remove("dragged");
      item.ondragover = (event) => { event.preventDefault(); item.classList.add("target"); };
      item.ondragleave = () => item.classList.remove("target");
      item.ondrop = (event) => {
        event.preventDefault();
        move(Number(event.dataTransfer.getData("text/plain")), place, "input");
      };
      return item;
    }));
  };
  draw();
  shown.set(list, JSON.stringify(rows));
}
