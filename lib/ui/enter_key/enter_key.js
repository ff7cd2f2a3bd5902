// Enter in any text field of the named container asks for the same as its primary button.
export default function ({ data, setTriggerValue }) {
  const onKeyDown = (event) => {
    const field = event.target;
    const plain = event.key === "Enter" && !event.isComposing && !event.ctrlKey && !event.metaKey;
    const typed = field instanceof HTMLInputElement && field.getAttribute("role") !== "combobox";
    if (plain && typed && field.closest(`.st-key-${data.container}`)) setTriggerValue("pressed", true);
  };
  document.addEventListener("keydown", onKeyDown);
  return () => document.removeEventListener("keydown", onKeyDown);
}
