/** What the panel of arithmetic says. */

export const FOLLOW = "Move z to the sum whenever it is changed here by hand";
export const HINT =
  "Click a slot to put the current z there, or choose a row or a mean from the list under it.";
/** @param {string} why */
export const stays = (why) => `The slots cannot show ${why}: the sum stays as typed below.`;
export const NOWHERE = "Add a point to go from, such as the current z.";
export const UNDO = "Take the last change of the sum back; a drag is one";
