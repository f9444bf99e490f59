/** What the panel says of itself. */

export const NO_ENCODER = "This space has no encoder, so it cannot take a picture in.";
export const NO_SHAPE =
  "This space does not say what size its pictures have: give it image_shape, or set picture in Python.";
export const SAVED =
  "This page was saved: it shows the picture that was brought, and needs Python to take another.";
export const POINT = "Its posterior is a point: there is nothing to draw from.";
export const FIRST = {
  draw: "Draw above: the model looks on.",
  file: "Choose a picture, drop it here, or click here and paste it.",
  camera: "",
};
