// That a field of a form is empty, in the words of the page: a browser says it in its own language, and none has Kazakh.

/** @typedef {import("./texts.js").Translate} Translate */

/** Once for a page. @param {Translate} t */
export function sayOfFields(t) {
  document.addEventListener("invalid", ({ target }) => say(/** @type {HTMLInputElement} */ (target), t("field_empty")), true);
  document.addEventListener("input", ({ target }) => /** @type {HTMLInputElement} */ (target).setCustomValidity?.(""), true);
}

/** @param {HTMLInputElement} field @param {string} empty */
function say(field, empty) {
  field.setCustomValidity("");
  if (field.validity.valueMissing) field.setCustomValidity(empty);
}
