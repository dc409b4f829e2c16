// @ts-check

/**
 * An element of index.html by its id, checked to be of the expected kind.
 *
 * @template {Element} Kind
 * @param {string} id
 * @param {new () => Kind} kind
 */
export function byId(id, kind) {
  const found = document.getElementById(id);
  if (!(found instanceof kind)) throw new TypeError(`index.html has no ${kind.name} #${id}`);
  return found;
}
