// @ts-check
// The key to the page is in its first address; from then on a cookie carries it.
const address = new URL(location.href);
if (address.searchParams.has("token")) {
  address.searchParams.delete("token");
  history.replaceState(null, "", address);
}

// Back to a form is back to what was typed into it.
document.querySelector("[data-back]")?.addEventListener("click", (event) => {
  if (history.length < 2) return;
  event.preventDefault();
  history.back();
});

// Who looks for a question keeps what is set already, and finds it of that principle, work and level.
const wanted = /** @type {HTMLFormElement|null} */ (document.querySelector("#wish"));
document.querySelector("#find")?.addEventListener("formdata", (event) => {
  const { formData } = /** @type {FormDataEvent} */ (event);
  for (const [name, value] of new FormData(wanted ?? undefined)) if (value && !formData.has(name)) formData.set(name, value);
});
